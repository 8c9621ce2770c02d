"""The chiVe word vectors: reading them, keeping them small, and text embeddings from them.

The vectors are the `vocab/` part of the package ja_ginza: `key2row` (msgpack: MurmurHash64A of a word → row, most frequent
word first) and `vectors` (20,000 x 300, float32). 480,443 words share the rows. They are repacked once into the home.
A text is the sum of its unit word vectors weighted by sqrt(count) · a / (a + p(word)) (smooth inverse frequency, Arora et
al. 2017), less the part along the direction that all words share. p(word) comes from the word's rank by Zipf's law and
the shared direction from the vocabulary, so both are fixed: no document changes the vector of another.
"""

from __future__ import annotations

import importlib.util
import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import msgpack
import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from rag.domain import EmbeddingLoad
from rag.errors import HomeError, ModelSetupError
from rag.japanese.words import content_words, fold
from rag.ports import Matrix

DIMENSION = 300
UNKNOWN = (-1, -1)
FILE = "chive-1.npz"
_DRAFT = ".tmp.npz"
"""Ends the name of a file that is still being written; the number of the process that writes it stands before."""
SMOOTHING = 3e-4
ZIPF_EXPONENT = 1.07
ZIPF_SHIFT = 2.7
ZIPF_SUM = 7.79
"""What the shares of 480,443 words sum to before they are divided by it."""
COMMON_RANKS = 20_000
"""Words whose weighted mean square gives the shared direction."""
_MULTIPLIER = 0xC6A4A7935BD1E995
_MASK = (1 << 64) - 1


def murmur64a(word: str, seed: int = 1) -> int:
    """Return MurmurHash64A (Austin Appleby, public domain algorithm) of the word's UTF-8 bytes."""
    data = word.encode()
    whole = len(data) - len(data) % 8
    value = (seed ^ (len(data) * _MULTIPLIER)) & _MASK
    for start in range(0, whole, 8):
        block = int.from_bytes(data[start : start + 8], "little") * _MULTIPLIER & _MASK
        block = (block ^ (block >> 47)) * _MULTIPLIER & _MASK
        value = (value ^ block) * _MULTIPLIER & _MASK
    if tail := data[whole:]:
        value = (value ^ int.from_bytes(tail, "little")) * _MULTIPLIER & _MASK
    value = (value ^ (value >> 47)) * _MULTIPLIER & _MASK
    return value ^ (value >> 47)


class WordVectors:
    """Word → row → vector, with the word's rank by frequency."""

    def __init__(self, path: Path) -> None:
        """Open a repacked file."""
        with np.load(path, allow_pickle=False) as packed:
            self._keys: NDArray[np.uint64] = packed["keys"]
            self._rows: NDArray[np.uint16] = packed["rows"]
            self._ranks: NDArray[np.uint32] = packed["ranks"]
            self.units: Matrix = _to_units(packed["vectors"].astype(np.float32))
            self.common: Matrix = packed["common"]
        self._known: dict[str, tuple[int, int]] = {}

    def look_up(self, word: str) -> tuple[int, int]:
        """Return (row, rank) of a folded word; UNKNOWN when it has none."""
        found = self._known.get(word)
        if found is None:
            key = murmur64a(word)
            place = int(np.searchsorted(self._keys, np.uint64(key)))
            known = place < len(self._keys) and int(self._keys[place]) == key
            found = (int(self._rows[place]), int(self._ranks[place])) if known else UNKNOWN
            self._known[word] = found
        return found

    def rows(self, words: Sequence[str]) -> NDArray[np.int64]:
        """Return the row of each word, -1 where it is unknown."""
        return np.array([self.look_up(word)[0] for word in words], dtype=np.int64)


