"""What became of the paragraphs of a rule in its chunks: which name their article, which hold two, where one was cut."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from rag.domain import Chunk, Structure
from tests.bench.rule_truth import Piece, in_digits

_FOLLOWED = frozenset({"article", "paragraph", "item", "text"})
"""Roles whose words stand in a chunk's text as they are; captions, headings and rows are shown elsewhere or otherwise."""
_OPEN, _CLOSE = "「『（〔【［(", "」』）〕】］)"
_FARTHEST = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """How many chunks there are, and each fault with the place where it stands."""

    chunks: int
    faults: Counter[str] = field(default_factory=Counter)
    examples: tuple[str, ...] = ()


def check(pieces: Sequence[Piece], chunks: Sequence[Chunk], *, longest: int) -> Checked:
    """Follow every paragraph into the chunks; a sentence longer than `longest` may be cut, and is counted as forced."""
    texts = ["".join(chunk.text.split()) for chunk in chunks]
    ends = list(accumulate(map(len, texts)))
    stream = "".join(texts)
    breaks = sorted(set(_line_ends(chunks)))
    found: list[tuple[str, str]] = []
    keys: dict[int, set[tuple[str | None, str, bool]]] = {}
    at = 0
    for piece in pieces:
        words = "".join(piece.text.split())
        if piece.role not in _FOLLOWED or not words:
            continue
        start = stream.find(words, at, at + _FARTHEST)
        if start < 0:
            found.append(("lost", piece.text))
            continue
        at = start + len(words)
        first, last = bisect_right(ends, start), bisect_right(ends, at - 1)
        for index in range(first, last + 1):
            keys.setdefault(index, set()).add((piece.supplement, piece.article, piece.annex))
            if _unnamed(piece, chunks[index]):
                found.append(("unnamed", f"{chunks[index].locator}: {piece.text}"))
        found += _wrong_cuts(words, [end - start for end in ends[first:last]], longest)
        if bisect_left(breaks, at) > bisect_right(breaks, start):
            found.append(("torn", piece.text))
    found += [("spanning", chunks[index].header) for index, held in keys.items() if len(held) > 1]
    examples = tuple(f"{fault}: {text[:90]}" for fault, text in found)
    return Checked(chunks=len(chunks), faults=Counter(fault for fault, _ in found), examples=examples)


def lines_of_sections(structure: Structure) -> list[Piece]:
    """Return the lines of sections as pieces, for documents of which no truth apart from the product is at hand."""
    return [
        Piece(role="text", text=line, article=section.labels.get("article", ""))
        for section in structure.sections
        for line in section.text.split("\n")
        if " | " not in line
    ]


def shown(article: str) -> str:
    """Write a number as a locator does: 第12条の2, 第38条から第40条まで."""
    written = []
    for number in article.split(":"):
        first, *branches = number.split("_")
        written.append(f"第{first}条" + "".join(f"の{branch}" for branch in branches))
    return written[0] if len(written) == 1 else f"{written[0]}から{written[1]}まで"


def _unnamed(piece: Piece, chunk: Chunk) -> bool:
    """Tell whether a chunk leaves out which article, which 附則 or which attachment it is from."""
    if piece.annex:
        return not chunk.locator.startswith(("別", "様式", "附則別表", "附則様式", "第"))
    wanted = [shown(piece.article)] if piece.article else []
    if piece.supplement is not None:
        wanted += ["附則", in_digits(piece.supplement).removesuffix("抄")]
    return not all(name in chunk.locator and name in chunk.header for name in wanted)


def _wrong_cuts(words: str, ends: Sequence[int], longest: int) -> Iterator[tuple[str, str]]:
    for end in ends:
        if fault := _cut(words, end, longest):
            yield fault, f"{words[:end][-30:]} ／ {words[end:][:30]}"


def _cut(words: str, at: int, longest: int) -> str:
    """Name the fault of a cut at this offset; empty where a sentence ends there outside of brackets."""
    depth = 0
    start = 0
    for index, char in enumerate(words[:at]):
        depth += (char in _OPEN) - (char in _CLOSE and depth > 0)
        if char in "。！？" and depth == 0:
            start = index + 1
    if start == at:
        return ""
    return "forced" if _sentence_end(words, start) - start > longest else "cut"


def _sentence_end(words: str, start: int) -> int:
    depth = 0
    for index in range(start, len(words)):
        depth += (words[index] in _OPEN) - (words[index] in _CLOSE and depth > 0)
        if words[index] in "。！？" and depth == 0:
            return index + 1
    return len(words)


def _line_ends(chunks: Sequence[Chunk]) -> Iterator[int]:
    """Yield the offsets of line breaks in the words of all chunks, white space not counted."""
    at = 0
    for chunk in chunks:
        *lines, last = chunk.text.split("\n")
        for line in lines:
            at += len("".join(line.split()))
            yield at
        at += len("".join(last.split()))
