"""Exchanges of minutes: who asks, who answers next, and which passage answers which question."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from ingest.structure.minute_asking import Asked
from ingest.structure.minute_assignment import Exchange
from ingest.structure.minute_likeness import Words
from ingest.structure.minute_pairing import Answering, Asking, pair, prepare
from ingest.structure.minute_procedure import is_clerk
from ingest.structure.minute_speech import Speech
from rag.japanese.text import narrow

__all__ = ["Group", "Tie", "Ties", "groups_of", "tie_questions"]

_NEW_ITEM = re.compile(
    r"議題と(?:いたし|し)ま|議題に供|日程第|次の議案|(?:説明|報告)を(?:求め|願い|お願い|受け)|所管事務"
)
_ANYBODY_ELSE = re.compile(
    r"(?:ほか|他|外)に[^。]{0,14}(?:なければ|ないよう|(?:あり|ござい)ませんか|いらっしゃいませんか)"
)
_SURE = 0.1
"""Margin from which on a tie is sure: of the labelled ones below it a third are wrong, above it one in fifty."""
_WANTED = 0.6
"""Strength from which on a question without an answer is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """A question and the passage that answers it."""

    number: int
    """1-based, in the order of the questions of the document."""
    asking: int
    """Place of the speech that asks, among all speeches."""
    asked: Asked
    answering: int
    first: int
    last: int
    """Paragraphs of the passage in that speech, both ends."""
    certain: bool


@dataclass(slots=True, kw_only=True)
class Ties:
    """All ties of a document, and the questions to which no answer was found."""

    made: list[Tie] = field(default_factory=list)
    unanswered: list[tuple[int, Asked]] = field(default_factory=list)
    before: dict[int, int] = field(default_factory=dict)
    """For a turn of a dialogue that goes on with its topic: the member's turn before it, among all speeches."""

    def of_answer(self, speech: int) -> list[Tie]:
        """Return the ties of one speech that answers, in the order of its passages."""
        return sorted((tie for tie in self.made if tie.answering == speech), key=lambda tie: (tie.first, tie.number))

    def passages(self, speech: int, paragraphs: int) -> Iterator[tuple[int, int, list[Tie]]]:
        """Yield first and last paragraph of each run of one speech with the ties that it answers; none between passages."""
        start = 0
        for first, group in groupby(self.of_answer(speech), key=lambda tie: tie.first):
            tied = list(group)
            if start < first:
                yield start, first - 1, []
            yield first, (last := max(tie.last for tie in tied)), tied
            start = last + 1
        if start < paragraphs:
            yield start, paragraphs - 1, []

    def asked_in(self, speech: int) -> set[int]:
        """Return the paragraphs of a speech in which it asks."""
        tied = {tie.asked.paragraph for tie in self.made if tie.asking == speech}
        return tied | {asked.paragraph for asking, asked in self.unanswered if asking == speech}


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Speeches that ask, the speeches that answer them, and all that pairing needs to know of both."""

    asking: Sequence[int]
    """Places among all speeches."""
    answering: Sequence[int]
    exchange: Exchange


def groups_of(speeches: Sequence[Speech]) -> list[Group]:
    """Return the exchanges of a document, ready to be paired."""
    found = list(_exchanges(speeches))
    if not found:
        return []
    words = Words(text for speech in speeches for text in speech.texts)
    return [
        Group(
            asking=asking,
            answering=answering,
            exchange=prepare(
                [Asking(paragraphs=speeches[at].texts) for at in asking],
                [Answering(post=speeches[at].speaker.post, paragraphs=speeches[at].texts) for at in answering],
                words,
            ),
        )
        for asking, answering in found
    ]


def tie_questions(speeches: Sequence[Speech]) -> Ties:
    """Tie the questions of all exchanges to their answers."""
    ties = Ties()
    for group in groups_of(speeches):
        matches = pair(group.exchange)
        answered = {(match.asking, match.asked.paragraph) for match in matches}
        for match in matches:
            ties.made.append(
                Tie(
                    number=len(ties.made) + 1,
                    asking=group.asking[match.asking],
                    asked=match.asked,
                    answering=group.answering[match.answering],
                    first=match.first,
                    last=match.last,
                    certain=match.margin >= _SURE,
                )
            )
        ties.unanswered.extend(
            (group.asking[speech], asked)
            for speech, asked in group.exchange.asked
            if asked.strength >= _WANTED and not asked.opening and (speech, asked.paragraph) not in answered
        )
    return ties


def _exchanges(speeches: Sequence[Speech]) -> Iterator[tuple[list[int], list[int]]]:
    """Yield the speeches that ask and those that answer, group by group; a new item of the agenda ends a group."""
    asking: list[int] = []
    answering: list[int] = []
    heading = ""
    for at, speech in enumerate(speeches):
        role = speech.speaker.role
        said = [narrow(text) for text in speech.texts] if role == "chair" else []
        ends = any(_NEW_ITEM.search(text) or _ANYBODY_ELSE.search(text) for text in said)
        if ends or speech.exchange != heading or (role == "member" and answering):
            if asking and answering:
                yield asking, answering
            asking, answering, heading = [], [], speech.exchange
        if role == "member":
            asking.append(at)
        elif role == "official" and asking and not is_clerk(speech.speaker.post):
            answering.append(at)
    if asking and answering:
        yield asking, answering
