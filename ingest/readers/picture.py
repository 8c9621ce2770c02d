"""The picture of a page, with a quote boxed on it: what a child process draws and a screen shows."""

from __future__ import annotations

from dataclasses import dataclass

WIDTH = 1000
"""Pixels of a picture's width unless asked otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A page as a PNG image."""

    png: bytes
    width: int
    """Pixels."""
    height: int
    """Pixels."""
    page: int
    """The page shown, counted from 1; another one than asked for where the quote stands there."""
    pages: int
    """Pages of the file in all."""
    boxes: tuple[tuple[int, int, int, int], ...]
    """Left, top, right, bottom of each line of the quote in pixels from the upper left corner, in reading order.

    Of a quote that runs over a page end, only the part on the page shown.
    """
    found: bool
    """False: the quote stands neither on the page asked for nor near it, and that page is shown without boxes."""
