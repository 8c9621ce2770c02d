"""The nouns of Kotae, from a document to an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256

PATH_SEPARATOR = " › "
"""Stands between title, headings and clause in a chunk's header."""
CELL_SEPARATOR = " | "
"""Stands between the cells of a table's row in a text."""
UNLABELLED = ""
"""The level of a document whose level nobody has stated: readable by administrators only."""


class Kind(StrEnum):
    """What a document is, which decides how its structure is read."""

    RULES = "rules"
    MINUTES = "minutes"
    ANSWERS = "answers"
    FAQ = "faq"
    NOTES = "notes"
    PLAIN = "plain"


SPOKEN_KINDS = frozenset({Kind.MINUTES, Kind.NOTES})
"""Kinds that say who said what on which day, and may hold questions with their answers."""


class State(StrEnum):
    """Where a document stands in the catalogue."""

    ACTIVE = "active"
    WITHDRAWN = "withdrawn"
    """Taken out by a person; folder syncs leave it out until that very file is given to ingest."""
    QUARANTINED = "quarantined"
    """The file could not be read; nothing of it is searched."""


class Role(StrEnum):
    """What a user may do."""

    STAFF = "staff"
    EDITOR = "editor"
    DX = "dx"
    ADMIN = "admin"


class AnswerStatus(StrEnum):
    """How a question ended; every one of these is a normal ending."""

    ANSWERED = "answered"
    PARTIAL = "partial"
    """Shown, but part of the draft was dropped or marked by verification."""
    DECLINED_NO_EVIDENCE = "declined_no_evidence"
    DECLINED_OUT_OF_SCOPE = "declined_out_of_scope"
    DECLINED_PERSONAL = "declined_personal"
    DECLINED_UNSUPPORTED = "declined_unsupported"
    """A draft was written, but none of its sentences stood up to verification."""
    CLARIFY = "clarify"
    FAILED_MODEL = "failed_model"


class Part(StrEnum):
    """The parts of an answer, in the order in which they are shown."""

    CONCLUSION = "conclusion"
    BASIS = "basis"
    PROCEDURE = "procedure"
    EXCEPTIONS = "exceptions"
    CONTACT = "contact"
    AS_OF = "as_of"


