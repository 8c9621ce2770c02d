"""What the legs found as one score, on scales that mean the same in every search."""

from __future__ import annotations

from collections.abc import Mapping

VECTORS = "vectors"
SCALES: Mapping[str, tuple[float, float]] = {"e5-small-1": (0.75, 0.95), "chive-sif-1": (0.2, 0.8)}
"""Embedder → the cosine of texts that have little to do with each other, and that of a question with the passage that was
written for it, measured on four judged sets (`./x bench ranking`)."""
OTHER_SCALE = (0.1, 0.7)
"""The same for text-embedding-3 and its like, from what is published of them; not measured here."""
WORD_VECTORS = frozenset({"chive-sif-1"})
"""Embedders that add up the vectors of words: they know topics, not sentences, and count for less than a language model."""


def calibrated(cosines: Mapping[str, float], embedder: str) -> dict[str, float]:
    """Return chunk id → 0 to 1 for cosines of this embedder's vectors."""
    low, high = SCALES.get(embedder, OTHER_SCALE)
    return {chunk_id: min(max((cosine - low) / (high - low), 0.0), 1.0) for chunk_id, cosine in cosines.items()}


def fuse(legs: Mapping[str, Mapping[str, float]], weights: Mapping[str, float], *, limit: int) -> dict[str, float]:
    """Return chunk id → 0 to 1: weighted mean of the legs' scores, all of them 0 to 1 by themselves.

    A leg that does not name a chunk has found nothing in it; but where the vectors have brought all of `limit`, the others are
    only somewhat farther away, and count as the last one. What only a leg without a weight found has 0.
    """
    total = sum(weights.values()) or 1.0
    found = {chunk_id: 0.0 for scores in legs.values() for chunk_id in scores}
    for leg, weight in weights.items():
        scores = legs.get(leg, {})
        beyond = min(scores.values()) if leg == VECTORS and len(scores) >= limit else 0.0
        for chunk_id in found:
            found[chunk_id] += weight * scores.get(chunk_id, beyond) / total
    return found
