"""What must hold of the checks of drafts for any text."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from rag.drafting.consistency import RelationKind, compare
from rag.drafting.coverage import coverage, sub_questions
from rag.drafting.figure_check import FigureSource, check_figures
from rag.drafting.ladder import LEVELS, load_ladder

LADDER = load_ladder(Path("nowhere"))
PIECES = st.sampled_from(
    "病児保育 施設 の は を 、 。 31施設 6,240人 4億1,200万円 約3割 令和7年度 昨年度 から まで 検討 研究 してまいります おりません 予定 | \n ( ) 「 」 必ず 全額 ため 伺う か".split(
        " "
    )
)
TEXTS = st.lists(PIECES, max_size=25).map("".join)
DAY = date(2026, 12, 3)


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_every_text_has_a_level_of_the_ladder(text: str) -> None:
    assert LADDER.level(text) in LEVELS
    levels = [each.level for each in LADDER.readings(text) if each.level]
    assert LADDER.strongest(text) == min(levels, default=0)


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_a_text_that_is_its_own_source_has_no_wrong_digit_and_nothing_unknown(text: str) -> None:
    found = check_figures(text, [FigureSource(title="資料", day=DAY, text=text)], day=DAY)
    assert {each.fault.value for each in found} <= {"sum", "stale"}


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_a_draft_does_not_contradict_itself_by_other_figures_and_is_never_a_step(text: str) -> None:
    assert compare(text, text, DAY, DAY, ladder=LADDER).kind not in {RelationKind.FORWARD, RelationKind.BACK}


@settings(max_examples=40, deadline=None)
@given(st.lists(TEXTS, max_size=14), st.lists(TEXTS, max_size=5))
def test_coverage_names_paragraphs_that_are_there(questions: list[str], paragraphs: list[str]) -> None:
    found = coverage(questions, paragraphs)
    assert len(found) == len(questions)
    assert all(0 <= at < len(paragraphs) for each in found for at in (*each.answered_by, *each.touched_by))
    assert all(sub_questions(question) for question in questions)
