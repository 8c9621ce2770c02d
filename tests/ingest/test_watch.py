"""A run is due when something has changed and come to rest, and nothing that is away looks like something removed."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from ingest.watch import Look, Notices, Watch, look_at
from rag.errors import DocumentError
from tests.ingest.conftest import Office

ONE: Look = {"a": (1, 1)}
TWO: Look = {"a": (2, 2)}
THREE: Look = {"a": (3, 3)}


def rounds(looks: Sequence[Look], *, again: int | None = None) -> list[int]:
    """After how many looks each run is due, when the folder looks like this; `again`: the run that fails."""
    stop, seen, pauses = threading.Event(), iter(looks), list[float]()
    taken: list[int] = []

    def look() -> Look:
        taken.append(1)
        found = next(seen, None)
        if found is None:
            stop.set()
        return found or {}

    watch = Watch(look=look, wait=lambda _: None, pause=pauses.append, stop=stop, seconds=10, settle_seconds=2)
    due = []
    for number, _ in enumerate(watch.rounds()):
        due.append(len(taken))
        if number == again:
            watch.try_again()
    assert set(pauses) <= {2}
    return due


def test_the_first_run_is_due_at_once_and_the_next_ones_after_a_change() -> None:
    assert rounds([ONE, ONE, ONE]) == [1]
    assert rounds([ONE, ONE, TWO, TWO, TWO, THREE, THREE]) == [1, 4, 7]


def test_a_run_waits_until_nothing_changes_any_more() -> None:
    assert rounds([ONE, TWO, THREE, ONE, TWO, TWO]) == [1, 6]


def test_a_folder_that_never_rests_is_taken_in_as_it_is() -> None:
    restless = [ONE, *([TWO, THREE] * 10)]
    assert rounds(restless)[:2] == [1, 7], "five pauses of 2 seconds are the 10 that it may take"


def test_a_failed_run_is_tried_again_without_a_change() -> None:
    assert rounds([ONE, ONE, ONE, ONE], again=0) == [1, 3]


def test_a_change_during_a_run_leads_to_another_one(tmp_path: Path) -> None:
    stop = threading.Event()
    watch = Watch(
        look=lambda: look_at([tmp_path]),
        wait=lambda _: None,
        pause=lambda _: None,
        stop=stop,
        seconds=1,
        settle_seconds=1,
    )
    due = watch.rounds()
    next(due)
    (tmp_path / "a.txt").write_text("旅費", encoding="utf-8")
    next(due)
    stop.set()
    assert list(due) == []


def test_a_look_sees_texts_labels_and_folders_that_are_closed_and_no_more(tmp_path: Path) -> None:
    (tmp_path / "例規").mkdir()
    given = tmp_path.parent / "ラベル.csv"
    for path in ("例規/旅費.txt", "labels.csv", "~$旅費.docx", ".隠し"):
        (tmp_path / path).write_text("旅費", encoding="utf-8")
    given.write_text("path\n", encoding="utf-8")
    seen = look_at([tmp_path], given)
    assert sorted(seen) == sorted(map(str, (tmp_path / "例規/旅費.txt", tmp_path / "labels.csv", given)))
    os.utime(tmp_path / "例規/旅費.txt", ns=(0, 0))
    assert look_at([tmp_path], given) != seen
    (name, mark), *rest = look_at([tmp_path / "ない"]).items()
    assert ("ない: ファイルもフォルダもありません" in name, mark, rest) == (True, (-1, -1), [])


def test_where_the_system_gives_no_notices_time_passes_until_the_next_look(tmp_path: Path) -> None:
    stop = threading.Event()
    stop.set()
    notices = Notices([tmp_path / "ない"], stop)
    notices.wait(3600)
    notices.wait(3600)


def test_a_notice_ends_the_wait(tmp_path: Path) -> None:
    notices = Notices([tmp_path], threading.Event())
    notices.wait(0.05)
    (tmp_path / "a.txt").write_text("旅費", encoding="utf-8")
    notices.wait(3600)


def test_a_share_that_is_away_removes_nothing(office: Office) -> None:
    office.put("旅費.txt", "出張の旅費は、順路により計算する。")
    office.sync()
    (office.folder / "旅費.txt").unlink()
    with pytest.raises(DocumentError, match="共有フォルダがつながっているか"):
        office.sync(spares_emptied=True)
    assert office.records() == [("文書", "旅費.txt")]
    assert office.sync().removed == ["旅費.txt"]
    assert office.sync(spares_emptied=True).failed == [], "an empty folder of which nothing is known may stay empty"


def test_one_of_two_shares_that_is_away_stops_the_run(office: Office) -> None:
    for name in ("総務部", "土木部"):
        office.put(f"{name}/手引.txt", name)
    folders = (office.folder / "総務部", office.folder / "土木部")
    office.sync(*folders)
    (folders[1] / "手引.txt").unlink()
    with pytest.raises(DocumentError, match="土木部: 取り込んだファイルが1つもありません"):
        office.sync(*folders, spares_emptied=True)


def test_a_run_that_is_stopped_ends_between_two_files_and_the_next_one_goes_on(office: Office) -> None:
    for number in range(5):
        office.put(f"{number}.txt", f"第{number}号の通知です。")
    answers = iter([False, False, True])
    report = office.sync(stopped=lambda: next(answers))
    assert (report.added, report.left_over) == (["0.txt", "1.txt"], 3)
    assert len(office.records()) == 2
    assert office.sync().added == ["2.txt", "3.txt", "4.txt"]


def test_a_file_that_was_given_once_is_not_given_in_every_round(office: Office) -> None:
    file = office.put("空.txt", "")
    office.sync(file)
    office.sync(file, takes_back=False)
    assert office.read == []
