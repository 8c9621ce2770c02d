"""Find and read dates: 和暦, 西暦, fiscal years, months and years as ranges."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from rag.errors import InputError
from rag.japanese.numerals import NUMBER, read_integer
from rag.japanese.text import Span, narrow

__all__ = ["DateMention", "Precision", "common_era", "dates", "parse_date"]

_ERAS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}
_ERAS |= {"㍾": 1867, "㍽": 1911, "㍼": 1925, "㍻": 1988, "㋿": 2018}
_ERAS |= {"M": 1867, "T": 1911, "S": 1925, "H": 1988, "R": 2018}

_YEAR = (
    r"(?:(?P<era>明治|大正|昭和|平成|令和|[㍾㍽㍼㍻㋿]|(?<![A-Za-z0-9])[MTSHR]) ?(?P<eranum>元|" + NUMBER + r")"
    r"|(?P<west>(?<![0-9.,])[12][0-9]{3}|[二一][〇一二三四五六七八九]{3}))(?:\([^()]{1,12}\))? ?年"
)
_MENTION = re.compile(
    rf"{_YEAR}(?:(?P<fiscal>度)|(?:\([^()]{{1,12}}\))?[ の]?(?P<month>{NUMBER}) ?月(?!間)(?: ?(?P<day>{NUMBER}) ?日(?!間))?)?"
    r"|(?<![A-Za-z0-9])(?P<letter>[MTSHR])\.?(?P<lyear>[0-9]{1,2}|元)[./-](?P<lmonth>[0-9]{1,2})(?:[./-](?P<lday>[0-9]{1,2}))?(?![0-9.])"
    r"|(?<![0-9./-])(?P<iyear>[12][0-9]{3})(?P<sep>[-/.])(?P<imonth>[0-9]{1,2})(?P=sep)(?P<iday>[0-9]{1,2})(?![0-9./-])"
    r"|(?<![0-9])(?P<compact>(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01]))(?![0-9])"
    rf"|(?P<link>同年|翌年|(?:から|より|~|、|及び|又は|・|並びに))(?P<smonth>{NUMBER})月(?P<sday>{NUMBER})日(?!間)"
)


class Precision(StrEnum):
    """How exactly a mention names its time."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    FISCAL_YEAR = "fiscal_year"


@dataclass(frozen=True, slots=True, kw_only=True)
class DateMention:
    """A date in a text, as the range of days that it names; equal whatever the notation."""

    start: date
    end: date
    """Exclusive: a day ends on the next, 令和8年度 on 2027-04-01."""
    precision: Precision
    span: Span = field(compare=False)


def dates(text: str) -> list[DateMention]:
    """Return every date with a year, in order; '5月31日' counts where the year of the date just before carries on.

    An impossible date (2月30日) is left out.
    """
    narrowed = narrow(text)
    result: list[DateMention] = []
    for found in _MENTION.finditer(narrowed):
        previous = result[-1] if result and "。" not in narrowed[result[-1].span.end : found.start()] else None
        mention = _carried(found, previous) if found["link"] else _complete(found)
        if mention is not None:
            result.append(mention)
    return result


_ERA_YEAR = re.compile(rf"(明治|大正|昭和|平成|令和|[㍾㍽㍼㍻㋿]) ?(元|{NUMBER}) ?(?=年)")


def common_era(text: str) -> str:
    """Write every year of an era (令和7年, 令和七年度) as one of the common era (2025年, 2025年度), for comparison."""
    return _ERA_YEAR.sub(lambda found: str(_ERAS[found[1]] + read_integer(found[2])), narrow(text))


def parse_date(text: str) -> date:
    """Return the day that 2026-11-23, 令和8年11月23日, R8.11.23 or 20261123 names; raises InputError."""
    wanted = narrow(text).strip()
    found = _MENTION.fullmatch(wanted)
    mention = _complete(found) if found and not found["link"] else None
    if mention is None or mention.precision is not Precision.DAY:
        raise InputError(
            f"日付「{text}」を読み取れません。2026-11-23、令和8年11月23日、R8.11.23、20261123 のいずれかの形で、"
            "実在する年月日を指定してください。"
        )
    return mention.start


def _complete(found: re.Match[str]) -> DateMention | None:
    """Read a mention that has its own year; None for an impossible date."""
    part = found.groupdict()
    if part["compact"]:
        year, month, day = part["compact"][:4], part["compact"][4:6], part["compact"][6:]
    elif part["iyear"]:
        year, month, day = part["iyear"], part["imonth"], part["iday"]
    elif part["letter"]:
        year, month, day = str(_ERAS[part["letter"]] + read_integer(part["lyear"])), part["lmonth"], part["lday"]
    else:
        base = _ERAS[part["era"]] if part["era"] else 0
        year, month, day = str(base + read_integer(part["eranum"] or part["west"])), part["month"], part["day"]
    return _range(found, (year, month, day), fiscal=part["fiscal"] is not None)


def _carried(found: re.Match[str], previous: DateMention | None) -> DateMention | None:
    """Read '5月31日' in the year of the date before it; None where no date stands close before."""
    if previous is None:
        return None
    gap = found.start() - previous.span.end
    if gap > (30 if found["link"] in ("同年", "翌年") else 0):
        return None
    year = previous.start.year + (found["link"] == "翌年")
    mention = _range(found, (str(year), found["smonth"], found["sday"]), fiscal=False)
    if mention is None:
        return None
    start = found.end("link") if found["link"] not in ("同年", "翌年") else found.start()
    return DateMention(start=mention.start, end=mention.end, precision=mention.precision, span=Span(start, found.end()))


def _range(found: re.Match[str], written: tuple[str, str | None, str | None], *, fiscal: bool) -> DateMention | None:
    """Turn year, month and day as written into a range; None where the calendar has no such day."""
    year = read_integer(written[0])
    month = read_integer(written[1]) if written[1] else 0
    day = read_integer(written[2]) if written[2] else 0
    try:
        if day:
            start, precision = date(year, month, day), Precision.DAY
            end = start + timedelta(days=1)
        elif month:
            start, precision = date(year, month, 1), Precision.MONTH
            end = date(year + month // 12, month % 12 + 1, 1)
        elif fiscal:
            start, end, precision = date(year, 4, 1), date(year + 1, 4, 1), Precision.FISCAL_YEAR
        else:
            start, end, precision = date(year, 1, 1), date(year + 1, 1, 1), Precision.YEAR
    except (ValueError, OverflowError):
        return None
    return DateMention(start=start, end=end, precision=precision, span=Span(*found.span()))
