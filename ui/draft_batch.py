"""Drafts through a batch: one order for all items, whose number is kept, so that a kill asks for nothing twice."""

from __future__ import annotations

import json
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
        order = self._order({name: request for name, (_, request, _) in todo.items()})
        self.batch.wait(order, self.poll_seconds, lambda state: tell(state.completed, state.total))
        results = dict(self.batch.results(order))
        for name, (each, request, held) in todo.items():
            yield self._outcome(each, request, held, results.get(name))
        self._record.unlink(missing_ok=True)

    def _order(self, requests: Mapping[str, DraftRequest]) -> str:
        """Return the number of the order that is on its way with these items, or of a new one."""
        try:
            kept = json.loads(self._record.read_text(encoding="utf-8"))
            if set(requests) <= set(kept["items"]):
                return str(kept["id"])
        except (OSError, ValueError, KeyError, TypeError):
            pass
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
