"""Cells of a ruled PDF table: their characters to lines, their lines to text and rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.readers.pdf_page import Box, Char
from ingest.readers.tables import Cell

_APART = 0.9
"""Letters further apart than this share of their height are set as two words."""
_ROOM = 1.6
"""A line that ends closer than this many letters to the cell's edge was wrapped there."""
_SHORT = 2
_HANGS = 0.3
"""A comma's middle lies this share of the letters' height below the figures before it."""
_FIGURE = re.compile(r"[0-9０-９]|^[○〇◯△▲×－―‐-]$")
_WIDE = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")


@dataclass(slots=True, kw_only=True)
class Table:
    """A table on a page: its cells and the characters that fell into each."""

    cells: list[Box]
    chars: dict[int, list[Char]] = field(default_factory=dict)

    @property
    def box(self) -> Box:
        """Return the outline."""
        return (
            min(cell[0] for cell in self.cells),
            min(cell[1] for cell in self.cells),
            max(cell[2] for cell in self.cells),
            max(cell[3] for cell in self.cells),
        )


@dataclass(slots=True, kw_only=True)
class CellLine:
    """A line inside a cell."""

    chars: list[Char]
    box: Box

    @property
    def text(self) -> str:
        """Return its words, a space where the letters stand apart."""
        parts: list[str] = []
        before: Box | None = None
        for char in self.chars:
            if char.box is None:
                continue
            apart = before is not None and char.box[0] - before[2] > _APART * max(char.size, 1.0)
            if apart and not parts[-1].isspace():
                parts.append(" ")
            parts.append(char.text)
            before = char.box
        return "".join(parts).strip()


def layout(table: Table) -> list[Cell]:
    """Turn boxes into cells with rows, columns and spans; lines of one cell that belong to several rows are shared out."""
    lefts = sorted({edge for cell in table.cells for edge in (cell[0], cell[2])})
    tops = sorted({edge for cell in table.cells for edge in (cell[1], cell[3])})
    column_of = {edge: at for at, edge in enumerate(lefts)}
    row_of = {edge: at for at, edge in enumerate(tops)}
    cells: list[Cell] = []
    for at, box in enumerate(table.cells):
        row, column = row_of[box[1]], column_of[box[0]]
        height, width = max(1, row_of[box[3]] - row), max(1, column_of[box[2]] - column)
        lines = gather_lines(table.chars.get(at, []))
        bands = list(zip(tops[row : row + height], tops[row + 1 : row + height + 1], strict=False))
        if height > 1 and _fits(lines, bands):
            cells += [
                Cell(text=line.text, row=row + down, column=column, width=width) for down, line in enumerate(lines)
            ]
        else:
            cells.append(Cell(text=_join(lines, box), row=row, column=column, height=height, width=width))
    return _split_rows(cells)


def gather_lines(chars: Sequence[Char]) -> list[CellLine]:
    """Gather a cell's characters into lines from top to bottom."""
    lines: list[CellLine] = []
    for char in chars:
        if char.box is None or char.text.isspace():
            if lines:
                lines[-1].chars.append(char)
            continue
        middle = (char.box[1] + char.box[3]) / 2
        hang = _HANGS * char.size
        line = next((one for one in reversed(lines) if one.box[1] <= middle <= one.box[3] + hang), None)
        if line is None:
            lines.append(CellLine(chars=[char], box=char.box))
        else:
            line.chars.append(char)
            line.box = _around(line.box, char.box)
    return sorted((line for line in lines if line.text), key=lambda line: line.box[1])


def _around(one: Box, other: Box) -> Box:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def _fits(lines: Sequence[CellLine], bands: Sequence[tuple[float, float]]) -> bool:
    """Tell whether a merged cell holds one line in each of the rows beside it: its inner rules were left out."""
    if len(lines) != len(bands) or any(len(line.text) < _SHORT for line in lines):
        return False
    middles = [(line.box[1] + line.box[3]) / 2 for line in lines]
    return all(top <= middle <= bottom for middle, (top, bottom) in zip(middles, bands, strict=True))


def _join(lines: Sequence[CellLine], cell: Box) -> str:
    """Join a cell's lines: one that fills the cell was wrapped, a shorter one was ended; single letters run downwards."""
    if len(lines) > 1 and all(len(line.text) == 1 for line in lines):
        return "".join(line.text for line in lines)
    parts: list[str] = []
    before: CellLine | None = None
    for line in lines:
        if before is not None:
            wrapped = cell[2] - before.box[2] < _ROOM * max(1.0, before.box[3] - before.box[1])
            wide = _WIDE.match(before.text[-1]) is not None and _WIDE.match(line.text) is not None
            parts.append(("" if wide else " ") if wrapped else "\n")
        parts.append(line.text)
        before = line
    return "".join(parts)


def _split_rows(cells: Sequence[Cell]) -> list[Cell]:
    """Split rows of a table whose lines are not ruled: every cell has as many lines, those of one are all figures."""
    rows: dict[int, list[Cell]] = {}
    for cell in cells:
        rows.setdefault(cell.row, []).append(cell)
    lines_of = {row: _count_lines(held) for row, held in rows.items()}
    starts = [0]
    for row in range(max(cell.row + cell.height for cell in cells)):
        starts.append(starts[-1] + lines_of.get(row, 1))
    out: list[Cell] = []
    for cell in cells:
        row, count = starts[cell.row], lines_of[cell.row]
        if cell.height > 1 or count == 1:
            height = starts[cell.row + cell.height] - row
            out.append(Cell(text=cell.text, row=row, column=cell.column, height=height, width=cell.width))
        else:
            texts = cell.text.split("\n") if cell.text else [""] * count
            out += [
                Cell(text=text, row=row + at, column=cell.column, width=cell.width) for at, text in enumerate(texts)
            ]
    return out


def _count_lines(row: Sequence[Cell]) -> int:
    """Return the number of rows in a ruled row: that of its cells' lines, 1 where they differ or hold no figures."""
    held = [cell.text.split("\n") for cell in row if cell.text and cell.height == 1]
    counts = {len(lines) for lines in held}
    figures = any(all(_FIGURE.search(line) for line in lines) for lines in held)
    return counts.pop() if len(counts) == 1 and len(held) > 1 and figures else 1
