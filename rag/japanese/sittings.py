"""Which sitting a text names: 令和5年9月議会, 昨年9月定例会, 令和6年第3回定例会, 先の6月議会, 予算特別委員会."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from rag.domain import Period, SittingName
from rag.errors import InputError
from rag.japanese.dates import Precision, dates
from rag.japanese.numerals import NUMBER, read_integer
from rag.japanese.references import share_of_title
from rag.japanese.text import Span, narrow
from rag.japanese.times import TimeMention, month_of, times

__all__ = ["SittingMention", "is_sitting", "parse_sitting", "sittings"]

_PLACE = "[都道府県市区町村]"
_OWNER = rf"(?:[^\s、。()「」]{{0,8}}?{_PLACE})?"
_COMMITTEE = r"[一-龠々ァ-ヴー]{0,20}(?:委員会|審議会|協議会|検討会議|検討会|懇談会|分科会|部会|会議)(?!録|室|体)"
_BODY = (
    rf"(?:{_OWNER}(?P<assembly>(?:定例|臨時)?{_PLACE}?議会(?:の?(?:定例会|臨時会|本会議))?|定例会|臨時会|本会議)(?!事務局)"
    rf"|{_OWNER}(?P<committee>{_COMMITTEE}))"
)
_SPOKEN = r"(?:一般質問|代表質問|総括質疑|答弁(?!書?案|書|者)|質問(?!書|通告)|質疑|発言|見解|会議録|議事録)"
_TURN = rf"第 ?(?P<turn>{NUMBER}) ?回の?"
_HELD = re.compile(rf"(?:に(?:開かれた|行われた|開催された)|[の、])? ?(?:{_TURN})? ?{_BODY}")
_SAID_BY = re.compile(rf"(?=の(?:[一-龠々ァ-ヴー]{{0,12}}(?:知事|長|監|委員|議員)の)?{_SPOKEN})")
_SAID_ABOUT = re.compile(rf"(?=の[^\s、。はがをに]{{1,16}}の{_SPOKEN})")
"""What follows the time at which something was said: 今年6月の答弁, 昨年の知事の答弁; 令和7年9月の鳥獣被害の答弁, where 令和7年度 is that of the damage."""
_AND = re.compile(r" ?(?:と|及び|・|並びに) ?")
_TURN_ALONE = re.compile(rf"{_TURN} ?{_BODY}")
_COMMITTEE_ALONE = re.compile(rf"(?<![一-龠々ァ-ヴー])(?P<committee>{_COMMITTEE})")
_OFFICE = re.compile(
    r"(?:教育|選挙管理|人事|公安|監査|農業|収用|労働|公平|審査|入札監視|懲戒|衛生)委員会$|^.{0,3}(?:会議|部会|分科会|審議会|協議会|検討会|懇談会)$|^.{0,1}委員会$"
)
"""Bodies that are an office, or words for any meeting: alone they name no sitting."""
_WHOLE = re.compile(r"(?:定例|臨時)(?:[都道府県市区町村]?議?会)|本会議")
_ASSEMBLY = re.compile(r"議会|(?:特別|常任|運営)委員会")
_CALLED_AFTER = re.compile(rf" ?(?:{_TURN})? ?{_OWNER}{_COMMITTEE}")
"""A committee behind the fiscal year whose budget or accounts it examines."""
_ANY_TURN = re.compile(rf"第 ?({NUMBER}) ?回")
_REGULAR = {1: (2, 3), 2: (5, 6, 7), 3: (9, 10), 4: (11, 12)}
"""Which of the year's regular sessions → the months in which assemblies hold it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SittingMention:
    """A sitting and where a text names it."""

    name: SittingName
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """What the minutes say of their own sitting."""

    year: Period
    """The year or fiscal year in its name; empty where it has none."""
    fiscal: tuple[Period, ...]
    """The fiscal years after which a committee is called (令和6年度決算特別委員会); it need not meet in them."""
    month: Period
    """The month in its name; empty where it has none."""
    turn: int
    """第n回; 0 where its name has none."""


def sittings(text: str, day: date) -> list[SittingMention]:
    """Return the sittings that a text names, in order, none over another; relative years are seen from `day`.

    Only words that say when, which turn or which committee: 議会 alone names no sitting.
    """
    narrowed = narrow(text)
    found: list[SittingMention] = []
    for time in reversed(times(text, day)):
        if match := _HELD.match(narrowed, time.span.end) or _said_then(narrowed, time):
            name, end = _name(match), match.end()
        elif found and (match := _AND.match(narrowed, time.span.end)) and match.end() == found[-1].span.start:
            name, end = found[-1].name, time.span.end  # 令和7年9月と令和8年6月の議会
        else:
            continue
        named = replace(name, period=time.period, month=time.month)
        found.append(SittingMention(name=named, span=Span(time.span.start, end)))
    for match in (*_TURN_ALONE.finditer(narrowed), *_COMMITTEE_ALONE.finditer(narrowed)):
        span = Span(*match.span())
        alone = match.re is _COMMITTEE_ALONE and _OFFICE.search(match["committee"])
        if not alone and all(span.end <= each.span.start or each.span.end <= span.start for each in found):
            found.append(SittingMention(name=_name(match), span=span))
    return sorted(found, key=lambda each: each.span)


