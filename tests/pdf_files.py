"""PDF files for tests, written byte by byte."""

from __future__ import annotations

from collections.abc import Sequence

A4 = "/MediaBox [0 0 595 842]"


def words(text: str, x: float, y: float, size: float = 10.5, before: str = "") -> str:
    """Show text at a place; the origin is below left."""
    return f"BT {before} /F1 {size} Tf 1 0 0 1 {x} {y} Tm <{text.encode('utf-16-be').hex()}> Tj ET\n"


def lines(*texts: str, top: float = 780, left: float = 70, pitch: float = 18) -> str:
    return "".join(words(text, left, top - at * pitch) for at, text in enumerate(texts))


def build(pages: Sequence[str], *, box: str = A4, crop: str = "", tree: str = "", extra: Sequence[bytes] = ()) -> bytes:
    """Write a PDF whose font is the engine's own Japanese one; `box` and `crop` stand at each page, `tree` above them."""
    first = 6
    kids = " ".join(f"{first + 2 * at} 0 R" for at in range(len(pages)))
    system = b"/CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) /Supplement 6 >>"
    measures = b"/ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 700 /StemV 80"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} {tree} >>".encode(),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /Ryumin-Light /Encoding /UniJIS-UTF16-H /DescendantFonts [4 0 R] >>",
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /Ryumin-Light /FontDescriptor 5 0 R /DW 1000 %s >>" % system,
        b"<< /Type /FontDescriptor /FontName /Ryumin-Light /Flags 4 /FontBBox [0 -120 1000 880] %s >>" % measures,
    ]
    for at, content in enumerate(pages):
        body = content.encode()
        objects.append(
            f"<< /Type /Page /Parent 2 0 R {box} {crop} /Contents {first + 2 * at + 1} 0 R"
            f" /Resources << /Font << /F1 3 0 R >> /XObject << /I1 {first + 2 * len(pages)} 0 R >> >> >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(body), body))
    objects.append(
        b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 1 >>\n"
        b"stream\n\xee\nendstream"
    )
    objects += extra
    out, offsets = bytearray(b"%PDF-1.7\n"), []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return bytes(out) + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)


def grid(left: float, top: float, columns: Sequence[float], rows: Sequence[float]) -> str:
    right, bottom = left + sum(columns), top - sum(rows)
    ys = [top - sum(rows[:at]) for at in range(len(rows) + 1)]
    xs = [left + sum(columns[:at]) for at in range(len(columns) + 1)]
    level = "".join(f"{left} {y} m {right} {y} l S\n" for y in ys)
    return level + "".join(f"{x} {top} m {x} {bottom} l S\n" for x in xs)
