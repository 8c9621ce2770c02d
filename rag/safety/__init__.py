"""Rights and what may leave the machine."""
