"""The words that every screen shares."""

from __future__ import annotations

from datetime import date, timedelta

from rag.domain import SPOKEN_KINDS, DocumentRecord

NAME = "こたえ"
LOADING = "準備しています。はじめの1回だけ数秒かかります。"
ASK = "質問"
SEARCH = "検索"
SITTINGS = "会議録"
DRAFTS = "答弁案"
DOCUMENTS = "文書"
EVALUATION = "評価"
KINDS = {
    "rules": "規程",
    "minutes": "会議録",
    "answers": "答弁書",
    "faq": "FAQ",
    "notes": "会議要旨",
    "plain": "通知・その他",
}
NO_DEPARTMENT = "所管の指定なし"
NO_LEVEL = "区分なし（管理者だけが読めます）"
ALL = "すべて"


def unexpected(name: str, log: str) -> str:
    """Return what is said of an error that nobody foresaw."""
    where = f"詳しい記録は {log} にあります。" if log else ""
    return (
        f"予期しない不具合です（{name}）。ページを読み込み直してください。続くときは管理者に知らせてください。{where}"
    )


def writing(writer: str) -> str:
    """Return what is said while the documents are being taken in."""
    return (
        f"いま文書を取り込んでいます（{writer}）。終わるまでは、取り込み前の内容でお答えします。"
        "新しい文書について知りたいときは、少し待ってからもう一度質問してください。"
    )


def place(title: str, locator: str) -> str:
    """Return where a text stands; a locator that begins with the title (a sitting's) says it alone."""
    return locator if locator.startswith(title) else f"{title} {locator}".strip()


def period(start: date | None, end: date | None, *, kind: str = "") -> str:
    """Return when a text is in force, `end` being the first day on which it is not; of spoken kinds the day alone."""
    if kind in SPOKEN_KINDS and end is None:
        return str(start) if start else "日付の記載なし"
    if not start and not end:
        return "施行日の記載なし"
    last = end - timedelta(days=1) if end else ""
    return f"{start or ''}〜{last}"


def period_of(record: DocumentRecord) -> str:
    """Return when a document is in force; for minutes and notes the day on which it was said."""
    return period(record.period.start, record.period.end, kind=record.kind)


def mark(page: int) -> str:
    """Return where a passage stands in a paged document."""
    return f"p.{page}"


def page_of(page: int, pages: int) -> str:
    """Return which page of how many."""
    return f"{page}ページ（全{pages}ページ）"
