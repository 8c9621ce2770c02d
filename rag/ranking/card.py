"""The file of a learned ranking: the order itself, and the card that says what was measured and with what it was learned."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from typing import Any

from pydantic import Field, TypeAdapter
from pydantic.dataclasses import dataclass as checked

from rag.errors import HomeError
from rag.ranking.features import FEATURES, FEATURES_VERSION
from rag.ranking.linear import LinearOrder

FILE_NAME = "ranker.json"
"""In a home: what was learned there; its folder `models` may be shared with others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Maker:
    """What the scores come from that a ranking weighs: learned with one, it says nothing of those of another."""

    embedder: str
    """Name of the embedder."""
    fusion: str
    """Digest of the settings and of the analysis of words that the fused scores come from."""
    features: int = FEATURES_VERSION


@checked(frozen=True, slots=True, kw_only=True)
class Gain:
    """A mean measure without and with what was learned, over the same questions."""

    n: int = Field(ge=1)
    """Questions."""
    baseline: float = Field(ge=0, le=1, allow_inf_nan=False)
    """As fused."""
    learned: float = Field(ge=0, le=1, allow_inf_nan=False)
    """Each question ranked by an order that was fitted without its fold."""

    @property
    def gain(self) -> float:
        """Return the mean paired difference."""
        return self.learned - self.baseline


@checked(frozen=True, slots=True, kw_only=True)
class Card:
    """What a ranking was learned from, and what cross-validation found."""

    made_at: datetime
    measure: str
    """'ndcg@10'."""
    overall: Gain
    low: float = Field(allow_inf_nan=False)
    """Lower bound of the 95 % interval of the gain."""
    high: float = Field(allow_inf_nan=False)
    groups: int = Field(ge=1)
    """Sets of questions that share nothing; each stays in one fold."""
    folds: int = Field(ge=2)
    sources: dict[str, Gain]
    """Name of a judged set, of a file of cases, or 'feedback' → what it contributed and gained."""
    features: int
    embedder: str
    fusion: str
    index_version: str
    """Of splitting, when it was learned: told, not compared."""

    @property
    def is_proven(self) -> bool:
        """Tell whether the whole interval lies above zero."""
        return self.low > 0

    @property
    def maker(self) -> Maker:
        """Return what the scores came from."""
        return Maker(embedder=self.embedder, fusion=self.fusion, features=self.features)

    def as_json(self) -> dict[str, Any]:
        """Return the card as it is written and printed."""
        return {
            "made_at": self.made_at.isoformat(timespec="seconds"),
            "measure": self.measure,
            **_gain_json(self.overall),
            "low": round(self.low, 6),
            "high": round(self.high, 6),
            "groups": self.groups,
            "folds": self.folds,
            "sources": {name: _gain_json(gain) for name, gain in self.sources.items()},
            **asdict(self.maker),
            "index_version": self.index_version,
        }


def _gain_json(gain: Gain) -> dict[str, float]:
    return {
        "n": gain.n,
        "baseline": round(gain.baseline, 6),
        "learned": round(gain.learned, 6),
        "gain": round(gain.gain, 6),
    }


def read_ranker(path: Path) -> tuple[Card, LinearOrder]:
    """Read a file; raises OSError where it cannot be opened and ValueError where it is none of ours."""
    body = _FILES.validate_json(path.read_bytes())
    order = LinearOrder.of(body.order)
    if body.card.features == FEATURES_VERSION and len(order.weights) != len(FEATURES):
        raise ValueError(f"{path}: weights of other features")
    return body.card, order


def write_ranker(path: Path, card: Card, order: LinearOrder) -> None:
    """Write a file whole or not at all; raises HomeError."""
    body = _FILES.dump_json(_File(card=card, order=order.as_json()))
    part = path.with_name(f".{FILE_NAME}-{token_hex(4)}")
    try:
        part.write_bytes(body + b"\n")
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise HomeError(
            f"{path}: 学習した並べ方を書けません（{error.strerror}）。空き容量と権限を確かめて、もう一度実行してください。"
        ) from error


@checked(frozen=True, slots=True, kw_only=True)
class _File:
    card: Card
    order: dict[str, float | list[float]]


_FILES = TypeAdapter(_File)
