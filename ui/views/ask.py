"""The screen 質問: a conversation in which every answer stands beside its sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import streamlit as st
from markupsafe import Markup

from rag.domain import AnswerStatus, Reader
from rag.errors import KotaeError, QuestionError
from rag.journal import Exchange
from rag.wiring import Home
from ui.answering import Writing, new_exchange
from ui.drawing import draw, notice
from ui.passage import readable_answer
from ui.shared_home import SharedHome, shared_home
from ui.state import EXCHANGE_STEP, PageState, current
from ui.views.answer import question_markup, show_exchange, show_failure, writing_markup
from ui.views.approving import show_approval
from ui.views.feedback import show_feedback
from ui.views.source import show_source
from ui.views.stale import show_stale
from ui.words import ask as words
from ui.words import page

FIRST_DAY = date(1868, 1, 1)
"""No rule that is asked for is older."""
HISTORY_LENGTH = 50
LONGEST_SEARCH = 100
HISTORY_WIDTH = 560
"""Pixels; a narrower screen takes what it has."""
_BESIDE = (1, 1)
"""Widths of an answer and its open source."""


def show() -> None:
    """Draw the screen, and answer what was asked."""
    served, state = shared_home(), current()
    draw(Markup("<h1>{}</h1>").format(words.TITLE))
    if not state.exchanges:
        draw(Markup('<p class="kotae-lead">{}</p>').format(words.LEAD))
    _show_toolbar(served, state)
    with st.container(key="asking"):  # in a container it stands here; on its own it would pull the page to its foot
        typed = st.chat_input(words.PROMPT, key="question", submit_mode="disable")
    _take_question(served, state, typed or "")
    newest = st.container(key="newest")
    if state.exchanges:
        _show_conversation(served, state)
    elif state.writing is None:
        _show_examples()
    if state.writing is not None:
        with newest:
            _show_writing(state, state.writing)


def _show_toolbar(served: SharedHome, state: PageState) -> None:
    """Draw the day, the way to earlier conversations, and what everybody should know right now."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="toolbar"):
        chosen = st.date_input(
            words.AS_OF,
            value=state.as_of or _today(),
            min_value=FIRST_DAY,
            max_value=date.max,
            key="as-of",
            format="YYYY-MM-DD",
            width=260,
        )
        state.as_of = None if chosen == _today() else chosen
        _show_history(served, state)
        show_stale(served, state)
        if state.exchanges:
            st.button(words.NEW, key="new", on_click=state.start_over)
    if state.as_of:
        notice("warning", f"{words.era(state.as_of)}（{state.as_of.isoformat()}）: {words.PAST_DAY}")
    if served.is_open() and (writer := served.home().writer()):
        notice("info", page.writing(writer))


def _today() -> date:
    return date.today()  # noqa: DTZ011 - the office's own day


def _show_history(served: SharedHome, state: PageState) -> None:
    history = st.popover(words.HISTORY, on_change="rerun", key="history")
    if not history.open:  # nothing of other conversations reaches the browser before it is asked for
        return
    with history, st.container(width=HISTORY_WIDTH):
        try:
            _choose_conversation(served, state)
        except KotaeError as error:
            notice("error", str(error))


def _choose_conversation(served: SharedHome, state: PageState) -> None:
    home, reader = _ready(served)
    looked_for = st.text_input(words.HISTORY_SEARCH, key="history-search", max_chars=LONGEST_SEARCH)
    found = home.journal.conversations(reader.user, containing=looked_for, limit=HISTORY_LENGTH)
    if not found:
        draw(Markup("<p>{}</p>").format(words.HISTORY_NONE))
        return
    names = {
        each.id: words.conversation(
            each.last_asked_at.astimezone().strftime("%m/%d %H:%M"), each.question, each.exchanges
        )
        for each in found
    }
    chosen = st.selectbox(words.HISTORY_CHOOSE, list(names), format_func=lambda key: names[key], key="history-chosen")
    if st.button(words.HISTORY_OPEN, key="history-open", type="primary"):
        exchanges = home.journal.exchanges(chosen, user=reader.user)
        state.go_on(chosen, exchanges)
        state.writing = next(filter(None, (served.writing_of(each.id) for each in exchanges)), None)
        st.rerun()


def _show_examples() -> None:
    draw(Markup('<h2 class="kotae-examples">{}</h2>').format(words.EXAMPLES))
    columns = st.columns(len(words.EXAMPLE_GROUPS))
    for group, (column, (occasion, questions)) in enumerate(zip(columns, words.EXAMPLE_GROUPS, strict=True)):
        with column:
            draw(Markup("<h3>{}</h3>").format(occasion))
            for number, question in enumerate(questions):
                st.button(
                    question,
                    key=f"example-{group}-{number}",
                    type="tertiary",
                    on_click=_take_example,
                    args=(question,),
                    wrap=True,
                )


