"""Figures of a draft against its sources: each must stand in one, or follow from theirs, and be the newest for its thing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from rag.domain import Period
from rag.drafting.figure_reading import FigureSource, Placed, alike, placed_figures, sources_in_order
from rag.drafting.figure_sums import Worked, fits, worked_out
from rag.japanese.dates import DateMention, dates
from rag.japanese.text import narrow, sentences

__all__ = ["FigureFault", "FigureProblem", "FigureSource", "check_figures"]

SAME_THING = 0.6
"""Likeness from which two figures count the same thing."""
CLOSEST = 0.35
"""Likeness from which a source's figure may be the one that a draft meant."""


SURE = 1.2
"""Likeness, digits and time counted in, from which a source's figure was meant and none that is worked out."""


class FigureFault(StrEnum):
    """What is wrong with a figure."""

    STALE = "stale"
    """A newer source gives another value for the same thing."""
    UNIT = "unit"
    """The number stands in a source with another unit."""
    SUM = "sum"
    """It does not follow from the figures that it is worked out of."""
    DIGIT = "digit"
    """A source gives another number for it."""
    UNKNOWN = "unknown"
    """No source speaks of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureProblem:
    """A figure or a date of a draft that its sources do not bear."""

    fault: FigureFault
    words: str
    """As the draft writes it."""
    sentence: str
    right: str = ""
    """The value that should stand there, as the source writes it or as it is worked out; empty where it cannot be told."""
    source: FigureSource | None = None
    """None: no source speaks of it."""
    quote: str = ""
    """The sentence of the source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    figure: Placed
    source: FigureSource


def check_figures(draft: str, sources: Sequence[FigureSource], *, day: date | None = None) -> tuple[FigureProblem, ...]:
    """Return the figures and dates of a draft that are wrong, in order; `day` is that of the answer, for 昨年度 and 本年."""
    known = [
        _Known(figure=figure, source=source)
        for source in sources_in_order(sources)
        for figure in placed_figures(source.text, source.day, title=source.title)
    ]
    told: list[Placed] = []
    found: list[FigureProblem] = []
    for figure in placed_figures(draft, day):
        problem = _problem(figure, told, known, draft)
        if problem is not None:
            found.append(problem)
        told.append(figure)
    return (*found, *_wrong_dates(draft, sources))


def _problem(figure: Placed, told: Sequence[Placed], known: Sequence[_Known], draft: str) -> FigureProblem | None:
    """Return what is wrong with a figure; None: nothing."""
    standing = [each for each in known if _same(figure, each.figure)]
    if standing:
        return _stale(figure, standing, known, draft) or _wrong_total(figure, told, standing)
    worked = list(worked_out(figure, told, [each.figure for each in known]))
    if any(fits(figure, each.value) for each in worked) or (not figure.unit and figure.value < 10):
        return None
    return _wrong_unit(figure, known) or _nearest(figure, known, worked)


def _same(figure: Placed, other: Placed) -> bool:
    """Tell whether a source's figure is that of the draft, rounded where it says so."""
    if not _same_unit(figure.unit, other.unit):
        return False
    return figure.value == other.value or (
        (figure.is_about or other.is_about) and fits(figure, other.value) and figure.is_about
    )


def _same_unit(one: str, other: str) -> bool:
    return one == other or (bool(one and other) and (one.startswith(other[0]) and one[0] == other[0]) and len(one) > 1)


def _stale(figure: Placed, standing: Sequence[_Known], known: Sequence[_Known], draft: str) -> FigureProblem | None:
    """Return the newer value for the same thing; None: this is the newest, or the draft says of when it is."""
    best = max(standing, key=lambda each: (alike(figure, each.figure), each.source.day or date.min))
    for newer in reversed(known):
        if (newer.source.day or date.min) < (best.source.day or date.min) or newer.figure is best.figure:
            continue
        if not _same_unit(figure.unit, newer.figure.unit) or _same(figure, newer.figure):
            continue
        later = (newer.source.day or date.min) > (best.source.day or date.min)
        if not (later and _is_same_thing(figure, best, newer, known)) and not _replaced(best.figure, newer.figure):
            continue
        if _is_of_its_time(figure, best, newer) or _is_told(newer.figure, draft):
            return None
        return FigureProblem(
            fault=FigureFault.STALE,
            words=figure.words,
            sentence=figure.sentence,
            right=newer.figure.words,
            source=newer.source,
            quote=newer.figure.sentence,
        )
    return None


def _is_same_thing(figure: Placed, old: _Known, newer: _Known, known: Sequence[_Known]) -> bool:
    """Tell whether a newer figure counts what the draft's counts, better than any other of its source."""
    likeness = min(alike(figure, newer.figure), alike(old.figure, newer.figure))
    if likeness < SAME_THING:
        return False
    rivals = [
        each.figure
        for each in known
        if each.source is newer.source and _same_unit(each.figure.unit, figure.unit) and each.figure is not newer.figure
    ]
    return all(alike(old.figure, rival) <= alike(old.figure, newer.figure) for rival in rivals) and not any(
        _same(figure, rival) and not _replaced(rival, newer.figure) for rival in rivals
    )


