"""Figures of a draft against its sources: each must stand in one, or follow from theirs, and be the newest for its thing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from rag.domain import Period
from rag.drafting.figure_dates import wrong_ages, wrong_dates
from rag.drafting.figure_faults import FigureFault, FigureProblem, FigureSource
from rag.drafting.figure_reading import Placed, alike, placed_figures
from rag.drafting.figure_sums import Worked, fits, follows, points, worked_out
from rag.drafting.overlap import meet
from rag.japanese.text import narrow
from rag.japanese.times import times

__all__ = ["FigureFault", "FigureProblem", "FigureSource", "check_figures"]

SAME_THING = 0.6
"""Likeness from which two figures count the same thing."""
SERIES = 0.4
"""The same where both sources are editions of one (統計 令和5年, 令和6年)."""
CLOSEST = 0.3
"""Likeness from which a source's figure may be the one that a draft meant."""


FAINT = 0.15
"""The same where the digits are nearly its own."""


_NO_DAY = date(1900, 1, 1)
_SPANS = frozenset({"年", "か月", "週", "日", "時間", "分"})
"""Units of time spans (10年前, 5年間), which a draft counts out itself."""
_MEASURES = frozenset(
    "円 % 倍 ポイント 人 件 歳 年 か月 週 日 時間 分 回 m m2 m3 kg 度 世帯 か所 施設 校 戸 台".split()
)
"""Units of which a draft always speaks."""


_COUNTERS = frozenset("人 件 回 世帯 か所 施設 校 戸 台 歳".split())
"""Units that a table leaves out, since its head names what it counts."""


_ON_TO = re.compile(r"\s*[・~〜～、,\-－―]\s*[0-9]")
"""What gives a figure the unit of the next one (16～78歳, 18・19歳)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    figure: Placed
    source: FigureSource


def check_figures(draft: str, sources: Sequence[FigureSource], *, day: date | None = None) -> tuple[FigureProblem, ...]:
    """Return the figures and dates of a draft that are wrong, in order; `day` is that of the answer, for 昨年度 and 本年."""
    known = [
        _Known(figure=figure, source=source)
        for source in sorted(sources, key=lambda each: each.day or date.min)
        for figure in placed_figures(source.text, source.day, title=source.title)
    ]
    told: list[Placed] = []
    sound: list[Placed] = []
    found: list[FigureProblem] = []
    every = placed_figures(draft, day)
    for at, figure in enumerate(every):
        is_repeated = any(_repeats(figure, each) for each in sound)
        problem = None if is_repeated else _problem(figure, _beside(told, every[at + 1 :], figure), known, draft)
        if problem is not None:
            found.append(problem)
        else:
            sound.append(figure)
        told.append(figure)
    return (*found, *wrong_dates(draft, sources), *wrong_ages(draft, day))


def _repeats(figure: Placed, sound: Placed) -> bool:
    """Tell whether a figure says again what was found sound: the same value of the same thing, for no other time."""
    is_of_another_time = figure.periods and sound.periods and not meet(figure.periods, sound.periods)
    is_of_another_thing = figure.near and sound.near and not figure.near & sound.near
    return (figure.value, figure.unit) == (sound.value, sound.unit) and not (is_of_another_time or is_of_another_thing)


def _beside(told: Sequence[Placed], later: Sequence[Placed], figure: Placed) -> list[Placed]:
    """Return what was told before a figure, and for a share what follows it in its sentence (120人のうち3割に当たる36人)."""
    return [*told, *(each for each in later if figure.unit == "%" and each.sentence == figure.sentence)]


def _problem(figure: Placed, told: Sequence[Placed], known: Sequence[_Known], draft: str) -> FigureProblem | None:
    """Return what is wrong with a figure; None: nothing."""
    standing = [each for each in known if _same(figure, each.figure) and _may_count(figure, each, known)]
    if standing:
        problem = _stale(figure, standing, known, draft) or _wrong_total(figure, told, standing)
        return problem or _wrong_basis(figure, standing)
    figures_known = [each.figure for each in known]
    worked = list(worked_out(figure, told, figures_known))
    if any(fits(figure, each.value) for each in worked) or follows(figure, told, figures_known):
        return None
    if points(figure, told, figures_known):
        right = f"{figure.value}ポイント"
        return FigureProblem(fault=FigureFault.UNIT, words=figure.words, sentence=figure.sentence, right=right)
    problem = _wrong_unit(figure, known) or _nearest(figure, known, worked)
    is_small = len(figure.digits) == 1 and figure.value < 10
    is_span = figure.unit in _SPANS and problem.fault in (FigureFault.UNKNOWN, FigureFault.SUM)
    return None if is_span or (is_small and problem.fault is FigureFault.UNKNOWN) else problem


def _same(figure: Placed, other: Placed) -> bool:
    """Tell whether a source's figure is that of the draft, rounded where it says so."""
    if {figure.unit, other.unit} == {"倍", "%"}:  # 平年比2.6倍 is 260%
        times, rate = sorted((figure, other), key=lambda each: each.unit == "%")
        return times.value * 100 == rate.value
    if not _same_unit(figure.unit, other.unit):
        return False
    return figure.value == other.value or (figure.low != figure.high and fits(figure, other.value))


