"""The screen 文書: what is loaded, one document from its table of contents on, and the last run of ingest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import streamlit as st
from markupsafe import Markup

from rag.domain import SPOKEN_KINDS, DocumentRecord, Kind, Reader, Role, State
from rag.errors import NotFoundError
from rag.rules.versions import versions
from rag.wiring import Home
from ui.contents import Entry, contents, entries_with, fitting, window
from ui.drawing import NOTHING, bullets, draw, facts, joined, lines, notice, table
from ui.passage import visible_record, visible_records
from ui.shared_home import shared_home
from ui.state import PageState, chosen_text, current, page_named
from ui.views.versions import show_versions
from ui.words import documents as words
from ui.words import page

LONGEST_LIST = 300
LONGEST_CONTENTS = 400


def show() -> None:
    """Draw the screen."""
    served, state = shared_home(), current()
    draw(Markup('<h1>{}</h1><p class="kotae-lead">{}</p>').format(words.TITLE, words.LEAD))
    with st.spinner(page.LOADING):
        home, reader = served.home(), served.reader()
    records = visible_records(home, reader)
    if not records:
        notice("info", words.NONE)
    elif state.document_id:
        _show_document(home, reader, state, records)
    else:
        with st.expander(words.INGEST):
            _show_ingest(home, reader, records)
        _show_list(state, records)


def _show_list(state: PageState, records: Sequence[DocumentRecord]) -> None:
    kinds = [kind.value for kind in Kind if any(record.kind is kind for record in records)]
    departments = sorted({record.department for record in records if record.department})
    first, second, third = st.columns(3)
    kind = first.selectbox(
        words.KIND, ["", *kinds], format_func=lambda name: page.KINDS.get(name, page.ALL), key="documents-kind"
    )
    department = second.selectbox(
        words.DEPARTMENT, ["", *departments], format_func=lambda name: name or page.ALL, key="documents-department"
    )
    looked_for = third.text_input(words.WORDS, key="documents-words")
    found = fitting(records, kind=kind, department=department, words=looked_for)
    if not found:
        notice("info", words.NO_MATCH)
        return
    names = {
        record.id: f"{record.title}（{page.period_of(record)}）" for record in found if record.state is State.ACTIVE
    }
    st.selectbox(
        words.OPEN,
        list(names),
        index=None,
        format_func=lambda key: names.get(key, ""),
        placeholder=words.CHOOSE,
        key="documents-open",
        on_change=_open_chosen,
        args=(state,),
    )
    draw(Markup('<p class="kotae-meta">{}</p>').format(words.found(len(found), len(records))))
    if len(found) > LONGEST_LIST:
        notice("info", words.too_many(LONGEST_LIST, len(found)))
    draw(table(words.LIST, words.HEAD, [_row(record) for record in found[:LONGEST_LIST]]))
    draw(_overview(found, kinds))


def _open_chosen(state: PageState) -> None:
    _open(state, chosen_text("documents-open"))


def _open(state: PageState, document_id: str) -> None:
    state.document_id, state.document_chunk_id, state.compared_id = document_id, "", ""


def _row(record: DocumentRecord) -> tuple[str, ...]:
    return (
        record.title,
        page.KINDS[record.kind],
        page.period_of(record),
        record.department or page.NO_DEPARTMENT,
        record.audience.level or page.NO_LEVEL,
        words.STATES[record.state] + (f"（{record.reason}）" if record.reason else ""),
    )


def _overview(records: Sequence[DocumentRecord], kinds: Sequence[str]) -> Markup:
    counts = Counter((record.department or page.NO_DEPARTMENT, record.kind.value) for record in records)
    departments = sorted({department for department, _ in counts})
    rows = [[name, *(str(counts[name, kind] or "") for kind in kinds)] for name in departments]
    sums = [str(sum(counts[name, kind] for name in departments)) for kind in kinds]
    return table(
        words.OVERVIEW,
        [words.DEPARTMENT, *(page.KINDS[kind] for kind in kinds)],
        [*rows, [words.ALL_DEPARTMENTS, *sums]],
    )


def _show_document(home: Home, reader: Reader, state: PageState, records: Sequence[DocumentRecord]) -> None:
    st.button(words.BACK, key="documents-back", on_click=_open, args=(state, ""))
    try:
        record = visible_record(home, reader, state.document_id)
    except NotFoundError as error:
        notice("warning", str(error))
        return
    draw(Markup("<h2>{}</h2>{}").format(record.title, _facts(record)))
    if record.kind in SPOKEN_KINDS and st.button(words.PAIRS, key="documents-pairs"):
        state.read_sitting(record.id)
        st.switch_page(page_named("sittings"))
    chain = versions(record, [each for each in records if each.state is State.ACTIVE])
    if len(chain) > 1:
        show_versions(home, state, record, chain)
    if record.warnings:
        draw(Markup("<h3>{}</h3>{}").format(words.WARNINGS, bullets(record.warnings)))
    draw(Markup("<h3>{}</h3>").format(words.CONTENTS))
    looked_for = st.text_input(words.INSIDE, key="documents-inside")
    entries = entries_with(contents(home.catalogue.chunks_of(record.id)), looked_for)
    if not entries:
        notice("info", words.INSIDE_NONE)
    if len(entries) > LONGEST_CONTENTS:
        notice("info", words.too_many(LONGEST_CONTENTS, len(entries)))
    shown = window(entries, state.document_chunk_id, most=LONGEST_CONTENTS)
    draw(_contents(shown, state.document_chunk_id, is_open=bool(looked_for)))


def _facts(record: DocumentRecord) -> Markup:
    values = {
        "path": record.path,
        "number": record.number,
        "department": record.department or page.NO_DEPARTMENT,
        "period": page.period_of(record),
        "level": record.audience.level or page.NO_LEVEL,
        "audience": "、".join(sorted(record.audience.groups)) or words.EVERYONE,
        "state": words.STATES[record.state],
        "chunks": words.chunks(record.chunk_count),
    }
    return facts([(words.FACTS[name], value) for name, value in values.items() if value])


def _contents(entries: Sequence[Entry], chunk_id: str, *, is_open: bool) -> Markup:
    """Return the table of contents, in which each line opens to its text."""
    parts: list[Markup] = []
    above: tuple[str, ...] = ()
    for entry in entries:
        for depth, heading in enumerate(entry.headings):
            if entry.headings[: depth + 1] != above[: depth + 1]:
                parts.append(Markup('<p class="kotae-heading kotae-depth-{}">{}</p>').format(min(depth, 3), heading))
        above = entry.headings
        is_cited = chunk_id in entry.chunk_ids
        here = Markup(" open") if is_open or is_cited else NOTHING
        where = Markup('<span class="kotae-meta">{}</span>').format(page.mark(entry.page)) if entry.page else NOTHING
        parts.append(
            Markup('<details class="kotae-entry{}"{}><summary>{} {}</summary>{}</details>').format(
                Markup(" kotae-cited") if is_cited else NOTHING,
                here,
                entry.label or words.HEAD_PART,
                where,
                lines(entry.text),
            )
        )
    return joined(parts)


def _show_ingest(home: Home, reader: Reader, records: Sequence[DocumentRecord]) -> None:
    run = home.journal.last_ingest_run()
    if run is None:
        draw(Markup("<p>{}</p>").format(words.INGEST_NONE))
        return
    finished = run.finished_at.astimezone().strftime("%Y-%m-%d %H:%M")
    told = words.ingest_time(finished, run.user, float(run.report.get("seconds", 0)))
    shown_paths = _paths_to_show(home, reader, records)
    counts = words.ingest_counts(run.report) if shown_paths is None else ""  # they would tell of what is hidden
    draw(Markup("<p>{}<br>{}</p>").format(told, counts))
    rows = 0
    for key, caption in (("failed", words.INGEST_FAILED), ("warnings", words.INGEST_WARNED)):
        every = run.report.get(key, ())
        shown = [(each["path"], each["reason"]) for each in every if shown_paths is None or each["path"] in shown_paths]
        rows += len(shown)
        if shown:
            draw(table(caption, words.INGEST_HEAD, shown))
    if not rows:
        draw(Markup("<p>{}</p>").format(words.INGEST_CLEAN))


def _paths_to_show(home: Home, reader: Reader, records: Sequence[DocumentRecord]) -> set[str] | None:
    """Return the paths whose lines of a report this reader may see; None: all, also those of no document.

    A report names paths inside their source, so a path counts as hidden where any document of that path is.
    """
    every = home.catalogue.documents()
    if len(records) == len(every) and reader.role is Role.ADMIN:
        return None
    visible = {record.id for record in records}
    return {record.path for record in records} - {record.path for record in every if record.id not in visible}
