"""Two runs side by side, and the gate."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from eval.compare import Finding, compare, gate
from eval.results import Result
from eval.runs import Run
from rag.errors import CasesError
from tests.builders import result, run


def outcomes(passed: str, *, tags: tuple[str, ...] = ()) -> list[Result]:
    """One result a character: ○ passed, anything else not."""
    return [result(f"問{number:02}", passed=mark == "○", tags=tags) for number, mark in enumerate(passed)]


def ids(pairs: Iterable[tuple[Result, Result]]) -> list[str]:
    return [pair[1].id for pair in pairs]


def test_losses_and_gains_are_named_and_counted() -> None:
    compared = compare(run(outcomes("○○○××○")), run(outcomes("○×○○×○")))
    assert ids(compared.worse) == ["問01"]
    assert ids(compared.better) == ["問03"]
    overall = compared.overall
    assert (overall.both, overall.lost, overall.won, overall.neither) == (3, 1, 1, 1)
    assert (overall.passed, overall.difference, overall.p) == ((4, 4), 0, 1)
    assert overall.interval[0] < 0 < overall.interval[1]


def test_only_what_was_asked_alike_is_compared() -> None:
    first = run([result("甲"), result("乙", digest="前の問い"), result("丙")])
    second = run([result("丙", passed=False), result("乙", passed=False, digest="新しい問い"), result("丁")])
    compared = compare(first, second)
    assert (compared.only_first, compared.only_second, compared.changed) == (("甲",), ("丁",), ("乙",))
    assert (compared.overall.n, ids(compared.worse)) == (1, ["丙"])
    with pytest.raises(CasesError, match=r"同じ問いが1件もありません。.*ください。"):
        compare(run([result("甲")]), run([result("乙")]))


def test_each_tag_is_compared_by_itself() -> None:
    first = run([result("甲", tags=("旅費",)), result("乙", tags=("休暇", "旅費"))])
    second = run([result("甲", tags=("旅費",)), result("乙", tags=("休暇",), passed=False)])
    tags = compare(first, second).tags
    assert {tag: (contrast.n, contrast.difference) for tag, contrast in tags.items()} == {
        "休暇": (1, -1),
        "旅費": (1, 0),
    }


@pytest.mark.parametrize(
    ("before", "after", "finding"),
    [
        ("○○○○○○", "○×××××", Finding.LOST),  # 5 : 0, p = .03125
        ("○○○○○○", "○○××××", Finding.KEPT),  # 4 : 0, p = .0625
        ("○○○○○○××", "○×××××○○", Finding.KEPT),  # 5 : 2, p = .23
        ("××××××", "○○○○○○", Finding.KEPT),
        ("○○○○○○", "○○○○○○", Finding.KEPT),
    ],
)
def test_the_gate_closes_on_a_significant_loss_only(before: str, after: str, finding: Finding) -> None:
    verdict = gate(run(outcomes(after)), run(outcomes(before)))
    assert verdict.finding is finding
    assert verdict.ok is (finding is Finding.KEPT)


def renamed(results: list[Result], count: int) -> Run:
    return run([result(f"新{number}") for number in range(count)] + results[count:])


def test_the_gate_wants_nine_tenths_of_the_baseline() -> None:
    results = outcomes("○" * 30)
    assert gate(renamed(results, 3), run(results)).finding is Finding.KEPT
    verdict = gate(renamed(results, 4), run(results))
    assert (verdict.finding, verdict.ok) == (Finding.TOO_FEW, False)
    assert gate(run([result("別の問い")]), run(results)).finding is Finding.TOO_FEW


def test_more_cases_than_the_baseline_has_are_welcome() -> None:
    verdict = gate(run(outcomes("○○○○")), run(outcomes("○○")))
    assert (verdict.ok, verdict.share, verdict.comparison.only_second) == (True, 1, ("問02", "問03"))
