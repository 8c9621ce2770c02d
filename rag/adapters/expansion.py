"""Words of near meaning for a question, from the word vectors, taken only from words that stand in the documents.

480,443 words share 20,000 vectors (旅費 and 日当 have the same one), so a word is never expanded to one of its own vector.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from rag.adapters.chive import WordVectors

WEIGHT = 0.8
"""Weight of a neighbour of cosine 1; it falls with the square of the cosine."""
KEPT_VOCABULARIES = 64
KEPT_ROWS = 5_000
KEPT_NEIGHBOURS = 200
"""Rows ranked for each row: far more than the words taken, since most rows have no word in the documents."""


class Expansion:
    """Neighbours of words, over the vocabularies that a search may see."""

    def __init__(self, vectors: WordVectors, *, count: int, similarity: float) -> None:
        """Give each word at most `count` neighbours of at least this cosine."""
        self._vectors = vectors
        self._count = count
        self._similarity = similarity
        self._words_by_row: dict[tuple[str, int], dict[int, list[str]]] = {}
        self._near: dict[int, list[tuple[int, float]]] = {}
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
            tables = [self._table(name, read) for name, read in vocabularies.items()]
            rows = {word: self._row(word) for word in words}
            self._rank({row for row in rows.values() if row >= 0} - self._near.keys())
            return {word: {word: 1.0} | self._neighbours(word, row, tables, stands) for word, row in rows.items()}

    def _table(self, name: tuple[str, int], read: Callable[[], Sequence[str]]) -> dict[int, list[str]]:
        if name not in self._words_by_row:
            self._learn(name, read())
        return self._words_by_row[name]

    def _learn(self, name: tuple[str, int], vocabulary: Sequence[str]) -> None:
        if len(self._words_by_row) >= KEPT_VOCABULARIES:
            self._words_by_row.pop(next(iter(self._words_by_row)))
        table: dict[int, list[str]] = {}
        for word, row in zip(vocabulary, self._vectors.rows(vocabulary), strict=True):
            if row >= 0:
                table.setdefault(int(row), []).append(word)
        self._words_by_row[name] = table

    def _row(self, word: str) -> int:
        """Return the word's row, -1 for a word that is not to be expanded."""
        return -1 if word.isdecimal() or not self._count else self._vectors.look_up(word)[0]

    def _rank(self, rows: set[int]) -> None:
        """Keep the nearest rows of these rows, nearest first."""
        wanted = sorted(rows)
        if len(self._near) + len(wanted) > KEPT_ROWS:
            self._near.clear()
        near = self._vectors.units @ self._vectors.units[wanted].T
        for column, row in enumerate(wanted):
            near[row, column] = -1.0
            others = np.flatnonzero(near[:, column] >= self._similarity)
            others = others[np.argsort(-near[others, column], kind="stable")][:KEPT_NEIGHBOURS]
            self._near[row] = [(int(other), float(near[other, column])) for other in others]

    def _neighbours(
        self, word: str, row: int, tables: Sequence[Mapping[int, list[str]]], stands: Callable[[str], bool]
    ) -> dict[str, float]:
        neighbours: dict[str, float] = {}
        for other, similarity in self._near.get(row, []):
            for each in sorted({each for table in tables for each in table.get(other, [])} - {word}):
                if not stands(each):
                    continue
                neighbours[each] = WEIGHT * similarity**2
                if len(neighbours) == self._count:
                    return neighbours
        return neighbours
