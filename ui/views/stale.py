"""On the screen 質問: the answers to check again, with what happened to their sources."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from rag.domain import Reader
from rag.errors import KotaeError
from rag.stale import Stale
from rag.wiring import Home
from ui.drawing import NOTHING, draw, joined, notice
from ui.shapes import finding_json
from ui.shared_home import SharedHome
from ui.state import PageState
from ui.words import approved as approved_words
from ui.words import page
from ui.words import stale as words

SHOWN = 20
WIDTH = 560
"""Pixels; a narrower screen takes what it has."""


def show_stale(served: SharedHome, state: PageState) -> None:
    """Draw the way to the answers to check again; nothing is looked up before it is opened."""
    opened = st.popover(words.TITLE, on_change="rerun", key="stale")
    if not opened.open:
        return
    with opened, st.container(width=WIDTH):
        try:
            with st.spinner(page.LOADING):
                home, reader = served.home(), served.reader()
            _list(home, reader, state)
        except KotaeError as error:
            notice("error", str(error))


def _list(home: Home, reader: Reader, state: PageState) -> None:
    draw(Markup('<p class="kotae-meta">{}</p>').format(words.LEAD.format(count=SHOWN)))
    st.button(words.AGAIN, key="stale-again")  # a list that scrolls needs something that the keyboard can reach
    found = home.stale_answers(reader).listed(limit=SHOWN)
    if not found:
        draw(Markup("<p>{}</p>").format(words.NONE))
    for stale in found:
        with st.container(border=True, key=f"stale-{stale.exchange_id}"):
            _show_one(home, reader, stale, state)


def _show_one(home: Home, reader: Reader, stale: Stale, state: PageState) -> None:
    told = f"{stale.at.astimezone().date().isoformat()} {words.whose(stale.department)}"
    draw(Markup('<h3>{}</h3><p class="kotae-meta">{}</p>').format(stale.question, told))
    draw(joined(_finding(finding_json(each)) for each in stale.findings))
    if stale.conversation_id:
        if st.button(words.OPEN, key=f"stale-open-{stale.exchange_id}"):
            exchanges = home.journal.exchanges(stale.conversation_id, user=reader.user)
            state.go_on(stale.conversation_id, exchanges)
            st.rerun()
        return
    approvals = home.approvals(reader)
    held = approvals.held(stale.exchange_id)
    if held is None or not approvals.may_withdraw(held):
        return
    if st.button(approved_words.WITHDRAW, key=f"stale-withdraw-{stale.exchange_id}"):
        approvals.withdraw(stale.exchange_id)
        st.rerun()


def _finding(finding: dict[str, str | None]) -> Markup:
    texts = joined(
        Markup("<p>{}: 「{}」</p>").format(name, words.shortened(text))
        for name, text in ((words.WAS, finding["quote"]), (words.IS, finding["text"]))
        if text
    )
    return Markup("<p><b>{}</b></p>{}").format(words.happened(finding), texts or NOTHING)
