"""Numbers of written items are read in time that grows with the line, and only as offices write them."""

from __future__ import annotations

import pytest

from ingest.structure.written_numbers import read_mark, shown


def numbers(text: str) -> list[str]:
    mark = read_mark(text)
    return [shown(number) for number in mark.numbers] if mark else []


@pytest.mark.parametrize("piece", ["1", "一", "1一", "1-", "1・", "1の", "ア・", "1、", "1から"])
def test_a_line_that_begins_with_hundreds_of_digits_or_steps_bears_no_number(piece: str) -> None:
    assert read_mark(piece * 400 + "1円") is None


def test_steps_of_one_style_are_parted_and_those_of_another_follow_at_once() -> None:
    assert numbers("１－２　総事業費") == ["1の2"]
    assert numbers("一１　総事業費") == ["一の1"]
    assert numbers("2024　総事業費") == []


def test_a_dash_or_point_lists_numbers_where_a_space_or_a_word_stands_beside_it() -> None:
    assert numbers("問１・ 問２の答弁について") == ["問1", "問2"]
    assert numbers("１ - ３について") == ["1", "2", "3"]
    assert numbers("２－１・２－２　一括して回答します。") == ["2の1", "2の2"]


@pytest.mark.parametrize("text", ["(ッ)　試し", "ヱ　びす神社前の道路", "ヰ　試し", "ヮ　試し", "ヴ　試し"])
def test_kana_that_no_series_holds_are_no_number(text: str) -> None:
    assert numbers(text) == []
    assert numbers("ヲ　びす神社前の道路") == ["ヲ"]
