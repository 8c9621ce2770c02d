"""One answer sheet beside its sources: question, answer, past answers, follow-ups, and what the checks found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import streamlit as st
from markupsafe import Markup

from rag.assembly.fields import RECUT_SHOWN, SIGNS, moment
from rag.assembly.item import Paragraph, Severity
from rag.assembly.sheet import RECUT, Compared, Difference, Sheet
from rag.domain import Citation, Reader
from rag.wiring import Home
from ui.drafts import KeptDraft, Row
from ui.drawing import NOTHING, bullets, draw, facts, flags, joined, lines, notice
from ui.state import Beside, Opened, PageState
from ui.views.draft_edit import show_editing
from ui.views.draft_export import show_word
from ui.views.source import show_passage
from ui.words import draft as report_words
from ui.words import drafts as words
from ui.words import sitting

_BESIDE = (1, 1)
"""Widths of the sheet and of an open source."""
FIRST_WORDS = 60
_TONES = {Difference.SAME: "good", Difference.FORWARD: "fair", Difference.BACK: "bad"}


def show_item(home: Home, reader: Reader, state: PageState, draft: KeptDraft, rows: Sequence[Row]) -> None:
    """Draw the sheet of the open item, with its source to the right where one is open."""
    ways = [each for each in rows if each.is_red or not state.red_only or each.id == state.draft_item]
    at = next(number for number, each in enumerate(ways) if each.id == state.draft_item)
    _show_ways(state, ways, at)
    row = ways[at]
    if row.is_hidden:
        notice("warning", words.HIDDEN_WHY)
        return
    opened = state.opened_beside(Beside.DRAFT)
    beside, source = st.columns(_BESIDE, gap="large") if opened else (st.container(), None)
    with beside, st.container(key="draft-sheet"):
        _show_sheet(home, reader, state, draft, row)
    if opened and source:
        with source:
            show_passage(home, reader, opened, state)


def _show_ways(state: PageState, rows: Sequence[Row], at: int) -> None:
    with st.container(horizontal=True, key="draft-ways"):
        st.button(words.BACK_TO_ITEMS, key="items-back", on_click=state.open_draft_item, args=("",))
        for key, to in (("previous", at - 1), ("next", at + 1)):
            is_there = 0 <= to < len(rows)
            st.button(
                words.STEPS[key],
                key=f"item-{key}",
                disabled=not is_there,
                on_click=state.open_draft_item,
                args=(rows[to].id if is_there else "",),
            )


def _show_sheet(home: Home, reader: Reader, state: PageState, draft: KeptDraft, row: Row) -> None:
    item = row.item
    sheet = row.sheet or Sheet(item=item, made_at=draft.made_at, sitting=draft.sitting, day=draft.day, version=0)
    status = Markup('<span class="kotae-status kotae-{}">{}</span>').format(words.TONES[sheet.status], sheet.status)
    headings = Markup('<p class="kotae-meta">{}</p>').format("　＞　".join(item.headings)) if item.headings else NOTHING
    here = NOTHING if state.opened_beside(Beside.DRAFT) else Markup(' class="kotae-cited"')  # see ui/page.js
    draw(
        Markup('<h2{}>{} {}{}</h2>{}<p class="kotae-asked">{}</p>').format(
            here,
            item.label or words.QUESTION,
            status,
            flags([words.EDITED] if row.is_edited else []),
            headings,
            item.text,
        )
    )
    if row.is_outdated:
        notice("warning", report_words.OUTDATED)
    draw(Markup('<div class="kotae-wide">{}</div>').format(_facts(sheet)))
    if item.background:
        draw(
            Markup('<details class="kotae-entry"><summary>{}</summary>{}</details>').format(
                words.BACKGROUND, lines(item.background)
            )
        )
    if sheet.paragraphs:
        _show_findings(state, sheet)
    _show_answer(home, reader, state, draft, row, sheet)
    _show_past(state, sheet)
    _show_follow_ups(sheet)
    if sheet.notes:
        draw(Markup("<h3>{}</h3>{}").format(words.NOTES, bullets(sheet.notes)))


def _facts(sheet: Sheet) -> Markup:
    item = sheet.item
    seat = f"{item.seat}番 " if item.seat else ""
    group = f"（{item.group}）" if item.group else ""
    day = words.in_era(sheet.day) if sheet.day else ""
    values = {
        "sitting": " ".join(filter(None, (sheet.sitting, day))),
        "member": f"{seat}{item.member} 議員{group}" if item.member else words.UNKNOWN,
        "answerer": item.answerer or words.UNKNOWN,
        "office": "　".join(filter(None, (sheet.office, sheet.contact))) or words.UNKNOWN,
    }
    if sheet.version:
        values |= {
            "time": words.spoken(sheet.speaking_seconds, sheet.characters),
            "version": words.version(sheet.version, moment(sheet.made_at)),
            "model": RECUT_SHOWN if sheet.model == RECUT else sheet.model,
        }
    return facts((words.FACTS[name], value) for name, value in values.items() if value)


def _show_answer(home: Home, reader: Reader, state: PageState, draft: KeptDraft, row: Row, sheet: Sheet) -> None:
    draw(Markup('<h2 class="kotae-answer">{}</h2>').format(words.ANSWER))
    if state.edited_sheet is not None:
        show_editing(home, reader, state, draft, row, state.edited_sheet)
        _show_sources(state, sheet, {citation for each in sheet.paragraphs for citation in each.citations})
        return
    with st.container(horizontal=True, key="draft-do"):
        st.button(words.EDIT, key="draft-edit", on_click=_edit, args=(state, sheet))
        if row.sheet is not None and sheet.paragraphs:
            show_word(home, row)
    if not sheet.paragraphs:
        notice("warning", words.NO_ANSWER)
        return
    if any(each.needs_confirming for each in sheet.paragraphs):
        draw(Markup('<p class="kotae-caution">{}</p>').format(words.CONFIRM_SHOWN))
    for number, paragraph in enumerate(sheet.paragraphs):
        _show_paragraph(state, sheet, number, paragraph)


def _edit(state: PageState, sheet: Sheet) -> None:
    state.edited_sheet = sheet


def _show_paragraph(state: PageState, sheet: Sheet, number: int, paragraph: Paragraph) -> None:
    with st.container(key=f"draft-paragraph-{number}", gap="small"):
        is_red = any(each.severity is Severity.RED and each.paragraph == number for each in sheet.findings)
        marks = flags(
            name for name, holds in ((words.CONFIRM, paragraph.needs_confirming), (words.RED, is_red)) if holds
        )
        changes = bullets(paragraph.changes)
        draw(
            Markup('<section class="kotae-part"><h3>{}{}</h3><p class="kotae-spoken">{}</p>{}</section>').format(
                words.PARTS[paragraph.part],
                marks,
                paragraph.text,
                Markup('<div class="kotae-caution">{}</div>').format(changes) if changes else NOTHING,
            )
        )
        _show_sources(state, sheet, paragraph.citations, group=f"paragraph-{number}")


def _show_sources(
    state: PageState, sheet: Sheet, citations: Sequence[Citation] | set[Citation], *, group: str = "all"
) -> None:
    """Draw a row for each citation, under the number that it has on the sheet."""
    numbered = {number: each for each in citations for number in sheet.source_numbers((each,))}
    for number, citation in sorted(numbered.items(), key=lambda pair: pair[0]):
        told = Markup("<p class='kotae-meta'><b>{}</b> 「{}」</p>").format(
            words.place(citation.title, citation.locator), citation.quote
        )
        _show_way(state, "source", number, citation, told, group=group)


def _show_way(state: PageState, kind: str, number: int, citation: Citation, told: Markup, *, group: str = "") -> None:
    """Draw a line with the way to where it stands; `kind` is 'source', 'past' or 'finding'."""
    key = f"draft-{kind}-{group}-{number}"
    opened = Opened(
        beside=Beside.DRAFT,
        document_id=citation.document_id,
        locator=citation.locator,
        quote=citation.quote,
        chunk_id=citation.chunk_id,
        page=citation.page,
    )
    with st.container(horizontal=True, wrap=False, gap="small", key=f"row-{key}"):
        st.button(
            words.open_place(kind, number),
            key=key,
            type="primary" if state.opened == opened else "secondary",
            on_click=_open,
            args=(state, opened),
        )
        here = Markup("kotae-cited") if state.opened == opened else NOTHING  # brought into sight by ui/page.js
        draw(Markup('<div class="{}">{}</div>').format(here, told))


def _open(state: PageState, opened: Opened) -> None:
    state.opened = opened


def _show_findings(state: PageState, sheet: Sheet) -> None:
    draw(Markup("<h2>{}</h2>").format(words.CHECKS))
    found = sorted(sheet.findings, key=lambda each: list(Severity).index(each.severity))
    if not found:
        draw(Markup("<p>{}</p>").format(words.NO_FINDINGS))
    for number, finding in enumerate(found, 1):
        both = words.both(*(*finding.quotes, "")[:2]) if finding.quotes else ""
        told = Markup('<div class="kotae-hit"><p><b class="kotae-finding-{}">{} {}{}</b> {}</p>{}</div>').format(
            finding.severity.value,
            SIGNS[finding.severity],
            finding.check.value,
            words.in_paragraph(finding.paragraph),
            finding.message,
            Markup('<p class="kotae-meta">{}</p>').format(both) if both else NOTHING,
        )
        if finding.citation is None:
            draw(told)
        else:
            _show_way(state, "finding", number, finding.citation, told)


def _show_past(state: PageState, sheet: Sheet) -> None:
    draw(Markup("<h2>{}</h2>").format(words.PAST))
    if not sheet.past_answers:
        draw(Markup("<p>{}</p>").format(words.PAST_NONE))
    for number, compared in enumerate(sheet.past_answers, 1):
        _show_way(state, "past", number, compared.answer.citation, _past(compared))


def _past(compared: Compared) -> Markup:
    past = compared.answer
    tone = _TONES[compared.difference] if compared.difference else "none"
    return Markup(
        '<details class="kotae-entry"><summary><span class="kotae-status kotae-{}">{}</span> {} {} <b>{}</b><br>{}</summary>{}</details>'
    ).format(
        tone,
        compared.difference or words.NO_DIFFERENCE,
        words.in_era(past.day) if past.day else "",
        past.official,
        sitting.first(past.question, FIRST_WORDS),
        past.citation.quote,
        lines(past.text),
    )


def _show_follow_ups(sheet: Sheet) -> None:
    draw(Markup("<h2>{}</h2>").format(words.FOLLOW_UPS))
    draw(joined(_follow_ups(sheet)) or Markup("<p>{}</p>").format(words.FOLLOW_UPS_NONE))


def _follow_ups(sheet: Sheet) -> Iterator[Markup]:
    for each in sheet.follow_ups:
        sources = "、".join(words.place(one.title, one.locator) for one in each.citations)
        yield Markup('<p><b>{}</b> {}</p><p>{}</p><p class="kotae-meta">{}</p>').format(
            words.QUESTION, each.question, each.answer or words.NO_FOLLOW_UP, sources
        )
