"""Which chunks may be shown for a day and a kind, and exact nearest neighbours among them with numpy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rag.adapters.coded import Coded
from rag.domain import Chunk, Kind, RemarkFilter, Scope
from rag.errors import StorageError
from rag.ports import Catalogue, Matrix
from rag.remarks import REMARK_FACTS, conditions, facts_of

OPEN_START: Final = 0
OPEN_END: Final = 99_999_999
"""Days are written as the number YYYYMMDD; these stand for a period without start or end."""
_KINDS: Final = tuple(Kind)
_BLOCK: Final = 8192
"""Rows compared at a time: what is read of a file is not all held at once."""

Mask = NDArray[np.bool_]
Places = NDArray[np.int64]
"""Positions of rows."""


def encoded(ids: Sequence[str]) -> NDArray[np.bytes_]:
    """Return chunk ids as rows keep them."""
    return np.array([name.encode() for name in ids], dtype=np.bytes_)


def day_number(day: date) -> int:
    """Return a day as the number YYYYMMDD."""
    return day.year * 10_000 + day.month * 100 + day.day


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Chunk ids with what decides whether a search shows them, one position a chunk."""

    ids: NDArray[np.bytes_]
    """In UTF-8: as text, numpy keeps four bytes a character."""
    kinds: Coded
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    facts: Mapping[str, Coded]
    """Name of `REMARK_FACTS` → what is known of each row; empty texts where nothing is."""

    @classmethod
    def of(cls, chunks: Sequence[Chunk]) -> Rows:
        """Return the rows of these chunks in their order."""
        periods = [chunk.period for chunk in chunks]
        facts = [facts_of(chunk) for chunk in chunks]
        return cls(
            ids=encoded([chunk.id for chunk in chunks]),
            kinds=Coded.of([chunk.kind.value for chunk in chunks]),
            starts=np.array([day_number(one.start) if one.start else OPEN_START for one in periods], dtype=np.int32),
            ends=np.array([day_number(one.end) if one.end else OPEN_END for one in periods], dtype=np.int32),
            facts={name: Coded.of([each.get(name, "") for each in facts]) for name in REMARK_FACTS},
        )

    @classmethod
    def joined(cls, parts: Sequence[Rows]) -> Rows:
        """Return the rows of all parts, one after the other; at least one part."""
        return cls(
            ids=np.concatenate([part.ids for part in parts]),
            kinds=Coded.joined([part.kinds for part in parts]),
            starts=np.concatenate([part.starts for part in parts]),
            ends=np.concatenate([part.ends for part in parts]),
            facts={name: Coded.joined([part.facts[name] for part in parts]) for name in REMARK_FACTS},
        )

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, keep: Mask) -> Rows:
        """Return the rows at which `keep` is true."""
        return Rows(
            ids=self.ids[keep],
            kinds=self.kinds.take(keep),
            starts=self.starts[keep],
            ends=self.ends[keep],
            facts={name: column.take(keep) for name, column in self.facts.items()},
        )

    def shown(self, scope: Scope) -> Mask:
        """Tell for each row whether it is in this scope."""
        day = day_number(scope.as_of)
        mask: Mask = (self.starts <= day) & (day < self.ends)
        if scope.kinds and len(scope.kinds) < len(_KINDS):
            mask &= self.kinds.meeting({kind.value for kind in scope.kinds}.__contains__)
        if scope.remarks:
            mask &= np.logical_or.reduce([self._are(each) for each in scope.remarks])
        return mask

    def names(self, places: Places | slice) -> list[str]:
        """Return the chunk ids at these positions."""
        return [name.decode() for name in self.ids[places].tolist()]

    def _are(self, wanted: RemarkFilter) -> Mask:
        """Tell for each row whether it is a remark that fits a filter."""
        asked = conditions(wanted)
        mask: Mask = np.logical_and.reduce([self.facts[name].meeting(meets) for name, meets in asked.items()])
        return mask


@dataclass(frozen=True, slots=True, kw_only=True)
class Exact:
    """Chunks with their unit vectors, searched one by one."""

    rows: Rows
    matrix: Matrix

    def search(self, vector: Matrix, shown: Mask, limit: int) -> dict[str, float]:
        """Return chunk id → cosine similarity of the best `limit` rows at which `shown` is true."""
        places, scores = nearest_rows(self.matrix, vector, np.flatnonzero(shown), limit)
        return dict(zip(self.rows.names(places), scores.tolist(), strict=True))

    def without(self, ids: frozenset[str]) -> Exact:
        """Return what is left after these chunks are gone."""
        gone = {name.encode() for name in ids}
        keep = np.fromiter((name not in gone for name in self.rows.ids.tolist()), dtype=np.bool_, count=len(self.rows))
        return self if keep.all() else Exact(rows=self.rows.take(keep), matrix=self.matrix[keep])

    @classmethod
    def joined(cls, parts: Sequence[Exact]) -> Exact:
        """Return all parts as one; at least one part."""
        return cls(
            rows=Rows.joined([part.rows for part in parts]), matrix=np.concatenate([part.matrix for part in parts])
        )


def nearest_rows(matrix: Matrix, vector: Matrix, among: Places, limit: int) -> tuple[Places, Matrix]:
    """Return positions and cosine similarities of the best `limit` of these rows of unit vectors, in no order."""
    scores = np.empty(len(among), dtype=np.float32)
    whole = len(among) == len(matrix)
    for start in range(0, len(among), _BLOCK):
        part = slice(start, start + _BLOCK)
        scores[part] = (matrix[part] if whole else matrix[among[part]]) @ vector
    if len(scores) <= limit:
        return among, scores
    best = np.argpartition(-scores, limit - 1)[:limit]
    return among[best], scores[best]


def read_vectors(catalogue: Catalogue, ids: Sequence[str], *, model: str, dimension: int) -> tuple[Matrix, Mask]:
    """Return the catalogue's vectors of these chunks in order, and which are there; the others are zero rows."""
    found = catalogue.vectors(ids, model=model)
    matrix = np.zeros((len(ids), dimension), dtype=np.float32)
    for place, name in enumerate(ids):
        if name in found:
            if found[name].shape != (dimension,):
                raise StorageError(
                    f"埋め込み {model}: 台帳のベクトルは{found[name].size}次元で、設定の{dimension}次元と合いません。"
                    "埋め込みの設定を確かめてください。"
                )
            matrix[place] = found[name]
    return matrix, np.fromiter((name in found for name in ids), dtype=np.bool_, count=len(ids))


def missing_vectors(count: int, model: str) -> StorageError:
    """Return the error for chunks whose vectors the catalogue does not hold."""
    return StorageError(
        f"埋め込み {model}: {count}件のチャンクのベクトルが台帳にありません。"
        "kotae ingest をもう一度実行すると作り直します。"
    )


def unit_rows(matrix: Matrix) -> tuple[Matrix, Mask]:
    """Return the rows scaled to length 1 and whether each had a length at all; rows without stay zero."""
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    known: Mask = lengths[:, 0] > 0
    return (matrix / np.where(lengths > 0, lengths, 1)).astype(np.float32), known


def best(scores: dict[str, float], limit: int) -> dict[str, float]:
    """Return the `limit` highest, best first; equal scores in the order of their ids."""
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    return dict(ranked[:limit])
