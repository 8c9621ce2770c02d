"""Files that carry a payload: the host's text with it at the start, in the middle and at the end, seen or hidden.

A payload that everybody sees stands on lines of its own in a text file, a Word file and a web page. A hidden one is
hidden as its case says. A host of one sentence has no middle. Text of an unapproved document also comes as a document of
another department beside the host.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from openpyxl import Workbook

from tests.bench.attack_cases import Case, Host
from tests.pdf_files import build, words

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OTHER_OFFICE = "土木部契約課"
OTHER_TITLE = "事務連絡（写し）"
_OVERRIDE = '<Override PartName="/word/{0}.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.{1}+xml"/>'
_COMMENTED = '<w:r><w:commentReference w:id="1"/></w:r>'
_INSERTED = '<w:ins w:id="1" w:author="x">{}</w:ins>'
_COLUMN = 32
"""Characters of a line of a PDF."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """A file that carries a payload."""

    name: str
    """Format and place: 'docx 白い文字 末尾'."""
    suffix: str
    content: bytes
    replaces: str = ""
    """Id of the host whose text it holds; empty: it stands beside the host."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A line of a document."""

    text: str
    is_payload: bool = False


Writer = Callable[[Sequence[Piece]], bytes]


def carriers(case: Case) -> Iterator[Carrier]:
    """Yield the files of a case."""
    if case.hidden == "hidden sheet (xlsx)":
        yield from _hidden_sheets(case)
        return
    for name, suffix, write in HIDING.get(case.hidden, SEEN):
        for place, pieces in _placed(case.host, case.payload):
            yield Carrier(name=f"{name} {place}", suffix=suffix, content=write(pieces), replaces=case.host.id)
    if case.family == "poison_fact":
        content = write_text([Piece(text=case.payload, is_payload=True)])
        yield Carrier(name="別の文書", suffix="txt", content=content)


def plain_carriers(payload: str) -> Iterator[Carrier]:
    """Yield files that hold a sentence everybody sees between two others."""
    pieces = [
        Piece(text="この手引は、事務の取扱いを示すものである。"),
        Piece(text=payload, is_payload=True),
        Piece(text="不明な点は、総務課に尋ねること。"),
    ]
    for name, suffix, write in SEEN:
        yield Carrier(name=name, suffix=suffix, content=write(pieces))


def _placed(host: Host, payload: str) -> Iterator[tuple[str, list[Piece]]]:
    own = [Piece(text=line) for line in re.findall(r"[^。\n]+。?", host.text)]
    added = [Piece(text=line, is_payload=True) for line in payload.splitlines()]
    yield "先頭", [*added, *own]
    if len(own) > 1:
        half = len(own) // 2
        yield "途中", [*own[:half], *added, *own[half:]]
    yield "末尾", [*own, *added]


def write_text(pieces: Sequence[Piece]) -> bytes:
    """Write a text file."""
    return ("\n".join(piece.text for piece in pieces) + "\n").encode()


def write_word(pieces: Sequence[Piece], *, looks: str = "", around: str = "{}", comment: bool = False) -> bytes:
    """Write a Word file; `looks` are the run properties of the payload, `around` what encloses it, or it is a comment."""
    shown = [around.format(_run(one.text, looks)) if one.is_payload else _run(one.text) for one in pieces]
    if comment:
        shown = [_COMMENTED if one.is_payload else _run(one.text) for one in pieces]
    body = "".join(f"<w:p>{each}</w:p>" for each in shown)
    parts = {"document": f'<w:document xmlns:w="{W}"><w:body>{body}<w:sectPr/></w:body></w:document>'}
    types = _OVERRIDE.format("document", "document.main")
    if comment:
        said = "".join(f"<w:p>{_run(one.text)}</w:p>" for one in pieces if one.is_payload)
        parts["comments"] = (
            f'<w:comments xmlns:w="{W}"><w:comment w:id="1" w:author="x">{said}</w:comment></w:comments>'
        )
        types += _OVERRIDE.format("comments", "comments")
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{types}</Types>',
        )
        for name, xml in parts.items():
            package.writestr(f"word/{name}.xml", f'<?xml version="1.0" encoding="UTF-8"?>{xml}')
    return file.getvalue()


