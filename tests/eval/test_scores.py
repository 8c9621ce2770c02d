"""What an answer is judged by: each score with an answer that meets it and one that does not."""

from __future__ import annotations

from typing import Any

import pytest

from eval.cases import Expectation
from eval.results import Score
from eval.scores import begins, judge, says
from rag.domain import Answer, AnswerStatus, Citation, DocumentRecord, Kind, Office, Part, Period, Sentence
from tests.builders import IN_FORCE, REPLACED, TODAY

PERIODS = {"規則": IN_FORCE, "旧規則": REPLACED}


def record_of(document: str) -> DocumentRecord:
    return DocumentRecord(
        id=document,
        source="/例規集",
        path=f"例規/{document}.docx",
        content_hash="",
        title=document,
        kind=Kind.RULES,
        period=PERIODS.get(document, Period()),
    )


def citation(number: int, quote: str, *, document: str = "規則", locator: str = "第9条第1項") -> Citation:
    return Citation(number=number, document_id=document, title=document, locator=locator, quote=quote)


def answer(*texts: str, **changes: Any) -> Answer:
    """An answer with these verified sentences and one citation, unless told otherwise."""
    sentences = tuple(
        Sentence(part=Part.CONCLUSION, text=text, citations=(1,), verified=True) for text in texts or ("25円です。",)
    )
    made: dict[str, Any] = {
        "status": AnswerStatus.ANSWERED,
        "sentences": sentences,
        "citations": (citation(1, "１キロメートルにつき ２５円とする。"),),
        "contact": Office(department="総務部 給与旅費課 旅費係"),
        "as_of": TODAY,
        "model": "extractive",
    }
    return Answer(**made | changes)


def declined(status: AnswerStatus = AnswerStatus.DECLINED_NO_EVIDENCE, **changes: Any) -> Answer:
    return answer(status=status, **{"sentences": (), "citations": (), **changes})


def score(name: str, shown: Answer, **expected: Any) -> Score:
    return judge(shown, Expectation(**expected), record_of)[name]


@pytest.mark.parametrize("status", list(AnswerStatus))
def test_every_decline_is_one_and_every_answer_too(status: AnswerStatus) -> None:
    if status is AnswerStatus.FAILED_MODEL:
        return
    declines = status.startswith("declined") or status is AnswerStatus.CLARIFY
    assert score("status", answer(status=status), decline=True).value == declines
    assert score("status", answer(status=status), office="総務部").value == (not declines)


def test_a_wrong_ending_says_which_way_it_is_wrong() -> None:
    assert "答えるはずの問い" in score("status", declined(), points=(("25円",),)).explanation
    assert "断るはずの問い" in score("status", answer(), decline=True).explanation


def test_each_document_must_be_cited_by_id_or_path_or_by_an_alternative() -> None:
    assert score("documents", answer(), documents=(("規則",),)).value == 1
    assert score("documents", answer(), documents=(("例規/条例.html", "例規/規則.docx"),)).value == 1
    half = score("documents", answer(), documents=(("規則",), ("例規/条例.html", "FAQ")))
    assert (half.value, half.answer) == (0.5, "例規/規則.docx")
    assert "例規/条例.html または FAQ" in half.explanation
    assert score("documents", declined(), documents=(("規則",),)).value == 0


def test_a_path_is_the_same_however_its_marks_are_stored() -> None:
    """Some systems store が as か and a mark of its own."""
    cited = answer(citations=(citation(1, "25円", document="手引か\u3099き"),))
    assert score("documents", cited, documents=(("例規/手引がき.docx",),)).value == 1


@pytest.mark.parametrize(
    ("locator", "wanted", "met"),
    [
        ("第16条第1項", "第16条", True),
        ("第16条", "第16条", True),
        ("第１６条 第1項", "第16条第1項", True),
        ("第16条", "第1条", False),
        ("第16条", "第1", False),
        ("第16条の2", "第16条", False),
        ("第16条の2第1項", "第16条の2", True),
        ("第十六条", "第十", False),
        ("別表第1の2", "別表第1", False),
        ("p.12", "p.1", False),
        ("シート『旅費』行12", "シート『旅費』行1", False),
        ("令和5年9月定例会 9月15日 知事", "令和5年9月定例会", True),
        ("第1項", "第16条第1項", False),
    ],
)
def test_a_locator_is_met_by_one_that_begins_with_it_up_to_the_end_of_its_number(
    locator: str, wanted: str, met: bool
) -> None:
    assert begins(locator, wanted) is met
    cited = answer(citations=(citation(1, "25円", locator=locator),))
    assert score("locators", cited, locators=(("附則第9項", wanted),)).value == met


