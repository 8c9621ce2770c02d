"""What a reader of a clause needs beside it: the words it hangs under, what it refers to, the rows of its 別表."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rag.domain import CELL_SEPARATOR, Chunk, Surrounding
from rag.japanese.references import Place
from rag.japanese.text import Span
from rag.japanese.words import content_words
from rag.rules.outline import Unit
from rag.rules.resolver import Resolver, readings_of
from rag.rules.rulebook import Rulebook
from rag.rules.targets import Reading, Target

__all__ = ["surroundings"]

MOST_TARGETS = 6
"""Clauses of one reference (第五条から第二十条まで) that are shown."""
SHORT_TABLE = 400
"""Characters up to which a 別表 is shown whole."""


def surroundings(chunk: Chunk, rulebook: Rulebook, *, question: str) -> Iterator[Surrounding]:
    """Yield passages, most needed first: the parent, the targets of the references, the rest of the article.

    Empty for a chunk that is no clause. Of a 別表 only the rows that speak of the question are shown. A clause that is
    applied with other words (準用) comes with them.
    """
    resolver = rulebook.resolver(chunk.document_id)
    unit = resolver.rule.outline.unit_of(chunk.id) if resolver else None
    if resolver is None or unit is None:
        return
    start = unit.offset_of(chunk.id)
    own = Span(start, start + len(chunk.text))
    if (lead := _lead(unit, own)) is not None:
        yield Surrounding(chunk=unit.chunk_at(lead.start), text=f"{unit.locator}　{lead.of(unit.text).strip()}")
    words = frozenset(content_words(question))
    walk = resolver.walk(unit)
    readings = readings_of(walk)
    for pointer in walk.seen:
        if own.start <= pointer.reference.span.start < own.end:
            for target in pointer.targets[:MOST_TARGETS]:
                yield from _passage(target, unit, own, resolver=resolver, words=words, readings=readings)
    yield from (
        Surrounding(chunk=other, text=f"{other.locator}　{other.text.strip()}")
        for other, _ in unit.pieces
        if other.id != chunk.id
    )


def _lead(unit: Unit, own: Span) -> Span | None:
    """Return the words of the 項 in front of its 号, for a part that begins behind them; None where nothing is missing."""
    paragraph = unit.paragraph_at(own.start)
    if paragraph is None or own.start == paragraph.span.start:
        return None
    end = paragraph.items[0].span.start if paragraph.items else own.start
    return Span(paragraph.span.start, min(end, own.start))


def _passage(
    target: Target, unit: Unit, own: Span, *, resolver: Resolver, words: frozenset[str], readings: Sequence[Reading]
) -> Iterator[Surrounding]:
    """Yield the words of a target that is loaded and not shown already."""
    there, span = target.unit, target.span
    if target.rule is None or there is None or span is None:
        return
    if there is unit and span.start < own.end and own.start < span.end:
        return
    text = _rows(there.text, words) if target.place is Place.TABLE else span.of(there.text).strip()
    title = "" if target.rule is resolver.rule else target.rule.title
    changed = "".join(
        f"（「{each.old}」とあるのは「{each.new}」と読み替える。）"
        for each in readings
        if each.target.unit is there and each.old in text
    )
    yield Surrounding(chunk=there.chunk_at(span.start), text=f"{title}{target.locator}　{text}{changed}")


def _rows(text: str, words: frozenset[str]) -> str:
    """Return a 別表 with its head and the rows that speak of these words; the whole where it is short or none does."""
    lines = text.splitlines()
    first = next((at for at, line in enumerate(lines) if CELL_SEPARATOR in line), len(lines))
    rows = [line for line in lines[first + 1 :] if words.intersection(content_words(line))]
    return text if len(text) <= SHORT_TABLE or not rows else "\n".join([*lines[: first + 1], *rows])
