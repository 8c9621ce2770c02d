"""A draft beside what was answered before: the same, a step forward or back on the ladder, or a contradiction."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rag.drafting.clash_facts import speaks_of_other_times
from rag.drafting.clashes import clashes
from rag.drafting.ladder import LEVELS, Ladder, Reading
from rag.drafting.overlap import share
from rag.drafting.sides import Side, topic

__all__ = ["Relation", "RelationKind", "compare"]

RELATED = 0.2
"""Share of the shorter text's topic words from which both speak of one thing."""


WORDED_ALIKE = 0.8
"""The same from which one sentence says what the other said."""


class RelationKind(StrEnum):
    """How a draft stands to a past answer."""

    SAME = "same"
    FORWARD = "forward"
    BACK = "back"
    CONTRADICTION = "contradiction"
    UNRELATED = "unrelated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """How a draft stands to a past answer, and the words that show it."""

    kind: RelationKind
    quotes: tuple[str, ...] = ()
    """The sentence of the draft, then that of the past answer; empty where they are unrelated."""
    reason: str = ""
    """In Japanese, in few words."""
    is_plain: bool = True
    """Whether that can be shown as it is; False: neither words nor levels say that nothing has moved."""


_EXPLAINS = re.compile(
    r"(?:として|と申し上げて|とお答えして|考えて|見込んで|予定して|答弁して)(?:まいり|おり|い)ました(?:が|けれども|ところ)|としてきました(?:が|ところ)"
    r"|(?:変更|見直|改め|修正|訂正|転換|前倒し|延期|先送り|繰り下げ|後ろ倒し)(?:、|する|しました|した|いたし|ることと|ました)|これまで[^。]{0,30}(?:ましたが|おりましたが)|と(?:申し上げ|お答えし|答弁し)ましたが|(?:計画|予定|当初|目標)[^。]{0,12}(?:より|から)[^。]{0,12}遅れ|ずれ込|見送(?:る|り|らせ)"
)
"""Words by which a draft itself says that something is otherwise than before."""
_RETREATS = re.compile(
    r"取りや|断念|見送(?:る|り|っ|らせ)|延期|先送り|先延ばし|繰り下げ|後ろ倒し|中止|凍結|撤回|縮小(?:する|し|せ)|縮め|圧縮|短縮して|ざるを得|困難とな|かな(?:わず|いません)"
    r"|めどは?(?:立|が)|絞(?:る|り込)|とどま(?:り|って|っ)|とどめ|に限(?:らせ|って|る)|に減ら|(?:から|へ|に)引き下げ|[0-9一二三四五六七八九十]年遅れ|当初の[^、。]{0,8}改め"
)
"""Words by which a draft takes back a part of what was announced."""
_ANNOUNCES = re.compile(
    r"まいります|いたします|予定|計画|こととし|目標|目指|まいりたい|増やします|始めます|付け|入ります|考え"
)
"""Words of what is still to come."""
_DONE = re.compile(
    r"(?:いたしました|されました|行いました|ところで(?:す|あり|ござい)|に至りました|なりました|結びました|しました|上回りました|広げました|決めました)[^、。]{0,4}。?$"
    r"|本年[0-9一二三四五六七八九十]*月?(?:から|より)[^。]*始めております|整い(?:ました|)。?$"
)
_RESULT = re.compile(
    r"結果|踏まえ|実を結|至りました|その後|あれから|経て|調い|整い|得られ|確かめられ|確認でき|ことを?(?:から|受け)|足掛かり|完了|達成|上回り|全て(?:の|で)|全(?:所属|校|県|市町)|前倒し|により[^。]*られ|いずれも"
    r"|重ねてまいりました|進めてまいりました|働きかけ|(?:新たに|初めて)"
)
"""What a deed follows from, or what it completes: the house has moved on since."""
_DOES = re.compile(r"(?:ました|おります|したところ|ているところ|段階に入って)[^、。]{0,12}。?$")


def compare(
    past_text: str, draft_text: str, past_day: date | None, draft_day: date | None, *, ladder: Ladder
) -> Relation:
    """Say how a draft stands to a past answer, with the sentences of both that show it."""
    ours, theirs = Side(draft_text, draft_day, ladder), Side(past_text, past_day, ladder)
    if share(ours.topic, theirs.topic) < RELATED:
        return Relation(kind=RelationKind.UNRELATED, reason="話題が異なります")
    if speaks_of_other_times(ours, theirs):
        return Relation(kind=RelationKind.UNRELATED, reason="時点の異なる数値です")
    clash = None if _EXPLAINS.search(ours.text) else next(clashes(ours, theirs), None)
    if clash is not None:
        return Relation(kind=RelationKind.CONTRADICTION, quotes=(clash.ours, clash.theirs), reason=clash.reason)
    return _moved(ours, theirs)


def _moved(ours: Side, theirs: Side) -> Relation:
    """Return the move on the ladder; what was considered and now is done is a step forward."""
    before, after = _stance(theirs, ours.topic), _stance(ours, theirs.topic)
    quotes = (after.sentence, before.sentence)
    level = after.level or (1 if before.level > 2 and _DOES.search(after.sentence) else 0)
    if _ANNOUNCES.search(theirs.text) and (said := _first(_RETREATS, ours)):
        quotes = (said, before.sentence)
        return Relation(
            kind=RelationKind.BACK, quotes=quotes, reason="前に述べたことを、狭め、遅らせ、又は取りやめています"
        )
    if not _is_done(theirs) and (said := next((each for each in ours.said if _is_result(each)), "")):
        quotes = (said, before.sentence)
        return Relation(kind=RelationKind.FORWARD, quotes=quotes, reason="前に述べたことが、実施に至っています")
    if not before.level or not level or before.level == level:
        is_worded_alike = share(topic(after.sentence), topic(before.sentence)) >= WORDED_ALIKE
        is_plain = bool(before.level and before.level == level) or is_worded_alike
        return Relation(kind=RelationKind.SAME, quotes=quotes, reason="言い回しの強さは同じです", is_plain=is_plain)
    kind = RelationKind.FORWARD if level < before.level else RelationKind.BACK
    return Relation(kind=kind, quotes=quotes, reason=f"「{LEVELS[before.level]}」→「{LEVELS[level]}」")


def _first(pattern: re.Pattern[str], side: Side) -> str:
    return next((each for each in side.said if pattern.search(each)), "")


def _is_result(sentence: str) -> bool:
    return _DONE.search(sentence) is not None and _RESULT.search(sentence) is not None


def _is_done(side: Side) -> bool:
    return any(map(_is_result, side.said))


def _stance(side: Side, other: frozenset[str]) -> Reading:
    """Return the sentence that tells the stance: of those on the topic the closest that commits, else the closest."""
    near = side.on(other)
    sentence = next((each for each in near if side.levels[each]), near[0])
    return Reading(level=side.levels[sentence], sentence=sentence)
