from __future__ import annotations

import pytest

from rag.japanese.bands import band_of, bands
from rag.japanese.numerals import figures


@pytest.mark.parametrize(
    ("text", "question", "inside"),
    [
        ("十五キロメートル以上二十キロメートル未満", "片道18キロ", True),
        ("十五キロメートル以上二十キロメートル未満", "片道15キロ", True),
        ("十五キロメートル以上二十キロメートル未満", "片道20キロ", False),
        ("片道10キロメートル以上15キロメートル未満", "片道18キロ", False),
        ("5,000,000円未満", "300万円", True),
        ("５００万円未満", "500万円", False),
        ("百人を超える場合", "100人", False),
        ("100人以下", "百人", True),
    ],
)
def test_a_figure_lies_in_a_band_or_not(text: str, question: str, inside: bool) -> None:
    assert band_of(text, figures(question)) is inside


def test_a_text_without_a_band_of_the_unit_says_nothing() -> None:
    assert band_of("月額2,000円", figures("片道18キロ")) is None
    assert band_of("二キロメートル未満", figures("何円ですか")) is None


def test_two_bands_of_different_units_stay_two() -> None:
    assert [(band.unit, band.low, band.high) for band in bands("2km以上5km未満で100円以下")] == [
        ("km", 2, 5),
        ("円", None, 100),
    ]
