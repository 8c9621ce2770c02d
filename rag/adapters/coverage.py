"""How well a text fits a question word by word: the share of which it speaks, and how near the two are in topic."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.adapters.chive import UNKNOWN, WordVectors, vector_of, weights_of, without_common
from rag.japanese.words import content_words, fold
from rag.ports import Matrix

FAR, SAME = 0.3, 0.9
"""Cosines at which a word of near meaning counts for nothing, and no more than this however near: it is another word."""


@dataclass(frozen=True, slots=True)
class _Known:
    """The words of several texts that have a vector, one after the other."""

    units: Matrix
    """The different vectors, a row each."""
    places: NDArray[np.int64]
    """For each word, its row of `units`."""
    ranks: NDArray[np.int64]
    starts: NDArray[np.int64]
    """Where the words of each text begin; those of the last one end with the places."""

    @classmethod
    def of(cls, texts: Iterable[Sequence[str]], vectors: WordVectors) -> _Known:
        found: list[tuple[int, int]] = []
        starts: list[int] = []
        for words in texts:
            starts.append(len(found))
            found += [each for word in words if (each := vectors.look_up(word)) != UNKNOWN]
        pairs = np.array(found, dtype=np.int64).reshape(-1, 2)
        rows, places = np.unique(pairs[:, 0], return_inverse=True)
        return cls(vectors.units[rows], places, pairs[:, 1], np.array(starts, dtype=np.int64))

    def nearest(self, values: Matrix) -> Matrix:
        """Return the most of the values of each text's words (rows × anything); zeros for a text without a known word."""
        filled = self.starts < self._ends()
        most: Matrix = np.zeros((len(self.starts), *values.shape[1:]), dtype=np.float32)
        if filled.any():
            most[filled] = np.maximum.reduceat(values, self.starts[filled], axis=0)
        return most

    def sums(self) -> Matrix:
        """Return the weighted sum of the vectors of each text's words, a row a text."""
        texts = np.repeat(np.arange(len(self.starts)), self._ends() - self.starts)
        size = len(self.starts), len(self.units)
        held = np.bincount(texts * size[1] + self.places, weights_of(self.ranks), minlength=size[0] * size[1])
        sums: Matrix = held.reshape(size).astype(np.float32) @ self.units
        return sums

    def _ends(self) -> NDArray[np.int64]:
        return np.append(self.starts[1:], len(self.places))


class Coverage:
    """How well texts fit a question, by words and word vectors."""

    def __init__(self, vectors: WordVectors) -> None:
        """Compare words by these vectors."""
        self._vectors = vectors

    def measure(
        self,
        words: Sequence[str],
        rarity: Mapping[str, float],
        official: Mapping[str, tuple[str, ...]],
        texts: Mapping[str, Sequence[str]],
    ) -> tuple[dict[str, float], dict[str, float]]:
        """Return text id → 0 to 1 twice: the share of the question that each text speaks of, and how near their topics are.

        `words` are those of the question, repeats kept; `rarity` weighs each of them; `official` are its everyday phrases
        with the official words that may stand for them. The topic is the weighted sum of the vectors of all words.
        """
        known = _Known.of(texts.values(), self._vectors)
        return self._shares(rarity, official, texts, known), self._topics(words, texts, known)

    def _shares(
        self,
        rarity: Mapping[str, float],
        official: Mapping[str, tuple[str, ...]],
        texts: Mapping[str, Sequence[str]],
        known: _Known,
    ) -> dict[str, float]:
        words = list(rarity)
        total = sum(rarity.values())
        if not total:
            return dict.fromkeys(texts, 0.0)
        nearness = self._nearness(words, known)
        stands_for = _official_words(words, official)
        return {
            name: sum(
                rarity[word] * _found(word, stands_for[word], held, near)
                for word, near in zip(words, nears.tolist(), strict=True)
            )
            / total
            for (name, held), nears in zip(((name, set(held)) for name, held in texts.items()), nearness, strict=True)
        }

    def _nearness(self, words: Sequence[str], known: _Known) -> Matrix:
        """Return (texts × words): how near the nearest word of a text comes to each word of the question, 0 to SAME's part."""
        asked = self._vectors.rows(words)
        cosines: Matrix = (known.units @ self._vectors.units[asked].T)[known.places]
        cosines[:, asked < 0] = 0.0
        nearest = known.nearest(cosines)
        scaled: Matrix = np.maximum((np.minimum(nearest, SAME) - FAR) / (1 - FAR), 0)
        return scaled

    def _topics(self, words: Sequence[str], texts: Mapping[str, Sequence[str]], known: _Known) -> dict[str, float]:
        asked = vector_of(words, self._vectors)
        sums = without_common(known.sums(), self._vectors)
        lengths = np.maximum(np.linalg.norm(sums, axis=1), 1e-9)
        cosines = np.maximum(sums @ asked / lengths, 0.0)
        return dict(zip(texts, cosines.tolist(), strict=True))


def _official_words(words: Sequence[str], official: Mapping[str, tuple[str, ...]]) -> dict[str, list[list[str]]]:
    """Return for each word the official alternatives of the everyday phrases it belongs to, as words."""
    belongs: dict[str, list[list[str]]] = {word: [] for word in words}
    for phrase, alternatives in official.items():
        analysed = [content_words(each) for each in alternatives]
        parts = set(content_words(phrase))
        for word in words:
            if word in parts or fold(word) in phrase:
                belongs[word] += [each for each in analysed if each]
    return belongs


def _found(word: str, alternatives: Sequence[Sequence[str]], held: Collection[str], near: float) -> float:
    if word in held:
        return 1.0
    return max([near, *(sum(part in held for part in each) / len(each) for each in alternatives)])
