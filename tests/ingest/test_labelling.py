"""Labels given by hand hold until the same path is labelled anew; those of labels.csv follow."""

from __future__ import annotations

import unicodedata
from datetime import date
from pathlib import Path

import pytest

from ingest.labelling import DIFFERS, GAVE_WAY, NOBODY
from rag.domain import Audience, Period
from rag.errors import LabelsError
from rag.settings import Settings
from tests.ingest.conftest import Office

TRAVEL = "出張の旅費は、順路により計算する。"
CAR = "公用車を使うときは、前日までに申し込む。"


def give(office: Office, *rows: str, name: str = "ラベル.csv") -> Path:
    """Write a labels file beside the folder, to be given by hand."""
    return office.label(*rows, at=f"../{name}").resolve()


def level(office: Office, path: str) -> str:
    return office.record(path).audience.level


def test_a_file_name_from_a_mac_is_found(office: Office) -> None:
    office.put("例規/" + unicodedata.normalize("NFD", "ガイド.txt"), TRAVEL)
    office.label("例規/ガイド.txt,手引,,1,,,,,")
    office.sync()
    assert [record.title for record in office.catalogue.documents()] == ["手引"]


def test_the_file_of_the_command_wins_over_the_one_in_the_folder(office: Office) -> None:
    office.put("a.txt", TRAVEL)
    office.put("b.txt", CAR)
    office.label("a.txt,,,1,,,,,", "b.txt,,,1,,,,,")
    office.sync(label_file=give(office, "a.txt,,,3A,,,,,"))
    assert (level(office, "a.txt"), level(office, "b.txt")) == ("3A", "1")


def test_labels_given_once_hold_in_every_later_run(office: Office) -> None:
    office.put("旅費.txt", TRAVEL)
    office.sync(label_file=give(office, "旅費.txt,旅費の手引,,2,人事課,2026-04-01,,,"))
    before = office.record("旅費.txt")
    again = office.sync()
    assert again.unchanged == ["旅費.txt"]
    office.put("旅費.txt", TRAVEL + "端数は切り捨てる。")
    office.sync()
    after = office.record("旅費.txt")
    assert (after.title, after.audience, after.period) == (before.title, before.audience, before.period)
    assert after.audience == Audience(level="2", groups=frozenset({"人事課"}))


def test_a_text_superseded_by_labels_given_once_does_not_come_back_into_force(office: Office) -> None:
    office.put("旧.txt", TRAVEL)
    office.put("新.txt", CAR)
    office.label("旧.txt,,,1,,2000-04-01,,,")
    office.sync(label_file=give(office, "新.txt,,,1,,2026-04-01,,,旧.txt"))
    ended = Period(start=date(2000, 4, 1), end=date(2026, 4, 1))
    assert office.record("旧.txt").period == ended
    office.put("旧.txt", TRAVEL + "端数は切り捨てる。")
    office.sync()
    assert office.record("旧.txt").period == ended
    assert level(office, "旧.txt") == "1", "its own row must hold beside the end"
    (office.folder / "旧.txt").rename(office.folder / "旅費（旧）.txt")
    office.sync()
    assert office.record("旅費（旧）.txt").period.end == date(2026, 4, 1)


def test_a_newer_row_replaces_the_older_one_and_leaves_the_others(office: Office) -> None:
    office.put("a.txt", TRAVEL)
    office.put("b.txt", CAR)
    office.sync(label_file=give(office, "a.txt,手引,,2,,,,,", "b.txt,,,2,,,,,"))
    office.sync(label_file=give(office, "a.txt,,,3A,,,,,"))
    office.sync()
    assert (level(office, "a.txt"), level(office, "b.txt")) == ("3A", "2")
    assert office.record("a.txt").title != "手引", "the row counts as a whole"


def test_a_row_with_only_a_path_takes_the_memory_away(office: Office) -> None:
    office.put("a.txt", TRAVEL)
    office.label("a.txt,,,1,,,,,")
    office.sync(label_file=give(office, "a.txt,,,3A,,,,,"))
    office.sync(label_file=give(office, "a.txt,,,,,,,,"))
    assert level(office, "a.txt") == "1"
    assert office.catalogue.given_labels() == {}


def test_a_renamed_file_keeps_what_was_given_for_it(office: Office) -> None:
    office.put("a.txt", TRAVEL)
    office.sync(label_file=give(office, "a.txt,,,2,,,,,"))
    (office.folder / "a.txt").rename(office.folder / "c.txt")
    office.sync()
    assert level(office, "c.txt") == "2"
    office.put("a.txt", CAR)
    office.sync()
    assert (level(office, "a.txt"), level(office, "c.txt")) == ("", "2")


def test_a_renamed_file_is_no_more_open_than_the_rule_of_its_new_folder(office: Office) -> None:
    office.settings = Settings.model_validate({"labels": {"folders": [{"path": "人事/**", "level": "3A"}]}})
    file = office.put("手引.txt", TRAVEL)
    office.sync(label_file=give(office, "手引.txt,,,1,,,,,"))
    (office.folder / "人事").mkdir()
    file.rename(office.folder / "人事/手引.txt")
    report = office.sync()
    assert level(office, "人事/手引.txt") == "3A"
    assert ("人事/手引.txt", GAVE_WAY.format(file="ラベル.csv")) in report.warnings


