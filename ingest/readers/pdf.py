"""PDF files: paragraphs and ruled tables page by page.

Text that is invisible, white on white, at most a point high or off the page is left out and reported, except an
invisible layer over a scanned page, which is the scanner's recognised text and is read with a warning.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from time import monotonic

import pypdfium2 as pdfium

from ingest.readers.pdf_cells import Table, layout
from ingest.readers.pdf_file import open_pdf
from ingest.readers.pdf_lines import (
    MARK_SIZE,
    Line,
    drop_running,
    is_leader,
    is_vertical,
    make_lines,
    make_paragraphs,
    turn,
)
from ingest.readers.pdf_page import Box, Char, Drawing, Frame, frame_of, read_chars, read_drawing
from ingest.readers.pdf_tables import assign, find_tables
from ingest.readers.radicals import fold_radicals
from ingest.readers.source import Source
from ingest.readers.tables import Cell, table_block
from ingest.readers.titles import choose_title
from rag.domain import Block, Document

_SCAN = 0.5
"""An image over this share of the page makes it a scanned page."""
_CUT = 72.0
"""Points around the page that a printer cuts off."""
_FLAT = 24
"""Grey levels: less contrast than this inside a word's box means that nothing can be seen there."""
_TABLE_MARK = "\ue000"
"""Stands in a page's lines where a table belongs; a private character that is taken out of the text itself."""


@dataclass(slots=True, kw_only=True)
class _Page:
    """One page while the document is read."""

    number: int
    frame: Frame
    lines: list[Line] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class _Findings:
    """What people should know of the file."""

    empty: list[int] = field(default_factory=list)
    scanned: list[int] = field(default_factory=list)
    untabled: list[int] = field(default_factory=list)
    broken: list[int] = field(default_factory=list)
    hidden_characters: int = 0
    hidden_pages: list[int] = field(default_factory=list)


def read(source: Source) -> Document:
    """Read a PDF."""
    document = open_pdf(source)
    findings = _Findings()
    try:
        pages = [_page(document, index, findings, source) for index in range(len(document))]
        candidates = [document.get_metadata_value("Title"), _largest(pages)]
        outline = _outline(document)
    finally:
        document.close()
    upright = [turn(page.lines, page.frame.shown[0]) if is_vertical(page.lines) else page.lines for page in pages]
    kept = drop_running(upright, [page.frame.shown[1] for page in pages])
    blocks = [block for page, lines in zip(pages, kept, strict=True) for block in _blocks(page, lines, outline)]
    return Document(
        path=source.name,
        title=choose_title(blocks, source.stem, candidates=candidates),
        blocks=tuple(blocks),
        warnings=tuple(_warnings(findings)),
    )


def _page(document: pdfium.PdfDocument, index: int, findings: _Findings, source: Source) -> _Page:
    try:
        page = document[index]
    except pdfium.PdfiumError:
        findings.broken.append(index + 1)
        return _Page(number=index + 1, frame=Frame(left=0, bottom=0, width=1, height=1, turn=0))
    try:
        frame = frame_of(page)
        drawing = read_drawing(page, frame, edges=source.limits.table_seconds > 0)
        suspicious = bool(drawing.invisible or drawing.tiny or drawing.light)
        chars = read_chars(page, frame, owners=suspicious)
        chars = _visible(page, chars, drawing, number=index + 1, findings=findings, frame=frame)
    finally:
        page.close()
    if not any(char.text.strip() for char in chars):
        findings.empty.append(index + 1)
    tables: list[Table] = []
    if monotonic() - source.started < source.limits.table_seconds:
        tables = find_tables(drawing.edges)
    elif drawing.edges:
        findings.untabled.append(index + 1)
    return _arrange(_Page(number=index + 1, frame=frame), chars, tables)


def _visible(
    page: pdfium.PdfPage, chars: list[Char], drawing: Drawing, *, number: int, findings: _Findings, frame: Frame
) -> list[Char]:
    """Drop what nobody sees on the page and count it."""
    gone = set(drawing.tiny)
    if drawing.invisible and any(char.owner in drawing.invisible for char in chars):
        if drawing.image_share >= _SCAN:
            findings.scanned.append(number)
        else:
            gone |= drawing.invisible
    if drawing.light:
        gone |= _unlit(page, chars, drawing.light, frame)
    kept: list[Char] = []
    lost = 0
    shown = frame.shown
    for char in chars:
        if not (char.owner in gone or _is_outside(char.box, shown)):
            kept.append(char)
        elif char.owner in gone or _is_outside(char.box, shown, room=_CUT):
            # Printers' marks stand just outside the frame: dropped without alarm.
            lost += bool(char.text.strip())
    if lost:
        findings.hidden_characters += lost
        findings.hidden_pages.append(number)
    return kept


def _is_outside(box: Box | None, shown: tuple[float, float], *, room: float = 0.0) -> bool:
    width, height = shown
    return box is not None and (box[2] < -room or box[3] < -room or box[0] > width + room or box[1] > height + room)


