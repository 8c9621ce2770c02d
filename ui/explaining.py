"""Why a search found what it found: the score of each leg, made comparable by eye, and what a near-miss lacks."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.domain import Hit, Kind, SearchResult
from ui.words import search as words

SHARES = frozenset({"reference", "coverage", "topic"})
"""Legs whose score is a share, 0 to 1, by itself."""
DECIMALS = 2
"""A score is lower only where that is seen in what is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one leg says of one hit."""

    leg: str
    score: float | None
    """As the leg gave it; None: this leg did not find the hit."""
    share: float = 0.0
    """0 to 1, the length of its bar: the score as a part of the best one in the list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """A leg that gave less to one hit than to another."""

    leg: str
    score: float | None
    """None: it did not find the hit."""
    other: float

    @property
    def difference(self) -> float:
        """Return how much is lacking."""
        return self.other - (self.score or 0.0)


def best_scores(hits: Sequence[Hit]) -> dict[str, float]:
    """Return leg → its best score among these hits, in the order of reading; legs that say nothing of them are absent."""
    best: dict[str, float] = {}
    for hit in hits:
        for leg, score in hit.leg_scores.items():
            best[leg] = max(best.get(leg, -math.inf), score)
    return {leg: best[leg] for leg in words.in_order(best)}


def readings(hit: Hit, best: Mapping[str, float]) -> list[Reading]:
    """Return what each leg of the list says of a hit."""
    return [
        Reading(leg=leg, score=score, share=_share(leg, score, highest))
        for leg, highest in best.items()
        for score in [hit.leg_scores.get(leg)]
    ]


def lacks(near: Hit, last: Hit, best: Mapping[str, float]) -> list[Lack]:
    """Return the legs that gave a near-miss less than the last hit that is shown, the largest difference by eye first."""
    found = [
        Lack(leg=leg, score=near.leg_scores.get(leg), other=last.leg_scores[leg])
        for leg in best
        if leg in last.leg_scores
        and round(last.leg_scores[leg], DECIMALS) > round(near.leg_scores.get(leg, 0), DECIMALS)
    ]

    def visible(lack: Lack) -> float:
        return _share(lack.leg, lack.other, best[lack.leg]) - _share(lack.leg, lack.score, best[lack.leg])

    return sorted(found, key=visible, reverse=True)


def behind(found: SearchResult) -> list[str]:
    """Return for each near-miss, in words, what it lacks beside the last hit."""
    if not found.hits:
        return []
    last, rank = found.hits[-1], len(found.hits)
    best = best_scores((*found.hits, *found.near_misses))
    return [
        words.lacking(
            rank,
            [(each.leg, each.score, each.other) for each in lacks(near, last, best)],
            gap=last.score - near.score,
            lowered=lowered(near),
        )
        for near in found.near_misses
    ]


def lowered(hit: Hit) -> str:
    """Return what lets a remark of minutes stand below its legs: 'procedure', 'asking' or nothing."""
    if hit.chunk.kind is not Kind.MINUTES:
        return ""
    if hit.chunk.labels.get("procedure"):
        return "procedure"
    return "asking" if hit.chunk.labels.get("role") == "member" else ""


def _share(leg: str, score: float | None, best: float) -> float:
    if score is None or not math.isfinite(score):
        return 0.0
    highest = 1.0 if leg in SHARES else best
    return min(max(score / highest, 0.0), 1.0) if highest > 0 and math.isfinite(highest) else 0.0
