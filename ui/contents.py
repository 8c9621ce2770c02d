"""A document as a reader wants it: its table of contents, and what of documents, entries and pairs fits a filter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.domain import PATH_SEPARATOR, Chunk, DocumentRecord, Kind
from rag.japanese.people import members_of
from rag.japanese.text import normalise
from rag.pairs import Pair, Unanswered

_WITH_HEADINGS = frozenset({Kind.RULES, Kind.FAQ})
"""Kinds whose header tells chapters apart from the unit; in the others it names one remark."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of the table of contents with what stands there."""

    headings: tuple[str, ...]
    """The chapters above, outermost first."""
    label: str
    """'第12条（旅費の請求及び精算）', a question, a remark; empty before the first heading."""
    chunk_ids: tuple[str, ...]
    text: str
    page: int | None
    """1-based; None where the format has no pages."""


def contents(chunks: Sequence[Chunk]) -> list[Entry]:
    """Return a document's entries in reading order; the parts of one long article are one entry."""
    entries: list[Entry] = []
    for chunk in chunks:
        headings, label = _place(chunk)
        last = entries[-1] if entries else None
        if last is not None and label and (last.headings, last.label, last.page) == (headings, label, chunk.page):
            text = f"{last.text}\n{chunk.text}"
            chunk_ids = (*last.chunk_ids, chunk.id)
            entries[-1] = Entry(headings=headings, label=label, chunk_ids=chunk_ids, text=text, page=last.page)
        else:
            entries.append(
                Entry(headings=headings, label=label, chunk_ids=(chunk.id,), text=chunk.text, page=chunk.page)
            )
    return entries


def entries_with(entries: Sequence[Entry], words: str) -> list[Entry]:
    """Return the entries that hold every word, whatever its width and case."""
    wanted = normalise(words).split()
    return [entry for entry in entries if all(word in normalise(f"{entry.label}\n{entry.text}") for word in wanted)]


def window(entries: Sequence[Entry], chunk_id: str, *, most: int) -> list[Entry]:
    """Return at most so many entries in a row: the first ones, or, where those lack it, those from the chunk's entry on."""
    at = next((number for number, entry in enumerate(entries) if chunk_id in entry.chunk_ids), 0)
    start = at if at >= most else 0
    return list(entries[start : start + most])


def fitting(
    records: Sequence[DocumentRecord], *, kind: str = "", department: str = "", words: str = ""
) -> list[DocumentRecord]:
    """Return the documents of a kind and a department (empty: all) whose title, number or path holds every word."""
    wanted = normalise(words).split()
    return [
        record
        for record in records
        if (not kind or record.kind == kind)
        and (not department or record.department == department)
        and all(word in normalise(f"{record.title} {record.number} {record.path}") for word in wanted)
    ]


def pairs_with(pairs: Sequence[Pair], *, post: str = "", member: str = "", words: str = "") -> list[Pair]:
    """Return the pairs of who answered and who asked (empty: all) whose topic, question or answer hold every word."""
    wanted = normalise(words).split()
    return [
        pair
        for pair in pairs
        if (not post or pair.post == post)
        and (not member or member in members_of(pair.member))
        and _holds(wanted, f"{pair.topic}\n{pair.gist}\n{pair.question}\n{pair.text}")
    ]


def askers(pairs: Sequence[Pair], unanswered: Sequence[Unanswered]) -> dict[str, str]:
    """Return each person who asks, with the 会派; empty where only what several asked together would tell it."""
    found: dict[str, str] = {}
    asked = [(each.member, each.party) for each in pairs] + [(each.member, each.party) for each in unanswered]
    for called, party in asked:
        people = members_of(called)
        for person in people:
            found[person] = found.get(person) or (party if len(people) == 1 else "")
    return found


def unanswered_with(unanswered: Sequence[Unanswered], *, member: str = "", words: str = "") -> list[Unanswered]:
    """Return the questions of who asked (empty: all) whose topic or words hold every word."""
    wanted = normalise(words).split()
    return [
        each
        for each in unanswered
        if (not member or each.member == member) and _holds(wanted, f"{each.topic}\n{each.question}")
    ]


def _holds(wanted: Sequence[str], text: str) -> bool:
    """Tell whether every normalised word stands in a text, whatever its width and case."""
    folded = normalise(text) if wanted else ""
    return all(word in folded for word in wanted)


def _place(chunk: Chunk) -> tuple[tuple[str, ...], str]:
    below = tuple(chunk.header.split(PATH_SEPARATOR)[1:])
    if not below:
        return (), chunk.locator
    if chunk.kind in _WITH_HEADINGS:
        return below[:-1], below[-1]
    return (), PATH_SEPARATOR.join(below)
