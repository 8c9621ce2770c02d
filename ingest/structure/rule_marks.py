"""What a line of a rule can be, and what is remembered of the lines around it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from enum import Enum, auto

from ingest.structure.lines import Line

__all__ = ["Coming", "Mark", "Marked"]


class Mark(Enum):
    """What a line is in a rule."""

    TEXT = auto()
    DIVISION = auto()
    """編, 章, 節, 款 or 目."""
    CAPTION = auto()
    ARTICLE = auto()
    PARAGRAPH = auto()
    ITEM = auto()
    SUPPLEMENT = auto()
    TABLE = auto()
    FORM = auto()
    CONTENTS = auto()
    NOTE = auto()
    """A note on amendments below an article: (令六条例一〇七・一部改正)."""
    TITLE = auto()
    """The title of another rule in the same file."""
    GRID = auto()
    """The cells of a table."""


@dataclass(slots=True)
class Coming:
    """The lines below that look like articles, up to the next 附則; looked up without a copy for each line."""

    places: dict[tuple[int, ...], list[int]] = field(default_factory=dict)
    """Number → indexes of the lines that look like that article."""
    supplements: list[int] = field(default_factory=list)
    """Indexes of the lines that start a 附則."""
    at: int = 0
    """Index of the line that is being read."""

    def has(self, number: tuple[int, ...], *, within: int = 0) -> bool:
        """Tell whether an article of this number may stand below; `within` keeps that to so many lines, 0 to none."""
        places = self.places.get(number, [])
        first = bisect_right(places, self.at)
        if first == len(places) or (within and places[first] > self.at + within):
            return False
        end = bisect_right(self.supplements, self.at)
        return end == len(self.supplements) or places[first] < self.supplements[end]


@dataclass(slots=True)
class Marked:
    """What has been seen above a line."""

    article: tuple[int, ...] = ()
    """Number of the last article; empty before the first."""
    article_indent: int = 0
    paragraph: int = 0
    """Number of the last 項; 0 before the first."""
    items: dict[str, int] = field(default_factory=dict)
    """Number of the last 号 of each style in this 項."""
    in_supplement: bool = False
    in_attachment: bool = False
    """Inside a 別表 or 様式, where 条 is only text."""
    in_contents: bool = False
    begun: bool = False
    """An article or a 附則 has been seen."""
    amending: bool = False
    """The article above rewrites another rule, whose articles may stand below it."""
    first_entry: str = ""
    """First chapter of the table of contents; its second appearance starts the rule itself."""
    coming: Coming = field(default_factory=Coming)
    previous: Line | None = None
    after_caption: bool = False
    after_heading: bool = True
    tagged: bool = False
    """The format itself marks every article with its number."""
