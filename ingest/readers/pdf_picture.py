"""Draw a page of a PDF as a PNG image, with a box around each line of a quote.

A citation names the page on which its section begins: the quote is looked for there first, then on the pages beside it
and on those that follow.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from io import BytesIO

import pypdfium2 as pdfium
from PIL import Image, ImageDraw

from ingest.readers import SUFFIXES
from ingest.readers.pdf_file import open_pdf
from ingest.readers.pdf_page import Box, frame_of, read_chars
from ingest.readers.pdf_quote import PageText, find_chars, line_boxes
from ingest.readers.picture import WIDTH, Picture
from ingest.readers.signature import recognise
from ingest.readers.source import Source

_ONWARDS = 30
"""Pages after the one asked for on which the quote is looked for: a 別表 or the head of a long notice runs over many."""
_LEAST_WIDTH, _MOST_WIDTH = 100, 3000
_MOST_PIXELS = 6_000_000
"""What one picture may hold: an A4 page 2,000 pixels wide; 24 MB while it is drawn."""
_MARGIN = 0.15
"""Share of a line's height that its box leaves above and below the letters, of a column's width beside them."""
_YELLOW = (255, 214, 0, 90)
_OUTLINE = (190, 60, 0, 255)
"""Dark enough to be seen on white and on yellow (contrast 5 to 1)."""
_STROKE = 400
"""Pixels of the picture's width for each pixel of the outline."""


def draw_page(source: Source, *, page: int, quote: str, width: int = WIDTH) -> Picture:
    """Draw page `page`, or the one near it on which the quote stands, `width` pixels wide; raises DocumentError."""
    source.check_size()
    if recognise(source, SUFFIXES)[0] != ".pdf":
        raise source.error("PDFではないため、ページの画像を作れません。元のファイルを開いて確かめてください。")
    document = open_pdf(source)
    try:
        if not 1 <= page <= len(document):
            raise source.error(
                f"{page}ページはありません（全{len(document)}ページ）。"
                "取り込んだ後に差し替えられたおそれがあります。取り込み直してください。"
            )
        shown, boxes = _find(document, page - 1, quote)
        image, places = _draw(document[shown], boxes, width)
        count = len(document)
    except pdfium.PdfiumError as error:
        raise source.error(f"{page}ページは壊れていて表示できません。元のソフトでPDFを作り直してください。") from error
    finally:
        document.close()
    png = BytesIO()
    image.save(png, "PNG", compress_level=3)
    return Picture(
        png=png.getvalue(),
        width=image.width,
        height=image.height,
        page=shown + 1,
        pages=count,
        boxes=tuple(places),
        found=bool(places),
    )


def _find(document: pdfium.PdfDocument, asked: int, quote: str) -> tuple[int, list[Box]]:
    """Return the page to show, counted from 0, and the boxes of the quote's lines on it in points."""

    @cache
    def text(index: int) -> PageText:
        try:
            page = document[index]
        except pdfium.PdfiumError:
            # A damaged page beside the one asked for holds no quote.
            return PageText([])
        return PageText(read_chars(page, frame_of(page), owners=False))

    order = [asked, asked + 1, asked - 1, *range(asked + 2, asked + _ONWARDS + 1)]
    count = len(document)
    found = find_chars(quote, text, [index for index in order if 0 <= index < count], count=count)
    return (found.page, line_boxes(found.chars)) if found else (asked, [])


def _draw(
    page: pdfium.PdfPage, boxes: Sequence[Box], width: int
) -> tuple[Image.Image, list[tuple[int, int, int, int]]]:
    """Draw a page and the boxes on it; return the boxes in pixels too."""
    across, down = (max(1.0, edge) for edge in page.get_size())
    wanted = min(max(width, _LEAST_WIDTH), _MOST_WIDTH)
    scale = min(wanted / across, (_MOST_PIXELS / (across * down)) ** 0.5)
    bitmap = page.render(scale=scale)
    try:
        image = bitmap.to_pil().convert("RGB")
    finally:
        bitmap.close()
    pen = ImageDraw.Draw(image, "RGBA")
    places = []
    for box in boxes:
        left, top, right, bottom = (round(edge * scale) for edge in _with_room(box))
        place = (max(0, left), max(0, top), min(image.width - 1, right), min(image.height - 1, bottom))
        if place[0] < place[2] and place[1] < place[3]:
            pen.rectangle(place, fill=_YELLOW, outline=_OUTLINE, width=max(1, round(image.width / _STROKE)))
            places.append(place)
    return image, places


def _with_room(box: Box) -> Box:
    """Widen the box of a line or column, but not to the letters before and after it."""
    left, top, right, bottom = box
    if right - left < bottom - top:
        room = _MARGIN * (right - left)
        return left - room, top, right + room, bottom
    room = _MARGIN * (bottom - top)
    return left, top - room, right, bottom + room
