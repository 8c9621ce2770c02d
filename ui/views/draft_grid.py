"""All items of a notice as a grid: how far each is, and what every check found."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

import streamlit as st
from markupsafe import Markup

from rag.assembly.fields import UNCHECKED, sign_of
from rag.assembly.item import Check
from rag.assembly.sheet import Sheet, SheetStatus
from rag.wiring import Home
from ui.draft_writing import DraftProgress, DraftWriting
from ui.drafts import KeptDraft, Row
from ui.drawing import NOTHING, bar, bullets, draw, facts, flags, joined, lines, notice
from ui.shared_home import SharedHome
from ui.state import DRAFT_STEP, PageState
from ui.views.draft_export import show_export
from ui.words import draft as report_words
from ui.words import drafts as words
from ui.words import sitting

FIRST_WORDS = 60
"""Characters of a question in its row."""
BUTTON_WIDTH = 104
"""Pixels: the columns of all rows, up to ［999］, and of the head in ui/page.css begin at one place."""
REFRESH_SECONDS = 3.0
"""After so long the rows that have become ready meanwhile are drawn."""
_SORTING = {
    SheetStatus.RED: 0,
    SheetStatus.NOT_WRITTEN: 1,
    SheetStatus.TO_CONFIRM: 2,
    SheetStatus.DRAFTED: 3,
}


def show_grid(served: SharedHome, home: Home, state: PageState, draft: KeptDraft, rows: Sequence[Row]) -> None:
    """Draw the head, how far a run is, and a row an item."""
    writing = served.drafting_of(draft.id)
    progress = writing.progress if writing else DraftProgress(is_over=True)
    _show_head(draft)
    with st.container(horizontal=True, key="draft-head"):
        _show_ways(served, state, draft, writing)
        show_export(home, draft, rows)
    place = st.empty()
    if writing is not None and progress.is_over:
        _show_end(progress)
    _show_rows(state, rows, progress)
    if writing is not None and not progress.is_over:
        with place.container():
            if progress.estimate:
                _ask(writing, progress.estimate)
            else:
                _follow(writing)


def _show_head(draft: KeptDraft) -> None:
    draw(
        Markup('<h2>{}{}</h2><p class="kotae-meta">{}</p>').format(
            draft.notice.title,
            flags([draft.sitting] if draft.sitting else []),
            words.kept(words.in_era(draft.day), draft.name, draft.department, f"{draft.made_at:%Y-%m-%d %H:%M}"),
        )
    )
    if draft.notice.warnings:
        with st.expander(words.WARNINGS):
            draw(bullets(draft.notice.warnings))


def _show_ways(served: SharedHome, state: PageState, draft: KeptDraft, writing: DraftWriting | None) -> None:
    is_running = writing is not None and not writing.is_over
    st.button(words.BACK, key="drafts-back", on_click=state.open_draft, args=("",))
    if writing is not None and is_running and not writing.progress.estimate:
        st.button(words.STOP, key="draft-halt", help=words.STOP_HELP, on_click=writing.stop)
    st.button(
        words.REST,
        key="draft-rest",
        disabled=is_running,
        help=words.REST_HELP,
        on_click=_go_on,
        args=(served, draft),
    )


def _go_on(served: SharedHome, draft: KeptDraft) -> None:
    served.draft(draft)


def _show_end(progress: DraftProgress) -> None:
    if progress.error:
        notice("error", progress.error)
    elif progress.is_stopped:
        notice("info", words.stopped(progress.done, progress.every, is_ordered=progress.is_ordered))
    else:
        notice("warning" if progress.failed else "info", words.finished(progress.every, len(progress.failed)))


def _ask(writing: DraftWriting, estimate: str) -> None:
    """Show what would be sent to a language model, and wait for the word."""
    notice("warning", estimate)
    with st.container(horizontal=True, key="draft-ask"):
        st.button(words.GO_ON, key="draft-go", type="primary", on_click=writing.go_on)
        st.button(words.DO_NOT, key="draft-no", on_click=writing.stop)


def _follow(writing: DraftWriting) -> None:
    """Show how far a run is; what has become ready is drawn every few seconds, and all at its end."""
    place = st.empty()
    began, first = time.monotonic(), writing.progress.done
    for progress in writing.follow():
        draw(_progress(progress), place=place)
        is_due = progress.done > first and time.monotonic() - began > REFRESH_SECONDS
        if is_due or progress.estimate:
            break
    st.rerun()


def _progress(progress: DraftProgress) -> Markup:
    told = words.progress(progress.done, progress.every, progress.last) if progress.every else words.PREPARING
    share = progress.done / progress.every if progress.every else 0.0
    return Markup('<div class="kotae-notice kotae-info kotae-running" role="status">{}{}</div>').format(
        told, bar(share, words.bar(progress.done, progress.every))
    )


def _show_rows(state: PageState, rows: Sequence[Row], progress: DraftProgress) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="draft-filter"):
        state.red_first = st.toggle(words.RED_FIRST, value=state.red_first, key="draft-red-first")
        state.red_only = st.toggle(words.RED_ONLY, value=state.red_only, key="draft-red-only")
        draw(Markup('<p class="kotae-meta">{}</p>').format(words.LEGEND))
    shown = [each for each in rows if each.is_red or not state.red_only]
    if state.red_first:
        shown.sort(key=lambda each: _SORTING[_status(each)])
    if not shown:
        notice("info", words.NONE_RED)
        return
    draw(Markup('<h3>{}</h3><div class="kotae-grid kotae-grid-head" aria-hidden="true">{}{}</div>').format(
        words.ROWS,
        joined(Markup("<span>{}</span>").format(name) for name in words.COLUMNS),
        joined(Markup('<span class="kotae-sign">{}</span>').format(check.value) for check in Check),
    ))  # fmt: skip
    with st.container(gap="xsmall", key="draft-rows"):
        for row in shown[: state.draft_count]:
            _show_row(state, row, progress.failed)
    if len(shown) > state.draft_count:
        st.button(words.more(len(shown) - state.draft_count), key="more-drafts", on_click=_show_more, args=(state,))


def _show_more(state: PageState) -> None:
    state.draft_count += DRAFT_STEP


def _status(row: Row) -> SheetStatus:
    return row.sheet.status if row.sheet else SheetStatus.NOT_WRITTEN


def _show_row(state: PageState, row: Row, failed: Mapping[str, str]) -> None:
    with st.container(horizontal=True, wrap=False, gap="small", key=f"row-item-{row.number}"):
        st.button(
            words.open_item(row.number),
            key=f"item-{row.number}",
            disabled=row.is_hidden,
            width=BUTTON_WIDTH,
            on_click=state.open_draft_item,
            args=(row.id,),
        )
        marks = [(words.EDITED, row.is_edited), (words.HIDDEN, row.is_hidden)]
        here = Markup(" kotae-cited") if row.id == state.draft_left else NOTHING  # brought into sight by ui/page.js
        told = Markup(
            '<details class="kotae-entry{}"><summary><span class="kotae-grid">{}{}</span></summary>{}</details>'
        )
        draw(
            told.format(
                here,
                _cells(row, flags(name for name, holds in marks if holds)),
                joined(map(_sign, Check, _signs(row.sheet))),
                _opened(row, failed.get(row.id, "")),
            )
        )


def _cells(row: Row, marks: Markup) -> Markup:
    sheet, item = row.sheet, row.item
    status = _status(row)
    seconds = words.in_minutes(sheet.speaking_seconds) if sheet and sheet.paragraphs else ""
    state = Markup('<b class="kotae-status kotae-{}">{}</b>').format(words.TONES[status], status.value)
    cells = [
        Markup("<b>{}</b>").format(item.label),
        item.member,
        item.answerer,
        sheet.office if sheet else "",
        Markup("{}{}").format(sitting.first(" ".join(item.text.split()), FIRST_WORDS), marks),
        state,
        seconds,
    ]
    return joined(Markup("<span>{}</span>").format(cell) for cell in cells)


def _signs(sheet: Sheet | None) -> list[str]:
    return [sign_of(sheet, check) if sheet else UNCHECKED for check in Check]


def _sign(check: Check, sign: str) -> Markup:
    tone = {"×": "bad", "△": "fair", "○": "good"}.get(sign, "none")
    return Markup('<span class="kotae-sign kotae-sign-{}"><span class="kotae-check">{} </span>{}</span>').format(
        tone, check.value, sign
    )


def _opened(row: Row, reason: str) -> Markup:
    """Return what a row opens to: the question, and the words of every finding."""
    outdated = Markup('<p class="kotae-caution">{}</p>').format(report_words.OUTDATED) if row.is_outdated else NOTHING
    return Markup("{}{}{}").format(lines(row.item.topic), outdated, _findings(row, reason))


def _findings(row: Row, reason: str) -> Markup:
    if row.is_hidden:
        return Markup("<p>{}</p>").format(words.HIDDEN_WHY)
    if reason or row.sheet is None:
        why = words.failed(reason) if reason else words.NOT_YET
        return Markup('<p class="kotae-caution">{}</p>').format(why)
    told = [
        (f"{check.value} {sign_of(row.sheet, check)}", bullets(each.message for each in found))
        for check in Check
        if (found := row.sheet.found_by(check))
    ]
    return facts(told) if told else Markup('<p class="kotae-meta">{}</p>').format(words.NO_FINDINGS)
