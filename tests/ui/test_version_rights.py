"""Versions that a person may not read are named to them nowhere, and a version that goes opens the one before it again."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from rag.domain import Reader
from rag.wiring import open_home
from tests.ui.conftest import TODAY, Kotae

RULE = """\
みほん県宿直規則
平成十二年三月三十一日
みほん県規則第四十一号
第一条　宿直手当の額は、一夜につき{}とする。
第二条　宿直は、二人で行う。
附　則
この規則は、{}から施行する。
"""
OLD, NEW = "宿直規則.txt", "宿直規則_改正.txt"
DIRECTORY = """\
user,name,department,groups,max_level,role
ippan,一般職員,道路課,,1,staff
jinji,人事担当,人事課,,3A,staff
"""
ASKED = "宿直手当の額は一夜につきいくらですか"


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A rule in two versions."""
    folder = tmp_path / "例規"
    folder.mkdir()
    (folder / OLD).write_text(RULE.format("四千円", "平成十二年四月一日"), encoding="utf-8")
    (folder / NEW).write_text(RULE.format("五千円", "令和八年四月一日"), encoding="utf-8")
    return folder


def ids(kotae: Kotae, home: Path) -> dict[str, str]:
    return {row["path"]: row["id"] for row in kotae("--home", home, "documents", "--json").value}


@pytest.fixture
def home(new_home: Path, rules: Path, kotae: Kotae) -> Path:
    """The older version is kept to a stricter level; the newer one supersedes it."""
    (rules / "labels.csv").write_text(
        f"path,level,effective_from,supersedes\n{OLD},3A,2000-04-01,\n{NEW},1,2026-04-01,{OLD}\n", encoding="utf-8"
    )
    assert kotae("--home", new_home, "ingest", rules).status == 0
    return new_home


def test_the_versions_of_a_document_are_those_that_the_user_may_read(home: Path, kotae: Kotae) -> None:
    found = ids(kotae, home)
    (home / "directory.csv").write_text(DIRECTORY, encoding="utf-8")
    for user, seen in (("ippan", [NEW]), ("jinji", [NEW, OLD])):
        shown = kotae("--home", home, "--as", user, "documents", "show", found[NEW], "--json").value
        assert [each["id"] for each in shown["versions"]] == [found[path] for path in seen]


def test_an_answer_dates_only_versions_that_the_user_may_read(home: Path, kotae: Kotae) -> None:
    (home / "directory.csv").write_text(DIRECTORY, encoding="utf-8")
    for user, is_told in (("ippan", False), ("jinji", True)):
        value = kotae("--home", home, "--as", user, "ask", ASKED, "--as-of", TODAY, "--json").value
        assert value["status"] == "answered"
        assert ("前の版は" in value["answer"]) is is_told


def test_the_rules_that_references_lead_to_are_those_that_the_reader_may_read(home: Path) -> None:
    opened = open_home(home)
    for level, seen in (("1", {NEW}), ("3A", {NEW, OLD})):
        book = opened.rulebook(Reader(user="a", name="a", max_level=level), date(2026, 11, 26))
        assert {record.path for record in book.records} == seen


def test_a_version_that_is_withdrawn_opens_the_one_before_it_again(new_home: Path, rules: Path, kotae: Kotae) -> None:
    (rules / "labels.csv").write_text(f"path,level\n{OLD},1\n{NEW},1\n", encoding="utf-8")
    report = kotae("--home", new_home, "ingest", rules, "--json").value
    assert report["ended"] == [{"path": OLD, "effective_to": "2026-04-01", "by": NEW}]
    assert kotae("--home", new_home, "documents", "remove", ids(kotae, new_home)[NEW]).status == 0
    (row,) = [row for row in kotae("--home", new_home, "documents", "--json").value if row["path"] == OLD]
    assert row["effective_to"] is None
