"""Which question belongs to which passage of an exchange: the best whole assignment.

Officials answer in the order of the questions, each those that are theirs; so the ties of one official never cross.
The best assignment under that rule is found by dynamic programming over how far each official has come. Sometimes an
official does change the order: at last single ties are moved where that gains more than crossing costs.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from ingest.structure.minute_answering import TOPIC, Passage
from ingest.structure.minute_asking import Asked
from rag.japanese.text import narrow

__all__ = ["WEIGHTS", "Exchange", "Target", "Weights", "assign", "likeness"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What an assignment earns and costs; likenesses are 0 to 1.

    Round numbers that were fitted to no labels: tests/bench/minute_weights.py measures what fitting would gain.
    """

    whole: float = 1.0
    heading: float = 0.2
    asked: float = 0.2
    asked_in_heading: float = 0.1
    least: float = 0.3
    """Likeness that a tie must have."""
    unanswered: float = 0.3
    """Cost of a question that is certain and stays without an answer."""
    skipped: float = 0.2
    """Cost of a passage that starts with certainty and answers nothing."""
    shared: float = 0.2
    """Cost of a second question for one passage."""
    goes_on: float = 0.5
    """Share of that cost where the question follows up on the one before it."""
    crossed: float = 0.2
    """Cost of each step back in the order of one official's answers."""
    alone: float = 0.5
    """Gain of every tie where all officials together give one passage; the half where they give two, and so on."""
    later: float = 0.02
    """Cost of each official who has spoken in between."""
    weak_start: float = 0.5
    weak_question: float = 0.4
    head_named: float = 0.05
    """Gain of the head of government who is asked by post; all are asked so by habit."""
    named: float = 0.2
    """Gain of any other official who is asked by post."""


WEIGHTS = Weights()
_BEAM = 60
_ROUNDS = 30
_LIKED = 6
"""Passages, the likest first, to which a question may be moved."""
_MOST_MOVED = 300
"""Questions of one exchange beyond which none is moved, and no tie is sure: no member asks as many."""
_LEAST_GAIN = 1e-6
_MOST_SKIPPED = 1.0
"""Cost of skipped passages beyond which no tie is looked for."""
_CERTAIN_QUESTION = 0.6
_HEADS = ("知事", "市長", "区長", "町長", "村長")


Target = tuple[int, int] | None
"""An official and the place of a passage; None: no answer."""


class _Step(NamedTuple):
    """One tie of an assignment, and the ties before it."""

    question: int
    official: int
    at: int
    before: _Step | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """The questions and passages of one exchange with their likenesses."""

    asked: Sequence[tuple[int, Asked]]
    """Place of the speech and the question."""
    posts: Sequence[str]
    passages: Sequence[Sequence[Passage]]
    """For each speech that answers, the passages that may be tied."""
    likenesses: Sequence[np.ndarray]
    """For each speech that answers (questions, passages, 4)."""
    ends: Sequence[Set[int]]
    """For each speech that answers its paragraphs at which a passage ends at the latest."""
    reordered: Sequence[bool]
    """For each speech that answers whether it says that it changes the order."""

    @property
    def in_turn(self) -> bool:
        """Tell whether each official seems to answer one question in the order in which they were asked (committees)."""
        wanted = [asked for _, asked in self.asked if asked.strength >= _CERTAIN_QUESTION]
        return (
            1 < len(set(self.posts)) == len(self.posts) == len(wanted)
            and not any(
                post in _HEADS or _is_named(post, narrow(one.text + one.call)) for post in self.posts for one in wanted
            )
            and all(sum(each.strength >= TOPIC for each in found) == 1 for found in self.passages)
        )


def assign(exchange: Exchange, weights: Weights = WEIGHTS) -> tuple[list[Target], list[float]]:
    """Return for each question its passage, and by how much the assignment is better than the best one that moves it."""
    worth = _Worth(exchange, weights)
    targets = _best(exchange, worth)
    return targets, worth.margins(targets)


def likeness(exchange: Exchange, weights: Weights, official: int) -> np.ndarray:
    """Return an array (questions, passages) of one official: how much they speak of the same."""
    return np.asarray(exchange.likenesses[official] @ _kinds(weights))


def _kinds(weights: Weights) -> np.ndarray:
    return np.array([weights.whole, weights.heading, weights.asked, weights.asked_in_heading])


