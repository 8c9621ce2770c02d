"""Every word on screen, one module a view."""
