"""The entries of a notice as a tree: what stands under what, by the style of the numbers, the columns and the indentation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from rag.assembly.item import Stance
from rag.drafting.asking import asks
from rag.drafting.notice_head import Asker
from rag.drafting.notice_marks import BULLET, Mark, follows

__all__ = ["Entry", "Outline"]

_DEEPER = 0.9
"""Full-width characters by which an entry stands further in."""


@dataclass(slots=True, kw_only=True, eq=False)
class Entry:
    """One entry of the outline."""

    mark: Mark | None
    """None: it bears none (the root, the text of a column)."""
    column: int = 0
    indent: float = 0.0
    place: str = ""
    text: str = ""
    titles: list[str] = field(default_factory=list)
    """Its own headings, where its words have a label of their own (項目, 要旨)."""
    background: list[str] = field(default_factory=list)
    answerer: str = ""
    stance: Stance | None = None
    asker: Asker | None = None
    """Of the root of a member's questions; None elsewhere."""
    above: Entry | None = None
    """None: it is the root."""
    below: list[Entry] = field(default_factory=list)

    @property
    def line(self) -> Iterator[Entry]:
        """Yield this and what it stands under, without the root, innermost first."""
        entry: Entry | None = self
        while entry is not None and entry.above is not None:
            yield entry
            entry = entry.above

    @property
    def number(self) -> tuple[str, ...]:
        """Return the labels from the outermost on."""
        return tuple(each.mark.label for each in reversed(list(self.line)) if each.mark is not None and each.mark.label)

    @property
    def names_answerer(self) -> bool:
        """Tell whether it or anything below it names one."""
        return bool(self.answerer) or any(each.names_answerer for each in self.below)

    def leaves(self) -> Iterator[Entry]:
        """Yield the entries without any below them, in order."""
        if not self.below and self.above is not None:
            yield self
        for each in self.below:
            yield from each.leaves()


@dataclass(slots=True)
class Outline:
    """The questions of one member as they are read."""

    root: Entry
    last: Entry | None = None
    """The entry that goes on; None in front of the first one."""
    waiting: tuple[Entry, str] | None = None
    """An answerer on a line of its own below this entry: what follows tells how far up it holds. None: there is none."""

    def fits(self, mark: Mark) -> bool:
        """Tell whether a number is the next one of a row that goes on, or the first of a new one."""
        rows = [each.mark for each in self._open() if each.mark is not None and each.mark.style == mark.style]
        return any(follows(mark, each) for each in rows) or (
            mark.value == 1 and not any(each.value == 1 for each in rows)
        )

    def add(self, marks: Sequence[Mark], *, column: int = 0, indent: float = 0.0, place: str = "") -> Entry:
        """Begin an entry; the steps of its number in front of the last one name what it stands under."""
        above = self._down_to(column)
        known = [each for each in reversed(list(above.line)) if each.mark is not None and each.mark.value]
        for mark in marks[:-1]:
            at = next(
                (at for at, each in enumerate(known) if each.mark is not None and _is_same(each.mark, mark)), None
            )
            if at is None:
                above = self._put(mark, above, column=column, indent=indent, place=place)
                known = []
            else:
                above, known = known[at], known[at + 1 :]
        if len(marks) > 1:
            entry = Entry(mark=marks[-1], column=column, indent=indent, place=place, above=above)
            above.below.append(entry)
            self.last = entry
            return entry
        return self._put(marks[-1] if marks else None, above, column=column, indent=indent, place=place)

    def settle(self, following: Entry | None) -> None:
        """Give a waiting answerer to the outermost entry that ends here and in which nobody else is named; None: all end."""
        if self.waiting is None:
            return
        last, post = self.waiting
        self.waiting = None
        ending = list(last.line)
        if following is not None and following.above is last:
            ending = [last]
        elif following is not None and following.above in ending:
            ending = ending[: ending.index(following.above)]
        chosen = last
        for entry in ending:
            if entry is not last and entry.names_answerer:
                break
            chosen = entry
        chosen.answerer = post

    def _open(self) -> list[Entry]:
        """Return the entries that go on, innermost first."""
        return list(self.last.line) if self.last is not None else []

    def _down_to(self, column: int) -> Entry:
        """Return the innermost entry of this column or of one further out."""
        return next((each for each in self._open() if each.column <= column), self.root)

    def _put(self, mark: Mark | None, above: Entry, *, column: int, indent: float, place: str) -> Entry:
        under = self._under(mark, above, column=column, indent=indent)
        entry = Entry(mark=mark, column=column, indent=indent, place=place, above=under)
        under.below.append(entry)
        self.last = entry
        return entry

    def _under(self, mark: Mark | None, above: Entry, *, column: int, indent: float) -> Entry:
        """Return what an entry stands under: what the last one of its row does, else the entry that goes on."""
        if mark is None and column:
            outermost = next((each for each in reversed(list(above.line)) if each.column == column), None)
            return above if outermost is None else outermost.above or self.root
        row = [each for each in above.line if each.column == column and _is_row(each, mark)]
        if not row:
            return above.above or self.root if mark is not None and _is_between(above, mark, column) else above
        if mark is None or mark.style.startswith(BULLET):
            same = next((each for each in row if abs(each.indent - indent) <= _DEEPER), row[-1])
            return same.above or self.root
        if mark.value == 1 and row[0] is above and above.mark is not None and above.mark.value >= 1:
            other_surface = above.mark.surface != mark.surface
            if other_surface or indent > above.indent + _DEEPER or not above.answerer:
                return above  # a row that begins anew directly below one of its own numbers
        next_one = [each for each in row if each.mark is not None and follows(mark, each.mark)]
        alike = [each for each in next_one if each.mark is not None and each.mark.surface == mark.surface]
        same = next(iter(alike or next_one or row))
        return same.above or self.root

    def gaps(self, before: dict[str, Mark]) -> Iterator[str]:
        """Yield a Japanese line for each number that is missing or stands twice in its row.

        `before` holds the last number of each style: a row may go on under the next heading, or with the next member.
        """
        yield from _gaps(self.root, before, is_top=True)


