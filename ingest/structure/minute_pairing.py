"""Tie the questions of a member to the officials' passages that answer them, all of an exchange at once."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass

from ingest.structure.minute_answering import OPENER, TOPIC, Passage, changes_order, find_passages
from ingest.structure.minute_asking import Asked, find_questions
from ingest.structure.minute_assignment import WEIGHTS, Exchange, Weights, assign, likeness
from ingest.structure.minute_likeness import Weighted, Words, alike

__all__ = ["Answering", "Asking", "Match", "pair", "prepare"]

_CERTAIN_STARTS = 2
"""Passages with a heading from which on a speech is taken to announce every answer."""
_PLAIN_START = 0.4
_NEAR, _FAR = 3, 9
_LONGEST_HEADING = 120
_BODY = 6
_LEAST_GAIN = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A speech that may ask."""

    paragraphs: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """A speech that may answer."""

    post: str
    paragraphs: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A question and the passage that answers it."""

    asking: int
    """Place of the speech among those that ask."""
    asked: Asked
    answering: int
    """Place of the speech among those that answer."""
    first: int
    last: int
    """Paragraphs of the passage, both ends."""
    margin: float
    """By how much this assignment is better than the best one without this tie; little says that it is not sure."""


def prepare(asking: Sequence[Asking], answering: Sequence[Answering], words: Words) -> Exchange:
    """Find questions and passages, and how alike they are."""
    asked = [(at, one) for at, speech in enumerate(asking) for one in find_questions(speech.paragraphs)]
    found = [find_passages(speech.paragraphs) for speech in answering]
    questions = [_question(words, asking[speech].paragraphs, asked, at) for at, (speech, _) in enumerate(asked)]
    passages = [
        [_passage(words, speech.paragraphs, each, at) for at in range(len(each))]
        for speech, each in zip(answering, found, strict=True)
    ]
    usable = [_usable(each) for each in found]
    return Exchange(
        asked=asked,
        posts=[speech.post for speech in answering],
        passages=[[each[at] for at in places] for each, places in zip(found, usable, strict=True)],
        likenesses=[
            alike(words, questions, [each[at] for at in places]) for each, places in zip(passages, usable, strict=True)
        ],
        ends=[_ends(speech.paragraphs, each) for speech, each in zip(answering, found, strict=True)],
        reordered=[changes_order(speech.paragraphs) for speech in answering],
    )


def pair(exchange: Exchange, weights: Weights = WEIGHTS) -> list[Match]:
    """Return the ties of the best assignment in the order of the questions; several sentences of one paragraph that share an answer are one."""
    targets, margins = assign(exchange, weights)
    taken = {target for target in targets if target}
    starts = {(official, exchange.passages[official][at].paragraph) for official, at in taken}
    made: dict[tuple[int, int, int, int], Match] = {}
    for question, target in enumerate(targets):
        if target is None:
            continue
        official, at = target
        speech, asked = exchange.asked[question]
        passage = exchange.passages[official][at]
        key = (speech, asked.paragraph, official, passage.paragraph)
        margin = margins[question]
        if key in made:
            before = made[key]
            asked = Asked(
                paragraph=asked.paragraph,
                text=before.asked.text + asked.text,
                strength=max(before.asked.strength, asked.strength),
                parts=before.asked.parts + asked.parts,
            )
            margin = max(margin, before.margin)
        last = _end(official, passage.paragraph, exchange, starts)
        while (more := at + 1) < len(exchange.passages[official]) and (official, more) not in taken:
            if exchange.passages[official][more].paragraph != last + 1 or not _goes_with(
                exchange, weights, question, official, more
            ):
                break
            at, last = more, _end(official, last + 1, exchange, starts)
        made[key] = Match(
            asking=speech, asked=asked, answering=official, first=passage.paragraph, last=last, margin=margin
        )
    return list(made.values())


def _question(
    words: Words, paragraphs: Sequence[str], asked: Sequence[tuple[int, Asked]], at: int
) -> tuple[Weighted, Weighted]:
    """Return the words of what is asked, and those with what leads up to it: near paragraphs count more."""
    speech, question = asked[at]
    start = 0
    if at and asked[at - 1][0] == speech:
        before = asked[at - 1][1]
        start = before.paragraph if before.opening else before.paragraph + 1
    here = question.paragraph
    near = paragraphs[max(start, here - _NEAR) : here]
    far = paragraphs[max(start, here - _FAR) : max(start, here - _NEAR)]
    around = paragraphs[max(0, here - _NEAR - 1) : here]
    context = [(question.text, 1.0), (question.around, 0.8)]
    context += [(text, 0.55) for text in near] + [(text, 0.3) for text in (*far, *around)]
    return words.weighted([(question.text, 1.0)]), words.weighted(context)


def _passage(words: Words, paragraphs: Sequence[str], found: Sequence[Passage], at: int) -> tuple[Weighted, Weighted]:
    """Return the words of a passage's heading and of the whole."""
    passage = found[at]
    following = (each.paragraph for each in found[at + 1 :] if each.strength >= OPENER)
    until = min(next(following, len(paragraphs)), passage.paragraph + _BODY)
    body = paragraphs[passage.paragraph : until]
    whole = [(passage.heading, 1.0), *((text, 0.7 if place == 0 else 0.4) for place, text in enumerate(body))]
    return words.weighted([(passage.heading[:_LONGEST_HEADING], 1.0)]), words.weighted(whole)


def _usable(passages: Sequence[Passage]) -> list[int]:
    """Return the places of the passages that may be tied: in a speech with headings those without one are not."""
    headed = sum(each.strength >= TOPIC for each in passages) >= _CERTAIN_STARTS
    return [at for at, each in enumerate(passages) if not headed or each.strength >= _PLAIN_START]


def _ends(paragraphs: Sequence[str], passages: Sequence[Passage]) -> set[int]:
    """Return the paragraphs after which another answer, or no answer, starts."""
    known = {each.paragraph for each in passages}
    starts = {each.paragraph for each in passages if each.strength >= TOPIC}
    return {at for at in range(len(paragraphs)) if at + 1 not in known or at + 1 in starts}


def _end(official: int, paragraph: int, exchange: Exchange, starts: Set[tuple[int, int]]) -> int:
    """Return the last paragraph of the passage that starts at a paragraph."""
    while paragraph not in exchange.ends[official] and (official, paragraph + 1) not in starts:
        paragraph += 1
    return paragraph


def _goes_with(exchange: Exchange, weights: Weights, question: int, official: int, at: int) -> bool:
    """Tell whether a passage that answers no other question is about this one, more than about any other."""
    likenesses = likeness(exchange, weights, official)[:, at]
    return bool(likenesses[question] >= max(weights.least / 2, float(likenesses.max()) - _LEAST_GAIN))
