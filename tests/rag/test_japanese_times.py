"""The times that people name, seen from the day on which they speak."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import InputError
from rag.japanese.times import parse_days, times

TODAY = date(2026, 11, 26)
PIECES = st.lists(
    st.sampled_from(
        "令和 5 七 年 年度 9 月 の 去年 昨年度 一昨年 今年 先の 前回の 2023 平成31 13 日 31 R5.9 か月 から 、 議会".split()
    ),
    max_size=8,
).map("".join)


def named(text: str, day: date = TODAY) -> list[tuple[str, str, str, int]]:
    return [
        (each.span.of(text), str(each.period.start or ""), str(each.period.end or ""), each.month)
        for each in times(text, day)
    ]


@pytest.mark.parametrize(
    ("text", "words", "start", "end"),
    [
        ("去年の9月に", "去年の9月", "2025-09-01", "2025-10-01"),
        ("昨年９月の", "昨年９月", "2025-09-01", "2025-10-01"),
        ("おととしの十二月", "おととしの十二月", "2024-12-01", "2025-01-01"),
        ("今年は", "今年", "2026-01-01", "2027-01-01"),
        ("昨年度の2月", "昨年度の2月", "2026-02-01", "2026-03-01"),
        ("昨年度の9月", "昨年度の9月", "2025-09-01", "2025-10-01"),
        ("今年度に", "今年度", "2026-04-01", "2027-04-01"),
        ("令和5年度9月", "令和5年度9月", "2023-09-01", "2023-10-01"),
        ("令和5年度の3月", "令和5年度の3月", "2024-03-01", "2024-04-01"),
        ("令和5年9月15日に", "令和5年9月15日", "2023-09-15", "2023-09-16"),
        ("先の6月に", "先の6月", "2026-06-01", "2026-07-01"),
        ("先の12月に", "先の12月", "2025-12-01", "2026-01-01"),
        ("前回の11月に", "前回の11月", "2026-11-01", "2026-12-01"),
        ("去年の2月28日", "去年の2月28日", "2025-02-28", "2025-03-01"),
    ],
)
def test_a_time_is_the_days_that_people_mean(text: str, words: str, start: str, end: str) -> None:
    assert named(text) == [(words, start, end, 0)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("去年の2月30日に", "去年"),
        ("去年の9月31日議会で", "去年"),
        ("去年の99999月議会で", "去年"),
        ("令和5年度13月に", "令和5年度"),
        ("令和5年度の0月に", "令和5年度"),
        ("令和5年度9月99999999999999999999日に", "令和5年度9月"),
    ],
)
def test_a_mention_ends_before_a_month_or_day_that_the_calendar_lacks(text: str, words: str) -> None:
    assert [found for found, *_ in named(text)] == [words]


def test_the_fiscal_year_of_a_day_before_april_began_the_year_before() -> None:
    assert named("今年度", date(2026, 3, 31)) == [("今年度", "2025-04-01", "2026-04-01", 0)]
    assert named("今年度", date(2026, 4, 1)) == [("今年度", "2026-04-01", "2027-04-01", 0)]


def test_a_month_without_a_year_is_one_of_any_year() -> None:
    assert named("9月議会と十二月議会") == [("9月", "", "", 9), ("十二月", "", "", 12)]


@pytest.mark.parametrize("text", ["3か月", "13月", "9月31日", "9月0日", "9月間", "9月号", "来年の夏", "毎月", "0月"])
def test_what_only_looks_like_a_time_is_none(text: str) -> None:
    assert named(text) == []


@given(PIECES, st.dates())
def test_whatever_stands_there_the_times_are_real_and_stand_in_order_and_apart(text: str, day: date) -> None:
    at = 0
    for each in times(text, day):
        assert at <= each.span.start < each.span.end <= len(text)
        at = each.span.end
        assert (each.month > 0) == (each.period.start is None)
        if each.period.start is not None and each.period.end is not None:
            assert each.period.start < each.period.end


@pytest.mark.parametrize("text", ["2023-04-01", "令和5年度", "２０２３年", "去年", "令和5年9月", "R5.4.1"])
def test_days_are_read_from_the_whole_text(text: str) -> None:
    assert parse_days(f" {text} ", TODAY).start is not None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "9月",
        "令和5年度から",
        "そのうち",
        "令和5年と令和6年",
        "2月30日",
        "令和5年度13月",
        "令和5年度9月31日",
        "去年の9月31日",
        "去年の99999月議会",
    ],
)
def test_what_is_no_time_is_refused_with_examples(text: str) -> None:
    with pytest.raises(InputError, match="のように、実在する時期を指定してください"):
        parse_days(text, TODAY)
