from __future__ import annotations

import pytest

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
