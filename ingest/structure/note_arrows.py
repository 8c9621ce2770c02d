"""Answers behind an arrow in meeting notes: 「・…ないか。」, and below it 「→ …する。（事務局）」."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.structure.lines import Line
from rag.japanese.text import narrow

__all__ = ["BULLET", "Arrows", "arrows_of"]

BULLET = re.compile(r"[・○◯●◆■▼*→⇒-]")
_ARROW = re.compile(r"[→⇒] ?(?=\S)")
_SPEAKER = re.compile(r"\([^()。、]{1,16}\)$")
_ASKING = re.compile(r"(?:か|[はも]|たい|ほしい|欲しい|べきだ?|ください|願う)[。?]?$|\?$")
_FEWEST = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrows:
    """Places of lines that stand in exchanges with arrows."""

    asked: frozenset[int]
    """Where a remark begins below which an arrow stands."""
    replies: frozenset[int]
    """Where an arrow stands below a remark; several may."""

    @staticmethod
    def words(text: str) -> str:
        """Return what stands behind the arrow."""
        found = _ARROW.match(narrow(text))
        return text[found.end() :] if found else text

    @staticmethod
    def named(text: str) -> str:
        """Return who is named in brackets at the end of a remark (…ないか。（見本委員）); empty where nobody is."""
        found = _SPEAKER.search(narrow(text))
        return text[found.start() + 1 : -1].strip() if found else ""


def arrows_of(lines: Sequence[Line]) -> Arrows:
    """Find the exchanges with arrows; none where most arrows stand below something that asks nothing, as in a list of causes."""
    asked: set[int] = set()
    replies: list[int] = []
    asking = 0
    start = 0
    for at, line in enumerate(lines):
        text = narrow(line.body)
        if not line.rows and _ARROW.match(text):
            first = not replies or replies[-1] != at - 1
            replies.append(at)
            asked |= {start} if first else set()
            above = _SPEAKER.sub("", narrow(lines[at - 1].body)).strip() if at else ""
            asking += not first or _ASKING.search(above) is not None
        elif BULLET.match(text) or not (at and lines[at - 1].runs_on):
            start = at
    if len(replies) < _FEWEST or 2 * asking < len(replies):
        return Arrows(asked=frozenset(), replies=frozenset())
    return Arrows(asked=frozenset(asked), replies=frozenset(replies))
