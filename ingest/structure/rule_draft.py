"""A section of a rule while its lines are gathered."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from rag.domain import Section
from rag.japanese.numerals import NUMBER
from rag.japanese.text import narrow

__all__ = ["Draft"]

_CAPTION_BEHIND = re.compile(
    rf"第{NUMBER}条(?:の{NUMBER})* ?\((?P<caption>(?:(?!第{NUMBER}[条項号])[^()。]|\([^()。]*\)){{1,40}})\)"
)


@dataclass(slots=True)
class Draft:
    """Paragraphs, with what names and heads them."""

    locator: str
    labels: dict[str, str]
    path: tuple[str, ...] = ()
    caption: str = ""
    page: int | None = None
    paragraphs: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    """Indexes of the paragraphs that start a 項, a 号 or a row."""

    def section(self) -> Section:
        """Join the paragraphs and turn the indexes into offsets."""
        breaks: list[int] = []
        offset = 0
        starts = frozenset(self.starts)
        for index, text in enumerate(self.paragraphs):
            if index in starts and offset:
                breaks.append(offset)
            breaks.extend(offset + found.end() for found in re.finditer("\n", text))
            offset += len(text) + 1
        return Section(
            locator=self.locator,
            text="\n".join(self.paragraphs),
            path=self.path,
            caption=self.caption or self._caption_behind(),
            page=self.page,
            breaks=tuple(breaks),
            labels=self.labels,
        )

    def _caption_behind(self) -> str:
        """Return the caption that stands behind the number of an article; empty where only a clause is bracketed."""
        if not self.labels.get("article") or not self.paragraphs:
            return ""
        found = _CAPTION_BEHIND.match(narrow(self.paragraphs[0]))
        return "" if found is None else self.paragraphs[0][slice(*found.span("caption"))]
