"""The measures against values worked out by hand or published."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics import (
    average_precision,
    mcnemar,
    mcnemar_loss,
    ndcg,
    paired_interval,
    percentile,
    ranking_scores,
    recall,
    reciprocal_rank,
    success,
    wilson,
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


@pytest.mark.parametrize(
    ("passed", "n", "low", "high"),
    [(0, 10, 0, 0.2775), (10, 10, 0.7225, 1), (8, 10, 0.4902, 0.9433), (0, 0, 0, 1)],
)
def test_wilson_gives_the_published_limits(passed: int, n: int, low: float, high: float) -> None:
    assert wilson(passed, n) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


@given(st.integers(0, 500), st.integers(0, 500))
def test_a_rate_lies_within_its_interval(passed: int, failed: int) -> None:
    low, high = wilson(passed, passed + failed)
    assert 0 <= low <= (passed / (passed + failed) if passed + failed else 0.5) <= high <= 1


@pytest.mark.parametrize(
    ("pairs", "low", "high"),
    [
        ((59, 16, 6, 80), -0.1186, -0.0046),  # Cavo 2012, as the R package contingencytables gives it
        ((1, 7, 1, 12), -0.5069, -0.0256),  # a weak correlation: the correction takes it away
        ((36, 2, 12, 0), 0.0569, 0.3404),  # a negative correlation: not corrected
        ((97, 0, 3, 0), -0.0119, 0.0845),  # an empty margin: no correlation
        ((0, 0, 0, 0), -1, 1),
    ],
)
def test_the_paired_interval_gives_the_limits_of_newcombes_method(
    pairs: tuple[int, int, int, int], low: float, high: float
) -> None:
    assert paired_interval(*pairs) == (pytest.approx(low, abs=6e-5), pytest.approx(high, abs=6e-5))


@given(*[st.integers(0, 60)] * 4)
def test_a_paired_difference_lies_within_its_interval_and_turns_with_the_order(
    both: int, lost: int, won: int, neither: int
) -> None:
    low, high = paired_interval(both, lost, won, neither)
    n = both + lost + won + neither
    assert -1 <= low <= ((won - lost) / n if n else 0) <= high <= 1
    assert paired_interval(both, won, lost, neither) == (pytest.approx(-high), pytest.approx(-low))


def test_mcnemar_is_exact() -> None:
    assert mcnemar_loss(5, 0) == 0.03125
    assert mcnemar_loss(0, 5) == 1
    assert mcnemar(5, 0) == mcnemar(0, 5) == 0.0625
    assert mcnemar(0, 0) == mcnemar_loss(0, 0) == 1
    assert mcnemar(3, 3) == 1
    assert mcnemar_loss(8, 2) == pytest.approx((45 + 10 + 1) / 1024)
    assert 0 < mcnemar(2400, 2000) < 1e-8
