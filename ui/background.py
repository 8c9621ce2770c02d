"""Work in a thread of its own, which goes on when the page is left, and whoever wants to know how far it is follows it."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Generic, TypeVar

from rag.errors import KotaeError
from ui.output import keep_traceback
from ui.words import page

HEARTBEAT_SECONDS = 0.5
"""How often a follower hears that nothing new has come, so that its page can be interrupted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """How far a work is; each work adds what it has done so far."""

    error: str = ""
    """Why nothing more comes, for the person; empty while all is well."""
    is_over: bool = False


S = TypeVar("S", bound=Stage)


class Background(ABC, Generic[S]):
    """A work that is on its way."""

    def __init__(self, first: S, *, home_path: Path) -> None:
        """Begin, with all that `_work` needs already set; `home_path` is where an unforeseen error is logged."""
        self._home_path = home_path
        self._changed = threading.Condition()
        self._progress = first
        threading.Thread(target=self._run, daemon=True).start()

    @property
    def progress(self) -> S:
        """Return how far it is."""
        return self._progress

    @property
    def is_over(self) -> bool:
        """Tell whether nothing more will come."""
        return self._progress.is_over

    def follow(self) -> Iterator[S]:
        """Yield how far it is, at once, at each change and at least at each heartbeat, until it is over."""
        seen: S | None = None
        while seen is None or not seen.is_over:
            with self._changed:
                if self._progress is seen:
                    self._changed.wait(HEARTBEAT_SECONDS)
                seen = self._progress
            yield seen

    @abstractmethod
    def _work(self) -> None:
        """Do it all, telling with `_put` how far it is; what it raises is told to the person."""

    def _run(self) -> None:
        try:
            self._work()
        except KotaeError as error:
            self._put(replace(self._progress, error=str(error)))
        except Exception as error:  # noqa: BLE001 - nobody else would hear of it: it is logged, and the person told
            told = page.unexpected(type(error).__name__, keep_traceback(self._home_path, error))
            self._put(replace(self._progress, error=told))
        self._put(replace(self._progress, is_over=True))

    def _put(self, progress: S) -> None:
        with self._changed:
            self._progress = progress
            self._changed.notify_all()
