"""Another embedding model in the settings: the vectors before serve until the new ones are whole."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rag.adapters.generations import Pointer
from rag.adapters.vectors import POINTER
from rag.domain import Scope
from rag.wiring import open_home
from tests.builders import TODAY as NOW
from tests.scripted import Fault, Script
from tests.ui.conftest import TODAY, Kotae

QUESTION = "出張の旅費はどう計算しますか。"
CHIVE = "chive-sif-1"
SMALL = "openai:small:8"
Configure = Callable[..., None]


@pytest.fixture
def configure(script: Script, monkeypatch: pytest.MonkeyPatch) -> Configure:
    """Set the embedding model in the environment, as settings.toml would."""

    def change(**values: object) -> None:
        fixed = {"provider": "openai", "base_url": f"{script.url}/v1", "model": "small", "dimension": 8, "attempts": 1}
        for key, value in (fixed | values).items():
            monkeypatch.setenv(f"KOTAE_EMBEDDING__{key.upper()}", str(value))
        monkeypatch.setenv("OPENAI_API_KEY", "sk-test")

    return change


def serving(home: Path) -> str:
    return Pointer.of_json(open_home(home).catalogue.facts()[POINTER]).embedder


def found_by_vectors(kotae: Kotae, home: Path) -> bool:
    ended = kotae("--home", home, "--json", "search", QUESTION, "--as-of", TODAY)
    assert (ended.status, ended.value["warnings"], ended.err) == (0, [], "")
    return any("vectors" in hit["found_by"] for hit in ended.value["hits"])


def finding(kotae: Kotae, home: Path) -> dict[str, object]:
    checks = kotae("--home", home, "--json", "doctor").value["checks"]
    (check,) = [each for each in checks if each["name"] == "ベクトル"]
    return check


def test_after_a_change_questions_are_answered_with_the_vectors_before_and_nothing_is_sent(
    small_home: Path, kotae: Kotae, configure: Configure, script: Script
) -> None:
    configure()
    assert found_by_vectors(kotae, small_home)
    assert script.requests == []
    check = finding(kotae, small_home)
    assert not check["ok"]
    assert CHIVE in check["detail"]
    assert f"設定は {SMALL}" in check["detail"]
    assert "ベクトルのない検索単位 2 件" in check["detail"]


def test_an_ingest_switches_and_from_then_on_the_new_model_is_asked(
    small_home: Path, documents: Path, kotae: Kotae, configure: Configure, script: Script
) -> None:
    configure()
    assert kotae("--home", small_home, "ingest", documents).status == 0
    assert serving(small_home) == SMALL
    script.requests.clear()
    assert found_by_vectors(kotae, small_home)
    assert script.embedded() == [[QUESTION]]
    assert finding(kotae, small_home)["ok"]


def test_a_change_of_dimension_alone_is_another_model(
    small_home: Path, documents: Path, kotae: Kotae, configure: Configure, script: Script
) -> None:
    configure()
    assert kotae("--home", small_home, "ingest", documents).status == 0
    configure(dimension=4)
    script.requests.clear()
    assert found_by_vectors(kotae, small_home)
    (request,) = script.requests
    assert request.body["dimensions"] == 8


def test_an_ingest_that_fails_leaves_the_vectors_before_serving(
    small_home: Path, documents: Path, kotae: Kotae, configure: Configure, script: Script
) -> None:
    configure()
    script.fails(Fault.SERVER_ERROR)
    assert kotae("--home", small_home, "ingest", documents).status == 1
    assert serving(small_home) == CHIVE
    assert found_by_vectors(kotae, small_home)


def test_a_model_that_was_turned_off_is_asked_nothing_more(
    small_home: Path,
    documents: Path,
    kotae: Kotae,
    configure: Configure,
    script: Script,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    configure()
    assert kotae("--home", small_home, "ingest", documents).status == 0
    script.requests.clear()
    monkeypatch.setenv("KOTAE_EMBEDDING__PROVIDER", "chive")
    ended = kotae("--home", small_home, "--json", "search", QUESTION, "--as-of", TODAY)
    assert ended.status == 0
    assert ended.value["hits"][0]["title"] == "旅費の手引"
    assert not any("vectors" in hit["found_by"] for hit in ended.value["hits"])
    (warning,) = ended.value["warnings"]
    assert "語と文字だけで探しました" in warning
    assert "kotae ingest" in warning
    assert ended.complaint.removeprefix("注意: ") == warning
    answer = kotae("--home", small_home, "--json", "ask", QUESTION, "--as-of", TODAY).value
    assert warning in answer["warnings"]
    assert kotae("--home", small_home, "ingest", documents).status == 0
    assert serving(small_home) == CHIVE
    assert found_by_vectors(kotae, small_home)
    assert script.requests == []


@pytest.mark.parametrize("fault", [Fault.NO_MODEL, Fault.RATE_LIMIT])
def test_a_model_before_that_no_longer_answers_leaves_words_and_characters(
    small_home: Path, documents: Path, kotae: Kotae, configure: Configure, script: Script, fault: Fault
) -> None:
    configure()
    assert kotae("--home", small_home, "ingest", documents).status == 0
    configure(model="large")
    script.forget()
    script.fails(fault)
    ended = kotae("--home", small_home, "--json", "search", QUESTION, "--as-of", TODAY)
    assert (ended.status, len(ended.value["warnings"])) == (0, 1)
    assert [each.body["model"] for each in script.requests] == ["small"]


def test_a_switch_between_embedding_and_searching_compares_nothing_wrong(
    small_home: Path, documents: Path, kotae: Kotae, configure: Configure
) -> None:
    home = open_home(small_home)
    vector = home.served.embed(QUESTION)
    before = home.served.search(vector, home.catalogue.audiences(), scope=Scope(as_of=NOW), limit=5)
    configure()
    assert kotae("--home", small_home, "ingest", documents).status == 0
    assert (vector.embedder, home.served.embedder) == (CHIVE, SMALL)
    after = home.served.search(vector, home.catalogue.audiences(), scope=Scope(as_of=NOW), limit=5)
    assert before
    assert after == pytest.approx(before, abs=1e-4)
