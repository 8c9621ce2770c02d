from __future__ import annotations

import pytest

from rag.ranking.fusion import SCALES, calibrated, fuse


def test_a_cosine_is_told_on_the_scale_of_its_embedder() -> None:
    low, high = SCALES["e5-small-1"]
    cosines = {"far": low - 0.1, "none": low, "half": (low + high) / 2, "same": high, "copy": 1.0}
    told = calibrated(cosines, "e5-small-1")
    assert told == {"far": 0.0, "none": 0.0, "half": pytest.approx(0.5), "same": pytest.approx(1.0), "copy": 1.0}
    assert calibrated({"a": 0.4}, "openai:text-embedding-3-small:1536") == {"a": pytest.approx(0.5)}


def test_the_fused_score_is_the_weighted_mean_of_the_legs() -> None:
    weights = {"words": 0.6, "vectors": 0.4}
    fused = fuse({"words": {"a": 0.5, "b": 0.1}, "vectors": {"b": 0.9}}, weights, limit=100)
    assert fused == {"a": pytest.approx(0.3), "b": pytest.approx(0.42)}
    assert fuse({"words": {}}, weights, limit=100) == {}
    assert fuse({"words": {"a": 0.5}, "reference": {"b": 1.0}}, weights, limit=100)["b"] == 0.0


def test_what_lies_beyond_the_vectors_that_were_asked_for_counts_as_the_last_of_them() -> None:
    legs = {"words": {"a": 0.5}, "vectors": {"b": 0.9, "c": 0.4}}
    weights = {"words": 0.5, "vectors": 0.5}
    assert fuse(legs, weights, limit=2)["a"] == pytest.approx(0.25 + 0.2)
    assert fuse(legs, weights, limit=3)["a"] == pytest.approx(0.25)  # every vector was seen: this one has none
    assert fuse({"words": {"a": 0.5, "b": 0.2}}, {"words": 1.0}, limit=2)["b"] == pytest.approx(0.2)
