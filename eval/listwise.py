"""How a linear order is fitted to judged candidates: all candidates of a question at once, by Newton's method."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.ranking.features import FEATURES, Features
from rag.ranking.linear import LEAST_SPREAD, SHARE, LinearOrder

PRIOR = 15.0
"""What the best candidate as fused has ahead of one that nothing speaks for, before anything is learned."""
L2 = 50.0
"""How strongly weights are held back; 20 to 200 measure much the same on 680 questions, and less lets fifty of them do harm."""
LEAST_FALL = 1e-8
"""A step that promises less is the last one."""
MOST_STEPS = 100
"""Five or so are taken."""


def fit_order(features: Sequence[Features], grades: Sequence[Sequence[float]]) -> LinearOrder:
    """Learn from questions: of each the features of its candidates and their relevance (0: none).

    A candidate weighs PRIOR times its share of the best fused score, and the sum of its standardised features by weights.
    The weights make the least of the cross-entropy between the shares of relevance and the softmax of what the candidates
    weigh, summed over the questions, and L2/2 times their squares (ListNet with top-one probabilities: Cao et al. 2007,
    ICML, pp. 129-136). So the order as fused stands until questions speak against it, and few of them cannot say much: that
    is what keeps them from doing harm. A question without a relevant candidate says nothing. The same rows give the same order.
    """
    pairs = [(rows, np.array(own)) for rows, own in zip(features, grades, strict=True) if sum(own) > 0]
    if not pairs:
        unknown = np.zeros(len(FEATURES))
        return LinearOrder(prior=PRIOR, mean=unknown, spread=np.ones(len(FEATURES)), weights=unknown)
    rows = np.vstack([own for own, _ in pairs])
    mean, deviation = rows.mean(axis=0), rows.std(axis=0)
    spread = np.where(deviation >= LEAST_SPREAD, deviation, 1.0)
    lists = _Lists(
        rows=(rows - mean) / spread,
        before=PRIOR * rows[:, SHARE],
        target=np.concatenate([own / own.sum() for _, own in pairs]),
        sizes=np.array([len(own) for _, own in pairs]),
    )
    return LinearOrder(prior=PRIOR, mean=mean, spread=spread, weights=_lowest(lists))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Lists:
    """The candidates of all questions, one after the other."""

    rows: Features
    """Standardised."""
    before: Features
    """What each weighs as fused."""
    target: Features
    """Its share of the relevance, 1 in all for each question."""
    sizes: NDArray[np.int64]
    """Candidates of each question."""

    def loss(self, weights: Features) -> float:
        """Return what is to be made small."""
        return float(-self.target @ self._logs(weights) + L2 / 2 * weights @ weights)

    def slopes(self, weights: Features) -> tuple[Features, Features]:
        """Return the gradient and the Hessian of the loss."""
        shares = np.exp(self._logs(weights))
        shared = shares[:, None] * self.rows
        expected = np.add.reduceat(shared, self._starts)
        gradient = self.rows.T @ (shares - self.target) + L2 * weights
        return gradient, self.rows.T @ shared - expected.T @ expected + L2 * np.eye(len(weights))

    @property
    def _starts(self) -> NDArray[np.int64]:
        return np.cumsum(self.sizes) - self.sizes

    def _logs(self, weights: Features) -> Features:
        """Return the logarithm of each candidate's softmax within its question."""
        weighed = self.before + self.rows @ weights
        weighed -= np.repeat(np.maximum.reduceat(weighed, self._starts), self.sizes)
        totals = np.add.reduceat(np.exp(weighed), self._starts)
        logs: Features = weighed - np.repeat(np.log(totals), self.sizes)
        return logs


def _lowest(lists: _Lists) -> Features:
    """Return the weights of the least loss; it is strictly convex, so there is one such point and every step leads down to it."""
    weights = np.zeros(lists.rows.shape[1])
    for _ in range(MOST_STEPS):
        gradient, curvature = lists.slopes(weights)
        step = np.linalg.solve(curvature, -gradient)
        fall = float(-gradient @ step)
        if fall < LEAST_FALL:
            return weights + step
        least, length = lists.loss(weights), 1.0
        while lists.loss(weights + length * step) > least - length * fall / 4:
            length /= 2
        weights = weights + length * step
    return weights