def _gaps(entry: Entry, before: dict[str, Mark], *, is_top: bool = False) -> Iterator[str]:
    row = [each for each in entry.below if each.mark is not None and each.mark.value]
    for first in row[:1]:
        mark = first.mark
        if mark is not None and mark.value != 1 and not is_top:
            last = before.get(mark.style)
            iroha = mark.label == "イ" and all(each.mark is None or each.mark.label != "ウ" for each in row)
            if not iroha and (last is None or not follows(mark, last)):
                yield f"{_where(first)}{_shown(first)}の前の番号がありません。抜けた項目がないか、通告を確かめてください。"
    for one, two in pairwise(row):
        if one.mark is None or two.mark is None or one.mark.style != two.mark.style:
            continue
        if one.mark.value == two.mark.value:
            yield f"{_where(two)}{_shown(two)}が二度あります。番号の誤りでないか、通告を確かめてください。"
        elif not follows(two.mark, one.mark):
            yield f"{_where(two)}{_shown(one)}の次が{_shown(two)}です。抜けた項目がないか、通告を確かめてください。"
    for each in entry.below:
        yield from _gaps(each, before)
    before.update({each.mark.style: each.mark for each in row if each.mark is not None})


def _where(entry: Entry) -> str:
    return f"{entry.place}: " if entry.place else ""


def _shown(entry: Entry) -> str:
    number = entry.number
    return "".join([f"問{number[0]}", *(f"({each})" for each in number[1:2]), *number[2:]]) if number else ""


def _is_row(entry: Entry, mark: Mark | None) -> bool:
    """Tell whether an entry is of the row that a number goes on; entries without a number are one row."""
    if mark is None or entry.mark is None:
        return mark is None and entry.mark is None
    return entry.mark.style == mark.style


def _is_between(entry: Entry, mark: Mark, column: int) -> bool:
    """Tell whether an entry without a number, but with its own answerer, stands in the row of this number.

    That is after the number before, or, where it asks something, in front of the first one.
    """
    row = entry.above.below if entry.above is not None else []
    is_own = entry.mark is None and entry.column == column and bool(entry.answerer)
    goes_on = any(each.mark is not None and follows(mark, each.mark) for each in row)
    return is_own and (goes_on or (mark.value == 1 and asks(entry.text)))


def _is_same(mark: Mark, other: Mark) -> bool:
    """Tell whether two marks are one number; 問1 and 1 are."""
    return mark.value == other.value and _kind(mark) == _kind(other)


def _kind(mark: Mark) -> str:
    """Return the style of a number as it compares with the same number written elsewhere: 問1 and 1 are one."""
    return "arabic" if mark.style.startswith(("asked", "arabic", ")arabic", "kanji", "roman")) else mark.style
