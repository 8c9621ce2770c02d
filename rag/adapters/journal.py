"""The journal on SQLAlchemy: a SQLite file of its own in the home, or tables beside the catalogue's by URL."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Select, func, select, update

from rag.adapters.database import JOURNAL, Store, open_store, upsert
from rag.adapters.journal_tables import (
    APPROVALS,
    EXCHANGES,
    FEEDBACK,
    INGEST_RUNS,
    approval_of,
    approval_row,
    conversation_of,
    exchange_of,
    exchange_row,
    feedback_of,
    feedback_row,
    ingest_run_of,
    ingest_run_row,
)
from rag.errors import BusyError, NotFoundError
from rag.japanese.text import normalise
from rag.journal import Approval, Conversation, Exchange, Feedback, FeedbackState, IngestRun


def open_journal(home: Path, url: str = "") -> SqlJournal:
    """Open the journal of a home, made or upgraded as needed; raises StorageError.

    `url` is settings.storage.catalogue_url. Apart from the catalogue's file, since a long run of ingest holds that
    one's write lock, and nobody's question may wait for it.
    """
    return SqlJournal(open_store(home, url, JOURNAL))


class SqlJournal:
    """The `Journal` on a database; one object serves many threads, each call its own transaction."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._file_number = store.file_number()
        self._lock = threading.Lock()

    def close(self) -> None:
        """Close every connection; the next call opens new ones."""
        self._store.engine.dispose()

    def put_exchange(self, exchange: Exchange) -> None:
        """Keep an exchange; one with the same id is replaced."""
        with self._write() as connection:
            upsert(connection, EXCHANGES, [exchange_row(exchange)])

    def exchange(self, exchange_id: str) -> Exchange:
        """Return one exchange; raises NotFoundError."""
        with self._read() as connection:
            row = connection.execute(select(EXCHANGES).where(EXCHANGES.c.id == exchange_id)).mappings().one_or_none()
        if row is None:
            raise NotFoundError.of_exchange(exchange_id)
        return exchange_of(row)

    def exchanges(self, conversation_id: str, *, user: str) -> list[Exchange]:
        """Return a user's own exchanges of a conversation, oldest first; another's conversation has none."""
        query = (
            select(EXCHANGES)
            .where(EXCHANGES.c.conversation_id == conversation_id, EXCHANGES.c.asker == user)
            .order_by(EXCHANGES.c.asked_at, EXCHANGES.c.id)
        )
        with self._read() as connection:
            return [exchange_of(row) for row in connection.execute(query).mappings()]

    def conversations(self, user: str, *, containing: str = "", limit: int) -> list[Conversation]:
        """Return a user's own conversations, last used first.

        `containing`: words of a question or an answer in them, whatever their width and case.
        """
        own = EXCHANGES.c.asker == user
        grouped = select(
            EXCHANGES.c.conversation_id,
            func.min(EXCHANGES.c.asked_at).label("first_asked_at"),
            func.max(EXCHANGES.c.asked_at).label("last_asked_at"),
            func.count().label("exchanges"),
        ).where(own)
        for word in normalise(containing).split():
            told = EXCHANGES.c.words.contains(word, autoescape=True)
            grouped = grouped.where(
                EXCHANGES.c.conversation_id.in_(select(EXCHANGES.c.conversation_id).where(own, told))
            )
        groups = grouped.group_by(EXCHANGES.c.conversation_id).subquery()
        first = (EXCHANGES.c.conversation_id == groups.c.conversation_id) & (
            EXCHANGES.c.asked_at == groups.c.first_asked_at
        )
        query = (
            select(groups, EXCHANGES.c.question)
            .join_from(groups, EXCHANGES, first)
            .where(own)
            .order_by(groups.c.last_asked_at.desc(), groups.c.conversation_id)
            .limit(limit)
        )
        with self._read() as connection:
            found = [conversation_of(row) for row in connection.execute(query).mappings()]
        return list({conversation.id: conversation for conversation in found}.values())

    def answered(self, user: str, *, limit: int) -> list[Exchange]:
        """Return a user's own exchanges that have an answer, the newest first."""
        query = (
            select(EXCHANGES)
            .where(EXCHANGES.c.asker == user, EXCHANGES.c.answer != "")
            .order_by(EXCHANGES.c.asked_at.desc(), EXCHANGES.c.id)
            .limit(limit)
        )
        with self._read() as connection:
            return [exchange_of(row) for row in connection.execute(query).mappings()]

    def put_approval(self, approval: Approval) -> None:
        """Keep that an answer is approved, in place of what was kept before; raises NotFoundError for an unknown exchange."""
        with self._write() as connection:
            _require(connection, approval.answer.exchange_id)
            upsert(connection, APPROVALS, [approval_row(approval)])

    def approval(self, exchange_id: str) -> Approval | None:
        """Return the approval of an exchange, also one that was withdrawn; None: there was never one."""
        query = select(APPROVALS).where(APPROVALS.c.exchange_id == exchange_id)
        with self._read() as connection:
            row = connection.execute(query).mappings().one_or_none()
        return None if row is None else approval_of(row)

    def approvals(self, *, limit: int | None = None) -> list[Approval]:
        """Return the approvals that hold, the newest first."""
        query = _holding(APPROVALS).limit(limit)
        with self._read() as connection:
            return [approval_of(row) for row in connection.execute(query).mappings()]

    def approved_questions(self) -> dict[str, str]:
        """Return exchange id → question of the approvals that hold, the newest first."""
        query = _holding(APPROVALS.c.exchange_id, APPROVALS.c.question)
        with self._read() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def put_feedback(self, feedback: Feedback) -> None:
        """Keep what is said of an exchange, in place of what was said before; raises NotFoundError for an unknown one."""
        with self._write() as connection:
            _require(connection, feedback.exchange_id)
            upsert(connection, FEEDBACK, [feedback_row(feedback)])

    def feedback(self, exchange_id: str) -> Feedback | None:
        """Return what was said of an exchange; None: nothing."""
        query = select(FEEDBACK).where(FEEDBACK.c.exchange_id == exchange_id)
        with self._read() as connection:
            row = connection.execute(query).mappings().one_or_none()
        return None if row is None else feedback_of(row)

    def all_feedback(self, *, states: frozenset[FeedbackState], limit: int) -> list[tuple[Exchange, Feedback]]:
        """Return feedback in these states with what it is about: the one that waits longest first."""
        query = (
            select(FEEDBACK, EXCHANGES)
            .join_from(FEEDBACK, EXCHANGES)
            .where(FEEDBACK.c.state.in_([state.value for state in states]))
            .order_by(FEEDBACK.c.given_at, FEEDBACK.c.exchange_id)
            .limit(limit)
        )
        with self._read() as connection:
            return [(exchange_of(row), feedback_of(row)) for row in connection.execute(query).mappings()]

    def count_feedback(self) -> dict[FeedbackState, int]:
        """Return how many are in each state."""
        query = select(FEEDBACK.c.state, func.count()).group_by(FEEDBACK.c.state)
        with self._read() as connection:
            counts = {row[0]: int(row[1]) for row in connection.execute(query)}
        return {state: counts.get(state.value, 0) for state in FeedbackState}

    def move_feedback(self, seen: Feedback, state: FeedbackState, *, note: str, handled_by: str) -> None:
        """Change the state of a feedback; raises BusyError where it is no longer as the one who changes it saw it."""
        unchanged = [FEEDBACK.c[name] == value for name, value in feedback_row(seen).items()]
        with self._write() as connection:
            change = update(FEEDBACK).where(*unchanged)
            done = connection.execute(change.values(state=state.value, note=note, handled_by=handled_by))
            if not done.rowcount:
                raise BusyError(
                    f"質問の記録 {seen.exchange_id}: ほかの人が先に書き換えたため、保存していません。"
                    "いまの内容を確かめて、もう一度保存してください。"
                )

    def put_ingest_run(self, run: IngestRun) -> None:
        """Keep the report of a run."""
        with self._write() as connection:
            upsert(connection, INGEST_RUNS, [ingest_run_row(run)])

    def last_ingest_run(self) -> IngestRun | None:
        """Return the report of the latest run; None: there was none."""
        query = select(INGEST_RUNS).order_by(INGEST_RUNS.c.finished_at.desc()).limit(1)
        with self._read() as connection:
            row = connection.execute(query).mappings().one_or_none()
        return None if row is None else ingest_run_of(row)

    def _look_again(self) -> None:
        """Open what lies there now where somebody has moved, restored or deleted the file under an open page."""
        with self._lock:
            number = self._store.file_number()
            if number != self._file_number:
                self._store.reopen()
                self._file_number = self._store.file_number()

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        self._look_again()
        with self._store.translated(), self._store.engine.connect() as connection:
            yield connection

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        self._look_again()
        with self._store.translated(), self._store.writer.begin() as connection:
            yield connection


def _holding(*columns: Any) -> Select[Any]:
    """Select of the approvals that nobody has withdrawn, the newest first."""
    return (
        select(*columns)
        .where(APPROVALS.c.withdrawn_at == "")
        .order_by(APPROVALS.c.approved_at.desc(), APPROVALS.c.exchange_id)
    )


def _require(connection: Connection, exchange_id: str) -> None:
    if connection.execute(select(EXCHANGES.c.id).where(EXCHANGES.c.id == exchange_id)).scalar() is None:
        raise NotFoundError.of_exchange(exchange_id)
