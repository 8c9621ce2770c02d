"""A past answer beside the present draft: 同, 前進 or 後退."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rag.assembly.item import Paragraph, PastAnswer
from rag.assembly.sheet import Compared, Difference
from rag.drafting.consistency import RelationKind, compare
from rag.drafting.ladder import Ladder
from rag.drafting.parts import matter_of

_DIFFERENCES = {
    RelationKind.SAME: Difference.SAME,
    RelationKind.FORWARD: Difference.FORWARD,
    RelationKind.BACK: Difference.BACK,
}
"""A contradiction and what is unrelated are told by the check, and compared by a person."""


def compared_with(past: PastAnswer, paragraphs: Sequence[Paragraph], day: date, *, ladder: Ladder) -> Compared:
    """Return how the draft stands to a past answer; without a difference where it cannot be told."""
    said = "".join(map(matter_of, paragraphs))
    relation = compare(past.text, said, past.day, day, ladder=ladder)
    return Compared(answer=past, difference=_DIFFERENCES.get(relation.kind) if relation.is_plain else None)
