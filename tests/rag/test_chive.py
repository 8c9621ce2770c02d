from __future__ import annotations

import json
from pathlib import Path

import msgpack
import numpy as np
import pytest

from rag.adapters import chive
from rag.adapters.chive import DIMENSION, UNKNOWN, ChiveEmbeddings, WordVectors, murmur64a, repack
from rag.adapters.expansion import WEIGHT, Expansion
from rag.errors import HomeError, ModelSetupError

WORDS = {"旅費": 0, "日当": 0, "宿泊": 1, "ホテル": 1, "職員": 2, "休暇": 3, "出張": 4}
"""Word → row, most frequent first: 旅費 and 日当, 宿泊 and ホテル share a vector."""


@pytest.fixture
def vectors(tmp_path: Path) -> WordVectors:
    folder = tmp_path / "vocab"
    folder.mkdir()
    rows = np.random.default_rng(7).normal(size=(5, DIMENSION)).astype(np.float32)
    rows[4] = rows[0] + 0.3 * rows[4]
    (folder / "key2row").write_bytes(msgpack.packb({murmur64a(word): row for word, row in WORDS.items()}))
    (folder / "strings.json").write_text(json.dumps(list(WORDS)), encoding="utf-8")
    with (folder / "vectors").open("wb") as stream:
        np.save(stream, rows)
    repack(folder, tmp_path / "packed.npz")
    return WordVectors(tmp_path / "packed.npz")


def test_the_hash_is_the_one_under_which_the_package_keeps_its_words() -> None:
    # The first two entries of the published key2row are の and 、.
    assert [murmur64a("の"), murmur64a("、")] == [2917952641780334418, 202075578247595036]


def test_a_word_is_found_under_its_folded_form(vectors: WordVectors) -> None:
    assert vectors.look_up("ほてる") == vectors.look_up("ホテル") != UNKNOWN


def test_a_word_that_is_not_there_is_unknown(vectors: WordVectors) -> None:
    assert vectors.look_up("存在しない語") == UNKNOWN


def test_small_numbers_keep_the_directions(vectors: WordVectors) -> None:
    assert np.allclose(np.linalg.norm(vectors.units, axis=1), 1.0, atol=1e-5)
    assert float(vectors.units[0] @ vectors.units[4]) > 0.9


def test_texts_become_unit_vectors_and_a_text_without_known_words_zeros(vectors: WordVectors) -> None:
    embedder = ChiveEmbeddings(vectors)
    known, unknown = embedder.embed_documents(["職員の休暇", "ｘｙｚ"])
    assert np.linalg.norm(known) == pytest.approx(1.0, abs=1e-5)
    assert not any(unknown)
    assert len(known) == len(unknown) == embedder.dimension


def test_a_text_gets_the_same_vector_whatever_stands_beside_it(vectors: WordVectors) -> None:
    embedder = ChiveEmbeddings(vectors)
    alone = embedder.embed_documents(["職員の休暇"])[0]
    assert embedder.embed_documents(["旅費と宿泊", "職員の休暇"])[1] == alone == embedder.embed_query("職員の休暇")


def test_a_word_takes_near_words_but_none_of_its_own_vector(vectors: WordVectors) -> None:
    expansion = Expansion(vectors, count=5, similarity=0.5)
    found = expansion.expand(["旅費"], {("a", 1): lambda: ["旅費", "日当", "出張", "職員"]})
    assert found["旅費"].keys() == {"旅費", "出張"}
    assert found["旅費"]["旅費"] == 1.0
    assert 0 < found["旅費"]["出張"] < WEIGHT


def test_a_word_takes_only_words_of_the_documents_searched(vectors: WordVectors) -> None:
    expansion = Expansion(vectors, count=5, similarity=0.5)
    assert expansion.expand(["旅費"], {("a", 1): lambda: ["出張"]})["旅費"].keys() == {"旅費", "出張"}
    assert expansion.expand(["旅費"], {("b", 1): lambda: ["職員"]})["旅費"].keys() == {"旅費"}


def test_no_expansion_is_made_when_none_is_asked_for(vectors: WordVectors) -> None:
    expansion = Expansion(vectors, count=0, similarity=0.5)
    assert expansion.expand(["旅費"], {("a", 1): lambda: ["出張"]}) == {"旅費": {"旅費": 1.0}}


def test_a_missing_package_is_said_with_its_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chive.importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(ModelSetupError, match=r"ja_ginza.*\./x run"):
        chive.open_word_vectors(tmp_path / "models")


def test_a_home_that_cannot_be_written_is_said_with_its_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(HomeError, match="--home"):
        chive.open_word_vectors(tmp_path / "file" / "models")


def test_what_a_killed_start_left_half_written_is_cleared_away(
    vectors: WordVectors, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert vectors
    models = tmp_path / "models"
    models.mkdir()
    dead, alive = (models / f"{chive.FILE}.{pid}.tmp.npz" for pid in (2**22 + 1, 1))
    for draft in (dead, alive):
        draft.touch()
    monkeypatch.setattr(chive, "_installed_vocabulary", lambda: tmp_path / "vocab")
    chive.open_word_vectors(models)
    assert sorted(models.iterdir()) == [models / chive.FILE, alive]
