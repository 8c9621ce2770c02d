"""The words of versions and their comparison (新旧対照), on the screen and on the command line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from ui.words import page

VERSIONS = "版（新しい順）"
HEAD = ("施行期間", "題名", "ファイル", "いま")
THIS_VERSION = "開いている版"
IN_FORCE = "今日の施行版"
OTHER_VERSION = "ほかの版を開く"
OPEN_VERSION = "この版を開く"
COMPARE_VERSION = "新旧を比べる"
COMPARISON_HEAD = ("箇所", "旧", "新")
SAME = "変わったところはありません。"
CHANGES = {"added": "追加", "removed": "削除", "changed": "変更", "renumbered": "移動"}


def comparison(old: str, new: str) -> str:
    """Return the caption of a comparison of two versions."""
    return f"新旧対照（旧: {old}、新: {new}）"


def too_many(shown: int, every: int) -> str:
    """Return what is said where a comparison is cut."""
    return f"{every}箇所のうち{shown}箇所を表示しています。残りは kotae documents compare で見られます。"


def place(old_locator: str, new_locator: str, change: str) -> str:
    """Return where something changed, and how: '第3条 → 第4条（移動）'."""
    places = dict.fromkeys(name for name in (old_locator, new_locator) if name)
    return f"{' → '.join(places)}（{CHANGES[change]}）"


def comparison_text(value: Mapping[str, Any]) -> str:
    """Return what changed between two versions, old above new."""
    lines = [f"{side} {value[key]['title']}（{_period(value[key])}）" for side, key in (("旧", "old"), ("新", "new"))]
    if not value["differences"]:
        return "\n".join([*lines, SAME])
    for each in value["differences"]:
        lines.append(f"\n■ {place(each['old_locator'], each['new_locator'], each['change'])}")
        lines += [f"{side}　{each[key]}" for side, key in (("旧", "old"), ("新", "new")) if each[key]]
    return "\n".join(lines)


def chain_lines(row: Mapping[str, Any]) -> list[str]:
    """Return the versions of a document line by line; none where it is the only one."""
    chain = row["versions"]
    return [
        f"版: {each['id']}  {_period(each)}" + ("  ← この文書" if each["id"] == row["id"] else "")
        for each in (chain if len(chain) > 1 else ())
    ]


def iso_period(start: str | None, end: str | None, kind: str = "") -> str:
    """Return when a text is in force, from dates as JSON has them."""
    first, after = (date.fromisoformat(day) if day else None for day in (start, end))
    return page.period(first, after, kind=kind)


def _period(version: Mapping[str, Any]) -> str:
    return iso_period(version["effective_from"], version["effective_to"])
