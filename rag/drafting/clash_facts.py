"""Facts of a draft and of a past answer that cannot both hold: figures, days, deadlines, places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from rag.domain import Period
from rag.drafting.figure_reading import Placed, alike
from rag.drafting.overlap import meet, share
from rag.drafting.sides import Clash, Side, topic

__all__ = ["deadlines", "events", "figures", "fits", "places", "speaks_of_other_times"]

SAME_FIGURE = 0.4
"""Likeness of two figures from which they count the same thing."""
SAME_EVENT = 0.5
"""Share of topic words from which two sentences speak of one event."""
PLAINLY_ONE = 0.7
"""The same where no deed of both says so."""
ON_EVENT = 0.3
"""Share of topic words from which a time may be that of the other sentence's event."""
MONTH_DAYS = 31
WHOLE: Final = 100
_NONE = re.compile(r"ゼロ|皆無")
_COUNTED = frozenset("人 件 世帯 か所 施設 校".split())
_LACKS = re.compile(r"下回|不足|足り|欠|残")
_LASTING = frozenset({"上限", "下限", "補助率"})
"""What holds whichever year is named beside it."""
_FIXED = re.compile(r"目標|計画|上限|下限|補助率|定員|定数|基準|単価|期限|限度|総額|総事業費|料金|対象")
_WHEN = re.compile(
    r"までに|から|に[^、。]{0,20}(?:始|開|完|行|実施|着手|供用|解体|決|改|制|設|提)|予定|目指|入学者|より|の(?:完成|完了|開館|供用|開業|実施|導入)"
)
_ACTS = re.compile(
    r"統合|完成|完了|開設|開所|開始|開業|供用|策定|制定|導入|達成|終了|廃止|整備|公表|施行|移転|開館|貫通|設立|着工|竣工|解除|再開|就航"
)
_SPAN = re.compile(r"から[^。]*(?:まで|終期)|初年度[^。]*終期")
_AS_OF = re.compile(r"現在|時点")
_TOWN = re.compile(r"([一-龥]{1,4}[市町村])(?=の|に)")
_NO_TOWN = re.compile(r"^(?:各|全|県内|関係|他|近隣|周辺|同|当該|両|地元|対象)|市町村?$")
"""What names no one town (各市町村, 県内市町)."""
_BUILT_AT = re.compile(r"[市町村](?:の[^、。]{0,16})?に(?:整備|建設|設置|開設|移転|新設|設け|置)")


def speaks_of_other_times(ours: Side, theirs: Side) -> bool:
    """Tell whether the past answer only gives figures of times of which the draft does not speak."""
    if any(theirs.levels.values()):
        return False
    pairs = [(one, other) for one in ours.figures for other in theirs.figures if one.unit == other.unit]
    pairs = [(one, other) for one, other in pairs if one.periods and other.periods]
    return bool(pairs) and not any(one.periods[0].overlaps(other.periods[0]) for one, other in pairs)


def figures(ours: Side, theirs: Side) -> Iterator[Clash]:
    """Yield another value for the same thing; what one side says as the other does is no value for something else."""
    left = [each for each in theirs.figures if not any(_agree(our, each) for our in ours.figures)]
    for our in ours.figures:
        if any(_agree(our, each) for each in theirs.figures):
            continue
        same = [
            each
            for each in left
            if each.unit == our.unit and alike(our, each) >= SAME_FIGURE and (our.near & each.near or not our.near)
        ]
        best = max(same, key=lambda each: alike(our, each), default=None)
        if best is not None and _of_one_time(our, best) and not _add_up(our, best):
            reason = f"同じことの数値が異なります（{best.words}→{our.words}）"
            yield Clash(ours=our.sentence, theirs=best.sentence, reason=reason)
    some = next(
        (each for each in theirs.figures if each.unit in _COUNTED and each.value and not each.is_of_before), None
    )
    for sentence in ours.said if some is not None else ():
        is_same = some is not None and share(topic(sentence), topic(some.sentence)) >= SAME_EVENT
        if some is not None and is_same and _NONE.search(sentence) and meet(ours.times(sentence), some.periods):
            yield Clash(ours=sentence, theirs=some.sentence, reason=f"{some.words}と答えたものを、ないとしています")


