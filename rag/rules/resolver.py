"""What the references of a rule point to: 前条, 同条第二項, 前各号, 別表第一, 旅費条例第十六条, each as a clause of a document."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rag.japanese.references import Place, Reference, references
from rag.japanese.rule_names import is_this_rule
from rag.japanese.text import narrow
from rag.rules.outline import Unit
from rag.rules.targets import Pointer, Reading, Rule
from rag.rules.walk import EARLIER_TEXT, Walk

__all__ = ["Resolver", "readings_of"]

_IS_READ = re.compile(r"とあ[るり]")
_READ_AS = re.compile(r"とあるのは[、,]?$")
_BEFORE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolver:
    """Reads the references of one rule."""

    rule: Rule
    find_rule: Callable[[str], Rule | None]
    """Name → the loaded rule of that name, as its reader may see it; None: there is none."""

    def pointers(self, unit: Unit) -> list[Pointer]:
        """Return the references of a unit in order, with their targets."""
        return self.walk(unit).seen

    def readings(self, unit: Unit) -> list[Reading]:
        """Return the words that a unit reads otherwise in the clauses that it applies (読替え), in order."""
        return readings_of(self.walk(unit))

    def walk(self, unit: Unit) -> Walk:
        """Read every reference of a unit: for whoever needs both its pointers and its readings."""
        walk = Walk(
            rule=self.rule,
            unit=unit,
            rule_named=self._rule_named,
            depths=_depths(unit.text, "()"),
            quoted=_depths(unit.text, "「」"),
        )
        for reference in references(unit.text):
            if _is_heading(reference, unit):
                continue
            walk.read(reference)
        return walk

    def _rule_named(self, name: str, before: str) -> tuple[Rule | None, str]:
        """Return the rule that a name means behind these words, and its full name; the rule None: it is not loaded."""
        if EARLIER_TEXT.search(name) or EARLIER_TEXT.search(before):
            return None, name
        full = self.rule.names.get(narrow(name), name)
        if is_this_rule(full) or full == self.rule.title:
            return self.rule, ""
        return self.find_rule(full), full


def readings_of(walk: Walk) -> list[Reading]:
    """Return the readings of a unit whose references have been read."""
    text = walk.unit.text
    found: list[Reading] = []
    waiting: list[str] = []
    for start, end in _quotes(walk.quoted):
        words = text[start + 1 : end - 1]
        target = next((walk.read_from[at] for at in sorted(walk.read_from, reverse=True) if at <= start), None)
        if target is None:
            continue
        if _IS_READ.match(text, end):
            waiting.append(words)
        elif waiting and _READ_AS.search(text, max(0, start - _BEFORE), start):
            found += [Reading(target=target, old=old, new=words) for old in waiting]
            waiting = []
    return found


def _quotes(quoted: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield where each outermost 「…」 begins and ends."""
    start = -1
    for at, depth in enumerate([*quoted, 0]):
        if depth and start < 0:
            start = at
        elif start >= 0 and not depth:
            yield start, at
            start = -1


def _depths(text: str, pair: str) -> list[int]:
    """Return how many brackets of this pair are open at each character, the brackets themselves counted as inside."""
    depths: list[int] = []
    depth = 0
    for character in narrow(text):
        depth += character == pair[0]
        depths.append(depth)
        depth -= character == pair[1] and depth > 0
    return depths


def _is_heading(found: Reference, unit: Unit) -> bool:
    """Tell the number in front of an article or a 別表 from a reference."""
    own = found.number if unit.place in (Place.TABLE, Place.FORM) else found.article
    return found.span.start == 0 and own == unit.key and not found.relative