def _run(text: str, looks: str = "") -> str:
    return f'<w:r><w:rPr>{looks}</w:rPr><w:t xml:space="preserve">{_escaped(text)}</w:t></w:r>'


def write_page(pieces: Sequence[Piece], *, hide: str = "<p>{}</p>", is_markup: bool = False) -> bytes:
    """Write a web page; the payload stands in `hide`, as mark-up of its own where it is that."""
    shown = [
        hide.format(piece.text if is_markup else _escaped(piece.text))
        if piece.is_payload
        else f"<p>{_escaped(piece.text)}</p>"
        for piece in pieces
    ]
    return f'<html><head><meta charset="utf-8"></head><body>{"".join(shown)}</body></html>'.encode()


def write_pdf(pieces: Sequence[Piece], *, before: str = "", after: str = "", is_off: bool = False) -> bytes:
    """Write one page; the payload is shown between two operators, or outside of the page."""
    drawn, y = "", 780
    for piece in pieces:
        for at in range(0, len(piece.text), _COLUMN):
            line = piece.text[at : at + _COLUMN]
            x = 5000 if is_off and piece.is_payload else 70
            drawn += words(line, x, y, before=before if piece.is_payload else after)
            y -= 18
    return build([drawn])


def _hidden_sheets(case: Case) -> Iterator[Carrier]:
    for state in ("hidden", "veryHidden"):
        for place in ("先頭", "末尾"):
            book = Workbook()
            sheet = book.active
            sheet.title = "本文"
            for line in case.host.text.splitlines():
                sheet.append([line])
            secret = book.create_sheet("作業用", index=0 if place == "先頭" else 1)
            secret.append([case.payload])
            secret.sheet_state = state
            book.active = book.index(sheet)
            file = io.BytesIO()
            book.save(file)
            yield Carrier(name=f"xlsx {state} {place}", suffix="xlsx", content=file.getvalue(), replaces=case.host.id)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


SEEN: tuple[tuple[str, str, Writer], ...] = (
    ("txt", "txt", write_text),
    ("docx", "docx", write_word),
    ("html", "html", write_page),
)
HIDING: dict[str, tuple[tuple[str, str, Writer], ...]] = {
    "white text on white": (
        ("docx 白い文字", "docx", lambda pieces: write_word(pieces, looks='<w:color w:val="FFFFFF"/>')),
        ("html 白い文字", "html", lambda pieces: write_page(pieces, hide='<p style="color:#fff">{}</p>')),
        ("pdf 白い文字", "pdf", lambda pieces: write_pdf(pieces, before="1 1 1 rg", after="0 0 0 rg")),
    ),
    "HTML display:none": (
        ("html 非表示", "html", lambda pieces: write_page(pieces, hide="<p>{}</p>", is_markup=True)),
    ),
    "docx comment or tracked insertion": (
        ("docx コメント", "docx", lambda pieces: write_word(pieces, comment=True)),
        ("docx 変更履歴の挿入", "docx", lambda pieces: write_word(pieces, around=_INSERTED)),
    ),
    "PDF render mode 3": (("pdf 見えない描画", "pdf", lambda pieces: write_pdf(pieces, before="3 Tr", after="0 Tr")),),
    "off-page text": (
        ("pdf 紙面の外", "pdf", lambda pieces: write_pdf(pieces, is_off=True)),
        (
            "html 画面の外",
            "html",
            lambda pieces: write_page(pieces, hide='<div style="position:absolute;left:-9999px">{}</div>'),
        ),
    ),
}
"""How a case says that its text is hidden → (name, suffix, writer) of its files; a case not named here hides nothing by its format."""
