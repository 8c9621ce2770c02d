"""Judged questions with their candidates: of a judged set, of cases, and of what staff found helpful."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import count
from pathlib import Path

from eval.beir import load_passages, load_questions
from eval.cases import Case, load_cases
from eval.folds import Judged
from eval.passages import READER, load_into, temporary_home
from eval.scores import begins
from rag.domain import Chunk, Question, Reader, State
from rag.errors import DirectoryError, NotFoundError
from rag.journal import Exchange, Feedback, FeedbackState, Verdict
from rag.ranking.features import measure
from rag.ranking.learned import as_fused
from rag.safety.directory import find_reader
from rag.wiring import Home

FEEDBACK = "feedback"
"""The source of what staff said."""
EXPECTS_NO_DOCUMENT, NOT_THERE, UNKNOWN_USER = "no_document", "not_there", "unknown_user"
"""Why a question is left out: it names no document, none that its reader may read today, or it was asked by nobody known."""

NameOf = Callable[[Chunk], str]
Tell = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What can be learned from, and how many questions were left out for which reason."""

    judged: list[Judged] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)

    def add(self, found: Judged | None, source: str, identity: str, tell: Tell) -> None:
        """Keep a question; None: what is relevant to it is not there."""
        if found is None:
            self.left_out[NOT_THERE] += 1
        else:
            self.judged.append(replace(found, id=f"{source} {identity}", source=source))
            tell(len(self.judged))


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A BEIR folder or a file of cases, under a name of its own."""

    name: str
    path: Path

    @classmethod
    def each(cls, paths: Sequence[Path]) -> list[Source]:
        """Name each path once: by its own name, numbered where that is taken."""
        named: dict[str, Path] = {FEEDBACK: Path()}
        for path in dict.fromkeys(path.resolve() for path in paths):
            numbered = (path.stem if number == 1 else f"{path.stem}-{number}" for number in count(1))
            named[next(name for name in numbered if name not in named)] = path
        del named[FEEDBACK]
        return [cls(name=name, path=path) for name, path in named.items()]


def gather_set(source: Source, settings_from: Path, gathered: Gathered, tell: Tell) -> None:
    """Ask the questions of a BEIR folder over its own passages, in a home of its own; raises CasesError."""
    questions = load_questions(source.path)
    with temporary_home(settings_from) as home:
        load_into(home, load_passages(source.path))
        for each in questions:
            asked = Question(text=each.text, as_of=each.as_of or date.today(), reader=READER)  # noqa: DTZ011
            relevant = {f"{source.name} {name}": value for name, value in each.relevant.items()}
            found = _judged(home, asked, relevant, lambda chunk: f"{source.name} {chunk.document_id}")
            gathered.add(found, source.name, each.id, tell)


def gather_cases(source: Source, home: Home, gathered: Gathered, *, user: str | None, tell: Tell) -> None:
    """Ask the cases of a file with the rights of whoever they name, else of `user`; raises CasesError and DirectoryError."""
    cases = load_cases(source.path)
    if any(case.user is None for case in cases):
        _reader(home, user)
    for case in cases:
        try:
            reader = _reader(home, case.user or user)
        except DirectoryError:
            gathered.left_out[UNKNOWN_USER] += 1
            continue
        asked = Question(text=case.question, as_of=case.as_of or date.today(), reader=reader)  # noqa: DTZ011
        if not case.expect.documents:
            gathered.left_out[EXPECTS_NO_DOCUMENT] += 1
            continue
        name_of = _place if case.expect.locators else _document
        relevant = {name_of(chunk): 1.0 for chunk in _expected(home, case, asked)}
        gathered.add(_judged(home, asked, relevant, name_of), source.name, case.id, tell)


def gather_feedback(home: Home, gathered: Gathered, *, tell: Tell) -> None:
    """Ask again what staff found helpful, each question with the rights that who asked it has today.

    What the answer cited is relevant to it. That an answer did not help says nothing of its sources: it may be unclear, or
    true and unwelcome. A source that a user named as the right one counts, whatever he said of the answer.
    """
    every = sum(home.journal.count_feedback().values())
    for exchange, feedback in home.journal.all_feedback(states=frozenset(FeedbackState), limit=every):
        named = _named(home, exchange, feedback)
        if not named:
            continue
        try:
            reader = _asker(home, exchange.user)
        except DirectoryError:
            gathered.left_out[UNKNOWN_USER] += 1
            continue
        asked = Question(text=exchange.question, as_of=exchange.as_of, reader=reader)
        relevant = {
            _place(chunk): 1.0
            for document in sorted({document for document, _ in named})
            for chunk in _readable(home, document, asked)
            if (document, chunk.locator) in named
        }
        gathered.add(_judged(home, asked, relevant, _place), FEEDBACK, exchange.id, tell)


def _asker(home: Home, user: str) -> Reader:
    """Return who asked, with the rights of today; raises DirectoryError for whoever the home does not know."""
    try:
        return _reader(home, user)
    except DirectoryError:
        local = _reader(home, None)
        if local.user != user:
            raise
        return local


def _reader(home: Home, user: str | None) -> Reader:
    return find_reader(home.path, user, levels=home.settings.levels.order)


def _named(home: Home, exchange: Exchange, feedback: Feedback) -> frozenset[tuple[str, str]]:
    """Return (document id, locator) of what staff found, or said, to be the source; a place outlives its chunk."""
    said = home.catalogue.chunks(feedback.right_sources).values()
    named = {(chunk.document_id, chunk.locator) for chunk in said}
    if exchange.answer is not None and feedback.verdict is Verdict.HELPFUL:
        named |= {(citation.document_id, citation.locator) for citation in exchange.answer.citations}
    return frozenset(named)


def _expected(home: Home, case: Case, asked: Question) -> Iterator[Chunk]:
    """Yield the chunks of which a case expects one to be cited."""
    documents = {unicodedata.normalize("NFC", one) for element in case.expect.documents for one in element}
    locators = [one for element in case.expect.locators for one in element]
    for record in home.catalogue.documents():
        if record.id in documents or unicodedata.normalize("NFC", record.path) in documents:
            for chunk in _readable(home, record.id, asked):
                if not locators or any(begins(chunk.locator, one) for one in locators):
                    yield chunk


def _readable(home: Home, document_id: str, asked: Question) -> list[Chunk]:
    """Return the chunks of a document that may be read by who asks, and are in force that day."""
    try:
        record = home.catalogue.document(document_id)
    except NotFoundError:
        return []
    if record.state is not State.ACTIVE or not home.may_read(asked.reader, record.audience):
        return []
    return [chunk for chunk in home.catalogue.chunks_of(document_id) if chunk.period.contains(asked.as_of)]


def _place(chunk: Chunk) -> str:
    return f"{chunk.document_id} {chunk.locator}"


def _document(chunk: Chunk) -> str:
    return chunk.document_id


def _judged(home: Home, asked: Question, relevant: dict[str, float], name_of: NameOf) -> Judged | None:
    """Ask a question of the order as fused, whatever was learned before; None: nothing is relevant to it."""
    if not relevant:
        return None
    unlearned = replace(home.retriever, reorder=as_fused)
    hits = unlearned.search(asked, limit=home.settings.search.judged).hits
    return Judged(
        id="",
        source="",
        asked=asked.text,
        names=tuple(name_of(hit.chunk) for hit in hits),
        features=measure(asked.text, hits),
        relevant=relevant,
    )
