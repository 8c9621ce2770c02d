"""The nouns of an assembly answer: the items of a notice, what was answered before, a draft, and what its checks found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rag.domain import Citation, Evidence

TO_WRITE = "（要確認）"
"""How a paragraph begins that a person is to write."""


class Stance(StrEnum):
    """How an answer is to stand to what is asked for, in the words of a notice's column and of the command line."""

    FORWARD = "推進"
    AS_BEFORE = "現状維持"
    CAUTIOUS = "慎重"


class AnswerPart(StrEnum):
    """The parts of a read answer, in the order in which they are read."""

    RESTATEMENT = "確認"
    VIEW = "認識"
    PRESENT = "現状"
    ISSUES = "課題"
    ACTION = "取組"
    RESOLVE = "決意"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One question of a notice that is to be answered: a leaf of its outline."""

    number: tuple[str, ...]
    """('1', '2', 'ア') for 問1(2)ア; arabic digits in half-width, without brackets; empty where the notice numbers nothing."""
    text: str
    """Its own words, without number and answerer."""
    headings: tuple[str, ...] = ()
    """The words of the entries above it, outermost first."""
    background: str = ""
    """The paragraph that leads up to it; empty where there is none."""
    answerer: str = ""
    """Post as written ('知事', '総務部長'), its own or that of an entry above; empty where none is named."""
    member: str = ""
    """Who asks, without 議員 or 君; empty where the notice does not say."""
    group: str = ""
    """会派; empty where the notice does not say."""
    seat: str = ""
    """'12' for 12番; empty where the notice does not say."""
    stance: Stance | None = None
    """As a column of the notice asks for it; None: it does not."""

    @property
    def label(self) -> str:
        """Return the number as an office writes it: '問1(2)ア'; empty without a number."""
        shown = (
            [f"問{self.number[0]}", *(f"({each})" for each in self.number[1:2]), *self.number[2:]]
            if self.number
            else []
        )
        return "".join(shown)

    @property
    def topic(self) -> str:
        """Return what is asked with what it stands under, for a search."""
        return " ".join([*self.headings, self.text])


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A notice of questions (質問通告, 質問要旨) as it was read."""

    title: str
    sitting: str = ""
    """'令和8年12月定例会'; empty where it does not say."""
    day: date | None = None
    """When the questions are asked (質問日); None: it does not say."""
    items: tuple[Item, ...] = ()
    """In the order of the notice."""
    warnings: tuple[str, ...] = ()
    """Japanese lines on what a person should look at: a number that is missing, a line that was not understood."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastAnswer:
    """What an official answered before on the topic of an item."""

    day: date | None
    """None: the minutes give no date."""
    sitting: str
    official: str
    """Post and name: '知事（標本大介）'."""
    question: str
    """What was asked, in few words."""
    text: str
    """The whole answer as it stands."""
    citation: Citation
    """Where it stands, with the quote that carries its stance."""
    level: int = 0
    """How strongly it commits: 1 (will do) to 7 (will not), 0 where it commits to nothing; see `Ladder`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph of a draft."""

    part: AnswerPart
    text: str
    citations: tuple[Citation, ...] = ()
    """What it rests on; empty: it rests on nothing that was loaded."""
    needs_confirming: bool = False
    """Whether a person must confirm it (要確認)."""
    changes: tuple[str, ...] = ()
    """What was changed in the text of a past answer, as a person reads it: '「43路線」→「要確認」'."""


class Check(StrEnum):
    """The checks of a draft, each a column of the grid."""

    COVERAGE = "漏れ"
    CONSISTENCY = "整合"
    FIGURES = "数値"
    STRENGTH = "表現"
    COMMITMENT = "約束"
    LENGTH = "長さ"
    DUPLICATES = "重複"
    LEVEL = "区分"


class Severity(StrEnum):
    """How a finding is shown."""

    RED = "red"
    """Must be put right, or explained, before the answer is given."""
    CAUTION = "caution"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a check found; a check without findings is passed."""

    check: Check
    severity: Severity
    message: str
    """One Japanese sentence: what was found, and what to do."""
    paragraph: int | None = None
    """0-based index of the paragraph; None: the whole draft."""
    quotes: tuple[str, ...] = ()
    """The words of both sides, ours first."""
    citation: Citation | None = None
    """Where the other side stands; None: nowhere that was loaded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRequest:
    """What a writer of drafts is given for one item."""

    item: Item
    questions: tuple[str, ...]
    """What the item asks, one by one."""
    past: tuple[PastAnswer, ...]
    """The newest first, numbered from 1 as their citations are."""
    evidence: tuple[Evidence, ...]
    """Numbered from 1: the chunks of the past answers first, then what else was found."""
    stance: Stance
    opening: str
    """The first sentence, as this house begins an answer."""
    endings: tuple[str, ...] = ()
    """How sentences of this house end, the commonest first."""
    characters: int = 600
    """About so long may the answer be."""
    day: date
    """Of the sitting: what is said then must hold on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """A sentence of a draft as its writer gives it, before it is checked."""

    part: AnswerPart
    text: str
    citations: tuple[int, ...] = ()
    """Numbers of the evidence."""
    quotes: tuple[str, ...] = ()
    """What the writer claims to stand there, word for word."""
    changes: tuple[str, ...] = ()
    """What the writer changed in a text that it took over."""
    needs_confirming: bool = False
