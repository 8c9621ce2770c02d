"""Where the sections and chunks of minutes stand in the file: its line numbers, from 1."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from ingest.readers import read_document
from ingest.structure import recognise
from rag.domain import Kind, Section, Structure


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A section and the lines that its paragraphs fill."""

    section: Section
    lines: tuple[int, ...]
    """Empty where its words stand nowhere in the file."""
    speech: int
    """First line of the speech: neighbouring sections of one speaker are one speech. 0 for a section without lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Minutes:
    """One file as the product reads it."""

    lines: tuple[str, ...]
    """As the reader gives them: without the characters that nobody sees."""
    structure: Structure
    placed: tuple[Placed, ...]

    def section(self, line: int) -> Placed | None:
        """Return the section in which a line stands; None where the product left the line out."""
        return next((each for each in self.placed if line in each.lines), None)


def read_minutes(path: Path) -> Minutes:
    """Read a text file as minutes, unless its content looks like meeting notes; raises DocumentError."""
    document = read_document(path, name=path.name)
    structure = recognise(document)
    structure = structure if structure.kind is Kind.NOTES else recognise(document, Kind.MINUTES)
    lines = [""] * max(block.line or 0 for block in document.blocks)
    for block in document.blocks:
        if block.line is not None:
            lines[block.line - 1] += block.text
    return Minutes(lines=tuple(lines), structure=structure, placed=tuple(place_sections(structure, lines)))


def place_sections(structure: Structure, lines: Sequence[str]) -> list[Placed]:
    """Put every section on its lines, as it says itself or else by its words, and into its speech."""
    placed: list[Placed] = []
    by_words = place([each.text for each in structure.sections], lines)
    for section, found in zip(structure.sections, by_words, strict=True):
        said = numbers(section.labels.get("lines", ""))  # of a written answer without the question printed again
        own = tuple(sorted({*said, *found})) if section.labels.get("written") else tuple(said) or found
        goes_on = bool(placed) and placed[-1].speech and speaker(placed[-1].section.labels) == speaker(section.labels)
        speech = placed[-1].speech if goes_on else min(own, default=0)
        placed.append(Placed(section=section, lines=own, speech=speech))
    return placed


def numbers(lines: str) -> range:
    """Return the lines of '409-411' or '273'; none for an empty text."""
    ends = [int(number) for number in lines.split("-") if number]
    return range(ends[0], ends[-1] + 1) if ends else range(0)


def speaker(labels: Mapping[str, str]) -> tuple[str, ...]:
    """Return what tells two speakers apart."""
    return tuple(labels.get(name, "") for name in ("role", "post", "speaker"))


def place(texts: Sequence[str], lines: Sequence[str]) -> list[tuple[int, ...]]:
    """Return the lines of each text; texts come in the order of the file, and one that does not is looked for from its start.

    A text may begin and end inside a line; its own lines stand as they are in the file.
    """
    flat = "\n".join(lines)
    starts = [0, *accumulate(len(line) + 1 for line in lines)]
    at = 0
    placed: list[tuple[int, ...]] = []
    for text in texts:
        found: list[int] = []
        for paragraph in filter(None, map(str.strip, text.split("\n"))):
            where = _find(paragraph, flat, at)
            where = _find(paragraph, flat, 0) if where < 0 else where
            if where >= 0:
                found.append(bisect_right(starts, where))
                at = where + len(paragraph)
        placed.append(tuple(dict.fromkeys(found)))
    return placed


def _find(paragraph: str, flat: str, at: int) -> int:
    """Return where a paragraph begins, -1 for nowhere; one of few characters (記) is not looked for inside a line that it fills later."""
    where = flat.find(paragraph, at)
    end = where + len(paragraph)
    if where < 0 or flat[end : end + 1] in ("", "\n"):
        return where
    whole = re.compile(rf"^[ \u3000]*({re.escape(paragraph)})[ \u3000]*$", re.MULTILINE).search(flat, at)
    return whole.start(1) if whole else where
