"""Which remarks of minutes and notes a filter keeps, and what a question prefers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from rag.domain import Chunk, Hit, Kind, Period, Question, Reader, RemarkFilter
from rag.japanese.sittings import parse_sitting
from rag.japanese.spoken import Facet
from rag.remarks import Meant, at_named_sitting, bonus, facts_of, fits, fits_any
from tests.builders import answer, asking, chunk

TODAY = date(2026, 11, 26)
GOVERNOR = answer("検討します。", pair=1, question="宿泊税は。")
MEMBER = asking("伺います。")
NOTES = chunk(
    "・燃料が足りない。",
    title="第2回避難所環境改善検討部会 議事要旨",
    kind=Kind.NOTES,
    labels={"speaker": "毛布委員", "role": "member", "date": "2026-09-10"},
)
OFFICE = replace(NOTES, id="office", labels={"speaker": "事務局", "role": "official", "date": "2026-09-10"})
RULE = chunk("旅費は、順路により計算する。", labels={"post": "知事"})
EVERY = {"governor": GOVERNOR, "member": MEMBER, "notes": NOTES, "office": OFFICE, "rule": RULE}


def kept(**parts: object) -> list[str]:
    wanted = RemarkFilter(**parts)  # type: ignore[arg-type]
    return [name for name, each in EVERY.items() if fits(wanted, facts_of(each))]


@pytest.mark.parametrize(
    ("parts", "names"),
    [
        ({"post": "知事"}, ["governor"]),
        ({"post": "事務局"}, ["office"]),
        ({"member": "想定"}, ["governor", "member"]),
        ({"member": "毛布委員"}, ["notes"]),
        ({"role": "official"}, ["governor", "office"]),
        ({"role": "member"}, ["member", "notes"]),
        ({"period": Period(start=date(2026, 1, 1))}, ["notes", "office"]),
        ({"period": Period(end=date(2026, 1, 1))}, ["governor", "member"]),
        ({"sitting": parse_sitting("去年の9月議会", TODAY)}, ["governor", "member"]),
        ({"sitting": parse_sitting("避難所環境改善検討部会", TODAY)}, ["notes", "office"]),
        ({"sitting": parse_sitting("去年の9月議会", TODAY), "post": "教育長"}, []),
        ({"member": "想定", "post": "知事"}, ["governor"]),
        ({}, ["governor", "member", "notes", "office"]),
    ],
)
def test_a_filter_keeps_the_remarks_that_fit_every_part_of_it_and_never_a_rule(
    parts: dict[str, object], names: list[str]
) -> None:
    assert kept(**parts) == names


@pytest.mark.parametrize("member", ["想定", "範例", "範例花子議員"])
def test_each_of_several_who_asked_brings_the_answer(member: str) -> None:
    both = answer("検討します。", pair=1, question="宿泊税は。", member="想定健議員、範例花子議員")
    assert fits(RemarkFilter(member=member), facts_of(both))
    assert not fits(RemarkFilter(member="花子"), facts_of(both))


def test_one_of_several_filters_is_enough_and_none_keeps_everything() -> None:
    both = (RemarkFilter(post="知事"), RemarkFilter(member="毛布"))
    assert [name for name, each in EVERY.items() if fits_any(both, facts_of(each))] == ["governor", "notes"]
    assert all(fits_any((), facts_of(each)) for each in EVERY.values())


def meant(text: str) -> Meant:
    return Meant.of(Question(text=text, as_of=TODAY, reader=Reader(user="u", name="職員")))


def facets(question: str, each: Chunk) -> set[Facet]:
    return {mention.facet for mention in meant(question).fitting(each)}


def test_a_question_says_what_of_it_a_remark_fits() -> None:
    question = "去年の9月議会で想定議員に、副知事は宿泊税についてどう答弁したか"
    assert facets(question, GOVERNOR) == {Facet.SITTING, Facet.MEMBER, Facet.ROLE}
    assert facets(question, MEMBER) == {Facet.SITTING, Facet.MEMBER}
    assert facets(question, OFFICE) == {Facet.ROLE}
    assert facets(question, RULE) == set()


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("去年の9月議会で、知事は宿泊税についてどう答弁したか", ["sitting"]),
        ("令和5年度以降の知事の答弁で宿泊税はどう変わりましたか", ["period"]),
        ("想定議員に、知事は宿泊税についてどう答弁したか", ["member"]),
        ("知事は宿泊税についてどう答弁したか", ["post"]),
        ("宿泊税の導入についてどう答弁したか", ["role"]),
        ("宿泊税の税率はいくらですか", []),
    ],
)
def test_more_hits_are_looked_for_by_one_facet_alone(question: str, asked: list[str]) -> None:
    of = meant(question)
    assert [each.facet.value for each in of.mentions if each.wanted in of.candidates()] == asked


def test_each_facet_counts_once_however_many_fit() -> None:
    weights = dict.fromkeys(Facet, 0.0) | {Facet.SITTING: 0.2, Facet.POST: 0.1}
    two = meant("令和7年9月議会と令和8年6月議会で、知事と副知事はどう答弁したか").mentions
    assert bonus(two, weights) == pytest.approx(0.3)
    assert bonus((), weights) == 0


def test_a_question_of_nothing_but_the_sitting_is_asked_whole() -> None:
    of = meant("令和7年9月議会の答弁")
    assert of.rest(of.mentions) == of.text
    assert of.rest(of.mentions[:1]) == "の答弁"


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ("去年の9月議会で宿泊税はどう答弁しましたか", ["governor", "member", "rule"]),
        ("宿泊税はどう答弁しましたか", ["governor", "member", "notes", "office", "rule"]),
        ("令和3年6月議会で宿泊税はどう答弁しましたか", ["governor", "member", "notes", "office", "rule"]),
    ],
)
def test_an_answer_about_a_named_sitting_rests_on_what_was_said_there_and_on_rules(asked: str, left: list[str]) -> None:
    question = Question(text=asked, as_of=TODAY, reader=Reader(user="u", name="係員"))
    found = at_named_sitting([Hit(chunk=each, title=each.title, score=1.0) for each in EVERY.values()], question)
    assert [name for each in found for name, held in EVERY.items() if held is each.chunk] == left
