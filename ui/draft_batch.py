"""Drafts through a batch: one order for all items, whose number is kept, so that a kill asks for nothing twice."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeAlias, cast

from rag.assembly.item import DraftRequest
from rag.assembly.sheet import Sheet
from rag.drafting.story import BatchedWriter
from rag.errors import ModelError, ModelGoneError
from rag.wiring import Home
from ui.drafting import DraftRun, Outcome, Planned, replace_file

_log = logging.getLogger(__name__)
RECORD = ".kotae-batch.json"
"""The number of the order that is on its way, and which items it holds."""
_Todo: TypeAlias = tuple[Planned, DraftRequest, tuple[str, ...]]
"""An item, what its writer is given, and the titles of what was kept back."""


class Batch(Protocol):
    """What writes many texts in one order."""

    def submit(self, bodies: Mapping[str, Mapping[str, Any]]) -> str:
        """Order a text for each body and return the number of the order; raises ModelError."""

    def wait(self, batch_id: str, poll_seconds: float, tell: Callable[[Any], None]) -> Any:
        """Return when an order is over; raises ModelError."""

    def results(self, batch_id: str) -> Iterator[tuple[str, str | ModelError]]:
        """Yield for each body its text, or why there is none; raises ModelError."""

    def discard(self, batch_id: str) -> None:
        """Have everything deleted that the vendor holds of an order; raises ModelError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRun:
    """A run whose texts come through a batch."""

    run: DraftRun
    batch: Batch
    writer: BatchedWriter
    poll_seconds: float

    def outcomes(self, planned: list[Planned], tell: Callable[[int, int], None]) -> Generator[Outcome]:
        """Yield what is done already, then what the order brings; raises ModelError where there is none.

        `tell` hears how many texts of the order are written, of how many.
        """
        todo: dict[str, _Todo] = {}
        for number, each in enumerate(planned):
            name = _name(number, each)
            given = self.run.drafter.released(each.request) if each.request else None
            if each.request is None or self.run.is_kept(each) or given is None or not given[0].evidence:
                yield self.run.outcome(each)  # done, not to be prepared, or without anything that may leave
            else:
                todo[name] = (each, *given)
        yield from self._recorded_outcomes(todo, tell)
        if todo:
            results = self._fetched(self._new_order({name: request for name, (_, request, _) in todo.items()}), tell)
            for name, (each, request, held) in todo.items():
                yield self._outcome(each, request, held, results.get(name))
        if self._discard(_recorded(self.run)[0]):
            self._record.unlink(missing_ok=True)

    def _recorded_outcomes(self, todo: dict[str, _Todo], tell: Callable[[int, int], None]) -> Iterator[Outcome]:
        """Yield what the order on its way brings of what is to be done, and take that out; nothing where the vendor holds it no more."""
        order, names = _recorded(self.run)
        held = [name for name in todo if name in names]
        if not held:
            return
        try:
            results = self._fetched(order, tell)
        except ModelGoneError as error:
            _log.warning("%s（1回だけ頼み直し、前の依頼の控えを新しい番号に替えます）", error)
            return
        for name in held:
            each, request, kept_back = todo.pop(name)
            yield self._outcome(each, request, kept_back, results.get(name))

    def _fetched(self, order: str, tell: Callable[[int, int], None]) -> dict[str, str | ModelError]:
        self.batch.wait(order, self.poll_seconds, lambda state: tell(state.completed, state.total))
        return dict(self.batch.results(order))

    def _new_order(self, requests: Mapping[str, DraftRequest]) -> str:
        """Order the texts; the record of another order goes only when this one is made: a mistyped address may have hidden that."""
        before, _ = _recorded(self.run)
        order = self.batch.submit({name: self.writer.body(request) for name, request in requests.items()})
        replace_file(self._record, json.dumps({"id": order, "items": sorted(requests)}))
        self._discard(before)
        return order

    def _discard(self, order: str) -> bool:
        """Have the vendor delete what it holds of an order, drafts that are not published; tell whether nothing is left there."""
        if not order:
            return True
        try:
            self.batch.discard(order)
        except ModelGoneError:
            return True
        except ModelError as error:
            _log.warning(
                "一括の依頼 %s を接続先から消せませんでした（もう一度実行すると、また試します）: %s", order, error
            )
            return False
        return True

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


def _name(number: int, planned: Planned) -> str:
    """Return the name of an item in an order."""
    return f"{number:04d}-{planned.key[:16]}"


def _recorded(run: DraftRun) -> tuple[str, frozenset[str]]:
    """Return the number of the order whose record is kept, and which items it holds; empty where none is."""
    try:
        kept = json.loads((run.out / RECORD).read_text(encoding="utf-8"))
        return str(kept["id"]), frozenset(kept["items"])
    except (OSError, ValueError, KeyError, TypeError):
        return "", frozenset()


def is_ordered(run: DraftRun) -> bool:
    """Tell whether an order is on its way for a run."""
    return bool(_recorded(run)[0])


def unordered(home: Home, run: DraftRun, planned: Sequence[Planned]) -> list[Planned]:
    """Return the items that no order on its way holds; all where the settings ask for no batch. Raises ModelSetupError."""
    names = _recorded(run)[1] if home.draft_batch() is not None else frozenset[str]()
    return [each for number, each in enumerate(planned) if _name(number, each) not in names]


def outcomes_of(
    home: Home,
    run: DraftRun,
    planned: list[Planned],
    tell: Callable[[int, int, str], None],
    *,
    tell_batch: Callable[[int, int], None],
    is_stopped: Callable[[], bool] = lambda: False,
) -> Generator[Outcome]:
    """Yield the outcome of each item, through a batch where the settings say so; raises ModelError where that brings none.

    Once it is stopped no further item is begun; a batch is stopped by an error that `tell_batch` raises.
    """
    batch = home.draft_batch()
    if batch is None:
        return run.run(planned, tell, is_stopped=is_stopped)
    ordered = BatchRun(
        run=run,
        batch=batch,
        writer=cast("BatchedWriter", run.drafter.writer),
        poll_seconds=home.settings.draft.poll_seconds,
    )
    return ordered.outcomes(planned, tell_batch)
