"""The names that a text gives to rules: short ones that it defines (以下「法」という。), and the one that 同法 means."""

from __future__ import annotations

import re

from rag.japanese.references import name_before
from rag.japanese.text import narrow

__all__ = ["defined_names", "is_this_rule", "named_before", "rule_endings"]

_DEFINITION = re.compile(r"以下[^「」()]{0,30}「(?P<short>[^「」]{1,30})」とい(?:う|い)")
_NUMBERED = re.compile(r"\((?:明治|大正|昭和|平成|令和)[^()]{2,40}?第[^()]{1,9}号")
_RULE = re.compile(r"(?:法律|法|条例|規則|規程|要綱|要領|令|訓令|告示|基準|細則|ポリシー)$")
_THIS = re.compile(r"(?:この|本)(?:法律|法|条例|規則|規程|要綱|要領|政令|省令|訓令|告示|基準|細則)$")
_LONGEST_BRACKET = 200


def defined_names(text: str) -> dict[str, str]:
    """Return short name → full name of the rules that a text defines: 地方自治法（…。以下「法」という。）gives 法."""
    narrowed = narrow(text)
    names: dict[str, str] = {}
    for found in _DEFINITION.finditer(narrowed):
        opening = _opening(narrowed, found.start())
        if opening < 0 or not _RULE.search(found["short"]):
            continue
        if (full := name_before(text, opening, narrowed=narrowed)) is not None:
            names.setdefault(found["short"], full.of(text))
    return names


def is_this_rule(name: str) -> bool:
    """Tell whether a name means the rule that it stands in: この条例, 本規則."""
    return _THIS.match(narrow(name)) is not None


def named_before(text: str, end: int, suffix: str) -> str:
    """Return the last rule named with its number before an offset whose name ends with `suffix`; empty when none is.

    '法' also finds what is called 法律.
    """
    narrowed = narrow(text[:end])
    wanted = rule_endings(suffix)
    for found in reversed(list(_NUMBERED.finditer(narrowed))):
        name = name_before(text, found.start(), narrowed=narrowed)
        if name is not None and name.of(narrowed).endswith(wanted):
            return name.of(text)
    return ""


def rule_endings(suffix: str) -> tuple[str, ...]:
    """Return how names end that a word such as 同法 or 同条例 may mean: 法 is also called 法律."""
    return ("法", "法律") if suffix in ("法", "法律") else (suffix,)


def _opening(narrowed: str, at: int) -> int:
    """Return the bracket that is open at an offset, -1 where none is near."""
    depth = 0
    for place in range(at - 1, max(-1, at - _LONGEST_BRACKET), -1):
        if narrowed[place] == ")":
            depth += 1
        elif narrowed[place] == "(":
            if not depth:
                return place
            depth -= 1
    return -1
