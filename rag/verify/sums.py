"""Totals, differences and rates that a sentence works out of the figures of its sources: each is worked out again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations, pairwise, permutations

from rag.japanese.numerals import Figure, figures
from rag.japanese.text import narrow

_TOTAL = re.compile(r"合計|総額|総計|合わせ|足し|(?<![統集会推設時家])計(?![画算測上理器])")
_DIFFERENCE = re.compile(r"差(?!し|押|出)|差し?引|引いた|引くと|残り|増|減|上回|下回|伸び")
_RATE = re.compile(r"割合|占め|当た|割|率|比|%|パーセント|倍")
_ABOUT = re.compile(r"(?:約|およそ|おおよそ|ほぼ|概ね|おおむね)")
_TENTHS = re.compile(r"割(?!合)$")
_ADDED = re.compile(r"(?:と|、|及び|\+)(?:[^0-9、。]{0,20})")
_GIVES = re.compile(r"(?:を|の|で)?(?:合計|合わせ|足し|総額|計)[^。]{0,20}")
RATES = {"%": Decimal(100), "倍": Decimal(1)}
"""Units of rates, and how many of them one whole is."""
MOST = 6
"""Figures of one unit beyond which some sum, difference or rate of two of them fits by chance."""


def is_worked_out(figure: Figure, sentence: str, known: Sequence[Figure]) -> bool:
    """Tell whether a figure that no source gives follows from those that they give (`known`), as the sentence says it does.

    Where the sentence itself names figures of the unit, from them alone; a rate may be rounded as it is written.
    """
    if figure.unit in RATES:
        return _RATE.search(sentence) is not None and any(
            _is_rounded(figure, sentence, rate) for rate in _rates(figure.unit, sentence, known)
        )
    named = _terms(figure, sentence, known)
    given = [each.value for each in named if each.unit == figure.unit]
    if _TOTAL.search(sentence) and len(given) > 1 and _is_total(figure.value, given, all_of=len(named) < len(known)):
        return True
    few = len(set(given)) <= MOST
    if (
        few
        and _DIFFERENCE.search(sentence)
        and any(one - other == figure.value for one, other in permutations(given, 2))
    ):
        return True
    return _is_about(figure, sentence) and any(
        _is_rounded(figure, sentence, each.value) for each in known if each.unit == figure.unit
    )


def wrong_sum(sentence: str, sources: Sequence[str]) -> bool:
    """Tell whether a sentence that names what it adds up (AとBを合わせてC) adds up wrongly; a source may say so itself."""
    text = narrow(sentence)
    added: list[Figure] = []
    for one, following in pairwise(figures(text)):
        between = text[one.span.end : following.span.start]
        added.append(one)
        alike = one.unit == following.unit and one.unit
        if alike and len(added) > 1 and _GIVES.fullmatch(between):
            said = {*added, following}
            told = any(_TOTAL.search(source) and said <= set(figures(source)) for source in sources)
            if sum(each.value for each in added) != following.value and not told:
                return True
        if not (alike and _ADDED.fullmatch(between)):
            added = []
    return False


def _terms(figure: Figure, sentence: str, known: Sequence[Figure]) -> Sequence[Figure]:
    """Return the figures that the sentence names itself where they are at least two, else all."""
    said = [each for each in figures(narrow(sentence)) if each != figure and each in known and each.unit == figure.unit]
    return said if len(said) > 1 else known


def _is_total(value: Decimal, given: Sequence[Decimal], *, all_of: bool) -> bool:
    """Tell whether a value is the sum of all of these, or, where the sentence does not say of which, of some."""
    different = set(given)
    if value in (sum(given), sum(different)):
        return True
    return not all_of and len(different) <= MOST and any(sum(pair) == value for pair in combinations(different, 2))


def _rates(unit: str, sentence: str, known: Sequence[Figure]) -> Iterator[Decimal]:
    whole = RATES[unit]
    named = [each for each in figures(narrow(sentence)) if each in known and each.unit not in RATES]
    terms = [each for each in dict.fromkeys(named if len(named) > 1 else known) if each.unit not in RATES]
    for one, other in permutations(terms, 2) if len(terms) <= MOST else ():
        if one.unit == other.unit and other.value:
            share = one.value * whole / other.value
            yield share
            if _DIFFERENCE.search(sentence):
                yield abs(share - whole)
    if _ABOUT.search(sentence):
        yield from (each.value for each in known if each.unit == unit)


def _is_rounded(figure: Figure, sentence: str, exact: Decimal) -> bool:
    """Tell whether a figure is an exact value, rounded to the last digit in which the figure is written."""
    text = narrow(sentence)
    step = Decimal(1).scaleb(int(figure.value.as_tuple().exponent))
    if _is_about(figure, text) or _TENTHS.search(figure.span.of(text)):
        step = max(step, _last_digit(figure.value))
    return (exact / step).quantize(Decimal(1), ROUND_HALF_UP) * step == figure.value


def _is_about(figure: Figure, sentence: str) -> bool:
    return _ABOUT.search(narrow(sentence), max(0, figure.span.start - 4), figure.span.start) is not None


def _last_digit(value: Decimal) -> Decimal:
    """Return the place of the last digit that is not 0: 10 for 30, 1000 for 2000."""
    digits, exponent = value.normalize().as_tuple()[1:]
    return Decimal(1).scaleb(int(exponent)) if digits else Decimal(1)
