"""Search quality on a judged question set, in a temporary home."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from eval.beir import JudgedQuestion, load_passages, load_questions
from eval.metrics import percentile, ranking_scores
from eval.passages import READER, load_into, temporary_home
from rag.domain import Question
from rag.errors import CasesError
from rag.wiring import Home

CHUNKS_PER_DOCUMENT = 5
"""Chunks asked for each document wanted, since the best chunks may share one."""
Tell = Callable[[int, int], None]


def evaluate_retrieval(
    folder: Path,
    *,
    settings_from: Path,
    top: int = 10,
    out: Path | None = None,
    tell: Tell = lambda _done, _all: None,
) -> dict[str, Any]:
    """Load a BEIR folder into a temporary home, ask every question, and return the scores; raises CasesError.

    The settings are those of the home `settings_from`, whose word vectors are used too; nothing else of it is touched.
    `out` receives the run in TREC format. `tell` hears (questions done, questions in all).
    """
    questions = load_questions(folder)
    if out is not None:
        write_trec({}, out)
    with temporary_home(settings_from) as home:
        started = time.monotonic()
        load_into(home, load_passages(folder))
        index_seconds = time.monotonic() - started
        run: dict[str, list[tuple[str, float]]] = {}
        milliseconds: list[float] = []
        for number, question in enumerate(questions, start=1):
            started = time.monotonic()
            run[question.id] = ranked_documents(home, question, top=top)
            milliseconds.append((time.monotonic() - started) * 1000)
            tell(number, len(questions))
    if out is not None:
        write_trec(run, out)
    scores = ranking_scores(
        {question: [name for name, _ in found] for question, found in run.items()},
        {question.id: question.relevant for question in questions},
        depth=top,
    )
    return {
        "queries": len(questions),
        **{name: round(value, 4) for name, value in scores.items()},
        "p50_ms": round(percentile(milliseconds, 0.5), 1),
        "p95_ms": round(percentile(milliseconds, 0.95), 1),
        "index_seconds": round(index_seconds, 1),
    }


def ranked_documents(home: Home, question: JudgedQuestion, *, top: int) -> list[tuple[str, float]]:
    """Return (passage id, score), best first, each passage by its best chunk."""
    asked = Question(text=question.text, as_of=question.as_of or date.today(), reader=READER)  # noqa: DTZ011
    best: dict[str, float] = {}
    for hit in home.retriever.search(asked, limit=top * CHUNKS_PER_DOCUMENT).hits:
        best.setdefault(hit.chunk.document_id, hit.score)
    return list(best.items())[:top]


def write_trec(run: dict[str, list[tuple[str, float]]], path: Path) -> None:
    """Write a run as `question Q0 document rank score kotae` lines; raises CasesError."""
    try:
        path.write_text("".join(_trec_lines(run)), encoding="utf-8")
    except OSError as error:
        raise CasesError(
            f"{path}: 書けません（{error.strerror}）。書き込める場所を --out で指定してください。"
        ) from error


def _trec_lines(run: dict[str, list[tuple[str, float]]]) -> Iterator[str]:
    for question, found in run.items():
        for rank, (document, score) in enumerate(found, start=1):
            yield f"{question} Q0 {document} {rank} {score:.6f} kotae\n"
