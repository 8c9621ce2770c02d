"""Answer and search quality, measured."""
