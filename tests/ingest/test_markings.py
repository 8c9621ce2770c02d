"""A marking in a document raises the level of its label and never lowers it; a sentence about levels is no marking."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.markings import RAISED, UNKNOWN, raised_level
from rag.domain import Block, Document
from rag.settings import LevelSettings, Settings
from tests.ingest.conftest import Office

LEVELS = LevelSettings(schemes={"旧": {"3": "3B", "2": "2", "1": "1"}})
BODY = "出張の旅費は、順路により計算する。"
MARKINGS = ["機密性3", "【機密性２】", "自治体機密性3A", "取扱注意：機密性3B", "（機密性2情報）", "機密性１"]


def document(*lines: str, page: int | None = None, tag: str = "") -> Document:
    return Document(path="a.docx", title="a", blocks=tuple(Block(text=line, page=page, tag=tag) for line in lines))


def level(found: Document, label: str = "1", scheme: str = "") -> str:
    return raised_level(found, label, names=LEVELS.names(scheme), order=LEVELS.order)[0]


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("機密性3", "3A"),
        ("【機密性２】", "2"),
        ("自治体機密性3A", "3A"),
        ("取扱注意：機密性3B", "3B"),
        ("取扱注意　機密性３Ｂ", "3B"),
        ("（機密性2情報）", "2"),
        ("機密性：3C", "3C"),
        ("格付け：機密性2情報", "2"),
        ("自治体機密性3B・完全性2・可用性2", "3B"),
        ("［関係者限り］機密性2", "2"),
        ("資料1-2　機密性2", "2"),
    ],
)
def test_a_line_that_is_a_marking_raises_the_level(line: str, meant: str) -> None:
    assert level(document("旅費の運用について", line, BODY)) == meant


@pytest.mark.parametrize(
    "line",
    [
        "機密性3の情報は、庁外に持ち出してはならない。",
        "この要綱で「機密性3」とは、秘密文書に相当する機密性を要する情報をいう。",
        "機密性3 | 秘密文書に相当する機密性を要する情報資産",
        "(1) 機密性3A",
        "機密性の高い情報",
        "機密性3及び機密性2の文書",
        "機密性3・機密性2",
        "機密性5",
        "重要性分類3A",
    ],
)
def test_words_about_levels_raise_nothing(line: str) -> None:
    assert level(document("情報セキュリティ対策基準", line, BODY)) == "1"


@pytest.mark.parametrize("form", ["機密性{}", "・機密性{}", "【機密性{}】"])
def test_a_list_of_levels_raises_nothing(form: str) -> None:
    lines = [line for mark in ("3A", "3B", "2") for line in (form.format(mark), BODY)]
    assert level(document("情報セキュリティ対策基準", "第1章　総則", "情報資産の分類", *lines)) == "1"


def test_a_marking_above_a_list_of_levels_counts() -> None:
    lines = ["【機密性2】", "情報セキュリティ対策基準", BODY, "機密性3A", BODY, "機密性3B", BODY, "機密性1", BODY]
    assert level(document(*lines)) == "2"


def test_a_marking_counts_at_the_head_on_the_first_page_and_in_the_margins() -> None:
    body = [BODY] * 40
    assert level(document(*body, "機密性3A")) == "1"
    assert level(document(*body, "機密性3A", page=1)) == "3A"
    assert level(document(*body, "機密性3A", page=2)) == "1"
    margin = Document(path="a", title="a", blocks=(*document(*body).blocks, Block(text="機密性3A", tag="footer")))
    assert level(margin) == "3A"
    sheet = Document(
        path="a",
        title="a",
        blocks=(*document(*body).blocks, Block(text="機密性3A", tag="header", rows=(("機密性3A",),))),
    )
    assert level(sheet) == "1", "the head of a table is no header of a page"


def test_the_scheme_of_the_source_says_what_a_single_digit_means() -> None:
    assert level(document("機密性3")) == "3A", "without a scheme the strictest that it may mean"
    assert level(document("機密性3"), scheme="旧") == "3B"


def test_a_marking_that_the_settings_do_not_know_is_said() -> None:
    found = raised_level(document("機密性3A"), "庁内", names={"秘": "秘", "庁内": "庁内"}, order=("秘", "庁内"))
    assert found == ("庁内", (UNKNOWN.format(marking="機密性3A"),))


@given(st.lists(st.sampled_from([*MARKINGS, BODY, "機密性3の情報は、"]), max_size=6), st.sampled_from(LEVELS.order))
def test_no_text_ever_lowers_a_level(lines: list[str], label: str) -> None:
    assert LEVELS.order.index(level(document(*lines), label)) <= LEVELS.order.index(label)


def test_a_run_raises_the_chunks_and_says_so_each_time(office: Office) -> None:
    office.put("a.txt", f"取扱注意：機密性3B\n旅費の運用\n\n{BODY}")
    office.label("a.txt,,旅費課,2,人事課,,,,")
    said = [("a.txt", RAISED.format(marking="取扱注意：機密性3B", label="2", level="3B"))]
    assert office.sync().warnings == said
    assert office.sync().warnings == said
    (audience,) = office.catalogue.audiences()
    assert (audience.level, audience.groups) == ("3B", {"人事課"})


def test_a_marking_is_no_label(office: Office) -> None:
    office.put("a.txt", f"【機密性1】\n{BODY}")
    office.put("b.txt", f"【機密性3A】\n{BODY}{BODY}")
    office.label("b.txt,,,3A,,,,,")
    report = office.sync()
    assert office.record("a.txt").audience.level == "", "without a label it stays with the administrators"
    assert [path for path, _ in report.warnings] == ["a.txt"]


def test_a_changed_scheme_reaches_documents_that_are_raised(office: Office) -> None:
    office.put("a.txt", f"【機密性3】\n{BODY}")
    office.label("a.txt,,,2,,,,,")
    for meant in ("3A", "3C"):
        office.settings = Settings.model_validate(
            {
                "levels": {"schemes": {"旧": {"3": meant, "2": "2", "1": "1"}}},
                "labels": {"folders": [{"path": "**", "scheme": "旧"}]},
            }
        )
        office.sync()
        assert office.record("a.txt").audience.level == meant
