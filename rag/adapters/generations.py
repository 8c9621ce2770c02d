"""Read a generation of the vector index: a Chroma directory that was verified once and is never changed again."""

from __future__ import annotations

import json
import weakref
import zlib
from collections.abc import Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from rag.adapters.coded import Coded
from rag.adapters.nearest import Rows, best, day_number
from rag.domain import Audience, Scope
from rag.errors import StorageError
from rag.ports import Matrix
from rag.remarks import REMARK_FACTS

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection

SEAL: Final = "seal.json"
"""Size and checksum of every file that readers must find as it was verified."""
GET_BATCH: Final = 1000
_FILTER_BELOW: Final = 0.2
"""When a smaller share of a collection may be shown, Chroma filters; above, over-fetching is faster (4 µs a match)."""
_ROUNDS: Final = 3
"""Times the fetch is doubled before Chroma filters."""


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


@contextmanager
def chroma_errors(place: Path) -> Iterator[None]:
    """Raise StorageError in place of whatever Chroma raises for a directory."""
    try:
        yield
    except StorageError:
        raise
    except Exception as error:  # the bindings raise their own errors, ValueError, RuntimeError and OSError
        detail = " ".join(str(error).split())[:200]
        raise StorageError(
            f"{place}: ベクトルの索引を扱えません（{type(error).__name__}: {detail}）。もう一度取り込むと作り直します。"
        ) from error


def open_client(place: Path) -> Client:
    """Open Chroma on a directory, without telemetry whatever the environment says."""
    import chromadb  # takes seconds, and most commands never open a generation
    from chromadb.api.client import Client
    from chromadb.config import Settings

    settings = Settings(anonymized_telemetry=False, chroma_otel_collection_endpoint="")
    client = chromadb.PersistentClient(path=str(place), settings=settings)
    if not isinstance(client, Client):
        raise TypeError(f"{type(client).__name__} cannot be closed")
    return client


def fingerprints(place: Path) -> dict[str, list[int]]:
    """Return size and CRC-32 of the files that no reader changes: the rows and the persisted graphs.

    Chroma writes to its SQLite file on every opening, and to the files of a graph that it has not persisted.
    """
    folders = [folder for folder in place.iterdir() if (folder / "index_metadata.pickle").is_file()]
    files = [*place.glob("*.npz"), *(file for folder in folders for file in folder.iterdir())]
    return {
        file.relative_to(place).as_posix(): [file.stat().st_size, zlib.crc32(file.read_bytes())]
        for file in sorted(files)
    }


def write_rows(place: Path, key: str, rows: Rows) -> None:
    """Keep the rows of a collection beside it."""
    columns: dict[str, Any] = {"ids": rows.ids, "kinds": rows.kinds, "starts": rows.starts, "ends": rows.ends}
    for name, column in rows.facts.items():
        columns |= {f"{name}_codes": column.codes, f"{name}_texts": column.texts}
    np.savez(place / f"{key}.npz", **columns)


def _read_rows(place: Path, key: str) -> Rows:
    with np.load(place / f"{key}.npz", allow_pickle=False) as body:
        if not all(f"{name}_codes" in body for name in REMARK_FACTS):
            raise StorageError(f"{place}: ベクトルの索引が前の版の形式です。もう一度取り込むと作り直します。")
        facts = {name: Coded(codes=body[f"{name}_codes"], texts=body[f"{name}_texts"]) for name in REMARK_FACTS}
        return Rows(ids=body["ids"], kinds=body["kinds"], starts=body["starts"], ends=body["ends"], facts=facts)


