"""A linear order of candidates: what each feature counts, added to the order as fused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from rag.ranking.features import FEATURES, Features

SHARE = FEATURES.index("fused_share")
LEAST_SPREAD = 1e-9
"""What varies by less is rounding."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LinearOrder:
    """A weighted sum of the features, each on the scale of the questions that it was learned from."""

    prior: float
    """What `fused_share` counts before anything is learned."""
    mean: Features
    """Of each column, as `spread` and `weights`."""
    spread: Features
    """The standard deviation; 1 for a column that was the same everywhere, which has no weight."""
    weights: Features

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> LinearOrder:
        """Read the table as JSON holds it; raises ValueError for one that no training of ours wrote."""
        try:
            order = cls(
                prior=float(table["prior"]),
                mean=np.array(table["mean"], dtype=np.float64),
                spread=np.array(table["spread"], dtype=np.float64),
                weights=np.array(table["weights"], dtype=np.float64),
            )
        except (KeyError, TypeError, OverflowError) as error:
            raise ValueError(f"not a linear order: {error}") from error
        order.check()
        return order

    def check(self) -> None:
        """Raise ValueError where candidates could not be weighed, or not by finite numbers."""
        columns = (self.mean, self.spread, self.weights)
        if any(each.shape != (self.weights.size,) for each in columns):
            raise ValueError("columns of different lengths")
        if not np.isfinite(np.hstack([self.prior, *columns])).all() or (self.spread < LEAST_SPREAD).any():
            raise ValueError("not finite, or no spread")

    def as_json(self) -> dict[str, float | list[float]]:
        """Return the table as JSON holds it."""
        return {
            "prior": self.prior,
            "mean": self.mean.tolist(),
            "spread": self.spread.tolist(),
            "weights": self.weights.tolist(),
        }

    def weigh(self, features: Features) -> Features:
        """Return one number a row, the higher the better; comparable within one question only."""
        weighed: Features = self.prior * features[:, SHARE] + ((features - self.mean) / self.spread) @ self.weights
        return weighed
