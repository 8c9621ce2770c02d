"""The loaded rules as one reader may see them on one day, by id and by name."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from threading import Lock

from rag.domain import Chunk, DocumentRecord, Kind, State
from rag.japanese.references import share_of_title
from rag.japanese.rule_names import defined_names
from rag.japanese.usual_names import UsualNames, fold_name
from rag.rules.outline import outline
from rag.rules.resolver import Resolver
from rag.rules.targets import Rule

__all__ = ["RuleShelf", "Rulebook", "read_rule"]

LEAST_SHARE = 0.3
"""A name that gives less of a title than this (条例, 施行規則) names no rule."""
_RANK_ALONE = re.compile(
    "(?:施行)?(?:法律|法|条例|規則|規程|要綱|要領|政令|省令|府令|令|訓令|告示|基準|指針|規約|細則|ガイドライン|ポリシー)"
)
"""Says what kind of rule is meant and not which, however short a title may be (財務規則)."""
_FULL = "に関する"
"""Stands in names that are titles in full, and in no abbreviation."""
_PLACE = re.compile(".{1,8}(?:[都道府県市区町村]|組合|連合)")
KEPT_RULES = 64
"""Rules whose clauses are kept read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleShelf:
    """Rules that were read once; may be used by several threads."""

    chunks_of: Callable[[str], Sequence[Chunk]]
    lock: Lock = field(default_factory=Lock)
    kept: OrderedDict[tuple[str, str, str], Rule] = field(default_factory=OrderedDict)
    """(id, content hash, period) → rule, the one used last at the end."""

    def rule(self, record: DocumentRecord) -> Rule:
        """Return the rule of a record with its clauses."""
        key = (record.id, record.content_hash, str(record.period))
        with self.lock:
            if key in self.kept:
                self.kept.move_to_end(key)
                return self.kept[key]
        rule = read_rule(record, self.chunks_of(record.id))
        with self.lock:
            self.kept[key] = rule
            while len(self.kept) > KEPT_RULES:
                self.kept.popitem(last=False)
        return rule


def read_rule(record: DocumentRecord, chunks: Sequence[Chunk]) -> Rule:
    """Put a rule together from its chunks, with the short names that it defines."""
    names = defined_names("\n".join(chunk.text for chunk in chunks))
    return Rule(document_id=record.id, title=record.title, outline=outline(chunks), names=names)


@dataclass(frozen=True, kw_only=True)
class Rulebook:
    """The rules that one reader may read, as of one day."""

    shelf: RuleShelf
    records: Sequence[DocumentRecord]
    """What the reader may read, of any kind and state."""
    usual: UsualNames
    day: date
    _found: dict[str, DocumentRecord | None] = field(default_factory=dict)
    """Folded name → what was found for it."""

    def resolver(self, document_id: str) -> Resolver | None:
        """Return the resolver of a rule; None where the reader may not read it or it is none."""
        found = self._rules.get(document_id)
        return Resolver(rule=self.shelf.rule(found), find_rule=self.find) if found else None

    def find(self, name: str) -> Rule | None:
        """Return the rule of this title, usual name or abbreviation that is in force; None: none, or several alike."""
        wanted = fold_name(self.usual.title(name))
        if wanted not in self._found:
            self._found[wanted] = self._looked_up(wanted)
        record = self._found[wanted]
        return self.shelf.rule(record) if record else None

    def _looked_up(self, wanted: str) -> DocumentRecord | None:
        titles = [wanted] if wanted in self._titles else []
        if not titles and not _RANK_ALONE.fullmatch(wanted):
            shares = {title: share for title in self._titles if (share := _share(wanted, title)) >= LEAST_SHARE}
            titles = [title for title, share in shares.items() if share == max(shares.values())]
        return self._titles[titles[0]] if len(titles) == 1 else None

    @cached_property
    def _rules(self) -> dict[str, DocumentRecord]:
        return {each.id: each for each in self.records if each.kind is Kind.RULES and each.state is State.ACTIVE}

    @cached_property
    def _titles(self) -> dict[str, DocumentRecord | None]:
        """Folded title → the rule in force, of several texts of it the one that started last; None: rules of several numbers."""
        texts: dict[str, list[DocumentRecord]] = {}
        for each in sorted(self._rules.values(), key=lambda each: (str(each.period.start or ""), each.id)):
            if each.period.contains(self.day):
                texts.setdefault(fold_name(each.title), []).append(each)
        return {
            title: None if len({fold_name(each.number) for each in alike if each.number}) > 1 else alike[-1]
            for title, alike in texts.items()
        }


def _share(name: str, title: str) -> float:
    """Return the share of a title that a name gives, 0 where the two are rules of another rank (条例, 規則)."""
    if _rank(name) != _rank(title) or (_FULL in name and not _is_of_a_place(title, name)):
        return 0.0
    return share_of_title(name, title)


def _is_of_a_place(title: str, name: str) -> bool:
    """Tell whether a title is a full name with nothing but a place in front of it: 会計年度任用職員の… is another rule."""
    return title.endswith(name) and _PLACE.fullmatch(title.removesuffix(name)) is not None


def _rank(name: str) -> str:
    return "法" if name.endswith("法律") else name[-1:] if name.endswith(("法", "令")) else name[-2:]
