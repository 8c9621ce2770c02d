"""The source beside an answer or a pair: the clause or passage with the quote marked, a PDF's page as a picture."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from rag.domain import SPOKEN_KINDS, Question, Reader
from rag.errors import DocumentError, KotaeError, NotFoundError
from rag.journal import Exchange
from rag.wiring import Home
from ui.drawing import bullets, draw, facts, lines, marked, notice
from ui.passage import Passage, draw_cited_page, find_passage, referred
from ui.state import Opened, PageState, page_named
from ui.views.feedback import keep_right_source
from ui.words import page
from ui.words import source as words


def show_source(home: Home, reader: Reader, exchange: Exchange, opened: Opened, state: PageState) -> None:
    """Draw what an opened citation rests on."""
    with st.container(border=True, key="source"):
        passage = _show_found(home, reader, opened, state)
        if passage is not None:
            _show_referred(home, reader, exchange, passage)
            _show_around(passage)
            with st.container(horizontal=True):
                _offer_feedback(home, reader, exchange, passage.chunk_id)
                _offer_whole(passage, state)


def show_passage(home: Home, reader: Reader, opened: Opened, state: PageState) -> None:
    """Draw where a hit, or a question or an answer of a sitting, stands."""
    with st.container(border=True, key="source"):
        passage = _show_found(home, reader, opened, state)
        if passage is not None:
            _show_around(passage)
            _offer_whole(passage, state)


def _show_found(home: Home, reader: Reader, opened: Opened, state: PageState) -> Passage | None:
    """Draw the passage with its place; None: it is gone, which is said."""
    draw(Markup('<h2 class="kotae-source-title">{}</h2>').format(words.TITLE))
    st.button(words.CLOSE, key="close-source", on_click=_close, args=(state,))
    try:
        passage = find_passage(
            home,
            reader,
            document_id=opened.document_id,
            locator=opened.locator,
            chunk_id=opened.chunk_id,
            quote=opened.quote,
        )
    except NotFoundError as error:
        notice("warning", str(error))
        return None
    _show_facts(passage)
    _show_words(passage, opened)
    _show_picture(home, passage, opened)
    return passage


def _close(state: PageState) -> None:
    state.opened = None


def _show_facts(passage: Passage) -> None:
    record = passage.record
    draw(
        Markup('<p class="kotae-place"><b>{}</b></p>{}').format(
            page.place(record.title, passage.locator),
            facts(
                [
                    (words.PLACE, passage.path or passage.locator),
                    (words.DAY if record.kind in SPOKEN_KINDS else words.PERIOD, page.period_of(record)),
                    (words.DEPARTMENT, record.department or page.NO_DEPARTMENT),
                    (words.FILE, record.path),
                ]
            ),
        )
    )


def _show_words(passage: Passage, opened: Opened) -> None:
    if passage.is_changed:
        notice("warning", words.CHANGED)
    if opened.quote:
        is_marked = any(each for _, each in passage.pieces)
        draw(
            Markup('<p class="kotae-meta">{}</p>').format(
                words.MARKED[opened.beside] if is_marked else words.NOT_MARKED
            )
        )
    draw(Markup('<div class="kotae-passage">{}</div>').format(marked(passage.pieces)))


def _show_picture(home: Home, passage: Passage, opened: Opened) -> None:
    """Show the page of a PDF as it looks; nothing for other formats."""
    wanted = passage.page if passage.is_changed else opened.page or passage.page
    if wanted is None or not passage.record.path.lower().endswith(".pdf"):
        return
    try:
        picture = draw_cited_page(passage.record, page=wanted, quote=opened.quote, settings=home.settings.ingest)
    except DocumentError as error:
        notice("warning", str(error))
        return
    if picture is None:
        notice("info", words.FILE_GONE)
        return
    told = words.picture(passage.record.title, picture.page, is_boxed=picture.found)
    st.image(picture.png, width="stretch", alt=told)
    draw(Markup('<p class="kotae-meta">{}</p>').format(page.page_of(picture.page, picture.pages)))


def _show_referred(home: Home, reader: Reader, exchange: Exchange, passage: Passage) -> None:
    """Show what 前条 or 別表第一 means, so that nobody has to look for it."""
    question = Question(text=exchange.question, as_of=exchange.as_of, reader=reader)
    found = referred(home, question, passage)
    if found:
        with st.expander(words.REFERRED):
            draw(bullets(lines(each.text) for each in found))


def _show_around(passage: Passage) -> None:
    around = [*passage.before, *passage.after]
    if around:
        with st.expander(words.AROUND):
            for chunk in around:
                draw(Markup('<h3 class="kotae-around">{}</h3>{}').format(chunk.locator, lines(chunk.text)))


def _keep_right(home: Home, reader: Reader, exchange: Exchange, chunk_id: str) -> None:
    """Keep the source before the page is drawn anew, so that the feedback above shows it."""
    try:
        keep_right_source(home, reader, exchange, chunk_id)
    except KotaeError as error:
        notice("error", str(error))
    else:
        st.toast(words.RIGHT_SAVED)


def _offer_feedback(home: Home, reader: Reader, exchange: Exchange, chunk_id: str) -> None:
    st.button(words.RIGHT, key="right-source", on_click=_keep_right, args=(home, reader, exchange, chunk_id))


def _offer_whole(passage: Passage, state: PageState) -> None:
    if st.button(words.WHOLE, key="whole-document"):
        state.document_id, state.document_chunk_id = passage.record.id, passage.chunk_id
        st.switch_page(page_named("documents"))
