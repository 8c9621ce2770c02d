"""What the checks of a draft are given: what an office sets, the sources, the drafts of items that ask the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rag.domain import Citation, Evidence
from rag.drafting.coverage import Meaning
from rag.drafting.ladder import Ladder
from rag.drafting.years import in_own_years
from rag.japanese.synonyms import Synonyms


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What an office sets for the check."""

    ladder: Ladder
    characters_a_minute: int = 300
    minutes: float = 3.0
    """How long an answer may take to read, at most."""
    spoken_levels: frozenset[str] = frozenset({"1"})
    """Levels of documents that may be spoken of in public."""
    day: date | None = None
    """Of the answer: from it 昨年度 and 本年 are seen; None: not known."""
    synonyms: Synonyms | None = None
    """None: the packaged ones."""
    meaning: Meaning | None = None
    """Compares questions and answers; None: by words alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """A source of the draft."""

    title: str
    day: date | None
    """Of which day it is; None: not known."""
    text: str
    level: str = ""
    """As the document is labelled; empty: it has no label, and may not be spoken of."""
    citation: Citation | None = None
    """Where it stands; None: it was not loaded as a document."""

    @classmethod
    def of(cls, item: Evidence, *, read: date) -> Material:
        """Read a piece of evidence for an answer of this day: a remark is of the day on which it was made, and so are its years."""
        chunk = item.chunk
        said = date.fromisoformat(chunk.labels["date"]) if chunk.labels.get("date") else chunk.period.start
        return cls(
            title=item.title,
            day=said,
            text=in_own_years(chunk.text, said, read)[0] if said else chunk.text,
            level=chunk.audience.level,
            citation=Citation.of(chunk, "", title=item.title, number=item.number),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicate:
    """Another item that asks the same, with the draft of its answer."""

    label: str
    """'2番 問1(2)', as a person finds it."""
    text: str
