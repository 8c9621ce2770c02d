"""Words of near meaning for a question, from the word vectors, taken only from words that stand in the documents.

480,443 words share 20,000 vectors (旅費 and 日当 have the same one), so a word is never expanded to one of its own vector.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.adapters.chive import WordVectors
from rag.ports import Matrix

WEIGHT = 0.8
"""Weight of a neighbour of cosine 1; it falls with the square of the cosine."""
KEPT_VOCABULARIES = 64
KEPT_ROWS = 5_000
KEPT_NEIGHBOURS = 200
"""Rows ranked for each row: far more than the words taken, since most rows have no word in the documents."""


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    """The words of an audience that have a vector."""

    by_row: Mapping[int, list[str]]
    held: NDArray[np.bool_]
    """For each row of the vectors: whether one of the words has it."""


class Expansion:
    """Neighbours of words, over the vocabularies that a search may see."""

    def __init__(self, vectors: WordVectors, *, count: int, similarity: float) -> None:
        """Give each word at most `count` neighbours of at least this cosine."""
        self._vectors = vectors
        self._count = count
        self._similarity = similarity
        self._vocabularies: dict[tuple[str, int], _Vocabulary] = {}
        self._near: dict[int, tuple[NDArray[np.int64], Matrix]] = {}
        """Row → the nearest other rows, nearest first, and their cosines."""
        self._lock = threading.Lock()

    def expand(
        self,
        words: Sequence[str],
        vocabularies: Mapping[tuple[str, int], Callable[[], Sequence[str]]],
        *,
        stands: Callable[[str], bool] = lambda _word: True,
    ) -> dict[str, dict[str, float]]:
        """Return for each word the words to search for it, with weights; the word itself has weight 1.

        `vocabularies` maps a name to what reads its words, called only where the name is not known yet; `stands` tells
        whether one of them still stands in a text. Serves many threads.
        """
        with self._lock:
            known = [self._vocabulary(name, read) for name, read in vocabularies.items()]
            rows = {word: self._row(word) for word in words}
            self._rank({row for row in rows.values() if row >= 0})
            held = (
                np.logical_or.reduce([each.held for each in known])
                if known
                else np.zeros(len(self._vectors.units), np.bool_)
            )
            return {word: {word: 1.0} | self._neighbours(word, row, known, held, stands) for word, row in rows.items()}

    def _vocabulary(self, name: tuple[str, int], read: Callable[[], Sequence[str]]) -> _Vocabulary:
        if name not in self._vocabularies:
            if len(self._vocabularies) >= KEPT_VOCABULARIES:
                self._vocabularies.pop(next(iter(self._vocabularies)))
            self._vocabularies[name] = self._learnt(read())
        return self._vocabularies[name]

    def _learnt(self, words: Sequence[str]) -> _Vocabulary:
        by_row: dict[int, list[str]] = {}
        held = np.zeros(len(self._vectors.units), dtype=np.bool_)
        for word, row in zip(words, self._vectors.rows(words).tolist(), strict=True):
            if row >= 0:
                by_row.setdefault(row, []).append(word)
                held[row] = True
        return _Vocabulary(by_row, held)

    def _row(self, word: str) -> int:
        """Return the word's row, -1 for a word that is not to be expanded."""
        return -1 if word.isdecimal() or not self._count else self._vectors.look_up(word)[0]

    def _rank(self, rows: set[int]) -> None:
        """Keep the nearest rows of these rows, nearest first; what is kept of others goes when there is too much."""
        if len(self._near.keys() | rows) > KEPT_ROWS:
            self._near.clear()
        wanted = sorted(rows - self._near.keys())
        near = self._vectors.units @ self._vectors.units[wanted].T
        for column, row in enumerate(wanted):
            near[row, column] = -1.0
            others = np.flatnonzero(near[:, column] >= self._similarity)
            others = others[np.argsort(-near[others, column], kind="stable")][:KEPT_NEIGHBOURS]
            self._near[row] = others, near[others, column]

    def _neighbours(
        self,
        word: str,
        row: int,
        known: Sequence[_Vocabulary],
        held: NDArray[np.bool_],
        stands: Callable[[str], bool],
    ) -> dict[str, float]:
        neighbours: dict[str, float] = {}
        if row < 0:
            return neighbours
        others, cosines = self._near[row]
        there = held[others]
        for other, cosine in zip(others[there].tolist(), cosines[there].tolist(), strict=True):
            for each in sorted({each for vocabulary in known for each in vocabulary.by_row.get(other, [])} - {word}):
                if not stands(each):
                    continue
                neighbours[each] = WEIGHT * cosine**2
                if len(neighbours) == self._count:
                    return neighbours
        return neighbours
