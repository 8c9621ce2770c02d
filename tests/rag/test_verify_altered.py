"""Sentences that repeat their source but for a few words, and paraphrases that say the same in others."""

from __future__ import annotations

from datetime import date

import pytest

from rag.domain import Chunk, Evidence, Kind, Part, Problem, Question, Reader, Sentence
from rag.verify import verify
from rag.verify.altered import alterations

RULE = """第８条　旅行命令は、旅行命令権者が、文書により行わなければならない。ただし、急を要する場合は、この限りでない。
２　宿泊費は、一夜につき一万円以上の場合に限り、経済産業部長の許可を受けて支給することができる。
３　届出をしないで旅行した者には、旅費を支給しない。"""
TODAY = date(2026, 11, 26)


def problems(text: str, *quotes: str, chunk: Chunk | None = None) -> tuple[Problem, ...]:
    found = chunk or Chunk(
        id="a",
        document_id="a",
        ordinal=0,
        locator="第8条",
        header="旅費規則",
        text=RULE,
        kind=Kind.RULES,
        labels={"article": "8"},
    )
    question = Question(text="規定はどうなっていますか", as_of=TODAY, reader=Reader(user="u", name="u"))
    sentence = Sentence(part=Part.CONCLUSION, text=text, citations=(1,), quotes=quotes)
    return verify([sentence], [Evidence(number=1, chunk=found, title="旅費規則")], question)[0].problems


LODGING = "一夜につき一万円以上の場合に限り、経済産業部長の許可を受けて支給することができる"
TRAVEL = "届出をしないで旅行した者には、旅費を支給しない"


@pytest.mark.parametrize(
    ("text", "quote", "problem"),
    [
        (
            "宿泊費は、一夜につき1万円以下の場合に限り、経済産業部長の許可を受けて支給することができます。",
            LODGING,
            Problem.FIGURE_NOT_IN_SOURCE,
        ),
        (
            "宿泊費は、一夜につき1万円以上の場合に限り、厚生労働部長の許可を受けて支給することができます。",
            LODGING,
            Problem.NAME_NOT_IN_SOURCE,
        ),
        (
            "宿泊費は、一夜につき1万円以上の場合に限り、経済産業部長の認可を受けて支給することができます。",
            LODGING,
            Problem.NAME_NOT_IN_SOURCE,
        ),
        ("届出をして旅行した者には、旅費を支給しません。", TRAVEL, Problem.NEGATION_FLIPPED),
        ("届出をしないで旅行した者には、いかなる場合も旅費を支給しません。", TRAVEL, Problem.UNSUPPORTED),
        (
            "届出をしないで旅行した者には、旅費を支給しませんが、費用の半額は国庫補助金で補助します。",
            TRAVEL,
            Problem.UNSUPPORTED,
        ),
        ("第8条第2項により、届出をしないで旅行した者には、旅費を支給しません。", TRAVEL, Problem.CLAUSE_NOT_IN_SOURCE),
    ],
)
def test_a_word_that_was_altered_in_a_copy_is_found(text: str, quote: str, problem: Problem) -> None:
    assert problem in problems(text, quote)


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("第8条第3項により、届け出ずに旅行した人には、旅費を支給しません。", TRAVEL),
        ("宿泊費を支給できるのは、1夜につき1万円以上で、経済産業部長の許可を受けたときに限られます。", LODGING),
        (f"旅費規則（宿泊・日当） 第8条（2026年施行）「{TRAVEL}。」", TRAVEL),
        ("宿泊費は、許可を受けなければ支給することができません。", LODGING),
        ("宿泊費は、1夜につき1万円以上の場合に限って、部長に許可してもらえば出してもらえます。", LODGING),
    ],
)
def test_other_words_for_the_same_stand(text: str, quote: str) -> None:
    assert problems(text, quote) == ()


def test_a_name_of_the_passage_may_not_replace_the_one_of_the_quote() -> None:
    assert problems("宿泊費は、旅行命令権者の許可を受けて支給することができます。", LODGING) == (
        Problem.NAME_NOT_IN_SOURCE,
    )


def test_a_year_that_minutes_name_by_their_own_day_is_known() -> None:
    minutes = Chunk(
        id="m",
        document_id="m",
        ordinal=0,
        locator="知事",
        header="令和8年2月定例会",
        text="条例の施行は本年4月1日を予定し、昨年度末の施設は128施設でございます。",
        kind=Kind.MINUTES,
        labels={"date": "2026-02-10", "speaker": "知事"},
    )
    said = "条例の施行は本年4月1日を予定し、昨年度末の施設は128施設でございます"
    assert problems("知事は、条例の施行を令和8年4月1日に予定していると述べました。", said, chunk=minutes) == ()
    assert problems("令和7年3月末の施設は128施設でした。", said, chunk=minutes) == ()
    assert Problem.DATE_NOT_IN_SOURCE in problems("条例の施行は令和9年4月1日の予定です。", said, chunk=minutes)


def test_nouns_on_both_sides_of_words_left_out_are_no_name() -> None:
    source = "公益的な目的で行う地域の活動、県内の農業における短時間の従事等で、総務部長が別に定めるものの時間は、四十時間とする。"
    short = "公益的な目的で行う地域の活動、…総務部長が別に定めるものの時間は、四十時間とする。"
    assert alterations(short, [source], set(), around=source) == ()
