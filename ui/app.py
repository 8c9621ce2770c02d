"""The page that Streamlit runs for each session: the frame around the screens."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from rag.errors import KotaeError
from ui.drawing import notice, styles
from ui.shared_home import shared_home
from ui.state import current, remember_pages
from ui.views import ask, documents, drafts, evaluation, search, sitting
from ui.words import page as words


def main() -> None:
    """Draw the frame and the screen that the address names."""
    st.set_page_config(page_title=words.NAME, layout="wide", initial_sidebar_state="collapsed")
    styles()
    state = current()
    try:
        state.reader = shared_home().reader()
    except KotaeError as error:
        notice("error", str(error))
        if state.reader is None:
            return  # else the frame stays, so that a question typed meanwhile is not lost; nothing is read for anybody
    screens: dict[str, tuple[Callable[[], None], str]] = {
        "ask": (ask.show, words.ASK),
        "search": (search.show, words.SEARCH),
        "sittings": (sitting.show, words.SITTINGS),
        "drafts": (drafts.show, words.DRAFTS),
        "documents": (documents.show, words.DOCUMENTS),
    }
    if state.reader.role in evaluation.JUDGES:
        screens["evaluation"] = (evaluation.show, words.EVALUATION)
    pages = {
        name: st.Page(show, title=title, url_path=name, default=name == "ask")
        for name, (show, title) in screens.items()
    }
    remember_pages(pages)
    page = st.navigation(list(pages.values()), position="hidden")  # Streamlit's own hides on a phone, in English
    with st.container(horizontal=True, key="screens"):
        for name, (_, title) in screens.items():
            st.page_link(pages[name], label=title)
    try:
        page.run()
    except KotaeError as error:
        notice("error", str(error))


main()
