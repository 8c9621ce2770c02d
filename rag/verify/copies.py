"""A sentence that copies its quote must copy the numbers too, whatever other numbers its source holds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from rag.domain import Problem
from rag.japanese.dates import common_era
from rag.japanese.numerals import read_number
from rag.japanese.text import normalise
from rag.verify.sources import Source

NUMBER = re.compile(r"[0-9〇一二三四五六七八九十百千万億兆][0-9〇一二三四五六七八九十百千万億兆,.]*")
_INSIDE = re.compile(r"「([^「」]+)」")
_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
_MASK = "\0"
SHORTEST = 6
"""Characters, numbers counted as one, below which two texts are alike by chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Masked:
    """A text with its numbers taken out."""

    plain: str
    """Normalised, without white space, each number replaced by one mask."""
    numbers: tuple[Decimal | str, ...]
    """The numbers in order; as written where they have no value (十百)."""
    units: tuple[str, ...]
    """The character behind each number."""

    @classmethod
    def of(cls, text: str) -> _Masked:
        flat = "".join(normalise(common_era(text)).split())
        found = list(NUMBER.finditer(flat))
        return cls(
            plain=NUMBER.sub(_MASK, flat),
            numbers=tuple(value(one[0]) for one in found),
            units=tuple(flat[one.end() : one.end() + 1] for one in found),
        )


def miscopied(sentence: str, quotes: Sequence[str]) -> tuple[Problem, ...]:
    """Return what is wrong with the numbers of a sentence that otherwise repeats a quote, or a part of one, word for word."""
    sources = [_Masked.of(quote) for quote in quotes]
    problems: dict[Problem, None] = {}
    for piece in [sentence, *_INSIDE.findall(sentence)]:
        copy = _Masked.of(piece)
        found = [pair for source in sources for pair in _overlaps(copy, source)]
        if found and not any(mine == theirs for mine, theirs, _ in found):
            mine, theirs, units = found[0]
            wrong = [unit for one, other, unit in zip(mine, theirs, units, strict=True) if one != other]
            for unit in wrong:
                clause = unit in ("条", "項", "号")
                problems[Problem.CLAUSE_NOT_IN_SOURCE if clause else Problem.FIGURE_NOT_IN_SOURCE] = None
    return tuple(problems)


def misquoted(sentence: str, sources: Sequence[Source]) -> Iterator[Problem]:
    """Yield a problem where the sentence sets between 「 and 」 what no source says so.

    … marks a gap; a numeral may be written otherwise; a bracket of the source may be left out.
    """
    spans = [[canonical(piece).strip("。、") for piece in text.split("…")] for text in told(sentence)]
    if spans:
        texts = [f"{source.heading}\n{source.text}" for source in sources]
        said = [canonical(form) for text in texts for form in (text, _BRACKETS.sub("", text))]
        if not all(any(all(piece in text for piece in pieces) for text in said) for pieces in spans):
            yield Problem.QUOTE_NOT_FOUND


def canonical(text: str) -> str:
    """Return a text for comparison: folded, without white space, years of the common era, every number by its value."""
    return NUMBER.sub(lambda found: f"[{value(found[0])}]", "".join(normalise(common_era(text)).split()))


def told(sentence: str) -> Iterator[str]:
    """Yield what stands between 「 and 」, the outermost ones."""
    start, depth = 0, 0
    for place, char in enumerate(sentence):
        if char == "「":
            start, depth = (start if depth else place + 1), depth + 1
        elif char == "」" and depth:
            depth -= 1
            if not depth:
                yield sentence[start:place]


_Pair = tuple[tuple[Decimal | str, ...], tuple[Decimal | str, ...], tuple[str, ...]]


def _overlaps(copy: _Masked, source: _Masked) -> Iterator[_Pair]:
    """Yield the numbers of both at every place where one stands inside the other, with the copy's units."""
    short, whole = (copy, source) if len(copy.plain) <= len(source.plain) else (source, copy)
    if len(short.plain) < SHORTEST or not short.numbers:
        return
    at = whole.plain.find(short.plain)
    while at >= 0:
        first = whole.plain.count(_MASK, 0, at)
        part = slice(first, first + len(short.numbers))
        units = copy.units if short is copy else copy.units[part]
        inside = (whole.numbers[part], short.numbers)
        mine, theirs = (inside[1], inside[0]) if short is copy else inside
        yield mine, theirs, units
        at = whole.plain.find(short.plain, at + 1)


def value(written: str) -> Decimal | str:
    """Return the value of a number as `NUMBER` finds it, the text itself where it has none (十百)."""
    try:
        return read_number(written.rstrip(",."))
    except (ValueError, ArithmeticError):
        return written
