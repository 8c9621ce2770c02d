"""e-Gov 法令標準XML, both as a file (root Law) and as an answer of the law API (root DataRoot).

One block for each 条見出し, 条 with its first 項, further 項, 号 and its subdivisions, in the order of the law.
`tag` and `number` come from the mark-up; `number` is the Num attribute ('12_2' for 第十二条の二, '73:76' for a range).

- 'article': text '第一条　この法律は…' (title and first paragraph); 'paragraph': text '２　…'.
- 'item' is 号; 'subitem1', 'subitem2' … are イロハ and below.
- 'supplement': text '附　則（平成六年法律第一号）　抄', number = that amending law's number ('' for the original 附則).
  Every article or paragraph up to the next 'supplement' or 'appendix_*' block belongs to it.
- 'appendix_table', 'appendix_style': the title of a 別表 or 様式; what follows up to the next one is its content.
- 'caption' is 条見出し or 項見出し; 'toc' a line of the 目次; 'table' a table with its rows filled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from lxml import etree

from ingest.readers.limits import attribute, local, parse_xml
from ingest.readers.source import Source
from ingest.readers.tables import Cell, table_block
from rag.domain import Block, Document, Kind

_HEADINGS = {"Part": 2, "Chapter": 3, "Section": 4, "Subsection": 5, "Division": 6}
_MOST_SPAN = 200
_SPACED = frozenset({"Column"})
_DROPPED = frozenset({"Rt", "SuffixRt"})
_APPENDIX_STYLES = ("AppdxStyle", "AppdxFormat", "SupplProvisionAppdxStyle")
_CONTAINERS = frozenset(
    "MainProvision LawBody List ListSentence Sublist1 Sublist2 Sublist3 Class StyleStruct FormatStruct NoteStruct Style"
    " Format Note Remarks FigStruct Preamble".split()
)
_NOTES = frozenset({"RelatedArticleNum"})


def read(source: Source) -> Document:
    """Read a law; raises DocumentError for XML of another kind."""
    root = parse_xml(source.read_bytes(), source)
    law = root if local(root) == "Law" else next((one for one in root.iter() if local(one) == "Law"), None)
    if law is None:
        raise source.error(
            f"法令標準XMLではありません（最上位は {local(root)}）。法令のXMLか、Word・PDFなどの形で出し直してください。"
        )
    blocks = tuple(block for block in _law(law) if block.text.strip())
    title = next((block.text for block in blocks if block.tag == "title"), source.stem)
    return Document(path=source.name, title=title, blocks=blocks, kind_hint=Kind.RULES)


def _law(law: etree._Element) -> Iterator[Block]:
    number = Block(text="", tag="number")
    for element in law:
        if local(element) == "LawNum":
            number = Block(text=_text(element), tag="number")
        elif local(element) == "LawBody":
            title = next((child for child in element if local(child) == "LawTitle"), None)
            if title is not None:
                yield Block(text=_text(title), heading=1, tag="title")
            yield number
            for child in element:
                if child is not title:
                    yield from _node(child)


def _node(element: etree._Element) -> Iterator[Block]:
    """Turn one element into its blocks; an element of unknown name yields its text, so that nothing is lost."""
    name = local(element)
    reader = _READERS.get(name)
    if reader is not None:
        yield from reader(element)
    elif name.startswith("Subitem"):
        yield from _item(element)
    elif name.startswith(("Appdx", "SupplProvisionAppdx")):
        yield from _appendix(element)
    elif name in _CONTAINERS:
        yield from _inside(element, tag="preamble" if name == "Preamble" else "")
    elif name:
        yield Block(text=_text(element), tag=_tag(name))


def _tag(name: str) -> str:
    if name == "EnactStatement":
        return "enact"
    return "caption" if name.endswith("Caption") else ""


def _inside(element: etree._Element, *, tag: str = "") -> Iterator[Block]:
    """Go into a container; one whose own words stand beside its children is taken as a whole."""
    children = [child for child in element if local(child)]
    if (
        (element.text or "").strip()
        or not children
        or all(local(child) in ("Sentence", "Column") for child in children)
    ):
        yield Block(text=_text(element), tag=tag)
        return
    for child in children:
        for block in _node(child):
            yield Block(
                text=block.text, rows=block.rows, heading=block.heading, tag=block.tag or tag, number=block.number
            )


def _division(element: etree._Element) -> Iterator[Block]:
    name = local(element)
    for child in element:
        if local(child) == f"{name}Title":
            yield Block(text=_text(child), heading=_HEADINGS[name], tag=name.lower(), number=element.get("Num") or "")
        else:
            yield from _node(child)


def _article(element: etree._Element) -> Iterator[Block]:
    title, first = "", True
    for child in element:
        name = local(child)
        if name == "ArticleCaption":
            yield Block(text=_text(child), tag="caption")
        elif name == "ArticleTitle":
            title = _text(child)
        elif name == "Paragraph":
            lead = Block(text=title, tag="article", number=element.get("Num") or "")
            yield from _paragraph(child, lead=title) if not first else _first_paragraph(child, lead)
            first = False
        else:
            yield from _node(child)
    if first and title:
        yield Block(text=title, tag="article", number=element.get("Num") or "")


def _first_paragraph(element: etree._Element, lead: Block) -> Iterator[Block]:
    blocks = _paragraph(element, lead=lead.text)
    for block in blocks:
        if block.tag == "paragraph":
            yield Block(text=block.text, tag="article", number=lead.number)
            break
        yield block
    yield from blocks


def _paragraph(element: etree._Element, *, lead: str = "") -> Iterator[Block]:
    """Yield a 項 and what stands under it; `lead` is the article's title before its first 項."""
    number = element.get("Num") or ""
    heads, sentence, rest = [lead] if lead else [], "", []
    for child in element:
        name = local(child)
        if name == "ParagraphCaption":
            yield Block(text=_text(child), tag="caption")
        elif name == "ParagraphNum":
            if not lead or number != "1":
                heads = [_text(child)]
        elif name == "ParagraphSentence":
            sentence = _text(child)
        else:
            rest.append(child)
    yield Block(text="　".join(part for part in (*heads, sentence) if part), tag="paragraph", number=number)
    for child in rest:
        yield from _node(child)


