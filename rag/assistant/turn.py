"""How far one question has come, and how its story ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.domain import AnswerStatus, Evidence, Part, Question, SearchResult, Sentence
from rag.errors import ModelError, ModelTextError
from rag.ports import ChatModel

NOTHING_FOUND = SearchResult(hits=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """How far one question has come; each step returns the next one."""

    question: Question
    started: float
    result: SearchResult = NOTHING_FOUND
    evidence: tuple[Evidence, ...] = ()
    """What the writer may see, numbered."""
    writer: ChatModel
    drafted: tuple[Sentence, ...] = ()
    kept: tuple[Sentence, ...] = ()
    """Verified, in order of arrival."""
    refused: tuple[Sentence, ...] = ()
    status: AnswerStatus | None = None
    """None while the story goes on; else the ending, and the remaining steps pass the turn through."""
    read_as: str = ""
    """The question as it was read with those before it; empty: as it was asked."""
    choices: tuple[str, ...] = ()
    """The questions that may have been meant."""
    is_lacking: bool = False
    """Whether the writer's text is not whole, or quotes stand in its place."""
    warnings: tuple[str, ...] = ()


def decline(turn: Turn, *warnings: str) -> Turn:
    """End a story: the documents do not speak of the question; `warnings` say what the person can do."""
    return replace(turn, status=AnswerStatus.DECLINED_NO_EVIDENCE, warnings=(*turn.warnings, *warnings))


def note_failure(turn: Turn, failure: Sequence[ModelError]) -> Turn:
    """End a story in which the writer failed; one whose text is not whole, and would not be the next time, goes on with it."""
    if not failure:
        return turn
    turn = replace(turn, warnings=(*turn.warnings, str(failure[0])))
    if isinstance(failure[0], ModelTextError):
        return replace(turn, is_lacking=True)
    return replace(turn, status=AnswerStatus.FAILED_MODEL)


def ending(turn: Turn) -> AnswerStatus:
    """Return the ending of a story that came to its end."""
    if not turn.kept:
        unsupported = turn.refused or turn.is_lacking
        return AnswerStatus.DECLINED_UNSUPPORTED if unsupported else AnswerStatus.DECLINED_NO_EVIDENCE
    concluded = any(sentence.part is Part.CONCLUSION for sentence in turn.kept)
    return AnswerStatus.ANSWERED if concluded and not turn.refused and not turn.is_lacking else AnswerStatus.PARTIAL