def _may_count(figure: Placed, other: _Known, known: Sequence[_Known]) -> bool:
    """Tell whether a source's figure without a unit may be that of the draft: none beside it with the unit suits as well."""
    behind = other.figure.sentence[other.figure.start + len(other.figure.words) :]
    if other.figure.unit or figure.unit not in _COUNTERS or _ON_TO.match(behind):
        return True
    suits = alike(figure, other.figure)
    return not any(
        each.source is other.source
        and each.figure.unit == figure.unit
        and each.figure.sentence == other.figure.sentence
        and alike(figure, each.figure) >= suits
        for each in known
    )


def _same_unit(one: str, other: str) -> bool:
    """Tell whether two units are one: a source need not repeat what the head of its table or its subject counts."""
    if one == other:
        return True
    if not other:
        return one not in _MEASURES or one in _COUNTERS  # the row of a table counts what its head says
    if not one:
        return other not in _MEASURES
    return one not in _MEASURES and other not in _MEASURES and (one[:2] == other[:2])


def _stale(figure: Placed, standing: Sequence[_Known], known: Sequence[_Known], draft: str) -> FigureProblem | None:
    """Return the newer value for the same thing; None: this is the newest, or the draft says of when it is."""
    standing = [each for each in standing if not each.figure.is_of_before] or list(standing)
    best = max(standing, key=lambda each: (alike(figure, each.figure), each.source.day or date.min))
    newer = [
        each
        for each in known
        if _same_unit(figure.unit, each.figure.unit)
        and not _same(figure, each.figure)
        and not each.figure.is_of_before
        and (
            _replaced(best.figure, each.figure) or (_is_later(each, best) and _is_same_thing(figure, best, each, known))
        )
    ]
    if not newer or any(_same(figure, each.figure) and _is_later(each, best) for each in standing):
        return None
    last = max(newer, key=lambda each: (each.source.day or date.min, alike(best.figure, each.figure)))
    if _is_of_its_time(figure, best, last) or _is_told(last.figure, draft):
        return None
    return _of_source(FigureFault.STALE, figure, last)


def _is_later(one: _Known, other: _Known) -> bool:
    return (one.source.day or date.min) > (other.source.day or date.min)


