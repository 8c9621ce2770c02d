"""The journal's tables, and rows to nouns and back."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from pydantic import TypeAdapter
from sqlalchemy import Column, Date, ForeignKey, Index, Integer, MetaData, RowMapping, Table, Text

from rag.adapters.database import Row
from rag.adapters.tables import NAMING
from rag.domain import Answer, ApprovedAnswer
from rag.japanese.text import normalise
from rag.journal import Approval, Conversation, Exchange, Feedback, FeedbackState, IngestRun, Reason, Verdict

METADATA = MetaData(naming_convention=NAMING)

EXCHANGES = Table(
    "exchanges",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("conversation_id", Text, nullable=False),
    Column("asker", Text, nullable=False),
    Column("asked_at", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("answer", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("generation", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Index(None, "asker", "conversation_id", "asked_at"),
)
"""`asked_at` is ISO 8601 in UTC with microseconds, so that text sorts by time; `answer` is empty while there is none;
`words` are those by which a person looks for it, normalised."""

FEEDBACK = Table(
    "feedback",
    METADATA,
    Column("exchange_id", Text, ForeignKey("exchanges.id"), primary_key=True),
    Column("giver", Text, nullable=False),
    Column("given_at", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("reasons", Text, nullable=False),
    Column("comment", Text, nullable=False),
    Column("right_sources", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("handled_by", Text, nullable=False),
    Index(None, "state", "given_at"),
)

APPROVALS = Table(
    "approvals",
    METADATA,
    Column("exchange_id", Text, ForeignKey("exchanges.id"), primary_key=True),
    Column("question", Text, nullable=False),
    Column("approved_at", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("withdrawn_by", Text, nullable=False),
    Column("withdrawn_at", Text, nullable=False),
    Index(None, "withdrawn_at", "approved_at"),
)
"""`withdrawn_at` is empty while the approval holds; `answer` is the whole of what was approved."""

INGEST_RUNS = Table(
    "ingest_runs",
    METADATA,
    Column("finished_at", Text, primary_key=True),
    Column("runner", Text, nullable=False),
    Column("paths", Text, nullable=False),
    Column("report", Text, nullable=False),
)

_ANSWERS = TypeAdapter(Answer)
_APPROVED = TypeAdapter(ApprovedAnswer)


def exchange_row(exchange: Exchange) -> Row:
    """Return the row of an exchange."""
    return {
        "id": exchange.id,
        "conversation_id": exchange.conversation_id,
        "asker": exchange.user,
        "asked_at": moment_text(exchange.asked_at),
        "question": exchange.question,
        "as_of": exchange.as_of,
        "answer": _ANSWERS.dump_json(exchange.answer).decode() if exchange.answer else "",
        "words": _words(exchange),
        "generation": exchange.generation,
        "revision": exchange.revision,
    }


def exchange_of(row: RowMapping) -> Exchange:
    """Return the exchange of a row."""
    return Exchange(
        id=row["id"],
        conversation_id=row["conversation_id"],
        user=row["asker"],
        asked_at=datetime.fromisoformat(row["asked_at"]),
        question=row["question"],
        as_of=row["as_of"],
        answer=_ANSWERS.validate_json(row["answer"]) if row["answer"] else None,
        generation=row["generation"],
        revision=row["revision"],
    )


def conversation_of(row: RowMapping) -> Conversation:
    """Return the conversation of a row with its first question."""
    return Conversation(
        id=row["conversation_id"],
        question=row["question"],
        last_asked_at=datetime.fromisoformat(row["last_asked_at"]),
        exchanges=row["exchanges"],
    )


def feedback_row(feedback: Feedback) -> Row:
    """Return the row of a feedback."""
    return {
        "exchange_id": feedback.exchange_id,
        "giver": feedback.user,
        "given_at": moment_text(feedback.given_at),
        "verdict": feedback.verdict.value,
        "reasons": _json([reason.value for reason in feedback.reasons]),
        "comment": feedback.comment,
        "right_sources": _json(list(feedback.right_sources)),
        "state": feedback.state.value,
        "note": feedback.note,
        "handled_by": feedback.handled_by,
    }


def feedback_of(row: RowMapping) -> Feedback:
    """Return the feedback of a row."""
    return Feedback(
        exchange_id=row["exchange_id"],
        user=row["giver"],
        given_at=datetime.fromisoformat(row["given_at"]),
        verdict=Verdict(row["verdict"]),
        reasons=tuple(Reason(each) for each in json.loads(row["reasons"])),
        comment=row["comment"],
        right_sources=tuple(json.loads(row["right_sources"])),
        state=FeedbackState(row["state"]),
        note=row["note"],
        handled_by=row["handled_by"],
    )


def approval_row(approval: Approval) -> Row:
    """Return the row of an approval."""
    answer = approval.answer
    return {
        "exchange_id": answer.exchange_id,
        "question": answer.question,
        "approved_at": moment_text(answer.approved_at),
        "answer": _APPROVED.dump_json(answer).decode(),
        "withdrawn_by": approval.withdrawn_by,
        "withdrawn_at": moment_text(approval.withdrawn_at) if approval.withdrawn_at else "",
    }


def approval_of(row: RowMapping) -> Approval:
    """Return the approval of a row."""
    return Approval(
        answer=_APPROVED.validate_json(row["answer"]),
        withdrawn_by=row["withdrawn_by"],
        withdrawn_at=datetime.fromisoformat(row["withdrawn_at"]) if row["withdrawn_at"] else None,
    )


def ingest_run_row(run: IngestRun) -> Row:
    """Return the row of a run of ingest."""
    return {
        "finished_at": moment_text(run.finished_at),
        "runner": run.user,
        "paths": _json(list(run.paths)),
        "report": _json(dict(run.report)),
    }


def ingest_run_of(row: RowMapping) -> IngestRun:
    """Return the run of a row."""
    return IngestRun(
        finished_at=datetime.fromisoformat(row["finished_at"]),
        user=row["runner"],
        paths=tuple(json.loads(row["paths"])),
        report=json.loads(row["report"]),
    )


def moment_text(moment: datetime) -> str:
    """Return a moment in UTC, always as long, so that text sorts by time."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _words(exchange: Exchange) -> str:
    answer = exchange.answer
    shown = (
        []
        if answer is None
        else [*(each.text for each in answer.sentences), *(each.quote for each in answer.citations)]
    )
    return normalise("\n".join([exchange.question, *shown]))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
