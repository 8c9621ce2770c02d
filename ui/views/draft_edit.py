"""An answer is edited and checked again at once."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st
from markupsafe import Markup

from rag.assembly.item import AnswerPart
from rag.assembly.sheet import Sheet
from rag.domain import Reader
from rag.drafting.rechecking import Edited
from rag.errors import CasesError
from rag.wiring import Home
from ui.drafts import KeptDraft, Row, open_run
from ui.drawing import bullets, draw, notice
from ui.state import PageState
from ui.words import drafts as words

LONGEST = 4000
"""Characters of one paragraph; one that is longer already is shown whole."""
_LEAST_HEIGHT, _MOST_HEIGHT = 100, 320
_LINE_CHARACTERS, _LINE_HEIGHT = 38, 27


def show_editing(home: Home, reader: Reader, state: PageState, draft: KeptDraft, row: Row, sheet: Sheet) -> None:
    """Draw a field a paragraph and one for a new paragraph; what is typed is kept when the button is pressed.

    `sheet`: as it was when editing began, so that what is typed stays where somebody else keeps another version meanwhile.
    """
    draw(Markup('<p class="kotae-lead">{}</p>').format(words.EDIT_LEAD))
    key = f"draft-edit-{draft.id}-{row.number}-{sheet.version}"
    edited = [*_fields(sheet, key), _new_field(key)]
    with st.container(horizontal=True, key="draft-save-row"):
        is_sent = st.button(words.SAVE, type="primary", key="draft-save")
        st.button(words.STOP_EDITING, key="draft-stop", on_click=state.open_draft_item, args=(row.id,))
    if not is_sent:
        return
    if not any(_is_changed(each) for each in edited):
        notice("info", words.UNCHANGED)
        return
    try:
        with st.spinner(words.CHECKING):
            home.catch_up()
            run = open_run(home, reader, draft)
            kept = run.edit(run.plan_one(row.id), edited, version=sheet.version)
    except CasesError as error:
        notice("error", str(error))
        return
    st.toast(words.saved(kept.version))
    state.open_draft_item(row.id)
    st.rerun()


def _fields(sheet: Sheet, key: str) -> Iterator[Edited]:
    for number, paragraph in enumerate(sheet.paragraphs, 1):
        text = st.text_area(
            words.paragraph(number, paragraph.part),
            value=paragraph.text,
            height=_height(paragraph.text),
            max_chars=max(LONGEST, len(paragraph.text)),
            key=f"{key}-text-{number}",
        )
        is_confirmed = False
        if paragraph.changes or paragraph.needs_confirming:
            draw(Markup('<div class="kotae-caution">{}</div>').format(bullets(paragraph.changes)))
        if paragraph.needs_confirming:
            is_confirmed = st.toggle(words.confirmed(number), key=f"{key}-confirmed-{number}")
        yield Edited(part=paragraph.part, text=text or "", before=paragraph, is_confirmed=is_confirmed)


def _new_field(key: str) -> Edited:
    part = st.selectbox(
        words.NEW_PART,
        [each.value for each in AnswerPart],
        index=list(AnswerPart).index(AnswerPart.ACTION),
        format_func=lambda each: words.PARTS[AnswerPart(each)],
        key=f"{key}-part",
    )
    text = st.text_area(words.NEW_TEXT, height=_LEAST_HEIGHT, max_chars=LONGEST, key=f"{key}-new")
    return Edited(part=AnswerPart(part), text=text or "")


def _is_changed(edited: Edited) -> bool:
    before = edited.before.text if edited.before else ""
    return edited.text.strip() != before or edited.is_confirmed


def _height(text: str) -> int:
    rows = len(text) // _LINE_CHARACTERS + 2
    return min(_MOST_HEIGHT, max(_LEAST_HEIGHT, rows * _LINE_HEIGHT))
