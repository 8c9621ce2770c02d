"""The lines of a document, with what the format says of them, for the modules that recognise structure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil

from ingest.structure.boxes import is_box_line, read_box
from rag.domain import CELL_SEPARATOR, Block, Document
from rag.japanese.text import narrow, shown_width

_FEWEST_WRAPPED = 5
_FEWEST_EXACT = 3
_LONGEST_RUN = 300
"""Lines after which a run of full ones is no paragraph; so joining them costs no more than their number."""
_SHORTEST_WRAP = 14
_LONGEST_WRAP = 80
_SLACK = 4
"""Characters by which a wrapped line may fall short of the full width (punctuation is never put at a line start)."""
_EXACT_SHARE = 0.9
"""Share of the lines near the width that must be filled to the last character for a program to have wrapped them."""
_ENDS = "。！？!?"
_FULL_SHARE = 0.75
"""Share of a page's usual width at which a line inside a paragraph is taken for a wrapped one."""
_WIDE = "\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef、。「」（）・"
_UNIT = re.compile(
    r"[「『（(〔【［\[]*(?:[0-9A-Za-z.,%]+|.)[、。，．,.）」』〕】］)\]ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ]*"
)
"""What typesetting never breaks: a word with the marks that may not end or start a line."""
_STARTS = re.compile(
    r"第|[(〔\[【]|[0-9]{1,3}[ .]|[一二三四五六七八九十]{1,4} |[ア-ンa-z] |[①-⑳・○◯●□■◇◆※]|附 *則|別[表記図紙]|様式"
)
_PAGE_NUMBER = re.compile(r"- ?[0-9]{1,4} ?-")
_GAP = re.compile(rf"(?<=[{_WIDE}]) (?=[0-9A-Za-z])|(?<=[0-9A-Za-z%]) (?=[{_WIDE}])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of running text, or one whole table."""

    text: str
    """Without white space at its end; the indentation stays."""
    page: int | None = None
    tag: str = ""
    number: str = ""
    heading: int = 0
    place: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    full: bool = False
    """The line reaches the width at which this document was wrapped, so its sentence may go on in the next one."""
    line: int | None = None
    """1-based line in a text file; None elsewhere."""

    @property
    def body(self) -> str:
        """Return the words without indentation."""
        return self.text.strip()

    @property
    def indent(self) -> int:
        """Return the width of the white space in front, in full-width characters, rounded down."""
        blank = self.text[: len(self.text) - len(self.text.lstrip())]
        return sum(2 if char == "　" else 1 for char in blank) // 2

    @property
    def runs_on(self) -> bool:
        """Tell whether the sentence of this line may go on in the next one."""
        return self.full and self.body[-1:] not in _ENDS


def lines_of(blocks: Sequence[Block]) -> list[Line]:
    """Cut blocks into lines; a table stays one line, empty lines and page headers and footers are left out."""
    raw: list[tuple[Block, str]] = []
    for block in blocks:
        if block.tag in ("header", "footer") and not block.rows:
            continue
        if block.rows or CELL_SEPARATOR in block.text:
            raw.append((block, block.text.rstrip()))
            continue
        raw.extend((block, text.rstrip()) for text in block.text.splitlines() if text.strip())
    raw = _with_boxes([(block, text) for block, text in raw if not _PAGE_NUMBER.fullmatch(narrow(text.strip()))])
    texts = [text for block, text in raw if not block.rows and CELL_SEPARATOR not in text]
    width = wrap_width(texts)
    exact = bool(width) and _is_exact(texts, width)
    usual = sorted(len(text) for text in texts)[int(len(texts) * 0.9)] if texts else 0
    made: list[Line] = []
    run = 0
    for at, (block, text) in enumerate(raw):
        following, below = raw[at + 1] if at + 1 < len(raw) else (None, "")
        if exact and block.page is None:
            full = _breaks_for_width(text, below, width)
        elif width:
            full = width - _SLACK <= shown_width(text)
        else:
            full = block.page is not None and following is block and len(text) >= _FULL_SHARE * usual
        run = run % _LONGEST_RUN + 1 if full and not block.rows else 0
        made.append(
            Line(
                text=close_gaps(text) if block.page is not None else text,
                page=block.page,
                tag=block.tag,
                number=block.number,
                heading=block.heading,
                place=block.place,
                rows=block.rows,
                full=0 < run < _LONGEST_RUN,
                line=block.line,
            )
        )
    return made


def _with_boxes(raw: Sequence[tuple[Block, str]]) -> list[tuple[Block, str]]:
    """Put each table that is drawn with lines into one block."""
    kept: list[tuple[Block, str]] = []
    box: list[tuple[Block, str]] = []
    for block, text in [*raw, (Block(text=""), "")]:
        if not block.rows and is_box_line(text):
            box.append((block, text))
            continue
        rows = read_box([line for _, line in box]) if box else ()
        if rows:
            words = "\n".join(CELL_SEPARATOR.join(cell for cell in row if cell) for row in rows)
            kept.append((replace(box[0][0], text=words, rows=rows), words))
        box = []
        if text or block.rows:
            kept.append((block, text))
    return kept


def close_gaps(text: str) -> str:
    """Take out the spaces that typesetting puts between Japanese and Latin characters (第 4 回 → 第4回)."""
    return _GAP.sub("", text)


def titled(document: Document) -> Document:
    """Return a paged document with the gaps of its title closed."""
    paged = any(block.page is not None for block in document.blocks)
    return replace(document, title=close_gaps(document.title)) if paged else document


def wrap_width(texts: Sequence[str]) -> float:
    """Return the width in full-width characters at which these lines were wrapped, 0 when they were not.

    Wrapped text has many lines of nearly one width that end in the middle of a sentence, and hardly any longer ones.
    """
    widths = [shown_width(text) for text in texts]
    open_ended = [
        width for text, width in zip(texts, widths, strict=True) if len(text) > _SHORTEST_WRAP and _is_open(text)
    ]
    if not open_ended:
        return 0
    rounded = Counter(map(ceil, open_ended))
    counts = {width: sum(rounded[width - less] for less in range(_SLACK + 1)) for width in rounded}
    width = max(counts, key=lambda one: (counts[one], one))
    longer = sum(1 for one in widths if one > width + _SLACK)
    reaching = sum(1 for one in widths if width - _SLACK <= one <= width + _SLACK)
    exact = Counter(one for one in open_ended if width - _SLACK <= one <= width)
    usual = max(exact, key=lambda one: (exact[one], one))
    often = counts[width] >= max(_FEWEST_WRAPPED, 0.12 * len(texts)) and counts[width] > 0.6 * reaching
    if often and longer <= 0.05 * len(texts):
        return usual if width <= _LONGEST_WRAP else 0
    widest = max(open_ended)
    return widest if widest <= _LONGEST_WRAP and max(widths) <= widest + 1 and _few_but_exact(texts, widest) else 0


def _few_but_exact(texts: Sequence[str], width: float) -> bool:
    """Recognise the wrapping of a short text with few long lines: each is filled to the end, and a sentence ends below."""
    near = [(text, below) for text, below in pairwise(texts) if _is_open(text) and width - _SLACK <= shown_width(text)]
    ending = sum(1 for _, below in near if "。" in below)
    return len(near) >= _FEWEST_EXACT and 2 * ending >= len(near) and _is_exact(texts, width)


def _is_open(text: str) -> bool:
    return text[-1] not in _ENDS + "）)"


def _is_exact(texts: Sequence[str], width: float) -> bool:
    """Tell whether a program wrapped these lines: nearly every one that ends near the width had no more room."""
    near = [
        _breaks_for_width(text, below, width)
        for text, below in pairwise(texts)
        if _is_open(text) and width - _SLACK <= shown_width(text)
    ]
    return sum(near) >= _EXACT_SHARE * len(near)


def _breaks_for_width(text: str, below: str, width: float) -> bool:
    """Tell whether the first word of the line below had no more room in this line.

    A gap at the end of a line is not written, so one character may be missing where the line below starts nothing new.
    """
    unit = _UNIT.match(below.strip())
    if unit is None:
        return False
    filled = shown_width(text) + shown_width(unit[0])
    return filled > width or (
        filled > width - 1 and text[-1] not in _ENDS and _STARTS.match(narrow(below.strip())) is None
    )


def join_wrapped(first: str, second: str) -> str:
    """Join two halves of a wrapped line; Latin words keep a space between them."""
    first, second = first.rstrip(), second.strip()
    if first[-1:].isascii() and second[:1].isascii() and first[-1:].isalnum() and second[:1].isalnum():
        return f"{first} {second}"
    return first + second
