"""What is searched for, as a person gave it, and the filter of remarks that this means."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rag.domain import Kind, Period, RemarkFilter
from rag.errors import InputError
from rag.japanese.sittings import parse_sitting
from rag.japanese.times import parse_days

COUNTS = (10, 20, 50)
"""How many hits a person may choose to see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A search as it was typed; an empty part narrows nothing."""

    text: str = ""
    as_of: date | None = None
    """None: today."""
    kinds: tuple[Kind, ...] = ()
    count: int = COUNTS[0]
    """Hits that are shown."""
    sitting: str = ""
    post: str = ""
    member: str = ""
    since: str = ""
    until: str = ""

    @property
    def keeps_to_remarks(self) -> bool:
        """Tell whether anything is asked of who said it and when."""
        return any((self.sitting, self.post, self.member, self.since, self.until))

    @property
    def is_narrowed(self) -> bool:
        """Tell whether something else than the question decides what may be found."""
        return bool(self.as_of or self.kinds or self.keeps_to_remarks)

    def remarks(self, day: date, *, swapped: str) -> tuple[RemarkFilter, ...]:
        """Return which remarks are meant, 去年 being before this day; empty: every text is.

        Raises InputError for what cannot be read, and with the words `swapped` where the time ends before it starts.
        """
        period = Period(
            start=parse_days(self.since, day).start if self.since else None,
            end=parse_days(self.until, day).end if self.until else None,
        )
        if period.start is not None and period.end is not None and period.start >= period.end:
            raise InputError(swapped)
        wanted = RemarkFilter(
            sitting=parse_sitting(self.sitting, day) if self.sitting else None,
            post=self.post,
            member=self.member,
            period=period,
        )
        return () if wanted == RemarkFilter() else (wanted,)
