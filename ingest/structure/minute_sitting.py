"""Which meeting minutes belong to: sitting and day, read from their head."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rag.japanese.dates import Precision, dates
from rag.japanese.numerals import NUMBER
from rag.japanese.rule_numbers import arabic
from rag.japanese.text import narrow

__all__ = ["Sitting", "read_sitting"]

_WHOLE = ("定例会", "臨時会", "定例議会", "臨時議会")
_SITTING = re.compile(
    rf"(?P<year>(?:明治|大正|昭和|平成|令和)(?:元|{NUMBER})年)(?P<month>{NUMBER}月)?(?P<fiscal>度)? ?(?P<turn>第{NUMBER}回)?(?P<whose>[^()0-9 ]*?議会)? ?(?P<turn2>第{NUMBER}回)?"
    rf" ?(?P<month2>[0-9一二三四五六七八九十]{{1,3}}月)? ?(?P<body>{'|'.join(_WHOLE)}|[^()0-9 ]{{0,16}}?(?:委員会|協議会|審議会|分科会|部会))"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """Which meeting on which day."""

    name: str
    """'令和5年9月定例会', '令和6年度決算特別委員会'; the document's title when the head names no meeting."""
    day: date | None = None
    """None: the head gives no date."""

    @property
    def iso(self) -> str:
        """Return the day as '2023-09-15'; empty where it is not known."""
        return self.day.isoformat() if self.day else ""

    def locator(self, called: str) -> str:
        """Write '令和5年9月定例会 9月15日 知事'."""
        shown = f"{self.day.month}月{self.day.day}日" if self.day else ""
        return " ".join(part for part in (self.name, shown, called) if part)


def read_sitting(texts: Sequence[str], title: str) -> Sitting:
    """Read the meeting's name and day from the head."""
    name = ""
    day: date | None = None
    for text in texts:
        found = _SITTING.search(narrow(text))
        if found and not name:
            name = arabic(
                found["year"]
                + ("度" if found["fiscal"] and not found["month"] and found["body"] not in _WHOLE else "")
                + (found["month"] or found["month2"] or "")
                + (found["turn"] or found["turn2"] or "")
                + found["body"].removeprefix("議会")
            )
        if day is None:
            day = next((mention.start for mention in dates(text) if mention.precision is Precision.DAY), None)
    return Sitting(name=name or title, day=day)
