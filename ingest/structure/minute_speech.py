"""Speeches of minutes: what one speaker says in one turn, paragraph by paragraph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.structure.minute_speakers import Speaker
from ingest.structure.paragraphs import Paragraph
from rag.japanese.text import sentences

__all__ = ["LONGEST_BACKGROUND", "Speech", "led_up"]

LONGEST_BACKGROUND = 800
"""Characters of what leads up to a question that are searched with its answer."""


@dataclass(slots=True, kw_only=True)
class Speech:
    """One turn of one speaker."""

    speaker: Speaker
    page: int | None
    paragraphs: list[Paragraph] = field(default_factory=list)
    exchange: str = ""
    """Heading of the exchange in a committee ('添付委員の質疑及び答弁'); empty elsewhere."""

    @property
    def texts(self) -> list[str]:
        """Return the words of the paragraphs."""
        return [paragraph.text for paragraph in self.paragraphs]


def led_up(texts: Sequence[str]) -> str:
    """Return the last paragraphs that are not too long together; of one that is too long alone, the last sentences.

    A sentence that is too long alone is cut in front.
    """
    kept = _last_of(texts)
    if kept or not texts:
        return "\n".join(kept)
    last = texts[-1]
    return "".join(_last_of([last[start:end] for start, end in sentences(last)])) or last[-LONGEST_BACKGROUND:]


def _last_of(texts: Sequence[str]) -> list[str]:
    """Return as many of the last texts as are not too long together."""
    room = LONGEST_BACKGROUND
    start = len(texts)
    while start > 0 and len(texts[start - 1]) <= room:
        start -= 1
        room -= len(texts[start])
    return list(texts[start:])
