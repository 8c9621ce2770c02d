"""Runs: counted, kept whole or not at all, and read again."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from eval.results import Mean, summarise
from eval.runs import Run, RunPlace, list_runs, load_run
from rag.errors import CasesError
from tests.builders import result, run

STARTED = datetime.fromisoformat("2026-11-25T09:30:00+09:00")
RESULTS = (
    result("車賃", tags=("旅費", "規程"), documents=0.5, points=None),
    result("宿泊費", passed=False, tags=("旅費",), documents=1.0, points=None),
    result("休暇", passed=False, status="declined_no_evidence", tags=("休暇",)),
)


def write(home: Path, made: Run, stem: str = "旅費", started: datetime = STARTED) -> Run:
    return RunPlace.in_home(home, started=started, stem=stem).write(made.config, made.results)


# --- counted ---------------------------------------------------------------------------------------


def test_a_summary_counts_overall_and_by_tag_and_means_only_what_was_judged() -> None:
    summary = summarise(RESULTS[:2])
    assert (summary.overall.n, summary.overall.passed, summary.overall.rate) == (2, 1, 0.5)
    assert list(summary.tags) == ["旅費", "規程"]
    assert summary.tags["規程"].rate == 1
    assert summary.overall.scores["documents"] == Mean(value=0.75, n=2)
    assert summary.overall.scores["points"] == Mean(value=None, n=0)
    assert summary.overall.superseded_cited is None


def test_wrong_declines_wrong_answers_and_failures_are_told_apart() -> None:
    ended = [
        result("甲", status="declined_no_evidence", passed=False, fits=False),
        result("乙", status="answered", passed=False, fits=False),
        result("丙", status="clarify"),
        result("丁", status="partial"),
        result("戊", status="failed_model", passed=False, error="混み合っています。", fits=False),
    ]
    tally = summarise(ended).overall
    assert (tally.answered, tally.declined, tally.errors) == (2, 2, 1)
    assert (tally.false_declines, tally.false_answers) == (1, 1)
    assert (tally.passed, tally.n) == (2, 5)


def test_answers_that_cite_a_superseded_version_are_counted() -> None:
    tally = summarise([result("甲", version=0.5), result("乙", version=1.0), result("丙", version=None)]).overall
    assert tally.superseded_cited == 1
    assert tally.as_json()["superseded_cited"] == 1


# --- kept and read ---------------------------------------------------------------------------------


def test_a_run_is_read_as_it_was_written(tmp_path: Path) -> None:
    written = write(tmp_path, run(RESULTS))
    assert written.folder == tmp_path / "runs/20261125-093000-旅費"
    assert load_run(written.folder) == written
    body = json.loads((written.folder / "run.json").read_text(encoding="utf-8"))
    assert body["summary"]["overall"]["n"] == 3
    assert body["summary"]["tags"]["旅費"]["passed"] == 1


def test_two_runs_of_one_second_have_names_of_their_own(tmp_path: Path) -> None:
    names = [write(tmp_path, run(RESULTS)).name for _ in range(3)]
    assert names == ["20261125-093000-旅費", "20261125-093000-旅費-2", "20261125-093000-旅費-3"]


def test_a_run_goes_into_the_new_folder_that_is_named(tmp_path: Path) -> None:
    made = run(RESULTS)
    place = RunPlace.at(tmp_path / "基準/旅費")
    assert load_run(place.write(made.config, made.results).folder).results == RESULTS
    with pytest.raises(CasesError, match="すでにあります。.*ください。"):
        RunPlace.at(tmp_path / "基準/旅費")
    with pytest.raises(CasesError, match="書けません"):
        RunPlace.at(tmp_path / "基準/旅費/run.json/下")


def test_a_run_that_is_cut_short_leaves_nothing_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    original = Path.write_text

    def killed(path: Path, *given: Any, **options: Any) -> int:
        if path.name == "cases.jsonl":
            raise KeyboardInterrupt
        return original(path, *given, **options)

    monkeypatch.setattr(Path, "write_text", killed)
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path, run(RESULTS))
    assert list((tmp_path / "runs").iterdir()) == []


def test_what_a_kill_left_behind_is_no_run(tmp_path: Path) -> None:
    written = write(tmp_path, run(RESULTS))
    written.folder.rename(tmp_path / "runs/.part-0011")
    assert list_runs(tmp_path) == ([], [])


def test_runs_are_listed_newest_first_and_broken_ones_named(tmp_path: Path) -> None:
    assert list_runs(tmp_path) == ([], [])
    for day, zone in (("24", "+09:00"), ("26", "+09:00"), ("25", "-09:00")):
        started = f"2026-11-{day}T09:30:00{zone}"
        write(tmp_path, run(RESULTS, started=started), started=datetime.fromisoformat(started))
    (tmp_path / "runs/20261124-093000-旅費/run.json").write_text("{", encoding="utf-8")
    runs, complaints = list_runs(tmp_path)
    assert [each.name[6:8] for each in runs] == ["26", "25"]
    (complaint,) = complaints
    assert "20261124-093000-旅費" in complaint
    assert complaint.endswith("ください。")


def drop(name: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).unlink()


def overwrite(name: str, old: str, new: str) -> Callable[[Path], object]:
    def change(folder: Path) -> None:
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


@pytest.mark.parametrize(
    ("damage", "finding"),
    [
        (drop("run.json"), "run.json: 読めません"),
        (drop("cases.jsonl"), "cases.jsonl: 読めません"),
        (overwrite("run.json", "{", "["), "run.json: 測定の記録として読めません"),
        (overwrite("run.json", '"model"', '"modl"'), "run.json: 測定の記録として読めません"),
        (overwrite("run.json", '"n": 3', '"n": 4'), "4件のはずの結果が3件です"),
        (overwrite("cases.jsonl", '"id": "宿泊費"', '"id": "車賃"'), "3件のはずの結果"),
        (overwrite("cases.jsonl", '"digest"', '"digst"'), "cases.jsonl: 1行目を測定の結果として読めません"),
        (overwrite("cases.jsonl", '"passed"', '"past"'), "cases.jsonl: 1行目を測定の結果として読めません"),
        (overwrite("cases.jsonl", '"explanation"', '"why"'), "cases.jsonl: 1行目を測定の結果として読めません"),
        (overwrite("run.json", '"started": "', '"started": "いつか'), "run.json: 測定の記録として読めません"),
        (overwrite("run.json", '"seconds": ', '"seconds": "長い", "x": '), "run.json: 測定の記録として読めません"),
        (overwrite("cases.jsonl", '"status": {', '"state": {'), "判定がありません"),
        (overwrite("cases.jsonl", '"tags": [', '"tags": [null, 5, '), "cases.jsonl: 1行目を測定の結果として読めません"),
        (overwrite("cases.jsonl", '{"id"', '"id"'), "cases.jsonl: 1行目をJSONとして読めません"),
    ],
)
def test_a_broken_run_is_named_with_its_remedy(tmp_path: Path, damage: Callable[[Path], object], finding: str) -> None:
    written = write(tmp_path, run(RESULTS))
    damage(written.folder)
    with pytest.raises(CasesError, match=r"ください。$") as raised:
        load_run(written.folder)
    assert finding in str(raised.value)
