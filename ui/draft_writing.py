"""The drafts of a notice on their way, in a thread of their own: they go on when the page is left."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from rag.domain import Reader
from rag.wiring import Home
from ui.background import Background, Stage
from ui.draft_batch import outcomes_of
from ui.drafting import Outcome
from ui.drafts import KeptDraft, open_run


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftProgress(Stage):
    """How far the drafts of a notice are."""

    done: int = 0
    every: int = 0
    """0: the sources are still being looked for."""
    last: str = ""
    """Id of the item that came last."""
    failed: Mapping[str, str] = field(default_factory=dict)
    """Item id → why it could not be drafted."""


class DraftWriting(Background[DraftProgress]):
    """One run over a kept notice."""

    def __init__(self, draft: KeptDraft, ready: Callable[[], tuple[Home, Reader]], *, home_path: Path) -> None:
        """Begin; `ready` opens the home and finds the reader, `home_path` is where an unforeseen error is logged."""
        self.draft = draft
        self._ready = ready
        super().__init__(DraftProgress(), home_path=home_path)

    def _work(self) -> None:
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

    def _note(self, outcome: Outcome) -> None:
        before = self._progress
        failed = {**before.failed, outcome.id: outcome.reason} if outcome.sheet is None else before.failed
        self._put(replace(before, done=before.done + 1, last=outcome.id, failed=failed))
