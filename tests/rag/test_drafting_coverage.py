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


@pytest.mark.parametrize(
    ("paragraph", "answered"),
    [
        ("相談センターの昨年度の相談は2,960件で、医療機関とも情報を共有しております。", ()),
        ("相談センターの24時間化につきましては、来年度からの実施に向けて検討してまいります。", (0,)),
        ("相談センターの24時間化を望む声もいただいております。", ()),
        ("今後とも、誰もが安心して暮らせる社会の実現に努めてまいります。", ()),
    ],
)
def test_a_request_is_answered_by_what_will_be_done_only(paragraph: str, answered: tuple[int, ...]) -> None:
    assert coverage(("相談センターの24時間化を求めるが、どうか。",), (paragraph,)) == (answered,)


def test_what_is_left_over_may_answer_in_other_words_unless_another_question_has_its_place_there() -> None:
    questions = ("藻場の再生の取組を伺う。", "里親への委託率の現状を伺う。")
    other_words = "魚の産卵の場となる海藻の群落につきましては、7つの海域で種苗の投入を行っております。"
    assert coverage(questions, (other_words, "里親への委託率は27.4%でございます。")) == ((0,), (1,))
    assert coverage(questions, ("里親への委託率は27.4%でございます。",)) == ((), (0,))


def test_more_questions_than_can_be_tried_together_are_dealt_one_by_one() -> None:
    names = "国保 水道 林道 港湾 空港 県営住宅 図書館 美術館 博物館 体育館 保育所 消防団 公園 鉄道".split()
    questions = [f"{name}の改修の状況を伺う。" for name in names]
    paragraphs = [f"{name}につきましては、昨年度に12か所で改修を行っております。" for name in names]
    assert all(number in answered for number, answered in enumerate(coverage(questions, paragraphs)))
    assert coverage(questions, paragraphs[:-1])[-1] == ()
