"""Excel workbooks: the sheet's name as a heading, then one block a row.

`place` is 'シート『旅費』行12'. A data row has tag 'row' and rows = (header, cells), the header row tag 'header' and
rows = (cells,), rows above it tag 'row' and rows = (cells,). Merged cells are filled; in a row's text each stands
once. Values are shown as Excel shows them; formulas by the value that was stored with them. Hidden sheets, rows and
columns and text in the colour of its cell are left out and reported.
"""

from __future__ import annotations

import re
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from ingest.readers.limits import open_package
from ingest.readers.number_format import show
from ingest.readers.source import Source
from ingest.readers.tables import row_text
from ingest.readers.titles import choose_title
from rag.domain import CELL_SEPARATOR, Block, Document

_HEADER_WITHIN = 30
_MOST_HEADER_ROWS = 4
_FIGURE = re.compile(r"[\d,.%△▲\-]+円?")

Row = dict[int, str]
"""Column number to shown text, empty cells left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Merge:
    """A merged area, all ends inclusive."""

    top: int
    left: int
    bottom: int
    right: int


def read(source: Source) -> Document:
    """Read a workbook."""
    open_package(source).close()
    workbook = _load(source)
    counts: Counter[str] = Counter()
    blocks: list[Block] = []
    hidden: list[str] = []
    try:
        for sheet in workbook.worksheets:
            if sheet.sheet_state != "visible":
                hidden.append(sheet.title)
                continue
            blocks += _sheet(sheet, counts, source)
    finally:
        workbook.close()
    rows = [block for block in blocks if block.tag == "row" and len(block.rows) == 1 and block.place.endswith("行1")]
    titled = [Block(text=block.text) for block in rows if CELL_SEPARATOR not in block.text][:1]
    return Document(
        path=source.name,
        title=choose_title(titled, source.stem, candidates=[workbook.properties.title or ""]),
        blocks=tuple(blocks),
        warnings=tuple(_warnings(counts, hidden)),
    )


def _load(source: Source) -> Workbook:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return load_workbook(source.path, data_only=True, keep_links=False)
    except (
        InvalidFileException,
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        OSError,
        SyntaxError,
    ) as error:
        raise source.error(
            "Excelとして読めません（壊れているか、特殊な形式です）。Excelで開いて保存し直してください。"
        ) from error


def _sheet(sheet: Worksheet, counts: Counter[str], source: Source) -> Iterator[Block]:
    rows, merges = _shown(sheet, counts, source)
    if not rows:
        return
    yield Block(text=sheet.title, heading=1, tag="sheet", place=f"シート『{sheet.title}』")
    columns = sorted({column for row in rows.values() for column in row})
    own = _own_cells(rows, merges)
    head = _header_rows(rows, {number: len(cells) for number, cells in own.items()}, merges)
    header = _join_headers([rows[number] for number in head], columns)
    for number in sorted(rows):
        cells = tuple(rows[number].get(column, "") for column in columns)
        below = bool(head) and number > head[-1]
        yield Block(
            text=row_text(rows[number][column] for column in own[number]),
            rows=(header, cells) if below else (cells,),
            place=f"シート『{sheet.title}』行{number}",
            tag="header" if number in head else "row",
        )


def _own_cells(rows: Mapping[int, Row], merges: Sequence[_Merge]) -> dict[int, list[int]]:
    """Return for each row the columns of its cells, a merged area by its leftmost column alone."""
    repeated = {
        (row, column)
        for merge in merges
        for row in range(merge.top, merge.bottom + 1)
        if row in rows
        for column in rows[row]
        if merge.left < column <= merge.right
    }
    return {
        number: [column for column in sorted(row) if (number, column) not in repeated] for number, row in rows.items()
    }


def _shown(sheet: Worksheet, counts: Counter[str], source: Source) -> tuple[dict[int, Row], list[_Merge]]:
    """Return the visible rows as shown, merged cells filled, and the merged areas."""
    hidden_rows = {number for number, shape in sheet.row_dimensions.items() if shape.hidden}
    hidden_columns = {
        number
        for shape in sheet.column_dimensions.values()
        if shape.hidden
        for number in range(shape.min or 0, (shape.max or 0) + 1)
    }
    rows: dict[int, Row] = {}
    # The public ways to the cells make every empty one between them; a sheet may claim a million rows.
    held = list(sheet._cells.values())  # noqa: SLF001
    if len(held) > source.limits.cells:
        raise source.error("セルが多すぎます。使っていないシートや行を消すか、ファイルを分けてください。")
    lost_rows: set[int] = set()
    lost_columns: set[int] = set()
    for cell in held:
        if not isinstance(cell, SheetCell) or cell.value is None:
            continue
        text = _text(cell)
        if not text.strip():
            continue
        if cell.row in hidden_rows:
            lost_rows.add(cell.row)
        elif cell.column in hidden_columns:
            lost_columns.add(cell.column)
        elif _unseen(cell):
            counts["unseen"] += 1
        else:
            rows.setdefault(cell.row, {})[cell.column] = text
    counts["rows"] += len(lost_rows)
    counts["columns"] += len(lost_columns)
    merges = [
        _Merge(top=area.min_row, left=area.min_col, bottom=area.max_row, right=area.max_col)
        for area in sheet.merged_cells.ranges
    ]
    return _fill(rows, merges, hidden_rows, hidden_columns), merges


def _fill(
    rows: dict[int, Row], merges: Sequence[_Merge], hidden_rows: set[int], hidden_columns: set[int]
) -> dict[int, Row]:
    last = max(rows, default=0)
    width = max((column for row in rows.values() for column in row), default=0)
    for merge in merges:
        text = rows.get(merge.top, {}).get(merge.left, "")
        if not text:
            continue
        for number in range(merge.top, min(merge.bottom, last) + 1):
            if number in hidden_rows:
                continue
            row = rows.setdefault(number, {})
            for column in range(merge.left, min(merge.right, max(width, merge.left)) + 1):
                if column not in hidden_columns:
                    row[column] = text
    return rows


def _text(cell: SheetCell) -> str:
    value = cell.value
    if isinstance(value, str):
        return value.replace("_x000D_", "").replace("\r\n", "\n").strip()
    return show(value, str(cell.number_format), _format_id(cell))


def _format_id(cell: SheetCell) -> int:
    """Return the id of a cell's number format: some ids mean what no format code says (27 is ge.m.d)."""
    # Neither the type stubs nor the public interface give it.
    style: Any = cell.__getattribute__("_style")
    return int(style.numFmtId)


