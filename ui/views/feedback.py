"""Under an answer: whether it helped, why not, and what the right source is."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import streamlit as st
from markupsafe import Markup

from rag.domain import Reader
from rag.journal import Exchange, Feedback, FeedbackState, Reason, Verdict
from rag.wiring import Home
from ui.drawing import draw, notice
from ui.state import PageState, forget
from ui.words import feedback as words
from ui.words import page


def show_feedback(home: Home, reader: Reader, exchange: Exchange, state: PageState) -> None:
    """Draw the two thumbs, then the form, then what became of it."""
    given = home.journal.feedback(exchange.id)
    pressed = state.verdicts.get(exchange.id)
    if given is not None and pressed is None:
        notice("info", words.thanks(words.VERDICTS[given.verdict], words.STATES[given.state]))
        st.button(words.CHANGE, key=f"change-{exchange.id}", on_click=_press, args=(state, exchange, given.verdict))
        return
    draw(Markup('<h3 class="kotae-ask-feedback">{}</h3>').format(words.ASK))
    with st.container(horizontal=True):
        for verdict in Verdict:
            st.button(
                words.VERDICTS[verdict],
                key=f"{verdict.value}-{exchange.id}",
                type="primary" if pressed is verdict else "secondary",
                on_click=_press,
                args=(state, exchange, verdict),
            )
    if pressed is not None:
        _show_form(home, reader, exchange, given, state)
        st.button(words.CANCEL, key=f"cancel-{exchange.id}", on_click=_take_back, args=(state, exchange))


def keep_right_source(home: Home, reader: Reader, exchange: Exchange, chunk_id: str) -> None:
    """Keep that a passage was the right source, with what was said of the answer before; whoever handles it looks again."""
    given = home.journal.feedback(exchange.id) or _first_word(reader, exchange, chunk_id)
    sources = tuple(dict.fromkeys([*given.right_sources, chunk_id]))
    home.journal.put_feedback(replace(given, right_sources=sources, state=FeedbackState.RECEIVED))


def _first_word(reader: Reader, exchange: Exchange, chunk_id: str) -> Feedback:
    """Return what naming a source says of an answer: helpful only where the answer cites it."""
    answer = exchange.answer
    cited = {each.chunk_id for each in answer.citations} if answer else set()
    reasons = () if chunk_id in cited else (Reason.WRONG_SOURCE,) if cited else (Reason.DECLINED,)
    return Feedback(
        exchange_id=exchange.id,
        user=reader.user,
        given_at=datetime.now().astimezone(),
        verdict=Verdict.NOT_HELPFUL if reasons else Verdict.HELPFUL,
        reasons=reasons,
    )


def _press(state: PageState, exchange: Exchange, verdict: Verdict) -> None:
    state.verdicts[exchange.id] = verdict


def _take_back(state: PageState, exchange: Exchange) -> None:
    state.verdicts.pop(exchange.id, None)


def _show_form(home: Home, reader: Reader, exchange: Exchange, given: Feedback | None, state: PageState) -> None:
    verdict = state.verdicts[exchange.id]
    places = _places(exchange)
    with st.form(key=f"feedback-{exchange.id}", border=True):
        reasons: list[Reason] = []
        if verdict is Verdict.NOT_HELPFUL:
            reasons = st.multiselect(
                words.REASON,
                list(Reason),
                default=list(given.reasons) if given else [],
                format_func=lambda reason: words.REASONS[reason],
                key=f"reasons-{exchange.id}",
                placeholder=words.REASON_NONE,
            )
        comment = st.text_area(
            words.COMMENT,
            value=given.comment if given else "",
            max_chars=2000,
            key=f"comment-{exchange.id}",
        )
        source = st.selectbox(
            words.RIGHT_SOURCE,
            ["", *places],
            format_func=lambda chunk_id: places.get(chunk_id, words.RIGHT_SOURCE_NONE),
            key=f"source-{exchange.id}",
        )
        is_sent = st.form_submit_button(words.SEND, type="primary")
    if is_sent:
        before = given or Feedback(
            exchange_id=exchange.id, user=reader.user, given_at=datetime.now().astimezone(), verdict=verdict
        )
        home.journal.put_feedback(
            replace(
                before,
                given_at=datetime.now().astimezone(),
                verdict=verdict,
                reasons=tuple(reasons),
                comment=comment.strip(),
                right_sources=tuple(dict.fromkeys([*before.right_sources, *([source] if source else [])])),
                state=FeedbackState.RECEIVED,
            )
        )
        del state.verdicts[exchange.id]
        forget(f"reasons-{exchange.id}", f"comment-{exchange.id}", f"source-{exchange.id}")
        st.rerun()


def _places(exchange: Exchange) -> dict[str, str]:
    """Return chunk id → where it stands, cited ones first, then the others that were found."""
    answer = exchange.answer
    if answer is None:
        return {}
    cited = {each.chunk_id: page.place(each.title, each.locator) for each in answer.citations}
    return cited | {
        each.chunk_id: page.place(each.title, each.locator) for each in answer.hits if each.chunk_id not in cited
    }
