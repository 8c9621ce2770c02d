from __future__ import annotations

import pytest

from tests.builders import chunk
from ui.commands.verify import _named

ARTICLE = chunk("第十七条　額は、二千四百円とする。\n２　前項の規定は、適用しない。", locator="第17条")


@pytest.mark.parametrize("locator", ["第17条", "第17条第1項", "第17条第2項"])
def test_an_article_and_its_paragraphs_are_found(locator: str) -> None:
    assert _named([ARTICLE], locator, "") == [ARTICLE]


@pytest.mark.parametrize("locator", ["第17条第99項", "第17条の2", "第1条", "第171条", ""])
def test_a_place_that_is_not_there_is_not_taken_for_the_article(locator: str) -> None:
    assert _named([ARTICLE], locator, "") == []


def test_another_table_is_not_taken_for_one_whose_name_begins_alike() -> None:
    table = chunk("甲地 | 13,000円", locator="別表第1")
    assert _named([table], "別表第19", "") == []
    assert _named([table], "別表第1", "") == [table]
