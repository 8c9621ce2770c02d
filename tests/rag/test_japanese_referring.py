from __future__ import annotations

import pytest

from rag.japanese.referring import carries_out, keys_of, rests_on


def test_a_text_rests_on_the_articles_of_other_rules_that_it_names() -> None:
    text = "法第二十七条の十三第一項に規定する政令で定める方法は、旅費条例第5条に定めるもののほか、前条の例による。"
    assert list(rests_on(text)) == ["法#27_13", "旅費条例#5"]
    assert list(rests_on("第三条及び前条の規定は、適用しない。")) == []


def test_other_rules_call_a_rule_by_its_name_or_by_its_kind() -> None:
    assert keys_of("金融商品取引法", "27_13") == ["金融商品取引法#27_13", "法#27_13"]
    assert keys_of("個人情報の保護に関する法律", "2") == ["個人情報の保護に関する法律#2", "法#2"]
    assert keys_of("法", "2") == ["法#2"]


@pytest.mark.parametrize(
    ("title", "name", "fits"),
    [
        ("金融商品取引法施行令", "金融商品取引法", True),
        ("職員の旅費に関する規則", "旅費条例", True),
        ("職員の給与に関する規則", "旅費条例", False),
        ("金融商品取引法施行令", "法", False),
        ("金融商品取引法", "金融商品取引法", False),
        ("職員の旅費に関する条例", "旅費条例", False),
    ],
)
def test_a_rule_of_the_same_subject_carries_out_another(title: str, name: str, fits: bool) -> None:
    assert carries_out(title, name) is fits