def _gains(exchange: Exchange, weights: Weights, alone: float) -> list[np.ndarray]:
    """Return for each official an array (questions, passages): what a tie earns before the costs of order."""
    strengths = np.array([asked.strength for _, asked in exchange.asked])
    base = alone - weights.weak_question * (1 - strengths) - weights.least
    named = _named(exchange, weights)
    return [
        likenesses @ _kinds(weights)
        + (base + named[:, official] - weights.later * official)[:, None]
        - weights.weak_start * (1 - np.array([each.strength for each in passages]))[None, :]
        for official, (likenesses, passages) in enumerate(zip(exchange.likenesses, exchange.passages, strict=True))
    ]


def _named(exchange: Exchange, weights: Weights) -> np.ndarray:
    """Return (questions, officials): what it earns or costs that a question names a post."""
    gains = np.zeros((len(exchange.asked), len(exchange.posts)))
    for row, (_, asked) in enumerate(exchange.asked):
        text = narrow(asked.text + asked.call)
        here = {post for post in exchange.posts if _is_named(post, text)}
        for column, post in enumerate(exchange.posts):
            if post in here:
                gains[row, column] = weights.head_named if post in _HEADS else weights.named
            elif here:
                gains[row, column] = -(weights.head_named if here <= set(_HEADS) else weights.named)
    return gains


def _is_named(post: str, text: str) -> bool:
    at = text.find(post)
    while at >= 0:
        if post not in _HEADS or text[at - 1 : at] != "副":
            return True
        at = text.find(post, at + 1)
    return False


def _best(exchange: Exchange, worth: _Worth) -> list[Target]:
    """Return the best assignment that is reached from the one without crossings, or from one answer by each official."""
    starts = [_targets(_assign(exchange, worth), len(exchange.asked))]
    if worth.in_turn:
        starts.append(_one_each(exchange))
    return max((_improved(targets, worth) for targets in starts), key=worth.of)


def _targets(steps: Sequence[_Step], questions: int) -> list[Target]:
    """Return for each question its passage."""
    targets: list[Target] = [None] * questions
    for step in steps:
        targets[step.question] = (step.official, step.at)
    return targets


def _one_each(exchange: Exchange) -> list[Target]:
    """Return the assignment in which every official answers one of the certain questions, in turn."""
    strengths = [[each.strength for each in found] for found in exchange.passages]
    starts = ((official, each.index(max(each))) for official, each in enumerate(strengths))
    return [next(starts) if asked.strength >= _CERTAIN_QUESTION else None for _, asked in exchange.asked]


def _improved(targets: list[Target], worth: _Worth) -> list[Target]:
    """Return for each question its passage, after the moves and swaps that gain, crossing allowed."""
    value = worth.of(targets)
    for _ in range(_ROUNDS if len(targets) <= _MOST_MOVED else 0):
        best = max(((worth.of(moved), moved) for moved in worth.moves(targets)), key=lambda one: one[0], default=None)
        if best is None or best[0] <= value + _LEAST_GAIN:
            break
        value, targets = best
    return targets


