from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import InputError
from rag.japanese.dates import Precision, common_era, dates, parse_date
from rag.japanese.numerals import to_kanji

REIWA = st.dates(date(2019, 5, 1), date(2099, 12, 31))


def ranges(text: str) -> list[tuple[str, str, str]]:
    return [(found.start.isoformat(), found.end.isoformat(), found.span.of(text)) for found in dates(text)]


@given(REIWA)
def test_a_day_is_equal_in_every_notation(day: date) -> None:
    year = day.year - 2018
    era = "元" if year == 1 else str(year)
    kanji = "元" if year == 1 else to_kanji(year)
    written = [
        f"令和{era}年{day.month}月{day.day}日",
        f"令和{kanji}年{to_kanji(day.month)}月{to_kanji(day.day)}日",
        f"R{year}.{day.month}.{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        day.isoformat(),
        f"{day.year}/{day.month}/{day.day}",
        day.strftime("%Y%m%d"),
    ]
    assert {parse_date(text) for text in written} == {day}
    assert len({dates(f"施行日は{text}。")[0] for text in written}) == 1


def test_a_fiscal_year_runs_from_april_to_april() -> None:
    assert ranges("令和8年度の予算") == [("2026-04-01", "2027-04-01", "令和8年度")]
    assert dates("平成三十一年度")[0].precision is Precision.FISCAL_YEAR


def test_a_month_and_a_year_are_ranges() -> None:
    assert ranges("令和7年12月の給与、２０２６年の実績") == [
        ("2025-12-01", "2026-01-01", "令和7年12月"),
        ("2026-01-01", "2027-01-01", "２０２６年"),
    ]


def test_the_first_year_of_an_era_is_read() -> None:
    assert ranges("令和元年5月1日、平成元年四月、昭和64年1月7日") == [
        ("2019-05-01", "2019-05-02", "令和元年5月1日"),
        ("1989-04-01", "1989-05-01", "平成元年四月"),
        ("1989-01-07", "1989-01-08", "昭和64年1月7日"),
    ]


def test_positional_kanji_as_in_collections_of_rules_are_read() -> None:
    assert ranges("令和四年一二月二二日条例第一三〇号")[0][0] == "2022-12-22"


def test_a_day_without_year_takes_the_year_before_it() -> None:
    assert [found[0] for found in ranges("令和8年4月1日から5月31日まで")] == ["2026-04-01", "2026-05-31"]
    assert [found[0] for found in ranges("令和7年12月1日から翌年1月31日まで")] == ["2025-12-01", "2026-01-31"]


def test_a_day_without_any_year_is_no_date() -> None:
    assert dates("4月1日から5月31日まで") == []
    assert len(dates("令和8年4月1日である。から5月31日まで")) == 1


def test_a_year_in_brackets_does_not_hide_the_day() -> None:
    assert ranges("令和7年（2025年）4月1日") == [("2025-04-01", "2025-04-02", "令和7年（2025年）4月1日")]


def test_an_impossible_day_is_left_out() -> None:
    assert dates("令和8年2月30日、2026-13-01") == []


def test_durations_and_plain_numbers_are_no_dates() -> None:
    assert dates("3年間、10年、1,234、12345678901、8年保存、2.5") == []


@pytest.mark.parametrize(
    "text",
    ["2026-11-23", "令和8年11月23日", "R8.11.23", "20261123", "２０２６年１１月２３日", "令和八年十一月二十三日"],
)
def test_the_day_of_a_question_may_be_written_as_people_do(text: str) -> None:
    assert parse_date(text) == date(2026, 11, 23)


@pytest.mark.parametrize(
    "text", ["", "きのう", "令和8年11月", "2026", "令和8年度", "2026-02-30", "20261350", "令和8年4月1日から"]
)
def test_what_is_no_day_is_refused_with_its_remedy(text: str) -> None:
    with pytest.raises(InputError, match=r"読み取れません。.*指定してください"):
        parse_date(text)


@given(st.text(alphabet="令和平成昭0123456789元一二十年度月日.-/RHS、から翌同 ", max_size=60))
def test_every_date_is_a_range_that_stands_where_it_says(text: str) -> None:
    for found in dates(text):
        assert found.start < found.end
        assert 0 <= found.span.start < found.span.end <= len(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("令和7年度の改正", "2025年度の改正"),
        ("平成元年４月と昭和六十三年", "1989年4月と1988年"),
        ("2025年度と7年間", "2025年度と7年間"),
    ],
)
def test_years_of_an_era_are_written_as_years_of_the_common_era(text: str, expected: str) -> None:
    assert common_era(text) == expected
