"""Write the file formats that offices use, with the same bytes on every build."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from ingest.samples.source.blocks import FROZEN, RUBY, Block, Heading, Paragraph, Table, freeze_zip, without_ruby
from ingest.samples.source.word import write_docx, write_pdf

__all__ = [
    "FROZEN",
    "Block",
    "Heading",
    "Paragraph",
    "Sheet",
    "Table",
    "without_ruby",
    "write_csv",
    "write_docx",
    "write_pdf",
    "write_reiki_html",
    "write_text",
    "write_xlsx",
]

_ARTICLE = re.compile(r"^(第[0-9０-９一二三四五六七八九十百]+条(?:の[0-9０-９一二三四五六七八九十]+)*)(?=[　 ])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Hold one worksheet; merges are ranges such as A2:A4."""

    title: str
    rows: tuple[tuple[str | int | float | datetime | None, ...], ...]
    merges: tuple[str, ...] = ()
    widths: tuple[int, ...] = ()
    hidden: bool = False


def write_reiki_html(path: Path, title: str, *, blocks: Sequence[Block], encoding: str = "utf-8") -> None:
    """Write a page as a collection of ordinances shows it: one element a line, the role as class name."""
    charset = "Shift_JIS" if encoding == "cp932" else encoding.upper()
    head = (
        f'<!DOCTYPE html>\n<html lang="ja">\n<head>\n<meta charset="{charset}">\n<title>{escape(title)}</title>\n'
        "<style>\n.jou-bango{font-weight:bold}\n.reiki-hyou td,.reiki-hyou th{border:1px solid}\n</style>\n</head>\n"
        '<body>\n<nav class="reiki-navi"><a href="index.html">みほん県例規集　体系目次へ戻る</a></nav>\n'
        '<main class="reiki-honbun">\n'
    )
    body = "\n".join(_as_html(block) for block in blocks)
    _write_encoded(path, f"{head}{body}\n</main>\n</body>\n</html>\n", encoding=encoding, newline="\n")


def write_text(path: Path, text: str, *, encoding: str, newline: str = "\r\n") -> None:
    """Write plain text without ruby; raise UnicodeEncodeError for what the encoding lacks."""
    _write_encoded(path, without_ruby(text), encoding=encoding, newline=newline)


def write_xlsx(path: Path, sheets: Sequence[Sheet]) -> None:
    """Write a workbook whose first row of each sheet is bold."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in sheets:
        _add_sheet(book, sheet)
    book.properties.creator = "みほん県"
    book.properties.created = FROZEN.replace(tzinfo=None)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    freeze_zip(path)


def write_csv(path: Path, rows: Iterable[Sequence[str]], *, encoding: str) -> None:
    """Write comma-separated rows with CRLF, as spreadsheets do."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\r\n").writerows(rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(buffer.getvalue().encode(encoding))


def _write_encoded(path: Path, text: str, *, encoding: str, newline: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.replace("\n", newline).encode(encoding))


def _add_sheet(book: Workbook, sheet: Sheet) -> None:
    page = book.create_sheet(sheet.title)
    for row in sheet.rows:
        page.append(list(row))
    for cell in page[1]:
        cell.font = Font(bold=True)
    for cells in page.iter_rows():
        for cell in cells:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for merge in sheet.merges:
        page.merge_cells(merge)
    for number, width in enumerate(sheet.widths, start=1):
        page.column_dimensions[get_column_letter(number)].width = width
    page.sheet_state = "hidden" if sheet.hidden else "visible"


def _as_html(block: Block) -> str:
    match block:
        case Heading(level=level, text=text):
            return f'<h{level} class="reiki-midashi{level}">{_inline_html(text)}</h{level}>'
        case Table(rows=rows):
            lines = [_row_html(row, "th" if number == 0 else "td") for number, row in enumerate(rows)]
            return '<table class="reiki-hyou">\n' + "\n".join(lines) + "\n</table>"
        case Paragraph(text=text, role=role, indent=indent):
            margin = f' style="margin-left:{indent}em"' if indent else ""
            numbered = _ARTICLE.sub(r'<span class="jou-bango">\1</span>', _inline_html(text))
            return f'<p class="{role}"{margin}>{numbered}</p>'


def _row_html(row: Sequence[str], tag: str) -> str:
    return "<tr>" + "".join(f"<{tag}>{_inline_html(cell)}</{tag}>" for cell in row) + "</tr>"


def _inline_html(text: str) -> str:
    return RUBY.sub(r"<ruby>\1<rp>（</rp><rt>\2</rt><rp>）</rp></ruby>", escape(text, quote=False))
