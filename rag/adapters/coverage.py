"""How well a text fits a question word by word: the share of which it speaks, and how near the two are in topic."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from rag.adapters.chive import WordVectors, vector_of
from rag.japanese.words import content_words, fold

FAR, SAME = 0.3, 0.9
"""Cosines at which a word of near meaning counts for nothing, and no more than this however near: it is another word."""


class Coverage:
    """Shares of a question found in texts."""

    def __init__(self, vectors: WordVectors) -> None:
        """Compare words by these vectors."""
        self._vectors = vectors

    def shares(
        self,
        weights: Mapping[str, float],
        official: Mapping[str, tuple[str, ...]],
        texts: Mapping[str, Sequence[str]],
    ) -> dict[str, float]:
        """Return text id → 0 to 1: the weight of the question's words that the text's words hold.

        `weights` are the question's words by rarity, `official` its everyday phrases with the official words that may
        stand for them.
        """
        words = list(weights)
        total = sum(weights.values())
        if not total:
            return dict.fromkeys(texts, 0.0)
        rows = self._vectors.rows(words)
        stands_for = _official_words(words, official)
        return {
            name: sum(
                weights[word] * _found(word, stands_for[word], set(held), near)
                for word, near in zip(words, self._nearness(rows, held), strict=True)
            )
            / total
            for name, held in texts.items()
        }

    def topics(self, words: Sequence[str], texts: Mapping[str, Sequence[str]]) -> dict[str, float]:
        """Return text id → 0 to 1: cosine of the weighted sums of word vectors of the question and of the text's words."""
        asked = vector_of(words, self._vectors)
        return {name: max(float(asked @ vector_of(held, self._vectors)), 0.0) for name, held in texts.items()}

    def _nearness(self, rows: np.typing.NDArray[np.int64], held: Sequence[str]) -> list[float]:
        known = self._vectors.rows(held)
        known = known[known >= 0]
        if not len(known):
            return [0.0] * len(rows)
        cosines = (self._vectors.units[rows] @ self._vectors.units[known].T).max(axis=1)
        scaled = (np.minimum(cosines, SAME) - FAR) / (1 - FAR)
        return [float(value) if row >= 0 else 0.0 for row, value in zip(rows, np.maximum(scaled, 0), strict=True)]


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
