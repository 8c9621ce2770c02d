"""Paragraphs of minutes, spoken or written, and the pages and lines where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.structure.lines import Line, join_wrapped

__all__ = ["Paragraph", "lines_of_range", "lines_of_sentences", "paragraph_of", "wrapped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph and where it stands."""

    text: str
    page: int | None = None
    line: int | None = None
    """First line in a text file; None elsewhere."""
    last_line: int | None = None
    """Last line of one that was wrapped."""
    breaks: tuple[tuple[int, int], ...] = ()
    """Where each further line of one that was wrapped starts in the text, and which line it is."""
    order: int = 0
    """0-based place among the paragraphs of written questions and answers."""


def paragraph_of(words: str, line: Line) -> Paragraph:
    """Return the words of a line as a paragraph that stands there."""
    return Paragraph(text=words, page=line.page, line=line.line, last_line=line.line)


def wrapped(paragraph: Paragraph, line: Line) -> Paragraph:
    """Return a paragraph that goes on in one more line."""
    text = join_wrapped(paragraph.text, line.body)
    start = len(text) - len(line.body)
    breaks = paragraph.breaks if line.line is None else (*paragraph.breaks, (start, line.line))
    return replace(paragraph, text=text, last_line=line.line, breaks=breaks)


def lines_of_sentences(paragraph: Paragraph, sentences: Sequence[str]) -> str:
    """Write the lines from the first to the last of these sentences; of the whole paragraph where they do not stand in it."""
    first = paragraph.text.find(sentences[0]) if sentences else -1
    last = paragraph.text.find(sentences[-1], first) if first >= 0 else -1
    if last < 0 or not paragraph.breaks:
        return lines_of_range([paragraph])
    starts = [(0, paragraph.line), *paragraph.breaks]
    end = last + len(sentences[-1]) - 1
    from_line, to_line = (max(line or 0 for start, line in starts if start <= at) for at in (first, end))
    return str(from_line) if from_line == to_line else f"{from_line}-{to_line}"


def lines_of_range(paragraphs: Sequence[Paragraph]) -> str:
    """Write '409-411', or '273' for a single line; empty where the format has no lines."""
    first, last = paragraphs[0].line, paragraphs[-1].last_line
    if first is None or last is None:
        return ""
    return str(first) if first == last else f"{first}-{last}"
