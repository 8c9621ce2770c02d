"""The answer sheet (答弁書) of an item as it is handed over: head, answer, sources, past answers, follow-ups, checks."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from math import ceil

from rag.assembly.item import Check, Finding, Item, Paragraph, PastAnswer, Severity
from rag.domain import Citation

CHARACTERS_A_MINUTE = 300
"""How many characters are read in a minute unless an office says otherwise; officials read 250 to 300."""
RECUT = "recut"
"""Names the writer that takes over sentences of past answers."""
CONFIRM = "要確認"
"""What stands where a person must look, in a draft and on the sheet."""
_LONGEST_NAME = 60
_UNFIT_IN_NAMES = re.compile(r'[\s<>:"/\\|?*#%\'\[\]{}\x00-\x1f]+')


class Difference(StrEnum):
    """How an answer stands to a past one (今回との差)."""

    SAME = "同"
    FORWARD = "前進"
    BACK = "後退"


class SheetStatus(StrEnum):
    """How far a sheet is, the worst first."""

    NOT_WRITTEN = "未作成"
    """It has no answer."""
    RED = "要対応"
    """A check found what must be put right or explained."""
    TO_CONFIRM = CONFIRM
    """A paragraph, or what a check found, must be looked at by a person."""
    DRAFTED = "下書き済"
    """No check found anything; a person still reads it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A past answer beside the present one."""

    answer: PastAnswer
    difference: Difference | None = None
    """None: it could not be told, a person compares."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """A question that may be asked next (想定再質問), with an answer to have at hand."""

    question: str
    answer: str
    """Empty where nothing that was loaded answers it."""
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A source of an answer, with where it is used."""

    number: int
    """1-based, in the order in which the sheet first rests on it."""
    citation: Citation
    paragraphs: tuple[int, ...] = ()
    """1-based numbers of the paragraphs that rest on it; empty: only an answer to a follow-up does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The answer sheet of one item."""

    item: Item
    made_at: datetime
    """With its time zone; it is shown in that zone."""
    sitting: str = ""
    """'令和8年12月定例会'; empty where the notice does not say."""
    day: date | None = None
    """When the question is asked; None: not known yet."""
    office: str = ""
    """The office in charge, '総務部 人事課'; empty where none was found."""
    related_offices: tuple[str, ...] = ()
    contact: str = ""
    """'内線 2345'; empty where it is not known."""
    paragraphs: tuple[Paragraph, ...] = ()
    """The answer; empty where nothing could be written."""
    past_answers: tuple[Compared, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    """What a person should know of how the draft came about: sentences left out, texts kept back."""
    asked: int = 0
    """How many questions the item asks, for the share that is answered."""
    seconds: float = 0.0
    """How long the draft took."""
    checked: tuple[Check, ...] = tuple(Check)
    """The checks that ran; one that did not run has not been passed."""
    version: int = 1
    """Counts the sheets of this item; from 2 on it replaces an earlier one (差替え)."""
    model: str = ""
    """What wrote the draft: 'extractive' or the name of a language model."""
    characters_a_minute: int = CHARACTERS_A_MINUTE

    @property
    def characters(self) -> int:
        """Return how many characters are read aloud, punctuation counted and spaces not."""
        return sum(len(re.sub(r"\s", "", each.text)) for each in self.paragraphs)

    @property
    def speaking_seconds(self) -> int:
        """Return how long the answer takes to read."""
        return ceil(self.characters * 60 / self.characters_a_minute)

    @property
    def has_red(self) -> bool:
        """Tell whether a check found what must be put right or explained."""
        return any(each.severity is Severity.RED for each in self.findings)

    @property
    def status(self) -> SheetStatus:
        """Return how far the sheet is."""
        if not self.paragraphs:
            return SheetStatus.NOT_WRITTEN
        if self.has_red:
            return SheetStatus.RED
        cautioned = any(each.severity is Severity.CAUTION for each in self.findings)
        doubtful = any(each.needs_confirming for each in self.paragraphs)
        return SheetStatus.TO_CONFIRM if cautioned or doubtful else SheetStatus.DRAFTED

    @property
    def sources(self) -> tuple[Source, ...]:
        """Return what the answer and the answers to follow-ups rest on, each place once."""
        places: dict[tuple[str, str, str], tuple[Citation, list[int]]] = {}
        for number, paragraph in enumerate(self.paragraphs, start=1):
            for citation in paragraph.citations:
                used = places.setdefault(_place(citation), (citation, []))[1]
                used += [] if number in used else [number]
        for follow_up in self.follow_ups:
            for citation in follow_up.citations:
                places.setdefault(_place(citation), (citation, []))
        return tuple(
            Source(number=number, citation=citation, paragraphs=tuple(used))
            for number, (citation, used) in enumerate(places.values(), start=1)
        )

    def source_numbers(self, citations: tuple[Citation, ...]) -> tuple[int, ...]:
        """Return the numbers under which citations of this sheet stand among its sources."""
        numbers = {_place(each.citation): each.number for each in self.sources}
        return tuple(dict.fromkeys(numbers[_place(each)] for each in citations if _place(each) in numbers))

    def ran(self, check: Check) -> bool:
        """Tell whether a check ran, and had an answer to look at."""
        return bool(self.paragraphs) and check in self.checked

    def found_by(self, *checks: Check) -> tuple[Finding, ...]:
        """Return what these checks found, the gravest first."""
        order = list(Severity)
        return tuple(sorted((f for f in self.findings if f.check in checks), key=lambda f: order.index(f.severity)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """All sheets of a notice."""

    title: str
    made_at: datetime
    """With its time zone; it is shown in that zone."""
    sitting: str = ""
    sheets: tuple[Sheet, ...] = ()
    """In the order of the notice."""
    warnings: tuple[str, ...] = ()
    """What a person should look at in the notice itself."""

    @property
    def file_names(self) -> tuple[str, ...]:
        """Return a Word file's name for each sheet: fit for Windows, each once, in the order of the notice."""
        digits = max(3, len(str(len(self.sheets))))
        return tuple(f"{number:0{digits}}_{_name(sheet.item)}.docx" for number, sheet in enumerate(self.sheets, 1))


def _place(citation: Citation) -> tuple[str, str, str]:
    return citation.document_id, citation.locator, citation.quote


def _name(item: Item) -> str:
    words = "_".join(filter(None, [item.label, item.member])) or "答弁書"
    shown = "".join(each for each in words if unicodedata.category(each) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    return _UNFIT_IN_NAMES.sub("_", shown)[:_LONGEST_NAME].strip("_. ") or "答弁書"
