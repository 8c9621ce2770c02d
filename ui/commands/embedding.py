"""The vectors of an ingest: what goes out is told first, and a large amount is sent only when that was said."""

from __future__ import annotations

from collections.abc import Callable, Collection

from ingest.embed import Backlog
from ingest.report import SyncReport
from rag.domain import EmbeddingLoad, Reader
from rag.errors import ModelError, UnconfirmedError
from rag.wiring import Home
from ui.output import Output
from ui.words import embedding as words


def tell_estimate(home: Home, report: SyncReport, output: Output) -> None:
    """Say after a dry run what the run itself would send."""
    if report.estimate is not None and report.estimate.texts:
        limit = home.settings.embedding.ask_above_tokens
        passed = limit if report.estimate.tokens > limit else 0
        output.note(words.would_send(home.embedder.name, _amount(home, report, report.estimate), limit=passed))


def make_vectors(
    home: Home,
    report: SyncReport,
    output: Output,
    *,
    reader: Reader,
    is_confirmed: bool,
    stopped: Callable[[], bool],
) -> None:
    """Make every vector that is missing; raises UnconfirmedError before anything is sent, and ModelError.

    The report says what is missing afterwards, also when this ends with an error.
    """
    report.without_vector = home.served.note_lacking()  # also before: a reader may have seen chunks without
    backlog = Backlog(catalogue=home.catalogue, embedder=home.embedder, may_embed=home.may_embed)
    every = report.without_vector
    if home.embedder.is_remote:
        load = report.estimate = backlog.load()
        every = load.texts
        _confirm(home, report, load, output, is_confirmed=is_confirmed)
        report.warnings += [(path, words.CUT) for path in _shown(home, reader, backlog.cut_in)]
    made = 0

    def tell(count: int) -> None:
        nonlocal made
        made += count
        output.progress(words.progress(made, every))

    try:
        report.embedded += backlog.work_off(tell=tell, stopped=stopped)
    except ModelError:
        report.embedded += made
        raise
    finally:
        report.without_vector = home.served.note_lacking()


def _shown(home: Home, reader: Reader, ids: Collection[str]) -> list[str]:
    """Return the paths of those documents that the user may know of: a run makes the vectors of all."""
    records = [record for record in home.catalogue.documents() if record.id in ids]
    return [record.path for record in records if home.may_read(reader, record.audience)]


def _confirm(home: Home, report: SyncReport, load: EmbeddingLoad, output: Output, *, is_confirmed: bool) -> None:
    limit = home.settings.embedding.ask_above_tokens
    told = _amount(home, report, load)
    if limit and load.tokens > limit and not is_confirmed:
        raise UnconfirmedError(words.unconfirmed(home.embedder.name, told, limit=limit))
    if load.texts:
        output.note(words.sending(home.embedder.name, told))


def _amount(home: Home, report: SyncReport, load: EmbeddingLoad) -> str:
    report.price_per_million_tokens = home.settings.embedding.price_per_million_tokens
    return words.amount(load, report.cost, report.price_per_million_tokens)
