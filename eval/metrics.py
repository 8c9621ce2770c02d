"""Ranking measures over judged questions, in the definitions of trec_eval."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

Judgements = Mapping[str, Mapping[str, float]]
"""Question id → document id → relevance; only relevances above 0 count."""
Run = Mapping[str, Sequence[str]]
"""Question id → document ids, best first."""


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
