"""Two questions are the same where only politeness, spelling and marks differ; in doubt they are not."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.japanese.alike import wording
from rag.japanese.same_question import asks_the_same, lacks_sense_alone

CASES = Path(__file__).resolve().parents[1] / "cases"
FILES = [
    *(CASES / "answers").glob("*.jsonl"),
    *(CASES / "search").glob("*/queries.jsonl"),
    CASES / "ordinary.jsonl",
    CASES / "records.jsonl",
]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("宿泊手当はいくらですか", "宿泊手当は、いくらでしょうか。"),
        ("宿泊手当はいくら？", "宿泊手当っていくらですか"),
        ("宿泊手当がいくらか教えてください", "宿泊手当はいくらですか"),
        ("旅費の取扱いを知りたいのですが", "旅費の取り扱いを教えて下さい。"),
        ("日当は２，２００円ですか", "日当は2200円か"),
        ("旅費はいつまでに請求しますか", "旅費をいつまでに請求するか"),
        ("第十二条の意味を教えてください", "第12条の意味は？"),
        ("年次休暇は翌年に繰り越せますか。", "年次休暇を翌年に繰り越せるか"),
        ("ご祝儀は出せますか", "祝儀は\n出せますか"),
    ],
)
def test_politeness_spelling_and_marks_do_not_make_another_question(one: str, other: str) -> None:
    assert asks_the_same(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("宿泊手当はいくらですか", "宿泊手当はいくらまでですか"),
        ("職員を処分できますか", "職員が処分できますか"),
        ("職員は処分できますか", "職員を処分できますか"),
        ("年休は取れますか", "年休は取れませんか"),
        ("第12条の日当は", "第13条の日当は"),
        ("第12条の2は", "第122条は"),
        ("日当は1.5倍ですか", "日当は15倍ですか"),
        ("25円以上か", "25円未満か"),
        ("4月から出ますか", "4月まで出ますか"),
        ("旅費はどこに請求しますか", "旅費はいつ請求しますか"),
        ("旅費はだれに請求しますか", "旅費はだれが請求しますか"),
        ("斉藤議員は何を質問したか", "斎藤議員は何を質問したか"),
        ("旅費を請求した", "旅費を請求する"),
        ("県内の出張", "県外の出張"),
        ("手当を支給される職員は", "手当を支給する職員は"),
        ("教えてください", "知りたいのですが"),
    ],
)
def test_a_particle_a_figure_or_a_name_makes_another_question(one: str, other: str) -> None:
    assert not asks_the_same(one, other)


@pytest.mark.parametrize(
    "text",
    ["それはいくらですか", "去年の9月議会で何と答えましたか", "今年度の予算はいくらですか", "前条の額はいくらですか"],
)
def test_what_means_something_else_elsewhere_or_later_is_the_same_as_nothing(text: str) -> None:
    assert lacks_sense_alone(text)
    assert not asks_the_same(text, text)


def test_of_the_questions_written_by_others_no_two_different_ones_are_taken_as_one() -> None:
    lines = [json.loads(line) for file in FILES for line in file.read_text(encoding="utf-8").splitlines()]
    questions = {wording(text): text for line in lines if (text := line.get("question") or line.get("text"))}
    assert len(questions) > 1000
    assert [pair for pair in combinations(questions.values(), 2) if asks_the_same(*pair)] == []


@given(st.text(st.sampled_from("旅費日当は、がをのか教えて12条円 　？"), max_size=20))
def test_order_does_not_matter_and_marks_change_nothing(text: str) -> None:
    assert asks_the_same(text, "旅費はいくらか") == asks_the_same("旅費はいくらか", text)
    if asks_the_same(text, text):
        assert asks_the_same(text, f"{text}。")
