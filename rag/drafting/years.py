"""Years that a past answer names from its own day (本年度, 昨年, 来年), written as what they are."""

from __future__ import annotations

import re
from datetime import date

from rag.japanese.text import narrow

_FISCAL = {"昨年度": -1, "前年度": -1, "本年度": 0, "今年度": 0, "来年度": 1, "翌年度": 1}
_CALENDAR = {"一昨年": -2, "昨年": -1, "本年": 0, "今年": 0, "来年": 1, "明年": 1}
_WORD = re.compile("|".join(sorted((*_FISCAL, *_CALENDAR), key=len, reverse=True)))
_NEAR = ("昨年度", "前年度", "本年度", "今年度", "来年度", "翌年度")
_ERAS = ((date(2019, 5, 1), "令和", 2018), (date(1989, 1, 8), "平成", 1988), (date(1926, 12, 25), "昭和", 1925))


def in_own_years(text: str, said: date, read: date) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return a text said on one day as it must read on another, and what was changed: (before, after) for each word.

    A word that means the same year on both days stays.
    """
    changed: dict[str, str] = {}

    def written(found: re.Match[str]) -> str:
        word = found[0]
        year, now = (
            (_fiscal(word, said), _fiscal(word, read))
            if word in _NEAR
            else (_calendar(word, said), _calendar(word, read))
        )
        if year == now:
            return word
        changed[word] = _era(year, "年度" if word in _NEAR else "年")
        return changed[word]

    return _WORD.sub(written, narrow(text)) if _WORD.search(narrow(text)) else text, tuple(changed.items())


def _fiscal(word: str, day: date) -> int:
    return day.year - (day.month < 4) + _FISCAL[word]


def _calendar(word: str, day: date) -> int:
    return day.year + _CALENDAR[word]


def _era(year: int, unit: str) -> str:
    """Write a year with its era; the first one of an era as 元."""
    for start, name, before in _ERAS:
        if year >= start.year and (unit == "年" or date(year, 4, 1) >= start or year > start.year):
            return f"{name}{'元' if year - before == 1 else year - before}{unit}"
    return f"{year}{unit}"
