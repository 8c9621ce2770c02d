"""The commands of `kotae`, one module a command: each adds its arguments and runs."""
