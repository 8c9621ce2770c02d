"""The screen 会議録: a sitting as its questions with their answers, and what was left unanswered."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from markupsafe import Markup

from rag.domain import SPOKEN_KINDS, DocumentRecord, Reader, State
from rag.errors import NotFoundError
from rag.japanese.text import sentences
from rag.pairs import Pair, Unanswered, count_pairs, pairs_of, unanswered_of
from rag.wiring import Home
from ui.contents import askers, pairs_with, unanswered_with
from ui.drawing import NOTHING, draw, lines, notice
from ui.passage import visible_record, visible_records
from ui.shared_home import shared_home
from ui.state import PAIR_STEP, Beside, Opened, PageState, chosen_text, current, page_named
from ui.views.source import show_passage
from ui.words import page
from ui.words import sitting as words

FIRST_WORDS = 60
"""Characters of an answer that stand beside its question before it is opened."""
_BESIDE = (1, 1)
"""Widths of the list and of an open source."""
_CHOICE = "sitting-open"


def show() -> None:
    """Draw the screen."""
    served, state = shared_home(), current()
    draw(Markup('<h1>{}</h1><p class="kotae-lead">{}</p>').format(words.TITLE, words.LEAD))
    with st.spinner(page.LOADING):
        home, reader = served.home(), served.reader()
    sittings = _sittings(visible_records(home, reader))
    if not sittings:
        notice("info", words.NONE)
        return
    try:
        record = visible_record(home, reader, _chosen(state, sittings))
    except NotFoundError as error:  # withdrawn or hidden since the list was drawn
        notice("warning", str(error))
        return
    _show_sitting(home, reader, state, record)


def _chosen(state: PageState, sittings: Sequence[DocumentRecord]) -> str:
    """Return the id of the document that is read as pairs: the newest, before another one is chosen."""
    names = {each.id: words.sitting(each.title, each.period.start) for each in sittings}
    kept = state.sitting_id if state.sitting_id in names else next(iter(names))
    return st.selectbox(
        words.CHOOSE,
        list(names),
        index=list(names).index(kept),
        format_func=lambda key: names[key],
        key=_CHOICE,
        on_change=_choose,
        args=(state,),
    )


def _choose(state: PageState) -> None:
    state.read_sitting(chosen_text(_CHOICE))


def _show_sitting(home: Home, reader: Reader, state: PageState, record: DocumentRecord) -> None:
    chunks = home.catalogue.chunks_of(record.id)
    pairs, unanswered = pairs_of(chunks), unanswered_of(chunks)
    if not pairs and not unanswered:
        _show_unpaired(state, record)
        return
    opened = state.opened_beside(Beside.PAIRS)
    beside, source = st.columns(_BESIDE, gap="large") if opened else (st.container(), None)
    with beside:
        _show_pairs(state, record, pairs, unanswered)
    if opened and source:
        with source:
            show_passage(home, reader, opened, state)


def _sittings(records: Sequence[DocumentRecord]) -> list[DocumentRecord]:
    """Return what may hold pairs, the newest first; what has no date last."""
    held = [each for each in records if each.kind in SPOKEN_KINDS and each.state is State.ACTIVE]
    return sorted(held, key=lambda each: (str(each.period.start or ""), each.title), reverse=True)


def _show_unpaired(state: PageState, record: DocumentRecord) -> None:
    notice("info", words.UNPAIRED)
    if st.button(words.WHOLE, key="sitting-whole"):
        state.document_id, state.document_chunk_id = record.id, ""
        st.switch_page(page_named("documents"))


def _show_pairs(
    state: PageState, record: DocumentRecord, pairs: Sequence[Pair], unanswered: Sequence[Unanswered]
) -> None:
    """Draw the filter, the line that counts, the pairs that fit and the questions left open."""
    post, member, looked_for = _filter(record, pairs, unanswered)
    found = pairs_with(pairs, post=post, member=member, words=looked_for)
    left = [] if post else unanswered_with(unanswered, member=member, words=looked_for)
    counts = count_pairs(pairs, unanswered)
    told = words.counts(count=counts.pairs, uncertain=counts.uncertain, unanswered=counts.unanswered)
    narrowed = words.narrowed(len(found), len(left)) if post or member or looked_for else ""
    draw(Markup('<p class="kotae-counts"><b>{}</b> {}</p>').format(told, narrowed))
    if not found and not left:
        notice("info", words.NO_MATCH)
    for pair in found[: state.pair_count]:
        _show_pair(state, pair)
    if len(found) > state.pair_count:
        st.button(words.more(len(found) - state.pair_count), key="more-pairs", on_click=_show_more, args=(state,))
    if left:
        draw(Markup("<h2>{}</h2>").format(words.left_open(len(left))))
        for number, question in enumerate(left, start=1):
            _show_unanswered(state, number, question)


def _filter(record: DocumentRecord, pairs: Sequence[Pair], unanswered: Sequence[Unanswered]) -> tuple[str, str, str]:
    posts = list(dict.fromkeys(pair.post for pair in pairs if pair.post))
    parties = askers(pairs, unanswered)
    first, second, third = st.columns(3)
    post = first.selectbox(
        words.POST, ["", *posts], format_func=lambda name: name or page.ALL, key=f"sitting-post-{record.id}"
    )
    member = second.selectbox(
        words.MEMBER,
        ["", *parties],
        format_func=lambda name: words.member(name, parties.get(name, "")) or page.ALL,
        key=f"sitting-member-{record.id}",
    )
    return post, member, third.text_input(words.WORDS, key=f"sitting-words-{record.id}")


def _show_more(state: PageState) -> None:
    state.pair_count += PAIR_STEP


def _show_pair(state: PageState, pair: Pair) -> None:
    begin = next((span.of(pair.text) for span in sentences(pair.text)), "")
    opened = Opened(
        beside=Beside.PAIRS,
        document_id=pair.document_id,
        locator=pair.locator,
        quote=begin,
        chunk_id=pair.chunk_ids[0],
        page=pair.page,
    )
    marks = [(words.UNCERTAIN, not pair.is_certain), (words.WRITTEN, pair.is_written)]
    summary = Markup('<b>{}</b> <span class="kotae-meta">{}</span>{}<br><b class="kotae-post">{}</b> {}').format(
        pair.gist,
        words.member(pair.member, pair.party),
        Markup("").join(Markup(' <span class="kotae-flag">{}</span>').format(name) for name, holds in marks if holds),
        pair.post or pair.speaker,
        words.first(" ".join(pair.text.split()), FIRST_WORDS),
    )
    caution = Markup('<p class="kotae-caution">{}</p>').format(words.CHECK) if not pair.is_certain else NOTHING
    body = Markup("{}<h3>{}</h3>{}<p class='kotae-meta'>{}</p><h3>{}</h3>{}<p class='kotae-meta'>{}</p>").format(
        caution,
        words.asked(words.member(pair.member, pair.party)),
        lines(pair.question),
        words.stands(pair.asked_page, pair.asked_lines),
        words.answered(pair.post, pair.speaker),
        lines(pair.text),
        words.stands(pair.page, pair.lines, locator=pair.locator),
    )
    _show_row(state, pair.number, opened, summary, body)


def _show_unanswered(state: PageState, number: int, question: Unanswered) -> None:
    opened = Opened(
        beside=Beside.PAIRS,
        document_id=question.document_id,
        locator=question.locator,
        quote=question.question,
        chunk_id=question.chunk_id,
        page=question.page,
    )
    told = Markup('<b>{}</b> <span class="kotae-meta">{}</span>').format(
        question.question, words.member(question.member, question.party)
    )
    _show_row(state, number, opened, told, None)


def _show_row(state: PageState, number: int, opened: Opened, told: Markup, body: Markup | None) -> None:
    """Draw one line with the way to its source; `body`: what opens below it, None for a question without an answer."""
    is_open = state.opened == opened
    key = f"pair-{number}" if body is not None else f"left-{number}"
    with st.container(horizontal=True, wrap=False, gap="small", key=f"row-{key}"):
        st.button(
            words.open_pair(number) if body is not None else words.open_left(number),
            key=key,
            type="primary" if is_open else "secondary",
            on_click=_open,
            args=(state, opened),
        )
        if body is None:
            draw(Markup('<p class="kotae-entry">{}</p>').format(told))
            return
        here = Markup(" open") if is_open else NOTHING
        draw(
            Markup('<details class="kotae-entry kotae-pair"{}><summary>{}</summary>{}</details>').format(
                here, told, body
            )
        )


def _open(state: PageState, opened: Opened) -> None:
    state.opened = opened
