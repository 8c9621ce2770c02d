"""Tables as blocks: merged cells filled, rows as lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.domain import CELL_SEPARATOR, Block

Rows = tuple[tuple[str, ...], ...]

_LINE_END = re.compile(r"[ \t]*[\r\n]+[ \t]*")


MOST_CELLS = 5_000_000
"""More places than this in one table are a trap, not a table."""


class TableTooLargeError(ValueError):
    """A table claims more places than any office's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell at its upper left corner with the rows and columns that it covers."""

    text: str
    row: int
    column: int
    height: int = 1
    width: int = 1


def fill(cells: Iterable[Cell]) -> Rows:
    """Lay cells out as full rows, a merged cell's text in every place that it covers; raises TableTooLargeError."""
    held = list(cells)
    height = max((cell.row + cell.height for cell in held), default=0)
    width = max((cell.column + cell.width for cell in held), default=0)
    if height * width > MOST_CELLS:
        raise TableTooLargeError(f"{height} x {width}")
    grid = [[""] * width for _ in range(height)]
    for cell in held:
        for row in range(cell.row, cell.row + cell.height):
            grid[row][cell.column : cell.column + cell.width] = [cell.text] * cell.width
    return tuple(tuple(row) for row in grid)


def row_text(cells: Iterable[str]) -> str:
    """Join the cells of a row by ' | ', leaving out empty ones."""
    return CELL_SEPARATOR.join(flat for flat in map(one_line, cells) if flat)


def table_block(cells: Sequence[Cell], *, page: int | None = None) -> Block:
    """Make the block of a table; in its text a merged cell stands once in each row that it covers."""
    rows: dict[int, list[Cell]] = {}
    for cell in sorted(cells, key=lambda cell: cell.column):
        for row in range(cell.row, cell.row + cell.height):
            rows.setdefault(row, []).append(cell)
    lines = (row_text(cell.text for cell in rows[row]) for row in sorted(rows))
    filled = tuple(row for row in fill(cells) if any(row))
    return Block(text="\n".join(line for line in lines if line), rows=filled, tag="table", page=page)


def one_line(text: str) -> str:
    """Join the lines of a cell by spaces."""
    return _LINE_END.sub(" ", text.strip())
