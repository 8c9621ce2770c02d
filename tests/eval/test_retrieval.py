"""Search measured on a small judged set, through the command."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from eval.beir import JudgedQuestion, load_passages
from eval.passages import load_into, recognise_passage
from eval.retrieval import evaluate_retrieval, ranked_documents
from rag.domain import Kind
from rag.errors import CasesError
from rag.wiring import open_home
from tests.eval.test_beir import write_set
from ui.cli import main

OLD = {"valid_from": "2000-04-01", "valid_to": "2026-04-01"}
NEW = {"valid_from": "20260401", "valid_to": None}
PASSAGES: tuple[dict[str, Any], ...] = (
    {"_id": "旧", "title": "旅費条例", "text": "日当の額は、1日につき2,200円とする。", "metadata": OLD},
    {"_id": "新", "title": "旅費条例", "text": "日当に代えて、宿泊手当を1夜につき2,400円支給する。", "metadata": NEW},
    {"_id": "車", "title": "公用車管理要綱", "text": "公用車を使う者は、運転日誌に走行距離を書く。"},
    {"_id": "文", "title": "文書管理規程 第5条（保存期間）", "text": "完結した文書は、10年間保存する。"},
)
QUESTIONS = (
    {"_id": "前", "text": "日当はいくらか", "metadata": {"as_of": "2026-03-31"}},
    {"_id": "後", "text": "日当はいくらか", "metadata": {"as_of": "2026-04-01"}},
    {"_id": "今", "text": "走行距離はどこに書くか"},
    {"_id": "無", "text": "ﾊﾟﾋﾟﾌﾟﾍﾟﾎﾟ", "metadata": {"as_of": None}},
)
JUDGEMENTS = ("前\t旧\t1", "後\t新\t1", "今\t車\t1", "無\t車\t1")


@pytest.fixture
def small_set(tmp_path: Path) -> Path:
    folder = tmp_path / "問題集"
    folder.mkdir()
    return write_set(folder, passages=PASSAGES, questions=QUESTIONS, judgements=JUDGEMENTS)


def test_only_what_was_in_force_on_the_day_of_the_question_is_found(
    models: Path, small_set: Path, tmp_path: Path
) -> None:
    home = open_home(tmp_path / "home", settings_from=models)
    load_into(home, load_passages(small_set))

    def found(day: str) -> set[str]:
        question = JudgedQuestion(
            id="問", text="日当と宿泊手当の額", as_of=date.fromisoformat(day), relevant={"旧": 1.0}
        )
        return {name for name, _ in ranked_documents(home, question, top=10)} & {"旧", "新"}

    assert found("2000-03-31") == set()
    assert found("2000-04-01") == {"旧"}
    assert found("2026-03-31") == {"旧"}
    assert found("2026-04-01") == {"新"}


def test_the_command_prints_the_scores_and_writes_the_run(
    models: Path, small_set: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "run.trec"
    before = sorted(path.name for path in models.iterdir())
    assert main(["--home", str(models), "eval", "retrieval", str(small_set), "--out", str(out), "--json"]) == 0
    scores = json.loads(capsys.readouterr().out)
    assert scores["queries"] == 4
    assert {"recall@10", "ndcg@10", "mrr", "success@1", "map", "zero_hit", "p50_ms", "p95_ms", "index_seconds"} <= (
        scores.keys()
    )
    run = [line.split(" ") for line in out.read_text(encoding="utf-8").splitlines()]
    assert {(fields[1], fields[5], len(fields)) for fields in run} == {("Q0", "kotae", 6)}
    for question, document in (("前", "旧"), ("後", "新"), ("今", "車")):
        mine = [fields for fields in run if fields[0] == question]
        assert mine[0][2] == document
        assert [int(fields[3]) for fields in mine] == list(range(1, len(mine) + 1))
        assert [float(fields[4]) for fields in mine] == sorted((float(fields[4]) for fields in mine), reverse=True)
    returned = {fields[0] for fields in run}
    assert scores["zero_hit"] == (4 - len(returned)) / 4
    assert scores["success@1"] >= 0.75
    assert sorted(path.name for path in models.iterdir()) == before, "the home itself is not touched"


def test_top_sets_how_deep_is_looked(models: Path, small_set: Path) -> None:
    scores = evaluate_retrieval(small_set, settings_from=models, top=1)
    assert "recall@1" in scores
    assert "ndcg@1" in scores


@pytest.mark.parametrize("empty", ["queries", "corpus"])
def test_an_empty_set_ends_with_1_and_one_line(
    models: Path, small_set: Path, capsys: pytest.CaptureFixture[str], empty: str
) -> None:
    (small_set / f"{empty}.jsonl").write_text("", encoding="utf-8")
    assert main(["--home", str(models), "eval", "retrieval", str(small_set), "--json"]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    (line,) = printed.err.strip().splitlines()
    assert line.endswith("ください。")


def test_a_run_that_cannot_be_written_is_refused_before_the_work(models: Path, small_set: Path) -> None:
    (small_set / "corpus.jsonl").unlink()
    with pytest.raises(CasesError, match="書けません"):
        evaluate_retrieval(small_set, settings_from=models, out=small_set)


def test_the_catalogue_of_the_settings_is_never_used(
    models: Path, small_set: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A measurement must not load its passages among the documents of the office."""
    own = tmp_path / "台帳.sqlite3"
    monkeypatch.setenv("KOTAE_STORAGE__CATALOGUE_URL", f"sqlite:///{own}")
    assert evaluate_retrieval(small_set, settings_from=models)["queries"] == 4
    assert not own.exists()


def test_a_title_that_names_an_article_becomes_that_article(small_set: Path) -> None:
    *_, named = load_passages(small_set)
    structure = recognise_passage(named)
    (section,) = structure.sections
    assert (structure.kind, structure.title) == (Kind.RULES, "文書管理規程")
    assert (section.locator, section.caption, section.labels["article"]) == ("第5条", "保存期間", "5")


def test_settings_of_the_home_count(models: Path, small_set: Path, tmp_path: Path) -> None:
    home = tmp_path / "設定だけ"
    home.mkdir()
    shutil.copytree(models / "models", home / "models")
    (home / "settings.toml").write_text(
        "[search]\nwords_weight = 0\ncharacters_weight = 0\nvectors_weight = 0\n", encoding="utf-8"
    )
    assert evaluate_retrieval(small_set, settings_from=home)["queries"] == 4
