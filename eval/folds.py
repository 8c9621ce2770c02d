"""Which questions are kept together, and in which fold of a cross-validation they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from rag.japanese.words import fold
from rag.ranking.features import Features

FOLDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A question with its candidates as they were fused, and what of them is relevant."""

    id: str
    """Of its own among all sources."""
    source: str
    asked: str
    names: tuple[str, ...]
    """What each candidate is counted as: candidates with one name are one, ranked by the best of them."""
    features: Features
    relevant: dict[str, float]
    """Name → relevance above 0, found or not."""


def group_questions(judged: Sequence[Judged]) -> list[str]:
    """Return for each question the name of its group: the first id of those that it is tied to.

    Two questions are tied by a relevant text that they share, and by the same words (width, case and signs aside). A
    group stays in one fold, since an order that saw the length or the titles of a text as relevant would know it again.
    """
    above: dict[str, str] = {}

    def top(node: str) -> str:
        above.setdefault(node, node)
        while above[node] != node:
            above[node] = above[above[node]]
            node = above[node]
        return node

    def tie(one: str, other: str) -> None:
        first, second = sorted((top(one), top(other)))
        above[second] = first

    # An id sorts before what it is tied by, so that the top of a group is the first of its ids.
    for each in judged:
        for name in each.relevant:
            tie(f"0{each.id}", f"1{name}")
        tie(f"0{each.id}", f"2{''.join(filter(str.isalnum, fold(each.asked)))}")
    return [top(f"0{each.id}")[1:] for each in judged]


def fold_of(group: str) -> int:
    """Return the fold of a group, the same in every run."""
    return int.from_bytes(sha256(group.encode()).digest()[:8]) % FOLDS
