"""Folder rules: labels where labels.csv says nothing, and older level schemes that never open a document wider."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.folders import FolderRules
from ingest.listing import SourceFile
from rag.domain import Audience, Labels
from rag.errors import LabelsError
from rag.settings import LabelSettings, LevelSettings, Settings
from tests.ingest.conftest import Office

OLD = {"旧3段階": {"3": "3A", "2": "2", "1": "1"}}
TRAVEL = "出張の旅費は、順路により計算する。"


def settings(*folders: dict[str, object], schemes: dict[str, dict[str, str]] | None = None) -> Settings:
    table: dict[str, Any] = {"levels": {"schemes": schemes or {}}, "labels": {"folders": folders}}
    return Settings.model_validate(table)


def labels(path: str, *folders: dict[str, object], source: str = "/共有/総務部") -> Labels:
    made = settings(*folders)
    return FolderRules(labels=made.labels, levels=made.levels).labels_of(SourceFile(source=Path(source), path=path))


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("例規/**", "例規/旅費.docx", True),
        ("例規/**", "例規/人事/旅費.docx", True),
        ("例規/**", "旧例規/旅費.docx", False),
        ("例規/*", "例規/人事/旅費.docx", False),
        ("**/人事/**", "人事/処分.docx", True),
        ("**/人事/**", "通知/令和8年/人事/処分.docx", True),
        ("**/人事/**", "通知/人事課/処分.docx", False),
        ("**", "旅費.docx", True),
        ("*.pdf", "旅費.pdf", True),
        ("*.pdf", "例規/旅費.pdf", False),
        ("**/*.pdf", "例規/旅費.pdf", True),
        ("第?版.txt", "第2版.txt", True),
        ("./例規/**", "例規/旅費.docx", True),
        ("例規\\\\**", "例規/旅費.docx", True),
        ("ガイド/**", unicodedata.normalize("NFD", "ガイド") + "/a.txt", True),
        ("a.b/**", "axb/c.txt", False),
        ("第?版.txt", "第/版.txt", False),
        ("[a].txt", "[a].txt", True),
    ],
)
def test_a_pattern_means_what_a_person_expects(pattern: str, path: str, *, fits: bool) -> None:
    assert (labels(path, {"path": pattern.replace("\\\\", "\\"), "level": "1"}).level == "1") is fits


def test_the_last_rule_that_states_a_value_counts() -> None:
    found = labels(
        "例規/人事/処分.docx",
        {"path": "**", "department": "総務課", "level": "1", "audience": ["総務課"]},
        {"path": "例規/人事/**", "level": "3B"},
    )
    assert found == Labels(department="総務課", level="3B", groups=frozenset({"総務課"}))


@pytest.mark.parametrize(("source", "level"), [("総務部", "2"), ("/共有/総務部", "2"), ("土木部", None)])
def test_a_rule_may_be_about_one_source(source: str, level: str | None) -> None:
    assert labels("旅費.txt", {"path": "**", "source": source, "level": "2"}).level == level


def test_a_folder_that_was_once_given_by_itself_keeps_the_rules_of_the_folder_around_it(office: Office) -> None:
    office.settings = settings(
        {"path": "**", "level": "1"}, {"path": "人事/**", "source": "文書", "level": "3A", "audience": ["人事課"]}
    )
    office.put("人事/処分.txt", TRAVEL)
    office.sync(office.folder / "人事")
    office.sync()
    assert office.records() == [("人事", "処分.txt")]
    assert office.record("処分.txt").audience == Audience(level="3A", groups=frozenset({"人事課"}))
    assert office.sync(office.folder / "人事").changed == []


def test_labels_csv_wins_field_by_field_and_silence_opens_nothing(office: Office) -> None:
    office.settings = settings({"path": "例規/**", "department": "法務課", "level": "2", "audience": ["人事課"]})
    office.put("例規/a.txt", TRAVEL)
    office.put("例規/b.txt", TRAVEL + "い")
    office.put("c.txt", TRAVEL + "ろ")
    office.label("例規/a.txt,,旅費課,1,,,,,")
    office.sync()
    a, b, c = (office.record(path) for path in ("例規/a.txt", "例規/b.txt", "c.txt"))
    assert (a.department, a.audience) == ("旅費課", Audience(level="1", groups=frozenset({"人事課"})))
    assert (b.department, b.audience) == ("法務課", Audience(level="2", groups=frozenset({"人事課"})))
    assert c.audience.level == ""
    office.settings = settings()
    assert sorted(office.sync().changed) == ["例規/a.txt", "例規/b.txt"], "a changed rule reaches the documents"
    assert office.record("例規/b.txt").audience.level == ""


def test_a_labels_file_of_a_source_with_an_older_scheme_is_read_in_that_scheme(office: Office) -> None:
    office.settings = settings({"path": "旧/**", "scheme": "旧3段階"}, schemes=OLD)
    for name in ("旧/a.txt", "旧/b.txt"):
        office.put(name, TRAVEL + name)
    office.put("c.txt", TRAVEL)
    office.label("旧/a.txt,,,3,,,,,", "旧/b.txt,,,3B,,,,,", "c.txt,,,1,,,,,")
    office.sync()
    assert [office.record(path).audience.level for path in ("旧/a.txt", "旧/b.txt", "c.txt")] == ["3A", "3B", "1"]
    office.label("c.txt,,,3,,,,,")
    with pytest.raises(LabelsError, match="2行目: level の 3 は区分にありません。3A、3B、3C、2、1 のどれか"):
        office.sync()
    office.label("旧/a.txt,,,4,,,,,")
    with pytest.raises(LabelsError, match="2行目: level の 4 は区分にありません。3、2、1、3A、3B、3C のどれか"):
        office.sync()


def test_labels_given_by_hand_and_rules_use_the_scheme_too(office: Office) -> None:
    office.settings = settings({"path": "旧/**", "scheme": "旧3段階", "level": "3"}, schemes=OLD)
    office.put("旧/a.txt", TRAVEL)
    office.sync()
    assert office.record("旧/a.txt").audience.level == "3A"
    office.label("旧/a.txt,,,2,,,,,", at="../ラベル.csv")
    office.sync(label_file=(office.folder / "../ラベル.csv").resolve())
    office.sync()
    assert office.record("旧/a.txt").audience.level == "2"


def test_a_level_given_in_an_older_scheme_keeps_its_meaning_where_the_file_moves(office: Office) -> None:
    office.settings = settings({"path": "旧/**", "scheme": "旧"}, schemes={"旧": {"2": "3A", "1": "2"}})
    office.put("旧/a.txt", TRAVEL)
    office.label("旧/a.txt,,,2,,,,,", at="../ラベル.csv")
    office.sync(label_file=(office.folder / "../ラベル.csv").resolve())
    assert office.record("旧/a.txt").audience.level == "3A"
    (office.folder / "旧/a.txt").rename(office.folder / "a.txt")
    office.sync()
    office.put("a.txt", TRAVEL + "端数は切り捨てる。")
    office.sync()
    assert office.record("a.txt").audience.level == "3A"


ORDER = LevelSettings().order


@given(st.lists(st.sampled_from(ORDER), min_size=1, max_size=4), st.permutations(["3", "2", "1", "0"]))
def test_a_scheme_that_is_accepted_never_lowers_a_level(levels: list[str], names: list[str]) -> None:
    """Whatever is accepted keeps the order of its names and maps no known name to a weaker one."""
    scheme = dict(zip(names, levels, strict=False))
    places = [ORDER.index(level) for level in scheme.values()]
    lowers = any(name in ORDER and ORDER.index(level) > ORDER.index(name) for name, level in scheme.items())
    try:
        made = LevelSettings(schemes={"旧": scheme})
    except ValueError:
        assert lowers or places != sorted(places)
    else:
        assert not lowers
        assert places == sorted(places)
        assert list(made.names("旧"))[: len(scheme)] == list(scheme)


def test_rules_without_settings_say_nothing() -> None:
    rules = FolderRules(labels=LabelSettings(), levels=LevelSettings())
    assert rules.labels_of(SourceFile(source=Path("/共有"), path="a.txt")) == Labels()
