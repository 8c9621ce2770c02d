"""One audience's part of a generation: its chunks, their vectors, and a graph over them where they are many."""

from __future__ import annotations

from collections.abc import Iterator, Set
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from rag.adapters.chroma import chroma_errors
from rag.adapters.coded import Coded
from rag.adapters.nearest import Mask, Places, Rows, best, encoded, nearest_rows, unit_rows
from rag.domain import Scope
from rag.errors import StorageError
from rag.ports import Matrix
from rag.remarks import REMARK_FACTS

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection

EXACT_BELOW: Final = 20_000
"""Chunks up to which every one is compared with the question: 20,000 vectors of 300 numbers take 1.1 ms of one core, 4.2 where
they lie scattered among others; a graph takes 1.3 and more, finds only most of them and has to be built, verified and kept in memory."""
GET_BATCH: Final = 1000
_MARGIN: Final = 1.5
"""Neighbours asked for, in those that it takes on average: asking a second time costs as much as the first, half as many more a tenth."""
_RECALL_AT: Final = 10
_EQUAL: Final = 1e-5
_MOST_FETCHED: Final = 5_000
"""Neighbours that a graph is asked for at most (12 ms); beyond, those that may be shown are compared one by one."""


def needs_graph(count: int) -> bool:
    """Tell whether so many chunks are too many to compare each of them with a question."""
    return count > EXACT_BELOW


def write_rows(place: Path, key: str, rows: Rows) -> None:
    """Keep the rows of an audience beside its vectors, with the order of their ids."""
    columns: dict[str, Any] = {"ids": rows.ids, "starts": rows.starts, "ends": rows.ends}
    for name, column in {"kinds": rows.kinds, **rows.facts}.items():
        columns |= {f"{name}_codes": column.codes, f"{name}_texts": column.texts}
    np.savez(place / f"{key}.npz", order=np.argsort(rows.ids, kind="stable").astype(np.int32), **columns)


def _read_rows(place: Path, key: str) -> tuple[Rows, NDArray[np.int32]]:
    with np.load(place / f"{key}.npz", allow_pickle=False) as body:
        columns = {
            name: Coded(codes=body[f"{name}_codes"], texts=body[f"{name}_texts"]) for name in ("kinds", *REMARK_FACTS)
        }
        kinds = columns.pop("kinds")
        rows = Rows(ids=body["ids"], kinds=kinds, starts=body["starts"], ends=body["ends"], facts=columns)
        return rows, body["order"]


def open_vectors(place: Path, key: str, count: int) -> Matrix:
    """Map the unit vectors of an audience, one row a chunk: only what is compared is read."""
    file = place / f"{key}.f4"
    return np.memmap(file, dtype="<f4", mode="r", shape=(count, file.stat().st_size // 4 // count))


class Shelf:
    """One audience's chunks with their vectors, and the graph over them where they are many."""

    def __init__(self, place: Path, key: str, collection: Collection | None) -> None:
        self._place = place
        self._collection = collection
        self.rows, self._order = _read_rows(place, key)
        self.matrix = open_vectors(place, key, len(self.rows))
        self._hidden: tuple[Set[str], Mask] = (frozenset(), np.zeros(len(self.rows), dtype=np.bool_))

    def nearest(self, vector: Matrix, count: int) -> tuple[Places, Matrix]:
        """Return positions and cosine similarities of about `count` neighbours, dates and kinds not yet looked at."""
        if self._collection is None:
            return nearest_rows(self.matrix, vector, np.arange(len(self.rows)), count)
        with chroma_errors(self._place):
            result = self._collection.query(query_embeddings=vector[None], n_results=count, include=["distances"])
        distances = result["distances"]
        if distances is None:
            raise StorageError(f"{self._place}: ベクトルの索引が距離を返しません。もう一度取り込むと作り直します。")
        places = np.fromiter(map(int, result["ids"][0]), dtype=np.int64, count=len(result["ids"][0]))
        return places, 1 - np.asarray(distances[0], dtype=np.float32)

    def search(self, vector: Matrix, *, scope: Scope, limit: int, hidden: Set[str]) -> dict[str, float]:
        """Return at most `limit` chunks in this scope that are not hidden."""
        shown = self.rows.shown(scope) & ~self.hidden(hidden)
        places, scores = self._best(vector, shown, limit)
        return best(dict(zip(self.rows.names(places), scores.tolist(), strict=True)), limit)

    def _best(self, vector: Matrix, shown: Mask, limit: int) -> tuple[Places, Matrix]:
        """Ask the graph for as many as it takes to have `limit` that may be shown, where it is likely to be quick."""
        possible = int(shown.sum())
        count = round(_MARGIN * limit * len(shown) / max(possible, 1)) + 1
        while self._collection is not None and needs_graph(possible) and count <= _MOST_FETCHED:
            places, scores = self.nearest(vector, count)
            passing = shown[places]
            if passing.sum() >= limit:
                return places[passing], scores[passing]
            count *= 2
        return nearest_rows(self.matrix, vector, np.flatnonzero(shown), limit)

    def hidden(self, ids: Set[str]) -> Mask:
        """Tell for each row whether it is one of these chunks; found once for one set."""
        known, mask = self._hidden
        if known is not ids:
            mask = np.zeros(len(self.rows), dtype=np.bool_)
            wanted = encoded(sorted(ids))
            found = np.searchsorted(self.rows.ids, wanted, sorter=self._order)
            places = self._order[np.minimum(found, len(self._order) - 1)]
            mask[places[self.rows.ids[places] == wanted]] = True
            self._hidden = (ids, mask)
        return mask

    def stored(self) -> Iterator[tuple[Places, Matrix]]:
        """Yield positions and vectors as the graph holds them, in batches; raises StorageError when one is not there."""
        for start in range(0, len(self.rows) if self._collection is not None else 0, GET_BATCH):
            places = np.arange(start, min(start + GET_BATCH, len(self.rows)))
            names = [str(place) for place in places.tolist()]
            with chroma_errors(self._place):
                result = self._collection.get(ids=names, include=["embeddings"])  # type: ignore[union-attr]
            stored = result["embeddings"]
            found = {} if stored is None else dict(zip(result["ids"], stored, strict=True))
            if len(found) != len(names) or any(value is None for value in found.values()):
                raise StorageError(
                    f"{self._place}: ベクトルの索引に欠けたベクトルがあります。もう一度取り込むと作り直します。"
                )
            yield places, np.array([found[name] for name in names], dtype=np.float32)

    def recall(self, sample: int) -> float:
        """Return the share, 0 to 1, of the exact ten nearest that are found, over `sample` questions half-way between two chunks."""
        picked = np.linspace(0, len(self.rows) - 1, sample + 1).astype(np.int64)
        questions = unit_rows(self.matrix[picked[:-1]] + self.matrix[picked[1:]])[0]
        count = min(_RECALL_AT, len(self.rows))
        exact = np.full((len(questions), count), -np.inf, dtype=np.float32)
        for start in range(0, len(self.rows), GET_BATCH):
            scores = np.concatenate([exact, questions @ self.matrix[start : start + GET_BATCH].T], axis=1)
            exact = np.partition(scores, -count, axis=1)[:, -count:]
        # Several texts may be equally near: what counts is how near the found ones are, not which.
        near = [
            (self.nearest(question, count)[1] >= least - _EQUAL).sum()
            for question, least in zip(questions, exact.min(axis=1), strict=True)
        ]
        return float(np.mean(near)) / count
