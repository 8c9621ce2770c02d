"""Texts that say the same, so that one of them is enough."""

from __future__ import annotations

import re
import unicodedata

_LETTERS = re.compile(r"[^\W_]+", re.UNICODE)


def wording(text: str) -> str:
    """Return the letters and digits of a text: two texts with equal ones are copies of each other.

    Width, punctuation, white space and line breaks do not count. Nothing else is let pass, however alike two texts are:
    することができる and することができない, 25円 and 30円 differ by a letter of hundreds.
    """
    return "".join(_LETTERS.findall(unicodedata.normalize("NFKC", text)))