class Problem(StrEnum):
    """What verification found wrong with a sentence."""

    UNCITED = "uncited"
    UNKNOWN_CITATION = "unknown_citation"
    QUOTE_NOT_FOUND = "quote_not_found"
    CLAUSE_NOT_IN_SOURCE = "clause_not_in_source"
    FIGURE_NOT_IN_SOURCE = "figure_not_in_source"
    DATE_NOT_IN_SOURCE = "date_not_in_source"
    NAME_NOT_IN_SOURCE = "name_not_in_source"
    NEGATION_FLIPPED = "negation_flipped"
    OBLIGATION_FLIPPED = "obligation_flipped"
    NOT_IN_FORCE = "not_in_force"
    UNSUPPORTED = "unsupported"
    """The sentence shares too little with what it cites."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Who may read a document: its level and the groups it is kept to."""

    level: str = UNLABELLED
    groups: frozenset[str] = frozenset()
    """Empty: all staff of that level."""

    @property
    def key(self) -> str:
        """Name this audience in file names and index names: ASCII letters, digits, '-'."""
        body = "\x1f".join([self.level, *sorted(self.groups)])
        return "a-" + sha256(body.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A user of the directory file, as far as rights go."""

    user: str
    name: str
    department: str = ""
    groups: frozenset[str] = frozenset()
    """The user's groups; the department counts as one of them."""
    max_level: str = UNLABELLED
    role: Role = Role.STAFF
    reads_all: bool = False
    """True only for the local administrator of a home without a directory file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """When a text is in force; `start` is inclusive, `end` exclusive."""

    start: date | None = None
    """None: from the beginning."""
    end: date | None = None
    """None: until further notice."""

    def contains(self, day: date) -> bool:
        """Tell whether the text is in force on this day."""
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)

    def overlaps(self, other: Period) -> bool:
        """Tell whether both have a day in common."""
        start = max(self.start or date.min, other.start or date.min)
        return start < min(self.end or date.max, other.end or date.max)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A piece of a file in reading order: a paragraph, a heading, a table."""

    text: str
    """The words as they stand; a table's rows are lines, its cells are joined by ' | '."""
    page: int | None = None
    """1-based page of a paged format; None where the format has no pages."""
    heading: int = 0
    """1 for the highest heading that the format itself marks, 0 for running text."""
    rows: tuple[tuple[str, ...], ...] = ()
    """The cells of a table, merged cells filled; empty for other blocks."""
    place: str = ""
    """Where a person finds it when there is no page: 'シート『旅費』行12'; empty otherwise."""
    line: int | None = None
    """1-based line in a text file; None elsewhere."""
    tag: str = ""
    """What the format says it is ('article', 'supplement', 'caption', 'sheet', …); empty when it says nothing."""
    number: str = ""
    """The number that the format itself gives to a tagged block ('12_2' for 第十二条の二); empty otherwise."""
    hidden_text: bool = False
    """Characters that nobody sees stood in it, or a tracked change that nobody has accepted put words in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file as it was read, before its structure is recognised."""

    path: str
    """Path inside its source, with '/'."""
    title: str
    blocks: tuple[Block, ...]
    warnings: tuple[str, ...] = ()
    """Japanese lines on what a person should look at: hidden text, hidden sheets, guessed encoding."""
    kind_hint: Kind | None = None
    """What the format itself proves the document to be (law XML is rules); None when it proves nothing."""

    @property
    def text(self) -> str:
        """Join the blocks by line feeds."""
        return "\n".join(block.text for block in self.blocks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A unit of a document that a person would cite: an article, a question with its answer, a remark."""

    locator: str
    """What a person would write: '第12条', '別表第1', '令和5年9月定例会 9月15日 知事', 'p.4'."""
    text: str
    """The words as they stand, lines kept."""
    path: tuple[str, ...] = ()
    """The headings above, outermost first: ('第3章 契約', '第2節 随意契約')."""
    caption: str = ""
    """The heading of the section itself, without brackets."""
    page: int | None = None
    breaks: tuple[int, ...] = ()
    """Offsets in `text` at which a long section may be split (starts of 項, rows, paragraphs)."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """Facts of this kind of document: article ('12_2'), speaker, post, date, topic, question, part ('main', 'supplement', 'table')."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """What was recognised in one document."""

    kind: Kind
    title: str
    sections: tuple[Section, ...]
    number: str = ""
    """Document number from its head ('令和8年みほん県条例第7号'); empty when none stands there."""
    effective_from: date | None = None
    """Date from its head from which it is in force; None when none stands there."""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """What the office says of a document, from labels.csv or folder rules; None: it says nothing."""

    title: str | None = None
    department: str | None = None
    level: str | None = None
    groups: frozenset[str] | None = None
    effective_from: date | None = None
    effective_to: date | None = None
    number: str | None = None
    supersedes: str | None = None
    """Path, inside the same source, of the text that this one replaces."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenLabels:
    """A row of a labels file that was given to ingest by hand, as the catalogue remembers it."""

    file: str
    """Name of the labels file it came from."""
    cells: Mapping[str, str]
    """Column → what was written; `path` and `supersedes` are absolute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRecord:
    """A document as the catalogue keeps it."""

    id: str
    source: str
    """Absolute path of the folder that was given to ingest."""
    path: str
    """Path inside the source."""
    content_hash: str
    """sha256 of the file, the labels and the index version: equal means nothing to do."""
    title: str
    kind: Kind
    department: str = ""
    number: str = ""
    audience: Audience = Audience()
    period: Period = Period()
    supersedes: str = ""
    """Document id of the text that this one replaces; empty when none is named."""
    ended_by: str = ""
    """Document id of the version whose start is the end of this one; empty where labels state the end, or nothing ends it."""
    state: State = State.ACTIVE
    chunk_count: int = 0
    warnings: tuple[str, ...] = ()
    file_hash: str = ""
    """sha256 of the file's bytes alone: a vanished and a new path with the same one are a rename."""
    reason: str = ""
    """Why its file could not be read, with the remedy; an active document then shows what was read before. Empty otherwise."""
    attempts: int = 0
    """How often in a row this file could not be read as it is."""
    tried_at: datetime | None = None
    """When that was last tried; None: it was read."""
    may_pass: bool = False
    """The failure may pass by itself: the next runs try again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """The unit that is searched and quoted: a section, or a part of a long one."""

    id: str
    """Hash of document id, locator, dates, labels, text and index version."""
    document_id: str
    ordinal: int
    """0-based position in its document."""
    locator: str
    header: str
    """'title › path › 第N条（caption）': searched with the text, never quoted."""
    text: str
    """The words as they stand in the document: every quote must be found here."""
    kind: Kind
    page: int | None = None
    audience: Audience = Audience()
    period: Period = Period()
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """Return the title of the document: the first part of the header."""
        return self.header.split(PATH_SEPARATOR, 1)[0]

    @property
    def search_text(self) -> str:
        """Return what the indexes see: an answer of minutes with the question that it answers and what led up to it."""
        return "\n".join(part for part in (self.header, self.labels.get("background", ""), self.text) if part)

    @property
    def own_hash(self) -> str:
        """Return sha256 (hex) of the words alone: equal as long as the document says the same here."""
        return sha256(self.text.encode()).hexdigest()

    @property
    def text_hash(self) -> str:
        """Return sha256 (hex) of the search text: the key under which its vectors are kept."""
        return sha256(self.search_text.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A chunk that a search found."""

    chunk: Chunk
    title: str
    score: float
    """0 to 1, comparable within one search."""
    found_by: tuple[str, ...] = ()
    """The legs that found it: reference, words, characters, vectors."""
    leg_scores: Mapping[str, float] = field(default_factory=dict)
    repeated_in: tuple[Chunk, ...] = ()
    """Other chunks that were found and say the same; they are not shown as hits of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surrounding:
    """Words beside a piece of evidence that make it readable; may not be quoted."""

    chunk: Chunk
    """Where they stand, which says who may read them."""
    text: str
    """'第12条第2項　…'"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A numbered hit that is given to the chat model and that a sentence may cite."""

    number: int
    """1-based; the number in a citation."""
    chunk: Chunk
    title: str
    department: str = ""
    context: tuple[Surrounding, ...] = ()
    """What makes the clause readable: its parent, what it refers to; empty when nothing is needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence of a draft or of an answer with what verification found."""

    part: Part
    text: str
    citations: tuple[int, ...] = ()
    quotes: tuple[str, ...] = ()
    """What the writer claims to stand in the cited chunks, word for word."""
    verified: bool = False
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A source as it is shown under an answer."""

    number: int
    document_id: str
    title: str
    locator: str
    quote: str
    page: int | None = None
    period: Period = Period()
    chunk_id: str = ""
    own_hash: str = ""
    """sha256 of the whole text of the chunk: tells other words from a new id; empty where it was not kept."""

    @classmethod
    def of(cls, chunk: Chunk, quote: str, *, title: str, number: int) -> Citation:
        """Cite words of a chunk as they stand there."""
        return cls(
            number=number,
            document_id=chunk.document_id,
            title=title,
            locator=chunk.locator,
            quote=quote,
            page=chunk.page,
            period=chunk.period,
            chunk_id=chunk.id,
            own_hash=chunk.own_hash,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class HitScore:
    """A hit without its text: what the journal keeps of a search."""

    chunk_id: str
    document_id: str
    title: str
    locator: str
    score: float
    leg_scores: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, hit: Hit) -> HitScore:
        """Leave out the words of a hit."""
        return cls(
            chunk_id=hit.chunk.id,
            document_id=hit.chunk.document_id,
            title=hit.title,
            locator=hit.chunk.locator,
            score=hit.score,
            leg_scores=dict(hit.leg_scores),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearest:
    """A document named when a question is declined."""

    document_id: str
    title: str
    locator: str
    chunk_id: str = ""
    """The very place, since a locator may name several; empty where it is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """An office to ask, from the organisation table."""

    department: str
    """'総務部 給与旅費課 旅費係'."""
    duties: str = ""
    extension: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SittingName:
    """Which sittings a person means by '令和5年9月議会' or '予算特別委員会'."""

    period: Period = Period()
    """When it was held; empty: that is not said, or only the month."""
    month: int = 0
    """1 to 12 for a month of any year; 0: none is named."""
    turn: int = 0
    """第n回; 0: none is named."""
    body: str = ""
    """'議会' (every meeting of the assembly), '定例', '臨時', '本会議', or the name of a committee; empty: any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemarkFilter:
    """Which remarks of minutes and notes are meant; every part that is given must fit."""

    sitting: SittingName | None = None
    """None: of any sitting."""
    post: str = ""
    """Of who speaks: '知事', '部長'; empty: any."""
    member: str = ""
    """Who speaks, or who asked what is answered: '想定', '想定健'; empty: any."""
    period: Period = Period()
    """When the sitting was held."""
    role: str = ""
    """'official' for an answer, 'member' for a question; empty: any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a chunk must fit to be found at all."""

    as_of: date
    """It is in force on this day."""
    kinds: frozenset[Kind] = frozenset()
    """Empty: every kind."""
    remarks: tuple[RemarkFilter, ...] = ()
    """It is a remark that fits one of these; empty: every chunk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a user asks, for which day."""

    text: str
    as_of: date
    reader: Reader
    kinds: frozenset[Kind] = frozenset()
    """Empty: every kind."""
    remarks: tuple[RemarkFilter, ...] = ()
    """Only remarks that fit one of these; empty: every chunk."""
    earlier: tuple[str, ...] = ()
    """The questions before it in the conversation, the last one last; empty: it stands alone."""
    may_ask_back: bool = True
    """False where it follows a question that was asked back: that is done once."""

    @property
    def scope(self) -> Scope:
        """Return what a chunk must fit to be found."""
        return Scope(as_of=self.as_of, kinds=self.kinds, remarks=self.remarks)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovedAnswer:
    """An answer that the office approved, shown before the new one to whoever asks the same again."""

    exchange_id: str
    """Where it was given."""
    question: str
    department: str
    """The office, as the catalogue or the directory file names it."""
    approved_by: str
    """The user who approved it for the office."""
    approved_at: datetime
    """With its time zone."""
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    as_of: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The end of one question."""

    status: AnswerStatus
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    contact: Office | None = None
    """None: no office is known."""
    nearest: tuple[Nearest, ...] = ()
    choices: tuple[str, ...] = ()
    """The questions that may have been meant, where one was asked back; empty otherwise."""
    read_as: str = ""
    """The question as it was read with those before it; empty: as it was asked."""
    missing: tuple[str, ...] = ()
    """Words of the question that stand nowhere in what is cited."""
    warnings: tuple[str, ...] = ()
    as_of: date
    model: str
    """Name of the chat model; 'extractive' when none was used."""
    prompt: str = ""
    """Digest of the prompts that were used; empty when none was."""
    seconds: float = 0.0
    hits: tuple[HitScore, ...] = ()
    """The best of what the search found, cited or not."""
    approved: ApprovedAnswer | None = None
    """What the office approved for the same question; None: nothing that still stands and that the reader may read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionVector:
    """A question as numbers, or why there are none: without them it is searched for by words and characters alone."""

    embedder: str = ""
    """Name of the embedder whose vectors it may be compared with; empty: there are no numbers."""
    values: tuple[float, ...] = ()
    warning: str = ""
    """Why there are none, for the person; empty where there are, or where nobody asked for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """Hits, best first, and what nearly became one."""

    hits: tuple[Hit, ...]
    near_misses: tuple[Hit, ...] = ()
    audiences: int = 0
    """How many audiences were searched: 0 means that the reader may read nothing at all, or that nothing is loaded."""
    coverage: float = 0.0
    """Share, 0 to 1, of the question's information (idf-weighted content words) found in the best hits: low means the corpus is about something else."""
    warnings: tuple[str, ...] = ()
    """What the search could not do, for the person."""
    vector: QuestionVector = QuestionVector()
    """The question as it was searched for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddingLoad:
    """What goes to an embedding model for some texts; nothing for one that works inside."""

    texts: int = 0
    tokens: int = 0
    """Exact where the model's table of tokens is at hand, else an over-estimate."""
    cut: int = 0
    """Texts of which only the beginning is sent, because the model takes no more."""

    def __add__(self, other: EmbeddingLoad) -> EmbeddingLoad:
        """Return both together."""
        return EmbeddingLoad(
            texts=self.texts + other.texts, tokens=self.tokens + other.tokens, cut=self.cut + other.cut
        )