def deadlines(ours: Side, theirs: Side, mine: list[str], their: str) -> Iterator[Clash]:
    """Yield another time for what the past answer announced."""
    ahead = [each for each in theirs.times(their) if theirs.day and each.end and each.end > theirs.day]
    if not ahead or not _WHEN.search(their):
        return
    acts = set(_ACTS.findall(their))
    for sentence in [*mine, *(each for each in ours.said if each not in mine and acts & set(_ACTS.findall(each)))]:
        when = ours.times(sentence)
        is_of_act = bool(acts & set(_ACTS.findall(sentence)))
        if not is_of_act and share(topic(sentence), topic(their)) < ON_EVENT:
            continue
        if when and _WHEN.search(sentence) and not meet(when, ahead):
            yield Clash(ours=sentence, theirs=their, reason="時期が異なります")


def events(ours: Side, theirs: Side) -> Iterator[Clash]:
    """Yield another day or month for one event."""
    for our in ours.said:
        for their in theirs.said:
            alike_topic = share(topic(our), topic(their))
            acts = frozenset(_ACTS.findall(our)) & frozenset(_ACTS.findall(their))
            if alike_topic < SAME_EVENT or not (acts or alike_topic >= PLAINLY_ONE):
                continue
            one, other = (
                [each for each in side.times(sentence) if _days(each) <= MONTH_DAYS]
                for side, sentence in ((ours, our), (theirs, their))
            )
            spans = ours.times(our), theirs.times(their)
            if _SPAN.search(our) and _SPAN.search(their) and all(len(each) > 1 for each in spans):
                (first, *_, last), (start, *_, end) = spans
                if first.overlaps(start) and not last.overlaps(end):
                    yield Clash(ours=our, theirs=their, reason="期間が異なります")
            if (
                len(one) == len(other) == 1
                and not meet(one, other)
                and not (_AS_OF.search(our) or _AS_OF.search(their))
            ):
                yield Clash(ours=our, theirs=their, reason="時期が異なります")


def places(ours: Side, theirs: Side) -> Iterator[Clash]:
    """Yield another place for the one thing that is built."""
    for our in ours.said:
        for their in theirs.said:
            if share(topic(our), topic(their)) < SAME_EVENT:
                continue
            one, other = (frozenset(_towns(each)) for each in (our, their))
            if one and other and not one & other and _BUILT_AT.search(our) and _BUILT_AT.search(their):
                yield Clash(ours=our, theirs=their, reason="場所が異なります")


def _towns(sentence: str) -> Iterator[str]:
    return (each for each in _TOWN.findall(sentence) if not _NO_TOWN.search(each))


def _agree(our: Placed, their: Placed) -> bool:
    return our.unit == their.unit and fits(our, their)


def _add_up(our: Placed, their: Placed) -> bool:
    """Tell whether one is what the other lacks of the whole (充足率88%, 12%下回る)."""
    lacks = _LACKS.search(our.sentence) or _LACKS.search(their.sentence)
    return our.unit == "%" and lacks is not None and our.value + their.value == WHOLE


def fits(our: Placed, their: Placed) -> bool:
    """Tell whether two figures may be one value, as exact as each is given."""
    return our.low <= their.value <= our.high or their.low <= our.value <= their.high


def _of_one_time(our: Placed, their: Placed) -> bool:
    """Tell whether two figures are of one time, or of something that stays as it is until it is changed."""
    if our.periods and their.periods:
        one, other = our.periods[0], their.periods[0]
        return one.overlaps(other) and _days(one) <= 3 * _days(other) and _days(other) <= 3 * _days(one)
    if not (our.periods or their.periods):
        return bool(_FIXED.search(our.sentence) or _FIXED.search(their.sentence))
    fixed = frozenset(_FIXED.findall(our.sentence)) & frozenset(_FIXED.findall(their.sentence))
    return bool(fixed & _LASTING)


def _days(period: Period) -> int:
    return ((period.end or date.max) - (period.start or date.min)).days