def parse_sitting(text: str, day: date) -> SittingName:
    """Return the sitting that the whole text names; raises InputError.

    More is understood than in a sentence: 令和5年9月 and 定例会 are enough.
    """
    wanted = narrow(text).strip()
    named = sittings(wanted, day)
    if len(named) == 1 and named[0].span == (0, len(wanted)):
        return named[0].name
    held = times(wanted, day)
    if len(held) == 1 and held[0].span == (0, len(wanted)):
        return SittingName(period=held[0].period, month=held[0].month)
    if match := re.fullmatch(rf"(?:{_TURN})?{_BODY}", wanted):
        return _name(match)
    raise InputError(
        f"会議「{text}」を読み取れません。令和5年9月定例会、令和6年第3回定例会、昨年の9月議会、予算特別委員会 のように指定してください。"
    )


def is_sitting(name: SittingName, label: str, day: date | None) -> bool:
    """Tell whether minutes whose sitting and title are `label`, of a meeting on `day`, are of the sitting meant."""
    held = _held(label)
    return _is_then(name, held, label, day) and _is_turn(name, held, label) and _is_body(name.body, label)


def _said_then(text: str, time: TimeMention) -> re.Match[str] | None:
    """Return the empty match after a time at which something was said; None: that is not said."""
    start, end = time.period.start, time.period.end
    is_short = bool(time.month) or (start is not None and end is not None and (end - start).days <= 31)
    found = _SAID_BY.match(text, time.span.end)
    return found or (_SAID_ABOUT.match(text, time.span.end) if is_short else None)


def _name(match: re.Match[str]) -> SittingName:
    part = match.groupdict()
    turn = part.get("turn")
    assembly = part.get("assembly") or ""
    body = part.get("committee") or next((each for each in ("定例", "臨時", "本会議") if each in assembly), assembly)
    return SittingName(turn=read_integer(turn) if turn else 0, body="議会" if body.endswith("議会") else body)


@lru_cache(maxsize=4096)
def _held(label: str) -> _Held:
    """Read what a sitting is called: '令和7年9月定例会', '令和6年第3回定例会', '令和8年予算特別委員会'."""
    month = year = Period()
    narrowed, named = narrow(label), dates(label)
    for mention in named[:1]:
        period = Period(start=mention.start, end=mention.end)
        if mention.precision in (Precision.YEAR, Precision.FISCAL_YEAR):
            year = period
        else:
            month = month_of(mention.start.year, mention.start.month)
    fiscal = tuple(
        Period(start=each.start, end=each.end)
        for each in named
        if each.precision is Precision.FISCAL_YEAR and _CALLED_AFTER.match(narrowed, each.span.end)
    )
    turn = _ANY_TURN.search(narrowed)
    return _Held(year=year, month=month, fiscal=fiscal, turn=read_integer(turn[1]) if turn else 0)


def _is_then(name: SittingName, held: _Held, label: str, day: date | None) -> bool:
    """Tell whether it was held in the time meant.

    A regular session that is named by its turn begins in the month by which people call it and may end in the next one.
    """
    goes_on = held.month == Period() and held.turn > 0 and "定例" in label
    if name.month:
        months = [each.month for each in (held.month.start, day) if each is not None]
        return name.month in months or (goes_on and day is not None and name.month % 12 + 1 == day.month)
    if name.period == Period():
        return True
    if day is not None and (name.period.contains(day) or (goes_on and _and_the_next(name.period).contains(day))):
        return True
    return name.period in held.fiscal or any(
        _overlap(name.period, each) for each in (held.month, *([held.year] if day is None else []))
    )


def _and_the_next(period: Period) -> Period:
    """Return a month together with the next one; a period of another length as it is."""
    if period.start is None or period != month_of(period.start.year, period.start.month) or period.end is None:
        return period
    return Period(start=period.start, end=month_of(period.end.year, period.end.month).end)


def _overlap(one: Period, other: Period) -> bool:
    if one.start is None or one.end is None or other.start is None or other.end is None:
        return False
    return one.start < other.end and other.start < one.end


def _is_turn(name: SittingName, held: _Held, label: str) -> bool:
    if not name.turn or held.turn:
        return name.turn in (0, held.turn)
    month = held.month.start.month if held.month.start else 0
    return "定例" in label and month in _REGULAR.get(name.turn, ())


def _is_body(body: str, label: str) -> bool:
    """Tell whether the meeting is of the body meant; 予算委員会 means 予算特別委員会, 議会 every meeting of the assembly."""
    narrowed = narrow(label)
    if body in ("", "定例", "臨時"):
        return body in narrowed
    if body in ("議会", "本会議"):
        return (_ASSEMBLY.search(narrowed) if body == "議会" else None) is not None or bool(_WHOLE.search(narrowed))
    return any(share_of_title(body, each[0]) > 0 for each in re.finditer(rf"[^\s()、]*?{_COMMITTEE}", narrowed))