class Shelf:
    """One audience's collection with its rows."""

    def __init__(self, place: Path, collection: Collection, rows: Rows) -> None:
        self._place = place
        self._collection = collection
        self.rows = rows
        self._positions = {name: position for position, name in enumerate(rows.ids.tolist())}

    def nearest(
        self, vector: Matrix, count: int, where: dict[str, Any] | None = None, *, among: list[str] | None = None
    ) -> dict[str, float]:
        """Return chunk id → cosine similarity of about `count` neighbours, dates and kinds not yet looked at.

        `among`: only of these chunks; None: of all.
        """
        with chroma_errors(self._place):
            result = self._collection.query(
                query_embeddings=vector[None], n_results=count, where=where, ids=among, include=["distances"]
            )
        distances = result["distances"]
        if distances is None:
            raise StorageError(f"{self._place}: ベクトルの索引が距離を返しません。もう一度取り込むと作り直します。")
        return {name: 1.0 - distance for name, distance in zip(result["ids"][0], distances[0], strict=True)}

    def search(self, vector: Matrix, *, scope: Scope, limit: int, hidden: Set[str]) -> dict[str, float]:
        """Return at most `limit` chunks in this scope that are not hidden."""
        shown = self.rows.shown(scope)
        if scope.remarks:  # few of very many: Chroma is told which (3 µs each; by a number in their metadata 30)
            among = [name for name in self.rows.ids[shown].tolist() if name not in hidden]
            return best(self.nearest(vector, min(limit, len(among)), among=among), limit) if among else {}
        possible = int(shown.sum())
        share = possible / max(len(shown), 1)
        filtered = share < _FILTER_BELOW
        count = limit if filtered else int(limit / share) + len(hidden) * limit // len(shown) + 1
        passing: dict[str, float] = {}
        for attempt in range(len(shown).bit_length() + _ROUNDS if possible else 0):
            filtered = filtered or attempt >= _ROUNDS
            most = possible if filtered else len(shown)
            found = self.nearest(vector, min(count, most), _where(scope) if filtered else None)
            passing = {
                name: score for name, score in found.items() if shown[self._positions[name]] and name not in hidden
            }
            if len(passing) >= limit or count >= most:
                break
            count *= 2
        return best(passing, limit)

    def vectors(self) -> Iterator[tuple[list[str], Matrix]]:
        """Yield ids and stored vectors in batches; raises StorageError when one is not there."""
        for start in range(0, len(self.rows), GET_BATCH):
            names = self.rows.ids[start : start + GET_BATCH].tolist()
            with chroma_errors(self._place):
                result = self._collection.get(ids=names, include=["embeddings"])
            stored = result["embeddings"]
            found = {} if stored is None else dict(zip(result["ids"], stored, strict=True))
            if len(found) != len(names) or any(value is None for value in found.values()):
                raise StorageError(
                    f"{self._place}: ベクトルの索引に欠けたベクトルがあります。もう一度取り込むと作り直します。"
                )
            yield names, np.array([found[name] for name in names], dtype=np.float32)


class Generation:
    """An opened generation; its client is closed when nobody searches it any more."""

    def __init__(self, place: Path, pointer: Pointer) -> None:
        self._place = place
        self._client = open_client(place)
        weakref.finalize(self, self._client.close)
        self.shelves: dict[str, Shelf] = {}
        for key, count in pointer.counts.items():
            collection = self._client.get_collection(key, embedding_function=None)
            rows = _read_rows(place, key)
            if not collection.count() == count == len(rows):
                raise StorageError(f"{place}: ベクトルの索引の件数が合いません。もう一度取り込むと作り直します。")
            self.shelves[key] = Shelf(place, collection, rows)

    @classmethod
    def open(cls, directory: Path, pointer: Pointer) -> Generation:
        """Open a sealed generation and ask every collection once; raises StorageError when anything is amiss."""
        place = directory / pointer.id
        with chroma_errors(place):
            # A damaged graph can end the process inside the bindings: look at the files before Chroma does.
            if json.loads((place / SEAL).read_text(encoding="utf-8")) != fingerprints(place):
                raise StorageError(
                    f"{place}: ベクトルの索引のファイルが変わっています。もう一度取り込むと作り直します。"
                )
            generation = cls(place, pointer)
            for shelf in generation.shelves.values():
                names, matrix = next(shelf.vectors())
                if not shelf.nearest(matrix[0], 1):
                    raise StorageError(
                        f"{place}: ベクトルの索引が {names[0]} を見つけません。もう一度取り込むと作り直します。"
                    )
        return generation

    def search(
        self, vector: Matrix, audience: Audience, *, scope: Scope, limit: int, hidden: Set[str]
    ) -> dict[str, float]:
        """Search one audience; an audience without a collection has nothing."""
        shelf = self.shelves.get(audience.key)
        if shelf is None:
            return {}
        with chroma_errors(self._place):
            return shelf.search(vector, scope=scope, limit=limit, hidden=hidden)


def _where(scope: Scope) -> dict[str, Any]:
    day = day_number(scope.as_of)
    clauses: list[dict[str, Any]] = [{"start": {"$lte": day}}, {"end": {"$gt": day}}]
    if scope.kinds:
        clauses.append({"kind": {"$in": sorted(kind.value for kind in scope.kinds)}})
    return {"$and": clauses}
