"""The nouns of the journal: what was asked and answered, what staff said of it, what each run took in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from rag.domain import Answer, ApprovedAnswer


class Verdict(StrEnum):
    """Whether an answer helped."""

    HELPFUL = "helpful"
    NOT_HELPFUL = "not_helpful"


class Reason(StrEnum):
    """Why an answer did not help."""

    WRONG = "wrong"
    OUTDATED = "outdated"
    INCOMPLETE = "incomplete"
    WRONG_SOURCE = "wrong_source"
    DECLINED = "declined"
    """It declined although the documents have the answer."""
    UNCLEAR = "unclear"
    OTHER = "other"


class FeedbackState(StrEnum):
    """Where the work on a feedback stands, in this order."""

    RECEIVED = "received"
    REVIEWING = "reviewing"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One question with its answer, as one user saw it."""

    id: str
    conversation_id: str
    user: str
    asked_at: datetime
    """With its time zone."""
    question: str
    as_of: date
    answer: Answer | None = None
    """None: no answer came (the page was closed, or an error ended it)."""
    generation: str = ""
    """Id of the vector generation that served; empty before the first one."""
    revision: int = 0
    """The catalogue's revision when it was asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """The exchanges that a user had in one go."""

    id: str
    question: str
    """The first one."""
    last_asked_at: datetime
    exchanges: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """What a user said of an answer, and what was done about it; one for each exchange."""

    exchange_id: str
    user: str
    given_at: datetime
    verdict: Verdict
    reasons: tuple[Reason, ...] = ()
    comment: str = ""
    right_sources: tuple[str, ...] = ()
    """Ids of the chunks that the user named as the right source."""
    state: FeedbackState = FeedbackState.RECEIVED
    note: str = ""
    """What was done, in the words of whoever handled it."""
    handled_by: str = ""
    """User who last changed the state; empty while nobody has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """That an office stands behind an answer, until somebody takes it back; one for each exchange."""

    answer: ApprovedAnswer
    withdrawn_by: str = ""
    """User who took it back; empty while it holds."""
    withdrawn_at: datetime | None = None
    """None while it holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestRun:
    """What one run of ingest did."""

    finished_at: datetime
    user: str
    paths: tuple[str, ...]
    """The files and folders that were given."""
    report: Mapping[str, Any]
    """What `kotae ingest --json` printed."""
