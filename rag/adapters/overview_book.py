"""Write all answer sheets of a notice as one Excel book: a row an item, and what must be put right on a second sheet."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from datetime import UTC
from math import ceil
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from rag.adapters.office_files import fit, freeze, put
from rag.assembly.fields import UNKNOWN, UNWRITTEN, fields_of, moment, sign_of
from rag.assembly.item import Check, Severity
from rag.assembly.sheet import Overview, Sheet, SheetStatus
from rag.japanese.text import shown_width

_FONT = "游ゴシック"
_SIZE = 9
_LINE_POINTS, _MOST_POINTS = 13, 400
"""The height of a line, and the most that Excel lets a row have (409)."""
_WIDE_IN_UNITS = 1.8
"""Units of a column's width that a full-width character of 9 points takes."""
_ALL, _TO_DO = "一覧", "要対応"
_LEGEND = "○ 指摘なし　△ 要確認　× 要対応　－ 検査していない。○でも、人が読んで確かめます。"
_ITEM_COLUMNS = (
    ("通告番号", 9), ("質問者", 9), ("会派", 9), ("答弁者", 9), ("主担当課", 12), ("問（要旨）", 30), ("状態", 8), ("秒数", 6),
)  # fmt: skip
_CHECK_WIDTH = 10
_FILE_COLUMN = ("答弁書", 19)
_TO_DO_COLUMNS = (
    ("通告番号", 9), ("質問者", 9), ("答弁者", 9), ("主担当課", 13), ("検査", 8), ("指摘と、すること", 40), ("段落", 6), ("この答弁の言葉", 20),
    ("相手の言葉", 20), ("相手の出典", 18), ("対応（記入欄）", 14), _FILE_COLUMN,
)  # fmt: skip
_FILLS = {SheetStatus.RED: "FBD5D5", SheetStatus.NOT_WRITTEN: "E3E3E3", SheetStatus.TO_CONFIRM: "FFF4CC"}
_LONGEST_WORDS = 24
"""Characters of a finding in the grid: the whole of it is on the sheet, and what is red on the second page."""
_LONGEST_CELL = 32_000
"""A cell of Excel holds 32,767."""
_COMMAND = re.compile(r"[=+\-@＝＋－＠'\t]")
"""How a text begins that Excel would take for a formula when somebody edits the cell."""
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_EDGE = Side(style="thin", color="A6A6A6")
_BOX = Border(left=_EDGE, right=_EDGE, top=_EDGE, bottom=_EDGE)


def write_overview(overview: Overview, path: Path) -> None:
    """Write the book beside the Word files that it links to; the same overview gives the same bytes."""
    book = Workbook()
    for empty in list(book.worksheets):
        book.remove(empty)
    _write_all(book.create_sheet(_ALL), overview)
    _write_to_do(book.create_sheet(_TO_DO), overview)
    properties = book.properties
    properties.title = fit(_title(overview))[:255]
    properties.creator = ""
    properties.created = overview.made_at.astimezone(UTC).replace(tzinfo=None)
    made = io.BytesIO()
    book.save(made)
    put(freeze(made.getvalue(), overview.made_at), path)


def _write_all(page: Worksheet, overview: Overview) -> None:
    counts = {status: sum(each.status is status for each in overview.sheets) for status in SheetStatus}
    told = "　".join(f"{status} {count}件" for status, count in counts.items())
    columns = (*_ITEM_COLUMNS, *((str(check), _CHECK_WIDTH) for check in Check), _FILE_COLUMN)
    head = _head(page, overview, (f"全{len(overview.sheets)}件　{told}", _LEGEND), columns)
    for row, (sheet, name) in enumerate(zip(overview.sheets, overview.file_names, strict=True), start=head + 1):
        fields = fields_of(sheet).single
        texts: list[str | int] = [
            *(fields[place] for place in ("通告番号", "議員名", "会派", "答弁者", "主担当課", "問", "状態")),
            sheet.speaking_seconds,
            *(_told(sheet, check) for check in Check),
        ]
        _write_row(page, row, texts, name, _FILLS.get(sheet.status, ""))
        for cell in page[row]:
            if isinstance(cell.value, str) and cell.value.startswith("×"):
                cell.font = Font(name=_FONT, size=_SIZE, bold=True, color="9C0006")
    _finish(page, head, len(overview.sheets), len(columns))


def _write_to_do(page: Worksheet, overview: Overview) -> None:
    rows = list(_to_do(overview))
    head = _head(page, overview, (f"すぐに直すか、説明を用意するもの　{len(rows)}件",), _TO_DO_COLUMNS)
    for row, (texts, name) in enumerate(rows, start=head + 1):
        _write_row(page, row, texts, name, "")
    if not rows:
        _write_row(page, head + 1, ["", "", "", "", "", "要対応の指摘はありません。", "", "", "", "", ""], "", "")
    _finish(page, head, max(1, len(rows)), len(_TO_DO_COLUMNS))


