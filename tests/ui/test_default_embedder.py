"""A home without a word on embeddings has multilingual-e5-small, and one that had the word vectors goes over to it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from rag.adapters.chive import FILE
from rag.adapters.e5 import E5Embeddings
from rag.adapters.e5_store import FOLDER
from rag.settings import load_settings
from tests.ui.conftest import Kotae

PROVIDER = "KOTAE_EMBEDDING__PROVIDER"
IN_OTHER_WORDS = "クルマを借りたい"


@pytest.fixture
def bare_home(sample_home: Path, e5_models: Path, tmp_path: Path) -> Path:
    """A home that holds nothing but ways to both models."""
    home = tmp_path / "home"
    (home / "models").mkdir(parents=True)
    (home / "models" / FILE).symlink_to(sample_home / "models" / FILE)
    (home / "models" / FOLDER).symlink_to(e5_models / FOLDER)
    return home


def test_without_a_word_on_embeddings_the_default_is_e5(tmp_path: Path) -> None:
    assert load_settings(tmp_path, {}).embedding.provider == "e5"


def test_documents_are_found_in_other_words(
    bare_home: Path, documents: Path, kotae: Kotae, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(PROVIDER)
    assert kotae("--home", bare_home, "ingest", documents).status == 0
    first, *_ = kotae("--home", bare_home, "search", IN_OTHER_WORDS, "--json").value["hits"]
    assert "公用車" in first["text"]
    assert "vectors" in first["found_by"]
    assert E5Embeddings.name in kotae("--home", bare_home, "doctor").out


def test_after_an_upgrade_words_and_characters_find_until_the_next_ingest(
    bare_home: Path, documents: Path, kotae: Kotae, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert kotae("--home", bare_home, "ingest", documents).status == 0
    monkeypatch.delenv(PROVIDER)
    shutil.rmtree(bare_home / "words")  # as after an upgrade that writes the word index in another way
    first, *_ = kotae("--home", bare_home, "search", "公用車の申込", "--json").value["hits"]
    assert first["found_by"] == ["words", "characters"]
    assert kotae("--home", bare_home, "ask", "公用車はいつまでに申し込みますか", "--json").status == 0

    report = kotae("--home", bare_home, "ingest", documents, "--json").value
    assert report["changed"] == ["公用車.txt", "旅費.txt"]
    assert "vectors" in kotae("--home", bare_home, "search", IN_OTHER_WORDS, "--json").value["hits"][0]["found_by"]


def test_a_broken_off_ingest_after_an_upgrade_stops_no_search(
    bare_home: Path, documents: Path, kotae: Kotae, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert kotae("--home", bare_home, "ingest", documents).status == 0
    monkeypatch.delenv(PROVIDER)
    assert kotae("--home", bare_home, "ingest", documents / "旅費.txt").status == 1  # the other one has no vector yet
    first, *_ = kotae("--home", bare_home, "search", "公用車の申込", "--json").value["hits"]
    assert first["found_by"] == ["words", "characters"]
