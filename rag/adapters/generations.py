"""Read a generation of the vector index: a directory that was verified once and is never changed again."""

from __future__ import annotations

import json
import weakref
from collections.abc import Mapping, Sequence, Set
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from rag.adapters.chroma import chroma_errors, open_client
from rag.adapters.seal import is_intact
from rag.adapters.shelf import Shelf
from rag.domain import Audience, Scope
from rag.errors import StorageError
from rag.ports import Matrix

FORMAT: Final = 2
"""Raised when the files of a generation change: what another version wrote is never opened, but built anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointer:
    """Which generation serves, as it is kept in the catalogue's facts."""

    id: str
    revision: int
    """The generation holds the chunks up to this revision."""
    embedder: str
    counts: Mapping[str, int]
    """Audience key → vectors in its collection."""
    without_vector: int = 0
    """Chunks left out because their text has no known word."""
    previous: str = ""
    """The generation that served before, still kept for readers; empty for the first."""
    graphs: Sequence[str] = ()
    """Keys of the audiences that have a graph in Chroma; the others are small."""
    format: int = 1
    """`FORMAT` of the version that built it; 1 for those before it was noted."""

    def to_json(self) -> str:
        """Return the text that is kept."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def of_json(cls, body: str) -> Pointer:
        """Read such a text; raises StorageError."""
        try:
            return cls(**json.loads(body))
        except (ValueError, TypeError) as error:
            raise StorageError(
                f"ベクトルの索引: 台帳の記録 {body[:80]!r} を読めません。もう一度取り込むと作り直します。"
            ) from error


class Generation:
    """An opened generation; its client is closed when nobody searches it any more."""

    def __init__(self, place: Path, pointer: Pointer) -> None:
        self._place = place
        self.shelves: dict[str, Shelf] = {}
        client = (
            open_client(place) if pointer.graphs else None
        )  # most homes are small, and importing Chroma takes seconds
        if client is not None:
            weakref.finalize(self, client.close)
        for key, count in pointer.counts.items():
            collection = None
            if client is not None and key in pointer.graphs:
                collection = client.get_collection(key, embedding_function=None)
            shelf = Shelf(place, key, collection)
            if len(shelf.rows) != count or (collection is not None and collection.count() != count):
                raise StorageError(f"{place}: ベクトルの索引の件数が合いません。もう一度取り込むと作り直します。")
            self.shelves[key] = shelf

    @classmethod
    def open(cls, directory: Path, pointer: Pointer) -> Generation:
        """Open a sealed generation and ask every shelf once; raises StorageError when anything is amiss."""
        place = directory / pointer.id
        with chroma_errors(place):
            if pointer.format != FORMAT:
                raise StorageError(f"{place}: ベクトルの索引が前の版の形式です。もう一度取り込むと作り直します。")
            # A damaged graph can end the process inside the bindings: look at the files before Chroma does.
            if not is_intact(place):
                raise StorageError(
                    f"{place}: ベクトルの索引のファイルが変わっています。もう一度取り込むと作り直します。"
                )
            generation = cls(place, pointer)
            for shelf in generation.shelves.values():
                if not len(shelf.nearest(shelf.matrix[0], 1)[0]):
                    raise StorageError(f"{place}: ベクトルの索引が何も見つけません。もう一度取り込むと作り直します。")
        return generation

    def search(
        self, vector: Matrix, audience: Audience, *, scope: Scope, limit: int, hidden: Set[str]
    ) -> dict[str, float]:
        """Search one audience; an audience that is not there has nothing."""
        shelf = self.shelves.get(audience.key)
        if shelf is None:
            return {}
        with chroma_errors(self._place):
            return shelf.search(vector, scope=scope, limit=limit, hidden=hidden)

    def count(self, hidden: Set[str]) -> int:
        """Count the chunks that are not hidden."""
        return sum(int((~shelf.hidden(hidden)).sum()) for shelf in self.shelves.values())
