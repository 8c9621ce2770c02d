"""Where a quote stands on the pages of a PDF: the characters that spell it, and one box a line around them.

The words are compared as the product compares quotes everywhere (width, case, white space and line breaks aside).
What the reader put together stands apart on the page: the two sides of a page end, the cells of a table's row.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from ingest.readers.pdf_page import Box, Char
from ingest.readers.radicals import fold_radicals
from ingest.readers.tidy import blank
from rag.domain import CELL_SEPARATOR
from rag.japanese.text import Folded, Span

_EDGE = 200
"""Characters of running heads, feet and notes that may stand between a quote and the end of its page."""
_COINCIDENCE = 4
"""Characters by which a quote's first part may seem to go on in the foot of its page ('第' before '第 3 頁')."""
_FIGURE = re.compile(r"[0-9０-９]+(?:[.,．，][0-9０-９]+)*")
_LONGEST_FIGURE = 20
_MOST_PLACES = 50
_APART = 3.0
"""Letters further apart than so many of their sizes are boxed apart: two columns, two cells."""
_TALL = 1.5
"""So many letters high, a run is a column."""
_ROW_GAP = 3.0
"""Cells whose words stand further apart in height than so many letters are of different rows."""
_NEAR = 5
"""Pages that are looked through, in every way, before the others."""


class Found(NamedTuple):
    """A quote, or the part of one, on a page."""

    page: int
    """Counted from 0."""
    chars: list[Char]


class PageText:
    """A page's characters and, one for one, their text."""

    def __init__(self, chars: Sequence[Char]) -> None:
        self._chars = chars
        self.text = _seen("".join(char.text for char in chars))
        self.folded = Folded(self.text)

    def places(self, words: str) -> list[Span]:
        """Return every place where the words neither begin nor end inside a figure."""
        spans = islice(self.folded.places(words), _MOST_PLACES)
        return [span for span in spans if not any(_cuts_figure(self.text, at) for at in span)]

    def cut(self, span: Span) -> list[Char]:
        """Return the characters of a range that stand somewhere: neither spaces nor line ends."""
        return [char for char in self._chars[span.start : span.end] if char.box is not None and char.text.strip()]


def _seen(text: str) -> str:
    """Fold radicals, and put spaces, which no comparison sees, for what the reader takes out; every offset stays."""
    return blank(fold_radicals(text))


def find_chars(quote: str, page_text: Callable[[int], PageText], pages: Sequence[int], *, count: int) -> Found | None:
    """Return the characters of a quote on the first of these pages, in their order, that holds it; None: none does.

    `count` is the number of pages in all. Of a quote that runs over a page end, the longer part is returned. The
    words as they stand come before a row whose cells are gathered, the nearest pages before the others.
    """
    quote = _seen(quote)
    plain = quote.replace(CELL_SEPARATOR, " ")
    for some in (pages[:_NEAR], pages[_NEAR:]):
        for page in some:
            if spans := page_text(page).places(plain):
                return Found(page, page_text(page).cut(spans[0]))
        for page in some:
            if page + 1 < count and (found := _run_over(plain, page_text(page), page_text(page + 1))) is not None:
                return Found(page + found[0], found[1])
    for page in pages:
        if chars := _row(quote, page_text(page)):
            return Found(page, chars)
    return None


def _run_over(quote: str, page: PageText, following: PageText) -> tuple[int, list[Char]] | None:
    """Return the longer part of a quote that ends a page and goes on on the next one, and by how many pages it is off."""
    room = 2 * len(quote) + _EDGE
    start = max(0, len(page.text) - room)
    tail, head = Folded(page.text[start:]), Folded(following.text[:room])
    longest = _longest(quote, tail)
    for length in range(longest, max(0, longest - _COINCIDENCE), -1):
        if _cuts_figure(quote, length):
            continue
        first = deque(tail.places(quote[:length]), maxlen=1)
        rest = next(head.places(quote[length:]), None)
        if first and rest is not None and start + first[0].end + _EDGE >= len(page.text) and rest.start <= _EDGE:
            if 2 * length < len(quote):
                return 1, following.cut(rest)
            return 0, page.cut(Span(start + first[0].start, start + first[0].end))
    return None


def _longest(quote: str, text: Folded) -> int:
    """Return how many characters of a quote, from its first one, stand together in a text."""
    shortest, longest = 0, len(quote)
    while shortest < longest:
        middle = (shortest + longest + 1) // 2
        if quote[:middle] in text:
            shortest = middle
        else:
            longest = middle - 1
    return shortest