def _to_do(overview: Overview) -> Iterator[tuple[list[str], str]]:
    """Yield what must be done with the file in which it is done: of the notice itself, then item by item."""
    for warning in overview.warnings:
        yield ["", "", "", "", "通告", warning, "", "", "", "", ""], ""
    for sheet, name in zip(overview.sheets, overview.file_names, strict=True):
        fields = fields_of(sheet).single
        whose = [fields[place] for place in ("通告番号", "議員名", "答弁者", "主担当課")]
        if sheet.status is SheetStatus.NOT_WRITTEN:
            yield [*whose, str(SheetStatus.NOT_WRITTEN), UNWRITTEN, "", "", "", "", ""], name
        for finding in sheet.found_by(*Check):
            if finding.severity is not Severity.RED:
                continue
            place = "" if finding.paragraph is None else str(finding.paragraph + 1)
            ours, *theirs = finding.quotes or ("",)
            source = f"{finding.citation.title}　{finding.citation.locator}" if finding.citation else ""
            yield [*whose, str(finding.check), finding.message, place, ours, "\n".join(theirs), source, ""], name


def _told(sheet: Sheet, check: Check) -> str:
    """Say in few words what a check found: the gravest finding, and how many more there are."""
    found = sheet.found_by(check)
    sign = sign_of(sheet, check)
    if not found:
        return sign
    words = found[0].message
    shown = words if len(words) <= _LONGEST_WORDS else f"{words[:_LONGEST_WORDS]}…"
    return f"{sign} {shown}" + (f"（ほか{len(found) - 1}件）" if len(found) > 1 else "")


def _title(overview: Overview) -> str:
    return "　".join(filter(None, [overview.sitting or UNKNOWN, overview.title]))


def _head(page: Worksheet, overview: Overview, lines: Sequence[str], columns: Sequence[tuple[str, float]]) -> int:
    """Write title, lines and the names of the columns; return the row of these."""
    told = (f"{_title(overview)}　{page.title}", f"{moment(overview.made_at)} 作成　{lines[0]}", *lines[1:])
    for row, text in enumerate(told, start=1):
        cell = page.cell(row, 1)
        _put(cell, " ".join(text.split()))
        cell.font = Font(name=_FONT, size=12 if row == 1 else _SIZE, bold=row == 1)
    head = len(told) + 1
    for column, (name, width) in enumerate(columns, start=1):
        cell = page.cell(head, column)
        _put(cell, name)
        cell.font = Font(name=_FONT, size=_SIZE, bold=True)
        cell.fill = PatternFill("solid", fgColor="D9E1F2")
        cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
        cell.border = _BOX
        page.column_dimensions[get_column_letter(column)].width = width
    return head


def _write_row(page: Worksheet, row: int, texts: Sequence[str | int], name: str, fill: str) -> None:
    """Write the cells of a row, the last of them a link to a file beside the book."""
    for column, text in enumerate([*texts, name], start=1):
        cell = page.cell(row, column)
        if isinstance(text, int):
            cell.value = text
        else:
            _put(cell, text)
        cell.font = Font(name=_FONT, size=_SIZE)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.border = _BOX
        if fill:
            cell.fill = PatternFill("solid", fgColor=fill)
    page.row_dimensions[row].height = _height(page, row)
    if name:
        link = page.cell(row, len(texts) + 1)
        link.hyperlink = name
        link.font = Font(name=_FONT, size=_SIZE, underline="single", color="0563C1")


def _height(page: Worksheet, row: int) -> float:
    """Return the height that the longest cell of a row needs: programs other than Excel do not find it themselves."""
    lines = 1
    for column, cell in enumerate(page[row], start=1):
        room = page.column_dimensions[get_column_letter(column)].width / _WIDE_IN_UNITS
        told = str(cell.value or "").split("\n")
        lines = max(lines, sum(max(1, ceil(shown_width(line) / room)) for line in told))
    return min(lines * _LINE_POINTS + 4, _MOST_POINTS)


def _put(cell: Cell | MergedCell, text: str) -> None:
    """Put a text as a text, whatever it begins with: nothing of a document is ever computed."""
    shown = _ESCAPE.sub("_x005F_", fit(text))
    cell.value = shown if len(shown) <= _LONGEST_CELL else f"{shown[:_LONGEST_CELL]}…"
    cell.data_type = "s"
    if _COMMAND.match(shown):
        cell.quotePrefix = True


def _finish(page: Worksheet, head: int, rows: int, columns: int) -> None:
    """Freeze and filter the names of the columns; print on A4 across, as wide as the paper, with them on every page."""
    last = f"{get_column_letter(columns)}{head + rows}"
    page.freeze_panes = f"C{head + 1}"
    page.auto_filter.ref = f"A{head}:{last}"
    page.print_area = f"A1:{last}"
    page.print_title_rows = f"{head}:{head}"
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = 9
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.page_margins.left = page.page_margins.right = 0.4
    page.page_margins.top, page.page_margins.bottom, page.page_margins.footer = 0.5, 0.8, 0.4
    footer = page.oddFooter
    assert footer is not None
    footer.left.text, footer.right.text = page.title, "&P／&Nページ"
