"""What is done of a notice, in the folder of its drafts: one item a line, so that a run that was killed goes on behind it."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from filelock import FileLock
from pydantic import TypeAdapter, ValidationError

from rag.assembly.sheet import Sheet
from rag.domain import Audience
from ui.words.draft import OUTDATED

_log = logging.getLogger(__name__)
STATE = ".kotae-draft.jsonl"
UNREAD = ".kotae-draft.unread.jsonl"
"""Whole lines that this version cannot read; a person may have written in them, so that none is ever lost."""
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
    is_outdated: bool = False
    """Whether the last run found that what an edited answer rests on has changed since."""

    @property
    def shown(self) -> Sheet:
        """The sheet as screens and files show it: an outdated one says so."""
        return replace(self.sheet, notes=(*self.sheet.notes, OUTDATED)) if self.is_outdated else self.sheet


_KEPT = TypeAdapter(Kept)


class DraftState:
    """The items that are done; several processes and threads may keep items in one folder."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / STATE
        self._unread_file = folder / UNREAD
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
        """Read everything, and leave out what cannot be read: those items are drafted again.

        A last line that a kill cut short is dropped; any other goes to the file of unread lines first.
        """
        with self.locked():
            self.done.clear()
            text = self._file.read_bytes() if self._file.exists() else b""
            *whole, last = text.split(b"\n")
            lines = [line for line in [*whole, last if _is_json(last) else b""] if line]
            kept, unread = list[bytes](), list[bytes]()
            for line in lines:
                (kept if self._take(line) else unread).append(line)
            if unread or last:
                self._set_aside(unread)
                text = b"".join(line + b"\n" for line in kept)
                draft = self._file.with_name(f"{self._file.name}.tmp")
                _write(draft, "wb", text)
                draft.replace(self._file)
            self._read_bytes = len(text)

    def _set_aside(self, lines: list[bytes]) -> None:
        """Keep lines that cannot be read, each once, before they are left out; the caller holds the folder."""
        before = self._unread_file.read_bytes() if self._unread_file.exists() else b""
        held = set(before.split(b"\n")[:-1])
        new = [line for line in dict.fromkeys(lines) if line not in held]
        if new:
            cut = b"" if before.endswith(b"\n") or not before else b"\n"  # a kill while it was written
            _write(self._unread_file, "ab", cut + b"".join(line + b"\n" for line in new))
        if lines:
            _log.warning(
                "%s: この版では読み取れない答弁案が%d件あります。消さずに %s へ移しました。この版で作り直します。",
                self._file,
                len(lines),
                self._unread_file.name,
            )

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
        _write(self._file, "ab", line)
        self._read_bytes += len(line)
        self.done[name] = kept

    def _take(self, line: bytes) -> bool:
        try:
            entry = json.loads(line)
            self.done[entry.pop("id")] = _KEPT.validate_python(entry)
        except (ValueError, KeyError, TypeError, AttributeError, ValidationError):
            return False
        return True


def _is_json(line: bytes) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True


def _write(file: Path, mode: Literal["ab", "wb"], data: bytes) -> None:
    """Write so that a power cut does not take it back."""
    with file.open(mode) as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
