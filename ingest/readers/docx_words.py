"""The words of a Word paragraph: what is shown, in order, and what hangs on it (text boxes, notes)."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from lxml import etree

from ingest.readers.docx_styles import Ground, Styles, child
from ingest.readers.limits import attribute, local
from ingest.readers.numbering import Numbering

_OLD_RUBY = re.compile(r"\\o\s*\\a[dclr]\s*\(\s*\\s\s*\\up\s*\d+\s*\([^()]*\)\s*[,，;]\s*([^()]*)\)", re.I)
DROPPED = frozenset(
    {"del", "moveFrom", "rt", "rubyPr", "pPr", "rPr", "sdtPr", "sdtEndPr", "Fallback", "delText", "delInstrText"}
)
"""Elements whose words are not shown."""
_MARKS = {"br": "\n", "tab": "\t", "noBreakHyphen": "-", "cr": "\n", "ptab": "\t"}


@dataclass(slots=True, kw_only=True)
class Words:
    """The words of a paragraph while they are gathered."""

    words: list[str] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    is_inserted: bool = False
    """Some of the words are a tracked insertion."""


@dataclass(slots=True, kw_only=True)
class Reading:
    """One document while it is read."""

    styles: Styles
    numbering: Numbering
    notes: dict[tuple[str, str], etree._Element]
    counts: Counter[str] = field(default_factory=Counter)
    field_codes: list[str] = field(default_factory=list)
    """Codes of the fields that are open, innermost last."""


def gather(
    element: etree._Element, into: Words, reading: Reading, *, paragraph: etree._Element, ground: Ground
) -> None:
    """Add what is shown inside an element; `paragraph` lends its style, `ground` what lies behind the letters."""
    for one in element:
        name = local(one)
        if name == "r":
            _run(one, into, reading, paragraph=paragraph, ground=ground)
        elif name in ("del", "moveFrom"):
            reading.counts["deleted"] += 1
        elif name == "AlternateContent":
            gather(first_choice(one), into, reading, paragraph=paragraph, ground=ground)
        elif name == "t":
            into.words.append(one.text or "")
        elif name not in DROPPED:
            before = len(into.words)
            gather(one, into, reading, paragraph=paragraph, ground=ground)
            if name in ("ins", "moveTo"):
                reading.counts["inserted"] += 1
                into.is_inserted |= len(into.words) > before


def _run(run: etree._Element, into: Words, reading: Reading, *, paragraph: etree._Element, ground: Ground) -> None:
    piece = Words()
    _run_words(run, piece, reading, paragraph=paragraph, ground=ground)
    words = "".join(piece.words)
    if words.strip() and reading.styles.unseen(run, paragraph, ground):
        reading.counts["hidden places"] += 1
        reading.counts["hidden characters"] += len(words)
        return
    into.words += piece.words
    into.boxes += piece.boxes
    into.notes += piece.notes


def _run_words(
    run: etree._Element, into: Words, reading: Reading, *, paragraph: etree._Element, ground: Ground
) -> None:
    for one in run:
        name = local(one)
        if name == "t":
            into.words.append(one.text or "")
        elif name in _MARKS:
            into.words.append(_MARKS[name])
        elif name == "sym":
            into.words.append(_symbol(attribute(one, "char") or ""))
        elif name in ("fldChar", "instrText"):
            _follow_field(one, name, into, reading)
        elif name in ("footnoteReference", "endnoteReference"):
            into.notes.append((name.removesuffix("Reference"), attribute(one, "id") or ""))
        elif name == "ruby":
            gather(one, into, reading, paragraph=paragraph, ground=ground)
        elif name in ("drawing", "pict", "object", "AlternateContent"):
            into.boxes += _text_boxes(one)


def _symbol(code: str) -> str:
    """Return a symbol's character; one of a symbol font's own becomes a dot."""
    number = int(code, 16) if re.fullmatch(r"[0-9A-Fa-f]{1,6}", code) else 0
    return chr(number) if 0x20 <= number < 0xE000 else "・"


def _follow_field(mark: etree._Element, name: str, into: Words, reading: Reading) -> None:
    r"""Follow a field; an old ruby field (EQ \o) shows its base text, which stands in its code."""
    kind = attribute(mark, "fldCharType")
    if kind == "begin":
        reading.field_codes.append("")
    elif reading.field_codes and name == "instrText":
        reading.field_codes[-1] += mark.text or ""
    elif reading.field_codes and kind == "end":
        found = _OLD_RUBY.search(reading.field_codes.pop())
        if found:
            into.words.append(found.group(1))


def _text_boxes(element: etree._Element) -> list[etree._Element]:
    """Find the text boxes of a drawing, the first reading of each alternative only."""
    found: list[etree._Element] = []
    stack = [element]
    while stack:
        one = stack.pop()
        name = local(one)
        if name == "txbxContent":
            found.append(one)
        elif name == "AlternateContent":
            stack += list(reversed(first_choice(one)))
        else:
            stack += list(reversed(one))
    return found


def first_choice(alternatives: etree._Element) -> etree._Element:
    """Return the newest of the readings that Word stores of one thing."""
    choice = child(alternatives, "Choice")
    return alternatives if choice is None else choice
