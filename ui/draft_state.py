"""What is done of a notice, in the folder of its drafts: one item a line, so that a run that was killed goes on behind it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock
from pydantic import TypeAdapter, ValidationError

from rag.assembly.sheet import Sheet
from rag.domain import Audience

STATE = ".kotae-draft.jsonl"
LOCK = ".kotae-draft.lock"
_POLL_SECONDS = 0.005


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An item that is done."""

    key: str
    """Digest of all that its draft depends on."""
    sheet: Sheet
    audiences: Mapping[str, Audience] = field(default_factory=dict)
    """Document id → who might read it then, of all that was laid before writer and checks; what an earlier version kept names none."""
    is_edited: bool = False
    """Whether a person wrote in it: no run may write over that."""


_KEPT = TypeAdapter(Kept)


class DraftState:
    """The items that are done; several processes and threads may keep items in one folder."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / STATE
        self._lock_file = folder / LOCK
        self._read_bytes = 0
        self.done: dict[str, Kept] = {}

    def read(self) -> None:
        """Take in what was kept since the last reading; a last line that is still being written waits."""
        try:
            with self._file.open("rb") as stream:
                stream.seek(self._read_bytes)
                text = stream.read()
        except FileNotFoundError:
            return
        whole = text[: text.rfind(b"\n") + 1]
        for line in whole.splitlines():
            self._take(line)
        self._read_bytes += len(whole)

    def repair(self) -> None:
        """Read everything, and leave out lines that a kill cut short or an earlier version wrote: those items are drafted again."""
        with self.locked():
            self.done.clear()
            text = self._file.read_bytes() if self._file.exists() else b""
            lines = [line for line in text.split(b"\n") if line]
            kept = [line for line in lines if self._take(line)]
            if len(kept) < len(lines) or (text and not text.endswith(b"\n")):
                text = b"".join(line + b"\n" for line in kept)
                draft = self._file.with_name(f"{self._file.name}.tmp")
                draft.write_bytes(text)
                draft.replace(self._file)
            self._read_bytes = len(text)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder, with all that others have kept taken in."""
        with FileLock(self._lock_file, poll_interval=_POLL_SECONDS):
            self.read()
            yield

    def put(self, name: str, kept: Kept) -> None:
        """Keep an item; the caller holds the folder."""
        entry = {"id": name, **_KEPT.dump_python(kept, mode="json")}
        line = (json.dumps(entry, ensure_ascii=False) + "\n").encode()
        with self._file.open("ab") as stream:
            stream.write(line)
            stream.flush()
            os.fsync(stream.fileno())
        self._read_bytes += len(line)
        self.done[name] = kept

    def _take(self, line: bytes) -> bool:
        try:
            entry = json.loads(line)
            self.done[entry.pop("id")] = _KEPT.validate_python(entry)
        except (ValueError, KeyError, TypeError, AttributeError, ValidationError):
            return False
        return True
