"""Characters that nobody sees: taken out of every block, and said.

Tag characters, direction overrides, zero-width marks and control characters carry text past the eye. A variation
selector stays only where it does its job: one, after an ideograph (the form of a name such as 葛󠄀).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from rag.domain import Block

_SELECTED = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_KINDS = (
    ("目に見えないタグ文字", re.compile("[\U000e0000-\U000e007f]+")),
    ("文字の向きを変える制御文字", re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]+")),
    ("幅のない空白", re.compile("[\u200b-\u200d\u2060-\u2064\ufeff\u180e\u00ad]+")),
    ("字形を選ばない異体字セレクタ", re.compile(f"(?<![{_SELECTED}])[\U000e0100-\U000e01ef]+")),
    ("制御文字", re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufff9-\ufffb\ufffe\uffff]+")),
)
_ANY = re.compile("|".join(pattern.pattern for _, pattern in _KINDS))


def blank(text: str) -> str:
    """Put a space in the place of each invisible character, so that every offset stays."""
    return _ANY.sub(lambda found: " " * len(found[0]), text)


def tidy(blocks: Iterable[Block]) -> tuple[tuple[Block, ...], tuple[str, ...]]:
    """Return the blocks without invisible characters, and a Japanese line for each kind that was found."""
    counts = dict.fromkeys((kind for kind, _ in _KINDS), 0)

    def clean(text: str) -> str:
        if not _ANY.search(text):
            return text
        for kind, pattern in _KINDS:
            found = pattern.findall(text)
            if found:
                counts[kind] += sum(map(len, found))
                text = pattern.sub("", text)
        return text

    kept = []
    for block in blocks:
        text = clean(block.text)
        rows = tuple(tuple(map(clean, row)) for row in block.rows)
        if text.strip():
            kept.append(block if text == block.text and rows == block.rows else replace(block, text=text, rows=rows))
    return tuple(kept), tuple(
        f"{kind}を{count}文字見つけ、取り除きました。隠された文がないか、もとのファイルを確かめてください。"
        for kind, count in counts.items()
        if count
    )
