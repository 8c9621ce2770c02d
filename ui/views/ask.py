"""The screen 質問: a conversation in which every answer stands beside its sources."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st
from markupsafe import Markup

from rag.domain import Answer, Evidence, Reader, Sentence
from rag.errors import KotaeError, QuestionError
from rag.journal import Exchange
from rag.wiring import Home
from ui.asking import ask, new_exchange
from ui.drawing import draw, notice
from ui.passage import is_readable
from ui.serving import Serving, serving
from ui.state import PageState, chosen_day, current
from ui.views.answer import question_markup, show_exchange, show_failure, writing_markup
from ui.views.feedback import show_feedback
from ui.views.source import show_source
from ui.words import ask as words
from ui.words import page

AS_OF = "as-of"
HISTORY_LENGTH = 50
_BESIDE = (1, 1)
"""Widths of an answer and its open source."""


def show() -> None:
    """Draw the screen, and answer what was asked."""
    served, state = serving(), current()
    draw(Markup("<h1>{}</h1>").format(words.TITLE))
    if not state.exchanges:
        draw(Markup('<p class="kotae-lead">{}</p>').format(words.LEAD))
    with st.container(horizontal=True, vertical_alignment="bottom", key="toolbar"):
        st.date_input(words.AS_OF, key=AS_OF, format="YYYY-MM-DD", width=260)
        _show_history(served, state)
        if state.exchanges:
            st.button(words.NEW, key="new", on_click=state.start_over)
    _show_day()
    if served.is_open() and (writer := served.home().writer()):
        notice("info", page.writing(writer))
    longest = served.settings().answer.question_characters
    with st.container(key="asking"):  # in a container it stands here; on its own it would pull the page to its foot
        typed = st.chat_input(words.PROMPT, key="question", max_chars=longest, submit_mode="disable")
    asked = _asked(served, state, typed or "")
    newest = st.container(key="newest")
    if state.exchanges:
        _show_conversation(served, state, without=asked)
    elif asked is None:
        _show_examples()
    if asked is not None:
        with newest:
            _answer(served, state, asked)


def _day() -> date:
    return chosen_day(AS_OF) or date.today()  # noqa: DTZ011 - the office's own day


def _show_day() -> None:
    day = _day()
    if day != date.today():  # noqa: DTZ011 - the office's own day
        notice("warning", f"{words.era(day)}（{day.isoformat()}）: {words.PAST_DAY}")


def _show_history(served: Serving, state: PageState) -> None:
    history = st.popover(words.HISTORY, on_change="rerun", key="history")
    if not history.open:  # nothing of other conversations reaches the browser before it is asked for
        return
    with history:
        home, reader = _ready(served)
        looked_for = st.text_input(words.HISTORY_SEARCH, key="history-search")
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
        chosen = st.selectbox(
            words.HISTORY_CHOOSE, list(names), format_func=lambda key: names[key], key="history-chosen"
        )
        if st.button(words.HISTORY_OPEN, key="history-open", type="primary"):
            state.go_on(chosen, home.journal.exchanges(chosen, user=reader.user))
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
    served, state = serving(), current()
    state.waiting = _exchange(served, state, question)


def _exchange(served: Serving, state: PageState, text: str) -> Exchange:
    return new_exchange(
        text,
        conversation_id=state.conversation_id,
        reader=served.reader(),
        as_of=_day(),
        longest=served.settings().answer.question_characters,
    )


def _show_conversation(served: Serving, state: PageState, *, without: Exchange | None) -> None:
    """Draw the exchanges, the newest first; the one that is being answered is drawn elsewhere."""
    shown = [each for each in reversed(state.exchanges) if without is None or each.id != without.id]
    try:
        home, reader = _ready(served)
    except KotaeError as error:
        _show_questions(state, shown, str(error))
        return
    for exchange in shown:
        opened = state.opened if state.opened and state.opened.exchange_id == exchange.id else None
        beside, source = st.columns(_BESIDE, gap="large") if opened else (st.container(), None)
        with beside, st.container(key=f"exchange-{exchange.id}"):
            draw(question_markup(exchange.question))
            is_hidden = exchange.answer is not None and not is_readable(home, reader, exchange.answer)
            show_exchange(exchange, state, is_hidden=is_hidden)
            if exchange.answer is not None and not is_hidden:
                show_feedback(home, reader, exchange, state)
        if opened and source:
            with source:
                show_source(home, reader, opened, state)


def _show_questions(state: PageState, shown: Sequence[Exchange], reason: str) -> None:
    """Keep the questions in sight while the home cannot be opened."""
    for exchange in shown:
        draw(question_markup(exchange.question))
        state.errors.setdefault(exchange.id, reason)
        show_failure(exchange, exchange.answer, state)


def _ready(served: Serving) -> tuple[Home, Reader]:
    """Return home and reader, telling why it takes a moment where the home is not open yet."""
    if served.is_open():
        return served.home(), served.reader()
    with st.spinner(page.LOADING):
        return served.home(), served.reader()


def _asked(served: Serving, state: PageState, typed: str) -> Exchange | None:
    """Return what is to be asked in this run, kept in the conversation from now on; None: nothing."""
    try:
        exchange = _exchange(served, state, typed) if typed else state.waiting
    except QuestionError as error:
        notice("error", str(error))
        return None
    if exchange is not None:
        state.waiting = state.opened = None
        state.put(exchange)
    return exchange


def _answer(served: Serving, state: PageState, exchange: Exchange) -> None:
    """Show the answer as it is written; whatever happens, the question stays on the page."""
    draw(question_markup(exchange.question))
    place = st.empty()
    draw(writing_markup((), ()), place=place)
    evidence: tuple[Evidence, ...] = ()
    sentences: list[Sentence] = []
    try:
        home, reader = _ready(served)
        for event in ask(home, reader, exchange):
            if isinstance(event, Answer):
                state.finish(exchange, event)
            elif isinstance(event, Sentence):
                sentences.append(event)
            else:
                evidence = event
            draw(writing_markup(sentences, evidence), place=place)
    except KotaeError as error:
        state.errors[exchange.id] = str(error)
    st.rerun()
