"""The times that a text names, also as people say them: 令和5年度9月, 去年の9月, 昨年度, 先の6月, 9月."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from rag.domain import Period
from rag.errors import InputError
from rag.japanese.dates import Precision, dates
from rag.japanese.numerals import NUMBER, read_integer
from rag.japanese.text import Span, narrow

__all__ = ["TimeMention", "month_of", "parse_days", "times"]

_YEARS_AGO = {"一昨年": 2, "おととし": 2, "去年": 1, "昨年": 1, "前年": 1, "今年": 0, "本年": 0, "当年": 0}
_RELATIVE = re.compile(rf"(?P<word>{'|'.join(_YEARS_AGO)})(?P<fiscal>度)?")
_MONTH = re.compile(rf"の?(?P<month>{NUMBER})月(?!間|分|号)(?:(?P<day>{NUMBER})日(?!間))?")
_LATEST = re.compile(rf"(?:先|前回|この前|この間|直近|前)の(?P<month>{NUMBER})月(?!間|分|号)")
_BARE = re.compile(rf"(?P<month>{NUMBER})月(?!間|分|号|末)(?:(?P<day>{NUMBER})日)?")
_LEAP_YEAR = 2024


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeMention:
    """A year, a month or a day as a text names it, seen from some day."""

    period: Period
    """Empty for a month of any year."""
    month: int
    """1 to 12 for a month of any year, else 0."""
    span: Span


def times(text: str, day: date) -> list[TimeMention]:
    """Return the times that a text names, in order; 去年 and 先の6月 are seen from `day`."""
    narrowed = narrow(text)
    found = [*_dated(narrowed), *_relative(narrowed, day)]
    for mention in (*_latest(narrowed, day), *_months(narrowed)):
        if all(mention.span.end <= each.span.start or each.span.end <= mention.span.start for each in found):
            found.append(mention)
    return sorted(found, key=lambda each: each.span)


def parse_days(text: str, day: date) -> Period:
    """Return the days that the whole text names, 令和5年度 or 去年 as well as 2025-09-17; raises InputError."""
    wanted = narrow(text).strip()
    named = [each for each in times(wanted, day) if each.span == (0, len(wanted)) and not each.month]
    if len(named) != 1:
        raise InputError(
            f"時期「{text}」を読み取れません。2025-09-17、令和5年度、2023年、去年の9月 のように、実在する時期を指定してください。"
        )
    return named[0].period


def month_of(year: int, month: int) -> Period:
    """Return the days of a month; raises ValueError for one that the calendar lacks."""
    return Period(start=date(year, month, 1), end=date(year + month // 12, month % 12 + 1, 1))


def _dated(text: str) -> Iterator[TimeMention]:
    """Yield the dates with a year, 令和5年度9月 as that month."""
    for mention in dates(text):
        period, end = Period(start=mention.start, end=mention.end), mention.span.end
        if mention.precision in (Precision.YEAR, Precision.FISCAL_YEAR):
            period, end = _narrowed(period, text, end)
        yield TimeMention(period=period, month=0, span=Span(mention.span.start, end))


def _relative(text: str, day: date) -> Iterator[TimeMention]:
    """Yield 去年, 昨年度, 今年の9月 and the like."""
    for found in _RELATIVE.finditer(text):
        year = day.year - _YEARS_AGO[found["word"]] - bool(found["fiscal"] and day.month < 4)
        first = 4 if found["fiscal"] else 1
        if not date.min.year <= year < date.max.year:
            continue
        period = Period(start=date(year, first, 1), end=date(year + 1, first, 1))
        period, end = _narrowed(period, text, found.end())
        yield TimeMention(period=period, month=0, span=Span(found.start(), end))


def _latest(text: str, day: date) -> Iterator[TimeMention]:
    """Yield 先の6月: the last one that has begun."""
    for found in _LATEST.finditer(text):
        month = read_integer(found["month"])
        year = day.year - (month > day.month)
        if 1 <= month <= 12 and date.min.year <= year < date.max.year:
            yield TimeMention(period=month_of(year, month), month=0, span=Span(*found.span()))


def _months(text: str) -> Iterator[TimeMention]:
    """Yield the months of which no year is said."""
    for found in _BARE.finditer(text):
        month, day = read_integer(found["month"]), read_integer(found["day"]) if found["day"] else 1
        try:
            date(_LEAP_YEAR, month, day)
        except (ValueError, OverflowError):  # 9月31日
            continue
        yield TimeMention(period=Period(), month=month, span=Span(*found.span()))


def _narrowed(year: Period, text: str, end: int) -> tuple[Period, int]:
    """Return the month or day that follows a year or fiscal year, and where it ends; the year where none does or the calendar lacks it."""
    match = _MONTH.match(text, end)
    if match is None or year.start is None:
        return year, end
    month = read_integer(match["month"])
    number = year.start.year + (month < year.start.month)
    try:
        if not match["day"]:
            return month_of(number, month), match.end()
        day = date(number, month, read_integer(match["day"]))
        return Period(start=day, end=date.fromordinal(day.toordinal() + 1)), match.end()
    except (ValueError, OverflowError):
        return year, end
