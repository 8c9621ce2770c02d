"""The drafts of a notice on their way, in a thread of their own: they go on when the page is left, and end when they are stopped."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

from rag.domain import Reader
from rag.wiring import Home
from ui.background import Background, Stage
from ui.draft_batch import is_ordered, outcomes_of, unordered
from ui.drafting import DraftRun, Outcome, Planned
from ui.drafts import KeptDraft, open_run
from ui.words import draft as words


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
    estimate: str = ""
    """What is about to be sent to a language model, while it waits for the word to go on; else empty."""
    is_stopped: bool = False
    """Whether somebody stopped it; what was done by then is kept."""
    is_ordered: bool = False
    """Whether an order at a vendor goes on although it was stopped."""


class _StoppedError(Exception):
    """Somebody stopped the run: no further item is begun."""


class DraftWriting(Background[DraftProgress]):
    """One run over a kept notice."""

    def __init__(self, draft: KeptDraft, ready: Callable[[], tuple[Home, Reader]], *, home_path: Path) -> None:
        """Begin; `ready` opens the home and finds the reader, `home_path` is where an unforeseen error is logged."""
        self.draft = draft
        self._ready = ready
        self._answered = threading.Event()
        self._stopped = threading.Event()
        super().__init__(DraftProgress(), home_path=home_path)

    def go_on(self) -> None:
        """Let it send what it told in its estimate."""
        self._answer()

    def stop(self) -> None:
        """Begin no further item; those on their way end, and an order at a vendor stays known for the next run."""
        self._stopped.set()
        self._answer()

    def _answer(self) -> None:
        """Ask no more; while it asks, nothing else changes how far it is."""
        if self._progress.estimate:
            self._put(replace(self._progress, estimate=""))
        self._answered.set()

    def _work(self) -> None:
        home, run, planned = self._prepared()
        load = run.load(unordered(home, run, planned), home.settings.chat.output_tokens)
        if load.items and not self._stopped.is_set():
            self._put(replace(self._progress, every=len(planned), estimate=words.load(load, home.settings.chat)))
            self._answered.wait()
            if not self._stopped.is_set():  # rights and sources may have changed while nobody answered
                home, run, planned = self._prepared()
        self._put(replace(self._progress, every=len(planned), estimate=""))
        outcomes: list[Outcome] = []
        drafted = outcomes_of(
            home,
            run,
            planned,
            lambda *_: None,
            tell_batch=lambda *_: self._heed(),
            is_stopped=self._stopped.is_set,
        )
        try:
            with closing(drafted):  # what is on its way ends before anything else is said
                self._heed()
                for outcome in drafted:
                    outcomes.append(outcome)
                    self._note(outcome)
                    self._heed()
                self._heed()  # what was not begun yields nothing
        except _StoppedError:
            done = sum(map(run.is_kept, planned))
            self._put(replace(self._progress, is_stopped=True, done=done, is_ordered=is_ordered(run)))
        failed = {each.id: each.reason for each in run.beside(planned, outcomes) if each.sheet is None}
        self._put(replace(self._progress, failed=failed))

    def _prepared(self) -> tuple[Home, DraftRun, list[Planned]]:
        home, reader = self._ready()
        home.catch_up()
        run = open_run(home, reader, self.draft)
        return home, run, run.plan()

    def _heed(self) -> None:
        if self._stopped.is_set():
            raise _StoppedError

    def _note(self, outcome: Outcome) -> None:
        before = self._progress
        failed = {**before.failed, outcome.id: outcome.reason} if outcome.sheet is None else before.failed
        self._put(replace(before, done=before.done + 1, last=outcome.id, failed=failed))
