"""A question from the page: kept before it is asked, answered on whatever the page does meanwhile, kept with its answer."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from uuid import uuid4

from rag.assistant import Event, read_text
from rag.domain import Answer, AnswerStatus, Evidence, Question, Reader, Sentence
from rag.errors import BusyError, KotaeError, StorageError
from rag.journal import Exchange
from rag.wiring import Home
from ui.output import keep_traceback
from ui.words import ask as words
from ui.words import page

HEARTBEAT_SECONDS = 0.5
"""How often a follower hears that nothing new has come, so that its page can be interrupted."""


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
class Progress:
    """How far an answer has come."""

    evidence: tuple[Evidence, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    """Verified, in order of arrival."""
    answer: Answer | None = None
    """None: it is not whole yet, or none came."""
    error: str = ""
    """Why none came, for the person; empty while all is well."""
    is_over: bool = False


class Writing:
    """An answer on its way, in a thread of its own: a click elsewhere on the page costs nothing."""

    def __init__(self, exchange: Exchange, ready: Callable[[], tuple[Home, Reader]], *, home_path: Path) -> None:
        """Begin; `ready` opens the home and finds the reader, `home_path` is where an unforeseen error is logged."""
        self.exchange = exchange
        self._ready = ready
        self._home_path = home_path
        self._changed = threading.Condition()
        self._progress = Progress()
        threading.Thread(target=self._run, daemon=True).start()

    @property
    def is_over(self) -> bool:
        """Tell whether nothing more will come."""
        return self._progress.is_over

    def follow(self) -> Iterator[Progress]:
        """Yield how far it is, at once, at each change and at least at each heartbeat, until it is over."""
        seen: Progress | None = None
        while seen is None or not seen.is_over:
            with self._changed:
                if self._progress is seen:
                    self._changed.wait(HEARTBEAT_SECONDS)
                seen = self._progress
            yield seen

    def _run(self) -> None:
        try:
            home, reader = self._ready()
            for event in ask(home, reader, self.exchange):
                self._note(event)
        except KotaeError as error:
            self._put(replace(self._progress, error=str(error)))
        except Exception as error:  # noqa: BLE001 - nobody else would hear of it: it is logged, and the person told
            told = page.unexpected(type(error).__name__, keep_traceback(self._home_path, error))
            self._put(replace(self._progress, error=told))
        self._put(replace(self._progress, is_over=True))

    def _note(self, event: Event) -> None:
        before = self._progress
        if isinstance(event, Answer):
            self._put(replace(before, answer=event))
        elif isinstance(event, Sentence):
            self._put(replace(before, sentences=(*before.sentences, event)))
        else:
            self._put(replace(before, evidence=event))

    def _put(self, progress: Progress) -> None:
        with self._changed:
            self._progress = progress
            self._changed.notify_all()