@pytest.mark.parametrize(
    ("text", "point", "met"),
    [
        ("１キロメートルにつき\n２５円とする。", "1キロメートルにつき25円", True),
        ("ＰＤＦで提出する。", "pdfで提出", True),
        ("125円とする。", "25円", False),
        ("1,025円とする。", "025円", False),
        ("十五日以内", "五日以内", False),
        ("2 5日以内に出す。", "5日以内", True),
        ("第1号", "第1", True),
        ("第12号", "第1", False),
        ("車賃は、実費とする。", "車賃は実費", False),
    ],
)
def test_a_point_stands_in_a_text_whatever_its_width_and_its_lines(text: str, point: str, met: bool) -> None:
    assert says(text, point) is met


def test_a_point_stands_in_one_sentence_or_in_one_quote() -> None:
    assert score("points", answer("実費です。"), points=(("1キロメートルにつき25円",),)).value == 1
    assert score("points", answer("順路により計算します。"), points=(("順路", "最短"), ("30円",))).value == 0.5
    across = score("points", answer("車賃は", "実費です"), points=(("車賃は実費",),))
    assert across.value == 0
    assert "車賃は実費" in across.explanation


def test_the_office_must_begin_as_expected_also_in_a_decline() -> None:
    assert score("office", declined(), decline=True, office="総務部 給与旅費課").value == 1
    assert score("office", answer(), office="総務部　給与旅費課").value == 1
    assert score("office", answer(), office="給与旅費課").value == 0
    assert score("office", answer(contact=None), office="総務部").value == 0


def test_every_shown_sentence_that_cites_must_be_verified() -> None:
    good, bad = (Sentence(part=Part.BASIS, text="25円です。", verified=verified) for verified in (True, False))
    closing = Sentence(part=Part.AS_OF, text="2026-11-23 現在")
    assert score("verified", answer(sentences=(good, closing)), office="総務部").value == 1
    half = score("verified", answer(sentences=(good, bad, closing)), office="総務部")
    assert (half.value, half.answer) == (0.5, "25円です。")


def test_a_gold_span_must_stand_in_what_is_quoted_first() -> None:
    long = "あ" * 151
    for quotes, met in (
        (("順路による。",), True),
        ((long, "順路による。"), True),
        ((long, "その旅費は、その順路による。"), False),
        (("い", "ろ", "順路による。"), False),
    ):
        cited = tuple(citation(number, quote) for number, quote in enumerate(quotes, start=1))
        assert score("span", answer(citations=cited), spans=("直路", "順 路")).value == met, quotes
    assert score("span", declined(), spans=("順路",)).value == 0
    assert "span" not in judge(answer(), Expectation(office="総務部"), record_of)


def test_a_version_that_is_not_in_force_on_the_day_is_named() -> None:
    both = answer(citations=(citation(1, "25円"), citation(2, "20円", document="旧規則")))
    found = score("version", both, dated=True)
    assert found.value == 0.5
    assert "例規/旧規則.docx" in found.explanation
    assert score("version", answer(), dated=True).value == 1
    assert score("version", declined(), dated=True).value is None
    assert "version" not in judge(both, Expectation(office="総務部"), record_of)


def test_what_a_case_does_not_expect_is_not_judged_and_does_not_count() -> None:
    scores = judge(declined(), Expectation(decline=True), record_of)
    assert {name for name, found in scores.items() if found.value is None} == {
        "documents",
        "locators",
        "points",
        "office",
        "verified",
    }
    assert (scores["passed"].value, list(scores)[-1]) == (1, "passed")


def test_one_judged_score_below_1_means_not_passed_and_says_why() -> None:
    passed = score("passed", answer(), documents=(("規則",), ("条例",)), points=(("25円",), ("30円",)))
    assert passed.value == 0
    assert "条例" in passed.explanation
    assert "30円" in passed.explanation
    assert "25円" not in passed.explanation
