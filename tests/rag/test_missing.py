"""Words of a question of which an answer does not speak."""

from __future__ import annotations

import pytest

from rag.assistant.missing import SHOWN, missing_words
from rag.domain import Evidence
from tests.builders import chunk

RULE = Evidence(
    number=1,
    chunk=chunk("夏季休暇の日数は、5日とする。", title="職員の休暇に関する規則"),
    title="職員の休暇に関する規則",
)


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("夏季休暇は何日ですか。", ()),
        ("夏季休暇の平均取得日数を示されたい。", ("平均取得日数",)),
        ("ドラレコの付いた車での夏季休暇は。", ("ドラレコ", "車")),
        ("職員の休暇の規則は。", ()),
        ("夏季休暇の日数の内容は、どの程度ですか。", ()),
        ("令和8年の夏季休暇は何日ですか。", ()),
    ],
)
def test_a_noun_that_no_cited_passage_holds_is_named_with_its_compound(question: str, missing: tuple[str, ...]) -> None:
    assert missing_words(question, [RULE], {}) == missing


def test_an_everyday_word_counts_as_held_where_an_official_one_is() -> None:
    asked = "夏休みは何日ですか。"
    assert missing_words(asked, [RULE], {}) == ("夏休み",)
    assert missing_words(asked, [RULE], {"夏休み": ("夏季休暇",)}) == ()
    assert missing_words(asked, [RULE], {"夏休み": ("育児休業",)}) == ("夏休み",)


def test_no_more_than_four_are_named() -> None:
    assert len(missing_words("犬と猫と馬と牛と豚と鶏の休暇は。", [RULE], {})) == SHOWN
