"""A draft beside what was answered before: the same, a step forward or back on the ladder, or a contradiction."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rag.drafting.clash_facts import speaks_of_other_times
from rag.drafting.clashes import clashes
from rag.drafting.ladder import LEVELS, Ladder, Reading
from rag.drafting.sides import Side, share

__all__ = ["Relation", "RelationKind", "compare"]

RELATED = 0.2
"""Share of the shorter text's topic words from which both speak of one thing."""


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


_EXPLAINS = re.compile(
    r"(?:として|と申し上げて|とお答えして|考えて|見込んで|予定して|答弁して)(?:まいり|おり|い)ました(?:が|けれども|ところ)|としてきました(?:が|ところ)"
    r"|(?:変更|見直|改め|修正|訂正|転換|前倒し|延期|先送り|繰り下げ|後ろ倒し)(?:、|する|しました|した|いたし|ることと|ました)|これまで[^。]{0,30}(?:ましたが|おりましたが)|と(?:申し上げ|お答えし|答弁し)ましたが|(?:計画|予定|当初|目標)[^。]{0,12}(?:より|から)[^。]{0,12}遅れ|ずれ込|見送(?:る|り|らせ)"
)
"""Words by which a draft itself says that something is otherwise than before."""
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
    if not before.level or not level or before.level == level:
        return Relation(kind=RelationKind.SAME, quotes=quotes, reason="言い回しの強さは同じです")
    kind = RelationKind.FORWARD if level < before.level else RelationKind.BACK
    return Relation(kind=kind, quotes=quotes, reason=f"「{LEVELS[before.level]}」→「{LEVELS[level]}」")


def _stance(side: Side, topic: frozenset[str]) -> Reading:
    """Return the sentence that tells the stance: of those on the topic the closest that commits, else the closest."""
    near = side.on(topic)
    sentence = next((each for each in near if side.levels[each]), near[0])
    return Reading(level=side.levels[sentence], sentence=sentence)
