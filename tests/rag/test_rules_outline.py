"""A rule as a tree, put together from its chunks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.japanese.references import Place
from rag.rules.outline import Outline, outline
from tests.builders import chunk, rule

TEXT = """\
職員の旅費に関する条例
（旅費の種類）
第一条　旅費の種類は、次の各号に掲げるものとする。
一　宿泊費
二　宿泊手当
二の二　包括宿泊費
　イ　移動に係るもの
　ロ　宿泊に係るもの
三　その他の交通費
２　宿泊手当の額は、別表第一による。
３　次に掲げる旅行には、宿泊手当を支給しない。
(1)　日帰りの旅行
(2)　外国への旅行
第二条から第四条まで　削除
第五条　旅費は、概算で支払うことができる。
附　則
（施行期日）
１　この条例は、平成十二年四月一日から施行する。
２　職員等の旅費支給条例は、廃止する。
附　則（令和八年三月二十六日条例第七号）
この条例は、令和八年四月一日から施行する。
別表第一（第一条関係）
区分 | 金額
甲地 | 二千四百円
"""


def tree(characters: int = 700) -> Outline:
    return outline(rule(TEXT, characters=characters)[1])


def test_articles_and_what_is_attached_stand_in_reading_order() -> None:
    found = [unit.locator for unit in tree().units]
    assert found == ["第1条", "第2条", "第5条", "附則", "附則（令和8年3月26日条例第7号）", "別表第1"]


@pytest.mark.parametrize("characters", [700, 60, 20])
def test_the_tree_does_not_depend_on_where_the_chunks_were_cut(characters: int) -> None:
    whole, cut = tree(), tree(characters)
    assert [(unit.locator, unit.text, unit.paragraphs) for unit in cut.units] == [
        (unit.locator, unit.text, unit.paragraphs) for unit in whole.units
    ]


def test_items_are_found_under_their_paragraph_and_letters_stay_inside() -> None:
    article = tree().units[0]
    assert [(each.number, [item.key for item in each.items]) for each in article.paragraphs] == [
        (1, ["1", "2", "2_2", "3"]),
        (2, []),
        (3, ["1", "2"]),
    ]
    branch = article.paragraphs[0].items[2]
    assert branch.span.of(article.text).startswith("二の二　包括宿泊費")
    assert "宿泊に係るもの" in branch.span.of(article.text)


def test_a_supplement_without_articles_is_one_unit_with_its_paragraphs() -> None:
    first = tree().find(Place.SUPPLEMENT, "")
    assert first is not None
    assert [each.number for each in first.paragraphs] == [1, 2]
    later = tree().find(Place.SUPPLEMENT, "", supplement="令和8年3月26日条例第7号")
    assert later is not None
    assert [each.number for each in later.paragraphs] == [1]


def test_a_deleted_range_is_found_by_each_of_its_numbers_and_by_no_other() -> None:
    assert [tree().find(Place.MAIN, key) is not None for key in ("2", "3", "4", "4_2", "6")] == [
        True,
        True,
        True,
        False,
        False,
    ]


def test_an_offset_leads_to_its_paragraph_and_item() -> None:
    article = tree().units[0]
    paragraph = article.paragraph_at(article.text.index("外国への"))
    assert paragraph is not None
    assert paragraph.number == 3
    item = paragraph.item_at(article.text.index("外国への"))
    assert item is not None
    assert item.key == "2"
    assert paragraph.item_at(paragraph.span.start) is None


def test_chunks_of_the_head_belong_to_no_unit() -> None:
    assert outline([chunk("みほん県条例第三十四号", labels={"part": "head"})]).units == ()


@given(st.lists(st.integers(0, 4), min_size=1, max_size=5), st.sampled_from(["kanji", "brackets"]))
def test_every_paragraph_and_item_that_is_written_is_found(counts: list[int], style: str) -> None:
    kanji = "一二三四"
    lines = []
    for number, items in enumerate(counts, 1):
        head = "第一条　" if number == 1 else f"{number}　"
        lines.append(f"{head}次に掲げる旅費を支給する。")
        lines += [f"{kanji[at]}　旅費" if style == "kanji" else f"({at + 1})　旅費" for at in range(items)]
    (unit,) = outline([chunk("\n".join(lines), labels={"part": "main", "article": "1"})]).units
    assert [(each.number, len(each.items)) for each in unit.paragraphs] == list(enumerate(counts, 1))
    assert "".join(each.span.of(unit.text) for each in unit.paragraphs) == unit.text
