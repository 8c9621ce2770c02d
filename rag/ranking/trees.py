"""Grown trees as plain numbers, weighed with numpy alone: a search needs nothing of what grew them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.ranking.features import FEATURES, Features

COLUMNS = ("roots", "feature", "threshold", "left", "right", "value")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trees:
    """The nodes of all trees in one table; a parent stands before its children, and a leaf is its own child."""

    roots: NDArray[np.int64]
    """The first node of each tree."""
    feature: NDArray[np.int64]
    """Which column a node looks at."""
    threshold: NDArray[np.float64]
    """Up to this value it goes left."""
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    value: NDArray[np.float64]
    """What a leaf adds."""

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> Trees:
        """Read the table as JSON holds it; raises ValueError for one that no training of ours wrote."""
        try:
            trees = cls(
                roots=np.array(table["roots"], dtype=np.int64),
                feature=np.array(table["feature"], dtype=np.int64),
                threshold=np.array(table["threshold"], dtype=np.float64),
                left=np.array(table["left"], dtype=np.int64),
                right=np.array(table["right"], dtype=np.int64),
                value=np.array(table["value"], dtype=np.float64),
            )
        except (KeyError, TypeError, OverflowError) as error:
            raise ValueError(f"not a table of trees: {error}") from error
        trees.check()
        return trees

    def check(self) -> None:
        """Raise ValueError where a walk through the nodes would leave the table, or never end."""
        places = np.arange(len(self.feature))
        shapes = {each.shape for each in (self.feature, self.threshold, self.left, self.right, self.value)}
        if shapes != {places.shape} or self.roots.ndim != 1 or not len(self.roots):
            raise ValueError("columns of different lengths, or no tree")
        leaf = (self.left == places) & (self.right == places)
        children = np.stack([self.left, self.right])
        inside = (self.feature >= 0) & (self.feature < len(FEATURES)) & (children < len(places)).all(axis=0)
        onward = leaf | (children > places).all(axis=0)
        roots = (self.roots >= 0) & (self.roots < len(places))
        numbers = np.isfinite(self.threshold) & np.isfinite(self.value)
        if not (inside.all() and onward.all() and roots.all() and numbers.all()):
            raise ValueError("a node that leads nowhere")

    def as_json(self) -> dict[str, list[int] | list[float]]:
        """Return the table as JSON holds it."""
        return {name: getattr(self, name).tolist() for name in COLUMNS}

    def weigh(self, features: Features) -> Features:
        """Return one number a row, the higher the better; comparable within one question only."""
        rows = np.arange(len(features))[:, None]
        node = np.tile(self.roots, (len(features), 1))
        while True:
            goes_left = features[rows, self.feature[node]] <= self.threshold[node]
            onward = np.where(goes_left, self.left[node], self.right[node])
            if (onward == node).all():
                break
            node = onward
        weights: Features = self.value[node].sum(axis=1)
        return weights
