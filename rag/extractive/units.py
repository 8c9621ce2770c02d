"""What of the evidence may be quoted alone: sentences, items, table rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.domain import CELL_SEPARATOR, Evidence
from rag.japanese.numerals import clause_key
from rag.japanese.orders import gives_orders
from rag.japanese.text import narrow, sentences

SHORTEST = 5
_OPENING = re.compile(
    r"^(?:第 ?[0-9０-９〇一二三四五六七八九十百]+ ?条(?: ?の ?[0-9０-９一二三四五六七八九十]+)*[ 　]+|[0-9０-９]{1,2}[ 　]+|[一二三四五六七八九十]{1,3}[ 　]+"
    r"|[（(][0-9０-９一二三四五六七八九十]+[）)][ 　]*|[アイウエオカキク][ 　]+|[・○◯●■][ 　]*|[QA問答][ 　.．:：]+|[|│][ 　]*)"
)
LISTS = re.compile(r"次の(?:各号|とおり|表|いずれか|区分)|次に掲げる")
_NOT_A_SENTENCE = re.compile(r"^[（(【\[][^（）()]*[）)】\]]$|^様式第")
_BORDER = re.compile(r"^[─━┌┬┐├┼┤└┴┘│┃+\-=\s]*$")
_RULING = re.compile(r"[│┃]")
_ITEM = re.compile(r"[ \t]*(?:[一二三四五六七八九十]{1,3}|[アイウエオカキクケコ])[ \t]|[ \t]*\(")
"""A 号 or what stands below it; a plain digit is a 項, which stands alone."""

_ARTICLE_START = re.compile(r"第[0-9〇一二三四五六七八九十百]+条")
_PARAGRAPH_START = re.compile(r"([0-9]{1,2})\s")
_ITEM_START = re.compile(r"([一二三四五六七八九十]{1,3})\s|\(([0-9]{1,2})\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A sentence, an item or a table row that may be quoted."""

    evidence: Evidence
    ordinal: int
    """Position in its chunk."""
    text: str
    """Word for word, without the number in front."""
    lead: str = ""
    """The row of headings above a table row, or the clause that an item completes; empty for others."""
    paragraph: str = ""
    """Number of the 項 it stands in; empty outside rules."""
    item: str = ""
    """Number of the 号 it stands in; empty outside one."""
    said: float = 0.0
    """Share of the question's words in the sentence itself."""
    covered: float = 0.0
    """The same with what stands over it."""
    is_first: bool = False
    """Whether it is the first sentence of an FAQ answer."""
    density: float = 0.0
    """Share of its own words that the question has."""
    score: float = 0.0
    """How well it answers: the words, and whether it is the kind of sentence that was asked for."""

    @property
    def cells(self) -> tuple[str, ...]:
        """Return the cells of a table row; empty for a sentence."""
        return row_cells(self.text)


def row_cells(text: str) -> tuple[str, ...]:
    """Return the cells of a row as the readers write it, or as it is ruled in a text file; empty for what is no row."""
    if _RULING.search(text):
        return tuple(cell.strip() for cell in _RULING.split(text) if cell.strip())
    return tuple(cell.strip() for cell in text.split("|") if cell.strip()) if CELL_SEPARATOR in text else ()


def units_of(evidence: Evidence) -> list[Unit]:
    """Cut a piece of evidence into what may be quoted alone; headings and orders to machines are left out."""
    found: list[Unit] = []
    lead, paragraph, item = "", evidence.chunk.labels.get("paragraph", ""), ""
    for ordinal, whole in enumerate(_pieces(evidence.chunk.text)):
        piece = whole.strip()
        paragraph, item = _clause_at(piece, paragraph, item)
        while bare := _OPENING.sub("", piece):
            if bare == piece:
                break
            piece = bare
        if not piece or _BORDER.match(piece):
            continue
        cells = row_cells(piece)
        if cells:
            is_head = not row_cells(lead)
            found += [] if is_head else [Unit(evidence=evidence, ordinal=ordinal, text=piece, lead=lead)]
            lead = piece if is_head else lead
            continue
        if row_cells(lead) or (lead and not _ITEM.match(narrow(whole))):
            lead = ""
        if len(piece) >= SHORTEST and not _NOT_A_SENTENCE.search(piece) and not gives_orders(piece):
            found.append(
                Unit(evidence=evidence, ordinal=ordinal, text=piece, lead=lead, paragraph=paragraph, item=item)
            )
        if LISTS.search(piece):
            lead = piece
    return found


def _clause_at(piece: str, paragraph: str, item: str) -> tuple[str, str]:
    """Return the 項 and 号 in which a piece stands, from its number or else from the piece before."""
    flat = narrow(piece)
    if _ARTICLE_START.match(flat):
        return "1", ""
    if found := _PARAGRAPH_START.match(flat):
        return found[1], ""
    if found := _ITEM_START.match(flat):
        return paragraph, clause_key(found[1] or found[2])
    return paragraph, item


def _pieces(text: str) -> Iterator[str]:
    """Yield sentences; the lines of a ruled table and the cells that hold whole sentences one by one."""
    for span in sentences(text):
        whole = span.of(text)
        if _RULING.search(whole):
            yield from whole.split("\n")
        elif CELL_SEPARATOR in whole and "。" in whole:
            yield from whole.split(CELL_SEPARATOR)
        else:
            yield whole
