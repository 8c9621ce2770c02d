"""CSV and TSV: the header row, then one block a row.

`place` is the row as a spreadsheet program counts it ('行12'), `line` the line in the file (they differ after a
quoted line break). `rows` of a data row is (header, cells), of the header row (cells,) with tag 'header'; rows above
the header have tag 'row' and (cells,).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from ingest.readers.plain import decode_source, guess_warning
from ingest.readers.source import Source
from ingest.readers.tables import row_text
from ingest.readers.titles import choose_title
from rag.domain import Block, Document

_DELIMITERS = (",", "\t", ";", "|")
_HEAD = 20
_FIELD = 10_000_000

Record = tuple[int, int, tuple[str, ...]]
"""Row, line, cells."""


def read(source: Source) -> Document:
    """Read delimited text."""
    decoded = decode_source(source)
    text = decoded.text
    before = csv.field_size_limit(_FIELD)
    try:
        records = list(_records(text, _delimiter(text)))
    except csv.Error as error:
        raise source.error(
            f"表として読めません（{error}）。表計算ソフトで開き、CSV UTF-8 で保存し直してください。"
        ) from error
    finally:
        csv.field_size_limit(before)
    blocks = tuple(_blocks(records))
    titled = [block for block in blocks if block.tag == "row" and len(block.rows) == 1]
    return Document(
        path=source.name,
        title=choose_title([Block(text=titled[0].text)] if titled and titled[0].place == "行1" else [], source.stem),
        blocks=blocks,
        warnings=guess_warning(decoded),
    )


def _delimiter(text: str) -> str:
    """Take the delimiter that cuts most of the first lines into the same number of cells, more than one."""
    best, most = ",", 0.0
    for delimiter in _DELIMITERS:
        widths = [len(cells) for _, _, cells in _first(text, delimiter)]
        wide = [width for width in widths if width > 1]
        if wide:
            common = max(set(wide), key=wide.count)
            score = wide.count(common) / len(widths) + min(common, 20) / 1000
            if score > most:
                best, most = delimiter, score
    return best


def _first(text: str, delimiter: str) -> list[Record]:
    found: list[Record] = []
    try:
        for record in _records(text[:200_000], delimiter):
            found.append(record)
            if len(found) >= _HEAD:
                break
    except csv.Error:
        return found
    return found


def _records(text: str, delimiter: str) -> Iterator[Record]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    for row, cells in enumerate(reader, 1):
        yield row, line, tuple(cell.strip() for cell in cells)
        line = reader.line_num + 1


def _blocks(records: Sequence[Record]) -> Iterator[Block]:
    filled = [record for record in records if any(record[2])]
    start = _header_index([cells for _, _, cells in filled])
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...]
    for index, (row, line, cells) in enumerate(filled):
        if index == start:
            header, rows, tag = cells, (cells,), "header"
        elif header:
            rows, tag = (header, cells), "row"
        else:
            rows, tag = (cells,), "row"
        yield Block(text=row_text(cells), rows=rows, place=f"行{row}", line=line, tag=tag)


def _header_index(rows: Sequence[tuple[str, ...]]) -> int:
    """Return the first row that is as full as the rows below it; -1 where there is only one row or one column."""
    width = max((sum(map(bool, cells)) for cells in rows[:_HEAD]), default=0)
    if len(rows) < 2 or width < 2:
        return -1
    return next(index for index, cells in enumerate(rows) if sum(map(bool, cells)) > width / 2)
