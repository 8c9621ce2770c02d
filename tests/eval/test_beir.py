"""Judged question sets: what is read from them, and what is said of a wrong line."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from eval.beir import load_passages, load_questions
from rag.domain import Period
from rag.errors import CasesError


def write_set(
    folder: Path,
    *,
    passages: tuple[object, ...] = ({"_id": "甲", "title": "旅費", "text": "順路による。"},),
    questions: tuple[object, ...] = ({"_id": "一", "text": "旅費の計算"},),
    judgements: tuple[str, ...] = ("一\t甲\t1",),
) -> Path:
    for name, rows in (("corpus.jsonl", passages), ("queries.jsonl", questions)):
        lines = (row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows)
        (folder / name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    (folder / "qrels.tsv").write_text("\n".join(["query-id\tcorpus-id\tscore", *judgements, ""]), encoding="utf-8")
    return folder


@pytest.mark.parametrize("written", ["20260401", "2026-04-01", 20260401])
def test_a_passage_carries_the_days_on_which_it_is_valid(tmp_path: Path, written: object) -> None:
    row = {"_id": "甲", "text": "本文", "metadata": {"valid_from": written, "valid_to": None}}
    (passage,) = load_passages(write_set(tmp_path, passages=(row,)))
    assert passage.period == Period(start=date(2026, 4, 1))
    assert passage.title == ""


def test_a_question_carries_its_day_its_judgements_and_its_gold_spans(tmp_path: Path) -> None:
    row = {"_id": 1, "text": "旅費", "metadata": {"as_of": "2026-11-23", "answers": [{"text": "順路"}]}}
    (question,) = load_questions(write_set(tmp_path, questions=(row,), judgements=("1\t甲\t2", "1\t乙\t0")))
    assert (question.id, question.as_of, question.relevant) == ("1", date(2026, 11, 23), {"甲": 2.0})
    assert question.answers == ("順路",)


def test_a_question_that_nobody_judged_is_left_out(tmp_path: Path) -> None:
    rows = ({"_id": "一", "text": "旅費"}, {"_id": "二", "text": "休暇"}, {"_id": "三", "text": "車"})
    found = load_questions(write_set(tmp_path, questions=rows, judgements=("一\t甲\t1", "三\t甲\t0")))
    assert [question.id for question in found] == ["一"]


def test_a_line_separator_inside_a_text_ends_no_line(tmp_path: Path) -> None:
    row = json.dumps({"_id": "甲", "text": "一行目\u2028二行目"}, ensure_ascii=False)
    (passage,) = load_passages(write_set(tmp_path, passages=(row,)))
    assert passage.text == "一行目\u2028二行目"


def test_a_byte_order_mark_hides_no_question(tmp_path: Path) -> None:
    write_set(tmp_path)
    for file in tmp_path.iterdir():
        file.write_text(file.read_text(encoding="utf-8"), encoding="utf-8-sig")
    assert [question.id for question in load_questions(tmp_path)] == ["一"]
    assert [passage.id for passage in load_passages(tmp_path)] == ["甲"]


@pytest.mark.parametrize(
    ("questions", "judgements"),
    [((), ("一\t甲\t1",)), (({"_id": "一", "text": "旅費"},), ()), (({"_id": "一", "text": "旅費"},), ("二\t甲\t1",))],
)
def test_a_set_without_a_judged_question_is_refused(
    tmp_path: Path, questions: tuple[object, ...], judgements: tuple[str, ...]
) -> None:
    with pytest.raises(CasesError, match="正解のある質問が1件もありません"):
        load_questions(write_set(tmp_path, questions=questions, judgements=judgements))


@pytest.mark.parametrize(
    "row",
    [
        "{",
        "[]",
        "5",
        '{"_id": "甲"}',
        '{"_id": "甲", "text": "本文", "metadata": "なし"}',
        '{"_id": "甲", "text": "本文", "metadata": {"valid_from": "昨日"}}',
        '{"_id": "甲", "text": "本文", "metadata": {"valid_to": 20261332}}',
    ],
)
def test_a_wrong_passage_is_named_with_its_line(tmp_path: Path, row: str) -> None:
    write_set(tmp_path, passages=({"_id": "前", "text": "本文"}, row))
    with pytest.raises(CasesError, match=r"corpus.jsonl: 2行目.*ください。"):
        list(load_passages(tmp_path))


@pytest.mark.parametrize("metadata", ['{"answers": ["順路"]}', '{"answers": 5}', '{"as_of": "4月1日"}', '["順路"]'])
def test_a_wrong_question_is_named_with_its_line(tmp_path: Path, metadata: str) -> None:
    write_set(tmp_path, questions=(f'{{"_id": "一", "text": "旅費", "metadata": {metadata}}}',))
    with pytest.raises(CasesError, match=r"queries.jsonl: 1行目.*ください。"):
        load_questions(tmp_path)


@pytest.mark.parametrize("row", ["一\t甲", "一\t甲\t高い", "一 甲 1"])
def test_a_wrong_judgement_is_named_with_its_line(tmp_path: Path, row: str) -> None:
    write_set(tmp_path, judgements=("一\t甲\t1", row))
    with pytest.raises(CasesError, match=r"qrels.tsv: 3行目.*ください。"):
        load_questions(tmp_path)


def test_a_folder_without_the_files_is_named(tmp_path: Path) -> None:
    with pytest.raises(CasesError, match="qrels.tsv: 読めません"):
        load_questions(tmp_path)
