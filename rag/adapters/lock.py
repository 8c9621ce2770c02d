"""The one-writer lock of a home, with a note beside it that tells others who writes."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from rag.errors import BusyError, HomeError

LOCK: Final = "writer.lock"
HOLDER: Final = "writer.json"


@contextmanager
def writer_lock(home: Path, command: str) -> Iterator[None]:
    """Be the only writer of a home inside the block; raises BusyError, at once, when another process is.

    `command` is what others are told is running: 'kotae ingest'. The operating system frees the lock of a process that
    died, so a note left behind by one means nothing.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
        lock = FileLock(home / LOCK, blocking=False)
        lock.acquire()
    except Timeout as error:
        raise BusyError(_busy(home)) from error
    except (OSError, NotImplementedError) as error:
        raise _unwritable(home, error) from error
    try:
        _write_holder(home, command)
        yield
    finally:
        (home / HOLDER).unlink(missing_ok=True)
        lock.release()


def holder(home: Path) -> str:
    """Return what writes to a home right now ('kotae ingest、プロセス 123'); empty: nothing.

    A note that a killed process left behind counts for nothing, even where another process has its number by now. Of
    another machine there is nothing but its note.
    """
    try:
        noted = json.loads((home / HOLDER).read_text(encoding="utf-8"))
        pid = int(noted["pid"])
        if noted["host"] == socket.gethostname() and _started(pid) != noted["started"]:
            return ""
        return f"{noted['command']}、プロセス {pid}"
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _started(pid: int) -> str:
    """Return when a process of this machine started, in ticks since boot (proc(5), field 22 of stat); raises OSError."""
    stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    return stat.rpartition(")")[2].split()[19]


def _write_holder(home: Path, command: str) -> None:
    holder = {
        "pid": os.getpid(),
        "started": _started(os.getpid()),
        "host": socket.gethostname(),
        "command": command,
        "since": datetime.now().astimezone().isoformat(timespec="seconds"),
    }
    draft = home / f"{HOLDER}.new"
    try:
        draft.write_text(json.dumps(holder, ensure_ascii=False), encoding="utf-8")
        draft.replace(home / HOLDER)
    except OSError as error:
        raise _unwritable(home, error) from error


def _unwritable(home: Path, error: OSError | NotImplementedError) -> HomeError:
    return HomeError(
        f"{home}: ホームに書き込めません（{getattr(error, 'strerror', None) or error}）。"
        "フォルダーの権限と空き容量を確かめるか、書き込める場所を --home で指定してください。"
    )


def _busy(home: Path) -> str:
    try:
        holder = json.loads((home / HOLDER).read_text(encoding="utf-8"))
        who = (
            f"{holder['command']}、プロセス {holder['pid']}、{holder['host']}、"
            f"{datetime.fromisoformat(holder['since']):%Y-%m-%d %H:%M} から"
        )
    except (OSError, ValueError, KeyError, TypeError):
        # Between taking the lock and writing the note there is a moment without one.
        who = "始まったばかりの処理"
    return f"{home}: ほかの処理が書き込み中です（{who}）。終わってから、もう一度実行してください。"
