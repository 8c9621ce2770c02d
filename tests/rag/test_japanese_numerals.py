from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.japanese.numerals import clause_key, figures, read_integer, read_number, to_kanji


@given(st.integers(0, 9_999_999_999_999))
def test_a_number_written_in_kanji_reads_back(number: int) -> None:
    assert read_integer(to_kanji(number)) == number


@given(st.integers(0, 999_999_999))
def test_positional_kanji_read_like_digits(number: int) -> None:
    assert read_integer(str(number).translate(str.maketrans("0123456789", "〇一二三四五六七八九"))) == number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("千二百三十四", "1234"),
        ("一〇二", "102"),
        ("二十四", "24"),
        ("３億5,000万", "350000000"),
        ("1.5億", "150000000"),
        ("二万一千", "21000"),
        ("５千", "5000"),
        ("3百万", "3000000"),
        ("十", "10"),
        ("元", "1"),
        ("壱百弐拾", "120"),
    ],
)
def test_every_notation_reads_as_its_number(text: str, value: str) -> None:
    assert read_number(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", "　", "円", "十円", "abc"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no"):
        read_number(text)


def test_a_fraction_is_no_whole_number() -> None:
    with pytest.raises(ValueError, match="whole"):
        read_integer("1.5")


@pytest.mark.parametrize(
    ("text", "key"),
    [("第二十四条の二", "24_2"), ("第24条の2の3", "24_2_3"), ("第２項", "2"), ("三", "3"), ("第百二条", "102")],
)
def test_a_clause_number_becomes_a_key(text: str, key: str) -> None:
    assert clause_key(text) == key


def test_a_clause_without_number_has_no_key() -> None:
    with pytest.raises(ValueError, match="no number"):
        clause_key("前条")


def found(text: str) -> list[tuple[str, str]]:
    return [(str(figure.value), figure.unit) for figure in figures(text)]


@pytest.mark.parametrize("other", ["2,200円", "二千二百円", "２，２００円", "0.22万円", "2.2千円", "２２００円"])
def test_one_amount_is_equal_in_every_notation(other: str) -> None:
    assert figures(other) == figures("2200円")
    assert set(figures(other)) == set(figures("2200円"))


@pytest.mark.parametrize("other", ["百分の十", "100分の10", "10%", "１０％", "10パーセント", "1割", "十分の一"])
def test_one_rate_is_equal_in_every_notation(other: str) -> None:
    assert figures(other) == figures("10%")


def test_a_different_amount_or_unit_is_not_equal() -> None:
    assert figures("2,200円") != figures("2,300円")
    assert figures("10日") != figures("10人")


def test_units_are_folded() -> None:
    assert found("35百万円、3億5,000万円、12名、5箇月、30日間、37.5キロメートル、1.5倍、2割5分") == [
        ("35000000", "円"),
        ("350000000", "円"),
        ("12", "人"),
        ("5", "か月"),
        ("30", "日"),
        ("37.5", "km"),
        ("1.5", "倍"),
        ("25", "%"),
    ]


def test_clause_numbers_and_full_dates_are_no_figures() -> None:
    assert found("第12条第2項第3号、12条2項、第三章、令和8年4月1日、R8.4.1、2026-04-01、令和8年度、5番") == []


def test_parts_of_words_are_no_figures() -> None:
    assert found("一部、十分、県内一円、三重県、数十人、一般、万一") == []


def test_a_duration_and_a_month_are_figures() -> None:
    assert found("7月から9月までの間に5日、旅行の終了後10日以内、三年間") == [
        ("7", "月"),
        ("9", "月"),
        ("5", "日"),
        ("10", "日"),
        ("3", "年"),
    ]


@given(st.text(alphabet="0123456789,.一二十百千万億円人%分の割第条年月日令和 、", max_size=80))
def test_every_figure_stands_where_it_says(text: str) -> None:
    spans = [figure.span for figure in figures(text)]
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(first.end <= second.start for first, second in pairwise(spans))


def test_a_very_long_row_of_digits_is_read() -> None:
    assert figures("9" * 20_000 + "円")


@pytest.mark.parametrize("text", ["1.2.3", "12.", ".5", "1..2", "0十5.", "三.五.七"])
def test_points_that_stand_in_no_number_make_none(text: str) -> None:
    with pytest.raises(ValueError, match="not a number"):
        read_number(text)


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("投票率は四一・〇七％", "41.07", "%"),
        ("三・七五ポイント", "3.75", "ポイント"),
        ("平均で約一・五件", "1.5", "件"),
        ("一万八千四百頭", "18400", "頭"),
        ("アルファ化米三十万食", "300000", ""),
        ("1,236t", "1236", "t"),
        ("524千㎥", "524000", "m3"),
    ],
)
def test_decimals_and_large_numbers_in_kanji_are_figures(text: str, value: str, unit: str) -> None:
    assert [(each.value, each.unit) for each in figures(text)] == [(Decimal(value), unit)]


@pytest.mark.parametrize("text", ["四万十町の振興", "二・三日", "百貨店", "千代田", "五十万都市", "数十万人"])
def test_names_and_loose_numbers_are_no_figures(text: str) -> None:
    assert [each for each in figures(text) if each.value > 10] == []
