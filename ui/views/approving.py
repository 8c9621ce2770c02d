"""Approved answers on the page: the one shown before a new answer, and the button of whoever may approve."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from rag.domain import ApprovedAnswer, Reader
from rag.errors import KotaeError
from rag.journal import Exchange
from rag.wiring import Home
from ui.drawing import draw, notice
from ui.words import approved as words


def approved_head(approved: ApprovedAnswer) -> Markup:
    """Return whose answer it is and for which question it was approved."""
    return Markup('<p class="kotae-status kotae-good kotae-approved">{}</p><p class="kotae-meta">{}: {}</p>').format(
        words.label(approved.department, approved_day(approved)), words.ASKED, approved.question
    )


def approved_day(approved: ApprovedAnswer) -> str:
    """Return the day of an approval by the office's own clock."""
    return approved.approved_at.astimezone().date().isoformat()


def show_approval(home: Home, reader: Reader, exchange: Exchange) -> None:
    """Say that an answer is approved, and let whoever may approve it or take that back."""
    approvals = home.approvals(reader)
    held = approvals.held(exchange.id)
    if held is not None:
        notice("info", words.approved_by_office(held.department, approved_day(held)))
        if approvals.may_withdraw(held) and st.button(words.WITHDRAW, key=f"withdraw-{exchange.id}"):
            approvals.withdraw(exchange.id)
            st.rerun()
    elif exchange.answer is not None and approvals.may_approve(exchange.answer):
        with st.container(horizontal=True, vertical_alignment="center"):
            is_pressed = st.button(words.APPROVE, key=f"approve-{exchange.id}", help=words.APPROVE_HELP)
            draw(Markup('<p class="kotae-meta">{}</p>').format(words.record_number(exchange.id)))
        if is_pressed:
            _approve(home, reader, exchange)


def _approve(home: Home, reader: Reader, exchange: Exchange) -> None:
    try:
        home.approvals(reader).approve(exchange.id)
    except KotaeError as error:
        notice("error", str(error))
        return
    st.rerun()
