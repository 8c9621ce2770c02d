"""Characters that nobody sees: taken out of every block, which is marked, and of the title, and said.

Tag characters, direction overrides, zero-width marks and control characters carry text past the eye. A variation
selector stays only where it does its job: one, after an ideograph (the form of a name such as 葛󠄀).
"""

from __future__ import annotations

import re
from dataclasses import replace

from rag.domain import Document

_SELECTED = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_SELECTORS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
_KINDS = (
    ("目に見えないタグ文字", re.compile("[\U000e0000-\U000e00ff\U000e01f0-\U000e0fff]+")),
    ("文字の向きを変える制御文字", re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]+")),
    (
        "幅のない空白",
        re.compile("[\u200b-\u200d\u2060-\u2064\u206a-\u206f\ufeff\u180b-\u180f\u00ad\u034f\u17b4\u17b5]+"),
    ),
    ("見えない埋め草", re.compile("[\u115f\u1160\u3164\uffa0]+")),
    (
        "字形を選ばない異体字セレクタ",
        re.compile(f"(?<![{_SELECTED}])[\U000e0100-\U000e01ef]+|(?<=[{_SELECTORS}])[\ufe00-\ufe0f]+"),
    ),
    ("制御文字", re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufff9-\ufffb\ufffe\uffff]+")),
)
_ANY = re.compile("|".join(pattern.pattern for _, pattern in _KINDS))


def blank(text: str) -> str:
    """Put a space in the place of each invisible character, so that every offset stays."""
    return _ANY.sub(lambda found: " " * len(found[0]), text)


def visible(text: str) -> str:
    """Return a text without invisible characters."""
    return _ANY.sub("", text)


def tidy(document: Document) -> Document:
    """Return a document without invisible characters, with a Japanese warning for each kind that was found.

    A title that consists of nothing else is empty afterwards.
    """
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
    for block in document.blocks:
        text, place = clean(block.text), clean(block.place)
        rows = tuple(tuple(map(clean, row)) for row in block.rows)
        if text.strip():
            hidden = (text, rows) != (block.text, block.rows)
            if hidden or place != block.place:
                block = replace(  # noqa: PLW2901
                    block, text=text, place=place, rows=rows, hidden_text=block.hidden_text or hidden
                )
            kept.append(block)
    told = dict(counts)
    title = clean(document.title).strip()
    for kind, count in told.items():
        counts[kind] = count or counts[kind]  # a title is most often a copy of words of a block, counted there
    warnings = (
        f"{kind}を{count}文字見つけ、取り除きました。隠された文がないか、もとのファイルを確かめてください。"
        for kind, count in counts.items()
        if count
    )
    return replace(document, title=title, blocks=tuple(kept), warnings=(*document.warnings, *warnings))
