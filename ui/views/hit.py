"""A hit of a search: where it stands, the words that fit, and what each leg says of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st
from markupsafe import Markup

from rag.domain import DocumentRecord, Hit
from ui.drawing import NOTHING, bar, draw, flags, highlighted, joined
from ui.excerpt import excerpt, telling_sentence
from ui.explaining import Reading, lowered, readings
from ui.state import Beside, Opened, PageState
from ui.words import page, sitting
from ui.words import search as words


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What all hits of one list share."""

    asked: frozenset[str]
    """Words of the question, to be marked."""
    versions: Mapping[str, Sequence[DocumentRecord]]
    """Document id → its versions, of documents that are in force no more."""
    today: date
    best: Mapping[str, float]
    """Leg → its best score; empty: why something was found is not shown."""
    finders: Collection[str]
    """Legs that found any of them."""


def show_hit(state: PageState, hit: Hit, rank: int, listing: Listing, *, reason: str = "") -> None:
    """Draw one line of the list with the way to its source; `reason`: what a near-miss lacks."""
    chunk = hit.chunk
    opened = Opened(
        beside=Beside.HITS,
        document_id=chunk.document_id,
        locator=chunk.locator,
        quote=telling_sentence(chunk.text, listing.asked),
        chunk_id=chunk.id,
        page=chunk.page,
    )
    with st.container(horizontal=True, wrap=False, gap="small", key=f"row-hit-{rank}"):
        st.button(
            words.open_hit(rank),
            key=f"hit-{rank}",
            type="primary" if state.opened == opened else "secondary",
            on_click=_open,
            args=(state, opened),
        )
        told = joined([_place(hit, listing), _words(hit, listing), _legs(hit, listing)])
        behind = Markup('<p class="kotae-caution">{}</p>').format(reason) if reason and listing.best else NOTHING
        here = Markup(" kotae-cited") if state.opened == opened else NOTHING  # brought into sight by ui/page.js
        draw(Markup('<div class="kotae-hit{}">{}{}</div>').format(here, told, behind))


def _open(state: PageState, opened: Opened) -> None:
    state.opened = opened


def _place(hit: Hit, listing: Listing) -> Markup:
    chunk = hit.chunk
    dates = page.period(chunk.period.start, chunk.period.end, kind=chunk.kind)
    told = [page.KINDS[chunk.kind], dates, page.mark(chunk.page) if chunk.page else ""]
    return Markup('<h3>{}{}</h3><p class="kotae-meta">{}</p>').format(
        page.place(hit.title, chunk.locator), flags(_flags(hit, listing)), "・".join(filter(None, told))
    )


def _flags(hit: Hit, listing: Listing) -> list[str]:
    """Return what a reader must not miss: a text that is not in force today, and a remark that answers nothing."""
    start, end = hit.chunk.period.start, hit.chunk.period.end
    chain = listing.versions.get(hit.chunk.document_id, ())
    is_replaced = any(each.period.start and end and each.period.start >= end for each in chain)
    standing = words.not_in_force(start, end, listing.today, is_replaced=is_replaced)
    below = words.REMARKS_BELOW[kind] if (kind := lowered(hit)) else ""
    return [*filter(None, (standing, below))]


def _words(hit: Hit, listing: Listing) -> Markup:
    """Return the part that speaks of the question, of an answer with the question that it answers."""
    labels = hit.chunk.labels
    gist = labels.get("gist", "") if labels.get("pair") else ""
    who = sitting.member(labels.get("member", ""), labels.get("party", ""))
    asked = Markup('<p class="kotae-meta">{}</p>').format(words.asked(who, gist)) if gist else NOTHING
    return Markup("{}<p>{}</p>").format(asked, highlighted(excerpt(hit.chunk.text, listing.asked)))


def _legs(hit: Hit, listing: Listing) -> Markup:
    if not listing.best:
        return NOTHING
    total = Markup('<div class="kotae-total"><dt>{}</dt><dd>{}</dd></div>').format(words.TOTAL, words.total(hit.score))
    legs = joined(_leg(each, finds=each.leg in listing.finders) for each in readings(hit, listing.best))
    return Markup('<dl class="kotae-legs">{}{}</dl>').format(total, legs)


def _leg(reading: Reading, *, finds: bool) -> Markup:
    if reading.score is None:
        absent = words.NOT_FOUND if finds else words.NOT_SCORED
        return Markup('<div class="kotae-absent"><dt>{}</dt><dd>{}</dd></div>').format(words.leg(reading.leg), absent)
    return Markup("<div><dt>{}</dt><dd>{} {}</dd></div>").format(
        words.leg(reading.leg),
        words.score(reading.leg, reading.score),
        bar(reading.share, words.bar(reading.leg, reading.share)),
    )
