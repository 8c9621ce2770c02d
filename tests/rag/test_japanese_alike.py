from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.japanese.alike import wording


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("旅費は、別表による。", "旅費は、\n別表による", True),
        ("１キロメートルにつき25円", "1キロメートルにつき ２５円", True),
        ("1キロメートルにつき25円", "1キロメートルにつき30円", False),
        ("日当は、支給することができる。", "日当は、支給することができない。", False),
        ("", "旅費", False),
    ],
)
def test_copies_differ_in_form_alone(one: str, other: str, same: bool) -> None:
    assert (wording(one) == wording(other)) is same


MIXED = st.text(
    st.sampled_from("旅費がかカハ゛\u3099ﾞﾟｶﾊＡＺ㎡①㍿한\u1112\u1161\u11ab、。（）\n _e\u0301々ー0９"), max_size=12
)


@given(MIXED | st.text(max_size=12))
def test_letters_are_those_of_the_whole_text_in_one_form(text: str) -> None:
    whole = unicodedata.normalize("NFKC", text)
    assert wording(text) == "".join(letter for letter in whole if letter.isalnum())
