"""What the check of figures is given and tells: sources, and what is wrong with a figure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

__all__ = ["FigureFault", "FigureProblem", "FigureSource"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureSource:
    """A text from which figures may be taken."""

    title: str
    day: date | None
    """Of which day it is; None: not known, older than every other."""
    text: str


class FigureFault(StrEnum):
    """What is wrong with a figure."""

    STALE = "stale"
    """A newer source gives another value for the same thing."""
    UNIT = "unit"
    """The number stands in a source with another unit."""
    SUM = "sum"
    """It does not follow from the figures that it is worked out of."""
    DIGIT = "digit"
    """A source gives another number for it."""
    UNKNOWN = "unknown"
    """No source speaks of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureProblem:
    """A figure or a date of a draft that its sources do not bear."""

    fault: FigureFault
    words: str
    """As the draft writes it."""
    sentence: str
    right: str = ""
    """The value that should stand there, as the source writes it or as it is worked out; empty where it cannot be told."""
    source: FigureSource | None = None
    """None: no source speaks of it."""
    quote: str = ""
    """The sentence of the source."""
