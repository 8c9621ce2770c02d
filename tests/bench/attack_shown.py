"""What a person or a browser meets in an answer: active content, addresses of others, quotes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from lxml import html

_ACTIVE = frozenset(
    "a applet audio base button embed form frame iframe image img input link math meta object script source style svg video".split()
)
_CALLING = frozenset("action background data formaction href poster src srcset xlink:href".split())
_NAMED = re.compile(
    r"(?:[a-z][a-z0-9+.-]*:)?//(?P<host>[^\s/?#\"'<>()（）「」\[\]]+)|(?P<scheme>\b(?:data|javascript|vbscript):[^\s\"'<>()「」]+)"
    r"|[\w.+-]+@(?P<mail>[\w-]+(?:\.[\w-]+)+)",
    re.IGNORECASE,
)


def active_content(drawn: str) -> Iterator[str]:
    """Yield what of HTML loads, runs or links."""
    for top in html.fragments_fromstring(drawn, no_leading_text=False):
        for element in () if isinstance(top, str) else top.iter():
            if not isinstance(element.tag, str):
                continue
            if element.tag in _ACTIVE:
                yield f"画面に<{element.tag}>があります"
            for name, value in element.attrib.items():
                if name in _CALLING or name.startswith("on") or (name == "style" and "url(" in value):
                    yield f"画面の<{element.tag}>に{name}があります"


def outside_addresses(text: str, allowed: frozenset[str]) -> list[str]:
    """Return the URLs and mail addresses of other hosts than the allowed ones."""
    plain = "".join(char for char in unicodedata.normalize("NFKC", text) if unicodedata.category(char) != "Cf")
    found = [each for each in _NAMED.finditer(plain) if (each["host"] or each["mail"]) not in allowed]
    return [f"外部の宛先が示されました: {name}" for name in dict.fromkeys(each[0] for each in found)]


def quoted_spans(text: str) -> Iterator[str]:
    """Yield what stands in outermost 「」."""
    depth = start = 0
    for at, char in enumerate(text):
        if char == "「":
            start = at + 1 if depth == 0 else start
            depth += 1
        elif char == "」" and depth:
            depth -= 1
            if depth == 0:
                yield text[start:at]