def test_a_renamed_file_is_no_more_open_than_labels_csv_says_of_its_new_place(office: Office) -> None:
    for name in ("広報/様式.txt", "広報/案内.txt", "広報/配布.txt"):
        office.put(name, f"{TRAVEL}{name}")
    rows = ("広報/様式.txt,,,1,,,,,", "広報/案内.txt,,,3A,人事課,,,,", "広報/配布.txt,,,1,,,,,")
    office.sync(label_file=give(office, *rows))
    (office.folder / "広報").rename(office.folder / "人事")
    office.label("人事/様式.txt,,,3A,人事課,,,,", "人事/案内.txt,,,2,,,,,", "人事/配布.txt,配布の手引,,,,,,,")
    report = office.sync()
    kept = Audience(level="3A", groups=frozenset({"人事課"}))
    audiences = [office.record(f"人事/{name}.txt").audience for name in ("様式", "案内", "配布")]
    assert audiences == [kept, kept, Audience(level="1")]
    assert ("人事/様式.txt", GAVE_WAY.format(file="ラベル.csv")) in report.warnings
    assert office.sync().unchanged == ["人事/案内.txt", "人事/様式.txt", "人事/配布.txt"]


def test_remembered_labels_that_differ_from_labels_csv_are_said_in_every_run(office: Office) -> None:
    office.put("a.txt", TRAVEL)
    office.label("a.txt,,,1,,,,,")
    assert office.sync(label_file=give(office, "a.txt,,,3A,,,,,")).warnings == []
    said = [("a.txt", DIFFERS.format(file="ラベル.csv"))]
    assert office.sync().warnings == said
    assert office.sync().warnings == said
    office.label("a.txt,,,3A,,,,,")
    assert office.sync().warnings == []


def test_a_dry_run_remembers_nothing(office: Office) -> None:
    office.put("a.txt", TRAVEL)
    office.sync(label_file=give(office, "a.txt,,,2,,,,,"), dry_run=True)
    assert office.catalogue.given_labels() == {}


def test_labels_given_for_a_file_that_comes_later_wait_for_it(office: Office) -> None:
    office.put("a.txt", TRAVEL)
    office.sync(label_file=give(office, "b.txt,,,2,,,,,"))
    office.put("b.txt", CAR)
    office.sync()
    assert level(office, "b.txt") == "2"


def test_a_remembered_level_that_is_no_more_is_named_with_its_file(office: Office) -> None:
    office.put("a.txt", TRAVEL)
    office.sync(label_file=give(office, "a.txt,,,2,,,,,"))
    key, kept = office.catalogue.given_labels().popitem()
    office.catalogue.put_given_labels({key: type(kept)(file=kept.file, cells={**kept.cells, "level": "秘"})})
    with pytest.raises(LabelsError, match="ラベル.csv で渡したもの.*秘.*ください。$"):
        office.sync()


def test_labels_of_another_source_are_left_alone(office: Office) -> None:
    office.put("総務部/a.txt", TRAVEL)
    office.put("土木部/a.txt", CAR)
    office.sync(office.folder / "総務部", label_file=give(office, "a.txt,,,2,,,,,"))
    office.sync(office.folder / "土木部")
    assert {record.source.rpartition("/")[2]: record.audience.level for record in office.catalogue.documents()} == {
        "総務部": "2",
        "土木部": "",
    }


def test_a_successor_in_an_inner_folder_names_its_neighbour(office: Office) -> None:
    office.put("例規/旧.txt", TRAVEL)
    office.put("例規/新.txt", CAR)
    office.label("旧.txt,,,1,,,,,", "新.txt,,,1,,2026-04-01,,,旧.txt", at="例規/labels.csv")
    office.sync()
    assert office.record("例規/旧.txt").period.end == date(2026, 4, 1)
    assert office.record("例規/新.txt").supersedes == office.record("例規/旧.txt").id


def test_a_group_that_nobody_is_in_is_said_where_there_is_a_directory(office: Office) -> None:
    office.put("a.txt", TRAVEL)
    office.label("a.txt,,,2,人事課;人事化,,,,")
    assert office.sync().warnings == []
    office.known_groups = frozenset({"人事課", "総務課"})
    assert office.sync().warnings == [("a.txt", NOBODY.format(group="人事化"))]
    office.label("a.txt,,,2,人事課,,,,")
    assert office.sync().warnings == []


@pytest.mark.parametrize(
    ("rows", "ends"),
    [
        (["旧.txt,,,1,,2000-04-01,,,", "新.txt,,,1,,2026-04-01,,,旧.txt"], (date(2026, 4, 1), None)),
        (["旧.txt,,,1,,,2026-03-31,,", "新.txt,,,1,,2026-04-01,,,旧.txt"], (date(2026, 3, 31), None)),
        (["新.txt,,,1,,2026-04-01,,,旧.txt"], (date(2026, 4, 1), None)),
        (
            ["新.txt,,,1,,2027-04-01,,,旧.txt", "次.txt,,,1,,2026-04-01,,,旧.txt"],
            (date(2026, 4, 1), None),
        ),
    ],
    ids=["where the successor starts", "an end that is written stays", "without a row", "the first of two"],
)
def test_a_successor_ends_the_older_text(
    office: Office, rows: list[str], ends: tuple[date | None, date | None]
) -> None:
    for name in ("旧.txt", "新.txt", "次.txt"):
        office.put(name, TRAVEL + name)
    office.label(*rows)
    office.sync()
    assert (office.record("旧.txt").period.end, office.record("新.txt").period.end) == ends
