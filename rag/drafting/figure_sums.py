"""Figures that follow from others: totals, differences, shares, changes, averages and products, as a sentence says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations, permutations

from rag.drafting.figure_reading import Placed

__all__ = ["Worked", "fits", "follows", "points", "worked_out"]

MOST = 8
"""Figures of one unit beyond which some difference or rate of two of them fits by chance."""
LONGEST_RUN = 12
_TOTAL = re.compile(
    r"合計|総額|総計|総数|全体で|合わせ|併せ|足し|(?<![統集会推設時家予])計(?![画算測上理器])|トータル|(?:年|か月)間で|年間|年額|内訳|さらに|加え|追加|合算"
)
_DIFFERENCE = re.compile(
    r"差(?!し|押|出)|差し?引|引いた|残り|残る|増|減|上回|下回|伸び|縮|多い|少な|上昇|低下|上が|下が|不足|欠員|開き|及ば|及びま|足り|加わ|新たに|余裕|除[くい]"
)
_GROWS = re.compile(r"増|伸び|上昇|上が|上回")
_FALLS = re.compile(r"減|低下|縮|下が|下回")
_RATE = re.compile(r"割合|占め|当た|割|率|比|%|パーセント|倍|進捗|分の")
_AVERAGE = re.compile(r"平均|当たり|あたり|ずつ|につき(?!まし)")


_TOWNS = frozenset({"市町村", "市", "町", "村"})
_PARTS_OF_YEAR = (
    (re.compile(r"月平均|月当たり|[1一]か月|ひと月"), (Decimal(12),)),
    (re.compile(r"週平均|週当たり"), (Decimal(52),)),
    (re.compile(r"日平均|日当たり"), (Decimal(365), Decimal(366))),
)
"""How a yearly figure is told by a shorter time → by what it is divided."""


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
        yield from _differences(figure, near)
        yield from _differences(figure, [*near, *known])
    if figure.unit in {"%", "倍"} and _RATE.search(said):
        yield from _rates(figure, near, known)
    if _AVERAGE.search(said):
        yield from _by_time(figure, [*near, *known])
        yield from _averages(figure, near)
        yield from _averages(figure, [*near, *known])


def follows(figure: Placed, told: Sequence[Placed], known: Sequence[Placed]) -> bool:
    """Tell whether a figure follows from others though no word of its sentence says how: it is too exact for chance."""
    if figure.unit == "人" and re.match(r"に[1一]人", figure.sentence[figure.start + len(figure.words) :]):
        return any(each.unit == "%" and each.value and fits(figure, 100 / each.value) for each in (*told, *known))
    if len(figure.digits) < 2 or figure.unit in {"%", "倍"}:
        return False
    terms = _different([*told, *known])
    exact = [*_differences(figure, terms), *_shares_of(figure, terms)]
    if figure.low != figure.high:
        rows = [each for each in known if each.unit == figure.unit]
        exact.append(Worked(value=sum((each.value for each in rows), Decimal(0)), how="すべての行の計"))
        exact += [
            Worked(value=one.value + other.value, how=f"{one.words} + {other.words}")
            for one, other in combinations(rows[:MOST], 2)
            if one.sentence == other.sentence
        ]
    if len(figure.digits) > 2:
        exact += [*_products(figure, terms)]
    return any(fits(figure, each.value) for each in exact)


def points(figure: Placed, told: Sequence[Placed], known: Sequence[Placed]) -> bool:
    """Tell whether a figure given in per cent is a difference of two rates, which counts in ポイント."""
    rates = [each for each in _different([*told, *known]) if each.unit == "%"]
    return figure.unit == "%" and any(one.value - other.value == figure.value for one, other in permutations(rates, 2))


def fits(figure: Placed, exact: Decimal) -> bool:
    """Tell whether a figure is an exact value, rounded to its last digit, or within what 約 or 余り at it lets it."""
    if figure.low != figure.high:
        return figure.low <= exact <= figure.high
    step = Decimal(1).scaleb(min(int(figure.value.normalize().as_tuple().exponent), 0))
    return (exact / step).quantize(Decimal(1), ROUND_HALF_UP) * step == figure.value


def _totals(figure: Placed, told: Sequence[Placed], known: Sequence[Placed]) -> Iterator[Worked]:
    for terms in (told, known):
        alike = [each for each in terms if each.unit == figure.unit or {each.unit, figure.unit} <= _TOWNS]
        for size in range(min(len(alike), LONGEST_RUN), 1, -1):
            for start in range(len(alike) - size, -1, -1):
                run = alike[start : start + size]
                yield Worked(
                    value=sum((each.value for each in run), Decimal(0)), how=" + ".join(each.words for each in run)
                )
    yield from _products(figure, _different([*told, *known]))
    yield from _over_time(figure, _different([*told, *known]))


def _by_time(figure: Placed, terms: Sequence[Placed]) -> Iterator[Worked]:
    """Yield what a yearly figure is by the month, the week or the day, where the sentence says so (月平均)."""
    for name, parts in _PARTS_OF_YEAR:
        if name.search(figure.prose):
            for total in (each for each in _different(terms) if each.unit == figure.unit):
                for part in parts:
                    yield Worked(value=total.value / part, how=f"{total.words} ÷ {part}")


def _over_time(figure: Placed, terms: Sequence[Placed]) -> Iterator[Worked]:
    """Yield what a payment is in a year, or in the years and months that are named."""
    prices = [each for each in terms if each.unit == figure.unit]
    spans = [each for each in terms if each.unit in {"年", "か月", "月"}]
    if figure.unit == "円" and len(prices) <= MOST and len(spans) <= MOST:
        for price in prices:
            yield Worked(value=price.value * 12, how=f"{price.words} × 12")
            for span in spans:
                yield Worked(value=price.value * span.value, how=f"{price.words} × {span.words}")
                yield Worked(value=price.value * span.value * 12, how=f"{price.words} × 12 × {span.words}")


def _products(figure: Placed, terms: Sequence[Placed]) -> Iterator[Worked]:
    prices = [each for each in terms if each.unit == figure.unit]
    counts = [each for each in terms if each.unit not in {figure.unit, "%", "年", "日"}]
    if len(counts) <= MOST and len(prices) <= MOST:
        for price in prices:
            for count in counts:
                yield Worked(value=price.value * count.value, how=f"{price.words} × {count.words}")
                if count.unit == "kg":
                    yield Worked(value=price.value * count.value / 1000, how=f"{price.words} × {count.words}")


def _shares_of(figure: Placed, terms: Sequence[Placed]) -> Iterator[Worked]:
    wholes = [each for each in terms if each.unit == figure.unit]
    for whole in wholes if len(wholes) <= MOST else ():
        for share in (each for each in terms if each.unit == "%"):
            yield Worked(value=whole.value * share.value / 100, how=f"{whole.words} × {share.words}")


def _differences(figure: Placed, terms: Sequence[Placed]) -> Iterator[Worked]:
    alike = _different([each for each in terms if each.unit in {figure.unit, "%" if figure.unit == "ポイント" else ""}])
    for one, other in permutations(alike, 2) if len(alike) <= MOST else ():
        if one.value > other.value:
            yield Worked(value=one.value - other.value, how=f"{one.words} - {other.words}")


def _rates(figure: Placed, told: Sequence[Placed], known: Sequence[Placed]) -> Iterator[Worked]:
    whole = Decimal(100) if figure.unit == "%" else Decimal(1)
    said = figure.sentence[figure.start :]
    grows, falls = _GROWS.search(said) is not None, _FALLS.search(said) is not None
    is_told = figure.unit == "倍" and any(one.unit == other.unit != "倍" for one, other in combinations(told, 2))
    for group in (told,) if is_told else (told, [*told, *known]):
        terms = _different([each for each in group if each.unit not in {"%", "倍"} and each.value])
        for one, other in permutations(terms, 2) if len(terms) <= 2 * MOST else ():
            if one.unit == other.unit:
                rate = one.value * whole / other.value
                yield Worked(value=rate, how=f"{one.words} ÷ {other.words}")
                if (
                    figure.unit == "%"
                    and _DIFFERENCE.search(figure.sentence)
                    and not (rate < whole if grows > falls else rate > whole and falls > grows)
                ):
                    yield Worked(value=abs(rate - whole), how=f"({one.words} - {other.words}) ÷ {other.words}")


def _averages(figure: Placed, terms: Sequence[Placed]) -> Iterator[Worked]:
    sums = [each for each in _different(terms) if each.unit in {figure.unit, ""}]
    counts = [each for each in _different(terms) if each.unit != figure.unit and each.value]
    for size in range(min(len(sums), LONGEST_RUN), 1, -1):
        run = sums[-size:]
        yield Worked(
            value=sum((each.value for each in run), Decimal(0)) / size,
            how=f"{'、'.join(each.words for each in run)}の平均",
        )
    if len(sums) <= MOST and len(counts) <= MOST:
        for total in sums:
            for count in counts:
                yield Worked(value=total.value / count.value, how=f"{total.words} ÷ {count.words}")


def _different(terms: Sequence[Placed]) -> list[Placed]:
    return list({(each.value, each.unit): each for each in terms}.values())
