"""What the references of a rule point to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.rules.resolver import Resolver
from rag.rules.rulebook import read_rule
from rag.rules.targets import Rule
from tests.builders import rule

LAW = """\
旅費基本法
第一条　旅費は、公務のための旅行に支給する。
第二条　次の各号に掲げる旅行には、当該各号に定める額を支給する。
一　内国旅行
二　外国旅行
三　赴任
２　前項の額は、規則で定める。
"""
RULE = """\
職員の旅費に関する条例
第一条　この条例は、旅費基本法（昭和二十五年法律第百十四号。以下「法」という。）第二条第一項の規定に基づく。
第二条　旅費の種類は、次に掲げるとおりとする。
一　宿泊費
二　宿泊手当
三　前二号に掲げるもののほか、雑費
２　知事は、前項各号に掲げる旅費のほか、必要な旅費を支給することができる。
３　前二項の規定にかかわらず、{}
第三条　{}
２　旅費は、概算で支払うことができる。
第三条の二　旅費の請求は、精算書による。
第四条　旅費は、これを返さなければならない。
附　則
１　この条例は、令和八年四月一日から施行する。
２　{}
附　則（令和九年三月一日条例第三号）
この条例は、令和九年四月一日から施行し、改正後の第三条の規定は、同日以後の旅行について適用する。
別表第一（第二条関係）
宿泊費の基準額
別表第二（第三条関係）
宿泊手当の額
"""


def read(title: str, text: str) -> Rule:
    return read_rule(*rule(text, title=title))


def targets(words: str, *, of: str = "", place: int = 1) -> list[tuple[str, str]]:
    """Return (rule, locator) of what the reference `of` points to, standing in the middle of the rule (or in its 附則)."""
    slots = ["支給しない。", "旅費は、支給する。", "廃止する。"]
    slots[place] = words
    law, own = read("旅費基本法", LAW), read("職員の旅費に関する条例", RULE.format(*slots))
    resolver = Resolver(rule=own, find_rule=lambda name: law if name == "旅費基本法" else None)
    unit = own.outline.units[(1, 2, 5)[place]]
    found = [
        pointer
        for pointer in resolver.pointers(unit)
        if pointer.reference.span.start >= unit.text.index(words) and (not of or of in _words(unit.text, pointer))
    ]
    return [(target.rule.title if target.rule else f"?{target.law}", target.locator) for target in found[0].targets]


def _words(text: str, pointer: object) -> str:
    return pointer.reference.span.of(text)  # type: ignore[attr-defined,no-any-return]


def here(*locators: str) -> list[tuple[str, str]]:
    return [("職員の旅費に関する条例", each) for each in locators]


@pytest.mark.parametrize(
    ("words", "of", "expected"),
    [
        ("前条の規定による。", "", ["第2条"]),
        ("前条第二項の規定による。", "", ["第2条第2項"]),
        ("次条の請求をいう。", "", ["第3条の2"]),
        ("次項に定める場合を除く。", "", ["第3条第2項"]),
        ("第四条の規定を準用する。", "", ["第4条"]),
        ("第三条の二の精算書をいう。", "", ["第3条の2"]),
        ("知事は、第二項の概算払をする。", "", ["第3条第2項"]),
        ("前条第一項第二号の額とする。", "", ["第2条第1項第2号"]),
        ("前条第一項各号の額とする。", "", ["第2条第1項第1号", "第2条第1項第2号", "第2条第1項第3号"]),
        ("第二条第一号の額とする。", "", ["第2条第1項第1号"]),
        ("第二条から第三条の二までの規定による。", "", ["第2条", "第3条", "第3条の2"]),
        ("第一条から前条までの規定による。", "", ["第1条", "第2条"]),
        ("第二条第一項第一号から第三号までの額とする。", "", ["第2条第1項第1号", "第2条第1項第2号", "第2条第1項第3号"]),
        ("前条第一項又は第三項の規定による。", "第三項", ["第2条第3項"]),
        ("前条（第二項を除く。）の規定による。", "第二項", ["第2条第2項"]),
        ("第二条第一項の額は、同条第二項の額とする。", "同条", ["第2条第2項"]),
        ("前条第一項の額とし、同項第二号を除く。", "同項", ["第2条第1項第2号"]),
        ("前条第二項（第四条において準用する場合を含む。）の額とし、同項を除く。", "同項", ["第2条第2項"]),
        ("前条第一項第一号の額とし、同号を除く。", "同号", ["第2条第1項第1号"]),
        ("第二条第一項第三号イの額とする。", "", ["第2条第1項第3号イ"]),
        ("この条において同じ。", "", ["第3条"]),
        ("別表第一の額とし、同表を改める。", "同表", ["別表第1"]),
        ("附則第二項の規定による。", "", ["附則第2項"]),
        ("この条例第四条の規定による。", "", ["第4条"]),
        ("第三章の規定による第九条の額とする。", "", ["第9条"]),
    ],
)
def test_a_reference_points_to_its_clause(words: str, of: str, expected: list[str]) -> None:
    assert targets(words, of=of) == here(*expected)


@pytest.mark.parametrize(
    ("words", "of", "expected"),
    [
        ("法第二条第二項の規則をいう。", "", [("旅費基本法", "第2条第2項")]),
        ("旅費基本法第一条の旅行をいう。", "", [("旅費基本法", "第1条")]),
        ("法第二条第一項各号の旅行をいう。", "", [("旅費基本法", f"第2条第1項第{number}号") for number in (1, 2, 3)]),
        ("法第一条の旅行及び同法第二条の額をいう。", "同法", [("旅費基本法", "第2条")]),
        ("法第一条の旅行及び同条の額をいう。", "同条", [("旅費基本法", "第1条")]),
        ("地方自治法（昭和二十二年法律第六十七号）第二百四条の旅費をいう。", "", [("?地方自治法", "第204条")]),
        (
            "地方自治法第二百四条第一項から第三項までをいう。",
            "",
            [("?地方自治法", f"第204条第{number}項") for number in (1, 2, 3)],
        ),
        ("改正前の第三条の規定による。", "", [("?改正前の", "第3条")]),
        ("旧条例第三条の規定による。", "", [("?旧条例", "第3条")]),
    ],
)
def test_a_reference_to_another_rule_is_followed_where_that_is_loaded(
    words: str, of: str, expected: list[tuple[str, str]]
) -> None:
    assert targets(words, of=of) == expected


def test_items_before_and_paragraphs_before_are_each_a_target() -> None:
    own = read("職員の旅費に関する条例", RULE.format("支給しない。", "支給する。", "廃止する。"))
    unit = own.outline.units[1]
    found = {
        _words(unit.text, each): [target.locator for target in each.targets]
        for each in Resolver(rule=own, find_rule=lambda _name: None).pointers(unit)
    }
    assert found["前二号"] == ["第2条第1項第1号", "第2条第1項第2号"]
    assert found["前項各号"] == ["第2条第1項第1号", "第2条第1項第2号", "第2条第1項第3号"]
    assert found["前二項"] == ["第2条第1項", "第2条第2項"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("前項の規定は、施行日から適用する。", here("附則第1項")),
        ("第三条第二項の規定は、施行日から適用する。", here("第3条第2項")),
        ("第二条の規定による改正前の規則による。", here("第2条")),
    ],
)
def test_in_the_first_supplement_articles_are_those_of_the_rule(words: str, expected: list[tuple[str, str]]) -> None:
    assert targets(words, place=2) == expected


def test_in_the_newest_supplement_the_amended_text_is_the_text_at_hand() -> None:
    own = read("職員の旅費に関する条例", RULE.format("支給しない。", "支給する。", "廃止する。"))
    unit = own.outline.units[6]
    (pointer,) = Resolver(rule=own, find_rule=lambda _name: None).pointers(unit)
    assert [target.locator for target in pointer.targets] == ["第3条"]


def test_quoted_words_that_are_read_otherwise_point_from_where_they_stand() -> None:
    words = "第三条の二の規定は、前条の旅費について準用する。この場合において、第三条の二中「前条」とあるのは「第二条」と読み替える。"
    assert targets(f"{words}", of="第二条") == here("第2条")
    own = read("職員の旅費に関する条例", RULE.format("支給しない。", words, "廃止する。"))
    unit = own.outline.units[2]
    resolver = Resolver(rule=own, find_rule=lambda _name: None)
    quoted = [each for each in resolver.pointers(unit) if _words(unit.text, each) == "前条"][-1]
    assert [target.locator for target in quoted.targets] == ["第3条"]
    (reading,) = resolver.readings(unit)
    assert (reading.target.locator, reading.old, reading.new) == ("第3条の2", "前条", "第二条")


def test_two_words_that_are_read_as_one_are_two_readings() -> None:
    words = "第四条の規定を準用する。この場合において、同条中「旅費」とあり、及び「これ」とあるのは、「費用弁償」と読み替える。"
    own = read("職員の旅費に関する条例", RULE.format("支給しない。", words, "廃止する。"))
    found = Resolver(rule=own, find_rule=lambda _name: None).readings(own.outline.units[2])
    assert [(each.old, each.new) for each in found] == [("旅費", "費用弁償"), ("これ", "費用弁償")]


def test_words_that_point_to_nothing_have_no_target() -> None:
    assert targets("前章の規定による。") == []


@given(st.text(alphabet="第一二三条項号の前次同各附則別表「」（）、。及びとあるのは中法", max_size=120))
def test_any_words_can_be_read(words: str) -> None:
    own = read("職員の旅費に関する条例", RULE.format("支給しない。", words.replace("\n", ""), "廃止する。"))
    resolver = Resolver(rule=own, find_rule=lambda _name: None)
    for unit in own.outline.units:
        for pointer in resolver.pointers(unit):
            assert all(target.locator for target in pointer.targets)
        resolver.readings(unit)


@pytest.mark.parametrize(("sentences", "found"), [(200, ["第2条第1項", "第1条"]), (300, [])])
def test_words_that_repeat_look_back_only_as_far_as_a_reader_does(sentences: int, found: list[str]) -> None:
    law, between = read("旅費基本法", LAW), "旅費を支給する。" * sentences
    text = f"第一条　旅費基本法第二条第一項の額{between}同項の額及び同法第一条の額\n第二条　額は、別に定める。"
    rule = read("旅費規則", text)
    resolver = Resolver(rule=rule, find_rule=lambda name: law if name == "旅費基本法" else None)
    _, same_paragraph, same_law = resolver.pointers(rule.outline.units[0])
    assert [each.locator for pointer in (same_paragraph, same_law) for each in pointer.targets if each.rule] == found
