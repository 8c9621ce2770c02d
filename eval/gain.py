"""What a learned ranking gains, measured on questions that it was not learned from."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from eval.folds import FOLDS, Judged, fold_of, group_questions
from eval.metrics import clustered_interval, ndcg
from rag.ranking.card import Gain
from rag.ranking.features import Features
from rag.ranking.linear import LinearOrder

DEPTH = 10
MEASURE = f"ndcg@{DEPTH}"

Fit = Callable[[Sequence[Features], Sequence[Sequence[float]]], LinearOrder]
"""Features and grades of questions → order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The outcome of a cross-validation."""

    overall: Gain
    low: float
    high: float
    """95 % interval of the gain."""
    groups: int
    sources: dict[str, Gain]

    @property
    def more(self) -> int | None:
        """Return how many more judged questions would lift the lower bound above zero, were the gain to stay; None: no gain.

        The interval shrinks with the square root of the number of questions.
        """
        gain = self.overall.gain
        if gain <= 0:
            return None
        wanted = math.ceil(self.overall.n * ((gain - self.low) / gain) ** 2) + 1
        return max(wanted - self.overall.n, 0)


def fit_from(judged: Sequence[Judged], fit: Fit) -> LinearOrder:
    """Fit an order to these questions."""
    return fit(
        [each.features for each in judged],
        [[each.relevant.get(name, 0.0) for name in each.names] for each in judged],
    )


def cross_validate(judged: Sequence[Judged], fit: Fit) -> Measured:
    """Rank each question by an order that was fitted without its fold, beside the order as fused."""
    groups = group_questions(judged)
    folds = [fold_of(group) for group in groups]
    before = [_ndcg(each, each.names) for each in judged]
    after = list(before)
    for left_out in range(FOLDS):
        rest = [each for each, place in zip(judged, folds, strict=True) if place != left_out]
        own = [number for number, place in enumerate(folds) if place == left_out]
        if not rest or not own:
            continue
        order = fit_from(rest, fit)
        for number in own:
            after[number] = _ndcg(judged[number], _ordered(judged[number], order))
    low, high = clustered_interval([two - one for one, two in zip(before, after, strict=True)], groups)
    return Measured(
        overall=_gain(before, after),
        low=low,
        high=high,
        groups=len(set(groups)),
        sources={
            source: _of_source(source, judged, before, after) for source in sorted({one.source for one in judged})
        },
    )


def _of_source(source: str, judged: Sequence[Judged], before: Sequence[float], after: Sequence[float]) -> Gain:
    own = [number for number, each in enumerate(judged) if each.source == source]
    return _gain([before[number] for number in own], [after[number] for number in own])


def _gain(before: Sequence[float], after: Sequence[float]) -> Gain:
    return Gain(n=len(before), baseline=sum(before) / len(before), learned=sum(after) / len(after))


def _ordered(judged: Judged, order: LinearOrder) -> list[str]:
    weighed = order.weigh(judged.features)
    return [judged.names[place] for place in np.argsort(-weighed, kind="stable")]


def _ndcg(judged: Judged, names: Sequence[str]) -> float:
    return ndcg(list(dict.fromkeys(names)), judged.relevant, depth=DEPTH)
