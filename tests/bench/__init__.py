"""How the running page bears up when many people use it at once."""
