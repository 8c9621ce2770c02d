"""The lines of a document, with what the format says of them, for the modules that recognise structure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.structure.boxes import is_box_line, read_box
from rag.domain import Block, Document

_FEWEST_WRAPPED = 5
_SHORTEST_WRAP = 14
_LONGEST_WRAP = 80
_SLACK = 4
"""Characters by which a wrapped line may fall short of the full width (punctuation is never put at a line start)."""
_ENDS = "。！？!?"
_FULL_SHARE = 0.75
"""Share of a page's usual width at which a line inside a paragraph is taken for a wrapped one."""
_WIDE = "\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef、。「」（）・"
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
        if block.rows or " | " in block.text:
            raw.append((block, block.text.rstrip()))
            continue
        raw.extend((block, text.rstrip()) for text in block.text.splitlines() if text.strip())
    raw = _with_boxes(raw)
    texts = [text for block, text in raw if not block.rows and " | " not in text]
    width = wrap_width(texts)
    usual = sorted(len(text) for text in texts)[int(len(texts) * 0.9)] if texts else 0
    made: list[Line] = []
    for at, (block, text) in enumerate(raw):
        inside = at + 1 < len(raw) and raw[at + 1][0] is block and block.page is not None
        full = width - _SLACK <= len(text) if width else inside and len(text) >= _FULL_SHARE * usual
        made.append(
            Line(
                text=close_gaps(text) if block.page is not None else text,
                page=block.page,
                tag=block.tag,
                number=block.number,
                heading=block.heading,
                place=block.place,
                rows=block.rows,
                full=bool(full) and not block.rows,
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
            words = "\n".join(" | ".join(cell for cell in row if cell) for row in rows)
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


def wrap_width(texts: Sequence[str]) -> int:
    """Return the width in characters at which these lines were wrapped, 0 when they were not.

    Wrapped text has many lines of nearly one length that end in the middle of a sentence, and hardly any longer ones.
    """
    open_ended = Counter(len(text) for text in texts if len(text) > _SHORTEST_WRAP and text[-1] not in _ENDS + "）)")
    if not open_ended:
        return 0
    counts = {width: sum(open_ended[width - less] for less in range(_SLACK + 1)) for width in open_ended}
    width = max(counts, key=lambda one: (counts[one], one))
    longer = sum(1 for text in texts if len(text) > width + _SLACK)
    reaching = sum(1 for text in texts if width - _SLACK <= len(text) <= width + _SLACK)
    often = counts[width] >= max(_FEWEST_WRAPPED, 0.12 * len(texts)) and counts[width] > 0.6 * reaching
    return width if often and width <= _LONGEST_WRAP and longer <= 0.05 * len(texts) else 0


def join_wrapped(first: str, second: str) -> str:
    """Join two halves of a wrapped line; Latin words keep a space between them."""
    first, second = first.rstrip(), second.strip()
    if first[-1:].isascii() and second[:1].isascii() and first[-1:].isalnum() and second[:1].isalnum():
        return f"{first} {second}"
    return first + second
