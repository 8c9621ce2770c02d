"""The outline of written questions: which number may come next, and which item a number names."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ingest.structure.paragraphs import Paragraph
from ingest.structure.written_numbers import Mark, Number, Step, alike
from ingest.structure.written_wording import is_heading

__all__ = ["Lists", "Node", "Outline"]

_LARGEST_GAP = 3
"""Numbers that a series may leave out, as a misprint does."""


@dataclass(slots=True, kw_only=True)
class Node:
    """A heading or a question of the outline."""

    number: Number
    """From the outermost heading on; empty for a question without number."""
    own: list[Paragraph] = field(default_factory=list)
    """The first one bears the number."""
    offset: int = 0
    """Where the words of the first one start."""
    under: list[Node] = field(default_factory=list)
    """All items below it; empty for a question."""
    answered: bool = False

    @property
    def words(self) -> list[str]:
        """Return its paragraphs without the number."""
        texts = [paragraph.text for paragraph in self.own]
        return [texts[0][self.offset :], *texts[1:]] if texts else []


class Outline:
    """The items of a paper in order; looks numbers up in constant time."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.lead: list[Paragraph] = []
        """What the cover says of all."""
        self.at: Number = ()
        """Number of the last item."""
        self._by_number: dict[Number, Node] = {}
        self._by_likeness: dict[Number, Node] = {}
        self._by_end: dict[Number, list[Node]] = defaultdict(list)
        self._by_end_likeness: dict[Number, list[Node]] = defaultdict(list)
        self._last: dict[str, int] = {}

    def add(self, node: Node) -> Node:
        """Append an item below the last one."""
        self.nodes.append(node)
        if node.number:
            self.at = node.number
            self._last |= {step.style: step.value for step in node.number}
            self._by_number.setdefault(node.number, node)
            self._by_likeness.setdefault(alike(node.number), node)
            for start in range(len(node.number)):
                self._by_end[node.number[start:]].append(node)
                self._by_end_likeness[alike(node.number[start:])].append(node)
            for length in range(1, len(node.number)):
                above = self._by_number.get(node.number[:length])
                if above is not None:
                    above.under.append(node)
        return node

    def next(self, number: Number) -> Number | None:
        """Return the whole number of an item that stands below the last one; None for a number that does not go on the series."""
        at = self.at
        if number[0].style == "asked":
            outer = next((place for place, step in enumerate(at) if step.style == "asked"), len(at))
            return (*at[:outer], *number)
        if len(number) > 1:
            return number if number not in self._by_number else None
        step = number[0]
        for place in reversed(range(len(at))):
            if at[place].style == step.style and step.value == at[place].value + 1:
                return (*at[:place], step)
        last = self.nodes[-1] if self.nodes else None
        if step.value == 1 and last is not None and len(last.own) == 1 and is_heading(last.words[0]):
            return (*at, step)
        same = [place for place in range(len(at)) if at[place].style == step.style]
        if same:
            gap = step.value - at[same[-1]].value
            return (*at[: same[-1]], step) if 1 < gap <= _LARGEST_GAP else None
        runs_on = step.value == self._last.get(step.style, 0) + 1
        return (*at, step) if not at or step.value == 1 or runs_on else None

    def counted(self) -> Number:
        """Return the number of a question that bears none: how many stand above it under the same number, else in the paper."""
        counted = bool(self.at) and self.at[-1].style == "counted"
        above = self.at[:-1] if counted else self.at
        if any(step.style != "heading" for step in above):
            return (*above, Step("counted", self.at[-1].value + 1 if counted else 1))
        return (*above, Step("counted", self._last.get("counted", 0) + 1))

    def find(self, number: Number, near: Number = (), *, usable: Callable[[Node], bool] = bool) -> Node | None:
        """Return the usable item that a number names where `near` was the last one named; None where it is none or not clear."""
        for length in range(len(near), -1, -1):
            if (node := self._by_number.get((*near[:length], *number))) and usable(node):
                return node
        named = self._by_end.get(number, [])
        return named[0] if len(named) == 1 and usable(named[0]) else None

    def find_alike(self, number: Number, near: Number = (), *, usable: Callable[[Node], bool] = bool) -> Node | None:
        """Return what `find` does for a number that is written otherwise than in the outline: (1) or 問1 for 1."""
        for length in range(len(near), -1, -1):
            if (node := self._by_likeness.get(alike((*near[:length], *number)))) and usable(node):
                return node
        named = self._by_end_likeness.get(alike(number), [])
        return named[0] if len(named) == 1 and usable(named[0]) else None

    def above(self, node: Node) -> list[Node]:
        """Return the headings over an item, outermost first."""
        places = (node.number[:length] for length in range(1, len(node.number)))
        return [found for place in places if (found := self._by_number.get(place))]

    def questions(self, node: Node) -> list[Node]:
        """Return the questions under a heading; the item itself where nothing stands below it."""
        return [each for each in node.under if not each.under] or [node]

    def is_open(self, node: Node) -> bool:
        """Tell whether an item, or one below it, has no answer yet."""
        return any(not each.answered for each in self.questions(node))


class Lists:
    """The lists inside answers, whose numbers name no question."""

    def __init__(self, marks: Sequence[Mark | None]) -> None:
        self._left = Counter(mark.numbers for mark in marks if mark is not None)
        self._at: dict[str, int] = {}

    def see(self, mark: Mark) -> None:
        """Note that a mark is reached; each one of the paper is, in order."""
        self._left[mark.numbers] -= 1

    def holds(self, mark: Mark) -> bool:
        """Tell whether a number goes on a list; the last of several equal numbers does not: it may name a question."""
        if mark.key or mark.about or len(mark.numbers) != 1:
            return False
        step = mark.numbers[0][-1]
        if step.value == 1 or step.value != self._at.get(step.style, 0) + 1 or self._left[mark.numbers] < 1:
            return False
        self._at[step.style] = step.value
        return True

    def begin(self, mark: Mark) -> None:
        """Note that a number named nothing: where it is a 1, a list begins."""
        step = mark.numbers[0][-1] if mark.numbers else None
        if step is not None and step.value == 1:
            self._at[step.style] = 1
