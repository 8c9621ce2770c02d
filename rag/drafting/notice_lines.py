"""A notice as one series of lines, whatever its format: paragraphs, lines of a text file, rows of a table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.assembly.item import Stance
from rag.domain import Block, Document
from rag.drafting.notice_head import Asker
from rag.drafting.notice_marks import Mark

__all__ = ["Line", "Table", "pieces_of"]

_BARS = re.compile(r"[|｜│┃]")
_RULE = re.compile(r"^[\s|｜│┃\-=+─━┌┐└┘├┤┬┴┼┏┓┗┛┣┫┳┻╋―:]+$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line, or what a row of a table says in one column, with what its other columns say of it."""

    text: str
    """Without white space around it."""
    place: str
    """Where a person finds it: '12行目', 'シート『通告』行12'; empty where the format has no places."""
    indent: float = 0.0
    """Full-width characters in front of it."""
    width: float = 0.0
    """Full-width characters that it takes with its indentation."""
    in_table: bool = False
    in_cell: bool = False
    """It follows a line break inside a cell."""
    column: int = 0
    """1 for the outermost column that holds entries; 0 outside of a table whose columns are known."""
    marks: tuple[Mark, ...] = ()
    """From columns that hold only numbers."""
    answerer: str = ""
    """From a column."""
    stance: Stance | None = None
    """From a column; None: it asks for none."""
    background: str = ""
    asker: Asker | None = None
    """From columns; None: they do not say."""
    begins: bool = False
    """A sheet or table begins with it: numbers begin anew."""
    heading: bool = False
    """The format marks it as a heading."""

    @property
    def at(self) -> str:
        """Return its place as a warning begins; empty where it has none."""
        return f"{self.place}: " if self.place else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows that belong together, merged cells filled."""

    rows: tuple[tuple[str, ...], ...]
    places: tuple[str, ...]
    """One for each row."""


def pieces_of(document: Document) -> Iterator[Block | Table]:
    """Yield the blocks in order, with all rows of a sheet, of a file or of a ruled table put together."""
    rows: list[tuple[str, ...]] = []
    places: list[str] = []
    ruled: list[str] = []

    def flush() -> Iterator[Table]:
        rows.extend(_cells(ruled))
        if rows:
            yield Table(rows=tuple(rows), places=tuple(places))
        for each in (rows, places, ruled):
            each.clear()

    for block in document.blocks:
        if block.tag in ("row", "header") and block.rows:
            rows.append(block.rows[-1])
            places.append(block.place)
        elif block.rows:
            yield from flush()
            yield Table(rows=block.rows, places=("",) * len(block.rows))
        elif len(_BARS.findall(block.text)) >= 2 and "\n" not in block.text:
            if not _RULE.match(block.text):
                ruled.append(block.text)
                places.append(f"{block.line}行目" if block.line else "")
        elif ruled and _RULE.match(block.text):
            continue
        else:
            yield from flush()
            yield block
    yield from flush()


def _cells(lines: Sequence[str]) -> list[tuple[str, ...]]:
    """Cut ruled lines into cells; a bar in front of all of them, or behind all, is the frame."""
    framed = all(_BARS.match(line.strip()) for line in lines), all(_BARS.match(line.strip()[-1]) for line in lines)
    return [
        tuple(cell.strip() for cell in _BARS.split(line)[framed[0] :][: -1 if framed[1] else None]) for line in lines
    ]


def width_of(rows: Sequence[Sequence[str]]) -> int:
    """Return the number of columns of the widest row."""
    return max(map(len, rows), default=0)
