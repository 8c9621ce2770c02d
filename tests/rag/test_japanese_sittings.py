"""Which sitting a text names, and which minutes are of it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.domain import Period, SittingName
from rag.errors import InputError
from rag.japanese.people import is_member, is_post
from rag.japanese.sittings import is_sitting, parse_sitting, sittings

TODAY = date(2026, 11, 26)


def month(year: int, number: int) -> Period:
    return Period(start=date(year, number, 1), end=date(year + number // 12, number % 12 + 1, 1))


SEPTEMBER = month(2025, 9)


@pytest.mark.parametrize(
    ("text", "words", "name"),
    [
        ("令和7年9月議会で", "令和7年9月議会", SittingName(period=SEPTEMBER, body="議会")),
        ("去年の9月議会で", "去年の9月議会", SittingName(period=SEPTEMBER, body="議会")),
        ("昨年９月定例会", "昨年９月定例会", SittingName(period=SEPTEMBER, body="定例")),
        ("2025年9月の県議会で", "2025年9月の県議会", SittingName(period=SEPTEMBER, body="議会")),
        (
            "令和七年九月みほん県議会定例会",
            "令和七年九月みほん県議会定例会",
            SittingName(period=SEPTEMBER, body="定例"),
        ),
        ("令和7年9月に開かれた本会議", "令和7年9月に開かれた本会議", SittingName(period=SEPTEMBER, body="本会議")),
        ("先の6月議会", "先の6月議会", SittingName(period=month(2026, 6), body="議会")),
        ("9月議会で", "9月議会", SittingName(month=9, body="議会")),
        ("第三回定例会", "第三回定例会", SittingName(turn=3, body="定例")),
        (
            "令和6年第3回定例会で",
            "令和6年第3回定例会",
            SittingName(period=Period(start=date(2024, 1, 1), end=date(2025, 1, 1)), turn=3, body="定例"),
        ),
        (
            "今年の予算特別委員会",
            "今年の予算特別委員会",
            SittingName(period=Period(start=date(2026, 1, 1), end=date(2027, 1, 1)), body="予算特別委員会"),
        ),
        ("予算特別委員会で", "予算特別委員会", SittingName(body="予算特別委員会")),
        ("第4回宿泊税検討会議で", "第4回宿泊税検討会議", SittingName(turn=4, body="宿泊税検討会議")),
        ("今年6月の答弁では", "今年6月", SittingName(period=month(2026, 6))),
        ("昨年の知事の答弁", "昨年", SittingName(period=Period(start=date(2025, 1, 1), end=date(2026, 1, 1)))),
        ("令和7年9月の鳥獣被害の答弁", "令和7年9月", SittingName(period=SEPTEMBER)),
    ],
)
def test_a_sitting_is_read_with_the_words_that_name_it(text: str, words: str, name: SittingName) -> None:
    [found] = sittings(text, TODAY)
    assert (found.span.of(text), found.name) == (words, name)


def test_two_sittings_that_share_a_name_are_both_read() -> None:
    text = "令和7年9月と令和8年6月の議会で"
    assert [(each.span.of(text), each.name) for each in sittings(text, TODAY)] == [
        ("令和7年9月", SittingName(period=SEPTEMBER, body="議会")),
        ("令和8年6月の議会", SittingName(period=month(2026, 6), body="議会")),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "議会に提出する議案",
        "教育委員会の窓口",
        "公募型プロポーザルの審査委員会",
        "令和7年度の鳥獣被害の答弁",
        "令和7年度の旅費の改正",
        "議会事務局の係",
        "本日の会議",
        "9月の会議室の予約",
        "避難所の部会",
    ],
)
def test_words_that_only_look_like_one_name_no_sitting(text: str) -> None:
    assert sittings(text, TODAY) == []


PLENARY = "令和7年9月定例会 令和7年9月みほん県議会定例会会議録（第2号）"
BUDGET = "令和8年予算特別委員会 令和8年みほん県議会予算特別委員会会議録（第3号）"
THIRD = "令和6年第3回定例会 令和6年第3回みほん県議会定例会会議録"
FIRST_EXTRA = "平成29年第1回臨時会 平成二十九年第一回臨時会会議録"
NOTES = "第4回みほん県宿泊税検討会議　議事要旨"
DAYS = {
    PLENARY: date(2025, 9, 17),
    BUDGET: date(2026, 3, 12),
    THIRD: date(2024, 10, 2),
    FIRST_EXTRA: date(2017, 8, 8),
    NOTES: date(2026, 8, 27),
}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("令和7年9月議会", [PLENARY]),
        ("令和7年9月定例会", [PLENARY]),
        ("令和7年9月17日の本会議", [PLENARY]),
        ("令和7年第3回定例会", [PLENARY]),
        ("9月議会", [PLENARY, THIRD]),
        ("10月議会", [THIRD]),
        ("第3回定例会", [PLENARY, THIRD]),
        ("令和6年第3回定例会", [THIRD]),
        ("令和6年9月議会", [THIRD]),
        ("令和6年第2回定例会", []),
        ("令和6年12月議会", []),
        ("予算特別委員会", [BUDGET]),
        ("予算委員会", [BUDGET]),
        ("令和8年3月の予算特別委員会", [BUDGET]),
        ("3月議会", [BUDGET]),
        ("令和7年度の予算特別委員会", [BUDGET]),
        ("令和7年の予算特別委員会", []),
        ("決算特別委員会", []),
        ("令和8年3月定例会", []),
        ("第1回臨時会", [FIRST_EXTRA]),
        ("平成29年8月議会", [FIRST_EXTRA]),
        ("平成29年9月議会", []),
        ("宿泊税検討会議", [NOTES]),
        ("第4回宿泊税検討会議", [NOTES]),
        ("第5回宿泊税検討会議", []),
        ("8月議会", [FIRST_EXTRA]),
        ("定例会", [PLENARY, THIRD]),
        ("令和6年度", [THIRD]),
    ],
)
def test_the_minutes_of_a_sitting_are_those_that_people_mean(text: str, meant: list[str]) -> None:
    name = parse_sitting(text, TODAY)
    assert [label for label, day in DAYS.items() if is_sitting(name, label, day)] == meant


ACCOUNTS = "令和6年度決算特別委員会 令和6年度みほん県議会決算特別委員会会議録"


@pytest.mark.parametrize(
    ("text", "label", "day", "fits"),
    [
        ("令和6年度決算特別委員会", ACCOUNTS, date(2025, 10, 10), True),
        ("令和6年度決算特別委員会", "令和6年決算特別委員会 令和6年度決算特別委員会会議録", date(2025, 10, 10), True),
        ("令和6年度決算特別委員会", ACCOUNTS, None, True),
        ("令和5年度決算特別委員会", ACCOUNTS, date(2025, 10, 10), False),
        ("令和6年度予算特別委員会", ACCOUNTS, date(2025, 10, 10), False),
        ("令和6年の決算特別委員会", ACCOUNTS, date(2025, 10, 10), False),
        ("令和8年度予算特別委員会", "令和8年度予算特別委員会会議録", date(2026, 3, 10), True),
        ("令和6年度の決算特別委員会", "決算特別委員会会議録（令和6年度の決算の認定）", date(2025, 10, 10), False),
        ("令和6年度9月定例会", "令和6年度9月定例会", date(2024, 9, 10), True),
        ("令和6年度の定例会", "令和6年度第1回定例会会議録", date(2025, 5, 10), False),
    ],
)
def test_a_committee_called_after_a_fiscal_year_is_found_by_it_whenever_it_meets(
    text: str, label: str, day: date | None, fits: bool
) -> None:
    assert is_sitting(parse_sitting(text, TODAY), label, day) is fits


def test_without_a_day_the_name_alone_decides() -> None:
    assert is_sitting(parse_sitting("令和8年の予算特別委員会", TODAY), BUDGET, None)
    assert not is_sitting(parse_sitting("令和8年3月の予算特別委員会", TODAY), "予算特別委員会会議録", None)


@pytest.mark.parametrize("text", ["", "きのう", "令和7年9月議会で", "答弁", "令和7年9月議会と令和8年6月議会"])
def test_what_names_no_single_sitting_is_refused_with_examples(text: str) -> None:
    with pytest.raises(InputError, match="のように指定してください"):
        parse_sitting(text, TODAY)


PIECES = "令和7年 9月 去年の 先の6月 第3回 定例会 議会 みほん県 予算特別委員会 会議 の知事の 答弁 と で 、 審議会 部会".split()


@given(st.lists(st.sampled_from(PIECES), max_size=10).map("".join), st.dates())
def test_whatever_stands_there_sittings_stand_in_order_and_apart(text: str, day: date) -> None:
    at = 0
    for each in sittings(text, day):
        assert at <= each.span.start < each.span.end <= len(text)
        at = each.span.end
        assert each.name != SittingName()


@pytest.mark.parametrize(
    ("wanted", "post", "fits"),
    [
        ("知事", "知事", True),
        ("知事", "副知事", False),
        ("標本知事", "知事", True),
        ("副知事", "知事", False),
        ("部長", "総務部長", True),
        ("総務部長", "部長", True),
        ("総務部長", "企画部長", False),
        ("建築住宅課長", "仮谷建築住宅課長", True),
        ("市長", "副市長", False),
        ("知事", "元知事", False),
        ("知事", "前知事", False),
        ("前知事", "知事", False),
        ("部長", "総務部次長", False),
        ("教育長", "", False),
        ("", "知事", False),
    ],
)
def test_a_post_is_meant_by_its_whole_name_or_its_end(wanted: str, post: str, fits: bool) -> None:
    assert is_post(wanted, post) is fits


@pytest.mark.parametrize(
    ("wanted", "member", "fits"),
    [
        ("想定", "想定健議員", True),
        ("想定議員", "想定健", True),
        ("想定健君", "想定健議員", True),
        ("添付委員", "添付正樹", True),
        ("健", "想定健議員", False),
        ("仮名", "想定健議員", False),
        ("議員", "想定健議員", False),
        ("想定", "", False),
    ],
)
def test_a_member_is_meant_by_surname_or_full_name(wanted: str, member: str, fits: bool) -> None:
    assert is_member(wanted, member) is fits
