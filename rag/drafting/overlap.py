"""What two sides have in common: of words, and of time."""

from __future__ import annotations

from collections.abc import Sequence

from rag.domain import Period

__all__ = ["meet", "share"]


def share(one: frozenset[str], other: frozenset[str]) -> float:
    """Return how much of the smaller set both have, 0 to 1; 0 where one is empty."""
    return len(one & other) / min(len(one), len(other)) if one and other else 0.0


def meet(ones: Sequence[Period], others: Sequence[Period]) -> bool:
    """Tell whether a period of the one side has a day in common with one of the other."""
    return any(one.overlaps(other) for one in ones for other in others)
