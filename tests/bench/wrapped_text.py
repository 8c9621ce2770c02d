"""A published rule as the plain text that offices hand on: wrapped at a width, indented or not, in several notations."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from tests.bench.rule_truth import NUMERAL, Piece, Truth, numeral

WIDTHS = (30, 34, 36, 38, 40, 42)
_NUMBERED = re.compile(rf"第({NUMERAL})([編章節款目条項号])((?:の{NUMERAL}(?![部般定切方人つ項]))*)")
_ITEM = re.compile(r"([一二三四五六七八九十百]+)((?:の[一二三四五六七八九十]+)*)　")
_NOT_FIRST = "、。，．）」』〕】"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notation:
    """One way of writing a rule as text."""

    width: int
    """Full-width characters a line."""
    hanging: bool
    """The second and further lines of a paragraph are indented by one."""
    caption_after: bool
    """The caption stands behind the number instead of above it."""
    digits: str
    """kanji: as published; full or half: Arabic digits of that width."""
    ending: str = "\n"


def notations() -> list[Notation]:
    """Return every combination; every second one ends its lines as Windows does."""
    drawn = product(WIDTHS, (False, True), (False, True), ("kanji", "full", "half"))
    return [
        Notation(width=width, hanging=hanging, caption_after=after, digits=digits, ending="\r\n" if index % 2 else "\n")
        for index, (width, hanging, after, digits) in enumerate(drawn)
    ]


def write(truth: Truth, notation: Notation) -> tuple[str, list[Piece]]:
    """Write a rule as text, and return its paragraphs as they stand there."""
    lines: list[str] = []
    pieces: list[Piece] = []
    for piece, indent in _paragraphs(truth.pieces, notation):
        lines.extend(_wrap(piece.text, indent, notation))
        pieces.append(piece)
    return notation.ending.join(lines) + notation.ending, pieces


def notated(text: str, notation: Notation, *, role: str = "") -> str:
    """Write the numbers of clauses in the digits of this notation."""
    if notation.digits == "kanji":
        return text
    text = _NUMBERED.sub(lambda found: _digits(found[0], notation), text)
    if role == "item" and (found := _ITEM.match(text)):
        text = f"（{_digits(found[1], notation)}）{_digits(found[2], notation)}　{text[found.end() :]}"
    return text


def _digits(text: str, notation: Notation) -> str:
    written = re.sub(NUMERAL, lambda found: str(numeral(found[0])), text)
    if notation.digits == "half":
        return written
    return written.translate({ord(str(digit)): chr(0xFF10 + digit) for digit in range(10)})


def _paragraphs(pieces: Sequence[Piece], notation: Notation) -> Iterator[tuple[Piece, int]]:
    """Yield each paragraph with the indentation of its first line."""
    caption = ""
    for at, piece in enumerate(pieces):
        text = notated(piece.text, notation, role=piece.role)
        following = pieces[at + 1].role if at + 1 < len(pieces) else ""
        if piece.role == "caption":
            if notation.caption_after and following == "article":
                caption = text
            else:
                yield replace(piece, text=text), 1
            continue
        if caption:
            number, _, rest = text.partition("　")
            text, caption = f"{number}{caption}　{rest}", ""
        unnumbered = piece.role == "paragraph" and not re.match("[0-9０-９①-⑳]", text)
        indents = {"division": piece.depth, "supplement": 3, "item": piece.depth, "toc": 1, "text": piece.depth}
        yield replace(piece, text=text), 1 if unnumbered else indents.get(piece.role, 0)


def _wrap(text: str, indent: int, notation: Notation) -> Iterator[str]:
    """Cut a paragraph at the width; a closing mark is never put at the start of a line."""
    hanging = "　" * (indent + 1 if notation.hanging else 0)
    line, size = "　" * indent, 2.0 * indent
    for char in text:
        wide = 2 if unicodedata.east_asian_width(char) in "WFA" else 1
        if size + wide > 2 * notation.width and char not in _NOT_FIRST:
            yield line.rstrip()
            line, size = hanging, 2.0 * len(hanging)
            if char == "　":
                continue
        line += char
        size += wide
    yield line.rstrip()
