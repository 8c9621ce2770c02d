"""Pairs of meeting notes: what the layout ties goes before what the words say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from ingest.structure.minute_asking import Asked, find_questions
from ingest.structure.minute_exchange import Tie, Ties, tie_questions
from ingest.structure.minute_speech import Speech
from ingest.structure.note_turns import Turn

__all__ = ["tie_notes"]


def tie_notes(speeches: Sequence[Speech], turns: Sequence[Turn]) -> Ties:
    """Tie the questions of notes: a question that a mark (答, →) answers has an answer, however it is worded.

    Notes are a summary: all that an official says in answer to one remark answers it.
    """
    ties = tie_questions(speeches)
    made = [*ties.made, *_told(speeches, turns, {tie.asking for tie in ties.made})]
    made.sort(key=lambda tie: (tie.asking, tie.asked.paragraph, tie.number))
    made = [replace(tie, number=number) for number, tie in enumerate(made, 1)]
    told = {tie.asking for tie in made}
    unanswered = [(asking, asked) for asking, asked in ties.unanswered if asking not in told or not turns[asking].role]
    return Ties(made=[_whole(tie, made, speeches) for tie in made], unanswered=unanswered)


def _told(speeches: Sequence[Speech], turns: Sequence[Turn], tied: set[int]) -> list[Tie]:
    """Tie each question that is marked as one, and that no words tie, to the marked answer directly below."""
    found: list[Tie] = []
    for at, (turn, below) in enumerate(pairwise(turns)):
        if (turn.role, below.role) == ("member", "official") and at not in tied:
            asked = _asked(speeches[at].texts)
            last = len(speeches[at + 1].paragraphs) - 1
            found.append(Tie(number=0, asking=at, asked=asked, answering=at + 1, first=0, last=last, certain=True))
    return found


def _asked(texts: Sequence[str]) -> Asked:
    """Return what a marked question asks: the last of its sentences that do, else its last paragraph."""
    found = find_questions(texts)
    return found[-1] if found else Asked(paragraph=len(texts) - 1, text=texts[-1], strength=1.0)


def _whole(tie: Tie, made: Sequence[Tie], speeches: Sequence[Speech]) -> Tie:
    """Widen a passage over what stands in front of the first and behind the last one that answers the same remark."""
    others = [each for each in made if each.answering == tie.answering]
    first = 0 if tie.first == min(each.first for each in others) else tie.first
    behind = [each.first for each in others if each.first > tie.first]
    last = min(behind) - 1 if behind else len(speeches[tie.answering].paragraphs) - 1
    return replace(tie, first=first, last=last)
