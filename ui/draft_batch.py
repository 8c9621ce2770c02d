"""Drafts through a batch: one order for all items, whose number is kept, so that a kill asks for nothing twice."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, cast

from rag.assembly.item import DraftRequest
from rag.assembly.sheet import Sheet
from rag.drafting.story import BatchedWriter
from rag.errors import ModelError
from rag.wiring import Home
from ui.drafting import DraftRun, Outcome, Planned, replace_file

_log = logging.getLogger(__name__)
RECORD = ".kotae-batch.json"
"""The number of the order that is on its way, and which items it holds."""


class Batch(Protocol):
    """What writes many texts in one order."""

    def submit(self, bodies: Mapping[str, Mapping[str, Any]]) -> str:
        """Order a text for each body and return the number of the order; raises ModelError."""

    def wait(self, batch_id: str, poll_seconds: float, tell: Callable[[Any], None]) -> Any:
        """Return when an order is over; raises ModelError."""

    def results(self, batch_id: str) -> Iterator[tuple[str, str | ModelError]]:
        """Yield for each body its text, or why there is none; raises ModelError."""

    def is_gone(self, error: ModelError) -> bool:
        """Tell whether an error of `wait` or `results` says that nothing will ever come of the order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRun:
    """A run whose texts come through a batch."""

    run: DraftRun
    batch: Batch
    writer: BatchedWriter
    poll_seconds: float

    def outcomes(self, planned: list[Planned], tell: Callable[[int, int], None]) -> Iterator[Outcome]:
        """Yield what is done already, then what the order brings; raises ModelError where there is none.

        `tell` hears how many texts of the order are written, of how many.
        """
        todo = {}
        for number, each in enumerate(planned):
            given = self.run.drafter.released(each.request) if each.request else None
            if each.request is None or self.run.is_kept(each) or given is None or not given[0].evidence:
                yield self.run.outcome(each)  # done, not to be prepared, or without anything that may leave
            else:
                todo[f"{number:04d}-{each.key[:16]}"] = (each, *given)
        if not todo:
            return
        results = self._results({name: request for name, (_, request, _) in todo.items()}, tell)
        for name, (each, request, held) in todo.items():
            yield self._outcome(each, request, held, results.get(name))
        self._record.unlink(missing_ok=True)

    def _results(
        self, requests: Mapping[str, DraftRequest], tell: Callable[[int, int], None]
    ) -> dict[str, str | ModelError]:
        """Return what the order on its way brings, or a new one where none is or the vendor holds it no more."""
        kept = self._kept_order(requests)
        if kept:
            try:
                return self._fetched(kept, tell)
            except ModelError as error:
                if not self.batch.is_gone(error):
                    raise
                _log.warning("%s（1回だけ頼み直し、前の依頼の控えを新しい番号に替えます）", error)
        # The record is replaced only by a new order: one that a mistyped address hid is still known when that is put right.
        return self._fetched(self._new_order(requests), tell)

    def _fetched(self, order: str, tell: Callable[[int, int], None]) -> dict[str, str | ModelError]:
        self.batch.wait(order, self.poll_seconds, lambda state: tell(state.completed, state.total))
        return dict(self.batch.results(order))

    def _kept_order(self, requests: Mapping[str, DraftRequest]) -> str:
        """Return the number of the order that is on its way with these items; empty: none is."""
        try:
            kept = json.loads(self._record.read_text(encoding="utf-8"))
            return str(kept["id"]) if set(requests) <= set(kept["items"]) else ""
        except (OSError, ValueError, KeyError, TypeError):
            return ""

    def _new_order(self, requests: Mapping[str, DraftRequest]) -> str:
        order = self.batch.submit({name: self.writer.body(request) for name, request in requests.items()})
        replace_file(self._record, json.dumps({"id": order, "items": sorted(requests)}))
        return order

    def _outcome(
        self, planned: Planned, request: DraftRequest, held: tuple[str, ...], result: str | ModelError | None
    ) -> Outcome:
        def sheet(_request: DraftRequest) -> Sheet:
            if result is None:
                raise ModelError("一括の回答に、この問いがありません。もう一度実行してください。")
            if isinstance(result, ModelError):
                raise result
            drafted = list(self.writer.read([result]))
            return self.run.drafter.sheet(
                request, drafted, sitting=self.run.sitting, writer=self.run.drafter.writer, held=held
            )

        return self.run.outcome(planned, sheet)

    @property
    def _record(self) -> Path:
        return self.run.out / RECORD


def outcomes_of(
    home: Home,
    run: DraftRun,
    planned: list[Planned],
    tell: Callable[[int, int, str], None],
    *,
    tell_batch: Callable[[int, int], None],
) -> Iterator[Outcome]:
    """Yield the outcome of each item, through a batch where the settings say so; raises ModelError where that brings none."""
    batch = home.draft_batch()
    if batch is None:
        return run.run(planned, tell)
    ordered = BatchRun(
        run=run,
        batch=batch,
        writer=cast("BatchedWriter", run.drafter.writer),
        poll_seconds=home.settings.draft.poll_seconds,
    )
    return ordered.outcomes(planned, tell_batch)
