"""Confidentiality that a document states of itself (機密性3, 自治体機密性3B): it may raise the level of the label, never lower it.

Only a line that consists of a marking counts, at the head, on the first page, or in a header or footer. A sentence about a
level is none, and neither is one of a list of levels, as a policy on information security has it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rag.domain import Document

VERSION = 1
"""Raised when other lines count as markings: every document is then read again."""
HEAD_LINES = 15
"""Lines at the head of a text without pages that may be a marking."""
LONGEST = 60
"""Characters of the longest line that may be a marking."""
TOP_LINES = 3
"""Lines at the very top, where a marking in brackets counts even in a text that lists several."""
RAISED = "文書に「{marking}」とあるため、ラベルの区分{label}より厳しい{level}で扱います。ラベルを確かめてください。"
UNKNOWN = "文書の「{marking}」に当たる区分が、設定の levels.order にありません。ラベルを確かめてください。"

_MARK = r"機密性(?:レベル|区分)?[:=]?(?P<mark>[1-4][A-C]?)(?:情報|文書)?"
_BESIDE = (
    r"自治体|取り?扱い?(?:厳重)?注意|関係者(?:限り|外秘)|部外秘|庁内限り|庁外秘|極秘|秘密文書|秘|複製禁止|転送禁止|持出禁止"
    r"|(?:情報|文書|資料)?(?:資産)?の?(?:取扱)?(?:区分|分類|格付け?|重要性分類)"
    r"|(?:完全性|可用性)[:=]?[1-3][A-C]?(?:情報)?|別紙\d*|(?:参考)?資料\d*(?:-\d+)?"
    r"|[\[\](){}【】〔〕「」『』《》〈〉<>・、,/:;※*■□●○◎◆◇|=_-]"
)
_LINE = re.compile(f"(?:{_BESIDE})*{_MARK}(?:{_BESIDE})*")
_STRONG = re.compile("[\\[【〔(《〈<]|取り?扱い?|自治体|区分|分類|格付")
"""What a person writes around a marking, and hardly ever around an item of a list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A line that consists of a marking."""

    mark: str
    """'3A', '3', '2'."""
    text: str
    number: int
    """0-based among the lines of the document."""
    is_strong: bool
    is_head: bool
    is_margin: bool
    """In a header or footer of the format."""


def raised_level(
    document: Document, label: str, *, names: Mapping[str, str], order: Sequence[str]
) -> tuple[str, tuple[str, ...]]:
    """Return the level of a document, that of its label or a stricter one that it states, with warnings.

    `names` are the levels that may be written in its source, with those of `order` that they mean.
    """
    level, warnings = label, []
    for line in _markings(document):
        meant = _level_of(line.mark, names, order)
        if not meant:
            warnings.append(UNKNOWN.format(marking=line.text))
        elif order.index(meant) < order.index(level):
            level = meant
            warnings = [RAISED.format(marking=line.text, label=label, level=meant)]
    return level, tuple(dict.fromkeys(warnings))


def _markings(document: Document) -> list[_Line]:
    lines = list(_lines(document))
    body = [line for line in lines if not line.is_margin]
    listed = {
        is_strong: len({line.mark for line in body if line.is_strong is is_strong}) > 1 for is_strong in (True, False)
    }
    counted = [
        line
        for line in body
        if line.is_head and (not listed[line.is_strong] or (line.is_strong and line.number < TOP_LINES))
    ]
    return [line for line in lines if line.is_margin] + counted


def _lines(document: Document) -> Iterator[_Line]:
    number = 0
    for block in document.blocks:
        for raw in block.text.splitlines():
            text = re.sub(r"\s", "", unicodedata.normalize("NFKC", raw))
            if not text:
                continue
            if len(text) <= LONGEST and (found := _LINE.fullmatch(text)):
                yield _Line(
                    mark=found["mark"],
                    text=raw.strip(),
                    number=number,
                    is_strong=_STRONG.search(text) is not None,
                    is_head=block.page == 1 or number < HEAD_LINES,
                    is_margin=block.tag in {"header", "footer"} and not block.rows,
                )
            number += 1


def _level_of(mark: str, names: Mapping[str, str], order: Sequence[str]) -> str:
    """Return the level that a marking means, the strictest of those that it may mean; empty: none."""
    if mark in names:
        return names[mark]
    short = {level: re.sub("自治体|機密性", "", unicodedata.normalize("NFKC", level)) for level in order}
    return next((level for level in order if short[level].startswith(mark) or mark.startswith(short[level])), "")
