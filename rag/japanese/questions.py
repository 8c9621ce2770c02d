"""Several questions in one text, taken apart."""

from __future__ import annotations

import re

from rag.japanese.text import sentences
from rag.japanese.words import content_words

MOST = 4
"""More questions than this are looked for together only."""
_ASKS = re.compile(r"(?:[?？]|か[。．]?|(?:教えて|知りたい|示して|説明して)[^。]{0,12}[。．]?)[」』）)]*$")
_LEAST_WORDS = 2
"""A question of fewer words (いつまでですか) lives on what stands before it."""


def split_questions(text: str) -> tuple[str, ...]:
    """Return each question of a text with the statements that stand before it; empty where it asks only once.

    A short question (いつまでですか) stays with the one before it.
    """
    told: list[str] = []
    asked: list[str] = []
    for sentence in (text[span.start : span.end].strip() for span in sentences(text)):
        if not _ASKS.search(sentence):
            told.append(sentence)
        elif asked and len(set(content_words(sentence))) < _LEAST_WORDS:
            asked[-1] += sentence
        else:
            asked.append("".join([*told, sentence]))
    return tuple(asked) if 1 < len(asked) <= MOST else ()
