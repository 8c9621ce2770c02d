"""What one browser session remembers: the only place that touches st.session_state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from uuid import uuid4

import streamlit as st
from streamlit.navigation.page import Page

from rag.assembly.sheet import Sheet
from rag.domain import Answer, Question, Reader, SearchResult
from rag.journal import Exchange, Feedback, Verdict
from ui.answering import Writing
from ui.importing import Imported
from ui.searching import Wanted

EXCHANGE_STEP = 20
FEEDBACK_STEP = 30
PAIR_STEP = 30
DRAFT_STEP = 100
_KEY = "kotae"
_PAGES = "kotae-pages"


class Beside(StrEnum):
    """What a source stands beside."""

    ANSWER = "answer"
    PAIRS = "pairs"
    HITS = "hits"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The source that stands beside an answer, the pairs of a sitting, the hits of a search or a draft."""

    beside: Beside = Beside.ANSWER
    exchange_id: str = ""
    """Empty: it stands beside no answer."""
    document_id: str
    locator: str
    quote: str = ""
    """Empty: the place is shown without a quote."""
    chunk_id: str = ""
    """Empty: the first chunk at the locator."""
    page: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search found, good for as long as reader, question and catalogue are the same."""

    question: Question
    revision: int
    """Of the catalogue: a document that is withdrawn or labelled anew raises it."""
    result: SearchResult


@dataclass(slots=True, kw_only=True)
class PageState:
    """One session's conversation and what is open on its page."""

    conversation_id: str = field(default_factory=lambda: uuid4().hex)
    exchanges: list[Exchange] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    """Exchange id → why no answer came."""
    waiting: list[Exchange] = field(default_factory=list)
    """To be asked next, in this order."""
    writing: Writing | None = None
    """The answer on its way; None: none is."""
    as_of: date | None = None
    """The day chosen for questions, kept while another screen is shown; None: today."""
    reader: Reader | None = None
    """Who used the page when the directory file could last be read; None: never yet."""
    opened: Opened | None = None
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    """Exchange id → the thumb that was pressed, before its form is sent."""
    document_id: str = ""
    """Open in 文書; empty: none."""
    document_chunk_id: str = ""
    """The place at which it is open; empty: none."""
    sitting_id: str = ""
    """The document that is read as pairs in 会議録; empty: the newest."""
    pair_count: int = PAIR_STEP
    """How many pairs of it are drawn."""
    wanted: Wanted = field(default_factory=Wanted)
    """What is searched for in 検索; without text: nothing yet."""
    form_number: int = 0
    """Of the fields of 検索: fields of a new number start anew, since a browser keeps what is typed in the old ones."""
    found: Found | None = None
    """The last search; None: none yet."""
    shows_reasons: bool | None = None
    """Whether 検索 says why a hit was found; None: as the role has it."""
    imported: Imported | None = None
    """The notice that was taken in and is not drafted yet; None: none is."""
    draft_id: str = ""
    """The drafts that are open in 答弁案; empty: none."""
    draft_item: str = ""
    """Id of the item of which the sheet is open; empty: all are listed."""
    draft_left: str = ""
    """Id of the item that was left last, to find the place in the list again; empty: none was."""
    red_first: bool = True
    """Whether what is red stands first in the list."""
    red_only: bool = False
    """Whether nothing else is listed."""
    edited_sheet: Sheet | None = None
    """Its sheet as it was when editing began, whatever others keep meanwhile; None: its answer is not being edited."""
    draft_count: int = DRAFT_STEP
    """How many items are listed."""
    compared_id: str = ""
    """The version with which the open document is compared; empty: none."""
    seen_feedback: dict[str, Feedback] = field(default_factory=dict)
    """Exchange id → the feedback from which the fields that change it were filled."""
    exchange_count: int = EXCHANGE_STEP
    """How many exchanges of the conversation are drawn, the newest first."""
    feedback_count: int = FEEDBACK_STEP
    """How much of what staff said is listed in 評価."""

    def put(self, exchange: Exchange) -> None:
        """Take an exchange in, in place of the one with its id."""
        ids = [each.id for each in self.exchanges]
        if exchange.id in ids:
            self.exchanges[ids.index(exchange.id)] = exchange
        else:
            self.exchanges.append(exchange)

    def finish(self, exchange: Exchange, answer: Answer) -> None:
        """Give an exchange its answer."""
        self.put(replace(exchange, answer=answer))

    def read_sitting(self, document_id: str) -> None:
        """Turn to the pairs of a document, with no source open."""
        self.sitting_id, self.pair_count, self.opened = document_id, PAIR_STEP, None

    def search_for(self, wanted: Wanted) -> None:
        """Turn to another search, with no source open."""
        self.wanted, self.found = wanted, None
        if self.opened and self.opened.beside is Beside.HITS:
            self.opened = None

    def open_draft(self, draft_id: str) -> None:
        """Turn to the drafts of a notice, with none of its sheets open."""
        self.draft_id, self.draft_count, self.imported = draft_id, DRAFT_STEP, None
        self.open_draft_item("")
        self.draft_left, self.red_first, self.red_only = "", True, False

    def open_draft_item(self, item: str) -> None:
        """Turn to one sheet, with no source open; empty: to the list."""
        self.draft_left, self.draft_item, self.edited_sheet = self.draft_item or item, item, None
        if self.opened_beside(Beside.DRAFT):
            self.opened = None

    def opened_beside(self, beside: Beside) -> Opened | None:
        """Return the source that stands beside this; None: none is open there."""
        return self.opened if self.opened and self.opened.beside is beside else None

    def start_over(self) -> None:
        """Begin a new conversation."""
        fresh = PageState()
        self.go_on(fresh.conversation_id, [])

    def go_on(self, conversation_id: str, exchanges: list[Exchange]) -> None:
        """Take up a conversation."""
        self.conversation_id, self.exchanges = conversation_id, exchanges
        self.errors, self.verdicts, self.waiting = {}, {}, []
        self.opened = self.writing = None
        self.exchange_count = EXCHANGE_STEP


def current() -> PageState:
    """Return the state of this session."""
    if _KEY not in st.session_state:
        st.session_state[_KEY] = PageState()
    state: PageState = st.session_state[_KEY]
    return state


def remember_pages(pages: Mapping[str, Page]) -> None:
    """Let the screens of this session lead to each other."""
    st.session_state[_PAGES] = dict(pages)


def page_named(name: str) -> Page:
    """Return a screen to switch to."""
    page: Page = st.session_state[_PAGES][name]
    return page


def chosen_text(key: str) -> str:
    """Return the text that a widget of this key holds; empty: not drawn yet."""
    return str(st.session_state.get(key) or "")


def forget(*keys: str) -> None:
    """Let widgets of these keys start anew when they are drawn next."""
    for key in keys:
        st.session_state.pop(key, None)
