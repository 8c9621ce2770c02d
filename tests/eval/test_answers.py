"""Answers measured on a small judged set, in a temporary home."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eval.answers import evaluate_answers
from eval.cases import Selection
from eval.results import Result
from eval.runs import load_run
from rag.adapters.chat import PROMPTS, SHAPE_PROMPTS
from rag.domain import Answer, Question
from rag.errors import CasesError, ModelBusyError
from rag.prompts import digest
from rag.wiring import Home
from tests.eval.test_beir import write_set
from tests.scripted import Refusal, Script

OLD = {"valid_from": "2000-04-01", "valid_to": "2026-04-01"}
NEW = {"valid_from": "20260401", "valid_to": None}
PASSAGES: tuple[dict[str, Any], ...] = (
    {"_id": "旧", "title": "旅費条例", "text": "日当の額は、1日につき2,200円とする。", "metadata": OLD},
    {"_id": "新", "title": "旅費条例", "text": "日当の額は、1日につき2,400円とする。", "metadata": NEW},
    {"_id": "車", "title": "公用車管理要綱", "text": "公用車を使う者は、運転日誌に走行距離を書く。"},
    {"_id": "文", "title": "文書管理規程", "text": "完結した文書は、10年間保存する。"},
)
AS_OF_NEW = {"as_of": "2026-04-01", "answers": [{"text": "２，４００円"}]}
QUESTIONS: tuple[dict[str, Any], ...] = (
    {"_id": "前", "text": "日当の額は1日につきいくらですか", "metadata": {"as_of": "2026-03-31"}},
    {"_id": "後", "text": "日当の額は1日につきいくらですか", "metadata": AS_OF_NEW},
    {"_id": "今", "text": "公用車の走行距離はどこに書きますか", "metadata": {"answers": [{"text": "運転免許証"}]}},
    {"_id": "無", "text": "ﾊﾟﾋﾟﾌﾟﾍﾟﾎﾟ"},
)
JUDGEMENTS = ("前\t旧\t1", "後\t新\t1", "今\t車\t1", "無\t車\t1")


@pytest.fixture
def small_set(tmp_path: Path) -> Path:
    folder = tmp_path / "問題集"
    folder.mkdir()
    return write_set(folder, passages=PASSAGES, questions=QUESTIONS, judgements=JUDGEMENTS)


def values(result: Result) -> dict[str, float | None]:
    return {name: score.value for name, score in result.scores.items()}


def test_a_judged_set_is_asked_as_of_its_days_and_judged_by_its_passages_and_spans(
    models: Path, small_set: Path, tmp_path: Path
) -> None:
    run = evaluate_answers(small_set, models, out=tmp_path / "測定")
    before, after, now, none = run.results
    assert (before.status, values(before)["documents"], values(before)["version"]) == ("answered", 1, 1)
    assert "span" not in values(before)
    assert (values(after)["documents"], values(after)["span"], values(after)["version"]) == (1, 1, 1)
    assert (values(now)["documents"], values(now)["span"], now.passed) == (1, 0, False)
    assert "version" not in values(now)
    assert (none.status, values(none)["status"], values(none)["documents"]) == ("declined_no_evidence", 0, 0)
    assert (run.summary.overall.passed, run.summary.overall.superseded_cited, run.summary.tags) == (2, 0, {})
    assert load_run(tmp_path / "測定") == run


def test_the_run_of_a_judged_set_is_kept_in_the_home_and_says_with_what_it_was_made(
    models: Path, small_set: Path
) -> None:
    before = {path.name for path in models.iterdir()}
    run = evaluate_answers(small_set, models, selection=Selection(sample=1))
    assert run.folder.parent == models / "runs"
    assert run.name.endswith("-問題集")
    assert {path.name for path in models.iterdir()} - before == {"runs"}
    config = run.config
    assert (config.cases, config.n, config.sample, config.model) == ("問題集", 1, 1, "extractive")
    assert (len(config.cases_sha256), config.revision > 0, config.generation[:1]) == (64, True, "g")
    assert set(config.settings) == {"search", "answer", "chat"}


def test_a_changed_corpus_is_another_set(models: Path, small_set: Path, tmp_path: Path) -> None:
    digests = set()
    for number in range(2):
        run = evaluate_answers(small_set, models, selection=Selection(sample=1), out=tmp_path / f"測定{number}")
        digests.add(run.config.cases_sha256)
        write_set(small_set, passages=PASSAGES[::-1], questions=QUESTIONS, judgements=JUDGEMENTS)
    assert len(digests) == 2


def test_a_cited_version_that_is_not_in_force_is_found_whoever_cites_it(
    models: Path, small_set: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The product never does it: the measure must not rest on the product's own care."""
    ask = Home.ask

    def careless(home: Home, question: Question) -> Answer:
        answer = ask(home, question)
        return replace(answer, citations=tuple(replace(each, document_id="旧") for each in answer.citations))

    monkeypatch.setattr(Home, "ask", careless)
    run = evaluate_answers(small_set, models, out=tmp_path / "測定")
    after = run.results[1]
    assert (values(after)["version"], after.passed, run.summary.overall.superseded_cited) == (0, False, 1)
    assert "施行されていない版" in after.reason


def test_an_error_in_one_case_is_kept_with_it_and_the_run_goes_on(
    models: Path, small_set: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = Home.ask

    def busy(home: Home, question: Question) -> Answer:
        if "走行距離" in question.text:
            raise ModelBusyError("モデル: 混み合っています（429）。しばらく待ってください。")
        return ask(home, question)

    monkeypatch.setattr(Home, "ask", busy)
    run = evaluate_answers(small_set, models, out=tmp_path / "測定")
    failed = run.results[2]
    assert (failed.status, failed.reason, failed.passed) == ("", failed.error, False)
    assert "混み合っています" in failed.error
    assert values(failed) == {"passed": 0}
    assert (run.summary.overall.errors, run.summary.overall.passed) == (1, 2)
    assert run.summary.overall.scores["documents"].n == 3


def test_what_a_model_refuses_is_asked_of_it_once_and_the_run_names_the_prompts_that_it_got(
    models: Path, small_set: Path, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = {"provider": "openai", "model": "gpt-y", "base_url": f"{script.url}/v1"}
    for name, value in chat.items():
        monkeypatch.setenv(f"KOTAE_CHAT__{name.upper()}", value)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    script.refuses_shape = Refusal(status=400, body={"error": {"message": "unknown parameter response_format"}})
    script.says("該当なし")
    config = evaluate_answers(small_set, models).config
    assert [sent.schema is not None for sent in script.requests] == [True, False, False, False]
    assert config.prompt == digest((*PROMPTS, SHAPE_PROMPTS["marked"]))


def test_a_place_that_cannot_be_written_is_refused_before_the_work(models: Path, small_set: Path) -> None:
    (small_set / "corpus.jsonl").unlink()
    with pytest.raises(CasesError, match="すでにあります"):
        evaluate_answers(small_set, models, out=small_set)
