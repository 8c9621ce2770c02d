"""The versions of a document, and what changed from one to another (新旧対照)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import SequenceMatcher
from enum import StrEnum

from rag.domain import PATH_SEPARATOR, Chunk, DocumentRecord, Kind
from rag.rules.outline import Unit, outline
from rag.rules.pairing import paired, plain

__all__ = ["Change", "Difference", "Piece", "compare", "other_days", "pieces", "versions"]

LONGEST_PIECES = 4000
"""Characters of a text above which changes are shown by lines, not by words."""
MOST_WORK = 200_000
"""Pairs of equal pieces of two texts, beyond which changes are shown more coarsely: a few repeated signs would take minutes."""
DAYS_TRIED = 3
"""Other days, the nearest first, on which a question may be looked for that has no answer today."""


class Change(StrEnum):
    """What became of a part of a text."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    RENUMBERED = "renumbered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """An article, or another part, that is not the same in two versions."""

    change: Change
    old_locator: str = ""
    """Empty for a part that was added."""
    new_locator: str = ""
    """Empty for a part that was removed."""
    old: str = ""
    new: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Words of a text, and whether the other version lacks them."""

    text: str
    is_changed: bool


def versions(record: DocumentRecord, records: Sequence[DocumentRecord]) -> list[DocumentRecord]:
    """Return the chain of texts that replaced one another and hold this one, the newest first."""
    by_id = {each.id: each for each in records} | {record.id: record}
    beside: dict[str, set[str]] = {key: set() for key in by_id}
    for each in by_id.values():
        for other in (each.supersedes, each.ended_by):
            if other in by_id:
                beside[each.id].add(other)
                beside[other].add(each.id)
    chain: set[str] = set()
    waiting = {record.id}
    while waiting:
        chain |= waiting
        waiting = {other for key in waiting for other in beside[key]} - chain
    return sorted((by_id[key] for key in chain), key=lambda each: (str(each.period.start or ""), each.id), reverse=True)


def other_days(records: Sequence[DocumentRecord], day: date) -> list[date]:
    """Return days on which other texts were, or will be, in force: before what ended, at the start of what is to come."""
    before = {each.period.end - timedelta(days=1) for each in records if each.period.end and each.period.end <= day}
    after = {each.period.start for each in records if each.period.start and each.period.start > day}
    return [*sorted(before, reverse=True)[:DAYS_TRIED], *sorted(after)[:DAYS_TRIED]]


def compare(old: Sequence[Chunk], new: Sequence[Chunk]) -> list[Difference]:
    """Return what differs between the chunks of two versions, in the order of the newer text."""
    before, after = dict(_parts(old)), dict(_parts(new))
    sources = paired(before, after)
    found: list[Difference] = []
    for key, text in after.items():
        source = sources.get(key, "")
        if not source:
            found.append(_difference(Change.ADDED, "", key, "", text))
        elif source != key:
            found.append(_difference(Change.RENUMBERED, source, key, before[source], text))
        elif plain(before[key]) != plain(text):
            found.append(_difference(Change.CHANGED, key, key, before[key], text))
    return _with_removed(found, before, list(after), {source: key for key, source in sources.items()})


def pieces(old: str, new: str) -> tuple[list[Piece], list[Piece]]:
    """Return both texts in pieces, those marked that the other one lacks."""
    first, second = _cut(old, new)
    left: list[Piece] = []
    right: list[Piece] = []
    for tag, start, end, other_start, other_end in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        is_changed = tag != "equal"
        if end > start:
            left.append(Piece(text="".join(first[start:end]), is_changed=is_changed))
        if other_end > other_start:
            right.append(Piece(text="".join(second[other_start:other_end]), is_changed=is_changed))
    return left, right


def _cut(old: str, new: str) -> tuple[list[str], list[str]]:
    """Cut two texts for a comparison that ends in time: into characters, else lines, else not at all."""
    if len(old) + len(new) <= LONGEST_PIECES and _work(old, new) <= MOST_WORK:
        return list(old), list(new)
    lines = old.splitlines(keepends=True), new.splitlines(keepends=True)
    return lines if _work(*lines) <= MOST_WORK else ([old], [new])


def _work(old: Sequence[str], new: Sequence[str]) -> int:
    """Return how many pairs of equal pieces there are, each of which is looked at, possibly for each change."""
    first, second = Counter(old), Counter(new)
    return sum(number * second[piece] for piece, number in first.items())


def _parts(chunks: Sequence[Chunk]) -> Iterator[tuple[str, str]]:
    """Yield locator and text of every part that a person would compare; two of one locator are joined."""
    joined: dict[str, str] = {}
    if any(chunk.kind is Kind.RULES for chunk in chunks):
        units = outline(chunks).units
        inside = {chunk.id for unit in units for chunk, _ in unit.pieces}
        for chunk in chunks:
            if chunk.id not in inside and chunk.labels.get("part") == "preamble":
                joined[chunk.locator] = joined.get(chunk.locator, "") + chunk.text
        for unit in units:
            text = f"{_caption(unit)}{unit.text}"
            joined[unit.locator] = f"{joined[unit.locator]}\n{text}" if unit.locator in joined else text
    else:
        for chunk in chunks:
            name = chunk.header.split("\n", 1)[0].partition(PATH_SEPARATOR)[2] or chunk.locator
            joined[name] = joined.get(name, "") + chunk.text
    yield from joined.items()


def _caption(unit: Unit) -> str:
    """Return the heading of an article as a line; it stands in the header of its chunks alone."""
    step = unit.pieces[0][0].header.split("\n", 1)[0].rpartition(PATH_SEPARATOR)[2]
    caption = step.removeprefix(unit.locator)
    return f"{caption}\n" if unit.is_article and caption != step and caption.startswith("（") else ""


def _difference(change: Change, old_locator: str, new_locator: str, old: str, new: str) -> Difference:
    return Difference(change=change, old_locator=old_locator, new_locator=new_locator, old=old.strip(), new=new.strip())


def _with_removed(
    found: Sequence[Difference], before: Mapping[str, str], after: Sequence[str], partners: Mapping[str, str]
) -> list[Difference]:
    """Put what was removed behind the part that stood in front of it, where that is still there."""
    places = {key: at for at, key in enumerate(after)}
    ranked = [(places[each.new_locator], 0, each) for each in found]
    above = -1
    for number, (key, text) in enumerate(before.items(), 1):
        if key in partners:
            above = places[partners[key]]
        else:
            ranked.append((above, number, _difference(Change.REMOVED, key, "", text, "")))
    return [each for _, _, each in sorted(ranked, key=lambda row: row[:2])]
