"""`kotae ingest --watch` goes on through failures, waits for other writers, and ends cleanly."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ingest.watch import Watch
from rag.errors import BusyError, DocumentError
from tests.ui.conftest import COMMAND, ROOT, Kotae
from ui.commands.watching import keep_running, stopping_cleanly
from ui.output import Output
from ui.words import cli as words

BUSY = BusyError(
    "ホーム: ほかの処理が書き込み中です（kotae ingest、プロセス 1）。終わってから、もう一度実行してください。"
)
AWAY = DocumentError("例規: ファイルもフォルダもありません。場所を確かめてください。")


def keep(*results: Exception | bool, pause: Callable[[float], object] = lambda _: None) -> int:
    """Run with these results, one a run, each round without a change after the first; return how many ran."""
    stop, ran = threading.Event(), 0
    looks = iter(range(1, 100))

    def run() -> bool:
        nonlocal ran
        result = results[ran]
        ran += 1
        if ran == len(results):
            stop.set()
        if isinstance(result, Exception):
            raise result
        return result

    watch = Watch(
        look=lambda: {"a": (next(looks) // 3, 0)},
        wait=lambda _: None,
        pause=pause,
        stop=stop,
        seconds=1,
        settle_seconds=1,
    )
    keep_running(run, watch, Output(as_json=False))
    return ran


def test_a_failure_of_a_later_round_is_said_once_and_ends_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert keep(False, AWAY, AWAY, False, AWAY, False) == 6
    assert capsys.readouterr().err.splitlines() == [
        words.WATCHING,
        words.error(str(AWAY)),
        words.error(str(AWAY)),
        words.WATCHED,
    ], "once for each time that it went away"


def test_a_failure_of_the_first_round_ends_it() -> None:
    with pytest.raises(DocumentError, match="場所を確かめて"):
        keep(AWAY, False)


def test_a_busy_home_is_waited_for_and_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    pauses: list[float] = []
    assert keep(BUSY, BUSY, BUSY, False, pause=pauses.append) == 4
    assert capsys.readouterr().err.splitlines() == [words.waiting_for(str(BUSY)), words.WATCHED]
    assert len(pauses) == 3


def test_a_signal_stops_between_two_files_and_a_second_interrupt_at_once() -> None:
    stop = threading.Event()
    with stopping_cleanly(stop):
        os.kill(os.getpid(), signal.SIGTERM)
        assert stop.is_set()
        os.kill(os.getpid(), signal.SIGTERM)
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL


def test_watch_and_dry_run_exclude_each_other(kotae: Kotae) -> None:
    ended = kotae("ingest", "例規", "--watch", "--dry-run")
    assert ended.status == 2
    assert "といっしょには使えません" in ended.err


@contextmanager
def watch(home: Path, path: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that watches a path and has ended its first run."""
    process = subprocess.Popen(
        [*COMMAND, "--home", str(home), "ingest", str(path), "--watch", "--json"],
        cwd=ROOT,
        env={**os.environ, "KOTAE_INGEST__SETTLE_SECONDS": "0.1", "KOTAE_INGEST__WATCH_SECONDS": "0.5"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert said(process) == words.WATCHING
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.fixture
def watching(new_home: Path, documents: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that watches the documents."""
    with watch(new_home, documents) as process:
        yield process


def said(process: subprocess.Popen[str]) -> str:
    """The next line on stderr."""
    assert process.stderr is not None
    return process.stderr.readline().rstrip("\n")


def reported(process: subprocess.Popen[str]) -> dict[str, list[str]]:
    """The next line on stdout: one JSON object."""
    assert process.stdout is not None
    found: dict[str, list[str]] = json.loads(process.stdout.readline())
    return found


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_file_that_is_saved_is_taken_in_and_a_signal_ends_it_with_0(
    watching: subprocess.Popen[str], documents: Path, number: signal.Signals
) -> None:
    assert reported(watching)["added"] == ["公用車.txt", "旅費.txt"]
    draft = documents / "~$旅費.txt"
    draft.write_text("旅費の手引\n\n宿泊費は、実費とする。\n", encoding="utf-8")
    draft.replace(documents / "旅費.txt")
    assert reported(watching)["changed"] == ["旅費.txt"]
    watching.send_signal(number)
    out, err = watching.communicate()
    assert (watching.returncode, out, err.strip()) == (0, "", words.WATCHED)


def test_a_folder_that_is_away_is_said_and_costs_no_document(
    watching: subprocess.Popen[str], documents: Path, new_home: Path, kotae: Kotae
) -> None:
    assert len(reported(watching)["added"]) == 2
    away = documents.rename(documents.with_name("別の場所"))
    assert said(watching).startswith("エラー: ")
    assert {row["state"] for row in kotae("--home", new_home, "documents", "--json").value} == {"active"}
    (away / "公用車.txt").unlink()
    away.rename(documents)
    report = reported(watching)
    assert (report["removed"], report["unchanged"]) == (["公用車.txt"], ["旅費.txt"])


def test_a_folder_that_is_empty_all_at_once_is_said_and_costs_no_document(
    watching: subprocess.Popen[str], documents: Path, new_home: Path, kotae: Kotae
) -> None:
    assert len(reported(watching)["added"]) == 2
    for file in documents.iterdir():
        file.unlink()
    assert "取り込んだファイルが1つもありません" in said(watching)
    assert {row["state"] for row in kotae("--home", new_home, "documents", "--json").value} == {"active"}


def test_a_file_that_is_watched_stays_withdrawn(new_home: Path, documents: Path, kotae: Kotae) -> None:
    with watch(new_home, documents / "旅費.txt") as process:
        assert reported(process)["added"] == ["旅費.txt"]
        (row,) = kotae("--home", new_home, "documents", "--json").value
        assert kotae("--home", new_home, "documents", "remove", row["id"]).status == 0
        (documents / "旅費.txt").write_text("旅費の手引\n\n宿泊費は、実費とする。\n", encoding="utf-8")
        assert reported(process)["withdrawn"] == ["旅費.txt"]


def test_others_may_write_while_it_waits(
    watching: subprocess.Popen[str], documents: Path, new_home: Path, kotae: Kotae
) -> None:
    reported(watching)
    assert kotae("--home", new_home, "ingest", documents, "--json").value["unchanged"] == ["公用車.txt", "旅費.txt"]
