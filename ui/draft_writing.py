"""The drafts of a notice on their way, in a thread of their own: they go on when the page is left."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from rag.domain import Reader
from rag.errors import KotaeError
from rag.wiring import Home
from ui.answering import HEARTBEAT_SECONDS
from ui.draft_batch import outcomes_of
from ui.drafting import Outcome
from ui.drafts import KeptDraft, open_run
from ui.output import keep_traceback
from ui.words import page


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftProgress:
    """How far the drafts of a notice are."""

    done: int = 0
    every: int = 0
    """0: the sources are still being looked for."""
    last: str = ""
    """Id of the item that came last."""
    failed: Mapping[str, str] = field(default_factory=dict)
    """Item id → why it could not be drafted."""
    outdated: frozenset[str] = frozenset()
    """Items that a person wrote in, and whose sources have changed since."""
    error: str = ""
    """Why nothing more comes, for the person; empty while all is well."""
    is_over: bool = False


class DraftWriting:
    """One run over a kept notice."""

    def __init__(self, draft: KeptDraft, ready: Callable[[], tuple[Home, Reader]], *, home_path: Path) -> None:
        """Begin; `ready` opens the home and finds the reader, `home_path` is where an unforeseen error is logged."""
        self.draft = draft
        self._ready = ready
        self._home_path = home_path
        self._changed = threading.Condition()
        self._progress = DraftProgress()
        threading.Thread(target=self._run, daemon=True).start()

    @property
    def progress(self) -> DraftProgress:
        """Return how far it is."""
        return self._progress

    def follow(self) -> Iterator[DraftProgress]:
        """Yield how far it is, at once, at each change and at least at each heartbeat, until it is over."""
        seen: DraftProgress | None = None
        while seen is None or not seen.is_over:
            with self._changed:
                if self._progress is seen:
                    self._changed.wait(HEARTBEAT_SECONDS)
                seen = self._progress
            yield seen

    def _run(self) -> None:
        try:
            home, reader = self._ready()
            home.catch_up()
            run = open_run(home, reader, self.draft)
            planned = run.plan()
            self._put(replace(self._progress, every=len(planned)))
            outcomes = []
            for outcome in outcomes_of(home, run, planned, lambda *_: None, tell_batch=lambda *_: None):
                outcomes.append(outcome)
                self._note(outcome)
            run.beside(planned, outcomes)
        except KotaeError as error:
            self._put(replace(self._progress, error=str(error)))
        except Exception as error:  # noqa: BLE001 - nobody else would hear of it: it is logged, and the person told
            told = page.unexpected(type(error).__name__, keep_traceback(self._home_path, error))
            self._put(replace(self._progress, error=told))
        self._put(replace(self._progress, is_over=True))

    def _note(self, outcome: Outcome) -> None:
        before = self._progress
        failed = {**before.failed, outcome.id: outcome.reason} if outcome.sheet is None else before.failed
        outdated = before.outdated | {outcome.id} if outcome.is_outdated else before.outdated
        self._put(replace(before, done=before.done + 1, last=outcome.id, failed=failed, outdated=outdated))

    def _put(self, progress: DraftProgress) -> None:
        with self._changed:
            self._progress = progress
            self._changed.notify_all()
