"""Read files and draw their pages in child processes with limits of time, memory and network.

Children live on from file to file (a thousand files are not a thousand starts) and are replaced when a file takes
one down. `read_in_child` and `picture_in_child` may be called from several threads: at most `processes` children
work at once.
"""

from __future__ import annotations

import atexit
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from time import monotonic
from typing import Any, cast

from ingest.readers.picture import WIDTH, Picture
from ingest.readers.source import MEGABYTE, Limits
from ingest.readers.wire import decode_document, decode_picture, parse_body, parse_length, write_message
from rag.domain import Document
from rag.errors import DocumentBusyError, DocumentError
from rag.settings import IngestSettings

_ROOT = Path(__file__).resolve().parents[2]
_PASSED = ("PATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "LD_LIBRARY_PATH")
"""Names that a child may see of the environment: never keys."""
_PIECE = 1 << 20


class _OvertimeError(Exception):
    """The child did not answer in time."""


class _GoneError(Exception):
    """The child ended or talked nonsense."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Child:
    """A running child."""

    process: subprocess.Popen[bytes]

    def ask(self, request: dict[str, Any], seconds: float) -> dict[str, Any]:
        """Send a request and wait for its answer; raises _OvertimeError or _GoneError."""
        ends = monotonic() + seconds
        try:
            write_message(cast("Any", self.process.stdin), request)
            length = parse_length(self._receive(4, ends))
            return parse_body(self._receive(length, ends))
        except (OSError, ValueError) as error:
            raise _GoneError from error

    def _receive(self, length: int, ends: float) -> bytes:
        pipe = self.process.stdout
        if pipe is None:
            raise _GoneError
        parts: list[bytes] = []
        left = length
        with selectors.DefaultSelector() as selector:
            selector.register(pipe, selectors.EVENT_READ)
            while left:
                if not selector.select(max(0.0, ends - monotonic())):
                    raise _OvertimeError
                piece = os.read(pipe.fileno(), min(left, _PIECE))
                if not piece:
                    raise _GoneError
                parts.append(piece)
                left -= len(piece)
        return b"".join(parts)

    def end(self) -> None:
        """Kill the child with all that it started."""
        # Only while it runs: the number of a child that was collected may belong to another process by now.
        if self.process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()


class Children:
    """A few child processes that work on files in turn; `tables` False: ruled tables of PDF files are read as lines."""

    def __init__(self, settings: IngestSettings, *, tables: bool = True) -> None:
        self._settings = settings
        self._table_seconds = settings.timeout_seconds / 3 if tables else 0.0
        self._places = threading.BoundedSemaphore(settings.processes)
        self._lock = threading.Lock()
        self._idle: list[_Child] = []
        self._closed = False

    def read(self, path: Path, *, name: str) -> Document:
        """Read a file in a child; raises DocumentError, also when the child crashes or takes too long."""
        answer = self._ask({"path": path, "name": name}, doing="読み取り")
        return decode_document(answer["document"])

    def draw(self, path: Path, *, page: int, quote: str, width: int) -> Picture:
        """Draw a page of a PDF in a child; raises DocumentError, also when the child crashes or takes too long."""
        request = {"path": path, "name": path.name, "page": page, "quote": quote, "width": width}
        return decode_picture(self._ask(request, doing="ページの画像の作成")["picture"])

    def _ask(self, request: dict[str, Any], *, doing: str) -> dict[str, Any]:
        """Bring a request to a child and its answer back; `doing` says in errors what was asked."""
        settings, name = self._settings, request["name"]
        limits = Limits(
            file_bytes=settings.file_mb * MEGABYTE,
            table_seconds=self._table_seconds,
            convert_seconds=settings.timeout_seconds * 0.8,
        )
        request |= {
            "path": str(Path(request["path"]).absolute()),
            "seconds": settings.timeout_seconds,
            "limits": asdict(limits),
        }
        with self._child() as child:
            try:
                answer = child.ask(request, settings.timeout_seconds)
            except _OvertimeError as error:
                child.end()
                raise DocumentBusyError(
                    f"{name}: {doing}が{settings.timeout_seconds:g}秒で終わりませんでした。"
                    "ファイルを分けるか、設定の ingest.timeout_seconds を大きくしてください。"
                ) from error
            except _GoneError as error:
                child.end()
                raise DocumentBusyError(
                    f"{name}: {doing}の途中で処理が落ちました（壊れているおそれがあります）。"
                    "元のソフトで開いて保存し直してください。"
                ) from error
            if answer.get("tired"):
                child.end()
        self._refuse(answer, name, doing=doing)
        return answer

    def close(self) -> None:
        """End all idle children; a later read raises RuntimeError."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for child in idle:
            child.end()

    def _refuse(self, answer: dict[str, Any], name: str, *, doing: str) -> None:
        """Raise DocumentError for an answer that says why there is none."""
        if "document" in answer or "picture" in answer:
            return
        if "error" in answer:
            kind = DocumentBusyError if answer.get("may_pass") else DocumentError
            raise kind(str(answer["error"]))
        if "memory" in answer:
            raise DocumentBusyError(
                f"{name}: {doing}にメモリが足りません（上限{self._settings.memory_mb}MB）。"
                "ファイルを分けるか、設定の ingest.memory_mb を大きくしてください。"
            )
        raise DocumentError(
            f"{name}: {doing}に失敗しました（{answer.get('broken', '不明')}）。元のソフトで開いて保存し直してください。"
        )

    @contextmanager
    def _child(self) -> Iterator[_Child]:
        """Lend a child; it comes back if it is still alive."""
        with self._places:
            with self._lock:
                if self._closed:
                    raise RuntimeError("closed")
                child = self._idle.pop() if self._idle else None
            if child is None or child.process.poll() is not None:
                if child is not None:
                    child.end()
                child = self._start()
            try:
                yield child
            except BaseException:
                child.end()
                raise
            with self._lock:
                keep = child.process.returncode is None and not self._closed
                if keep:
                    self._idle.append(child)
            if not keep:
                child.end()

    def _start(self) -> _Child:
        environment = {key: os.environ[key] for key in _PASSED if key in os.environ}
        environment |= {
            "PYTHONPATH": os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH", "")])),
            "PYTHONUTF8": "1",
            "PYTHONDONTWRITEBYTECODE": os.environ.get("PYTHONDONTWRITEBYTECODE", ""),
            "HOME": tempfile.gettempdir(),
            "OPENBLAS_NUM_THREADS": "1",
            "OMP_NUM_THREADS": "1",
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "ingest.readers.child", str(self._settings.memory_mb)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            cwd=tempfile.gettempdir(),
            start_new_session=True,
        )
        return _Child(process=process)


_lock = threading.Lock()
_pools: dict[IngestSettings, Children] = {}


def read_in_child(path: Path, *, name: str, settings: IngestSettings) -> Document:
    """Read a file in one of this process's children; raises DocumentError."""
    return _pool(settings).read(path, name=name)


def picture_in_child(path: Path, *, page: int, quote: str, settings: IngestSettings, width: int = WIDTH) -> Picture:
    """Draw a page of a PDF, counted from 1, with a quote boxed, in one of this process's children.

    Raises DocumentError: the file is missing, no PDF, locked or broken, or has no such page.
    """
    return _pool(settings).draw(path, page=page, quote=quote, width=width)


def _pool(settings: IngestSettings) -> Children:
    with _lock:
        if settings not in _pools:
            _pools[settings] = Children(settings)
        return _pools[settings]


@atexit.register
def close_children() -> None:
    """End all children of this process."""
    with _lock:
        pools = list(_pools.values())
        _pools.clear()
    for pool in pools:
        pool.close()