def _unlit(page: pdfium.PdfPage, chars: Sequence[Char], light: set[int], frame: Frame) -> set[int]:
    """Return the light text objects behind which nothing darker lies, by looking at the rendered page."""
    boxes: dict[int, list[Box]] = {}
    for char in chars:
        if char.owner in light and char.box is not None and char.text.strip():
            boxes.setdefault(char.owner, []).append(char.box)
    if not boxes:
        return set()
    scale = min(2.0, 2000 / max(*frame.shown, 1.0))
    bitmap = page.render(scale=scale, grayscale=True, no_smoothtext=True)
    pixels, stride = memoryview(bitmap.buffer).cast("B"), bitmap.stride
    gone = set()
    for owner, held in boxes.items():
        if not any(
            _has_contrast(pixels, stride, bitmap.width, bitmap.height, [edge * scale for edge in box]) for box in held
        ):
            gone.add(owner)
    bitmap.close()
    return gone


def _has_contrast(pixels: memoryview, stride: int, width: int, height: int, box: Sequence[float]) -> bool:
    left, right = max(0, int(box[0]) - 1), min(width, int(box[2]) + 2)
    rows = range(max(0, int(box[1]) - 1), min(height, int(box[3]) + 2))
    seen = b"".join(bytes(pixels[row * stride + left : row * stride + right]) for row in rows)
    return bool(seen) and max(seen) - min(seen) >= _FLAT


def _arrange(page: _Page, chars: list[Char], tables: Sequence[Table]) -> _Page:
    """Cut the page into lines; a table's characters leave a mark where its first one stood."""
    taken = assign(chars, tables)
    left: list[Char] = []
    for index, char in enumerate(chars):
        table = taken.get(index)
        if table is None:
            left.append(char)
        elif table not in page.tables:
            page.tables.append(table)
            box = table.box
            mark = Char(text=chr(ord(_TABLE_MARK) + len(page.tables) - 1), box=box, size=MARK_SIZE)
            left += [Char(text="\n", box=None), mark, Char(text="\n", box=None)]
    page.lines = make_lines(left)
    return page


def _blocks(page: _Page, lines: Sequence[Line], outline: dict[tuple[int, str], int]) -> Iterator[Block]:
    for paragraph in make_paragraphs(lines):
        mark = ord(paragraph.text[0]) - ord(_TABLE_MARK)
        if paragraph.size == MARK_SIZE and 0 <= mark < len(page.tables):
            yield table_block([_folded(cell) for cell in layout(page.tables[mark])], page=page.number)
        else:
            heading = outline.get((page.number, _plain(paragraph.text)), 0)
            tag = "toc" if is_leader(paragraph.text) else ""
            yield Block(text=paragraph.text, page=page.number, heading=heading, tag=tag)


def _folded(cell: Cell) -> Cell:
    text = fold_radicals(cell.text)
    return Cell(text=text, row=cell.row, column=cell.column, height=cell.height, width=cell.width)


def _outline(document: pdfium.PdfDocument) -> dict[tuple[int, str], int]:
    """Return heading levels from the bookmarks, by page and words."""
    levels: dict[tuple[int, str], int] = {}
    try:
        for bookmark in document.get_toc(max_depth=6):
            target = bookmark.get_dest()
            index = target.get_index() if target is not None else None
            if index is not None:
                levels[index + 1, _plain(bookmark.get_title())] = bookmark.level + 1
    except pdfium.PdfiumError:
        # Bookmarks are an extra: a damaged tree of them says nothing of the text.
        return levels
    return levels


def _plain(text: str) -> str:
    return "".join(fold_radicals(text).split())


def _largest(pages: Sequence[_Page]) -> str:
    """Return the words set in the largest letters in the upper part of the first page with text."""
    lines = next((page.lines for page in pages if page.lines), [])
    lines = [line for line in lines[:30] if line.size < MARK_SIZE]
    if not lines:
        return ""
    largest = max(line.size for line in lines)
    if largest <= min(line.size for line in lines) * 1.15:
        return ""
    return max((line for line in lines if line.size >= largest * 0.98), key=lambda line: len(line.text)).text


def _warnings(findings: _Findings) -> Iterator[str]:
    if findings.broken:
        yield f"{_pages(findings.broken)}は壊れていて読めません。元のソフトでPDFを作り直してください。"
    if findings.empty:
        yield f"{_pages(findings.empty)}には文字がありません（図や画像だけ）。必要なら文字認識（OCR）をかけてください。"
    if findings.scanned:
        yield f"{_pages(findings.scanned)}は、スキャン画像に付いた文字認識の結果を読みました。読み違いがないか確かめてください。"
    if findings.hidden_characters:
        yield (
            f"{_pages(findings.hidden_pages)}に、見えない文字（透明、白、極小、紙面の外）を{findings.hidden_characters}文字見つけ、"
            "本文から除きました。作成者に確かめてください。"
        )
    if findings.untabled:
        yield f"{_pages(findings.untabled)}の表は、時間がかかるため、表としてでなく行として読みました。"


def _pages(numbers: Sequence[int]) -> str:
    """Name pages: '3、5～7ページ'."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][-1] + 1:
            spans[-1] = [spans[-1][0], number]
        else:
            spans.append([number])
    return "、".join("～".join(map(str, span)) for span in spans) + "ページ"
