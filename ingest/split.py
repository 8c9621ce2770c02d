"""Sections to chunks: the unit that is searched and quoted.

Laws that the tests hold: the texts of a section's chunks joined give the section's text; no chunk spans two sections;
a chunk ends at a line break or after a sentence (。 outside of brackets), never inside a sentence, a 号 or a row of a
table; so one that is longer than asked holds a single sentence, 号 or row. Only what is longer than `longest_whole`
is cut at 、, and what has none anywhere: no model embeds it whole.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from itertools import pairwise

from rag.domain import CELL_SEPARATOR, PATH_SEPARATOR, Chunk, DocumentRecord, Kind, Section, Structure
from rag.japanese.references import shown_number
from rag.japanese.rule_numbers import item_numbers, paragraph_number
from rag.japanese.text import Span, sentences

__all__ = ["INDEX_VERSION", "identified", "longest_whole", "split"]

INDEX_VERSION = "5"
"""Raised by every change of reading, structure, splitting or analysis that an index must follow."""

_TIMES_LONGER = 3
"""Times the asked length up to which a sentence, a 号 or a row stays whole: the longest ones of the laws at hand fit."""
_MOST_CHARACTERS = 6000
"""Embedding models take 8,191 tokens, and a Japanese character may be a token and a quarter."""
_HEAD = 12
"""Characters in which the number of a 項 or a 号 stands."""
_PLACES = ("p.", "シート", "行", "段落", "本文", "冒頭")
"""Locators that say where, not what: they stay out of the header that is searched."""


def longest_whole(characters: int) -> int:
    """Return how long a sentence, a 号 or a row may be that is not cut although it is longer than `characters`."""
    return max(characters, min(_TIMES_LONGER * characters, _MOST_CHARACTERS))


def split(structure: Structure, *, record: DocumentRecord, characters: int) -> list[Chunk]:
    """Cut every section that is longer than `characters` at its breaks, then between sentences.

    Raises ValueError below one character.
    """
    if characters < 1:
        raise ValueError(f"{characters}: a chunk needs at least one character")
    made: list[Chunk] = []
    for section in structure.sections:
        starts = _paragraph_starts(section)
        parts = _parts(section, starts, characters)
        tables = _tables(section.text) if len(parts) > 1 else []
        for span in parts:
            chunk = _chunk(section, span, starts=starts, record=record)
            row = _header_row(tables, section.text, span.start)
            made.append(replace(chunk, header=f"{chunk.header}\n{row}") if row else chunk)
    return identified(made)


def identified(chunks: Iterable[Chunk]) -> list[Chunk]:
    """Give the chunks of one document, in reading order, their ids and positions."""
    found: list[Chunk] = []
    seen: Counter[str] = Counter()
    for chunk in chunks:
        first = _digest(chunk, repetition=0)
        digest = _digest(chunk, repetition=seen[first])
        seen[first] += 1
        found.append(replace(chunk, id=digest, ordinal=len(found)))
    return found


def _parts(section: Section, starts: Sequence[int], limit: int) -> list[Span]:
    """Return the ranges of a section's chunks, each 項 kept whole where it fits."""
    if len(section.text) <= limit:
        return [Span(0, len(section.text))]
    edges = sorted({0, *(at for at in section.breaks if 0 < at < len(section.text)), len(section.text)})
    groups: list[list[Span]] = []
    for start, end in pairwise(edges):
        span = Span(start, end)
        pieces = [span] if _stays_whole(section, span, limit) else list(_small(section.text, span, limit))
        if groups and starts and start not in starts:
            groups[-1].extend(pieces)
        else:
            groups.append(pieces)
    return _packed(groups, limit, apart=len(starts) > 1)


def _stays_whole(section: Section, span: Span, limit: int) -> bool:
    """Tell whether a line is cut nowhere: a row of a table, or a 号 of a rule."""
    text = span.of(section.text)
    if len(text) > longest_whole(limit) or "\n" in text.rstrip("\n"):
        return False
    return CELL_SEPARATOR in text or (bool(section.labels.get("part")) and bool(item_numbers(text[:_HEAD])))


def _packed(groups: Sequence[Sequence[Span]], limit: int, *, apart: bool) -> list[Span]:
    """Put neighbours together up to the limit: whole groups first, the pieces of an overlong group among themselves.

    `apart` keeps the rest of an overlong group from joining the next one: the end of one 項 is not quoted as another.
    """
    parts: list[Span] = []
    closed = False
    for group in groups:
        whole = Span(group[0].start, group[-1].end)
        if parts and not closed and whole.end - parts[-1].start <= limit:
            parts[-1] = Span(parts[-1].start, whole.end)
            continue
        parts.append(group[0])
        for piece in group[1:]:
            if piece.end - parts[-1].start <= limit:
                parts[-1] = Span(parts[-1].start, piece.end)
            else:
                parts.append(piece)
        closed = apart and whole.end - whole.start > limit
    return parts


