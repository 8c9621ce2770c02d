"""Web pages, among them those of 例規 systems: one block a paragraph, list item, heading or line.

Ruby keeps its base text only; hidden elements are left out and counted; navigation is left out. Pages of the
widespread 例規 system whose body has the class 'joubun' are read from that body alone, and its classes become tags:
title, number, enact, caption, article, paragraph, item, supplement, part … division, appendix_table, appendix_style.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree, html

from ingest.readers.hidden_html import Rule, is_hidden, style_rules, styles_of
from ingest.readers.plain import decode_source, guess_warning
from ingest.readers.source import Source
from ingest.readers.tables import MOST_CELLS, Cell, TableTooLargeError, table_block
from ingest.readers.titles import choose_title
from rag.domain import Block, Document, Kind

_DROPPED = frozenset(
    {"script", "style", "head", "rt", "rp", "rtc", "nav", "iframe", "object", "svg", "button", "select"}
)
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img input ins kbd label mark q rb ruby s samp small"
    " span strike strong sub sup time tt u var wbr nobr o:p".split()
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_SPACE = re.compile(r"[ \t\r\n\f]+")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_WIDE = "\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef"
_WRAPPED = re.compile(rf"(?<=[{_WIDE}])[ \t]*[\r\n]+[ \t\r\n]*(?=[{_WIDE}])")
_MAX_SPAN = 1000
_REIKI = {
    "title-irregular": "title",
    "date": "number",
    "number": "number",
    "announcement": "enact",
    "front": "title",
    "preamble": "preamble",
    "part": "part",
    "chapter": "chapter",
    "section": "section",
    "subsection": "subsection",
    "division": "division",
    "article": "article",
    "clause": "paragraph",
    "item": "item",
    "s-head": "supplement",
    "table_section": "appendix_table",
    "form_section": "appendix_style",
    "toc": "toc",
}
_REIKI_HEADINGS = {"title": 1, "part": 2, "chapter": 3, "section": 4, "subsection": 5, "division": 6}


@dataclass(slots=True, kw_only=True)
class _Page:
    """What was gathered while walking the page."""

    rules: tuple[Rule, ...]
    reiki: bool
    blocks: list[Block] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    hidden_places: int = 0
    hidden_characters: int = 0

    def end_line(self, tag: str, heading: int) -> None:
        text = "".join(self.line).strip(" \t\r\n\f\u00a0")
        self.line.clear()
        if text.strip():
            level = heading or (_REIKI_HEADINGS.get(tag, 0) if self.reiki else 0)
            self.blocks.append(Block(text=text, heading=level, tag=tag))


def read(source: Source) -> Document:
    """Read a web page."""
    decoded = decode_source(source, hinted=True)
    text = _DECLARATION.sub("", decoded.text.replace("\0", ""))
    if not text.strip():
        raise source.error("中身がありません。元のページを保存し直してください。")
    try:
        page = html.document_fromstring(
            text, parser=html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True)
        )
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise source.error("HTMLとして読めません。元のページを保存し直してください。") from error
    body = _reiki_body(page)
    reiki = body is not None
    gathered = _Page(rules=style_rules(page), reiki=reiki)
    root = body if body is not None else page.find("body")
    _walk(page if root is None else root, gathered, tag="", heading=0)
    gathered.end_line("", 0)
    blocks = tuple(block for block in gathered.blocks if block.text)
    return Document(
        path=source.name,
        title=choose_title(blocks, source.stem, candidates=_title_candidates(page)),
        blocks=blocks,
        warnings=(*guess_warning(decoded), *_hidden_warning(gathered)),
        kind_hint=Kind.RULES if reiki else None,
    )


def _reiki_body(page: html.HtmlElement) -> html.HtmlElement | None:
    """Find the body of a rule in the pages of the 'joubun' system; None: another kind of page."""
    for element in page.iter("div"):
        if "joubun" in (element.get("class") or "").split():
            return element
    return None


def _title_candidates(page: html.HtmlElement) -> list[str]:
    title = _SPACE.sub(" ", page.findtext(".//title") or "").strip()
    return [title, *(part.strip() for part in re.split(r"[|｜:：]| [-–—] ", title))] if title else []


def _hidden_warning(page: _Page) -> tuple[str, ...]:
    if not page.hidden_characters:
        return ()
    found = f"{page.hidden_places}か所、{page.hidden_characters}文字"
    return (f"画面に見えない文字を{found}見つけ、本文から除きました。もとのページを確かめてください。",)


def _walk(element: html.HtmlElement, page: _Page, *, tag: str, heading: int) -> None:
    name = element.tag
    if not isinstance(name, str) or name in _DROPPED:
        return
    if is_hidden(element, styles_of(element, page.rules)):
        _count_hidden(element, page)
        return
    inner = _tag_of(element, tag) if page.reiki else tag
    level = _HEADINGS.get(name, heading)
    if name == "br":
        page.end_line(tag, heading)
    elif name == "table" and not _is_layout(element):
        page.end_line(tag, heading)
        _table(element, page)
    elif name in ("pre", "textarea"):
        page.end_line(tag, heading)
        for line in _visible_text(element, page).splitlines():
            page.line.append(line)
            page.end_line(inner, level)
    elif name in _INLINE:
        _children(element, page, tag=inner, heading=level)
    else:
        page.end_line(tag, heading)
        _children(element, page, tag=inner, heading=level)
        page.end_line(inner, level)


def _children(element: html.HtmlElement, page: _Page, *, tag: str, heading: int) -> None:
    _say(element.text, page)
    for child in element:
        _walk(child, page, tag=tag, heading=heading)
        _say(child.tail, page)


def _say(text: str | None, page: _Page) -> None:
    if not text:
        return
    flat = _SPACE.sub(" ", _WRAPPED.sub("", text))
    if flat.startswith(" ") and (not page.line or page.line[-1].endswith((" ", "\u3000"))):
        flat = flat[1:]
    if flat:
        page.line.append(flat)


def _count_hidden(element: html.HtmlElement, page: _Page) -> None:
    size = sum(len(_SPACE.sub("", text)) for text in element.itertext() if isinstance(text, str))
    page.hidden_places += size > 0
    page.hidden_characters += size


def _tag_of(element: html.HtmlElement, tag: str) -> str:
    names = (element.get("class") or "").split()
    if tag == "article" and "title" in names and element.tag == "p":
        return "caption"
    if element.tag == "span":
        return tag
    return next((_REIKI[name] for name in names if name in _REIKI), tag)


def _is_layout(table: html.HtmlElement) -> bool:
    """Tell a table that only places things on the page: one column, or tables inside."""
    if any(True for _ in table.iterdescendants("table")):
        return True
    widths = [len([cell for cell in row if cell.tag in ("td", "th")]) for row in table.iter("tr")]
    return max(widths, default=0) <= 1


def _table(table: html.HtmlElement, page: _Page) -> None:
    for caption in table.findall("caption"):
        page.blocks.append(Block(text=_visible_text(caption, page).strip(), tag="caption"))
    cells: list[Cell] = []
    taken: set[tuple[int, int]] = set()
    row = 0
    for line in table.iter("tr"):
        if is_hidden(line, styles_of(line, page.rules)):
            _count_hidden(line, page)
            continue
        column = 0
        for cell in line:
            if cell.tag not in ("td", "th"):
                continue
            while (row, column) in taken:
                column += 1
            height, width = _span(cell, "rowspan"), _span(cell, "colspan")
            if len(taken) + height * width > MOST_CELLS:
                raise TableTooLargeError(f"{len(taken)} + {height} x {width}")
            taken.update((row + down, column + right) for down in range(height) for right in range(width))
            cells.append(Cell(text=_cell_text(cell, page), row=row, column=column, height=height, width=width))
            column += width
        row += 1
    kept = [cell if cell.row + cell.height <= row else _cut(cell, row) for cell in cells]
    if any(cell.text for cell in kept):
        page.blocks.append(table_block(kept))


def _cut(cell: Cell, rows: int) -> Cell:
    return Cell(text=cell.text, row=cell.row, column=cell.column, height=rows - cell.row, width=cell.width)


def _cell_text(cell: html.HtmlElement, page: _Page) -> str:
    if is_hidden(cell, styles_of(cell, page.rules)):
        _count_hidden(cell, page)
        return ""
    return _visible_text(cell, page).strip()


def _visible_text(element: html.HtmlElement, page: _Page) -> str:
    """Return the shown text inside an element, its lines and paragraphs apart; hidden text is counted on the page."""
    if element.tag in ("pre", "textarea"):
        return "".join(text for text in element.itertext() if isinstance(text, str))
    inner = _Page(rules=page.rules, reiki=False)
    _children(element, inner, tag="", heading=0)
    inner.end_line("", 0)
    page.hidden_places += inner.hidden_places
    page.hidden_characters += inner.hidden_characters
    return "\n".join(block.text for block in inner.blocks)


def _span(cell: html.HtmlElement, name: str) -> int:
    value = (cell.get(name) or "1").strip()
    return min(_MAX_SPAN, max(1, int(value))) if value.isascii() and value.isdigit() else 1
