"""Bands of figures as rules write them: 十五キロメートル以上二十キロメートル未満, 50万円以下, 百人を超え."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from rag.japanese.numerals import Figure, figures
from rag.japanese.text import narrow

_LIMIT = re.compile(r"(以上|以下|未満|を超え|超|以内|まで|から)")
_LOWER = frozenset({"以上", "を超え", "超", "から"})
_OPEN = frozenset({"未満", "を超え", "超"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """The figures between two limits of one unit."""

    unit: str
    low: Decimal | None = None
    """None: no lower limit."""
    high: Decimal | None = None
    """None: no upper limit."""
    open_low: bool = False
    open_high: bool = False

    def holds(self, figure: Figure) -> bool:
        """Tell whether a figure of this unit lies inside."""
        over = self.low is None or (figure.value > self.low if self.open_low else figure.value >= self.low)
        under = self.high is None or (figure.value < self.high if self.open_high else figure.value <= self.high)
        return over and under


def bands(text: str) -> list[Band]:
    """Return the bands in reading order; a lower limit right before an upper one of the same unit makes one band."""
    found: list[Band] = []
    flat = narrow(text)
    for figure in figures(flat):
        limit = _LIMIT.match(flat, figure.span.end)
        if limit is None:
            continue
        word = limit[0]
        if word in _LOWER:
            found.append(Band(unit=figure.unit, low=figure.value, open_low=word in _OPEN))
            continue
        before = found[-1] if found else None
        upper = Band(unit=figure.unit, high=figure.value, open_high=word in _OPEN)
        if before and before.unit == figure.unit and before.high is None and before.low is not None:
            found[-1] = Band(
                unit=figure.unit,
                low=before.low,
                open_low=before.open_low,
                high=upper.high,
                open_high=upper.open_high,
            )
        else:
            found.append(upper)
    return found


def band_of(text: str, asked: Sequence[Figure]) -> bool | None:
    """Tell whether a figure that is asked about lies in a band of the text; None where no band has its unit."""
    same = [(band, figure) for band in bands(text) for figure in asked if band.unit == figure.unit]
    return any(band.holds(figure) for band, figure in same) if same else None
