"""What a question says of the remarks it asks for, and what only looks like it (tests/cases/sittings.jsonl)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.domain import Period, RemarkFilter
from rag.japanese.spoken import Facet, rest, spoken

CASES = [
    json.loads(line)
    for line in (Path(__file__).resolve().parents[1] / "cases/sittings.jsonl").read_text(encoding="utf-8").splitlines()
]
TODAY = date(2026, 11, 26)


def found(question: str, day: date = TODAY) -> list[list[str]]:
    return [[each.facet.value, each.span.of(question)] for each in spoken(question, day)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_a_question_is_understood_as_labelled(case: Mapping[str, Any]) -> None:
    mentions = spoken(case["question"], date.fromisoformat(case["as_of"]))
    named = [[each.facet.value, each.span.of(case["question"])] for each in mentions if each.facet is not Facet.ROLE]
    roles = [each.wanted.role for each in mentions if each.facet is Facet.ROLE]
    assert sorted(named) == sorted(case["mentions"])
    assert roles == ([case["role"]] if "role" in case else [])


def test_the_labels_hold_enough_of_both_kinds() -> None:
    assert sum(bool(case["mentions"]) for case in CASES) >= 35
    assert sum(not case["mentions"] for case in CASES) >= 15


@pytest.mark.parametrize(
    ("question", "start", "end"),
    [
        ("令和5年度以降の知事の答弁で、宿泊税はどう変わりましたか", "2023-04-01", ""),
        ("この3年の答弁で橋梁に触れたものは", "2023-11-26", ""),
        ("過去5年間、知事は宿泊税についてどう答弁してきたか", "2021-11-26", ""),
        ("2023年から2024年の議会で、避難所について何と答弁したか", "2023-01-01", "2025-01-01"),
        ("令和4年度から令和6年度までの議会答弁で、待機児童は何人ですか", "2022-04-01", "2025-04-01"),
        ("令和3年以前の答弁では、どう述べていますか", "", "2022-01-01"),
        ("令和5年9月から、知事は宿泊税についてどう答弁していますか", "2023-09-01", ""),
        ("令和5年度以降に入札の不調が増えた理由を、会計局長はどう説明しましたか", "", ""),
        ("令和12年度までに完了すると答弁したのは誰ですか", "", ""),
    ],
)
def test_a_period_counts_where_it_says_when_things_were_said(question: str, start: str, end: str) -> None:
    periods = [each.wanted.period for each in spoken(question, TODAY) if each.facet is Facet.PERIOD]
    assert [(str(each.start or ""), str(each.end or "")) for each in periods] == (
        [(start, end)] if start or end else []
    )


def test_who_is_said_to_speak_wins_over_who_is_only_named() -> None:
    question = "市場長は、役員会が知事の考えへの協力を退けたことをどう受けとめていると答えましたか"
    assert [words for facet, words in found(question) if facet == Facet.POST] == ["市場長"]


def test_the_notice_of_questions_is_no_remark_of_the_member() -> None:
    assert found("架空議員の12月の通告にある特例について、事務局はどう説明しましたか")[0] == ["post", "事務局"]


def test_a_question_about_work_stays_one_unless_it_asks_what_was_said() -> None:
    assert found("9月議会の答弁書の提出期限を知りたい") == []
    assert found("9月議会で、知事は議案の提出期限についてどう答弁しましたか") == [
        ["sitting", "9月議会"],
        ["post", "知事"],
        ["role", "どう答弁しましたか"],
    ]


def test_what_is_left_is_what_is_asked_about() -> None:
    question = "去年の9月議会で宿泊税はどう答弁したか"
    assert rest(question, spoken(question, TODAY)) == "で宿泊税は"
    assert rest(question, []) == question


def test_nothing_is_found_where_nothing_was_said() -> None:
    assert spoken("宿泊費の上限はいくらですか", TODAY) == []
    assert spoken("", TODAY) == []


PIECES = (
    "令和7年 9月 去年の 以降 から まで この3年 議会 定例会 知事 総務部長 想定 議員 委員 は が の で と 、 答弁 した か 答え た "
    "どう 説明 しました 見解 会議録 提出期限 通告"
).split()


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join), st.dates())
def test_whatever_stands_there_the_mentions_stand_in_order_and_apart(text: str, day: date) -> None:
    mentions = spoken(text, day)
    at = 0
    for each in mentions:
        assert at <= each.span.start < each.span.end <= len(text)
        at = each.span.end
        assert each.wanted not in (RemarkFilter(), RemarkFilter(period=Period()))
    kept = rest(text, mentions).replace(" ", "")
    assert len(kept) == len(text) - sum(each.span.end - each.span.start for each in mentions)
