"""Drafts are taken away as files, made when a button is pressed."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from rag.assembly.fields import TEMPLATE_FILE
from rag.wiring import Home
from ui.draft_files import overview_file, template_file, word_file, zip_file
from ui.drafts import KeptDraft, Row
from ui.words import draft as file_words
from ui.words import drafts as words

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def show_export(home: Home, draft: KeptDraft, rows: Sequence[Row]) -> None:
    """Draw the buttons for the book and for everything, once there is a draft."""
    if not any(each.sheet for each in rows):
        return
    st.download_button(
        words.BOOK,
        lambda: overview_file(home, draft, rows),
        file_name=file_words.OVERVIEW,
        mime=EXCEL,
        key="draft-book",
        on_click="ignore",
    )
    st.download_button(
        words.ALL,
        lambda: zip_file(home, draft, rows),
        file_name=words.ZIP,
        mime="application/zip",
        key="draft-zip",
        on_click="ignore",
    )


def show_word(home: Home, row: Row) -> None:
    """Draw the button for the Word file of one item."""
    sheet = row.sheet
    if sheet is not None:
        st.download_button(
            words.WORD,
            lambda: word_file(home, sheet),
            file_name=row.file,
            mime=WORD,
            key="draft-word",
            on_click="ignore",
        )


def show_template(home: Home) -> None:
    """Draw the button for the form of answer sheets, which an office changes in Word."""
    st.download_button(
        words.TEMPLATE,
        lambda: template_file(home),
        file_name=TEMPLATE_FILE,
        mime=WORD,
        help=words.TEMPLATE_HELP,
        key="draft-template",
        on_click="ignore",
    )
