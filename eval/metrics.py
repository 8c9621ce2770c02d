"""Pure numbers: ranking measures in the definitions of trec_eval, and how sure a rate or a difference of rates is."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

Judgements = Mapping[str, Mapping[str, float]]
"""Question id → document id → relevance; only relevances above 0 count."""
Run = Mapping[str, Sequence[str]]
"""Question id → document ids, best first."""
Z = 1.959963984540054
"""The normal quantile of a 95 % interval."""
BOOTSTRAP_SAMPLES, BOOTSTRAP_SEED = 10_000, 1993


def ndcg(ranked: Sequence[str], relevant: Mapping[str, float], *, depth: int) -> float:
    """Return nDCG with linear gain and log2(rank + 1) discount (trec_eval's ndcg_cut)."""
    gains = [relevant.get(document, 0.0) for document in ranked[:depth]]
    ideal = sorted(relevant.values(), reverse=True)[:depth]
    return _discounted(gains) / _discounted(ideal)


def _discounted(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(rank + 2) for rank, gain in enumerate(gains))


def recall(ranked: Sequence[str], relevant: Mapping[str, float], *, depth: int) -> float:
    """Return the share of the relevant documents that stand in the first `depth`."""
    return len(set(ranked[:depth]) & relevant.keys()) / len(relevant)


def reciprocal_rank(ranked: Sequence[str], relevant: Mapping[str, float]) -> float:
    """Return 1 / rank of the first relevant document, 0 without one."""
    return next((1 / rank for rank, document in enumerate(ranked, start=1) if document in relevant), 0.0)


def success(ranked: Sequence[str], relevant: Mapping[str, float]) -> float:
    """Return 1 when the first document is relevant, else 0."""
    return float(bool(ranked) and ranked[0] in relevant)


def average_precision(ranked: Sequence[str], relevant: Mapping[str, float]) -> float:
    """Return the mean, over the relevant documents, of the precision at each one's rank (0 for those not found)."""
    found, total = 0, 0.0
    for rank, document in enumerate(ranked, start=1):
        if document in relevant:
            found += 1
            total += found / rank
    return total / len(relevant)


def ranking_scores(run: Run, judgements: Judgements, *, depth: int) -> dict[str, float]:
    """Return the means over the judged questions; a question missing from the run counts as finding nothing."""
    columns: dict[str, list[float]] = {}
    for question, judged in judgements.items():
        relevant = {document: value for document, value in judged.items() if value > 0}
        ranked = list(run.get(question, ()))[:depth]
        for name, value in (
            (f"recall@{depth}", recall(ranked, relevant, depth=depth)),
            (f"ndcg@{depth}", ndcg(ranked, relevant, depth=depth)),
            ("mrr", reciprocal_rank(ranked, relevant)),
            ("success@1", success(ranked, relevant)),
            ("map", average_precision(ranked, relevant)),
            ("zero_hit", float(not ranked)),
        ):
            columns.setdefault(name, []).append(value)
    return {name: sum(values) / len(values) for name, values in columns.items()}


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least this share (0 to 1) of the values does not exceed."""
    ordered = sorted(values)
    return ordered[max(math.ceil(share * len(ordered)) - 1, 0)]


def wilson(passed: int, n: int) -> tuple[float, float]:
    """Return the 95 % score interval of a rate (Wilson 1927, J. Am. Stat. Assoc. 22:209-212); 0 to 1 for n = 0."""
    if not n:
        return 0.0, 1.0
    rate, weight = passed / n, Z * Z / n
    middle = rate + weight / 2
    half = Z * math.sqrt(rate * (1 - rate) / n + weight / (4 * n))
    # A rate of 0 or 1 is a limit of its own interval; rounding must not say otherwise.
    low = (middle - half) / (1 + weight) if passed else 0.0
    high = (middle + half) / (1 + weight) if passed < n else 1.0
    return low, high


def paired_interval(both: int, lost: int, won: int, neither: int) -> tuple[float, float]:
    """Return the 95 % interval of the second rate minus the first, over the same questions; -1 to 1 for none.

    Of the questions, `both` passed twice, `lost` only the first time, `won` only the second time. Method 10 of Newcombe
    1998 (Stat. Med. 17:2635-2650): Wilson's limits squared and added, with the correlation of the pairs.
    """
    n = both + lost + won + neither
    if not n:
        return -1.0, 1.0
    after, before = (both + won) / n, (both + lost) / n
    low_after, high_after = wilson(both + won, n)
    low_before, high_before = wilson(both + lost, n)
    phi = _correlation(both, lost, won, neither)

    def reach(one: float, other: float) -> float:
        return math.sqrt(max(one * one - 2 * phi * one * other + other * other, 0.0))

    difference = after - before
    low = difference - reach(after - low_after, high_before - before)
    high = difference + reach(high_after - after, before - low_before)
    return max(low, -1.0), min(high, 1.0)


def _correlation(both: int, lost: int, won: int, neither: int) -> float:
    """Return phi of the pairs with Newcombe's correction for continuity; 0 where a margin is empty."""
    margins = (both + lost) * (won + neither) * (both + won) * (lost + neither)
    if not margins:
        return 0.0
    excess = float(both * neither - lost * won)
    if excess > 0:
        excess = max(excess - (both + lost + won + neither) / 2, 0.0)
    return excess / math.sqrt(margins)


def mcnemar(lost: int, won: int) -> float:
    """Return the exact two-sided p of McNemar's test (1947, Psychometrika 12:153-157): are losses and gains alike?"""
    return min(1.0, 2 * mcnemar_loss(max(lost, won), min(lost, won)))


def mcnemar_loss(lost: int, won: int) -> float:
    """Return the exact one-sided p: how likely at least so many of the changes are losses when both are alike."""
    changed = lost + won
    ways = sum(math.comb(changed, losses) for losses in range(lost, changed + 1))
    return ways / (1 << changed)


def clustered_interval(differences: Sequence[float], groups: Sequence[str]) -> tuple[float, float]:
    """Return the 95 % interval of the mean of paired differences; groups of them, not single ones, are independent.

    The percentile interval of 10,000 bootstrap samples (Efron and Tibshirani 1993, An Introduction to the Bootstrap,
    section 13.3), as used for paired means of retrieval measures by Smucker, Allan and Carterette (2007, CIKM, pp. 623-632);
    whole groups are drawn (Davison and Hinkley 1997, Bootstrap Methods and their Application, section 3.8). It does not count
    that the training sets of a cross-validation overlap (Bengio and Grandvalet 2004, JMLR 5:1089-1105). The same input gives
    the same interval.
    """
    names, place = np.unique(np.asarray(groups), return_inverse=True)
    sums = np.bincount(place, weights=np.asarray(differences, dtype=np.float64))
    sizes = np.bincount(place)
    drawn = np.random.default_rng(BOOTSTRAP_SEED).multinomial(
        len(names), np.full(len(names), 1 / len(names)), size=BOOTSTRAP_SAMPLES
    )
    low, high = np.quantile((drawn @ sums) / (drawn @ sizes), [0.025, 0.975])
    return float(low), float(high)
