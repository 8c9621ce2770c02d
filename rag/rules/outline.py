"""A rule as a tree: its articles, 項 and 号 as the catalogue's chunks hold them, each with where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.domain import Chunk
from rag.japanese.numerals import key_order
from rag.japanese.references import Place, locator
from rag.japanese.rule_numbers import item_keys, paragraph_number
from rag.japanese.text import Span

__all__ = ["Item", "Outline", "Paragraph", "Unit", "clause_locator", "outline"]

_PLACES = frozenset(Place)
"""What the label `part` says of chunks that belong to a unit; any other part is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A 号 of a 項, with the イ, ロ … under it."""

    key: str
    """'3', '3_2'."""
    span: Span
    """Inside the text of its unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A 項: its own words and its 号."""

    number: int
    span: Span
    items: tuple[Item, ...] = ()

    def item_at(self, offset: int) -> Item | None:
        """Return the 号 in which an offset lies; None: in the words around them."""
        return next((item for item in self.items if item.span.start <= offset < item.span.end), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """An article, a 附則 without articles, a 別表 or a 様式, put together again from its chunks."""

    place: Place
    supplement: str = ""
    """What tells its 附則 apart ('令和8年3月26日条例第7号'); empty in the main part and for the first 附則."""
    key: str = ""
    """'12_2' of an article, number of a 別表 or 様式; empty for one without number."""
    last: str = ""
    """Last article of a deleted range (第五条から第八条まで　削除: '8'); empty for a single one."""
    text: str
    pieces: tuple[tuple[Chunk, Span], ...]
    """The chunks with the ranges of the text that they hold, in order."""
    paragraphs: tuple[Paragraph, ...]
    """Empty for a 別表 or 様式."""

    @property
    def is_article(self) -> bool:
        """Tell an article from a 附則 without articles and from what is attached."""
        return bool(self.key) and self.place in (Place.MAIN, Place.SUPPLEMENT)

    @property
    def locator(self) -> str:
        """Return what a person would write: '第12条の2', '附則（令和8年条例第7号）', '別表第1'."""
        if self.place in (Place.TABLE, Place.FORM):
            return self.pieces[0][0].locator
        return clause_locator(self.place, self.supplement, self.key)

    def paragraph_at(self, offset: int) -> Paragraph | None:
        """Return the 項 in which an offset lies; None: in a part that has none."""
        return next((each for each in self.paragraphs if each.span.start <= offset < each.span.end), None)

    def paragraph(self, number: int) -> Paragraph | None:
        """Return a 項 by its number; None: there is none."""
        return next((each for each in self.paragraphs if each.number == number), None)

    def offset_of(self, chunk_id: str) -> int:
        """Return where the text of a chunk begins in this unit; raises KeyError for a chunk of another one."""
        for chunk, span in self.pieces:
            if chunk.id == chunk_id:
                return span.start
        raise KeyError(chunk_id)

    def chunk_at(self, offset: int) -> Chunk:
        """Return the chunk that holds an offset; the last one for an offset at the end."""
        return next((chunk for chunk, span in self.pieces if offset < span.end), self.pieces[-1][0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """The units of one rule in reading order."""

    units: tuple[Unit, ...]

    def unit_of(self, chunk_id: str) -> Unit | None:
        """Return the unit that holds a chunk; None for the head and the preamble."""
        return next((unit for unit in self.units if any(chunk.id == chunk_id for chunk, _ in unit.pieces)), None)

    def find(self, place: Place, key: str, *, supplement: str = "") -> Unit | None:
        """Return an article, 別表 or 様式 by its key; None: there is none. A deleted range is found by each of its numbers."""
        for unit in self.units:
            if unit.place is place and (place is not Place.SUPPLEMENT or unit.supplement == supplement):
                deleted = unit.last and key_order(unit.key) <= key_order(key or "0") <= key_order(unit.last)
                if unit.key == key or deleted:
                    return unit
        return None

    def articles(self, place: Place, *, supplement: str = "") -> list[Unit]:
        """Return the articles of the main part, or of one 附則, in order."""
        return [
            unit for unit in self.units if unit.is_article and unit.place is place and unit.supplement == supplement
        ]


def clause_locator(place: Place, supplement: str, article: str, paragraph: int = 0, item: str = "") -> str:
    """Write a clause as people do: '第12条の2第1項第3号', '附則（令和8年条例第7号）第2項'."""
    head = ""
    if place is Place.SUPPLEMENT:
        head = f"附則（{supplement}）" if supplement else "附則"
    return head + locator(article, str(paragraph or ""), item)


def outline(chunks: Sequence[Chunk]) -> Outline:
    """Put the articles of a rule together from its chunks in reading order."""
    groups: list[list[Chunk]] = []
    for chunk in chunks:
        if chunk.labels.get("part") not in _PLACES:
            continue
        if groups and _identity(groups[-1][-1]) == _identity(chunk):
            groups[-1].append(chunk)
        else:
            groups.append([chunk])
    return Outline(units=tuple(map(_unit, groups)))


def _identity(chunk: Chunk) -> tuple[str, ...]:
    labels = chunk.labels
    # Two articles of one number are told apart by their captions: the header says them.
    header = chunk.header.split("\n", 1)[0] if labels.get("article") else ""
    return (*(labels.get(name, "") for name in ("part", "supplement", "article", "number")), header)


def _unit(chunks: Sequence[Chunk]) -> Unit:
    text = ""
    pieces: list[tuple[Chunk, Span]] = []
    for chunk in chunks:
        if pieces and not text.endswith("\n") and pieces[-1][0].locator != chunk.locator:
            text += "\n"
        pieces.append((chunk, Span(len(text), len(text) + len(chunk.text))))
        text += chunk.text
    labels = chunks[0].labels
    place = Place(labels["part"])
    attached = place in (Place.TABLE, Place.FORM)
    return Unit(
        place=place,
        supplement=labels.get("supplement", ""),
        key=labels.get("number", "") if attached else labels.get("article", ""),
        last=labels.get("last", ""),
        text=text,
        pieces=tuple(pieces),
        paragraphs=() if attached else tuple(_paragraphs(text)),
    )


def _paragraphs(text: str) -> Iterator[Paragraph]:
    number, start = 1, 0
    items: list[tuple[str, int]] = []
    styles: tuple[str, ...] = ()
    for at in _line_starts(text):
        line = text[at : at + 24]
        if paragraph_number(line) == (number + 1 if at else 1):
            if at:
                yield _paragraph(number, Span(start, at), items)
                number, start, items, styles = number + 1, at, [], ()
            continue
        keys = item_keys(line) if at else {}
        fitting = {style: key for style, key in keys.items() if not styles or style in styles}
        if fitting and (items or any(key == "1" for key in fitting.values())):
            if not styles:
                fitting = {style: key for style, key in fitting.items() if key == "1"}
            styles = tuple(fitting)
            items.append((next(iter(fitting.values())), at))
    yield _paragraph(number, Span(start, len(text)), items)


def _paragraph(number: int, span: Span, starts: Sequence[tuple[str, int]]) -> Paragraph:
    bounds = pairwise([*(at for _, at in starts), span.end])
    items = tuple(Item(key=key, span=Span(*bound)) for (key, _), bound in zip(starts, bounds, strict=True))
    return Paragraph(number=number, span=span, items=items)


def _line_starts(text: str) -> Iterator[int]:
    at = 0
    while at >= 0:
        yield at
        found = text.find("\n", at)
        at = found + 1 if found >= 0 and found + 1 < len(text) else -1
