"""`kotae eval answers`, `compare` and `gate` over the sample prefecture."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eval.runs import RunPlace, list_runs, load_run
from tests.builders import result, run
from tests.eval.test_cases import write_cases
from tests.ui.conftest import CAR, TODAY, Kotae

TRAVEL = {
    "id": "車賃",
    "question": CAR,
    "as_of": TODAY,
    "expect": {
        "documents": ["例規/職員の旅費に関する規則.docx"],
        "locators": ["第9条|第90条"],
        "points": ["２５円"],
        "office": "総務部 給与旅費課",
    },
    "tags": ["旅費"],
}
LEAVE = {"id": "休暇", "question": "夏季休暇は何日取れますか", "expect": {"points": ["9日"]}, "tags": ["休暇"]}
MARS = {"id": "火星", "question": "火星の土壌の採取手順を教えてください", "expect": {"decline": True}, "tags": ["断る"]}


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    return write_cases(tmp_path / "みほん.jsonl", TRAVEL, LEAVE, MARS)


def test_cases_are_asked_judged_by_tag_and_kept_in_the_home(own_sample: Path, cases: Path, kotae: Kotae) -> None:
    ended = kotae("--home", own_sample, "eval", "answers", cases, "--json")
    assert ended.status == 0
    value = ended.value
    assert (value["cases"], value["passed"], value["rate"]) == (3, 2, 0.6667)
    assert value["low"] < value["rate"] < value["high"]
    assert {tag: group["passed"] for tag, group in value["tags"].items()} == {"休暇": 0, "断る": 1, "旅費": 1}
    assert value["scores"]["points"] == {"value": 0.5, "n": 2}
    assert (value["answered"], value["declined"], value["failed"]) == (2, 1, [])
    (missed,) = value["not_passed"]
    assert (missed["id"], "9日" in missed["reason"]) == ("休暇", True)
    ((kept,), complaints) = list_runs(own_sample)
    assert (str(kept.folder), complaints) == (value["run"], [])
    assert kept.name.endswith("-みほん")
    assert (kept.config.cases, kept.config.user, kept.config.version) == ("みほん.jsonl", None, "0.1.0")
    assert kept.config.generation


def test_people_read_a_table_and_why_a_case_is_not_as_expected(
    sample_home: Path, cases: Path, tmp_path: Path, kotae: Kotae
) -> None:
    ended = kotae("--home", sample_home, "eval", "answers", cases, "--out", tmp_path / "測定")
    assert ended.status == 0
    assert "3問のうち2問" in ended.out
    (line,) = [line for line in ended.out.splitlines() if line.endswith(" 旅費")]
    assert line.split()[:2] == ["1/1", "100.0%（20.6〜100.0）"]
    assert "休暇: 答えにも引用にもない要点: 9日。" in ended.out
    assert f"測定の記録: {tmp_path / '測定'}" in ended.out


@pytest.mark.parametrize(
    ("options", "asked"),
    [(["--tag", "旅費"], {"車賃"}), (["--tag", "旅費", "断る"], {"車賃", "火星"}), (["--sample", "1"], {"車賃"})],
)
def test_a_part_of_the_cases_can_be_asked(
    sample_home: Path, cases: Path, tmp_path: Path, kotae: Kotae, options: list[str], asked: set[str]
) -> None:
    kotae("--home", sample_home, "eval", "answers", cases, "--out", tmp_path / "測定", *options)
    assert {each.id for each in load_run(tmp_path / "測定").results} == asked


def test_a_model_that_fails_is_named_and_ends_with_3(
    sample_home: Path, cases: Path, tmp_path: Path, kotae: Kotae, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOTAE_CHAT__PROVIDER", "openai")
    monkeypatch.setenv("KOTAE_CHAT__BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("KOTAE_CHAT__ATTEMPTS", "1")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    ended = kotae("--home", sample_home, "eval", "answers", cases, "--out", tmp_path / "測定", "--json")
    assert ended.status == 3
    value = ended.value
    assert {each["id"] for each in value["failed"]} == {"車賃", "休暇"}
    assert all(each["reason"].endswith("ください。") for each in value["failed"])
    assert (value["passed"], value["errors"], value["not_passed"]) == (1, 2, [])
    assert value["scores"]["documents"] == {"value": None, "n": 0}
    assert "sk-test" not in (tmp_path / "測定/run.json").read_text(encoding="utf-8")


DIRECTORY = "user,name,department,groups,max_level,role\ndoro,道路維持係員,道路課,,1,staff\n"


def test_each_case_is_asked_by_its_own_user(own_sample: Path, tmp_path: Path, kotae: Kotae) -> None:
    (own_sample / "directory.csv").write_text(DIRECTORY, encoding="utf-8")
    file = write_cases(tmp_path / "権限.jsonl", {**TRAVEL, "user": "doro"}, {**MARS, "user": "nanashi"})
    ended = kotae("--home", own_sample, "eval", "answers", file, "--json")
    assert (ended.status, ended.value["passed"]) == (3, 1)
    (failed,) = ended.value["failed"]
    assert (failed["id"], "nanashi" in failed["reason"]) == ("火星", True)
    nobody = write_cases(tmp_path / "だれか.jsonl", TRAVEL)
    assert "--as" in kotae("--home", own_sample, "eval", "answers", nobody).complaint
    assert kotae("--home", own_sample, "--as", "doro", "eval", "answers", nobody).status == 0


@pytest.mark.parametrize(
    ("written", "finding"),
    [("", "1件もありません"), ('{"id": "一"}\n', "1行目"), (json.dumps({**MARS, "tags": 5}), "1行目の tags")],
)
def test_a_wrong_cases_file_is_named_and_nothing_is_asked(
    new_home: Path, tmp_path: Path, kotae: Kotae, written: str, finding: str
) -> None:
    (tmp_path / "問.jsonl").write_text(written, encoding="utf-8")
    ended = kotae("--home", new_home, "eval", "answers", tmp_path / "問.jsonl", "--json")
    assert (ended.status, ended.out) == (1, "")
    assert finding in ended.complaint
    assert not (new_home / "runs").exists()


def test_a_tag_that_no_case_has_is_named(new_home: Path, cases: Path, kotae: Kotae) -> None:
    ended = kotae("--home", new_home, "eval", "answers", cases, "--tag", "給与")
    assert ended.status == 1
    assert "給与" in ended.complaint


# --- two runs --------------------------------------------------------------------------------------


def keep(folder: Path, outcomes: str, **changes: Any) -> Path:
    """Keep a run with one case a character: ○ passed, anything else not."""
    made = run([result(f"問{number}", passed=mark == "○", **changes) for number, mark in enumerate(outcomes)])
    return RunPlace.at(folder).write(made.config, made.results).folder


def test_two_runs_stand_side_by_side_with_the_losses_first(tmp_path: Path, kotae: Kotae) -> None:
    first = keep(tmp_path / "前", "○○○×", tags=("旅費",))
    second = keep(tmp_path / "後", "○○×○○", tags=("旅費",))
    value = kotae("eval", "compare", first, second, "--json").value
    assert list(value)[0] == "worse"
    assert value["worse"] == [{"id": "問2", "question": "問2はどうなりますか", "reason": "問2の要点がありません。"}]
    assert [each["id"] for each in value["better"]] == ["問3"]
    assert (value["only_first"], value["only_second"], value["changed"]) == ([], ["問4"], [])
    travel = value["tags"]["旅費"]
    assert travel == value["overall"]
    assert (travel["n"], travel["lost"], travel["won"], travel["difference"], travel["p"]) == (4, 1, 1, 0, 1)
    assert travel["first"] == travel["second"] == {"passed": 3, "rate": 0.75, "low": 0.3006, "high": 0.9544}
    assert travel["low"] == -travel["high"] < 0


def test_people_read_the_comparison_with_its_method(tmp_path: Path, kotae: Kotae) -> None:
    ended = kotae("eval", "compare", keep(tmp_path / "前", "○○○"), keep(tmp_path / "後", "○×"))
    assert ended.status == 0
    lines = ended.out.splitlines()
    assert lines[:2] == ["悪くなった問い: 1", "  問1: 問1の要点がありません。"]
    assert any("差 -50.0" in line and "全体" in line for line in lines)
    assert "Newcombe" in ended.out
    assert lines[-1] == "もとの測定だけにある問い: 問2"


@pytest.mark.parametrize(
    ("outcomes", "status", "finding", "line"),
    [
        ("○×××××", 1, "lost", "基準より有意に悪くなっています"),
        ("○○××××", 0, "kept", "基準を保っています"),
        ("○○○○○", 1, "too_few", "9割以上が測定にない"),
    ],
)
def test_the_gate_says_in_one_line_what_it_found_and_names_the_losses(
    tmp_path: Path, kotae: Kotae, outcomes: str, status: int, finding: str, line: str
) -> None:
    baseline, measured = keep(tmp_path / "基準", "○○○○○○"), keep(tmp_path / "測定", outcomes)
    ended = kotae("eval", "gate", measured, baseline, "--json")
    assert (ended.status, ended.value["finding"], ended.value["ok"]) == (status, finding, status == 0)
    lost = [f"問{number}" for number, mark in enumerate(outcomes) if mark != "○"]
    assert [each["id"] for each in ended.value["worse"]] == lost
    said = kotae("eval", "gate", measured, baseline)
    assert said.status == status
    first, *rest = said.out.splitlines()
    assert line in first
    assert "p=" in first
    assert all(any(name in each for each in rest) for name in lost)


@pytest.mark.parametrize("command", ["compare", "gate"])
def test_a_folder_that_is_no_run_is_named(tmp_path: Path, kotae: Kotae, command: str) -> None:
    kept = keep(tmp_path / "前", "○")
    for given in ((kept, tmp_path), (tmp_path / "ない", kept)):
        ended = kotae("eval", command, *given, "--json")
        assert (ended.status, ended.out) == (1, "")
        assert "run.json" in ended.complaint


@pytest.mark.parametrize(
    ("arguments", "finding"),
    [(["answers"], "CASES がありません"), (["answers", "a", "--sample", "0"], "1以上"), (["gate", "a"], "BASELINE")],
)
def test_a_wrong_use_is_named(kotae: Kotae, arguments: list[str], finding: str) -> None:
    ended = kotae("eval", *arguments)
    assert ended.status == 2
    assert finding in ended.complaint
