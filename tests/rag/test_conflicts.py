"""Sources that say different things on one point."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from rag.assistant.conflicts import conflicts
from rag.domain import Evidence, Kind, Part, Period, Sentence
from rag.verify import verify
from tests.builders import chunk, question

RULE = "第5条　日当は、1日につき2,200円とする。"
OTHER = "（最新）令和7年改正により、第5条の日当は1日につき48,000円に改められた。"
ASKED = "日帰り出張の日当はいくらですか。"


def held(
    text: str,
    number: int = 1,
    *,
    kind: Kind = Kind.RULES,
    title: str = "旅費規程",
    labels: Mapping[str, str] | None = None,
) -> Evidence:
    made = chunk(text, locator=f"第{number}条", title=title, kind=kind, ordinal=number, labels=labels)
    return Evidence(number=number, chunk=made, title=title, department="人事課")


def says(quote: str, *, cites: int = 1, part: Part = Part.CONCLUSION) -> Sentence:
    return Sentence(part=part, text=quote, citations=(cites,), quotes=(quote,), verified=True)


def found(first: str, second: str, asked: str, *, kind: Kind = Kind.PLAIN) -> tuple[Sentence, ...]:
    """Return what is shown beside an answer that rests on the first of two texts."""
    return conflicts([says(first)], [held(first, 1), held(second, 2, kind=kind, title="事務連絡")], question(asked))[0]


@pytest.mark.parametrize(
    ("first", "second", "asked"),
    [
        (RULE, OTHER, ASKED),
        (
            "常用文書を除き、会計に関する簡易な文書の保存期間は5年とする。",
            "会計に関する簡易な文書の保存期間は1年とし、満了前でも廃棄してよい。",
            "会計に関する簡易な文書の保存期間は。",
        ),
        (
            "夏季休暇は、7月から9月までの間に5日を超えない範囲で取得できる。",
            "夏季休暇は15日に拡大された。",
            "夏季休暇は何日取れますか。",
        ),
        (
            "電子申請の利用率は、令和5年度で61.4%となった。",
            "正誤表：電子申請の利用率　誤 61.4%　正 16.4%",
            "令和5年度の電子申請の利用率は。",
        ),
    ],
)
def test_another_value_of_the_same_is_shown_whichever_of_the_two_was_answered(
    first: str, second: str, asked: str
) -> None:
    assert [each.quotes for each in found(first, second, asked)] == [(second,)]
    assert [each.quotes for each in found(second, first, asked)] == [(first,)]


def test_what_is_shown_stands_up_to_verification_and_the_warning_names_both_with_their_standing() -> None:
    rule = held(RULE)
    other = held(OTHER, 2, kind=Kind.PLAIN, title="事務連絡")
    other = replace(other, chunk=replace(other.chunk, period=Period()))
    shown, told = conflicts([says(RULE)], [rule, other], question(ASKED))
    assert all(each.verified for each in verify(shown, [rule, other], question(ASKED)))
    [warning] = told
    assert "「旅費規程」第1条（2026-04-01施行）" in warning
    assert "「事務連絡」第2条（人事課、日付の記載なし）" in warning
    assert "2,200円" in warning
    assert "48,000円" in warning


def test_two_that_are_both_quoted_are_told_once_and_shown_no_second_time() -> None:
    evidence = [held(RULE), held(OTHER, 2, kind=Kind.PLAIN)]
    shown, told = conflicts([says(RULE), says(OTHER, cites=2, part=Part.BASIS)], evidence, question(ASKED))
    assert shown == ()
    assert len(told) == 1


def test_a_text_that_claims_to_correct_itself_is_set_beside_what_it_corrects() -> None:
    both = held(f"{RULE}\n{OTHER}")
    shown, _ = conflicts([says(OTHER)], [both], question(ASKED))
    assert [each.quotes for each in shown] == [(RULE,)]


@pytest.mark.parametrize(
    ("first", "second", "asked"),
    [
        ("夏季休暇は5日とする。", "会計年度任用職員の夏季休暇は3日とする。", "夏季休暇は何日ですか。"),
        ("夏季休暇は5日とする。", "夏季休暇と年次休暇を合わせて7日以上取得する。", "夏季休暇は何日ですか。"),
        (
            "病気休暇の期間は、90日を超えることができない。",
            "病気休暇の期間が8日以上となる場合は、診断書を提出する。",
            "病気休暇の期間は。",
        ),
        (
            "職員は、採用の日から30日以内に研修を受けなければならない。",
            "職員は、採用の日から7日以内に履歴書及び住所届を提出しなければならない。",
            "採用の日から何日以内に研修を受けますか。",
        ),
        ("利用率は、令和5年度で61.4%である。", "利用率は、令和4年度で58.0%である。", "利用率は何%ですか。"),
        ("日当は、1日につき2,200円とする。", "日当は、1日につき二千二百円とする。", ASKED),
        ("日当は、1日につき2,200円とする。", "宿泊手当は、1夜につき2,400円とする。", ASKED),
    ],
)
def test_values_of_different_things_cases_or_times_are_no_conflict(first: str, second: str, asked: str) -> None:
    assert found(first, second, asked, kind=Kind.RULES) == ()


def test_an_article_does_not_contradict_itself_and_a_remark_does_not_contradict_a_rule() -> None:
    both = "日当は、1日につき2,200円とする。\n日当は、1日につき1,100円とする。"
    assert conflicts([says("日当は、1日につき2,200円とする。")], [held(both)], question(ASKED)) == ((), ())
    assert found(RULE, "日当は、1日につき1,100円であります。", ASKED, kind=Kind.MINUTES) == ()


def test_remarks_of_different_sittings_are_no_conflict_and_those_of_one_sitting_are() -> None:
    texts = "利用率は58.0%であります。", "利用率は61.4%であります。"
    for days, count in (((date(2025, 9, 1), date(2026, 9, 1)), 0), ((date(2026, 9, 1), date(2026, 9, 1)), 1)):
        evidence = [
            held(text, at, kind=Kind.MINUTES, labels={"date": day.isoformat()})
            for at, (text, day) in enumerate(zip(texts, days, strict=True), 1)
        ]
        assert len(conflicts([says(texts[0])], evidence, question("利用率は何%ですか。"))[1]) == count


def test_at_most_two_others_are_shown() -> None:
    others = [f"日当は、1日につき{amount}円とする。" for amount in (100, 200, 300, 400)]
    evidence = [held(RULE), *(held(text, at, kind=Kind.PLAIN) for at, text in enumerate(others, 2))]
    shown, told = conflicts([says(RULE)], evidence, question(ASKED))
    assert len(shown) == len(told) == 2
