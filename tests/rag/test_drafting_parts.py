"""The part of an answer in which a sentence belongs, and the style of the house."""

from __future__ import annotations

import pytest

from rag.assembly.item import AnswerPart
from rag.domain import Kind
from rag.drafting.house import USUAL_OPENING, House
from rag.drafting.parts import part_of
from tests.builders import chunk


@pytest.mark.parametrize(
    ("sentence", "part"),
    [
        ("宿泊税についてお答えいたします。", AnswerPart.RESTATEMENT),
        ("次に、避難所の冷房についてのご質問がございました。", AnswerPart.RESTATEMENT),
        ("避難所は命をつなぐ場所であり、暑さへの備えは避けて通れないと認識しております。", AnswerPart.VIEW),
        ("これまでに13の市町村から60施設分の申請がございました。", AnswerPart.PRESENT),
        ("一方で、工事を請け負う事業者の不足が課題となっております。", AnswerPart.ISSUES),
        ("来年度の予算編成に向けて検討してまいります。", AnswerPart.ACTION),
        ("県が仕様書の標準例を作成し、7月に提供することとしております。", AnswerPart.ACTION),
    ],
)
def test_a_sentence_is_read_for_what_it_does(sentence: str, part: AnswerPart) -> None:
    assert part_of(sentence) is part


def test_only_the_last_sentence_is_a_resolve() -> None:
    text = "市町村と一体となって取り組んでまいります。"
    assert part_of(text, is_last=True) is AnswerPart.RESOLVE
    assert part_of(text) is AnswerPart.ACTION


def test_the_style_is_that_of_officials_in_the_loaded_minutes() -> None:
    official = {"role": "official"}
    minutes = [
        chunk("宿泊税についてのお尋ねでございます。検討しているところであります。", kind=Kind.MINUTES, labels=official),
        chunk(
            "冷房についてのお尋ねでございます。整備しているところであります。",
            kind=Kind.MINUTES,
            labels=official,
            ordinal=1,
        ),
        chunk("橋梁についてお答えいたします。", kind=Kind.MINUTES, labels={"role": "member"}, ordinal=2),
    ]
    house = House.learned(minutes)
    assert house.opens("交通") == "交通についてのお尋ねでございます。"
    assert house.endings[0] in ("であります", "ところであります")
    assert House.learned([]).opening == USUAL_OPENING
