"""The words of the screen 文書."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

TITLE = "文書"
LEAD = "こたえが読んでいる文書です。あなたが閲覧できるものだけを表示しています。"
NONE = "文書はまだありません。kotae ingest フォルダ で取り込んでください。"
KIND = "種類"
DEPARTMENT = "所管"
WORDS = "題名・番号でさがす"
OVERVIEW = "種類と所管ごとの件数"
ALL_DEPARTMENTS = "合計"
LIST = "文書の一覧"
NO_MATCH = "あてはまる文書はありません。しぼりこみをゆるめてください。"
HEAD = ("題名", "種類", "施行期間・会議の日", "所管", "区分", "状態")
OPEN = "中を見る文書"
CHOOSE = "選んでください"
FACTS = {
    "path": "ファイル",
    "number": "文書番号",
    "department": "所管",
    "period": "施行期間・会議の日",
    "level": "区分",
    "audience": "閲覧範囲",
    "state": "状態",
    "chunks": "検索単位",
}
STATES = {"active": "検索対象", "withdrawn": "取り下げ", "quarantined": "読めていません"}
EVERYONE = "その区分を読める全員"
WARNINGS = "取り込みのときの注意"
BACK = "一覧に戻る"
CONTENTS = "目次と本文（見出しを押すと開きます）"
PAIRS = "質問と答弁の組で読む"
INSIDE = "この文書の中をさがす"
INSIDE_NONE = "その語を含む箇所はありません。"
HEAD_PART = "（前書き）"
INGEST = "最後の取込結果"
INGEST_NONE = "取り込みの記録はまだありません。"
INGEST_FAILED = "読めなかったファイル"
INGEST_WARNED = "注意のあるファイル"
INGEST_HEAD = ("ファイル", "内容")
INGEST_CLEAN = "あなたが閲覧できる文書には、読めなかったものも、注意のあるものもありません。"
COUNTS = {
    "added": "追加",
    "changed": "変更",
    "renamed": "名前変更",
    "removed": "削除",
    "unchanged": "変わりなし",
    "failed": "読み取り失敗",
    "warnings": "注意",
}


def found(shown: int, every: int) -> str:
    """Return how many of the documents are listed."""
    return f"{every}件のうち{shown}件"


def too_many(shown: int, every: int) -> str:
    """Return what is said where a list is cut."""
    return f"{every}件のうち{shown}件を表示しています。しぼりこむと残りも見られます。"


def chunks(count: int) -> str:
    """Return how many units are searched."""
    return f"{count}単位"


def ingest_time(finished: str, user: str, seconds: float) -> str:
    """Return when the last run was."""
    return f"{finished}（{user}、{seconds:.1f}秒）"


def ingest_counts(report: Mapping[str, Any]) -> str:
    """Return what a run did."""
    return "、".join(f"{name} {len(report.get(key, ()))}" for key, name in COUNTS.items())
