"""PowerPoint files: one block a paragraph, `page` is the slide's number, its title a heading of level 1.

Tables are blocks with rows; speaker notes follow their slide with tag 'notes'; hidden slides are left out and named.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator

from lxml import etree

from ingest.readers.limits import attribute, local, open_package, parse_xml, read_part
from ingest.readers.source import Source
from ingest.readers.tables import Cell, table_block
from ingest.readers.titles import choose_title
from rag.domain import Block, Document

_TITLES = ("title", "ctrTitle")
_MOST_SPAN = 200
_FURNITURE = ("sldNum", "dt", "ftr", "hdr", "sldImg")


def read(source: Source) -> Document:
    """Read a presentation."""
    blocks: list[Block] = []
    hidden: list[int] = []
    with open_package(source) as package:
        for number, name in enumerate(_slides(package, source), 1):
            root = parse_xml(read_part(package, name, source), source)
            if attribute(root, "show") in ("0", "false"):
                hidden.append(number)
                continue
            blocks += _shapes(root, number, tag="")
            for note in _related(package, name, "/notesSlide", source):
                blocks += _shapes(parse_xml(read_part(package, note, source), source), number, tag="notes")
    warnings: tuple[str, ...] = ()
    if hidden:
        shown = "、".join(map(str, hidden))
        warnings = (f"非表示のスライド（{shown}枚目）は読んでいません。読ませるには、再表示して保存し直してください。",)
    return Document(path=source.name, title=choose_title(blocks, source.stem), blocks=tuple(blocks), warnings=warnings)


def _slides(package: zipfile.ZipFile, source: Source) -> list[str]:
    """Return the slides' parts in the order of the show."""
    main = "ppt/presentation.xml"
    targets = _relations(package, main, source)
    root = parse_xml(read_part(package, main, source), source)
    order = [attribute_in(element, "relationships", "id") for element in root.iter() if local(element) == "sldId"]
    return [targets[key][1] for key in order if key in targets and targets[key][1] in package.namelist()]


def attribute_in(element: etree._Element, namespace: str, name: str) -> str:
    """Return an attribute whose namespace contains a word; '' where it is absent."""
    return next(
        (
            str(value)
            for key, value in element.attrib.items()
            if namespace in str(key) and str(key).endswith(f"}}{name}")
        ),
        "",
    )


def _relations(package: zipfile.ZipFile, part: str, source: Source) -> dict[str, tuple[str, str]]:
    """Return type and target of each relation of a part, by id; outside targets are left out."""
    folder, name = posixpath.split(part)
    rels = f"{folder}/_rels/{name}.rels"
    if rels not in package.namelist():
        return {}
    found = {}
    for relation in parse_xml(read_part(package, rels, source), source):
        if relation.get("TargetMode") != "External":
            target = relation.get("Target") or ""
            inside = (
                target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            )
            found[relation.get("Id") or ""] = (relation.get("Type") or "", inside)
    return found


def _related(package: zipfile.ZipFile, part: str, kind: str, source: Source) -> list[str]:
    relations = _relations(package, part, source).values()
    return [target for type_, target in relations if type_.endswith(kind) and target in package.namelist()]


def _shapes(root: etree._Element, slide: int, *, tag: str) -> Iterator[Block]:
    for element in root:
        name = local(element)
        if name == "sp":
            yield from _shape(element, slide, tag=tag)
        elif name == "tbl":
            yield from _table(element, slide)
        elif name == "AlternateContent":
            yield from _shapes(next(iter(element), element), slide, tag=tag)
        elif name not in ("txBody", "extLst"):
            yield from _shapes(element, slide, tag=tag)


def _shape(shape: etree._Element, slide: int, *, tag: str) -> Iterator[Block]:
    kind = next((attribute(one, "type") or "body" for one in shape.iter() if local(one) == "ph"), "")
    hidden = any(local(one) == "cNvPr" and attribute(one, "hidden") in ("1", "true") for one in shape.iter())
    if kind in _FURNITURE or hidden:
        return
    lines = [text for text in map(_paragraph, (one for one in shape.iter() if local(one) == "p")) if text.strip()]
    if kind in _TITLES and lines and not tag:
        yield Block(text="\n".join(lines), page=slide, heading=1)
        return
    for line in lines:
        yield Block(text=line, page=slide, tag=tag)


def _paragraph(paragraph: etree._Element) -> str:
    parts = []
    for one in paragraph.iter():
        if local(one) == "t":
            parts.append(one.text or "")
        elif local(one) == "br":
            parts.append("\n")
    return re.sub(r"[\v\r]", "\n", "".join(parts)).strip(" \t\n")


def _table(table: etree._Element, slide: int) -> Iterator[Block]:
    cells: list[Cell] = []
    rows = [row for row in table if local(row) == "tr"]
    for number, row in enumerate(rows):
        for column, cell in enumerate(one for one in row if local(one) == "tc"):
            if attribute(cell, "hMerge") in ("1", "true") or attribute(cell, "vMerge") in ("1", "true"):
                continue
            text = "\n".join(filter(None, (_paragraph(one) for one in cell.iter() if local(one) == "p")))
            height = min(_span(cell, "rowSpan"), len(rows) - number)
            cells.append(Cell(text=text, row=number, column=column, height=height, width=_span(cell, "gridSpan")))
    if any(cell.text for cell in cells):
        yield table_block(cells, page=slide)


def _span(cell: etree._Element, name: str) -> int:
    value = attribute(cell, name) or ""
    return min(_MOST_SPAN, int(value)) if value.isascii() and value.isdigit() and int(value) else 1
