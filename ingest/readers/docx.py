"""Word files: the XML is walked, because shorter ways lose ruby, text boxes and tracked insertions.

One block a paragraph, computed list numbers included ('第1条　…'); a table is one block; a one-column table is a
frame and yields its paragraphs. Footnotes follow the paragraph that refers to them (tag 'footnote'), text boxes the
paragraph that holds them (tag 'textbox'), headers and footers stand once at the end (tags 'header', 'footer').
Insertions are read and marked; deletions, comments and text that nobody can see are not read; each is counted in a warning.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from lxml import etree

from ingest.readers.docx_styles import Ground, child, read_styles, shade, value
from ingest.readers.docx_words import DROPPED, Reading, Words, first_choice, gather
from ingest.readers.limits import attribute, local, open_package, parse_xml, read_part
from ingest.readers.numbering import read_numbering
from ingest.readers.source import Source
from ingest.readers.tables import Cell, table_block
from ingest.readers.titles import choose_title
from rag.domain import Block, Document

_PAGE_NUMBER = re.compile(r"^[\s\d/／\-－―—–‐()（）ページ頁]*$")


def read(source: Source) -> Document:
    """Read a Word file."""
    with open_package(source) as package:
        main = _main_part(package, source)
        root = parse_xml(read_part(package, main, source), source)
        folder = posixpath.dirname(main)
        reading = Reading(
            styles=read_styles(_optional(package, f"{folder}/styles.xml", source)),
            numbering=read_numbering(_optional(package, f"{folder}/numbering.xml", source)),
            notes=_notes(package, folder, source),
        )
        ground = Ground(colour="" if child(root, "background") is not None else "FFFFFF")
        blocks = [block for body in root if local(body) == "body" for block in _blocks(body, reading, ground)]
        blocks += _margins(package, folder, reading, source)
        comments = _comments(package, folder, source)
        external = _external_template(package, folder, source)
        title = _property_title(package, source)
    return Document(
        path=source.name,
        title=choose_title(blocks, source.stem, candidates=[title]),
        blocks=tuple(blocks),
        warnings=(*_warnings(reading.counts), *comments, *external),
    )


def _main_part(package: zipfile.ZipFile, source: Source) -> str:
    names = package.namelist()
    if "word/document.xml" in names:
        return "word/document.xml"
    if "_rels/.rels" in names:
        for relation in parse_xml(package.read("_rels/.rels"), source):
            target = (relation.get("Target") or "").lstrip("/")
            if (relation.get("Type") or "").endswith("/officeDocument") and target in names:
                return target
    raise source.error("Wordの本文が入っていません。Wordで開いて保存し直してください。")


def _optional(package: zipfile.ZipFile, name: str, source: Source) -> etree._Element | None:
    """Parse a part that a document may lack; None: it lacks it."""
    return parse_xml(read_part(package, name, source), source) if name in package.namelist() else None


def _notes(package: zipfile.ZipFile, folder: str, source: Source) -> dict[tuple[str, str], etree._Element]:
    notes: dict[tuple[str, str], etree._Element] = {}
    for kind in ("footnote", "endnote"):
        root = _optional(package, f"{folder}/{kind}s.xml", source)
        for note in () if root is None else root:
            if local(note) == kind and (attribute(note, "type") or "normal") == "normal":
                notes[kind, attribute(note, "id") or ""] = note
    return notes


def _margins(package: zipfile.ZipFile, folder: str, reading: Reading, source: Source) -> Iterator[Block]:
    """Yield each header and footer text once, page numbers left out."""
    seen: set[str] = set()
    for name in sorted(package.namelist()):
        kind = re.match(rf"{re.escape(folder)}/(header|footer)\d*\.xml$", name)
        if not kind:
            continue
        for block in _blocks(parse_xml(read_part(package, name, source), source), reading, Ground()):
            if not _PAGE_NUMBER.match(block.text) and block.text not in seen:
                seen.add(block.text)
                yield replace(block, heading=0, number="", tag=kind.group(1))


def _comments(package: zipfile.ZipFile, folder: str, source: Source) -> tuple[str, ...]:
    root = _optional(package, f"{folder}/comments.xml", source)
    count = 0 if root is None else sum(1 for one in root if "".join(map(str, one.itertext())).strip())
    if not count:
        return ()
    return (f"コメントが{count}個あります。本文ではないので読んでいません。要らなければ消して保存し直してください。",)


def _external_template(package: zipfile.ZipFile, folder: str, source: Source) -> tuple[str, ...]:
    for name in (f"{folder}/_rels/document.xml.rels", f"{folder}/_rels/settings.xml.rels"):
        root = _optional(package, name, source)
        for relation in () if root is None else root:
            if relation.get("TargetMode") == "External" and (relation.get("Type") or "").endswith("/attachedTemplate"):
                return ("外部のテンプレートを参照しています（接続はしていません）。入手元を確かめてください。",)
    return ()


def _property_title(package: zipfile.ZipFile, source: Source) -> str:
    root = _optional(package, "docProps/core.xml", source)
    title = child(root, "title")
    return "" if title is None else title.text or ""


def _blocks(container: etree._Element, reading: Reading, ground: Ground) -> Iterator[Block]:
    for element in container:
        name = local(element)
        if name == "p":
            yield from _paragraph(element, reading, ground)
        elif name == "tbl":
            yield from _table(element, reading, ground)
        elif name == "altChunk":
            reading.counts["chunk"] += 1
        elif name == "AlternateContent":
            yield from _blocks(first_choice(element), reading, ground)
        elif name in ("del", "moveFrom"):
            reading.counts["deleted"] += 1
        elif name not in DROPPED and name != "sectPr":
            yield from _blocks(element, reading, ground)


def _paragraph(element: etree._Element, reading: Reading, ground: Ground) -> Iterator[Block]:
    gathered = Words()
    gather(element, gathered, reading, paragraph=element, ground=ground)
    text = "".join(gathered.words)
    label = ""
    if text.strip():
        label = reading.numbering.label(*reading.styles.list_of(element))
        heading, tag = reading.styles.heading(element), reading.styles.tag(element)
        words = f"{label}{text.rstrip() if label else _trim(text)}"
        yield Block(text=words, heading=heading, tag=tag, hidden_text=gathered.is_inserted)
    for kind, number in gathered.notes:
        note = reading.notes.get((kind, number))
        if note is not None:
            held = list(_blocks(note, reading, ground))
            words = "\n".join(block.text.strip() for block in held)
            if words.strip():
                yield Block(text=words, tag="footnote", number=number, hidden_text=_any_hidden(held))
    for box in gathered.boxes:
        for block in _blocks(box, reading, Ground(colour="")):
            reading.counts["box"] += 1
            yield replace(block, heading=0, number="", tag=block.tag or "textbox")


def _trim(text: str) -> str:
    return text.rstrip().strip("\n\t ")


def _table(table: etree._Element, reading: Reading, ground: Ground) -> Iterator[Block]:
    if reading.styles.paints(table):
        ground = Ground(colour="")
    rows = list(_unwrapped(table, "tr"))
    lines = [row for row in rows if child(child(row, "trPr"), "del") is None]
    inserted = sum(1 for row in lines if child(child(row, "trPr"), "ins") is not None)
    reading.counts["deleted"] += len(rows) - len(lines)
    reading.counts["inserted"] += inserted
    laid = [_row_cells(line) for line in lines]
    if max((column + width for row in laid for _, column, width, _ in row), default=0) <= 1:
        for row in laid:
            for cell, _, _, _ in row:
                for block in _blocks(cell, reading, _cell_ground(cell, ground)):
                    yield replace(block, hidden_text=True) if inserted else block
        return
    cells: list[Cell] = []
    hidden = inserted > 0
    open_cells: dict[int, int] = {}
    for number, row in enumerate(laid):
        for cell, column, width, merge in row:
            above = open_cells.get(column)
            if merge == "continue" and above is not None:
                before = cells[above]
                cells[above] = Cell(
                    text=before.text, row=before.row, column=column, height=number - before.row + 1, width=before.width
                )
                continue
            blocks = list(_blocks(cell, reading, _cell_ground(cell, ground)))
            hidden |= _any_hidden(blocks)
            text = "\n".join(block.text for block in blocks)
            open_cells[column] = len(cells)
            cells.append(Cell(text=text, row=number, column=column, width=width))
    if any(cell.text.strip() for cell in cells):
        yield replace(table_block(cells), hidden_text=hidden)


def _any_hidden(blocks: Iterable[Block]) -> bool:
    return any(block.hidden_text for block in blocks)


def _row_cells(row: etree._Element) -> list[tuple[etree._Element, int, int, str]]:
    """Return the cells of a row with column, width and vertical merge ('', 'restart', 'continue')."""
    before = value(child(child(row, "trPr"), "gridBefore"))
    column = int(before) if before.isdigit() else 0
    found = []
    for cell in _unwrapped(row, "tc"):
        properties = child(cell, "tcPr")
        span = value(child(properties, "gridSpan"))
        width = min(int(span), 500) if span.isdigit() and int(span) > 0 else 1
        merge = child(properties, "vMerge")
        found.append((cell, column, width, "" if merge is None else value(merge) or "continue"))
        column += width
    return found


def _unwrapped(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """Yield children of that name, also from inside content controls."""
    for one in element:
        if local(one) == name:
            yield one
        elif local(one) in ("sdt", "sdtContent", "customXml", "ins"):
            yield from _unwrapped(one, name)


def _cell_ground(cell: etree._Element, ground: Ground) -> Ground:
    colour = shade(child(cell, "tcPr"))
    return ground if colour is None else Ground(colour=colour)


def _warnings(counts: Counter[str]) -> Iterator[str]:
    if counts["hidden characters"]:
        yield (
            f"見えない文字（非表示、背景と同じ色、1ポイント以下）を{counts['hidden places']}か所、"
            f"{counts['hidden characters']}文字見つけ、本文から除きました。作成者に確かめてください。"
        )
    if counts["inserted"] or counts["deleted"]:
        yield (
            f"変更履歴が残っています（挿入{counts['inserted']}か所は本文として読み、削除{counts['deleted']}か所は除きました）。"
            "確定した版か確かめてください。"
        )
    if counts["box"]:
        yield f"テキストボックスの中の段落を{counts['box']}個、本文として読みました。位置と見え方を確かめてください。"
    if counts["chunk"]:
        yield f"埋め込まれた別の文書{counts['chunk']}個の中身は読んでいません。Wordで開いて保存し直してください。"
