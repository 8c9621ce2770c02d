"""A notice is taken in: what was read of it is shown before anything is drafted."""

from __future__ import annotations

from datetime import date, datetime

import streamlit as st
from markupsafe import Markup

from rag.assembly.item import Stance
from rag.domain import Reader
from rag.errors import InputError
from rag.wiring import Home
from ui.drafts import KeptDraft, draft_id, keep_draft
from ui.drawing import bullets, draw, lines, notice, table
from ui.importing import MEGABYTES, SUFFIXES, Imported, probable_day, read_imported
from ui.shared_home import SharedHome
from ui.state import PageState
from ui.words import drafts as words

LONGEST_NAME = 60
FIRST_DAY = date(2000, 1, 1)


def show_import(served: SharedHome, home: Home, reader: Reader, state: PageState) -> None:
    """Draw the place for a file, and what was read of it."""
    given = st.file_uploader(
        words.IMPORT,
        type=list(SUFFIXES),
        max_upload_size=MEGABYTES,
        key="draft-notice",
    )
    if given is None:
        state.imported = None
        return
    if state.imported is None or (state.imported.name, state.imported.content) != (given.name, given.getvalue()):
        state.imported = None
        try:
            with st.spinner(words.READING):
                state.imported = read_imported(given.name, given.getvalue(), home.settings.ingest)
        except InputError as error:
            notice("error", str(error))
            return
    _show_read(served, home, reader, state, state.imported)


def _show_read(served: SharedHome, home: Home, reader: Reader, state: PageState, imported: Imported) -> None:
    """Draw warnings, what can be set, the button, and the items as they were read."""
    read = imported.notice
    draw(Markup("<h2>{}</h2><p>{}</p>").format(read.title, words.read(imported.name, len(read.items))))
    if read.warnings:
        notice("warning", Markup("<p>{}</p>{}").format(words.WARNINGS, bullets(read.warnings)))
    first, second, third = st.columns((3, 2, 2))
    sitting = first.text_input(words.SITTING, value=read.sitting, max_chars=LONGEST_NAME, key="draft-sitting")
    day = second.date_input(
        words.DAY,
        value=probable_day(read, _today()),
        min_value=FIRST_DAY,
        max_value=date.max,
        format="YYYY-MM-DD",
        key="draft-day",
    )
    chosen = third.selectbox(
        words.STANCE,
        [each.value for each in Stance],
        index=list(Stance).index(Stance.AS_BEFORE),
        help=words.STANCE_HELP,
        key="draft-stance",
    )
    stance = Stance(chosen)
    if st.button(words.MAKE, type="primary", key="draft-make"):
        draft = KeptDraft(
            id=draft_id(reader, imported.content, day),
            notice=read,
            sitting=sitting.strip(),
            day=day,
            stance=stance,
            user=reader.user,
            name=reader.name,
            department=reader.department,
            made_at=datetime.now().astimezone(),
        )
        served.draft(keep_draft(home.path, draft))
        state.open_draft(draft.id)
        st.rerun()
    rows = [
        (
            _whole(each.label),
            _whole(each.member),
            each.answerer,
            lines(each.topic),
            _whole((each.stance or stance).value),
        )
        for each in read.items
    ]
    draw(table(words.ITEMS, words.ITEMS_HEAD, rows))


def _whole(text: str) -> Markup:
    return Markup('<span class="kotae-whole">{}</span>').format(text)


def _today() -> date:
    return date.today()  # noqa: DTZ011 - the office's own day
