"""The nouns of references: a loaded rule, a clause that is pointed to, a reference with its clauses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rag.japanese.references import Place, Reference
from rag.japanese.text import Span
from rag.rules.outline import Outline, Unit, clause_locator

__all__ = ["Pointer", "Reading", "Rule", "Target"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rule:
    """A loaded rule; equal to itself alone."""

    document_id: str
    title: str
    outline: Outline
    names: Mapping[str, str] = field(default_factory=dict)
    """Short names that it defines → full ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A clause that is pointed to."""

    rule: Rule | None = None
    """None: that rule, or the version of it that is meant, is not loaded."""
    law: str = ""
    """The rule's name as far as the text tells it; empty for the rule itself."""
    place: Place = Place.MAIN
    supplement: str = ""
    article: str = ""
    paragraph: int = 0
    """0: the whole article."""
    item: str = ""
    subitem: str = ""
    """イ, ロ … below a 号; empty when none is named."""
    number: str = ""
    """Of a 別表 or 様式."""

    @property
    def unit(self) -> Unit | None:
        """Return the article, 別表 or 様式; None where the rule is not loaded or has no such clause."""
        if self.rule is None:
            return None
        key = self.number if self.place in (Place.TABLE, Place.FORM) else self.article
        return self.rule.outline.find(self.place, key, supplement=self.supplement)

    @property
    def locator(self) -> str:
        """Return what a person would write: '第12条第2項第3号'."""
        unit = self.unit
        if self.place in (Place.TABLE, Place.FORM):
            name = "別表" if self.place is Place.TABLE else "様式"
            return unit.locator if unit else name + (f"第{self.number.replace('_', 'の')}" if self.number else "")
        return clause_locator(self.place, self.supplement, self.article, self.paragraph, self.item) + self.subitem

    @property
    def span(self) -> Span | None:
        """Return the range of the unit's text that is meant; None where it is not there."""
        unit = self.unit
        if unit is None or not self.paragraph:
            return Span(0, len(unit.text)) if unit else None
        paragraph = unit.paragraph(self.paragraph)
        if paragraph is None or not self.item:
            return paragraph.span if paragraph else None
        return next((item.span for item in paragraph.items if item.key == self.item), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointer:
    """A reference as it stands in a unit, with what it points to."""

    reference: Reference
    targets: tuple[Target, ...]
    """Empty: nothing in particular (前段, 前章), or it cannot be told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Words of a clause that another one reads otherwise: 同条第一項中「三日」とあるのは「五日」と読み替える."""

    target: Target
    old: str
    new: str
