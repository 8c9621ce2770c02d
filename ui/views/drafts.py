"""The screen 答弁案: a notice becomes drafts, each beside its sources, edited, checked and exported."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from markupsafe import Markup

from rag.domain import Reader
from rag.errors import NotFoundError
from rag.wiring import Home
from ui.drafts import KeptDraft, counts, find_draft, kept_drafts, rows_of, unread_drafts
from ui.drawing import draw, flags, notice
from ui.shared_home import SharedHome, shared_home
from ui.state import PageState, current
from ui.views.draft_export import show_template
from ui.views.draft_grid import show_grid
from ui.views.draft_import import show_import
from ui.views.draft_item import show_item
from ui.words import drafts as words
from ui.words import page


def show() -> None:
    """Draw the screen."""
    served, state = shared_home(), current()
    draw(Markup("<h1>{}</h1>").format(words.TITLE))
    with st.spinner(page.LOADING):
        home, reader = served.home(), served.reader()
    if state.draft_id:
        _show_draft(served, home, reader, state)
    else:
        draw(Markup('<p class="kotae-lead">{}</p>').format(words.LEAD))
        show_import(served, home, reader, state)
        if state.imported is None:
            _show_kept(home, state, kept_drafts(home.path, reader))
            show_template(home)


def _show_kept(home: Home, state: PageState, drafts: Sequence[KeptDraft]) -> None:
    draw(Markup("<h2>{}</h2>").format(words.KEPT))
    unread = unread_drafts(home.path)
    if unread:
        notice("warning", words.unread(unread))
    if not drafts:
        draw(Markup("<p>{}</p>").format(words.KEPT_NONE))
    for number, draft in enumerate(drafts, 1):
        done, red = counts(home.path, draft)
        with st.container(horizontal=True, wrap=False, gap="small", key=f"row-draft-{number}"):
            st.button(words.open_draft(number), key=f"draft-{number}", on_click=state.open_draft, args=(draft.id,))
            draw(
                Markup('<div class="kotae-hit"><h3>{}{}</h3><p class="kotae-meta">{}<br>{}</p></div>').format(
                    draft.notice.title,
                    flags([draft.sitting] if draft.sitting else []),
                    words.kept(
                        words.in_era(draft.day), draft.name, draft.department, f"{draft.made_at:%Y-%m-%d %H:%M}"
                    ),
                    words.counted(len(draft.notice.items), done, red),
                )
            )


def _show_draft(served: SharedHome, home: Home, reader: Reader, state: PageState) -> None:
    try:
        draft = find_draft(home.path, reader, state.draft_id)
    except NotFoundError as error:
        st.button(words.BACK, key="drafts-back", on_click=state.open_draft, args=("",))
        notice("warning", str(error))
        return
    rows = rows_of(home, reader, draft)
    if any(each.id == state.draft_item for each in rows):
        show_item(home, reader, state, draft, rows)
    else:
        show_grid(served, home, state, draft, rows)
