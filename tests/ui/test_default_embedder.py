"""A home without a word on embeddings has multilingual-e5-small, and one that had the word vectors goes over to it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from rag.adapters.chive import FILE, ChiveEmbeddings
from rag.adapters.e5 import E5Embeddings
from rag.adapters.e5_store import FOLDER
from rag.settings import load_settings
from rag.wiring import open_home
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


def test_after_an_upgrade_the_vectors_of_before_serve_until_the_next_ingest(
    bare_home: Path, documents: Path, kotae: Kotae, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert kotae("--home", bare_home, "ingest", documents).status == 0
    monkeypatch.delenv(PROVIDER)
    shutil.rmtree(bare_home / "words")  # as after an upgrade that writes the word index in another way
    found = kotae("--home", bare_home, "search", "公用車の申込", "--json").value
    assert found["hits"][0]["found_by"] == ["words", "characters", "vectors"]
    assert found["warnings"] == []
    assert kotae("--home", bare_home, "ask", "公用車はいつまでに申し込みますか", "--json").status == 0
    assert served(bare_home) == ChiveEmbeddings.name

    assert kotae("--home", bare_home, "ingest", documents, "--json").value["changed"] == []
    assert served(bare_home) == E5Embeddings.name
    assert "vectors" in kotae("--home", bare_home, "search", IN_OTHER_WORDS, "--json").value["hits"][0]["found_by"]


def test_a_new_text_after_an_upgrade_brings_every_vector_up(
    bare_home: Path, documents: Path, kotae: Kotae, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert kotae("--home", bare_home, "ingest", documents).status == 0
    monkeypatch.delenv(PROVIDER)
    (documents / "宿泊.txt").write_text("宿泊費は、実費を支給する。", encoding="utf-8")
    assert kotae("--home", bare_home, "ingest", documents / "宿泊.txt").status == 0
    assert served(bare_home) == E5Embeddings.name
    first, *_ = kotae("--home", bare_home, "search", "公用車の申込", "--json").value["hits"]
    assert "vectors" in first["found_by"]


def served(home: Path) -> str:
    """Return the embedder whose vectors serve."""
    return open_home(home).served.embedder
