"""The ranking measures against values worked out by hand."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics import (
    average_precision,
    ndcg,
    percentile,
    ranking_scores,
    recall,
    reciprocal_rank,
    success,
)

RANKED = ["甲", "乙", "丙", "丁"]


def test_recall_is_the_share_of_the_relevant_that_was_found() -> None:
    assert recall(RANKED, {"乙": 1, "丁": 1, "戊": 1, "己": 1}, depth=10) == 0.5
    assert recall(RANKED, {"乙": 1, "丁": 1}, depth=2) == 0.5
    assert recall([], {"乙": 1}, depth=10) == 0


def test_ndcg_has_linear_gain_as_in_trec_eval() -> None:
    relevant = {"甲": 1.0, "丙": 3.0, "戊": 2.0}
    gained = 1 / math.log2(2) + 3 / math.log2(4)
    ideal = 3 / math.log2(2) + 2 / math.log2(3) + 1 / math.log2(4)
    assert ndcg(RANKED, relevant, depth=10) == pytest.approx(gained / ideal)
    assert ndcg(RANKED, relevant, depth=2) == pytest.approx(1 / (3 + 2 / math.log2(3)))


def test_reciprocal_rank_and_success_look_at_the_first_relevant() -> None:
    assert reciprocal_rank(RANKED, {"丙": 1, "丁": 1}) == pytest.approx(1 / 3)
    assert reciprocal_rank(RANKED, {"戊": 1}) == 0
    assert (success(RANKED, {"甲": 1}), success(RANKED, {"乙": 1}), success([], {"甲": 1})) == (1, 0, 0)


def test_average_precision_counts_what_was_not_found() -> None:
    assert average_precision(RANKED, {"甲": 1, "丙": 1, "戊": 1}) == pytest.approx((1 / 1 + 2 / 3) / 3)


def test_the_scores_are_means_over_the_judged_questions() -> None:
    run = {"一": ["甲", "乙"], "二": ["乙", "甲"], "四": ["甲"]}
    judged = {"一": {"甲": 1.0}, "二": {"甲": 1.0, "乙": 0.0}, "三": {"甲": 1.0}}
    scores = ranking_scores(run, judged, depth=10)
    assert scores == {
        "recall@10": pytest.approx(2 / 3),
        "ndcg@10": pytest.approx((1 + 1 / math.log2(3) + 0) / 3),
        "mrr": pytest.approx((1 + 1 / 2 + 0) / 3),
        "success@1": pytest.approx(1 / 3),
        "map": pytest.approx((1 + 1 / 2 + 0) / 3),
        "zero_hit": pytest.approx(1 / 3),
    }


def test_what_stands_below_the_depth_counts_nowhere() -> None:
    scores = ranking_scores({"一": ["乙", "甲"]}, {"一": {"甲": 1.0}}, depth=1)
    assert set(scores.values()) == {0.0}


def test_a_percentile_is_a_value_that_was_measured() -> None:
    values = [5.0, 1.0, 4.0, 2.0, 3.0]
    assert [percentile(values, share) for share in (0.0, 0.5, 0.95, 1.0)] == [1, 3, 5, 5]
    assert percentile([7.0], 0.95) == 7
    assert percentile([1.0, 2.0], 0.5) == 1


@given(st.permutations(["甲", "乙", "丙", "丁", "戊"]), st.sets(st.sampled_from(["甲", "乙", "丙", "己"]), min_size=1))
def test_every_measure_lies_between_0_and_1_and_is_1_only_for_the_best_order(
    ranked: list[str], relevant: set[str]
) -> None:
    judged = dict.fromkeys(relevant, 1.0)
    best = sorted(ranked, key=lambda name: name not in relevant)
    for measure in (
        ndcg(ranked, judged, depth=5),
        recall(ranked, judged, depth=5),
        reciprocal_rank(ranked, judged),
        average_precision(ranked, judged),
    ):
        assert 0 <= measure <= 1
    assert ndcg(ranked, judged, depth=5) <= ndcg(best, judged, depth=5)
    assert average_precision(ranked, judged) <= average_precision(best, judged)
