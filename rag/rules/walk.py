"""Read the references of one article in order: 同条 looks back, 前条 counts, 前各号 spreads."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile

from rag.japanese.numerals import key_order
from rag.japanese.references import Place, Reference
from rag.japanese.rule_names import named_before, rule_endings
from rag.japanese.rule_numbers import arabic
from rag.japanese.text import narrow
from rag.rules.counting import clause_range, each_item, neighbours, read_counted, whole_article, with_paragraph
from rag.rules.outline import Unit
from rag.rules.targets import Pointer, Rule, Target

__all__ = ["EARLIER_TEXT", "Walk"]

EARLIER_TEXT = re.compile(r"^旧|(?:改正|廃止|施行)前の$|改正法$")
"""A name, or the words before one, that mean a text which is in force no more."""
_SCAN = 12
"""Characters before a name in which 改正前の or 改正後の is looked for."""
FARTHEST = 2000
"""Characters through which 同条 or 同法 is looked back for: a 別表 may hold thousands of references."""
_HERE = re.compile(r"(?:この|本)(?P<unit>条|項|号)$")
_SAME_RULE = re.compile(r"(?:同|当該)(?P<suffix>.+)$")
_AMENDS = re.compile(
    r"(?:及び.{1,30})?の規定(?:[(（][^()（）]*(?:[(（][^()（）]*[)）][^()（）]*)*[)）])?による改正|中.{1,60}の改正規定|の改正規定"
    r"|の規定[(（].{1,60}の改正規定|の規定の施行"
)
_OWN_ACT = re.compile(r"この(?:法律|政令|条例|規則|規程|訓令|要綱)[(（]$")
_READS = re.compile(r"(?:ただし書|本文|前段|後段|各号列記以外の部分)?中「")
_LABEL = re.compile(r"附則\((?P<label>[^()]{1,40})\)")


@dataclass(slots=True, kw_only=True)
class Walk:
    """How far the references of a unit are read: 同条 looks back."""

    rule: Rule
    unit: Unit
    rule_named: Callable[[str, str], tuple[Rule | None, str]]
    """Name, the words in front of it → the rule that is meant, None where it is not loaded, and its full name."""
    depths: Sequence[int]
    """Depth of brackets at each character of the unit."""
    quoted: Sequence[int]
    """Depth of 「」 at each character of the unit."""
    seen: list[Pointer] = field(default_factory=list)
    read_from: dict[int, Target] = field(default_factory=dict)
    """Offset from which each clause is read otherwise, up to the next one."""

    def read(self, found: Reference) -> None:
        """Note a reference with its targets."""
        pointer = Pointer(reference=found, targets=tuple(dict.fromkeys(self.targets(found))))
        self.seen.append(pointer)
        if pointer.targets and not self.quoted[found.span.start] and _READS.match(self.unit.text, found.span.end):
            self.read_from[found.span.end] = pointer.targets[0]

    def targets(self, found: Reference) -> Iterator[Target]:
        """Yield what a reference points to."""
        base = self._base(found)
        if base is None:
            return
        for target in self._spread(base, found):
            for each in each_item(target) if found.each else (with_paragraph(target),):
                yield replace(self._of_this_text(each), subitem=found.subitem)

    def _of_this_text(self, target: Target) -> Target:
        """Let go of the rule where a 附則 names a clause that the rule has no more: the text of that time is meant."""
        lost = target.rule is self.rule and self.unit.place is Place.SUPPLEMENT and target.span is None
        return replace(target, rule=None, law=self.rule.title) if lost else target

    # --- the clause that is named or counted to ----------------------------------------------------

    def _base(self, found: Reference) -> Target | None:
        """Return the first clause that is meant; None where the words point to nothing in particular."""
        relative = found.relative if found.relative not in ("各号", "次の各号") else ""
        if relative:
            return self._relative(relative, found)
        here = self._here(found.span.start)
        if found.law:
            return self._in_rule(found)
        if found.place in (Place.TABLE, Place.FORM):
            return replace(whole_article(here), place=found.place, supplement="", number=found.number)
        if found.place is Place.SUPPLEMENT:
            label = self._label(found)
            return _named(
                replace(whole_article(here), place=Place.SUPPLEMENT, supplement=label, article="", number=""), found
            )
        if found.article:
            return self._article(here, found)
        if found.paragraph:
            return replace(here, paragraph=key_order(found.paragraph)[0], item=found.item)
        return replace(here, item=found.item)

    def _here(self, offset: int) -> Target:
        """Return the innermost clause in which an offset lies: for quoted words that are read otherwise, the one they stand in."""
        if self.read_from and self.quoted[offset]:
            return next(reversed(self.read_from.values()))
        paragraph = self.unit.paragraph_at(offset)
        item = paragraph.item_at(offset) if paragraph else None
        return Target(
            rule=self.rule,
            place=self.unit.place,
            supplement=self.unit.supplement,
            article=self.unit.key if self.unit.place in (Place.MAIN, Place.SUPPLEMENT) else "",
            number=self.unit.key if self.unit.place in (Place.TABLE, Place.FORM) else "",
            paragraph=paragraph.number if paragraph else 0,
            item=item.key if item else "",
        )

    def _label(self, found: Reference) -> str:
        """Return which 附則 is meant: the one that is labelled, else the one that this stands in, else the first."""
        if labelled := _LABEL.search(narrow(found.span.of(self.unit.text))):
            return arabic(labelled["label"])
        return self.unit.supplement

    def _article(self, here: Target, found: Reference) -> Target:
        """Return an article of the main part; in the 附則 of an amendment it is one of the amending rule."""
        before = self._before(found.span.start)
        older = EARLIER_TEXT.search(before)
        amends = _AMENDS.match(self.unit.text, found.span.end) or _OWN_ACT.search(before)
        if older or (self.unit.supplement and amends):
            return _named(Target(law=older[0] if older else self.unit.supplement), found)
        return _named(replace(whole_article(here), place=Place.MAIN, supplement="", number=""), found)

    def _in_rule(self, found: Reference) -> Target | None:
        rule, law = self._rule(found)
        target = Target(rule=rule, law=law, place=found.place, number=found.number)
        return target if found.place in (Place.TABLE, Place.FORM) else _named(target, found)

    def _rule(self, found: Reference) -> tuple[Rule | None, str]:
        same = _SAME_RULE.match(found.law)
        if same is None:
            return self.rule_named(found.law, self._before(found.span.start))
        for pointer in self._near(found.span.start):
            for target in pointer.targets[:1]:
                if target.law.endswith(rule_endings(same["suffix"])):
                    return target.rule, target.law
        before = self.unit.text[max(0, found.span.start - FARTHEST) : found.span.start]
        named = named_before(before, len(before), same["suffix"])
        return self.rule_named(named, "") if named else (None, found.law)

    def _before(self, at: int) -> str:
        """Return the words in front of a name that may say of which time it is."""
        return self.unit.text[max(0, at - _SCAN) : at]

    # --- words that count or look back -------------------------------------------------------------

    def _relative(self, word: str, found: Reference) -> Target | None:
        here = self._here(found.span.start)
        if word.startswith("同"):
            return self._same(word, found)
        if stands := _HERE.match(word):
            return _named(_cut(here, stands["unit"]), found)
        counted = read_counted(word)
        first = neighbours(here, counted)[:1] if counted else []
        return _named(first[0], found) if first else None  # `_spread` finds the others

    def _same(self, word: str, found: Reference) -> Target | None:
        """Return what 同条, 同項, 同号, 同表 or 同附則 repeats: the nearest one named outside of brackets that are closed."""
        for pointer in self._still_open(found.span.start):
            target = pointer.targets[0]
            if word == "同表" and target.place is Place.TABLE:
                return target
            if word == "同附則" and target.place is Place.SUPPLEMENT:
                return _named(replace(whole_article(target), article=""), found)
            if word == "同条" and _names_article(pointer.reference):
                return _named(whole_article(target), found)
            if word == "同項" and target.paragraph:
                return _named(replace(target, item=""), found)
            if word == "同号" and target.item:
                return target
        return None

    def _still_open(self, now: int) -> Iterator[Pointer]:
        """Yield earlier references, nearest first, around which no quote has been closed since, nor a bracket, save from bracket to bracket."""
        depth, quoted, known = self.depths[now], self.quoted[now], now
        for pointer in self._near(now):
            last = pointer.reference.span.end - 1
            depth = min(depth, *self.depths[last : known + 1])
            quoted = min(quoted, *self.quoted[last : known + 1])
            known = last
            inside = self.depths[last]
            stays = depth >= inside or self.depths[now] >= inside
            if pointer.targets and stays and quoted >= self.quoted[last]:
                yield pointer

    def _near(self, now: int) -> Iterator[Pointer]:
        """Yield the references before a place, nearest first, as far back as a reader looks."""
        return takewhile(lambda pointer: pointer.reference.span.end >= now - FARTHEST, reversed(self.seen))

    # --- ranges and rows ---------------------------------------------------------------------------

    def _spread(self, base: Target, found: Reference) -> Iterator[Target]:
        """Yield every clause of 前二項, 前各号 or 第五条から第七条まで."""
        if found.until and (end := self._relative(found.until, Reference(span=found.span))):
            last = end.item or (str(end.paragraph) if found.until.endswith("項") else end.article)
            yield from clause_range(base, last)
        elif found.last:
            yield from clause_range(base, found.last)
        elif (counted := read_counted(found.relative)) and counted.is_several:
            yield from (_named(each, found) for each in neighbours(self._here(found.span.start), counted))
        else:
            yield base


def _cut(target: Target, unit: str) -> Target:
    """Return the clause of this size in which a clause lies."""
    if unit == "条":
        return whole_article(target)
    return replace(target, item="") if unit == "項" else target


def _named(target: Target, found: Reference) -> Target:
    """Go down to what a reference names below the clause that it counts to."""
    if found.article:
        target = replace(target, article=found.article, paragraph=0, item="")
    if found.paragraph:
        target = replace(target, paragraph=key_order(found.paragraph)[0], item="")
    return replace(target, item=found.item) if found.item else target


def _names_article(found: Reference) -> bool:
    return bool(found.article) or found.relative.endswith("条")
