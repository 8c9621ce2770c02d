"""Years that a past answer names from its own day."""

from __future__ import annotations

from datetime import date

import pytest

from rag.drafting.years import in_own_years

SAID = date(2025, 9, 17)


@pytest.mark.parametrize(
    ("text", "read", "written"),
    [
        ("本年11月に設置し、来年度に導入する。", date(2026, 12, 10), "令和7年11月に設置し、令和8年度に導入する。"),
        ("昨年度の実績は、前年を上回った。", date(2026, 12, 10), "令和6年度の実績は、前年を上回った。"),
        ("本年度の予算に計上した。", date(2026, 2, 1), "本年度の予算に計上した。"),
        ("本年度の予算に計上した。", date(2026, 4, 1), "令和7年度の予算に計上した。"),
        ("今年の夏は暑かった。", date(2026, 1, 10), "令和7年の夏は暑かった。"),
    ],
)
def test_a_year_is_written_out_where_the_word_would_mean_another_one(text: str, read: date, written: str) -> None:
    assert in_own_years(text, SAID, read)[0] == written


def test_every_change_is_told_once() -> None:
    _, changes = in_own_years("本年度、そして本年度と来年度。", SAID, date(2026, 12, 10))
    assert changes == (("本年度", "令和7年度"), ("来年度", "令和8年度"))


def test_the_first_year_of_an_era_is_written_as_such() -> None:
    assert in_own_years("本年に始めた。", date(2019, 6, 1), date(2026, 1, 1))[0] == "令和元年に始めた。"
    assert in_own_years("本年に始めた。", date(1989, 6, 1), date(2026, 1, 1))[0] == "平成元年に始めた。"
