"""Two runs side by side over the cases that they share, and the gate that a change must pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from eval.metrics import mcnemar, mcnemar_loss, paired_interval
from eval.results import Result
from eval.runs import Run
from rag.errors import CasesError

SIGNIFICANT = 0.05
"""A loss whose one-sided exact p lies under this closes the gate."""
LEAST_SHARE = 0.9
"""This share of the baseline's cases must be in the run, unchanged."""

Pair = tuple[Result, Result]
"""The same case in the first and in the second run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrast:
    """The cases of a group in both runs, counted by when they passed."""

    both: int
    lost: int
    """Passed in the first run only."""
    won: int
    """Passed in the second run only."""
    neither: int

    @property
    def n(self) -> int:
        """Return how many cases there are."""
        return self.both + self.lost + self.won + self.neither

    @property
    def passed(self) -> tuple[int, int]:
        """Return how many passed in the first and in the second run."""
        return self.both + self.lost, self.both + self.won

    @property
    def difference(self) -> float:
        """Return the second rate minus the first; 0 for no cases."""
        return (self.won - self.lost) / self.n if self.n else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Return the 95 % interval of the difference (`eval.metrics.paired_interval`: Newcombe 1998, method 10)."""
        return paired_interval(self.both, self.lost, self.won, self.neither)

    @property
    def p(self) -> float:
        """Return the exact two-sided p of McNemar's test."""
        return mcnemar(self.lost, self.won)

    @property
    def p_loss(self) -> float:
        """Return the exact one-sided p of a loss."""
        return mcnemar_loss(self.lost, self.won)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What changed from the first run to the second."""

    first: Run
    second: Run
    overall: Contrast
    tags: Mapping[str, Contrast]
    """By the tags of the second run, in the order of their names."""
    worse: tuple[Pair, ...]
    """Passed in the first run and not in the second; by id."""
    better: tuple[Pair, ...]
    """Passed in the second run and not in the first; by id."""
    only_first: tuple[str, ...]
    """Ids that the second run does not have."""
    only_second: tuple[str, ...]
    changed: tuple[str, ...]
    """Ids whose question, day, user or expectation differ: not compared."""


class Finding(StrEnum):
    """What a gate finds."""

    KEPT = "kept"
    """No significant loss."""
    LOST = "lost"
    TOO_FEW = "too_few"
    """Too few cases of the baseline are in the run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether a run may replace its baseline."""

    finding: Finding
    baseline_n: int
    comparison: Comparison
    """The baseline is the first run."""

    @property
    def ok(self) -> bool:
        """Tell whether the gate is open."""
        return self.finding is Finding.KEPT

    @property
    def share(self) -> float:
        """Return the share of the baseline's cases that are in the run, unchanged."""
        return self.comparison.overall.n / self.baseline_n if self.baseline_n else 0.0


def compare(first: Run, second: Run) -> Comparison:
    """Compare two runs over the cases with equal ids and digests; raises CasesError when there is none."""
    comparison = _compare(first, second)
    if not comparison.overall.n:
        raise CasesError(
            f"{first.folder} と {second.folder}: 同じ問いが1件もありません。同じ問題集で測った2つを指定してください。"
        )
    return comparison


def gate(run: Run, baseline: Run) -> Verdict:
    """Judge a run against a baseline: a significant loss over the shared cases (exact one-sided McNemar), or too few of them."""
    comparison = _compare(baseline, run)
    finding = Finding.LOST if comparison.overall.p_loss < SIGNIFICANT else Finding.KEPT
    verdict = Verdict(finding=finding, baseline_n=len(baseline.results), comparison=comparison)
    return replace(verdict, finding=Finding.TOO_FEW) if verdict.share < LEAST_SHARE else verdict


def _compare(first: Run, second: Run) -> Comparison:
    before, after = _by_id(first), _by_id(second)
    shared = sorted(before.keys() & after.keys())
    pairs = [(before[name], after[name]) for name in shared if before[name].digest == after[name].digest]
    tags = sorted({tag for _, result in pairs for tag in result.tags})
    return Comparison(
        first=first,
        second=second,
        overall=_contrast(pairs),
        tags={tag: _contrast([pair for pair in pairs if tag in pair[1].tags]) for tag in tags},
        worse=tuple(pair for pair in pairs if pair[0].passed and not pair[1].passed),
        better=tuple(pair for pair in pairs if pair[1].passed and not pair[0].passed),
        only_first=tuple(sorted(before.keys() - after.keys())),
        only_second=tuple(sorted(after.keys() - before.keys())),
        changed=tuple(name for name in shared if before[name].digest != after[name].digest),
    )


def _by_id(run: Run) -> dict[str, Result]:
    return {result.id: result for result in run.results}


def _contrast(pairs: Sequence[Pair]) -> Contrast:
    outcomes = [(first.passed, second.passed) for first, second in pairs]
    return Contrast(
        both=outcomes.count((True, True)),
        lost=outcomes.count((True, False)),
        won=outcomes.count((False, True)),
        neither=outcomes.count((False, False)),
    )
