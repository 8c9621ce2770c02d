"""Characters of a PDF page to lines, lines to paragraphs; running heads and feet dropped.

A paragraph ends where the next line is indented, starts with a number or mark, is set in another size or stands
apart, or where its own last line falls short of the margin. Line breaks inside a paragraph stay, so that a later
step can join them knowingly.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

from ingest.readers.pdf_page import Box, Char
from ingest.readers.radicals import fold_radicals

_WIDE = re.compile(r"[\u2e80-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
_GAP = re.compile(r"[ \t]+")
_NUMBER = r"[0-9０-９一二三四五六七八九十百]"
_MARKED = re.compile(
    r"^(?:[・●○◯■□◆◇▼▽▲△★☆※＊➢➣✓✔•‣◦⚫►▶→⇒❑◎【《〔〈\u3000①-⑳㋐-㋾]|[-–—−]\s|[（(]?注\s*[0-9０-９]{0,2}[）):：]|附\s*則|[（(][^（()）]{1,40}[）)]$)"
)
"""A line that opens a paragraph wherever it stands."""
_NUMBERED = re.compile(
    rf"^(?:第{_NUMBER}+[条章節款編部回]|別\s*[表記紙添]|様式|[（(]{_NUMBER}{{1,3}}[）)]|{_NUMBER}{{1,3}}[.．、）)]\S"
    rf"|[0-9０-９]{{1,2}}(?:[.．-][0-9０-９]{{1,2}})*[\s　]|[一二三四五六七八九十]{{1,3}}[\s　]|[ア-ンイロハ][\s　.．)）]"
    r"|[（(][ア-ン][）)]|[QＱAＡ][0-9０-９.．:：\s])"
)
"""A line that opens a paragraph unless the line above is full and unfinished: '第5条' and '12 年' also stand at line breaks."""
_ALONE = re.compile(r"^(?:別\s*[表記紙添]\S{0,12}|様式\S{0,10}|附\s*則|目\s*次|記|[（(][^（()）]{1,40}[）)])$")
"""A heading that is always a paragraph of its own."""
_LEADER = re.compile(r"[.．・…‥･]{4,}\s*\S{0,5}$")
_LEAD = re.compile(r"^(第|[（(])?([0-9０-９]{1,3})([条章節款編部回号]|[）).．、\s])")
_FIGURES = re.compile(r"^[\s0-9０-９.,．，％%▲△～~()（）/／:+＋\-－−年月日期度Q]{1,12}$")
_FINISHED = re.compile(r"[。．.」』）)〕】:：]$")
_LETTER_GAP, _FIGURE_GAP = 0.9, 0.45
"""Shares of a letter's size: closer Japanese letters, or a letter and a figure, belong to one word."""
_LONG = 20
"""Characters of a line that is hardly a heading."""
_MARGIN = 0.12
"""Share of the page's height, above and below, in which running heads and feet stand."""
_REPEATS = 3
MARK_SIZE = 1000.0
"""Size of the mark that stands for a table among the lines."""
_PAGE_NUMBER = re.compile(
    r"^[\s\-－—–‐−()（）〔〕\[\]・pPｐ.]*[0-9０-９]{1,4}(?:\s*[/／]\s*[0-9０-９]{1,4})?[\s\-－—–‐−()（）〔〕\[\]・頁ページ]*$"
)


_COUNTED = "#"
"""Stands for the words of a line that is a page number."""

Key = tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of text where it stands on the page."""

    text: str
    box: Box
    size: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Lines that belong together, joined by line feeds."""

    text: str
    top: float
    size: float


def make_lines(chars: Sequence[Char]) -> list[Line]:
    """Cut characters at the engine's line ends; spaces that it made up between Japanese characters go."""
    lines: list[Line] = []
    held: list[Char] = []
    for char in chars:
        if char.text in "\r\n":
            if held:
                lines += _line(held)
            held = []
        else:
            held.append(char)
    return lines + (_line(held) if held else [])


def _line(chars: list[Char]) -> list[Line]:
    placed = [char for char in chars if char.box is not None and not char.text.isspace()]
    if not placed:
        return []
    parts: list[str] = []
    for index, char in enumerate(chars):
        if char.box is None and char.text == " " and _is_made_up(chars, index):
            continue
        parts.append(char.text)
    text = fold_radicals("".join(parts)).strip(" \t")
    boxes = [char.box for char in placed if char.box is not None]
    box = (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))
    return [Line(text=text, box=box, size=median(char.size for char in placed))] if text.strip() else []


def _is_made_up(chars: Sequence[Char], index: int) -> bool:
    """Tell whether a generated space only bridges letter-spacing, or the gap that typesetters put around figures."""
    before = next((char for char in reversed(chars[:index]) if char.box is not None), None)
    after = next((char for char in chars[index + 1 :] if char.box is not None), None)
    if before is None or after is None or before.box is None or after.box is None:
        return True
    wide = (_WIDE.match(before.text) is not None) + (_WIDE.match(after.text) is not None)
    gap = after.box[0] - before.box[2]
    size = max(before.box[2] - before.box[0], after.box[2] - after.box[0], 1.0)
    return 0 <= gap < (0, _FIGURE_GAP * before.size, _LETTER_GAP * size)[wide]


