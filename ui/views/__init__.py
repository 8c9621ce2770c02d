"""The screens, one module each, and the parts of a screen that are long enough to stand alone."""
