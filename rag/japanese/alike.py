"""Texts that say the same, so that one of them is enough."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LETTERS = re.compile(r"[^\W_]+", re.UNICODE)
_UNUSUAL = re.compile(r"[^ぁ-ゖァ-ヺー々一-鿿0-9A-Za-z]+")
"""Runs between letters that stand for themselves, whatever is beside them."""
_COMBINING = re.compile(r"[\u0300-\u036f\u3099\u309a\uff9e\uff9f]")
"""Marks that make one letter with the one before."""


def wording(text: str) -> str:
    """Return the letters and digits of a text: two texts with equal ones are copies of each other.

    Width, punctuation, white space and line breaks do not count. Nothing else is let pass, however alike two texts are:
    することができる and することができない, 25円 and 30円 differ by a letter of hundreds.
    """
    return _folded(text) if _COMBINING.search(text) else _UNUSUAL.sub(_of_run, text)


def _of_run(run: re.Match[str]) -> str:
    return _remembered(run.group())


def _folded(text: str) -> str:
    return "".join(_LETTERS.findall(unicodedata.normalize("NFKC", text)))


_remembered = lru_cache(maxsize=4_096)(_folded)
"""A text consists of few such runs, over and over."""
