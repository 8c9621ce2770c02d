"""The screen 検索: what a search finds, in order, why, and what nearly was found."""

from __future__ import annotations

from datetime import date

import streamlit as st
from markupsafe import Markup

from rag.assistant import read_text
from rag.domain import Kind, Question, Reader
from rag.errors import InputError, QuestionError
from rag.wiring import Home
from ui.drawing import bullets, draw, facts, notice
from ui.excerpt import asked_words
from ui.explaining import behind, best_scores
from ui.searching import COUNTS, Wanted
from ui.shared_home import shared_home
from ui.state import Beside, Found, PageState, current, page_named
from ui.views.ask import FIRST_DAY
from ui.views.evaluation import JUDGES
from ui.views.hit import Listing, show_hit
from ui.views.source import show_passage
from ui.words import ask, page
from ui.words import search as words

_BESIDE = (1, 1)
"""Widths of the list and of an open source."""


def show() -> None:
    """Draw the screen, and search for what was typed."""
    served, state = shared_home(), current()
    draw(Markup("<h1>{}</h1>").format(words.TITLE))
    _show_form(state)
    if not state.wanted.text:
        draw(Markup('<p class="kotae-lead">{}</p>').format(words.LEAD))
        return
    with st.spinner(page.LOADING):
        home, reader = served.home(), served.reader()
    if writer := home.writer():
        notice("info", page.writing(writer))
    try:
        found = _search(home, reader, state)
    except (InputError, QuestionError) as error:
        notice("error", str(error))
        return
    if state.wanted.as_of:
        notice("warning", words.past_day(ask.era(state.wanted.as_of), state.wanted.as_of))
    if found.result.hits:
        _show_found(home, found, state)
    else:
        _show_nothing(state, found)


def _today() -> date:
    return date.today()  # noqa: DTZ011 - the office's own day


def _show_form(state: PageState) -> None:
    """Draw the fields; nothing is searched for before they are sent."""
    wanted = state.wanted
    with st.form("search-form", border=False):
        first, second = st.columns((7, 1), vertical_alignment="bottom")
        text = first.text_input(words.QUESTION, value=wanted.text, placeholder=words.EXAMPLE, key=_key(state, "text"))
        is_sent = second.form_submit_button(words.SEARCH, type="primary", width="stretch")
        first, second, third = st.columns((2, 4, 1))
        day = first.date_input(
            words.AS_OF,
            value=wanted.as_of or _today(),
            min_value=FIRST_DAY,
            max_value=date.max,
            format="YYYY-MM-DD",
            key=_key(state, "day"),
        )
        kinds = second.multiselect(
            words.KINDS,
            list(Kind),
            default=list(wanted.kinds),
            format_func=lambda kind: page.KINDS[kind],
            placeholder=words.EVERY_KIND,
            key=_key(state, "kinds"),
        )
        count = third.selectbox(words.COUNT, COUNTS, index=COUNTS.index(wanted.count), key=_key(state, "count"))
        with st.expander(words.REMARKS, expanded=wanted.keeps_to_remarks):
            remarks = _show_remarks(state)
    if is_sent:
        if not text.strip():
            notice("info", words.EMPTY)
        as_of = None if day == _today() else day
        state.search_for(Wanted(text=text.strip(), as_of=as_of, kinds=tuple(kinds), count=count, **remarks))


def _show_remarks(state: PageState) -> dict[str, str]:
    """Draw what narrows a search to remarks and return what was typed, by the names of `Wanted`."""
    wanted = state.wanted
    first, second, third = st.columns(3)
    typed = {
        "sitting": first.text_input(words.SITTING, value=wanted.sitting, key=_key(state, "sitting")),
        "post": second.text_input(words.POST, value=wanted.post, key=_key(state, "post")),
        "member": third.text_input(words.MEMBER, value=wanted.member, key=_key(state, "member")),
        "since": first.text_input(words.SINCE, value=wanted.since, key=_key(state, "since")),
        "until": second.text_input(words.UNTIL, value=wanted.until, key=_key(state, "until")),
    }
    return {name: value.strip() for name, value in typed.items()}


def _key(state: PageState, field: str) -> str:
    return f"search-{field}-{state.form_number}"