def _take_example(question: str) -> None:
    served, state = shared_home(), current()
    if not state.waiting and state.writing is None:  # an example that is pressed twice is asked once
        state.waiting.append(_exchange(served, state, question))


def _exchange(served: SharedHome, state: PageState, text: str) -> Exchange:
    return new_exchange(
        text,
        conversation_id=state.conversation_id,
        user=state.reader.user if state.reader else "",
        as_of=state.as_of or _today(),
        longest=served.settings().answer.question_characters,
    )


def _show_conversation(served: SharedHome, state: PageState) -> None:
    """Draw the exchanges, the newest first; the one that is being answered is drawn elsewhere."""
    written = state.writing.exchange.id if state.writing else ""
    shown = [each for each in reversed(state.exchanges) if each.id != written]
    try:
        home, reader = _ready(served)
    except KotaeError as error:
        _show_questions(state, shown, str(error))
        return
    for exchange in shown[: state.exchange_count]:
        try:
            _show_one(home, reader, exchange, state)
        except KotaeError as error:
            notice("error", Markup("<p>{}</p><p>{}</p>").format(words.NOT_NOW, str(error)))
    if len(shown) > state.exchange_count:
        rest = len(shown) - state.exchange_count
        st.button(words.older(rest), key="older", on_click=_show_older, args=(state,))


def _show_older(state: PageState) -> None:
    state.exchange_count += EXCHANGE_STEP


def _show_one(home: Home, reader: Reader, exchange: Exchange, state: PageState) -> None:
    opened = state.opened if state.opened and state.opened.exchange_id == exchange.id else None
    beside, source = st.columns(_BESIDE, gap="large") if opened else (st.container(), None)
    with beside, st.container(key=f"exchange-{exchange.id}"):
        draw(question_markup(exchange.question))
        answer = readable_answer(home, reader, exchange.answer) if exchange.answer else None
        show_exchange(replace(exchange, answer=answer), state, is_hidden=bool(exchange.answer and not answer))
        if answer is not None and answer.status is not AnswerStatus.FAILED_MODEL:
            show_feedback(home, reader, replace(exchange, answer=answer), state)
            show_approval(home, reader, replace(exchange, answer=answer))
    if opened and source:
        with source:
            show_source(home, reader, exchange, opened, state)


def _show_questions(state: PageState, shown: Sequence[Exchange], reason: str) -> None:
    """Keep the questions in sight while the home cannot be opened or nobody may read; an answer is shown to nobody."""
    for exchange in shown[: state.exchange_count]:
        draw(question_markup(exchange.question))
        if exchange.answer is not None and exchange.answer.status is not AnswerStatus.FAILED_MODEL:
            notice("warning", words.NOT_NOW)
        else:
            state.errors.setdefault(exchange.id, reason)
            show_failure(exchange, None, state)


def _ready(served: SharedHome) -> tuple[Home, Reader]:
    """Return home and reader, telling why it takes a moment where the home is not open yet."""
    if served.is_open():
        return served.home(), served.reader()
    with st.spinner(page.LOADING):
        return served.home(), served.reader()


def _take_question(served: SharedHome, state: PageState, typed: str) -> None:
    """Begin to answer what was typed or is waiting, one at a time; it is kept in the conversation from now on."""
    try:
        if typed:
            state.waiting.append(_exchange(served, state, typed))
    except QuestionError as error:
        notice("error", str(error))
        draw(Markup("<h3>{}</h3>").format(words.TOO_LONG_TEXT))
        st.code(typed, language=None, wrap_lines=True, height=200)
    if state.waiting and state.writing is None:
        exchange = state.waiting.pop(0)
        state.put(exchange)
        state.writing = served.write(exchange)
        state.opened = None


def _show_writing(state: PageState, writing: Writing) -> None:
    """Show the answer as it is written; another run of the page takes it up where it is."""
    for exchange in reversed(state.waiting):
        draw(question_markup(exchange.question))
        notice("info", words.WAITING)
    draw(question_markup(writing.exchange.question))
    place = st.empty()
    for progress in writing.follow():
        draw(writing_markup(progress.sentences, progress.evidence), place=place)
    if progress.answer is not None:
        state.finish(writing.exchange, progress.answer)
    elif progress.error:
        state.errors[writing.exchange.id] = progress.error
    state.writing = None
    st.rerun()
