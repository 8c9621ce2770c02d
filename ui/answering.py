"""A question from the page: kept before it is asked, with its answer kept as soon as that is there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from uuid import uuid4

from rag.assistant import Event, read_text
from rag.domain import Answer, Question, Reader
from rag.errors import BusyError
from rag.journal import Exchange
from rag.wiring import Home
from ui.words import ask as words


def new_exchange(text: str, *, conversation_id: str, reader: Reader, as_of: date, longest: int) -> Exchange:
    """Return an exchange for what was typed; raises QuestionError for what is no question."""
    return Exchange(
        id=uuid4().hex,
        conversation_id=conversation_id,
        user=reader.user,
        asked_at=datetime.now().astimezone(),
        question=read_text(text, longest=longest),
        as_of=as_of,
    )


def ask(home: Home, reader: Reader, exchange: Exchange) -> Iterator[Event]:
    """Yield what may be cited, each verified sentence and the answer; raises KotaeError, with the question kept."""
    kept = replace(exchange, revision=home.catalogue.revision(), generation=home.vectors.generation())
    home.journal.put_exchange(kept)
    home.catch_up()
    if home.catalogue.revision() and not home.lexical.revision():
        raise BusyError(words.rebuilding(home.writer()))
    for event in home.stream(Question(text=exchange.question, as_of=exchange.as_of, reader=reader)):
        if isinstance(event, Answer):
            home.journal.put_exchange(replace(kept, answer=event))
        yield event
