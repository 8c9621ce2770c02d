"""Count from a clause to others: its neighbours (前条, 前二項), a range (第五条から第七条まで), the 号 under it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rag.japanese.numerals import NUMBER, key_order, read_integer
from rag.rules.outline import Outline, Paragraph
from rag.rules.targets import Target

__all__ = ["Counted", "clause_range", "each_item", "neighbours", "read_counted", "whole_article", "with_paragraph"]

_COUNTED = re.compile(rf"(?P<side>前|次)(?P<count>{NUMBER})?(?P<unit>条|項|号)$")
_LONGEST_RANGE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A word that counts from where it stands: 前条, 次項, 前二項, 前各号."""

    unit: str
    """条, 項 or 号."""
    is_after: bool
    count: int
    """0: all of them."""
    is_several: bool
    """It names more than the nearest one, also where there is only one: 前各号, 前一項."""


def read_counted(word: str) -> Counted | None:
    """Read a word that counts; None for any other."""
    if word.startswith("前各"):
        return Counted(unit=word[2], is_after=False, count=0, is_several=True)
    found = _COUNTED.match(word)
    if found is None:
        return None
    number = found["count"]
    return Counted(
        unit=found["unit"],
        is_after=found["side"] == "次",
        count=read_integer(number) if number else 1,
        is_several=bool(number),
    )


def neighbours(here: Target, counted: Counted) -> list[Target]:
    """Return the clauses before or after this one that are counted."""
    row, at = _row(here, counted.unit)
    if counted.is_after:
        return row[at + 1 : at + 1 + counted.count]
    return row[max(0, at - counted.count) if counted.count else 0 : at]


def _row(here: Target, unit: str) -> tuple[list[Target], int]:
    """Return the clauses of one size around this one, itself among them, and its place there."""
    if unit == "条":
        articles = here.rule.outline.articles(here.place, supplement=here.supplement) if here.rule else []
        row = [replace(whole_article(here), article=each.key) for each in articles]
        at = next((index for index, each in enumerate(row) if each.article == here.article), len(row))
    elif unit == "項":
        numbers = [each.number for each in here.unit.paragraphs] if here.unit else range(1, here.paragraph + 2)
        row = [replace(here, paragraph=number, item="") for number in numbers]
        at = next((index for index, each in enumerate(row) if each.paragraph == here.paragraph), len(row))
    else:
        paragraph = here.unit.paragraph(here.paragraph) if here.unit else None
        row = [replace(here, item=each.key) for each in (paragraph.items if paragraph else ())]
        at = next((index for index, each in enumerate(row) if each.item == here.item), len(row))
    return row, at


def whole_article(target: Target) -> Target:
    """Return the article in which a clause lies, or its 附則, 別表 or 様式."""
    return replace(target, paragraph=0, item="")


def with_paragraph(target: Target) -> Target:
    """Say the 項 of a 号 that is named without one: the first that has such a 号."""
    if not target.item or target.paragraph:
        return target
    unit = target.unit
    having = (each.number for each in unit.paragraphs if _has_item(each, target.item)) if unit else iter(())
    return replace(target, paragraph=next(having, 1))


def _has_item(paragraph: Paragraph, key: str) -> bool:
    return any(item.key == key for item in paragraph.items)


def each_item(target: Target) -> Iterator[Target]:
    """Yield the 号 of a 項, or of the first 項 of an article that has any; the target itself where none are known."""
    target = replace(target, item="")
    unit = target.unit
    wanted = [each for each in unit.paragraphs if target.paragraph in (0, each.number) and each.items] if unit else []
    if not wanted:
        yield target
    for item in wanted[0].items if wanted else ():
        yield replace(target, paragraph=wanted[0].number, item=item.key)


def clause_range(first: Target, last: str) -> Iterator[Target]:
    """Yield the clauses from the first to the last number of the same size that exist; only the ends where none are known."""
    if first.item:
        unit = first.unit
        paragraph = unit.paragraph(with_paragraph(first).paragraph) if unit else None
        keys = [each.key for each in paragraph.items] if paragraph else []
        yield from (replace(first, item=key) for key in _between(keys, first.item, last))
    elif first.paragraph:
        ends = range(first.paragraph, key_order(last)[0] + 1)
        unit = first.unit
        yield from (replace(first, paragraph=each) for each in ends if unit is None or unit.paragraph(each))
    else:
        outline = first.rule.outline if first.rule else Outline(units=())
        keys = [each.key for each in outline.articles(first.place, supplement=first.supplement)]
        yield from (replace(first, article=key) for key in _between(keys, first.article, last))


def _between(keys: Sequence[str], first: str, last: str) -> list[str]:
    """Return the keys of a range that are there; where none is known, every number, or the two ends."""
    start, end = key_order(first), key_order(last)
    if there := [key for key in keys if start <= key_order(key) <= end]:
        return there
    whole = len(start) == len(end) == 1 and start[0] <= end[0] <= start[0] + _LONGEST_RANGE
    return [str(each) for each in range(start[0], end[0] + 1)] if whole else [first, last]
