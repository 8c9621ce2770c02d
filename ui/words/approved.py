"""The words of approved answers, on the page and on the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ui.words.cli import place, shown_lines

ANSWERS = "承認済みの回答の一覧・承認・取り消しと、確かめ直す回答"
ANSWERS_APPROVE = "答えを、所管課が確認した回答として承認します（同じ質問に、はじめに示されます）"
ANSWERS_WITHDRAW = "承認を取り消します"
EXCHANGE_ID = "質問の記録の番号（画面の答えの下と kotae answers で分かります）"

ASKED = "承認したときの質問"
NEW_ANSWER = "いま作った回答"
APPROVE = "承認する"
APPROVE_HELP = (
    "出典と答えを確かめてから押してください。同じ質問をした職員に、所管課が確認した回答として、はじめに示されます。"
)
WITHDRAW = "承認を取り消す"
STANDS = "示しています"
STANDS_NOT = "出典が変わったため示していません"


def label(department: str, day: str) -> str:
    """Return whose answer it is and since when."""
    return f"所管課が確認した回答（{department}、{day}）"


def approved_by_office(department: str, day: str) -> str:
    """Return what stands under an answer that was approved."""
    return f"この回答は承認されています（{department}、{day}）。"


def record_number(exchange_id: str) -> str:
    """Return the number by which the command line knows an answer."""
    return f"質問の記録 {exchange_id}"


def with_approved(answer: Mapping[str, Any], text: str) -> str:
    """Return an answer as text, after the approved one where there is one."""
    approved = answer["approved"]
    if approved is None:
        return text
    lines = [
        f"【{label(approved['department'], approved['approved_on'])}】",
        f"{ASKED}: {approved['question']}",
        *shown_lines(approved["sentences"], approved["citations"]),
        "",
        f"■ {NEW_ANSWER}",
    ]
    return "\n".join([*lines, text])


def approved_table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the approved answers, one a paragraph."""
    if not rows:
        return "承認済みの回答はまだありません。画面の答えの下の「承認する」か、kotae answers approve 番号 で承認できます。"
    return "\n".join(
        f"{row['exchange_id']}  {row['approved_on']}  {row['department']}  {row['question']}"
        f"  【{STANDS if row['stands'] else STANDS_NOT}】\n    {_sources(row['citations'])}"
        for row in rows
    )


def _sources(citations: Sequence[Mapping[str, Any]]) -> str:
    return "、".join(dict.fromkeys(place(each) if each["title"] else "（いまの文書にない出典）" for each in citations))


def approved(question: str, department: str) -> str:
    """Return the line after an approval."""
    return f"「{question}」の答えを、{department}が確認した回答として承認しました。取り消すには kotae answers withdraw 番号 を実行してください。"


def withdrawn(question: str) -> str:
    """Return the line after an approval was taken back."""
    return f"「{question}」の答えの承認を取り消しました。"