def probability(ranks: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the share of running text that the words of these ranks take (Zipf-Mandelbrot, 480,443 words)."""
    share: NDArray[np.float64] = (ranks.astype(np.float64) + ZIPF_SHIFT) ** -ZIPF_EXPONENT / ZIPF_SUM
    return share


def repack(vocabulary: Path, target: Path) -> None:
    """Write the vectors of an unpacked `vocab/` folder as int8 to `target`, whole or not at all.

    A word with katakana or capitals is kept under its folded form as well (the most frequent word of that form wins), so
    that folded search words find it.
    """
    packed: dict[int, int] = msgpack.unpackb((vocabulary / "key2row").read_bytes(), strict_map_key=False)
    entries = {key: (row, rank) for rank, (key, row) in enumerate(packed.items())}
    for key, entry in _folded_entries(vocabulary, entries):
        if entries.get(key, entry)[1] >= entry[1]:
            entries[key] = entry
    units = _to_units(np.load(vocabulary / "vectors", allow_pickle=False))
    scales = np.abs(units).max(axis=1, keepdims=True) / 127
    keys = np.fromiter(entries, dtype=np.uint64, count=len(entries))
    values = np.array(list(entries.values()), dtype=np.uint32)
    order = np.argsort(keys)
    temporary = target.with_name(f"{target.name}.{os.getpid()}{_DRAFT}")
    np.savez_compressed(
        temporary,
        keys=keys[order],
        rows=values[order, 0].astype(np.uint16),
        ranks=values[order, 1],
        vectors=np.rint(units / np.maximum(scales, 1e-9)).astype(np.int8),
        common=_common_direction(units, np.fromiter(packed.values(), dtype=np.uint16, count=len(packed))),
    )
    temporary.replace(target)


def _folded_entries(vocabulary: Path, entries: Mapping[int, tuple[int, int]]) -> Iterator[tuple[int, tuple[int, int]]]:
    for word in json.loads((vocabulary / "strings.json").read_text(encoding="utf-8")):
        folded = fold(word)
        if folded != word and (entry := entries.get(murmur64a(word))):
            yield murmur64a(folded), entry


def _to_units(vectors: Matrix) -> Matrix:
    units: Matrix = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return units


def _common_direction(vectors: Matrix, rows: NDArray[np.uint16]) -> Matrix:
    share = probability(np.arange(min(COMMON_RANKS, len(rows)))).astype(np.float32)
    weight = np.sqrt(share) * SMOOTHING / (SMOOTHING + share)
    weighted = vectors[rows[: len(share)]] * weight[:, None]
    _, directions = np.linalg.eigh(weighted.T @ weighted)
    return np.ascontiguousarray(directions[:, -1], dtype=np.float32)


@cache
def open_word_vectors(models: Path) -> WordVectors:
    """Open the repacked vectors in the folder `models`, repacking the installed package first where needed.

    Raises ModelSetupError where the package is missing and HomeError where the folder cannot be written.
    """
    target = models / FILE
    if not target.is_file():
        vocabulary = _installed_vocabulary()
        try:
            models.mkdir(parents=True, exist_ok=True)
            _remove_drafts(target)
            repack(vocabulary, target)
        except OSError as error:
            raise HomeError(
                f"{models}: 語ベクトルを書けません（{error.strerror}）。書き込める場所を --home で指定してください。"
            ) from error
    return WordVectors(target)


def _remove_drafts(target: Path) -> None:
    """Delete what processes that were killed while repacking have left behind; one that still runs keeps its own."""
    for draft in target.parent.glob(f"{target.name}.*{_DRAFT}"):
        if not Path("/proc", draft.name.removeprefix(f"{target.name}.").removesuffix(_DRAFT)).exists():
            draft.unlink(missing_ok=True)


def _installed_vocabulary() -> Path:
    found = importlib.util.find_spec("ja_ginza")
    for place in (found.submodule_search_locations or []) if found else []:
        for vocabulary in Path(place).glob("ja_ginza-*/vocab"):
            return vocabulary
    raise ModelSetupError(
        "語ベクトル: パッケージ ja_ginza が入っていません。./x run をもう一度実行すると、入れ直します。"
    )


class ChiveEmbeddings(Embeddings):
    """Text embeddings from the word vectors: no key, no network."""

    name = "chive-sif-1"
    dimension = DIMENSION
    is_remote = False

    def __init__(self, words: WordVectors) -> None:
        """Embed with these word vectors."""
        self._words = words

    def measure(self, texts: Sequence[str]) -> EmbeddingLoad:  # noqa: ARG002 (the socket has it)
        """Return nothing: no text is sent anywhere."""
        return EmbeddingLoad()

    def embed_parts(self, texts: Sequence[str]) -> Iterator[dict[int, list[float]]]:
        """Yield all vectors by position: nothing is gained by keeping some of them earlier."""
        yield dict(enumerate(self.embed_documents(list(texts))))

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return one unit vector a text; zeros for a text without a known word."""
        return [self._embed(text).tolist() for text in texts]

    def embed_query(self, text: str) -> list[float]:
        """Return the unit vector of a question."""
        vector: list[float] = self._embed(text).tolist()
        return vector

    def _embed(self, text: str) -> Matrix:
        return vector_of(content_words(text), self._words)


def vector_of(words: Iterable[str], vectors: WordVectors) -> Matrix:
    """Return the unit vector of a text with these folded words; zeros where none of them is known."""
    counts: Counter[tuple[int, int]] = Counter()
    for word, count in Counter(words).items():
        counts[vectors.look_up(word)] += count
    counts.pop(UNKNOWN, None)
    if not counts:
        return np.zeros(vectors.units.shape[1], dtype=np.float32)
    rows = [row for row, _ in counts]
    often = np.sqrt(np.fromiter(counts.values(), dtype=np.float32, count=len(counts)))
    total: Matrix = (often * weights_of(np.array([rank for _, rank in counts]))) @ vectors.units[rows]
    unit: Matrix = _to_units(without_common(total[None, :], vectors))[0]
    return unit


def weights_of(ranks: NDArray[np.int64]) -> Matrix:
    """Return the weight of words by their ranks: a / (a + p(word))."""
    weights: Matrix = (SMOOTHING / (SMOOTHING + probability(ranks))).astype(np.float32)
    return weights


def without_common(sums: Matrix, vectors: WordVectors) -> Matrix:
    """Return vectors (rows) without their part along the direction that all words share."""
    rest: Matrix = sums - (sums @ vectors.common)[:, None] * vectors.common
    return rest
