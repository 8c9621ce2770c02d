"""The screen 評価: the latest runs with what got worse first, and what staff said, with its state."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st
from markupsafe import Markup

from eval.compare import Comparison, Contrast, Pair, compare
from eval.metrics import wilson
from eval.results import Tally
from eval.runs import Run, list_runs
from rag.domain import Answer, Citation, HitScore, Reader
from rag.errors import CasesError, NotFoundError
from rag.journal import Exchange, Feedback, FeedbackState
from rag.safety.authorise import may_read
from rag.wiring import Home
from ui.drawing import draw, facts, notice, table
from ui.passage import is_readable, visible_record
from ui.serving import serving
from ui.words import ask as asking
from ui.words import evaluation as words
from ui.words import feedback as said
from ui.words import page

SHOWN_RUNS = 20
SHOWN_FEEDBACK = 30


def show() -> None:
    """Draw the screen."""
    served = serving()
    draw(Markup('<h1>{}</h1><p class="kotae-lead">{}</p>').format(words.TITLE, words.LEAD))
    with st.spinner(page.LOADING):
        home, reader = served.home(), served.reader()
    _show_feedback(home, reader)
    _show_runs(home.path)


def _show_runs(home_path: Path) -> None:
    draw(Markup("<h2>{}</h2>").format(words.RUNS))
    runs, complaints = list_runs(home_path)
    for complaint in complaints:
        notice("warning", complaint)
    if not runs:
        notice("info", words.RUNS_NONE)
        return
    by_name = {run.name: run for run in runs[:SHOWN_RUNS]}
    lines = {
        name: words.run_line(name, run.summary.overall.passed, run.summary.overall.n) for name, run in by_name.items()
    }
    first, second = st.columns(2)
    chosen = first.selectbox(words.RUN, list(lines), format_func=lambda name: lines[name], key="run")
    run = by_name[chosen]
    earlier = [
        name
        for name in list(by_name)[list(by_name).index(chosen) + 1 :]
        if by_name[name].config.cases == run.config.cases
    ]
    against = second.selectbox(
        words.AGAINST,
        [*earlier, ""],
        format_func=lambda name: lines.get(name, words.AGAINST_NONE),
        key=f"against-{chosen}",
    )
    config = run.config
    told = words.run_facts(config.started, config.cases, config.model, config.revision, config.seconds)
    draw(Markup('<p class="kotae-meta">{}</p>').format(told))
    if against:
        _show_changes(by_name[against], run)
    _show_tags(run)
    failing = [(each.id, each.question, each.reason) for each in run.results if not each.passed]
    if failing:
        draw(table(words.counted(words.FAILING, len(failing)), words.CASE_HEAD, failing))


def _show_tags(run: Run) -> None:
    summary = run.summary
    rows = [_tag_row(words.OVERALL, summary.overall), *(_tag_row(tag, each) for tag, each in summary.tags.items())]
    draw(table(words.BY_TAG, words.BY_TAG_HEAD, rows))


def _tag_row(name: str, tally: Tally) -> Sequence[str]:
    low, high = tally.interval
    return (
        name,
        str(tally.n),
        str(tally.passed),
        words.percent(tally.rate),
        words.interval(low, high),
        str(tally.false_declines),
        str(tally.false_answers),
    )


def _show_changes(before: Run, run: Run) -> None:
    try:
        comparison = compare(before, run)
    except CasesError as error:
        notice("info", str(error))
        return
    for title, pairs in ((words.WORSE, comparison.worse), (words.BETTER, comparison.better)):
        draw(table(words.counted(title, len(pairs)), words.CASE_HEAD, [_pair_row(pair) for pair in pairs]))
    groups = {words.OVERALL: comparison.overall, **comparison.tags}
    rows = [_contrast_row(name, contrast) for name, contrast in groups.items()]
    draw(table(words.CHANGES, words.CHANGES_HEAD, rows))
    left_out = _left_out(comparison)
    if left_out:
        draw(Markup('<p class="kotae-meta">{}: {}</p>').format(words.NOT_COMPARED, "、".join(left_out)))


def _left_out(comparison: Comparison) -> list[str]:
    return [*comparison.only_first, *comparison.only_second, *comparison.changed]


def _pair_row(pair: Pair) -> Sequence[str]:
    first, second = pair
    return (second.id, second.question, (first if second.passed else second).reason)


def _contrast_row(name: str, contrast: Contrast) -> Sequence[str]:
    rates = []
    for passed in contrast.passed:
        low, high = wilson(passed, contrast.n)
        rates.append(f"{words.percent(passed / contrast.n)}（{words.interval(low, high)}）")
    return (
        name,
        str(contrast.n),
        *rates,
        words.difference(contrast.difference, *contrast.interval),
        f"{contrast.p:.3f}",
    )


def _show_feedback(home: Home, reader: Reader) -> None:
    draw(Markup("<h2>{}</h2>").format(words.FEEDBACK))
    counts = home.journal.count_feedback()
    if not any(counts.values()):
        notice("info", words.FEEDBACK_NONE)
        return
    open_states = frozenset(FeedbackState) - {FeedbackState.DONE}
    names = {
        "": words.counted(words.STATE_OPEN, sum(counts[state] for state in open_states)),
        **{state.value: words.counted(said.STATES[state], counts[state]) for state in FeedbackState},
    }
    chosen = st.selectbox(
        words.STATE, list(names), format_func=lambda name: names[name], key="feedback-state", width=320
    )
    states = frozenset({FeedbackState(chosen)}) if chosen else open_states
    for exchange, feedback in home.journal.all_feedback(states=states, limit=SHOWN_FEEDBACK):
        with st.container(border=True, key=f"said-{exchange.id}"):
            _show_one(home, reader, exchange, feedback)


def _show_one(home: Home, reader: Reader, exchange: Exchange, feedback: Feedback) -> None:
    draw(Markup("<h3>{}</h3>{}").format(exchange.question, facts(_facts(home, reader, exchange, feedback))))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen: FeedbackState | None = st.selectbox(
            words.MOVE,
            list(FeedbackState),
            index=list(FeedbackState).index(feedback.state),
            format_func=lambda each: said.STATES[each],
            key=f"state-{exchange.id}",
            width=160,
        )
        note = st.text_input(words.NOTE, value=feedback.note, max_chars=500, key=f"note-{exchange.id}", width=420)
        if st.button(words.SAVE, key=f"save-{exchange.id}"):
            home.journal.move_feedback(exchange.id, chosen or feedback.state, note=note.strip(), handled_by=reader.user)
            st.rerun()


def _facts(home: Home, reader: Reader, exchange: Exchange, feedback: Feedback) -> list[tuple[str, str]]:
    answer = exchange.answer
    values = {
        "given": f"{feedback.given_at.astimezone():%Y-%m-%d %H:%M} {feedback.user}（{said.STATES[feedback.state]}）",
        "verdict": said.VERDICTS[feedback.verdict],
        "reasons": "、".join(said.REASONS[reason] for reason in feedback.reasons),
        "comment": feedback.comment,
        "right": "、".join(_source_name(home, reader, exchange, chunk_id) for chunk_id in feedback.right_sources),
        "answer": _answer_line(home, reader, answer) if answer else "",
        "made": words.made(_model(answer), answer.prompt, exchange.generation, exchange.revision) if answer else "",
        "handled": words.handled(feedback.handled_by, feedback.note) if feedback.handled_by else "",
    }
    return [(words.FEEDBACK_FACTS[name], value) for name, value in values.items() if value]


def _model(answer: Answer) -> str:
    return asking.EXTRACTIVE if answer.model == "extractive" else answer.model


def _answer_line(home: Home, reader: Reader, answer: Answer) -> str:
    if not is_readable(home, reader, answer):
        return words.HIDDEN_ANSWER
    cited = "、".join(page.place(each.title, each.locator) for each in answer.citations)
    shown = " ".join(each.text for each in answer.sentences[:2]) or answer.status.value
    return f"{shown}（{cited}）" if cited else shown


def _source_name(home: Home, reader: Reader, exchange: Exchange, chunk_id: str) -> str:
    """Name a source that a user pointed at, as far as this reader may know of it."""
    answer = exchange.answer
    places: list[Citation | HitScore] = [*answer.citations, *answer.hits] if answer else []
    for each in places:
        if each.chunk_id == chunk_id:
            try:
                visible_record(home, reader, each.document_id)
            except NotFoundError:
                return words.HIDDEN_ANSWER
            return page.place(each.title, each.locator)
    chunk = home.catalogue.chunks([chunk_id]).get(chunk_id)
    if chunk is None or not may_read(reader, chunk.audience, levels=home.settings.levels.order):
        return words.GONE_SOURCE
    return page.place(chunk.title, chunk.locator)
