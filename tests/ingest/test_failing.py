"""A failure that may pass costs no live rule its place in the search, and never a right."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import ingest.compare
from ingest.failing import GIVEN_UP, KEPT
from rag.domain import Audience, State
from rag.errors import DocumentBusyError, DocumentError
from rag.settings import Settings
from tests.ingest.conftest import Office

TRAVEL = "出張の旅費は、順路により計算する。"
SLOW = DocumentBusyError("旅費.txt: 読み取りが60秒で終わりませんでした。ファイルを分けてください。")
BROKEN = DocumentError("旅費.txt: ファイルが壊れています。元のソフトで開いて保存し直してください。")


def live(office: Office, *, row: str = "旅費.txt,旅費の手引,,2,,2026-04-01,,,") -> Path:
    """A document that is searched."""
    office.label(row)
    file = office.put("旅費.txt", TRAVEL)
    office.sync()
    return file


def searched(office: Office) -> str:
    return "".join(chunk.text for chunk in office.catalogue.all_chunks())


def test_a_passing_failure_over_the_same_bytes_keeps_the_text_searched_and_is_said_in_every_run(office: Office) -> None:
    live(office)
    office.settings = Settings.model_validate({"ingest": {"chunk_characters": 800}})
    office.failures = {"旅費.txt": SLOW}
    for attempt in (1, 2, 3):
        report = office.sync()
        record = office.record("旅費.txt")
        assert (record.state, record.attempts, record.may_pass) == (State.ACTIVE, attempt, True)
        assert record.tried_at is not None
        assert searched(office) == TRAVEL
        assert report.warnings == [("旅費.txt", KEPT)]
        assert (report.unchanged, report.changed) == ([], [])
        ((path, reason),) = report.failed
        assert path == "旅費.txt"
        assert reason == str(SLOW) + (GIVEN_UP.format(attempts=3) if attempt == 3 else "")
    again = office.sync()
    assert office.read == [], "after the attempts of the settings nobody waits for it any more"
    assert (again.failed, again.warnings) == (report.failed, report.warnings)
    office.failures = {}
    assert office.sync().failed == report.failed
    assert office.sync(office.folder / "旅費.txt").changed == ["旅費.txt"], "given itself, it is tried again"
    record = office.record("旅費.txt")
    assert (record.reason, record.attempts, record.tried_at, record.may_pass) == ("", 0, None, False)


def test_a_passing_failure_is_tried_again_by_the_next_run_without_a_word(office: Office) -> None:
    office.label("旅費.txt,,,1,,,,,")
    office.put("旅費.txt", TRAVEL)
    office.failures = {"旅費.txt": SLOW}
    assert [path for path, _ in office.sync().failed] == ["旅費.txt"]
    assert office.record("旅費.txt").state is State.QUARANTINED
    office.failures = {}
    assert office.sync().changed == ["旅費.txt"]
    assert searched(office) == TRAVEL


def test_a_failure_that_does_not_pass_waits_for_another_file(office: Office) -> None:
    office.put("旅費.txt", TRAVEL)
    office.failures = {"旅費.txt": BROKEN}
    office.sync()
    office.failures = {}
    report = office.sync()
    assert (office.read, report.failed) == ([], [("旅費.txt", str(BROKEN))])
    assert office.record("旅費.txt").attempts == 1
    office.put("旅費.txt", TRAVEL + "端数は切り捨てる。")
    assert office.sync().changed == ["旅費.txt"]


@pytest.mark.parametrize("failure", [SLOW, BROKEN])
def test_new_bytes_that_cannot_be_read_hide_the_older_text(office: Office, failure: DocumentError) -> None:
    live(office)
    office.put("旅費.txt", TRAVEL + "端数は切り捨てる。")
    office.failures = {"旅費.txt": failure}
    for _ in range(2):
        report = office.sync()
        assert [path for path, _ in report.failed] == ["旅費.txt"]
        assert searched(office) == ""
    assert office.record("旅費.txt").state is State.QUARANTINED


@pytest.mark.parametrize(
    ("row", "stays"),
    [
        ("旅費.txt,旅費の手引,,3A,,2026-04-01,,,", False),
        ("旅費.txt,旅費の手引,,2,人事課,2026-04-01,,,", False),
        ("旅費.txt,旅費の手引,,2,,2026-04-01,2026-10-01,,", False),
        ("旅費.txt,旅費の手引,,2,,2026-10-01,,,", False),
        ("旅費.txt,旅費の手引,,,,2026-04-01,,,", False),
        ("旅費.txt,旅費の手引,,1,,2026-04-01,,,", True),
        ("旅費.txt,新しい題名,旅費課,2,,2026-04-01,,,", True),
    ],
)
def test_a_label_that_restricts_acts_although_the_reading_failed(office: Office, row: str, *, stays: bool) -> None:
    live(office)
    office.label(row)
    office.failures = {"旅費.txt": SLOW}
    office.sync()
    assert (searched(office) == TRAVEL) is stays
    office.failures = {}
    assert office.sync().changed == ["旅費.txt"]
    assert searched(office) == TRAVEL


def test_a_start_that_is_stated_for_the_first_time_acts_although_the_reading_failed(office: Office) -> None:
    live(office, row="旅費.txt,旅費の手引,,2,,,,,")
    office.label("旅費.txt,旅費の手引,,2,,2026-10-01,,,")
    office.failures = {"旅費.txt": SLOW}
    office.sync()
    assert searched(office) == ""


def test_groups_may_grow_and_never_shrink_over_an_older_text(office: Office) -> None:
    live(office, row="旅費.txt,,,2,人事課;総務課,,,,")
    office.failures = {"旅費.txt": SLOW}
    office.label("旅費.txt,,,2,人事課;総務課;旅費課,,,,")
    office.sync()
    assert searched(office) == TRAVEL
    office.label("旅費.txt,,,2,人事課,,,,")
    office.sync()
    assert searched(office) == ""
    assert office.record("旅費.txt").audience == Audience(level="2", groups=frozenset({"人事課"}))


def unopenable(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> str:
        raise DocumentBusyError(f"{path.name}: 読めません（I/O error）。読み取りの権限を確かめてください。")

    monkeypatch.setattr(ingest.compare, "file_hash", refuse)


def test_a_file_that_cannot_be_opened_keeps_its_document_unless_a_label_restricts_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    live(office)
    with monkeypatch.context() as patched:
        unopenable(patched)
        report = office.sync()
        assert (searched(office), report.warnings) == (TRAVEL, [("旅費.txt", KEPT)])
        office.label("旅費.txt,旅費の手引,,3A,,2026-04-01,,,")
        report = office.sync()
        assert searched(office) == ""
        assert [path for path, _ in report.failed] == ["旅費.txt"]
    assert office.sync().changed == ["旅費.txt"]
    assert office.record("旅費.txt").audience.level == "3A"


def test_a_folder_that_cannot_be_opened_does_not_keep_a_restriction_away(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.label("人事/処分.txt,,,1,,,,,", "人事/服務.txt,,,1,,,,,")
    office.put("人事/処分.txt", TRAVEL)
    office.put("人事/服務.txt", "職員は、全体の奉仕者である。")
    office.sync()
    office.label("人事/処分.txt,,,3A,,,,,", "人事/服務.txt,,,1,,,,,")
    listed = Path.iterdir

    def refuse(folder: Path) -> object:
        if folder.name == "人事":
            raise PermissionError(13, "Permission denied")
        return listed(folder)

    monkeypatch.setattr(Path, "iterdir", refuse)
    office.sync()
    assert searched(office) == "職員は、全体の奉仕者である。"


def test_another_failure_of_other_bytes_is_counted_anew(office: Office) -> None:
    office.put("旅費.txt", TRAVEL)
    office.failures = {"旅費.txt": SLOW}
    office.sync()
    office.sync()
    assert office.record("旅費.txt").attempts == 2
    office.put("旅費.txt", TRAVEL + date(2026, 4, 1).isoformat())
    office.sync()
    assert office.record("旅費.txt").attempts == 1
