"""One process writes to a home at a time, and the others are told which."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from rag.adapters.lock import HOLDER, LOCK, holder, writer_lock
from rag.errors import BusyError, HomeError

HOLD = """
import sys
from pathlib import Path
from rag.adapters.lock import writer_lock
with writer_lock(Path(sys.argv[1]), "kotae ingest 例規"):
    print("held", flush=True)
    sys.stdin.readline()
"""


def start_holder(home: Path) -> subprocess.Popen[str]:
    """Start a process that holds the lock until it is given a line."""
    started = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert started.stdout is not None
    assert started.stdout.readline() == "held\n"
    return started


def test_the_holder_is_named_to_a_second_process_at_once(home: Path) -> None:
    other = start_holder(home)
    with pytest.raises(BusyError, match="ほかの処理が書き込み中です") as caught, writer_lock(home, "kotae ingest"):
        pass
    message = str(caught.value)
    assert "kotae ingest 例規" in message
    assert f"プロセス {other.pid}" in message
    assert socket.gethostname() in message
    assert "もう一度実行してください" in message
    assert "\n" not in message
    other.communicate("\n")
    with writer_lock(home, "kotae ingest"):
        assert json.loads((home / HOLDER).read_text(encoding="utf-8"))["pid"] == os.getpid()


def test_a_second_writer_of_the_same_process_is_refused_too(home: Path) -> None:
    with writer_lock(home, "kotae ingest"), pytest.raises(BusyError), writer_lock(home, "kotae documents remove"):
        pass


def test_a_killed_holder_leaves_a_note_that_stops_nobody(home: Path) -> None:
    other = start_holder(home)
    other.send_signal(signal.SIGKILL)
    other.communicate()
    assert (home / HOLDER).is_file()
    with writer_lock(home, "kotae ingest"):
        pass


def test_the_lock_is_free_after_an_error(home: Path) -> None:
    with pytest.raises(KeyError), writer_lock(home, "kotae ingest"):
        raise KeyError("途中")
    with writer_lock(home, "kotae ingest"):
        pass


def test_the_note_is_gone_when_nobody_writes(home: Path) -> None:
    with writer_lock(home, "kotae ingest"):
        assert (home / HOLDER).is_file()
    assert not (home / HOLDER).exists()


@pytest.mark.parametrize("note", ["", "{}", "壊れた", '{"command": "x", "pid": 1, "host": "h", "since": "昨日"}'])
def test_an_unreadable_note_still_gives_the_busy_line(home: Path, note: str) -> None:
    with writer_lock(home, "kotae ingest"):
        (home / HOLDER).write_text(note, encoding="utf-8")
        with pytest.raises(BusyError, match="始まったばかりの処理"), writer_lock(home, "kotae ingest"):
            pass


def test_a_home_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "ファイル").write_text("", encoding="utf-8")
    with pytest.raises(HomeError, match="ホームに書き込めません"), writer_lock(tmp_path / "ファイル", "kotae ingest"):
        pass
    (tmp_path / f"{HOLDER}.new").mkdir()
    with pytest.raises(HomeError, match="ホームに書き込めません"), writer_lock(tmp_path, "kotae ingest"):
        pass
    (tmp_path / LOCK).unlink()
    (tmp_path / LOCK).mkdir()
    with pytest.raises(HomeError, match="ホームに書き込めません"), writer_lock(tmp_path, "kotae ingest"):
        pass


def test_whoever_only_looks_hears_who_writes_and_only_while_it_does(home: Path) -> None:
    assert holder(home) == ""
    with writer_lock(home, "kotae ingest"):
        assert holder(home) == f"kotae ingest、プロセス {os.getpid()}"
    assert holder(home) == ""


def test_a_note_whose_number_belongs_to_another_process_by_now_names_nobody(home: Path) -> None:
    other = start_holder(home)
    note = json.loads((home / HOLDER).read_text(encoding="utf-8"))
    assert holder(home) == f"kotae ingest 例規、プロセス {other.pid}"
    other.kill()
    other.wait()
    assert holder(home) == ""
    (home / HOLDER).write_text(json.dumps(note | {"pid": os.getpid()}), encoding="utf-8")
    assert holder(home) == ""
    (home / HOLDER).write_text("{", encoding="utf-8")
    assert holder(home) == ""
