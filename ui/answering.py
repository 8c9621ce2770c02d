"""A question from the page: kept before it is asked, answered on whatever the page does meanwhile, kept with its answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from uuid import uuid4

from rag.assistant import Event, read_text
from rag.domain import Answer, AnswerStatus, Evidence, Question, Reader, Sentence
from rag.errors import BusyError, StorageError
from rag.journal import Exchange
from rag.wiring import Home
from ui.background import Background, Stage
from ui.words import ask as words


def new_exchange(text: str, *, conversation_id: str, user: str, as_of: date, longest: int) -> Exchange:
    """Return an exchange for what was typed; raises QuestionError for what is no question."""
    return Exchange(
        id=uuid4().hex,
        conversation_id=conversation_id,
        user=user,
        asked_at=datetime.now().astimezone(),
        question=read_text(text, longest=longest),
        as_of=as_of,
    )


def ask(home: Home, reader: Reader, exchange: Exchange) -> Iterator[Event]:
    """Yield what may be cited, each verified sentence and the answer; raises KotaeError.

    The question is kept before it is asked. Where nothing can be kept, the answer comes all the same, and says so.
    """
    unkept = _keep(home, exchange)
    home.catch_up()
    if home.catalogue.revision() and not home.lexical.revision():
        raise BusyError(words.rebuilding(home.writer()))
    kept = replace(exchange, revision=home.catalogue.revision(), generation=home.vectors.generation())
    for event in home.stream(_question(home, reader, exchange)):
        if isinstance(event, Answer):
            unkept = unkept or _keep(home, replace(kept, answer=event))
            warnings = (*event.warnings, words.not_kept(unkept)) if unkept else event.warnings
            yield replace(event, warnings=warnings)
        else:
            yield event


def _question(home: Home, reader: Reader, exchange: Exchange) -> Question:
    """Return what was asked with the questions before it in the conversation; alone where they cannot be read."""
    try:
        every = home.journal.exchanges(exchange.conversation_id, user=reader.user)
    except StorageError:
        every = []
    before = [each for each in every if each.id != exchange.id and each.asked_at <= exchange.asked_at]
    last = before[-1].answer if before else None
    return Question(
        text=exchange.question,
        as_of=exchange.as_of,
        reader=reader,
        earlier=tuple(each.question for each in before),
        may_ask_back=last is None or last.status is not AnswerStatus.CLARIFY,
    )


def _keep(home: Home, exchange: Exchange) -> str:
    """Put an exchange into the journal and return why that could not be done; empty: it was."""
    try:
        home.journal.put_exchange(exchange)
    except StorageError as error:
        return str(error)
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress(Stage):
    """How far an answer has come."""

    evidence: tuple[Evidence, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    """Verified, in order of arrival."""
    answer: Answer | None = None
    """None: it is not whole yet, or none came."""


class Writing(Background[Progress]):
    """An answer on its way, in a thread of its own: a click elsewhere on the page costs nothing."""

    def __init__(self, exchange: Exchange, ready: Callable[[], tuple[Home, Reader]], *, home_path: Path) -> None:
        """Begin; `ready` opens the home and finds the reader, `home_path` is where an unforeseen error is logged."""
        self.exchange = exchange
        self._ready = ready
        super().__init__(Progress(), home_path=home_path)

    def _work(self) -> None:
        home, reader = self._ready()
        for event in ask(home, reader, self.exchange):
            self._note(event)

    def _note(self, event: Event) -> None:
        before = self._progress
        if isinstance(event, Answer):
            self._put(replace(before, answer=event))
        elif isinstance(event, Sentence):
            self._put(replace(before, sentences=(*before.sentences, event)))
        else:
            self._put(replace(before, evidence=event))
