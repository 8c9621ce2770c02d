"""The versions of a document, and two of them side by side (新旧対照), on the screen 文書."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st
from markupsafe import Markup

from rag.domain import DocumentRecord
from rag.rules.versions import Difference, compare, pieces
from rag.wiring import Home
from ui.drawing import draw, marked, notice, table
from ui.state import PageState
from ui.words import page
from ui.words import versions as words

LONGEST_COMPARISON = 200
"""Parts that differ, beyond which a comparison is cut."""


def show_versions(home: Home, state: PageState, record: DocumentRecord, chain: Sequence[DocumentRecord]) -> None:
    """Draw the chain of versions, newest first, with a way to each of them and a comparison."""
    today = date.today()  # noqa: DTZ011 - the office's own day
    rows = [(page.period_of(each), each.title, each.path, _marks(each, record, today)) for each in chain]
    draw(table(words.VERSIONS, words.HEAD, rows))
    others = {each.id: each for each in chain if each.id != record.id}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            words.OTHER_VERSION,
            list(others),
            format_func=lambda key: f"{others[key].title}（{page.period_of(others[key])}）",
            key="documents-version",
            width=420,
        )
        st.button(words.OPEN_VERSION, key="documents-open-version", on_click=_open, args=(state, chosen))
        st.button(words.COMPARE_VERSION, key="documents-compare", on_click=_compare, args=(state, chosen))
    if state.compared_id in others:
        newest_first = [each for each in chain if each.id in (record.id, state.compared_id)]
        _show_comparison(home, newest_first[1], newest_first[0])


def _open(state: PageState, document_id: str) -> None:
    state.document_id, state.document_chunk_id, state.compared_id = document_id, "", ""


def _compare(state: PageState, document_id: str) -> None:
    """Show a comparison, or put away the one that is shown."""
    state.compared_id = "" if state.compared_id == document_id else document_id


def _marks(each: DocumentRecord, record: DocumentRecord, today: date) -> str:
    marks = ((words.IN_FORCE, each.period.contains(today)), (words.THIS_VERSION, each.id == record.id))
    return "、".join(told for told, holds in marks if holds)


def _show_comparison(home: Home, old: DocumentRecord, new: DocumentRecord) -> None:
    found = compare(home.catalogue.chunks_of(old.id), home.catalogue.chunks_of(new.id))
    if not found:
        notice("info", words.SAME)
        return
    if len(found) > LONGEST_COMPARISON:
        notice("info", words.too_many(LONGEST_COMPARISON, len(found)))
    caption = words.comparison(page.period_of(old), page.period_of(new))
    draw(table(caption, words.COMPARISON_HEAD, [_row(each) for each in found[:LONGEST_COMPARISON]]))


def _row(difference: Difference) -> tuple[str, Markup, Markup]:
    left, right = pieces(difference.old, difference.new)
    return (
        words.place(difference.old_locator, difference.new_locator, difference.change),
        marked((piece.text, piece.is_changed) for piece in left),
        marked((piece.text, piece.is_changed) for piece in right),
    )