def _search(home: Home, reader: Reader, state: PageState) -> Found:
    """Return what is found; the last search is kept for as long as nothing that decides it has changed."""
    wanted = state.wanted
    day = wanted.as_of or _today()
    question = Question(
        text=read_text(wanted.text, longest=home.settings.answer.question_characters),
        as_of=day,
        reader=reader,
        kinds=frozenset(wanted.kinds),
        remarks=wanted.remarks(day, swapped=words.SWAPPED),
    )
    home.catch_up()
    revision = home.catalogue.revision()
    kept = state.found
    if kept is None or (kept.question, kept.revision) != (question, revision):
        kept = Found(question=question, revision=revision, result=home.retriever.search(question, limit=wanted.count))
        state.found = kept
    return kept


def _show_found(home: Home, found: Found, state: PageState) -> None:
    opened = state.opened_beside(Beside.HITS)
    beside, source = st.columns(_BESIDE, gap="large") if opened else (st.container(), None)
    with beside:
        _show_hits(home, found, state)
    if opened and source:
        with source:
            show_passage(home, found.question.reader, opened, state)


def _show_hits(home: Home, found: Found, state: PageState) -> None:
    """Draw the counts, the hits and, below a line, the near-misses."""
    result = found.result
    hits, near = result.hits, result.near_misses
    told = words.counts(len(hits), len(near), result.audiences, result.coverage)
    draw(Markup('<h2>{}</h2><p class="kotae-counts">{}</p>').format(words.HITS, told))
    is_named = any("reference" in hit.found_by for hit in hits)
    if result.coverage < home.settings.answer.coverage and not is_named:
        notice("info", words.LITTLE)
    listing = _show_toggle(home, found, state)
    for rank, hit in enumerate(hits, start=1):
        show_hit(state, hit, rank, listing)
    if near:
        draw(Markup('<hr><h2>{}</h2><p class="kotae-meta">{}</p>').format(words.NEAR_TITLE, words.NEAR_LEAD))
    for rank, (hit, reason) in enumerate(zip(near, behind(result), strict=True), start=len(hits) + 1):
        show_hit(state, hit, rank, listing, reason=reason)


def _show_toggle(home: Home, found: Found, state: PageState) -> Listing:
    """Draw the switch that adds why something was found, and return how the list is drawn."""
    default = found.question.reader.role in JUDGES if state.shows_reasons is None else state.shows_reasons
    with st.container(horizontal=True, vertical_alignment="center", key="search-reasons-row"):
        shown = st.toggle(words.REASONS, value=default, key="search-reasons")
        if shown != default:
            state.shows_reasons = shown
        listing = _listing(home, found, shows_reasons=shown)
        if listing.best:
            _show_reading(listing)
    return listing


def _listing(home: Home, found: Found, *, shows_reasons: bool) -> Listing:
    question, today = found.question, _today()
    every = (*found.result.hits, *found.result.near_misses)
    ended = {hit.chunk.document_id for hit in every if hit.chunk.period.end and hit.chunk.period.end <= today}
    return Listing(
        asked=asked_words(question.text, home.retriever.synonyms.find(question.text)),
        versions=home.versions(ended, question.reader),
        today=today,
        best=best_scores(every) if shows_reasons else {},
        finders=frozenset(leg for hit in every for leg in hit.found_by),
    )


def _show_reading(listing: Listing) -> None:
    """Explain the scores to whoever asks, and name the legs that found nothing here."""
    known = [(words.leg(name), words.HELP[name]) for name in words.in_order(listing.best) if name in words.HELP]
    with st.popover(words.READING):
        draw(Markup("<p>{}</p>{}").format(words.BARS, facts([(words.TOTAL, words.TOTAL_HELP), *known])))
        if idle := words.idle([name for name in words.FINDERS if name not in listing.finders]):
            draw(Markup("<p>{}</p>").format(idle))


def _show_nothing(state: PageState, found: Found) -> None:
    """Say what can be done where nothing was found."""
    if not found.result.audiences:
        notice("warning", words.NO_AUDIENCE)
        return
    notice("info", words.NONE_FOUND)
    is_narrowed = state.wanted.is_narrowed
    steps = [words.NEXT_NARROWED, *words.NEXT_STEPS] if is_narrowed else list(words.NEXT_STEPS)
    draw(Markup("<h2>{}</h2>{}").format(words.NEXT, bullets(steps)))
    with st.container(horizontal=True):
        if is_narrowed:
            st.button(words.WIDEN, key="search-widen", on_click=_widen, args=(state,))
        if st.button(words.DOCUMENTS, key="search-documents"):
            st.switch_page(page_named("documents"))


def _widen(state: PageState) -> None:
    state.search_for(Wanted(text=state.wanted.text, count=state.wanted.count))
    state.form_number += 1
