"""The screen 評価: the latest runs with what got worse first, and what staff said, with its state."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import streamlit as st
from markupsafe import Markup

from eval.compare import Comparison, Contrast, Pair, compare
from eval.metrics import wilson
from eval.results import Tally
from eval.runs import Run, list_runs
from rag.domain import Answer, Citation, HitScore, Reader, Role
from rag.errors import BusyError, CasesError
from rag.journal import Exchange, Feedback, FeedbackState
from rag.wiring import Home
from ui.drawing import draw, facts, notice, table
from ui.passage import is_visible, readable_answer
from ui.shared_home import shared_home
from ui.state import FEEDBACK_STEP, PageState, current
from ui.views.ranker import show_ranker
from ui.words import ask as ask_words
from ui.words import cli, page
from ui.words import evaluation as words
from ui.words import feedback as feedback_words

JUDGES = frozenset({Role.DX, Role.ADMIN})
"""Who sees the scores and what staff said."""
SHOWN_RUNS = 20


def show() -> None:
    """Draw the screen."""
    served = shared_home()
    draw(Markup('<h1>{}</h1><p class="kotae-lead">{}</p>').format(words.TITLE, words.LEAD))
    with st.spinner(page.LOADING):
        home, reader = served.home(), served.reader()
    _show_feedback(home, reader)
    _show_runs(home.path)
    show_ranker(home)


def _show_runs(home_path: Path) -> None:
    draw(Markup("<h2>{}</h2>").format(words.RUNS))
    runs, complaints = list_runs(home_path)
    for complaint in complaints:
        notice("warning", complaint)
    if not runs:
        notice("info", words.RUNS_NONE)
        return
    if len(runs) > SHOWN_RUNS:
        draw(Markup('<p class="kotae-meta">{}</p>').format(words.latest_runs(SHOWN_RUNS, len(runs))))
    by_name = {run.name: run for run in runs[:SHOWN_RUNS]}
    lines = {
        name: words.run_line(name, sum(each.passed for each in run.results), len(run.results))
        for name, run in by_name.items()
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
    started = datetime.fromisoformat(config.started).astimezone().strftime("%Y-%m-%d %H:%M")
    told = words.run_facts(started, config.cases, ask_words.writer(config.model), config.revision, config.seconds)
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
        counted = words.counted(title, len(pairs))
        if pairs:
            draw(table(counted, words.CASE_HEAD, [_pair_row(pair) for pair in pairs]))
        else:
            draw(Markup("<p>{}</p>").format(counted))
    groups = {words.OVERALL: comparison.overall, **comparison.tags}
    rows = [_contrast_row(name, contrast) for name, contrast in groups.items()]
    draw(table(words.CHANGES, words.CHANGES_HEAD, rows))
    left_out = _left_out(comparison)
    if left_out:
        draw(Markup('<p class="kotae-meta">{}</p>').format(words.not_compared(left_out)))


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
        **{state.value: words.counted(feedback_words.STATES[state], counts[state]) for state in FeedbackState},
    }
    chosen = st.selectbox(
        words.STATE, list(names), format_func=lambda name: names[name], key="feedback-state", width=320
    )
    states = frozenset({FeedbackState(chosen)}) if chosen else open_states
    state = current()
    for exchange, feedback in home.journal.all_feedback(states=states, limit=state.feedback_count):
        with st.container(border=True, key=f"said-{exchange.id}"):
            _show_one(home, reader, exchange, feedback)
    rest = sum(counts[each] for each in states) - state.feedback_count
    if rest > 0:
        st.button(words.more_feedback(rest), key="more-feedback", on_click=_list_more, args=(state,))


def _list_more(state: PageState) -> None:
    state.feedback_count += FEEDBACK_STEP


def _show_one(home: Home, reader: Reader, exchange: Exchange, feedback: Feedback) -> None:
    seen = current().seen_feedback.setdefault(exchange.id, feedback)
    shown = f"{exchange.id}-{seen.state}-{seen.note}"
    draw(Markup("<h3>{}</h3>{}").format(exchange.question, facts(_facts(home, reader, exchange, feedback))))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen: FeedbackState | None = st.selectbox(
            words.MOVE,
            list(FeedbackState),
            index=list(FeedbackState).index(seen.state),
            format_func=lambda each: feedback_words.STATES[each],
            key=f"state-{shown}",
            width=160,
        )
        note = st.text_input(words.NOTE, value=seen.note, max_chars=500, key=f"note-{shown}", width=420)
        if st.button(words.SAVE, key=f"save-{shown}"):
            _save(home, reader, seen, chosen or seen.state, note.strip())


def _save(home: Home, reader: Reader, seen: Feedback, state: FeedbackState, note: str) -> None:
    """Change a feedback, unless somebody else has; the fields are filled anew afterwards in any case."""
    del current().seen_feedback[seen.exchange_id]
    try:
        home.journal.move_feedback(seen, state, note=note, handled_by=reader.user)
    except BusyError as error:
        notice("error", str(error))
        return
    st.rerun()


def _facts(home: Home, reader: Reader, exchange: Exchange, feedback: Feedback) -> list[tuple[str, str]]:
    answer = exchange.answer
    values = {
        "given": f"{feedback.given_at.astimezone():%Y-%m-%d %H:%M} {feedback.user}（{feedback_words.STATES[feedback.state]}）",
        "verdict": feedback_words.VERDICTS[feedback.verdict],
        "reasons": "、".join(feedback_words.REASONS[reason] for reason in feedback.reasons),
        "comment": feedback.comment,
        "right": "、".join(_source_name(home, reader, exchange, chunk_id) for chunk_id in feedback.right_sources),
        "answer": _answer_line(home, reader, answer) if answer else "",
        "made": words.made(ask_words.writer(answer.model), answer.prompt, exchange.generation, exchange.revision)
        if answer
        else "",
        "handled": words.handled(feedback.handled_by, feedback.note) if feedback.handled_by else "",
    }
    return [(words.FEEDBACK_FACTS[name], value) for name, value in values.items() if value]


def _answer_line(home: Home, reader: Reader, answer: Answer) -> str:
    if readable_answer(home, reader, answer) is None:
        return words.HIDDEN_ANSWER
    cited = "、".join(page.place(each.title, each.locator) for each in answer.citations)
    shown = " ".join(each.text for each in answer.sentences[:2]) or cli.STATUSES[answer.status]
    return f"{shown}（{cited}）" if cited else shown


def _source_name(home: Home, reader: Reader, exchange: Exchange, chunk_id: str) -> str:
    """Name a source that a user pointed at, as far as this reader may know of it."""
    answer = exchange.answer
    places: list[Citation | HitScore] = [*answer.citations, *answer.hits] if answer else []
    for each in places:
        if each.chunk_id == chunk_id:
            shown = is_visible(home, reader, each.document_id)
            return page.place(each.title, each.locator) if shown else words.HIDDEN_ANSWER
    chunk = home.catalogue.chunks([chunk_id]).get(chunk_id)
    if chunk is None or not home.may_read(reader, chunk.audience):
        return words.GONE_SOURCE
    return page.place(chunk.title, chunk.locator)