class _Worth:
    """What single ties and whole assignments of an exchange are worth."""

    def __init__(self, exchange: Exchange, weights: Weights) -> None:
        self._exchange = exchange
        self.weights = weights
        self.in_turn = exchange.in_turn
        self._alone = weights.alone / max(1, _given(exchange))
        self.gains = _gains(exchange, weights, self._alone)
        """For each official an array (questions, passages): what a tie earns before the costs of order."""
        places = [(official, at) for official, row in enumerate(self.gains) for at in range(row.shape[1])]
        self._liked = [
            sorted(places, key=lambda place: -self.gains[place[0]][question, place[1]])[:_LIKED]
            for question in range(len(exchange.asked))
        ]

    def margins(self, targets: Sequence[Target]) -> list[float]:
        """Return for each question how much worse the best assignment is that moves it; 0 for one without an answer."""
        if len(targets) > _MOST_MOVED:
            return [0.0] * len(targets)
        value = self.of(targets)
        found = [math.inf] * len(targets)
        for moved in self.moves(targets):
            less = value - self.of(moved)
            for question, (before, after) in enumerate(zip(targets, moved, strict=True)):
                if before != after:
                    found[question] = min(found[question], less)
        return [0.0 if target is None else margin for target, margin in zip(targets, found, strict=True)]

    def of(self, targets: Sequence[Target]) -> float:
        """Return gains less the costs of what is unanswered, skipped, shared or crossed."""
        weights, asked = self.weights, self._exchange.asked
        value = 0.0
        taken: dict[tuple[int, int], list[int]] = {}
        for question, target in enumerate(targets):
            if target is None:
                value -= weights.unanswered * asked[question][1].strength
            else:
                value += float(self.gains[target[0]][question, target[1]])
                taken.setdefault(target, []).append(question)
        for official, passages in enumerate(self._exchange.passages):
            value -= weights.skipped * sum(
                passage.strength for at, passage in enumerate(passages) if (official, at) not in taken
            )
            if not self._exchange.reordered[official]:
                order = [target[1] for target in targets if target is not None and target[0] == official]
                value -= weights.crossed * sum(later < earlier for earlier, later in pairwise(order))
        if self.in_turn:
            turns = [target[0] for target in targets if target is not None]
            value -= weights.crossed * sum(later < earlier for earlier, later in pairwise(turns))
            value -= weights.unanswered * (len(self._exchange.posts) - len(set(turns)))
        return value - sum(self._shared(questions) for questions in taken.values())

    def _shared(self, questions: Sequence[int]) -> float:
        return sum(
            self.again(question) if question == before + 1 else self.weights.shared + self._alone
            for before, question in pairwise(questions)
        )

    def again(self, question: int) -> float:
        """Return the cost of a question that shares the answer of the one just before it: none inside one paragraph."""
        (speech, asked), (earlier, before) = self._exchange.asked[question], self._exchange.asked[question - 1]
        if speech == earlier and before.paragraph == asked.paragraph:
            return 0.0
        return (self.weights.shared + self._alone) * (self.weights.goes_on if asked.goes_on else 1.0)

    def moves(self, targets: Sequence[Target]) -> Iterator[list[Target]]:
        """Yield the assignments in which one question is tied elsewhere or two change places."""
        for question, target in enumerate(targets):
            for place in (*self._liked[question], None):
                if place != target:
                    yield [*targets[:question], place, *targets[question + 1 :]]
            for other in range(question + 1, len(targets)):
                theirs = targets[other]
                if target is not None and theirs is not None and theirs in self._liked[question] and theirs != target:
                    moved = list(targets)
                    moved[question], moved[other] = theirs, target
                    yield moved


def _given(exchange: Exchange) -> int:
    """Return how many passages all officials together give, as far as they announce them."""
    return sum(max(1, sum(each.strength >= TOPIC for each in found)) for found in exchange.passages)


def _assign(exchange: Exchange, worth: _Worth) -> list[_Step]:
    """Return the steps of the best assignment in which no ties of one official cross."""
    weights = worth.weights
    skipping = [_skipping(passages, weights) for passages in exchange.passages]
    states: dict[tuple[int, ...], tuple[float, _Step | None]] = {(-1,) * len(exchange.posts): (0.0, None)}
    for question, (_, asked) in enumerate(exchange.asked):
        again = worth.again(question) if question else 0.0
        new: dict[tuple[int, ...], tuple[float, _Step | None]] = {}
        kept = sorted(states.items(), key=lambda item: (-item[1][0], item[0]))[:_BEAM]
        for state, (value, step) in kept:
            _put(new, state, value - weights.unanswered * asked.strength, step)
            for official, row in enumerate(worth.gains):
                at = state[official]
                if at >= 0 and step is not None and (step.official, step.at) == (official, at):
                    cost = again if step.question == question - 1 else weights.shared
                    gain = float(row[question, at]) - cost
                    _put(new, state, value + gain, _Step(question, official, at, step))
                for later in range(at + 1, row.shape[1]):
                    skipped = skipping[official][at + 1] - skipping[official][later]
                    if skipped > _MOST_SKIPPED:
                        break
                    gain = float(row[question, later]) - skipped
                    reached = (*state[:official], later, *state[official + 1 :])
                    _put(new, reached, value + gain, _Step(question, official, later, step))
        states = new
    best = max(
        states.items(),
        key=lambda item: item[1][0] - sum(rest[at + 1] for rest, at in zip(skipping, item[0], strict=True)),
    )
    return _steps(best[1][1])


def _put(
    states: dict[tuple[int, ...], tuple[float, _Step | None]], state: tuple[int, ...], value: float, step: _Step | None
) -> None:
    """Keep the better way to a state."""
    if state not in states or value > states[state][0]:
        states[state] = (value, step)


def _skipping(passages: Sequence[Passage], weights: Weights) -> list[float]:
    """Return for each place the cost of leaving out all passages from there on."""
    costs = [0.0]
    for passage in reversed(passages):
        costs.append(costs[-1] + weights.skipped * passage.strength)
    return costs[::-1]


def _steps(last: _Step | None) -> list[_Step]:
    found: list[_Step] = []
    while last is not None:
        found.append(last)
        last = last.before
    return found[::-1]
