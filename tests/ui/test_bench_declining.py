"""The bench of declining counts what it says it counts."""

from __future__ import annotations

import json
from pathlib import Path

from rag.domain import Question
from rag.wiring import open_home
from tests.bench.declining import (
    CASES,
    OUTSIDE,
    READER,
    Asked,
    ask_all,
    outside_questions,
    questions_of,
    table,
)
from tests.builders import TODAY


def test_a_question_is_declined_below_the_threshold_or_where_nothing_is_written() -> None:
    written, silent = Asked(coverage=0.6, is_written=True), Asked(coverage=1.0, is_written=False)
    assert [written.is_declined(threshold) for threshold in (0.0, 0.6, 0.65)] == [False, False, True]
    assert silent.is_declined(0.0)


def test_the_curve_gives_the_share_of_each_group_with_its_interval() -> None:
    asked = {"甲": [Asked(coverage=0.2, is_written=True), Asked(coverage=0.8, is_written=True)], "乙": []}
    assert list(table(asked, (0.0, 0.5))) == [
        "しきい値\t甲（2）",
        "0.00\t0.000 [0.000, 0.658]",
        "0.50\t0.500 [0.095, 0.905]",
    ]


def test_what_the_documents_answer_is_written_and_what_they_do_not_know_is_covered_less(sample_home: Path) -> None:
    texts = ("宿泊手当は1夜いくらですか。", "火星への移住の補助金の申請期限はいつですか。")
    known, unknown = ask_all(
        open_home(sample_home), [Question(text=text, as_of=TODAY, reader=READER) for text in texts]
    )
    assert known.is_written
    assert known.coverage > unknown.coverage


def test_the_questions_of_a_folder_are_the_same_every_time(tmp_path: Path) -> None:
    lines = [json.dumps({"_id": str(number), "text": f"問{number}"}, ensure_ascii=False) for number in range(80)]
    (tmp_path / "queries.jsonl").write_text("\n".join(reversed(lines)), encoding="utf-8")
    taken = [each.text for each in outside_questions(tmp_path)]
    assert len(set(taken)) == OUTSIDE
    (tmp_path / "queries.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert [each.text for each in outside_questions(tmp_path)] == taken


def test_both_sets_of_ours_are_read() -> None:
    assert (len(questions_of(CASES / "answerable.jsonl")), len(questions_of(CASES / "near_misses.jsonl"))) == (200, 150)