def _unseen(cell: SheetCell) -> bool:
    """Tell a cell whose letters are white on no fill, at most a point high, or formatted away (';;;')."""
    font = cell.font
    if cell.number_format == ";;;" or (font.sz is not None and float(font.sz) <= 1):
        return True
    colour = font.color
    if colour is None:
        return False
    white = (colour.type == "rgb" and str(colour.rgb)[-6:].upper() == "FFFFFF") or (
        colour.type == "theme" and colour.theme == 0
    )
    return white and not colour.tint and cell.fill.fill_type is None


def _header_rows(rows: Mapping[int, Row], sizes: Mapping[int, int], merges: Sequence[_Merge]) -> list[int]:
    """Find the header: the first row filled like the rows below, with what it reaches down to and its groups above."""
    numbers = sorted(rows)
    widest = max((sizes[number] for number in numbers[:_HEADER_WITHIN]), default=0)
    if len(numbers) < 2 or widest < 2:
        return []
    first = next((number for number in numbers[:_HEADER_WITHIN] if sizes[number] > widest / 2), None)
    if first is None:
        return []
    last = _header_end(first, rows, merges)
    while last - first < _MOST_HEADER_ROWS and sizes.get(first - 1, 0) > 1 and _has_groups(first - 1, rows, merges):
        first -= 1
    head = [number for number in numbers if first <= number <= last]
    return head if head[-1] != numbers[-1] else []


def _has_groups(number: int, rows: Mapping[int, Row], merges: Sequence[_Merge]) -> bool:
    return any(merge.top == number and merge.right > merge.left and merge.left in rows[number] for merge in merges)


def _header_end(first: int, rows: Mapping[int, Row], merges: Sequence[_Merge]) -> int:
    """Return the last row of a header: cells merged downwards reach it, cells merged sideways have their parts below."""
    deepest = max((merge.bottom for merge in merges if merge.top == first and merge.left in rows[first]), default=first)
    below = rows.get(first + 1, {})
    if deepest == first and _has_groups(first, rows, merges) and 2 * len(below) > len(rows[first]):
        deepest = first + (not any(_FIGURE.fullmatch(text) for text in below.values()))
    return deepest if deepest - first < _MOST_HEADER_ROWS else first


def _join_headers(heads: Sequence[Row], columns: Sequence[int]) -> tuple[str, ...]:
    """Make one header of several rows: '手当／住居'."""
    return tuple(
        "／".join(dict.fromkeys(text for head in heads if (text := head.get(column, "")))) for column in columns
    )


def _warnings(counts: Counter[str], hidden: Sequence[str]) -> Iterator[str]:
    if hidden:
        shown = "、".join(f"『{name}』" for name in hidden[:10])
        yield f"非表示のシート{shown}は読んでいません。読ませるには、再表示して保存し直してください。"
    if counts["rows"] or counts["columns"]:
        yield (
            f"非表示の行（{counts['rows']}行）と列（{counts['columns']}列）は読んでいません。"
            "読ませるには、再表示して保存し直してください。"
        )
    if counts["unseen"]:
        yield f"見えない文字のセルを{counts['unseen']}個見つけ、除きました。作成者に確かめてください。"
