"""Notice that files have changed and come to rest.

The system's notices (watchfiles) only shorten the wait: what counts is a look at sizes and times, taken at least every
`seconds`, since a network share tells of nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import watchfiles

from ingest.listing import list_files
from rag.errors import KotaeError

Look = dict[str, tuple[int, int]]
"""File → size and time of change in nanoseconds; a folder that cannot be listed, or a whole path, stands with (-1, -1)."""


def look_at(paths: Sequence[Path], label_file: Path | None = None, *, known_sources: Sequence[str] = ()) -> Look:
    """Return what lies below these paths, labels files included; never raises for what cannot be reached."""
    seen: Look = {}
    try:
        listing = list_files(paths, known_sources=known_sources)
    except KotaeError as error:
        return {str(error): (-1, -1)}
    seen.update({str(at.full): (-1, -1) for at in listing.closed})
    for path in (*(file.full for file in listing.files), *listing.label_files, *([label_file] if label_file else [])):
        try:
            found = path.stat()
        except OSError:
            continue
        seen[str(path)] = (found.st_size, found.st_mtime_ns)
    return seen


class Notices:
    """The system's notices of changes below some paths, where it gives any."""

    def __init__(self, paths: Sequence[Path], stop: threading.Event) -> None:
        self._paths = paths
        self._stop = stop
        self._events: Iterator[object] | None = None

    def wait(self, seconds: float) -> None:
        """Return at the first notice, when `stop` is set, and at the latest after these seconds."""
        try:
            if self._events is None:
                self._events = watchfiles.watch(
                    *self._paths,
                    watch_filter=None,
                    stop_event=self._stop,
                    rust_timeout=max(1, round(seconds * 1000)),
                    yield_on_timeout=True,
                    ignore_permission_denied=True,
                )
            next(self._events, None)
        except (OSError, RuntimeError):
            # The folder is away, or the system has no watches left: looking is enough, and the next wait tries again.
            self._events = None
            self._stop.wait(seconds)


@dataclass(slots=True, kw_only=True)
class Watch:
    """When to run: at once, then whenever something has changed and come to rest, until `stop` is set."""

    look: Callable[[], Look]
    wait: Callable[[float], None]
    """Returns when something may have changed, at the latest after these seconds."""
    pause: Callable[[float], object]
    """Lets these seconds pass, unless `stop` is set."""
    stop: threading.Event
    seconds: float
    settle_seconds: float
    _again: bool = field(default=False)

    def rounds(self) -> Iterator[None]:
        """Yield for every run that is due."""
        seen = self.look()  # before the run, so that what changes while it goes on is noticed after it
        yield
        while not self.stop.is_set():
            self.wait(self.seconds)
            now = self.look()
            if now == seen and not self._again:
                continue
            now = self._settled(now)
            if self.stop.is_set():
                return
            seen, self._again = now, False
            yield

    def try_again(self) -> None:
        """Let the next look lead to a run even when nothing has changed: the last run failed."""
        self._again = True

    def _settled(self, now: Look) -> Look:
        """Wait until two looks are the same; a folder that never rests is taken as it is after `seconds`."""
        for _ in range(max(1, round(self.seconds / self.settle_seconds))):
            self.pause(self.settle_seconds)
            before, now = now, self.look()
            if now == before or self.stop.is_set():
                break
        return now
