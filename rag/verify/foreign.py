"""Letters that are no Japanese: words, codes and addresses that a sentence carries, each looked up in what it rests on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.japanese.numerals import figures
from rag.japanese.text import narrow, normalise
from rag.verify.sources import Source

_ADDRESS = re.compile(
    r"(?:[a-z][a-z0-9+.-]*:|//)[!-;=?-~]{3,}|[\w.+-]+@[\w.-]+|\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}\b(?:/[!-~]*)?"
)
_JAPANESE = r"\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\W_"
_WORD = re.compile(rf"[^{_JAPANESE}]+")
_TITLE = re.compile(r"[a-z][a-z'’-]*\.?(?:[ ]+(?:[a-z][a-z'’-]*\.?|[0-9]+\b))+")
_MIXED = re.compile(r"(?=.*[0-9])(?=.*[^0-9])")
SHORTEST = 2
"""Letters below which a word is a mark, a unit or the letter of a list."""


def wrong_foreign(sentence: str, sources: Sequence[Source], question: Source, *, around: Sequence[Source]) -> bool:
    """Tell whether a foreign word, a code or an address of the sentence stands neither in its sources nor in the question.

    `sources` are the sentences that the quotes touch. A single word may also stand elsewhere in the passages (`around`); a
    code, an address and several words in a row may not.
    """
    near = "".join(source.plain for source in [*sources, question])
    for piece in _strict(sentence):
        if "".join(piece.split()) not in near:
            return True
    for word in _words(sentence):
        if word not in near and (_MIXED.match(word) or not any(word in source.plain for source in around)):
            return True
    return False


def _strict(sentence: str) -> Iterator[str]:
    flat = normalise(sentence)
    yield from (found.rstrip(".,:;") for found in _ADDRESS.findall(flat))
    yield from (found[0] for found in _TITLE.finditer(flat))


def _words(sentence: str) -> Iterator[str]:
    """Yield the words in other letters, without those that are the unit of a figure (km)."""
    rest = narrow(sentence)
    for figure in reversed(figures(rest)):
        start, end = figure.span
        if not (_is_letter(rest[start - 1 : start]) or _is_letter(rest[end : end + 1])):
            rest = f"{rest[:start]} {rest[end:]}"
    for word in _WORD.findall(normalise(rest)):
        if sum(not char.isdigit() for char in word) >= SHORTEST or (_MIXED.match(word) and len(word) > SHORTEST + 1):
            yield word


def _is_letter(char: str) -> bool:
    return char.isascii() and char.isalpha()