def _item(element: etree._Element) -> Iterator[Block]:
    name = local(element)
    words, rest = [], []
    for child in element:
        if local(child) in (f"{name}Title", f"{name}Sentence"):
            words.append(_text(child))
        else:
            rest.append(child)
    yield Block(text="　".join(filter(None, words)), tag=name.lower(), number=element.get("Num") or "")
    for child in rest:
        yield from _node(child)


def _toc(element: etree._Element) -> Iterator[Block]:
    for child in element:
        nested = [inner for inner in child if local(inner).startswith("TOC")]
        own = "".join(_text(inner) for inner in child if inner not in nested) if len(child) else _text(child)
        if own:
            yield Block(text=own, tag="toc", number=child.get("Num") or "")
        if nested:
            holder = etree.Element("TOC")
            holder.extend([etree.fromstring(etree.tostring(inner, with_tail=False)) for inner in nested])
            yield from _toc(holder)


def _supplement(element: etree._Element) -> Iterator[Block]:
    number = element.get("AmendLawNum") or ""
    labelled = False
    for child in element:
        if local(child) == "SupplProvisionLabel":
            yield Block(text=_supplement_label(_text(child), element), heading=2, tag="supplement", number=number)
            labelled = True
            continue
        if not labelled:
            yield Block(text=_supplement_label("附則", element), heading=2, tag="supplement", number=number)
            labelled = True
        yield from _node(child)


def _supplement_label(label: str, element: etree._Element) -> str:
    number = element.get("AmendLawNum") or ""
    extract = "　抄" if element.get("Extract") == "true" and "抄" not in label else ""
    return f"{label}{f'（{number}）' if number and number not in label else ''}{extract}"


def _appendix(element: etree._Element) -> Iterator[Block]:
    name = local(element)
    tag = "appendix_style" if name.startswith(_APPENDIX_STYLES) else "appendix_table"
    titles = [child for child in element if local(child).endswith("Title") or local(child) in _NOTES]
    text = "".join(_text(child) for child in titles)
    if text:
        yield Block(text=text, heading=2, tag=tag, number=element.get("Num") or "")
    for child in element:
        if child not in titles:
            yield from _node(child)


def _table(element: etree._Element) -> Iterator[Block]:
    for child in element:
        yield from _rows(child) if local(child) == "Table" else _node(child)


def _rows(table: etree._Element) -> Iterator[Block]:
    cells: list[Cell] = []
    taken: set[tuple[int, int]] = set()
    lines = [row for row in table if local(row) in ("TableRow", "TableHeaderRow")]
    for row, line in enumerate(lines):
        column = 0
        for child in line:
            if local(child) not in ("TableColumn", "TableHeaderColumn"):
                continue
            while (row, column) in taken:
                column += 1
            height = min(_span(child, "rowspan"), len(lines) - row)
            width = _span(child, "colspan")
            taken.update((row + down, column + right) for down in range(height) for right in range(width))
            text = "\n".join(block.text for block in _inside(child) if block.text)
            cells.append(Cell(text=text, row=row, column=column, height=height, width=width))
            column += width
    if cells:
        yield table_block(cells)


def _span(cell: etree._Element, name: str) -> int:
    value = attribute(cell, name) or ""
    return min(_MOST_SPAN, int(value)) if value.isascii() and value.isdigit() and int(value) else 1


def _text(element: etree._Element) -> str:
    """Join an element's words: sentences without a gap, columns by an ideographic space, ruby without its reading."""
    parts: list[str] = [(element.text or "").strip("\r\n\t ")]
    for child in element:
        name = local(child)
        if name and name not in _DROPPED:
            piece = _text(child)
            parts.append(f"　{piece}" if name in _SPACED and any(parts) and piece else piece)
        parts.append((child.tail or "").strip("\r\n\t "))
    return "".join(parts)


_READERS: Mapping[str, Callable[[etree._Element], Iterator[Block]]] = {
    **dict.fromkeys(_HEADINGS, _division),
    "Article": _article,
    "Paragraph": _paragraph,
    "Item": _item,
    "TOC": _toc,
    "SupplProvision": _supplement,
    "TableStruct": _table,
    "Table": _rows,
}