def _is_same_thing(figure: Placed, old: _Known, newer: _Known, known: Sequence[_Known]) -> bool:
    """Tell whether a newer figure counts what the draft's counts, better than any other of its source."""
    is_series = _series(old.source.title) == _series(newer.source.title)
    if alike(old.figure, newer.figure) < (SERIES if is_series else SAME_THING):
        return False
    if not is_series and alike(figure, newer.figure) < CLOSEST:
        return False
    rivals = [
        each.figure
        for each in known
        if each.source is newer.source
        and each.figure is not newer.figure
        and not each.figure.is_of_before
        and _same_unit(each.figure.unit, figure.unit)
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


def _series(title: str) -> str:
    """Return a title without what changes from one edition to the next."""
    return re.sub(r"令和|平成|昭和|[0-9元]+|年度?版?|月|日|[(（][^()（）]*[)）]|確定|速報|第|回|\s", "", narrow(title))


def _is_of_its_time(figure: Placed, old: _Known, newer: _Known) -> bool:
    """Tell whether the draft names a time of the older figure to which the newer one does not belong."""
    ours, before, after = figure.periods, _times(old), _times(newer)
    return meet(ours, before) and not meet(ours, after)


def _times(known: _Known) -> tuple[Period, ...]:
    """Return the times of a source's figure: those that its sentence names, else its title, else the day of the source."""
    day = known.source.day
    titled = tuple(each.period for each in times(known.source.title, day or _NO_DAY) if each.period != Period())
    return known.figure.periods or titled or ((Period(start=day, end=day + timedelta(days=1)),) if day else ())


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


def _wrong_basis(figure: Placed, standing: Sequence[_Known]) -> FigureProblem | None:
    """Return the source's figure where that is by the month and the draft's by the year; None: they agree, or one does not say."""
    bases = {each.figure.basis for each in standing}
    if not figure.basis or "" in bases or figure.basis in bases:
        return None
    return _of_source(FigureFault.UNIT, figure, standing[0])


def _stands(figure: Placed, sentence: str) -> bool:
    return any(_same(figure, each) for each in placed_figures(sentence))


def _wrong_unit(figure: Placed, known: Sequence[_Known]) -> FigureProblem | None:
    """Return the source's figure that has the same digits and another unit or scale; None: there is none."""
    near = [
        each
        for each in known
        if each.figure.digits == figure.digits
        and not (figure.unit in _COUNTERS and not each.figure.unit)  # a bare number is no other unit
        and (len(figure.digits) > 2 or (len(figure.digits) > 1 and alike(figure, each.figure) >= FAINT))
    ]
    if not near:
        return None
    best = max(near, key=lambda each: alike(figure, each.figure))
    is_slip = _letters(figure) == _letters(best.figure) and _numbers(figure) != _numbers(best.figure)
    return _of_source(FigureFault.DIGIT if is_slip else FigureFault.UNIT, figure, best)


def _letters(figure: Placed) -> str:
    return re.sub(r"[0-9,.万億兆]", "", figure.words)


def _numbers(figure: Placed) -> str:
    return re.sub(r"[^0-9]", "", figure.words)


def _nearest(figure: Placed, known: Sequence[_Known], worked: Sequence[Worked]) -> FigureProblem:
    """Return the value that was meant: that of a source for the same thing, else the one that is worked out as the sentence says."""
    meant = [each for each in known if _same_unit(figure.unit, each.figure.unit) and each.figure.value != figure.value]
    best = max(meant, key=lambda each: (_likeness(figure, each), each.source.day or date.min), default=None)
    if best is not None and _is_slip(figure, best.figure) and alike(figure, best.figure) >= FAINT:
        return _of_source(FigureFault.DIGIT, figure, best)
    if worked:
        close = min(worked, key=lambda each: abs(each.value - figure.value))
        right = _shown(close.value, figure)
        return FigureProblem(fault=FigureFault.SUM, words=figure.words, sentence=figure.sentence, right=right)
    if best is not None and alike(figure, best.figure) >= CLOSEST:
        return _of_source(FigureFault.DIGIT, figure, best)
    return FigureProblem(fault=FigureFault.UNKNOWN, words=figure.words, sentence=figure.sentence)


def _is_slip(figure: Placed, other: Placed) -> bool:
    """Tell whether one digit was mistyped, lost or doubled, or two changed places."""
    one, two = figure.digits, other.digits
    if len(one) == len(two):
        return len(one) > 1 and (sum(a != b for a, b in zip(one, two, strict=True)) <= 1 or sorted(one) == sorted(two))
    short, long = sorted((one, two), key=len)
    return (
        len(long) - len(short) == 1
        and len(short) > 1
        and any(long[:at] + long[at + 1 :] == short for at in range(len(long)))
    )


def _likeness(figure: Placed, each: _Known) -> float:
    """Return how much a source's figure may be the one meant: the same thing, at the same time, in similar digits."""
    in_time = meet(figure.periods, each.figure.periods)
    return alike(figure, each.figure) + 0.4 * _is_slip(figure, each.figure) + 0.2 * in_time


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
    """Write a value as it is spoken: 4億7,500万円."""
    if value < 10000 or value % 1000:
        decimals = re.search(r"\.([0-9]+)", figure.words)
        places = Decimal(1).scaleb(-len(decimals[1]) if decimals else 0)
        rounded = value.quantize(places, ROUND_HALF_UP)
        return f"{rounded:,f}{figure.unit}"
    hundred_millions, rest = divmod(int(value), 10**8)
    ten_thousands, ones = divmod(rest, 10**4)
    parts = ((hundred_millions, "億"), (ten_thousands, "万"), (ones, ""))
    return "".join(f"{part:,}{name}" for part, name in parts if part) + figure.unit
