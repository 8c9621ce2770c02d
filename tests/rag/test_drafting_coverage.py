from __future__ import annotations

import pytest

from rag.drafting.coverage import coverage, sub_questions

QUESTIONS = (
    "医療的ケア児の受入れの現状について伺う。",
    "医療的ケア児の受入れに当たっての課題は何か。",
    "看護師の配置に係る財源をどのように確保するのか。",
    "支援センターの開設はいつか。",
)
PARAGRAPHS = (
    "医療的ケア児の受入れについてお答えいたします。県内では、現在、保育所等38施設で62人の医療的ケア児を受け入れております。",
    "受入れを進める上では、看護師の確保や、緊急時の医療機関との連携が課題となっております。",
    "看護師の配置に要する経費につきましては、国の補助金と県の基金を充てることとしております。",
    "支援センターは、令和9年4月の開設を予定しております。",
)


def test_each_question_has_the_paragraph_that_answers_it() -> None:
    assert [found[0] for found in coverage(QUESTIONS, PARAGRAPHS)] == [0, 1, 2, 3]


@pytest.mark.parametrize("left_out", range(4))
def test_a_question_whose_paragraph_is_left_out_is_unanswered(left_out: int) -> None:
    kept = [each for at, each in enumerate(PARAGRAPHS) if at != left_out]
    found = coverage(QUESTIONS, kept)
    assert [number for number, answered in enumerate(found) if not answered] == [left_out]


def test_a_mention_of_the_topic_is_no_answer() -> None:
    found = coverage(
        ("避難所の冷房の整備はいつ完了するのか。", "避難所の運営訓練の状況を伺う。"),
        (
            "避難所の冷房の整備についてのお尋ねであります。",
            "避難所の運営訓練は、昨年度、延べ1万人に参加いただいております。",
        ),
    )
    assert found == ((), (1,))


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (
            "不登校児童生徒への支援の現状と課題、今後の取組について伺う。",
            ["不登校児童生徒への支援の現状", "不登校児童生徒への支援の課題", "不登校児童生徒への支援の今後の取組"],
        ),
        (
            "近年、空き家が増加している。空き家の件数の推移はどうか。また、除却への補助を拡充すべきと考えるが、知事の見解を伺う。",
            ["空き家の件数の推移はどうか。", "また、除却への補助を拡充すべきと考えるが、知事の見解を伺う。"],
        ),
        ("県立病院の経営について", ["県立病院の経営について"]),
        (
            "水道の広域化の進捗を伺うとともに、料金への影響を示されたい。",
            ["水道の広域化の進捗を伺う", "料金への影響を示されたい。"],
        ),
    ],
)
def test_a_text_is_taken_apart_into_what_it_asks(text: str, asked: list[str]) -> None:
    assert sub_questions(text) == asked
