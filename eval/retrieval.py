"""Search quality on a judged question set, in a temporary home."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from eval.beir import JudgedQuestion, Passage, load_passages, load_questions
from eval.metrics import percentile, ranking_scores
from ingest.embed import embed_chunks
from ingest.split import split
from rag.domain import Audience, Chunk, DocumentRecord, Kind, Question, Reader, Role, Section, Structure
from rag.errors import CasesError
from rag.japanese.references import Place, locator, references
from rag.wiring import Home, open_home

LEVEL = "1"
READER = Reader(user="eval", name="評価", max_level=LEVEL, role=Role.ADMIN, reads_all=True)
CHUNKS_PER_DOCUMENT = 5
"""Chunks asked for each document wanted, since the best chunks may share one."""
STORE_SIZE = 500
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
    with tempfile.TemporaryDirectory(prefix="kotae-eval-") as temporary:
        home = open_home(Path(temporary), settings_from=settings_from)
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


def load_into(home: Home, passages: Iterable[Passage]) -> None:
    """Store passages in a home as documents that everyone may read, and bring its indexes up; raises CasesError."""
    count = 0
    for group in _groups(passages, STORE_SIZE):
        count += len(group)
        prepared = [_prepare(passage, home.settings.ingest.chunk_characters) for passage in group]
        with home.catalogue.batch():
            chunks = [chunk for _, found in prepared for chunk in found]
            embed_chunks(chunks, catalogue=home.catalogue, embedder=home.embedder, may_embed=home.may_embed)
            for record, found in prepared:
                home.catalogue.put_document(record, found, vectors={})
    if not count:
        raise CasesError("corpus.jsonl: 文書が1件もありません。中身を確かめてください。")
    home.refresh_indexes()


def _groups(passages: Iterable[Passage], size: int) -> Iterator[list[Passage]]:
    rest = iter(passages)
    while group := list(islice(rest, size)):
        yield group


def _prepare(passage: Passage, characters: int) -> tuple[DocumentRecord, list[Chunk]]:
    structure = recognise_passage(passage)
    record = DocumentRecord(
        id=passage.id,
        source="beir",
        path=passage.id,
        content_hash="",
        title=structure.title,
        kind=structure.kind,
        audience=Audience(level=LEVEL),
        period=passage.period,
    )
    return record, split(structure, record=record, characters=characters)


def recognise_passage(passage: Passage) -> Structure:
    """Read a passage whose title names an article as that article, any other as plain text."""
    named = next(
        (
            found
            for found in references(passage.title)
            if found.law and found.article and found.place is Place.MAIN and not found.paragraph
        ),
        None,
    )
    if named is None:
        section = Section(locator="", text=passage.text, breaks=_line_starts(passage.text))
        return Structure(kind=Kind.PLAIN, title=passage.title, sections=(section,))
    section = Section(
        locator=locator(named.article),
        text=passage.text,
        caption=passage.title[named.span.end :].strip(" 　（）()"),
        breaks=_line_starts(passage.text),
        labels={"article": named.article, "part": "main"},
    )
    return Structure(kind=Kind.RULES, title=named.law, sections=(section,))


def _line_starts(text: str) -> tuple[int, ...]:
    return tuple(place + 1 for place, character in enumerate(text) if character == "\n")


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
