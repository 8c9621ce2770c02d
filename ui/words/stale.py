"""The words of answers to check again: what happened to their sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ui.words.cli import place

ANSWERS_STALE = (
    "確かめ直す回答: 答えたあと、または承認したあとに、出典が変わったもの（自分の質問と、自分の所属が承認した回答）"
)
TOP = "出す件数（新しい順）"

TITLE = "確かめ直す回答"
LEAD = "答えたあと、または承認したあとに、出典が変わった回答です。新しい順に{count}件までを示します。"
NONE = "出典が変わった回答はありません。"
AGAIN = "もう一度調べる"
OPEN = "このやり取りを開く"
OWN = "あなたの質問"
WAS = "答えたとき"
IS = "いま"
LONGEST = 200
"""Characters of a text that is shown where it only says what changed."""


def whose(department: str) -> str:
    """Return whose answer it is."""
    return f"承認済み（{department}）" if department else OWN


def happened(finding: Mapping[str, Any]) -> str:
    """Return what happened to a source; one without a title is a document of which this reader may know nothing."""
    if not finding["title"]:
        return "出典の文書が、いまの文書にありません。"
    at, day = place(finding), finding["day"]
    return {
        "changed": f"{at}の文が変わりました。",
        "removed": f"{at}がなくなりました。",
        "lapsed": f"{at}は{day}に効力を失いました。",
        "postponed": f"{at}は{day}から効力をもつことになりました。",
        "withdrawn": f"「{finding['title']}」: 文書が取り下げられました。",
        "gone": f"「{finding['title']}」: 文書が取り込み元からなくなりました。",
    }[finding["change"]]


def shortened(text: str) -> str:
    """Return a text in one line, cut where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"


def stale_table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the answers to check again with what happened to their sources."""
    if not rows:
        return NONE
    lines = []
    for row in rows:
        lines.append(f"{row['exchange_id']}  {row['kept_on']}  {whose(row['department'])}  {row['question']}")
        for finding in row["findings"]:
            lines.append(f"    {happened(finding)}")
            lines += [
                f"      {name}: 「{shortened(finding[key])}」"
                for name, key in ((WAS, "quote"), (IS, "text"))
                if finding[key]
            ]
    return "\n".join(lines)


def after_ingest(count: int) -> str:
    """Return the line after an ingest that changed the sources of approved answers."""
    return f"承認済みの回答のうち{count}件の出典が変わりました。kotae answers stale で確かめてください。"
