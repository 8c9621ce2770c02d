"""The versions of a document and what changed between two of them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.domain import Chunk, DocumentRecord, Kind, Period
from rag.rules.versions import Change, compare, other_days, pieces, versions
from tests.builders import chunk, rule

OLD = """\
第一条　この規則は、旅費について定める。
第二条　日当の額は、一日につき二千二百円とする。
２　宿泊料の額は、別表による。
第三条　食卓料は、支給しない。
第四条　旅費の精算は、旅行を完了した日の翌日から起算して十四日以内に行わなければならない。
別表（第二条関係）
区分 | 額
甲地 | 一万円
"""
NEW = """\
第一条　この規則は、旅費について定める。
第二条　宿泊手当の額は、一夜につき二千四百円とする。
２　宿泊費の額は、別表による。
第三条　旅費の精算は、旅行を完了した日の翌日から起算して十日以内に行わなければならない。
第五条　旅費の返納は、別に定める。
別表（第二条関係）
区分 | 額
甲地 | 一万九千円
"""


def record(name: str, *, start: date | None = None, end: date | None = None, **changes: str) -> DocumentRecord:
    return DocumentRecord(
        id=name,
        source="",
        path=f"{name}.html",
        content_hash="",
        title=name,
        kind=Kind.RULES,
        period=Period(start=start, end=end),
        **changes,  # type: ignore[arg-type]
    )


def read(text: str, *, characters: int = 700) -> list[Chunk]:
    return rule(text, characters=characters)[1]


def test_versions_are_the_whole_chain_newest_first() -> None:
    oldest = record("昭和", start=date(1970, 4, 1), ended_by="平成")
    older = record("平成", start=date(2000, 4, 1))
    newest = record("令和", start=date(2026, 4, 1), supersedes="平成")
    other = record("別", supersedes="見えない文書", ended_by="見えない版")
    records = [other, oldest, newest, older]
    for one in (oldest, older, newest):
        assert [each.id for each in versions(one, records)] == ["令和", "平成", "昭和"]
    assert versions(other, records) == [other]


def test_two_texts_that_name_each_other_end() -> None:
    one, other = record("甲", supersedes="乙"), record("乙", supersedes="甲")
    assert {each.id for each in versions(one, [one, other])} == {"甲", "乙"}


@pytest.mark.parametrize("characters", [700, 30])
def test_what_differs_is_named_article_by_article_in_the_order_of_the_newer_text(characters: int) -> None:
    found = compare(read(OLD, characters=characters), read(NEW, characters=characters))
    assert [(each.change, each.old_locator, each.new_locator) for each in found] == [
        (Change.CHANGED, "第2条", "第2条"),
        (Change.REMOVED, "第3条", ""),
        (Change.RENUMBERED, "第4条", "第3条"),
        (Change.ADDED, "", "第5条"),
        (Change.CHANGED, "別表", "別表"),
    ]
    assert "二千二百円" in found[0].old
    assert "二千四百円" in found[0].new


def test_an_article_under_another_number_is_compared_with_itself() -> None:
    old = "第一条　旅費を支給する。\n第二条　旅費の精算は、旅行を完了した日の翌日から十四日以内に行う。"
    new = "第一条　旅費を支給する。\n第五条　旅費の精算は、旅行を完了した日の翌日から十日以内に行う。"
    (found,) = compare(read(old), read(new))
    assert (found.change, found.old_locator, found.new_locator) == (Change.RENUMBERED, "第2条", "第5条")


DUTIES = ("文書", "旅費", "給与", "契約", "財産")


def duties(*names: str) -> list[Chunk]:
    sentence = "第{}条　{}に関する事務は、{}課長が処理し、毎年度末までに知事に報告する。"
    return read("\n".join(sentence.format(number, name, name) for number, name in enumerate(names, 1)))


def test_an_article_put_in_moves_those_behind_it_and_changes_none() -> None:
    found = compare(duties(*DUTIES), duties("文書", "広報", *DUTIES[1:]))
    assert [(each.change, each.old_locator, each.new_locator) for each in found] == [
        (Change.ADDED, "", "第2条"),
        *((Change.RENUMBERED, f"第{number}条", f"第{number + 1}条") for number in range(2, 6)),
    ]
    taken_out = compare(duties(*DUTIES), duties("文書", *DUTIES[2:]))
    assert [(each.change, each.old_locator) for each in taken_out][:2] == [
        (Change.REMOVED, "第2条"),
        (Change.RENUMBERED, "第3条"),
    ]


def test_what_says_nothing_of_its_own_is_not_taken_for_moved() -> None:
    old = "第一条　旅費を支給する。\n第十三条　削除\n第十四条　日当は、一日につき二千円とする。"
    new = "第一条　旅費を支給する。\n第十三条　宿泊料は、別表に定める。\n第十四条　削除"
    found = compare(read(old), read(new))
    assert [(each.change, each.new_locator) for each in found] == [
        (Change.CHANGED, "第13条"),
        (Change.CHANGED, "第14条"),
    ]


def test_a_new_heading_of_an_article_is_a_change() -> None:
    (found,) = compare(read("（目的）\n第一条　旅費を定める。"), read("（趣旨）\n第一条　旅費を定める。"))
    assert (found.change, found.old, found.new) == (
        Change.CHANGED,
        "（目的）\n第一条　旅費を定める。",
        "（趣旨）\n第一条　旅費を定める。",
    )


@given(
    st.lists(st.sampled_from(DUTIES), min_size=1, max_size=5, unique=True),
    st.lists(st.sampled_from([*DUTIES, "広報"]), min_size=1, max_size=6, unique=True),
)
def test_a_comparison_shows_each_article_of_both_texts_once_or_not_at_all_where_it_stayed(
    old: list[str], new: list[str]
) -> None:
    found = compare(duties(*old), duties(*new))
    stayed = [name for name, other in zip(old, new, strict=False) if name == other]
    shown_old = [each.old for each in found if each.old]
    shown_new = [each.new for each in found if each.new]
    assert sorted(shown_old) == sorted(
        each.text for each, name in zip(duties(*old), old, strict=True) if name not in stayed
    )
    assert sorted(shown_new) == sorted(
        each.text for each, name in zip(duties(*new), new, strict=True) if name not in stayed
    )


def test_the_same_text_wrapped_otherwise_does_not_differ() -> None:
    spaced = [
        chunk(text, locator="第1条", labels={"part": "main", "article": "1"})
        for text in ("第一条　旅費を支給する。", "第一条　旅費を\n支給する。")
    ]
    assert not compare(spaced[:1], spaced[1:])


def test_texts_that_are_no_rules_are_compared_by_their_headings() -> None:
    old = [chunk("十四日以内に精算する。", locator="1 精算", title="通知", kind=Kind.NOTES)]
    new = [chunk("十日以内に精算する。", locator="1 精算", title="通知", kind=Kind.NOTES)]
    (found,) = compare(old, new)
    assert (found.change, found.new_locator) == (Change.CHANGED, "1 精算")


def test_words_that_the_other_version_lacks_are_marked() -> None:
    left, right = pieces("一日につき二千二百円とする。", "一夜につき二千四百円とする。")
    assert [each.text for each in left if each.is_changed] == ["日", "二"]
    assert [each.text for each in right if each.is_changed] == ["夜", "四"]


@given(st.text(alphabet="旅費宿泊\n。一二", max_size=60), st.text(alphabet="旅費宿泊\n。一二", max_size=60))
def test_the_pieces_are_the_whole_texts(old: str, new: str) -> None:
    left, right = pieces(old, new)
    assert "".join(each.text for each in left) == old
    assert "".join(each.text for each in right) == new
    assert [each.text for each in left if not each.is_changed] == [each.text for each in right if not each.is_changed]


def test_a_very_long_text_is_marked_by_lines() -> None:
    old = "\n".join(f"第{number}行の定め" for number in range(500))
    left, _ = pieces(old, old.replace("第7行の定め", "第7行の規定"))
    assert [each.text for each in left if each.is_changed] == ["第7行の定め\n"]


def test_few_signs_that_repeat_are_compared_by_lines_and_one_such_line_whole() -> None:
    old, new = "い" * 900 + "\n終わり", "いろ" * 450 + "\n終わり"
    left, right = pieces(old, new)
    assert [each.text for each in left if each.is_changed] == ["い" * 900 + "\n"]
    assert [each.text for each in right if each.is_changed] == ["いろ" * 450 + "\n"]
    left, right = pieces("同じ行\n" * 900, "同じ行\n" * 900 + "別の行\n")
    assert [each.is_changed for each in [*left, *right]] == [True, True]


def test_other_days_are_before_what_ended_and_at_the_start_of_what_is_to_come() -> None:
    day = date(2026, 11, 26)
    records = [
        record("旧", start=date(2000, 4, 1), end=date(2026, 4, 1)),
        record("今", start=date(2026, 4, 1), end=date(2027, 4, 1)),
        record("次", start=date(2027, 4, 1)),
        record("不明"),
    ]
    assert other_days(records, day) == [date(2026, 3, 31), date(2027, 4, 1)]