def _small(text: str, span: Span, limit: int) -> Iterator[Span]:
    """Cut a range that is too long between sentences; a sentence above the ceiling after 、, and what has none anywhere."""
    if span.end - span.start <= limit:
        yield span
        return
    ends = [span.start + found.start for found in sentences(span.of(text))]
    at = span.start
    for end in [*ends[1:], span.end]:
        while end - at > longest_whole(limit):
            comma = max(text.rfind(mark, at + limit // 2, at + limit) for mark in "、,，；\n ")
            cut = comma + 1 if comma > at else at + limit
            yield Span(at, cut)
            at = cut
        if end > at:
            yield Span(at, end)
            at = end


def _paragraph_starts(section: Section) -> list[int]:
    """Return where the 項 of an article start; empty for a section that is no article."""
    if not section.labels.get("article"):
        return []
    starts = [0]
    for at in section.breaks:
        if paragraph_number(section.text[at : at + _HEAD]) == len(starts) + 1:
            starts.append(at)
    return starts


def _chunk(section: Section, span: Span, *, starts: Sequence[int], record: DocumentRecord) -> Chunk:
    labels = dict(section.labels)
    locator = section.locator
    whole = span == (0, len(section.text))
    if not whole and len(starts) > 1:
        covered = [
            number
            for number, start in enumerate(starts, 1)
            if start < span.end and (starts[number] if number < len(starts) else len(section.text)) > span.start
        ]
        if len(covered) == 1:
            locator += shown_number(str(covered[0]), "項")
            labels["paragraph"] = str(covered[0])
    return Chunk(
        id="",
        document_id=record.id,
        ordinal=0,
        locator=locator,
        header=_header(section, record=record),
        text=span.of(section.text),
        kind=record.kind,
        page=section.page,
        audience=record.audience,
        period=record.period,
        labels=labels,
    )


def _header(section: Section, *, record: DocumentRecord) -> str:
    """Write what a chunk hangs under: 'title › path › 第N条（caption）', for minutes 'sitting › post（name） › topic › what is asked'."""
    labels = section.labels
    if record.kind is Kind.MINUTES and labels.get("post"):
        speaker = f"（{labels['speaker']}）" if labels.get("speaker") else ""
        asked = labels.get("gist", "").replace("\n", "、")
        topic = labels.get("topic", "")
        steps = [
            labels.get("sitting") or record.title,
            labels["post"] + speaker,
            "" if topic and asked.startswith(topic) else topic,
            asked,
        ]
    else:
        caption = f"（{section.caption}）" if section.caption else ""
        name = section.caption if section.locator.startswith(_PLACES) else section.locator + caption
        steps = [record.title, *section.path, name]
    return PATH_SEPARATOR.join(step for step in steps if step)


def _tables(text: str) -> list[Span]:
    """Return the ranges of neighbouring lines with cells."""
    tables: list[Span] = []
    at = 0
    for line in text.split("\n"):
        end = at + len(line)
        if CELL_SEPARATOR in line:
            joined = bool(tables) and tables[-1].end + 1 == at
            tables[-1:] = [Span(tables[-1].start, end)] if joined else [*tables[-1:], Span(at, end)]
        at = end + 1
    return tables


def _header_row(tables: Sequence[Span], text: str, start: int) -> str:
    """Return the first row of the table in which a part starts; empty when it starts outside one or with that row."""
    index = bisect_right(tables, start, key=lambda table: table.start) - 1
    if index < 0 or not tables[index].start < start < tables[index].end:
        return ""
    first = tables[index].start
    end = text.find("\n", first)
    return "" if end < 0 or start <= end else text[first:end]


def _digest(chunk: Chunk, *, repetition: int) -> str:
    """Hash everything that a reader or an index would notice; `repetition` tells equal remarks of one document apart."""
    body = [
        INDEX_VERSION,
        chunk.document_id,
        chunk.locator,
        str(chunk.period.start or ""),
        str(chunk.period.end or ""),
        chunk.audience.level,
        sorted(chunk.audience.groups),
        chunk.kind.value,
        sorted(chunk.labels.items()),
        chunk.page,
        chunk.header,
        chunk.text,
        repetition,
    ]
    return sha256(json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()[:32]
