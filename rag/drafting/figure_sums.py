"""Figures that follow from others: totals, differences, shares, changes, averages and products, as a sentence says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import permutations

from rag.drafting.figure_reading import Placed

__all__ = ["Worked", "fits", "worked_out"]

MOST = 8
"""Figures of one unit beyond which some difference or rate of two of them fits by chance."""
LONGEST_RUN = 12
_TOTAL = re.compile(r"合計|総額|総計|総数|全体で|合わせ|併せ|足し|(?<![統集会推設時家予])計(?![画算測上理器])|トータル")
_DIFFERENCE = re.compile(
    r"差(?!し|押|出)|差し?引|引いた|残り|残る|増|減|上回|下回|伸び|縮|多い|少な|上昇|低下|上が|下が"
)
_RATE = re.compile(r"割合|占め|当た|割|率|比|%|パーセント|倍|進捗")
_AVERAGE = re.compile(r"平均|当たり|あたり|ずつ|につき")


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """A value that follows from figures, and how."""

    value: Decimal
    how: str
    """'1,200人 + 300人'."""


def worked_out(figure: Placed, told: Sequence[Placed], known: Sequence[Placed]) -> Iterator[Worked]:
    """Yield the values that the sentence of a figure may mean, those that its own text names first.

    `told` are the figures that stand in the draft before it, in order, and `known` those of the sources.
    """
    said = figure.sentence
    near = [each for each in told if each.sentence == said] or list(told[-LONGEST_RUN:])
    if _TOTAL.search(said):
        yield from _totals(figure, near, known)
    if _DIFFERENCE.search(said) and figure.unit not in {"%", "倍"}:
        yield from _differences(figure, [*near, *known])
    if figure.unit in {"%", "倍"} and _RATE.search(said):
        yield from _rates(figure, near, known)
    if _AVERAGE.search(said):
        yield from _averages(figure, [*near, *known])


def fits(figure: Placed, exact: Decimal) -> bool:
    """Tell whether a figure is an exact value, rounded to its last digit, as it is written or as 約 lets it."""
    shown = figure.value.normalize().as_tuple()
    step = Decimal(1).scaleb(min(int(shown.exponent), 0))
    if figure.unit in {"%", "倍"} or figure.is_about:
        step = max(step, figure.step if figure.is_about or figure.unit == "円" else step)
    if figure.is_about:
        return abs(exact - figure.value) < step
    return (exact / step).quantize(Decimal(1), ROUND_HALF_UP) * step == figure.value


def _totals(figure: Placed, told: Sequence[Placed], known: Sequence[Placed]) -> Iterator[Worked]:
    for terms in (told, known):
        alike = [each for each in terms if each.unit == figure.unit]
        for size in range(min(len(alike), LONGEST_RUN), 1, -1):
            for start in range(len(alike) - size, -1, -1):
                run = alike[start : start + size]
                yield Worked(
                    value=sum((each.value for each in run), Decimal(0)), how=" + ".join(each.words for each in run)
                )
    counts = [each for each in (*told, *known) if each.unit != figure.unit and each.value < 1000]
    prices = [each for each in (*told, *known) if each.unit == figure.unit]
    if len(counts) <= MOST and len(prices) <= MOST:
        for price in prices:
            for count in counts:
                yield Worked(value=price.value * count.value, how=f"{price.words} × {count.words}")


def _differences(figure: Placed, terms: Sequence[Placed]) -> Iterator[Worked]:
    alike = _different([each for each in terms if each.unit in {figure.unit, "%" if figure.unit == "ポイント" else ""}])
    for one, other in permutations(alike, 2) if len(alike) <= MOST else ():
        if one.value > other.value:
            yield Worked(value=one.value - other.value, how=f"{one.words} - {other.words}")


def _rates(figure: Placed, told: Sequence[Placed], known: Sequence[Placed]) -> Iterator[Worked]:
    whole = Decimal(100) if figure.unit == "%" else Decimal(1)
    changes = _DIFFERENCE.search(figure.sentence) is not None
    for group in (told, [*told, *known]):
        terms = _different([each for each in group if each.unit not in {"%", "倍"} and each.value])
        for one, other in permutations(terms, 2) if len(terms) <= 2 * MOST else ():
            if one.unit == other.unit:
                rate = one.value * whole / other.value
                yield Worked(value=rate, how=f"{one.words} ÷ {other.words}")
                if changes:
                    yield Worked(value=abs(rate - whole), how=f"({one.words} - {other.words}) ÷ {other.words}")


def _averages(figure: Placed, terms: Sequence[Placed]) -> Iterator[Worked]:
    sums = [each for each in _different(terms) if each.unit == figure.unit]
    counts = [each for each in _different(terms) if each.unit != figure.unit and each.value]
    if len(sums) <= MOST and len(counts) <= MOST:
        for total in sums:
            for count in counts:
                yield Worked(value=total.value / count.value, how=f"{total.words} ÷ {count.words}")
    for size in range(2, min(len(sums), LONGEST_RUN) + 1):
        run = sums[:size]
        yield Worked(
            value=sum((each.value for each in run), Decimal(0)) / size,
            how=f"{'、'.join(each.words for each in run)}の平均",
        )


def _different(terms: Sequence[Placed]) -> list[Placed]:
    return list({(each.value, each.unit): each for each in terms}.values())