def _row(quote: str, page: PageText) -> list[Char]:
    """Return the characters of a row's cells, each at the place nearest to its neighbour; empty where one lacks."""
    lines = quote.split("\n")
    cells = [
        part
        for line in lines
        for cell in line.split(CELL_SEPARATOR)
        for part in (_parts(cell, page) if CELL_SEPARATOR in line else [cell])
    ]
    places = [page.places(cell) for cell in cells if cell.strip()]
    if len(places) < 2 or not all(places):
        return []
    # The rarest cell, the longest of these, is the surest: its neighbours are looked for from there.
    anchor = min(range(len(places)), key=lambda index: (len(places[index]), -len(places[index][0].of(page.text))))
    chosen = {anchor: places[anchor][0]}
    for indexes in (range(anchor + 1, len(places)), range(anchor - 1, -1, -1)):
        beside = chosen[anchor]
        for index in indexes:
            found = _beside(beside, places[index], set(chosen.values()), page)
            if found is None:
                return []
            beside = chosen[index] = found
    return [char for index in sorted(chosen) for char in page.cut(chosen[index])]


def _beside(span: Span, options: Sequence[Span], taken: set[Span], page: PageText) -> Span | None:
    """Return the place of a cell's words that is nearest to its neighbour; None: all are too far from its row.

    A place of its own comes first. Two cells may share one, because a merged cell is read once in each column.
    """
    chars = page.cut(span)
    near = []
    for option in options:
        down, across = _distance(page.cut(option), chars)
        is_taken = any(option.start < other.end and other.start < option.end for other in taken)
        if down <= _ROW_GAP * max(chars[0].size, 1.0):
            near.append((down, is_taken, across, option))
    return min(near)[-1] if near else None


def _parts(cell: str, page: PageText) -> Iterator[str]:
    """Cut a cell into the longest parts that stand on the page: its lines lie between those of the other cells."""
    while cell := cell.strip():
        length = _longest(cell, page.folded)
        while 0 < length < len(cell) and _cuts_figure(cell, length):
            length -= 1
        yield cell[: length or len(cell)]
        cell = cell[length:] if length else ""


def _cuts_figure(text: str, at: int) -> bool:
    """Tell whether a cut here would take a figure apart: '600' of '2,600'."""
    around = _FIGURE.finditer(text, max(0, at - _LONGEST_FIGURE), at + _LONGEST_FIGURE)
    return any(figure.start() < at < figure.end() for figure in around)


def _distance(one: Sequence[Char], other: Sequence[Char]) -> tuple[float, float]:
    """Return how far apart two words are: in height first, because they belong to one row."""
    (left, top, right, bottom), (left_, top_, right_, bottom_) = _around(one), _around(other)
    return max(0.0, top - bottom_, top_ - bottom), max(0.0, left - right_, left_ - right)


def _around(chars: Sequence[Char]) -> Box:
    boxes = [char.box for char in chars if char.box is not None]
    return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)


def line_boxes(chars: Sequence[Char]) -> list[Box]:
    """Merge characters to one box a line, or a column where they run downwards."""
    runs: list[list[Char]] = []
    for char in chars:
        if runs and _goes_on(runs[-1], char):
            runs[-1].append(char)
        else:
            runs.append([char])
    return [_around(run) for run in runs]


def _goes_on(run: Sequence[Char], char: Char) -> bool:
    """Tell whether a character stands beside the last one of a line, or below the last one of a column."""
    size = max(char.size, run[-1].size, 1.0)
    whole, last, box = _around(run), _square(run[-1]), _square(char)
    across, down = _gap(last[0], last[2], box[0], box[2]), _gap(last[1], last[3], box[1], box[3])
    is_below = _shared(whole[0], whole[2], box[0], box[2]) and down <= size
    if whole[3] - whole[1] > max(_TALL * size, whole[2] - whole[0]):
        return is_below
    is_beside = _shared(whole[1], whole[3], box[1], box[3]) and across <= _APART * size
    return is_beside or (len(run) == 1 and is_below)


def _square(char: Char) -> Box:
    """Return the place of a letter, at least as high and as wide as its size: a comma's ink is neither."""
    left, top, right, bottom = _around([char])
    wide, high = max(0.0, char.size - right + left) / 2, max(0.0, char.size - bottom + top) / 2
    return left - wide, top - high, right + wide, bottom + high


def _gap(start: float, end: float, other_start: float, other_end: float) -> float:
    return max(0.0, other_start - end, start - other_end)


def _shared(start: float, end: float, other_start: float, other_end: float) -> bool:
    """Tell whether two ranges share half of the shorter one."""
    shorter = min(end - start, other_end - other_start)
    return min(end, other_end) - max(start, other_start) >= shorter / 2
