"""What stands on a PDF page: its characters with their places, its ruled lines, its images."""

from __future__ import annotations

from collections.abc import Iterator
from ctypes import byref, c_double, c_float, c_int, c_uint, c_void_p, cast
from dataclasses import dataclass, field
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

Box = tuple[float, float, float, float]
"""Left, top, right, bottom; the origin is the upper left corner and y grows downwards."""
Matrix = tuple[float, float, float, float, float, float]

_MOST_OBJECTS = 50_000
_MOST_SEGMENTS = 2_000
_DEPTH = 6
_TINY = 1.05
"""Points: letters no higher than this cannot be read."""
_LIGHT = 0xF0
_UNSEEN_MODES = (raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP)
_IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)
_THIN = 2.0


@dataclass(slots=True, kw_only=True)
class Char:
    """One character in the order of the page's text."""

    text: str
    box: Box | None
    """As wide as the letter's place in the line, as high as its ink; None: the engine made it up (a space, a line end)."""
    size: float = 0.0
    """Height of the letters' line as shown."""
    owner: int = 0
    """Address of the text object; 0 where it was not asked for."""


@dataclass(slots=True, kw_only=True)
class Drawing:
    """What a page's objects say beyond its text."""

    edges: list[Box] = field(default_factory=list)
    """Horizontal and vertical rules."""
    invisible: set[int] = field(default_factory=set)
    """Text objects that paint nothing: also the way in which scanners store recognised text."""
    tiny: set[int] = field(default_factory=set)
    light: set[int] = field(default_factory=set)
    """Text objects in white or nearly so: hidden unless something dark lies behind."""
    image_share: float = 0.0
    """Share of the page under its largest image."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """How a page's own coordinates become upright ones."""

    left: float
    bottom: float
    width: float
    height: float
    """Width and height before turning."""
    turn: int
    """Degrees clockwise by which the page is shown turned."""

    def place(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        """Turn a box with the origin below left into one with the origin above left, as shown."""
        left, right, low, high = x0 - self.left, x1 - self.left, y0 - self.bottom, y1 - self.bottom
        if left > right:
            left, right = right, left
        if low > high:
            low, high = high, low
        if self.turn == 90:
            return (low, left, high, right)
        if self.turn == 180:
            return (self.width - right, low, self.width - left, high)
        if self.turn == 270:
            return (self.height - high, self.width - right, self.height - low, self.width - left)
        return (left, self.height - high, right, self.height - low)

    @property
    def shown(self) -> tuple[float, float]:
        """Return width and height as shown."""
        return (self.height, self.width) if self.turn in (90, 270) else (self.width, self.height)


def frame_of(page: pdfium.PdfPage) -> Frame:
    """Return the visible frame of a page; its boxes may be inherited from the pages' tree, and are cut to each other."""
    left, bottom, right, top = page.get_bbox()
    return Frame(left=left, bottom=bottom, width=right - left, height=top - bottom, turn=page.get_rotation() % 360)


def read_chars(page: pdfium.PdfPage, frame: Frame, *, owners: bool) -> list[Char]:
    """Return the page's characters; `owners` also asks to which text object each belongs."""
    textpage = page.get_textpage()
    try:
        handle: Any = textpage.raw
        return list(_chars(handle, frame, owners=owners))
    finally:
        textpage.close()


def _chars(handle: Any, frame: Frame, *, owners: bool) -> Iterator[Char]:
    # A page has thousands of characters: the engine's functions are looked up, and the places for its answers made, once.
    box_of, loose_box_of = raw.FPDFText_GetCharBox, raw.FPDFText_GetLooseCharBox
    is_made_up, owner_of = raw.FPDFText_IsGenerated, raw.FPDFText_GetTextObject
    left, right, bottom, top, loose = c_double(), c_double(), c_double(), c_double(), raw.FS_RECTF()
    edges, loose_edges = (byref(left), byref(right), byref(bottom), byref(top)), byref(loose)
    sideways, place = frame.turn in (90, 270), frame.place
    for index, code in _codes(handle):
        if code in (10, 13) or is_made_up(handle, index) == 1:
            yield Char(text=chr(code), box=None)
            continue
        box_of(handle, index, *edges)
        owner = _address(owner_of(handle, index)) if owners else 0
        loose_box_of(handle, index, loose_edges)
        if sideways:
            size = abs(loose.right - loose.left)
            box = place(left.value, loose.bottom, right.value, loose.top)
        else:
            size = abs(loose.top - loose.bottom)
            box = place(loose.left, bottom.value, loose.right, top.value)
        yield Char(text=chr(code), box=box, size=size, owner=owner)


def _codes(handle: Any) -> Iterator[tuple[int, int]]:
    """Yield position and code point of the page's characters; a pair of surrogates stands at its second one."""
    code_of = raw.FPDFText_GetUnicode
    high = 0
    for index in range(raw.FPDFText_CountChars(handle)):
        code = code_of(handle, index)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else 0xFFFD
        high = 0
        # 2 is a hyphen at a line end; 0 and the others are glyphs without a character.
        if code not in (0, 2, 0xFFFE, 0xFFFF):
            yield index, code


def read_drawing(page: pdfium.PdfPage, frame: Frame, *, edges: bool = True) -> Drawing:
    """Look through the page's objects, those inside forms too; `edges` also gathers its rules."""
    drawing = Drawing()
    area = max(1.0, frame.width * frame.height)
    for count, (handle, matrix) in enumerate(_objects(page)):
        if count > _MOST_OBJECTS:
            break
        kind = raw.FPDFPageObj_GetType(handle)
        if kind == raw.FPDF_PAGEOBJ_PATH and edges:
            drawing.edges += [frame.place(*edge) for edge in _edges(handle, matrix)]
        elif kind == raw.FPDF_PAGEOBJ_TEXT:
            _judge_text(handle, matrix, drawing)
        elif kind == raw.FPDF_PAGEOBJ_IMAGE:
            a, b, c, d, _, _ = _times(_matrix(handle), matrix)
            drawing.image_share = max(drawing.image_share, abs(a * d - b * c) / area)
    return drawing


def _objects(page: pdfium.PdfPage) -> Iterator[tuple[Any, Matrix]]:
    handle: Any = page.raw
    stack = [
        (raw.FPDFPage_GetObject(handle, at), _IDENTITY, 0) for at in reversed(range(raw.FPDFPage_CountObjects(handle)))
    ]
    while stack:
        one, matrix, depth = stack.pop()
        if raw.FPDFPageObj_GetType(one) == raw.FPDF_PAGEOBJ_FORM:
            if depth < _DEPTH and len(stack) < _MOST_OBJECTS:
                inner = _times(_matrix(one), matrix)
                count = raw.FPDFFormObj_CountObjects(one)
                stack += [
                    (raw.FPDFFormObj_GetObject(one, at), inner, depth + 1) for at in reversed(range(max(0, count)))
                ]
        else:
            yield one, matrix


def _judge_text(handle: Any, matrix: Matrix, drawing: Drawing) -> None:
    address = _address(handle)
    size = c_float()
    raw.FPDFTextObj_GetFontSize(handle, byref(size))
    _, _, c, d, _, _ = _times(_matrix(handle), matrix)
    if size.value * (c * c + d * d) ** 0.5 <= _TINY:
        drawing.tiny.add(address)
    if raw.FPDFTextObj_GetTextRenderMode(handle) in _UNSEEN_MODES:
        drawing.invisible.add(address)
        return
    red, green, blue, alpha = c_uint(), c_uint(), c_uint(), c_uint()
    if raw.FPDFPageObj_GetFillColor(handle, byref(red), byref(green), byref(blue), byref(alpha)):
        if alpha.value == 0:
            drawing.invisible.add(address)
        elif min(red.value, green.value, blue.value) >= _LIGHT:
            drawing.light.add(address)


def _edges(handle: Any, matrix: Matrix) -> Iterator[Box]:
    """Yield the horizontal and vertical strokes of a path, and thin filled bars as strokes."""
    count = raw.FPDFPath_CountSegments(handle)
    if not 0 < count <= _MOST_SEGMENTS:
        return
    fill, stroke = c_int(), c_int()
    raw.FPDFPath_GetDrawMode(handle, byref(fill), byref(stroke))
    if not fill.value and not stroke.value:
        return
    whole = _times(_matrix(handle), matrix)
    if not stroke.value:
        yield from _thin_bars(handle, whole, count)
        return
    x, y = c_float(), c_float()
    start = before = (0.0, 0.0)
    for at in range(count):
        segment = raw.FPDFPath_GetPathSegment(handle, at)
        raw.FPDFPathSegment_GetPoint(segment, byref(x), byref(y))
        point = _apply(whole, x.value, y.value)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == raw.FPDF_SEGMENT_LINETO:
            yield from _straight(before, point)
        if raw.FPDFPathSegment_GetClose(segment):
            yield from _straight(point, start)
        before = point


def _thin_bars(handle: Any, whole: Matrix, count: int) -> Iterator[Box]:
    x, y = c_float(), c_float()
    points: list[tuple[float, float]] = []
    for at in range(count):
        segment = raw.FPDFPath_GetPathSegment(handle, at)
        if raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_MOVETO:
            yield from _bar(points)
            points = []
        raw.FPDFPathSegment_GetPoint(segment, byref(x), byref(y))
        points.append(_apply(whole, x.value, y.value))
    yield from _bar(points)


def _bar(points: list[tuple[float, float]]) -> Iterator[Box]:
    if len(points) < 3:
        return
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    low, high = min(y for _, y in points), max(y for _, y in points)
    if right - left <= _THIN < high - low:
        yield ((left + right) / 2, low, (left + right) / 2, high)
    elif high - low <= _THIN < right - left:
        yield (left, (low + high) / 2, right, (low + high) / 2)


def _straight(one: tuple[float, float], other: tuple[float, float]) -> Iterator[Box]:
    across, along = abs(one[0] - other[0]), abs(one[1] - other[1])
    if min(across, along) <= 1.0 < max(across, along):
        yield (one[0], one[1], other[0], other[1])


def _matrix(handle: Any) -> Matrix:
    found = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(handle, byref(found)):
        return _IDENTITY
    return (found.a, found.b, found.c, found.d, found.e, found.f)


def _times(one: Matrix, other: Matrix) -> Matrix:
    """Compose two transformations, `one` first."""
    a, b, c, d, e, f = one
    p, q, r, s, t, u = other
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def _apply(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return (a * x + c * y + e, b * x + d * y + f)


def _address(pointer: Any) -> int:
    return cast(pointer, c_void_p).value or 0 if pointer else 0
