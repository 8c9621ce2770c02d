"""An exchange on the page: the question, the answer in its parts, what it rests on, or why there is none."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from markupsafe import Markup

from rag.domain import Answer, AnswerStatus, ApprovedAnswer, Citation, Evidence, Part, Sentence
from rag.journal import Exchange
from ui.answering import new_exchange
from ui.drawing import NOTHING, bullets, draw, joined, notice
from ui.state import Opened, PageState
from ui.views.approving import approved_head
from ui.words import approved as approved_words
from ui.words import ask as words
from ui.words import cli, page

_TONES = {AnswerStatus.ANSWERED: "good", AnswerStatus.PARTIAL: "fair", AnswerStatus.FAILED_MODEL: "bad"}


def question_markup(text: str) -> Markup:
    """Return the question as the heading of its exchange."""
    return Markup('<h2 class="kotae-question"><span class="kotae-hidden">{}: </span>{}</h2>').format(words.ASKED, text)


def writing_markup(sentences: Sequence[Sentence], evidence: Sequence[Evidence]) -> Markup:
    """Return an answer that is still being written: its verified sentences, and what it may rest on."""
    sources = dict.fromkeys(page.place(item.title, item.chunk.locator) for item in evidence)
    waiting = Markup('<p class="kotae-meta">{}</p>{}').format(
        words.CHECKING if sources else words.SEARCHING, bullets(sources)
    )
    return Markup('<div aria-live="polite">{}{}</div>').format(parts_markup(sentences, is_whole=False), waiting)


def parts_markup(sentences: Sequence[Sentence], *, is_whole: bool) -> Markup:
    """Return the parts in the order of reading; of a whole answer also those with nothing to say."""
    parts = []
    for part in Part:
        own = [_sentence(each) for each in sentences if each.part is part]
        if own or is_whole:
            body = joined(own) or Markup('<p class="kotae-none">{}</p>').format(cli.NONE)
            parts.append(
                Markup('<section class="kotae-part kotae-{}"><h3>{}</h3>{}</section>').format(
                    part.value, cli.PARTS[part], body
                )
            )
    return joined(parts)


def answer_markup(answer: Answer) -> Markup:
    """Return the words of an answer without its buttons."""
    tone = _TONES.get(answer.status, "none")
    status = Markup('<p class="kotae-status kotae-{}">{}</p>').format(tone, cli.STATUSES[answer.status])
    parts = parts_markup(answer.sentences, is_whole=True) if answer.sentences else NOTHING
    warnings = joined(Markup('<p class="kotae-caution">※ {}</p>').format(warning) for warning in answer.warnings)
    missing = Markup('<p class="kotae-meta">{}</p>').format(cli.missing(answer.missing)) if answer.missing else NOTHING
    read_as = Markup('<p class="kotae-meta">{}</p>').format(cli.read_as(answer.read_as)) if answer.read_as else NOTHING
    return joined([read_as, status, parts, missing, warnings])


def show_exchange(exchange: Exchange, state: PageState, *, is_hidden: bool) -> None:
    """Draw a kept exchange; `is_hidden`: its sources may not be read any more, so its answer is not shown."""
    answer = exchange.answer
    if answer is not None and answer.approved is not None:
        _show_approved(exchange.id, answer.approved, state)
    if is_hidden:
        notice("warning", words.WITHHELD)
    elif answer is None or answer.status is AnswerStatus.FAILED_MODEL:
        show_failure(exchange, answer, state)
    else:
        draw(answer_markup(answer))
        _show_choices(exchange, answer, state)
        _show_citations(exchange.id, answer.citations, state)
        _show_nearest(exchange.id, answer, state)
        _show_contact(exchange, answer)
        told = words.meta(answer.as_of.isoformat(), words.writer(answer.model), answer.seconds)
        draw(Markup('<p class="kotae-meta">{}</p>').format(told))


def _sentence(sentence: Sentence) -> Markup:
    numbers = joined(Markup('<span class="kotae-cite">［{}］</span>').format(number) for number in sentence.citations)
    return Markup("<p>{}{}</p>").format(sentence.text, numbers)


def show_failure(exchange: Exchange, answer: Answer | None, state: PageState) -> None:
    """Say why there is no answer, or only a part of one, and offer to ask again."""
    reasons = [state.errors[exchange.id]] if exchange.id in state.errors else list(answer.warnings if answer else ())
    notice("error", Markup("<p>{}</p><p>{}</p>").format(" ".join(reasons) or words.STOPPED, words.KEPT))
    if answer and answer.sentences:
        draw(parts_markup(answer.sentences, is_whole=False))
    st.button(words.RETRY, key=f"retry-{exchange.id}", on_click=_ask_again, args=(state, exchange))


def _ask_again(state: PageState, exchange: Exchange) -> None:
    """Ask again under the same number, so that the question stands once; an answer that was given is never replaced."""
    state.errors.pop(exchange.id, None)
    if all(each.id != exchange.id for each in state.waiting):
        state.waiting.append(exchange)


def _show_choices(exchange: Exchange, answer: Answer, state: PageState) -> None:
    """Draw the questions that may have been meant; one that is pressed is asked."""
    if not answer.choices:
        return
    draw(Markup("<h3>{}</h3>").format(words.CHOICES))
    for number, choice in enumerate(answer.choices, start=1):
        key = f"choice-{exchange.id}-{number}"
        with st.container(horizontal=True, wrap=False, gap="small", key=f"row-{key}"):
            st.button(words.choose(number), key=key, on_click=_choose, args=(state, exchange, choice))
            draw(Markup("<p>{}</p>").format(choice))


def _choose(state: PageState, exchange: Exchange, choice: str) -> None:
    if not state.waiting and state.writing is None:  # one that is pressed twice is asked once
        state.waiting.append(
            new_exchange(
                choice,
                conversation_id=exchange.conversation_id,
                user=exchange.user,
                as_of=exchange.as_of,
                longest=len(choice),
            )
        )


def _show_approved(exchange_id: str, approved: ApprovedAnswer, state: PageState) -> None:
    """Draw what the office approved for the same question, before the answer that was made now."""
    with st.container(border=True, key=f"approved-{exchange_id}"):
        draw(approved_head(approved))
        draw(parts_markup(approved.sentences, is_whole=False))
        _show_citations(exchange_id, approved.citations, state, group="approved-cite")
    draw(Markup('<h3 class="kotae-sources">{}</h3>').format(approved_words.NEW_ANSWER))


def _show_citations(exchange_id: str, citations: Sequence[Citation], state: PageState, *, group: str = "cite") -> None:
    if not citations:
        return
    draw(Markup('<h3 class="kotae-sources">{}</h3>').format(words.SOURCES))
    for citation in citations:
        opened = Opened(
            exchange_id=exchange_id,
            document_id=citation.document_id,
            locator=citation.locator,
            quote=citation.quote,
            chunk_id=citation.chunk_id,
            page=citation.page,
        )
        dates = page.period(citation.period.start, citation.period.end)
        told = Markup("<p><b>{}</b>（{}）</p><blockquote>{}</blockquote>").format(
            page.place(citation.title, citation.locator), dates, citation.quote
        )
        _show_source_row(f"{group}-{exchange_id}", citation.number, opened, told, state)


def _show_nearest(exchange_id: str, answer: Answer, state: PageState) -> None:
    if not answer.nearest:
        return
    draw(Markup('<h3 class="kotae-sources">{}</h3>').format(words.NEAREST))
    for number, near in enumerate(answer.nearest, start=1):
        opened = Opened(
            exchange_id=exchange_id, document_id=near.document_id, locator=near.locator, chunk_id=near.chunk_id
        )
        told = Markup("<p>{}</p>").format(page.place(near.title, near.locator))
        _show_source_row(f"near-{exchange_id}", number, opened, told, state)


def _show_source_row(group: str, number: int, opened: Opened, told: Markup, state: PageState) -> None:
    key = f"{group}-{number}"
    with st.container(horizontal=True, wrap=False, gap="small", key=f"row-{key}"):
        st.button(
            words.open_source(number) if opened.quote else words.open_nearest(number),
            key=key,
            type="primary" if state.opened == opened else "secondary",
            on_click=_open,
            args=(state, opened),
        )
        draw(told)


def _open(state: PageState, opened: Opened) -> None:
    state.opened = opened


def _show_contact(exchange: Exchange, answer: Answer) -> None:
    """Name the office of a declined question, with a text to send it."""
    if answer.sentences or answer.choices:
        return
    office = answer.contact
    told = cli.office({"department": office.department, "extension": office.extension}) if office else words.NO_OFFICE
    draw(Markup('<h3>{}</h3><p class="kotae-office">{}</p>').format(words.CONTACT, told))
    if office:
        draw(Markup('<h3 id="inquiry-{}">{}</h3>').format(exchange.id, words.INQUIRY))
        near = [(each.title, each.locator) for each in answer.nearest]
        text = words.inquiry(exchange.question, office.department, office.extension, answer.as_of, near)
        st.code(text, language=None, wrap_lines=True)