def is_vertical(lines: Sequence[Line]) -> bool:
    """Tell a page that is written from top to bottom."""
    long = [line for line in lines if len(line.text) >= 4]
    upright = [line for line in long if line.box[3] - line.box[1] > 2 * (line.box[2] - line.box[0])]
    return len(upright) > len(long) / 2


def turn(lines: Sequence[Line], width: float) -> list[Line]:
    """Lay a vertically written page down: its rightmost line becomes the top one."""
    return [replace(line, box=(line.box[1], width - line.box[2], line.box[3], width - line.box[0])) for line in lines]


def drop_running(pages: Sequence[list[Line]], heights: Sequence[float]) -> list[list[Line]]:
    """Drop running heads and feet: words at one height in the margin of three pages or more, kept once; page numbers."""
    places: dict[Key, set[int]] = defaultdict(set)
    for number, (lines, height) in enumerate(zip(pages, heights, strict=True)):
        for line in lines:
            if _in_margin(line, height):
                for key in _keys(line, number):
                    places[key].add(number)
    repeated = {key: min(where) for key, where in places.items() if len(where) >= _REPEATS}
    kept: list[list[Line]] = []
    for number, (lines, height) in enumerate(zip(pages, heights, strict=True)):
        kept.append([line for line in lines if not (_in_margin(line, height) and _runs(line, number, repeated))])
    return kept


def _in_margin(line: Line, height: float) -> bool:
    return line.size < MARK_SIZE and (line.box[3] <= _MARGIN * height or line.box[1] >= (1 - _MARGIN) * height)


def _runs(line: Line, page: int, repeated: dict[Key, int]) -> bool:
    found = [(key, repeated[key]) for key in _keys(line, page) if key in repeated]
    return any(key[0] == _COUNTED or page > first for key, first in found)


def _keys(line: Line, page: int) -> list[Key]:
    """Say what a running line would share with its fellows: words and height, or a number that rises with the pages."""
    place = round(line.box[1] / 6)
    keys: list[Key] = [(line.text, place), (line.text, place + 1)]
    if _PAGE_NUMBER.match(line.text):
        digits = re.findall(r"[0-9]+", unicodedata.normalize("NFKC", line.text))
        keys.append((_COUNTED, int(digits[0]) - page))
    return keys


def make_paragraphs(lines: Sequence[Line]) -> list[Paragraph]:
    """Join lines into paragraphs."""
    groups: list[list[Line]] = []
    for index, line in enumerate(lines):
        if groups and _continues(groups[-1], line, lines, index):
            groups[-1].append(line)
        else:
            groups.append([line])
    paragraphs: list[Paragraph] = []
    for group in groups:
        made = Paragraph(text="\n".join(line.text for line in group), top=group[0].box[1], size=group[0].size)
        if paragraphs and _FIGURES.match(made.text) and _FIGURES.match(paragraphs[-1].text.rpartition("\n")[2]):
            # The scale of a chart: a block for each of its figures would drown the words around it.
            paragraphs[-1] = replace(paragraphs[-1], text=f"{paragraphs[-1].text}\n{made.text}")
        else:
            paragraphs.append(made)
    return paragraphs


def _continues(group: Sequence[Line], line: Line, lines: Sequence[Line], index: int) -> bool:
    before = group[-1]
    size = max(1.0, before.size, min(before.box[3] - before.box[1], 40.0) * 0.9)
    gap = line.box[1] - before.box[3]
    if not -0.6 * size <= gap <= 1.3 * size or _overlap(before, line) <= 0:
        return False
    if abs(line.size - before.size) > 0.15 * before.size or _MARKED.match(line.text):
        return False
    if _LEADER.search(before.text) or _ALONE.match(before.text):
        return False
    right = max((one.box[2] for one in lines[max(0, index - 6) : index + 6] if _overlap(one, before) > 0), default=0.0)
    if _follows(group[0].text, line.text):
        return False
    if right - before.box[2] > _short_by(before.text) * size or (
        _NUMBERED.match(line.text) and _FINISHED.search(before.text)
    ):
        return False
    indent = line.box[0] - before.box[0]
    if indent > 0.7 * size:
        return len(group) == 1 and opens(before.text) and indent < 6 * size
    return indent > -6 * size


def _short_by(text: str) -> float:
    """Return by how many letters a line must fall short of the margin to end its paragraph: more where it is unfinished."""
    return 2.5 if _FINISHED.search(text) or len(text) < _LONG else 4.0


def _follows(before: str, text: str) -> bool:
    """Tell whether a line's number comes next after the number that opens the paragraph above: '3 …' after '2 …'."""
    one, other = _LEAD.match(before), _LEAD.match(text)
    if one is None or other is None:
        return False
    same = one.group(1, 3) == other.group(1, 3)
    return (
        same
        and int(unicodedata.normalize("NFKC", other.group(2))) == int(unicodedata.normalize("NFKC", one.group(2))) + 1
    )


def is_leader(text: str) -> bool:
    """Tell a line of a table of contents, dots before its page."""
    return _LEADER.search(text) is not None


def opens(text: str) -> bool:
    """Tell whether a line begins with a number or mark."""
    return _MARKED.match(text) is not None or _NUMBERED.match(text) is not None


def _overlap(one: Line, other: Line) -> float:
    return min(one.box[2], other.box[2]) - max(one.box[0], other.box[0])
