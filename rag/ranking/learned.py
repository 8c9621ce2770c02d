"""A learned order, used only while its card fits what the scores come from today."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

import numpy as np

from rag.domain import Hit
from rag.errors import HomeError
from rag.ranking.card import Card, Maker, read_ranker
from rag.ranking.features import measure
from rag.ranking.linear import LinearOrder

LEARNED = "learned"
"""Not a leg that finds: what the learned order makes of a candidate."""

Reorder = Callable[[str, Sequence[Hit]], list[Hit]]
"""A question and its best hits → the same hits in another order."""


def as_fused(_question: str, hits: Sequence[Hit]) -> list[Hit]:
    """Return the hits as they are: nothing was learned."""
    return list(hits)


class Standing(StrEnum):
    """Whether a home uses a learned order, and why not."""

    IN_USE = "in_use"
    NONE = "none"
    """Nothing was learned."""
    OFF = "off"
    """The settings say so."""
    BROKEN = "broken"
    OTHER_FEATURES = "other_features"
    OTHER_EMBEDDER = "other_embedder"
    OTHER_FUSION = "other_fusion"
    UNPROVEN = "unproven"
    """The interval of its gain does not lie above zero."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What lies in a home."""

    standing: Standing
    card: Card | None = None
    """None: there is none, or it cannot be read."""
    order: LinearOrder | None = None
    """None: not used."""


class LearnedOrder:
    """The ranker of a home; looks at its file before every search, so that training and removal count at once."""

    def __init__(self, path: Path, maker: Maker, *, is_on: bool) -> None:
        """Take the place of the file, what the scores come from today, and what `search.ranker` says."""
        self.path = path
        self.maker = maker
        self._is_on = is_on
        self._lock = threading.Lock()
        self._seen: tuple[object, Found] | None = None

    def reorder(self, question: str, hits: Sequence[Hit]) -> list[Hit]:
        """Return the hits in the learned order, or as they are; the scores stay where they are, the best one first."""
        order = self.find().order if self._is_on else None
        if order is None or not hits:
            return as_fused(question, hits)
        weighed = order.weigh(measure(question, hits))
        return [
            replace(
                hits[place],
                score=scored.score,
                leg_scores={**hits[place].leg_scores, LEARNED: float(weighed[place])},
            )
            for place, scored in zip(np.argsort(-weighed, kind="stable").tolist(), hits, strict=True)
        ]

    def find(self) -> Found:
        """Return what lies in the home now, and whether it is used."""
        try:
            stat = self.path.stat()
            stamp = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
        except OSError:
            return Found(standing=Standing.NONE)
        with self._lock:
            if self._seen is None or self._seen[0] != stamp:
                self._seen = (stamp, self._read())
            return self._seen[1]

    def remove(self) -> bool:
        """Delete the file and tell whether there was one; raises HomeError."""
        try:
            self.path.unlink()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise HomeError(
                f"{self.path}: 消せません（{error.strerror}）。権限を確かめて、もう一度実行してください。"
            ) from error
        return True

    def _read(self) -> Found:
        try:
            card, order = read_ranker(self.path)
        except (OSError, ValueError, RecursionError):  # doctor tells it, with the remedy; a search goes on without
            return Found(standing=Standing.BROKEN)
        standing = self._standing(card)
        return Found(standing=standing, card=card, order=order if standing is Standing.IN_USE else None)

    def _standing(self, card: Card) -> Standing:
        reasons = {
            Standing.OFF: not self._is_on,
            Standing.OTHER_FEATURES: card.features != self.maker.features,
            Standing.OTHER_EMBEDDER: card.embedder != self.maker.embedder,
            Standing.OTHER_FUSION: card.fusion != self.maker.fusion,
            Standing.UNPROVEN: not card.is_proven,
        }
        return next((reason for reason, holds in reasons.items() if holds), Standing.IN_USE)
