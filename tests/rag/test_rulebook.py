"""The loaded rules by name, and what stands beside a clause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from rag.domain import Chunk, DocumentRecord, Kind, Period, State, Surrounding
from rag.errors import SettingsError
from rag.japanese.rule_names import defined_names, is_this_rule, named_before
from rag.japanese.usual_names import UsualNames, load_usual_names
from rag.rules import rulebook as module
from rag.rules.rulebook import Rulebook, RuleShelf
from rag.rules.surroundings import surroundings
from tests.builders import IN_FORCE, REPLACED, TODAY, rule

OLD = rule("第一条　日当は、二千二百円とする。", period=REPLACED, document="old")
NEW = rule(
    """\
第一条　宿泊手当は、二千四百円とする。
第二条　宿泊費は、別表第一に掲げる額とする。
別表第一（第二条関係）
区分 | 額
東京都 | 一万九千円
北海道 | 一万三千円
"""
    + "".join(f"第{number}地域の宿泊先 | 一万円\n" for number in range(40)),
    document="new",
)
RULES = rule(
    """\
第一条　この規則は、職員の旅費に関する条例（平成十二年みほん県条例第三十四号。以下「条例」という。）を実施する。
第二条　次に掲げる旅行には、条例第一条の宿泊手当を支給しない。
一　日帰りの旅行
二　前号に掲げるもののほか、県内の旅行
２　前項の規定は、研修のための旅行について準用する。この場合において、同項中「日帰り」とあるのは「三日以内」と読み替える。
３　条例第二条の宿泊費は、条例別表第一による。
""",
    title="職員の旅費に関する規則",
    document="rules",
    characters=80,
)
LAW = rule("第一条　公務員は、全体の奉仕者である。", title="地方公務員法", document="law")


def book(
    *loaded: tuple[DocumentRecord, list[Chunk]], day: date = TODAY, usual: dict[str, str] | None = None
) -> Rulebook:
    chunks = {record.id: found for record, found in loaded}
    shelf = RuleShelf(chunks_of=lambda document_id: chunks[document_id])
    return Rulebook(
        shelf=shelf, records=[record for record, _ in loaded], usual=UsualNames(titles=usual or {}), day=day
    )


def found(name: str, *loaded: tuple[DocumentRecord, list[Chunk]], **changes: object) -> str:
    rule_found = book(*loaded, **changes).find(name)  # type: ignore[arg-type]
    return rule_found.document_id if rule_found else ""


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("職員の旅費に関する条例", "new"),
        ("旅費条例", "new"),
        ("旅費規則", "rules"),
        ("職員の旅費 に関する規則", "rules"),
        ("条例", ""),
        ("文書管理規程", ""),
        ("旅費規程", ""),
        ("地方公務員法", "law"),
    ],
)
def test_a_rule_is_found_by_title_and_abbreviation_but_not_by_a_word_that_fits_many(name: str, expected: str) -> None:
    assert found(name, NEW, RULES, LAW) == expected


def test_the_version_in_force_that_day_is_found() -> None:
    assert found("旅費条例", OLD, NEW) == "new"
    assert found("旅費条例", OLD, NEW, day=date(2026, 3, 31)) == "old"
    assert found("旅費条例", NEW, day=date(2026, 3, 31)) == ""


def test_a_usual_name_stands_for_its_title() -> None:
    assert found("服務法", LAW) == ""
    assert found("服務法", LAW, usual={"服務法": "地方公務員法"}) == "law"


def test_a_name_that_fits_two_titles_alike_names_none() -> None:
    other = rule("第一条　旅費を支給する。", title="議員の旅費に関する条例", document="other")
    assert found("旅費条例", NEW, other) == ""


@pytest.mark.parametrize(
    ("name", "title"), [("規則", "財務規則"), ("法", "民法"), ("条例", "旅費条例"), ("施行令", "法施行令")]
)
def test_a_word_that_only_says_what_kind_of_rule_is_meant_names_none_however_short_a_title_is(
    name: str, title: str
) -> None:
    loaded = rule("第一条　目的を定める。", title=title, document="short")
    assert found(name, loaded) == ""
    assert found(title, loaded) == "short"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("みほん県職員の給与に関する条例", "one"),
        ("会計年度任用職員の給与に関する条例", ""),
        ("特別職の職員の給与に関する条例", ""),
    ],
)
def test_a_full_name_means_no_rule_whose_name_only_holds_it(title: str, expected: str) -> None:
    loaded = rule("第一条　給与を支給する。", title=title, document="one")
    assert found("職員の給与に関する条例", loaded) == expected


def test_one_title_of_two_rules_names_none_and_of_two_copies_of_one_the_newer() -> None:
    (one, chunks), (other, others) = (
        rule("第一条　文書を保存する。", title="文書規程", document=name) for name in ("知事", "教育委員会")
    )
    one = replace(one, number="令和2年訓令第1号")
    assert found("文書規程", (one, chunks), (replace(other, number="令和3年教育委員会訓令第4号"), others)) == ""
    newer = replace(other, number="令和2年訓令第1号", period=Period(start=date(2026, 10, 1)))
    assert found("文書規程", (one, chunks), (newer, others)) == "教育委員会"


def test_only_rules_that_can_be_searched_are_in_the_book() -> None:
    record, chunks = NEW
    for changed in (replace(record, state=State.WITHDRAWN), replace(record, kind=Kind.NOTES)):
        assert found("旅費条例", (changed, chunks)) == ""
        assert book((changed, chunks)).resolver("new") is None
    assert book(NEW).resolver("old") is None


def test_a_rule_is_read_once_and_again_when_it_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def chunks_of(document_id: str) -> Sequence[Chunk]:
        asked.append(document_id)
        return NEW[1]

    shelf = RuleShelf(chunks_of=chunks_of)
    record = NEW[0]
    assert shelf.rule(record) is shelf.rule(record)
    shelf.rule(replace(record, content_hash="other"))
    shelf.rule(replace(record, period=Period(start=IN_FORCE.start, end=date(2030, 4, 1))))
    assert len(asked) == 3
    monkeypatch.setattr(module, "KEPT_RULES", 1)
    shelf.rule(LAW[0])
    shelf.rule(record)
    assert len(asked) == 5


def beside(locator: str, question: str = "宿泊費はいくらですか", *, part: int = 0) -> list[Surrounding]:
    chunks = [chunk for chunk in (*RULES[1], *NEW[1]) if chunk.locator.startswith(locator)]
    own = [chunk for chunk in chunks if chunk.document_id == "rules"] or chunks
    return list(surroundings(own[part], book(OLD, NEW, RULES, LAW), question=question))


def test_the_words_above_an_item_stand_beside_it() -> None:
    loaded = rule(
        "第一条　次に掲げる旅行には、宿泊手当を支給しない。\n一　日帰りの旅行\n二　県内の研修所における研修のための旅行",
        characters=30,
    )
    item = next(chunk for chunk in loaded[1] if "研修所" in chunk.text)
    first, *_ = surroundings(item, book(loaded), question="研修")
    assert first.text == "第1条　第一条　次に掲げる旅行には、宿泊手当を支給しない。"


def test_the_target_in_another_rule_stands_beside_a_clause_with_its_title() -> None:
    texts = [passage.text for passage in beside("第2条第3項")]
    assert texts[0] == "職員の旅費に関する条例第2条　第二条　宿泊費は、別表第一に掲げる額とする。"


def test_of_a_table_the_rows_that_speak_of_the_question_stand_beside_a_clause() -> None:
    table = next(each.text for each in beside("第2条第3項", "東京都に泊まる") if "別表" in each.text.split("　")[0])
    assert "東京都 | 一万九千円" in table
    assert "区分 | 額" in table
    assert "北海道" not in table


def test_a_clause_that_is_applied_with_other_words_comes_with_them() -> None:
    applied = beside("第2条第2項")[0].text
    assert "「日帰り」とあるのは「三日以内」と読み替える" in applied


def test_a_rule_that_the_reader_may_not_read_gives_nothing() -> None:
    chunk = next(chunk for chunk in RULES[1] if chunk.locator == "第2条第3項")
    texts = [passage.text for passage in surroundings(chunk, book(RULES), question="宿泊費")]
    assert texts
    assert not any("職員の旅費に関する条例第" in text for text in texts)
    assert not list(surroundings(chunk, book(NEW), question="宿泊費"))


def test_a_text_defines_short_names_of_rules_and_no_others() -> None:
    text = (
        "地方自治法（昭和二十二年法律第六十七号。以下「法」という。）第二条及び職員の旅費に関する条例"
        "（平成十二年条例第三十四号。以下この条において「旅費条例」という。）の規定（以下「規定」という。）による。"
    )
    assert defined_names(text) == {"法": "地方自治法", "旅費条例": "職員の旅費に関する条例"}
    assert defined_names("旅行命令権者（以下「権者」という。）") == {}


def test_the_rule_named_last_is_the_one_that_the_same_means() -> None:
    text = "地方自治法（昭和二十二年法律第六十七号）及び旅費条例（平成十二年条例第三号）による。"
    assert named_before(text, len(text), "法") == "地方自治法"
    assert named_before(text, len(text), "条例") == "旅費条例"
    assert named_before(text, len(text), "規則") == ""
    assert is_this_rule("この条例")
    assert not is_this_rule("その条例")


def test_usual_names_of_the_home_win_over_the_packaged_ones(tmp_path: Path) -> None:
    assert load_usual_names(tmp_path).title("マイナンバー法").startswith("行政手続における")
    (tmp_path / "usual_names.txt").write_text("# 通称\nみほん県番号条例 = 番号法 | 番号の条例\n", encoding="utf-8")
    names = load_usual_names(tmp_path)
    assert names.title("番号法") == "みほん県番号条例"
    assert names.title("番号の 条例") == "みほん県番号条例"
    assert names.title("自治法") == "地方自治法"
    assert names.title("どこにもない法") == "どこにもない法"


@pytest.mark.parametrize("line", ["番号法", " = 番号法", "題名 = "])
def test_a_line_of_usual_names_that_cannot_be_read_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "usual_names.txt").write_text(f"題名 = 通称\n{line}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="2行目"):
        load_usual_names(tmp_path)
