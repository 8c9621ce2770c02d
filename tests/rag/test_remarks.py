"""Which remarks of minutes and notes a filter keeps, and what a question prefers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from rag.domain import Kind, Period, RemarkFilter
from rag.japanese.sittings import parse_sitting
from rag.remarks import facts_of, fits, fits_any
from tests.builders import answer, asking, chunk

TODAY = date(2026, 11, 26)
GOVERNOR = answer("検討します。", pair=1, question="宿泊税は。")
MEMBER = asking("伺います。")
NOTES = chunk(
    "・燃料が足りない。",
    title="第2回避難所環境改善検討部会 議事要旨",
    kind=Kind.NOTES,
    labels={"speaker": "毛布委員", "role": "member", "date": "2026-09-10"},
)
OFFICE = replace(NOTES, labels={"speaker": "事務局", "role": "official", "date": "2026-09-10"})
RULE = chunk("旅費は、順路により計算する。", labels={"post": "知事"})
EVERY = {"governor": GOVERNOR, "member": MEMBER, "notes": NOTES, "office": OFFICE, "rule": RULE}


def kept(**parts: object) -> list[str]:
    wanted = RemarkFilter(**parts)  # type: ignore[arg-type]
    return [name for name, each in EVERY.items() if fits(wanted, facts_of(each))]


@pytest.mark.parametrize(
    ("parts", "names"),
    [
        ({"post": "知事"}, ["governor"]),
        ({"post": "事務局"}, ["office"]),
        ({"member": "想定"}, ["governor", "member"]),
        ({"member": "毛布委員"}, ["notes"]),
        ({"role": "official"}, ["governor", "office"]),
        ({"role": "member"}, ["member", "notes"]),
        ({"period": Period(start=date(2026, 1, 1))}, ["notes", "office"]),
        ({"period": Period(end=date(2026, 1, 1))}, ["governor", "member"]),
        ({"sitting": parse_sitting("去年の9月議会", TODAY)}, ["governor", "member"]),
        ({"sitting": parse_sitting("避難所環境改善検討部会", TODAY)}, ["notes", "office"]),
        ({"sitting": parse_sitting("去年の9月議会", TODAY), "post": "教育長"}, []),
        ({"member": "想定", "post": "知事"}, ["governor"]),
        ({}, ["governor", "member", "notes", "office"]),
    ],
)
def test_a_filter_keeps_the_remarks_that_fit_every_part_of_it_and_never_a_rule(
    parts: dict[str, object], names: list[str]
) -> None:
    assert kept(**parts) == names


def test_one_of_several_filters_is_enough_and_none_keeps_everything() -> None:
    both = (RemarkFilter(post="知事"), RemarkFilter(member="毛布"))
    assert [name for name, each in EVERY.items() if fits_any(both, facts_of(each))] == ["governor", "notes"]
    assert all(fits_any((), facts_of(each)) for each in EVERY.values())