def _replaced(old: Placed, new: Placed) -> bool:
    """Tell whether one sentence says that the one value became the other (1,200人から1,350人に)."""
    if old.sentence != new.sentence or old.start >= new.start:
        return False
    between = old.sentence[old.start + len(old.words) : new.start]
    return (
        re.fullmatch(r"から、?[^。]{0,12}", between) is not None
        and re.search(r"改|変更|修正|訂正|引き上げ|引き下げ|見直", old.sentence[new.start :]) is not None
    )


def _is_of_its_time(figure: Placed, old: _Known, newer: _Known) -> bool:
    """Tell whether the draft names a time to which the newer figure does not belong."""
    if not figure.periods:
        return False
    theirs = newer.figure.periods or old.figure.periods
    return not theirs or not any(_overlap(one, other) for one in figure.periods for other in theirs)


def _overlap(one: Period, other: Period) -> bool:
    start = max(one.start or date.min, other.start or date.min)
    return start < min(one.end or date.max, other.end or date.max)


def _is_told(figure: Placed, draft: str) -> bool:
    """Tell whether the draft gives the newer value too, as one that compares does."""
    return any(_same(each, figure) for each in placed_figures(draft))


def _wrong_total(figure: Placed, told: Sequence[Placed], standing: Sequence[_Known]) -> FigureProblem | None:
    """Return the sum of terms that the draft itself names right before a total; None: it is right, or none is named."""
    terms = [each for each in told if each.sentence == figure.sentence and each.unit == figure.unit]
    joined = re.search(r"(?:合計|合わせ|計)[^。、0-9]{0,8}、?[^。、0-9]{0,8}$", figure.prose)
    if len(terms) < 2 or joined is None:
        return None
    total = sum((each.value for each in terms), Decimal(0))
    if fits(figure, total) or any(all(_stands(each, one.figure.sentence) for each in terms) for one in standing):
        return None
    return FigureProblem(
        fault=FigureFault.SUM, words=figure.words, sentence=figure.sentence, right=_shown(total, figure)
    )


def _stands(figure: Placed, sentence: str) -> bool:
    return any(_same(figure, each) for each in placed_figures(sentence))


def _wrong_unit(figure: Placed, known: Sequence[_Known]) -> FigureProblem | None:
    """Return the source's figure that has the same digits and another unit or scale; None: there is none."""
    alike_ones = [each for each in known if each.figure.written == figure.written and figure.written >= 2]
    near = [each for each in alike_ones if alike(figure, each.figure) >= CLOSEST]
    if not near:
        return None
    best = max(near, key=lambda each: alike(figure, each.figure))
    return _of_source(FigureFault.UNIT, figure, best)


def _nearest(figure: Placed, known: Sequence[_Known], worked: Sequence[Worked]) -> FigureProblem:
    """Return the value that was meant: that of a source for the same thing, else the one that is worked out as the sentence says."""
    meant = [each for each in known if _same_unit(figure.unit, each.figure.unit)]
    best = max(meant, key=lambda each: (_likeness(figure, each), each.source.day or date.min), default=None)
    if worked and (best is None or _likeness(figure, best) < SURE):
        return FigureProblem(
            fault=FigureFault.SUM,
            words=figure.words,
            sentence=figure.sentence,
            right=_shown(worked[0].value, figure),
        )
    if best is not None and alike(figure, best.figure) >= CLOSEST:
        return _of_source(FigureFault.DIGIT, figure, best)
    return FigureProblem(fault=FigureFault.UNKNOWN, words=figure.words, sentence=figure.sentence)


def _likeness(figure: Placed, each: _Known) -> float:
    """Return how much a source's figure may be the one meant: the same thing, at the same time, in similar digits."""
    in_time = any(_overlap(one, other) for one in figure.periods for other in each.figure.periods)
    return alike(figure, each.figure) + 0.3 * _same_digits(figure.words, each.figure.words) + 0.2 * in_time


def _same_digits(one: str, other: str) -> float:
    first, second = (re.sub(r"[^0-9]", "", each) for each in (one, other))
    if len(first) != len(second) or not first:
        return 0.0
    return sum(a == b for a, b in zip(first, second, strict=True)) / len(first)


def _of_source(fault: FigureFault, figure: Placed, known: _Known) -> FigureProblem:
    return FigureProblem(
        fault=fault,
        words=figure.words,
        sentence=figure.sentence,
        right=known.figure.words,
        source=known.source,
        quote=known.figure.sentence,
    )


def _shown(value: Decimal, figure: Placed) -> str:
    rounded = value if value == value.to_integral_value() else value.quantize(Decimal("0.1"))
    return f"{rounded.normalize():,f}{figure.unit}"


def _wrong_dates(draft: str, sources: Sequence[FigureSource]) -> Iterator[FigureProblem]:
    """Yield the dates of a draft that stand in no source, nor hold or lie in one that does."""
    given = [each for source in sources for each in dates(f"{source.title}。{source.text}")]
    days = [source.day for source in sources if source.day]
    for span in sentences(draft):
        sentence = narrow(span.of(draft))
        for mention in dates(sentence):
            if any(_touches(mention, each) for each in given) or any(
                mention.start <= day < mention.end for day in days
            ):
                continue
            if given:
                yield FigureProblem(
                    fault=FigureFault.DIGIT,
                    words=mention.span.of(sentence),
                    sentence=sentence,
                )


def _touches(one: DateMention, other: DateMention) -> bool:
    inside = one.start <= other.start and other.end <= one.end
    return inside or (other.start <= one.start and one.end <= other.end)
