"""The vector index on embedded Chroma: a verified generation, and what is newer read from the catalogue."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from rag.adapters.generation_build import build_generation, remove_generations
from rag.adapters.generations import FORMAT, Generation, Pointer
from rag.adapters.nearest import best, missing_vectors
from rag.adapters.snapshots import Snapshot
from rag.domain import Audience, Scope
from rag.errors import StorageError
from rag.ports import Catalogue, Matrix

POINTER: Final = "vectors.generation"
"""Name of the fact that says which generation serves."""
_log = logging.getLogger(__name__)


class ChromaVectors:
    """The `VectorIndex`: one collection an audience; may be searched by many threads and processes, written by one.

    `directory` is the vectors folder of the home; `embedder_name` and `dimension` are those of the embedder whose
    vectors the catalogue holds; `delta_share` is settings.search.delta_share.
    """

    def __init__(
        self, catalogue: Catalogue, embedder_name: str, *, dimension: int, directory: Path, delta_share: float
    ) -> None:
        self._catalogue = catalogue
        self._embedder = embedder_name
        self._dimension = dimension
        self._directory = directory
        self._delta_share = delta_share
        self._lock = threading.Lock()
        self._snapshot: Snapshot | None = None

    def generation(self) -> str:
        """Return the id of the generation that serves; empty before the first one, or when another version built it."""
        pointer = self._pointer()
        return pointer.id if pointer and pointer.format == FORMAT else ""

    def update(self, *, revision: int) -> None:
        """Make the catalogue's chunks up to `revision` searchable; raises StorageError when one has no vector.

        Builds a generation when none serves this embedder or the changes since it pass `delta_share`. The caller holds
        the home's writer lock. What serves meanwhile goes on serving, also after a failure.
        """
        before = self._pointer()
        if before is not None and before.embedder == self._embedder and not self._must_build():
            # A run that was killed just after it switched the pointer has left older generations, with removed texts' vectors.
            remove_generations(self._directory, keep={before.id, before.previous})
            reached = self._current().revision
        else:
            reached = self._build(before)
        if reached < revision:
            raise StorageError(
                f"ベクトルの索引: 台帳は変更{reached}までで、変更{revision}はありません。もう一度取り込んでください。"
            )

    def search(
        self, vector: Sequence[float], audiences: Sequence[Audience], *, scope: Scope, limit: int
    ) -> dict[str, float]:
        """Return chunk id → cosine similarity of at most `limit` chunks in this scope, best first.

        Only the given audiences are looked at. A vector of zeros (no known word) finds nothing.
        """
        asked = np.asarray(vector, dtype=np.float32)
        if asked.shape != (self._dimension,):
            raise StorageError(
                f"埋め込み {self._embedder}: 質問のベクトルは{asked.size}次元で、"
                f"索引の{self._dimension}次元と合いません。埋め込みの設定を確かめてください。"
            )
        length = float(np.linalg.norm(asked))
        if length == 0 or limit < 1:
            return {}
        snapshot = self._current()
        try:
            return self._search(snapshot, asked / length, audiences, scope=scope, limit=limit)
        except StorageError as error:
            if snapshot.base is None:
                raise
            snapshot = self._without_base(snapshot, error)
            return self._search(snapshot, asked / length, audiences, scope=scope, limit=limit)

    def measure_recall(self, sample: int) -> float:
        """Return the share, 0 to 1, of the exact ten nearest that the generation finds, over `sample` questions.

        The questions lie half-way between two chunks, spread over all audiences. 1 when no generation serves.
        """
        base = self._current().base
        shelves = [] if base is None else list(base.shelves.values())
        counts = [len(shelf.rows) for shelf in shelves]
        asked = [max(1, round(sample * count / sum(counts))) for count in counts]
        return (
            float(np.average([each.recall(n) for each, n in zip(shelves, asked, strict=True)], weights=asked))
            if shelves
            else 1.0
        )

    def close(self) -> None:
        """Let go of the generation; the next search opens it again."""
        with self._lock:
            self._snapshot = None

    def _pointer(self) -> Pointer | None:
        """Return the pointer of the catalogue; None when there is none or it cannot be read."""
        return _pointer_of(self._catalogue.facts().get(POINTER, ""))

    def _must_build(self) -> bool:
        snapshot = self._current()
        if snapshot.missing:
            # The vectors may have come since: they have no revision of their own.
            self.close()
            snapshot = self._current()
        if snapshot.missing:
            raise missing_vectors(snapshot.missing, self._embedder)
        if snapshot.base is None:
            return True
        chunks = snapshot.base.count(snapshot.hidden) + snapshot.delta_size
        return snapshot.delta_size + snapshot.removed > self._delta_share * chunks

    def _build(self, before: Pointer | None) -> int:
        remove_generations(self._directory, keep={before.id, before.previous} if before else set())
        built = build_generation(self._catalogue, self._directory, embedder=self._embedder, dimension=self._dimension)
        pointer = replace(built, previous=before.id if before else "")
        self._catalogue.put_fact(POINTER, pointer.to_json())
        remove_generations(self._directory, keep={pointer.id, pointer.previous})
        return self._current().revision

    def _search(
        self,
        snapshot: Snapshot,
        vector: Matrix,
        audiences: Sequence[Audience],
        *,
        scope: Scope,
        limit: int,
    ) -> dict[str, float]:
        if snapshot.has_no_vector:
            raise missing_vectors(snapshot.missing, self._embedder)
        scores: dict[str, float] = {}
        for audience in dict.fromkeys(audiences):
            if snapshot.base is not None:
                scores |= snapshot.base.search(vector, audience, scope=scope, limit=limit, hidden=snapshot.hidden)
            part = snapshot.delta.get(audience)
            if part is not None:
                scores |= part.search(vector, part.rows.shown(scope), limit)
        return best(scores, limit)

    def _current(self) -> Snapshot:
        """Return what the catalogue and its pointer say now; cheap when neither changed."""
        with self._lock:
            revision = self._catalogue.revision()
            fact = self._catalogue.facts().get(POINTER, "")
            snapshot = self._snapshot
            # Vectors have no revision of their own: while none is there, look again every time.
            if snapshot is None or snapshot.pointer != fact or snapshot.has_no_vector:
                snapshot = self._opened(fact)
            if snapshot.revision < revision:
                snapshot = self._catch_up(snapshot, revision)
            self._snapshot = snapshot
            return snapshot

    def _opened(self, fact: str) -> Snapshot:
        pointer = _pointer_of(fact)
        if pointer is None or pointer.embedder != self._embedder:
            return Snapshot(pointer=fact, revision=0, base=None)
        try:
            base = Generation.open(self._directory, pointer)
        except StorageError as error:
            _warn(error)
            return Snapshot(pointer=fact, revision=0, base=None)
        return Snapshot(pointer=fact, revision=pointer.revision, base=base)

    def _catch_up(self, snapshot: Snapshot, revision: int) -> Snapshot:
        reached = snapshot.caught_up(self._catalogue, revision, model=self._embedder, dimension=self._dimension)
        if reached.missing > snapshot.missing and not reached.has_no_vector:
            _warn(missing_vectors(reached.missing, self._embedder))
        return reached

    def _without_base(self, snapshot: Snapshot, error: StorageError) -> Snapshot:
        """Give up a generation that failed in use, until the pointer names another."""
        _warn(error)
        with self._lock:
            if self._snapshot is snapshot:
                empty = Snapshot(pointer=snapshot.pointer, revision=0, base=None)
                self._snapshot = self._catch_up(empty, snapshot.revision)
            return self._snapshot or Snapshot(pointer="", revision=0, base=None)


def _pointer_of(fact: str) -> Pointer | None:
    if not fact:
        return None
    try:
        return Pointer.of_json(fact)
    except StorageError as error:
        _warn(error)
        return None


def _warn(error: StorageError) -> None:
    _log.warning("%s（それまでは台帳のベクトルで検索します）", error)
