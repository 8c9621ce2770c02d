"""Build a generation of the vector index from the catalogue, verify it and seal it."""

from __future__ import annotations

import logging
import secrets
import shutil
from collections.abc import Set
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from rag.adapters.changes import in_batches
from rag.adapters.chroma import chroma_errors, open_client
from rag.adapters.generations import FORMAT, Generation, Pointer
from rag.adapters.nearest import Rows, missing_vectors, read_vectors, unit_rows
from rag.adapters.seal import seal
from rag.adapters.shelf import Shelf, needs_graph, open_vectors, write_rows
from rag.domain import Audience
from rag.errors import HomeError, StorageError
from rag.ports import Catalogue, Matrix

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.collection_configuration import CreateHNSWConfiguration

HNSW: Final[CreateHNSWConfiguration] = {
    "space": "cosine",
    "ef_construction": 200,
    "max_neighbors": 32,
    "ef_search": 200,
}
_PERSIST_EVERY: Final = 5000
"""Vectors between two writes of a graph to disk; what the last write leaves over is read again on every opening."""
_PERSISTS: Final = 4
"""A graph is written at most so often: it is written whole."""
_READ_BATCH: Final = 2000
_ADD_BATCH: Final = 5000
_LOOKED_AT: Final = 10
_SAMPLE: Final = 50
_FOUND_SHARE: Final = 0.95
"""Share of the sampled vectors that must find themselves: the graph is approximate, a broken one finds few."""
_NEAR: Final = 0.9
"""Cosine from which a vector counts as found: of thousands of texts that are nearly alike the graph names a neighbour."""
_SAME: Final = 1e-4
_RECALL_SAMPLE: Final = 100
_log = logging.getLogger(__name__)


def build_generation(catalogue: Catalogue, directory: Path, *, embedder: str, dimension: int) -> Pointer:
    """Make, verify and seal a new directory with every chunk of the catalogue; raises StorageError.

    The catalogue is not told: who calls this switches the pointer. A build that fails leaves nothing behind, one that
    is killed leaves a directory for `remove_generations`.
    """
    revision = catalogue.revision()
    place = directory / f"g{revision:08d}-{secrets.token_hex(4)}"
    try:
        place.mkdir(parents=True)
    except OSError as error:
        raise HomeError(
            f"{place}: ベクトルの索引のフォルダーを作れません（{error.strerror}）。権限と空き容量を確かめてください。"
        ) from error
    try:
        with chroma_errors(place):
            pointer = _write(catalogue, place, embedder=embedder, dimension=dimension, revision=revision)
            seal(place)
        _verify(Generation.open(directory, pointer), place)
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    return pointer


def remove_generations(directory: Path, *, keep: Set[str]) -> None:
    """Delete every generation, finished or not, whose id is not in `keep`."""
    for place in sorted(directory.iterdir()) if directory.is_dir() else ():
        if place.name not in keep:
            shutil.rmtree(place, ignore_errors=True)


def _write(catalogue: Catalogue, place: Path, *, embedder: str, dimension: int, revision: int) -> Pointer:
    counts: dict[str, int] = {}
    without_vector = 0
    for audience, rows in _rows(catalogue).items():
        known = np.zeros(len(rows), dtype=np.bool_)
        file = place / f"{audience.key}.f4"
        with file.open("wb") as vectors:
            for start in range(0, len(rows), _READ_BATCH):
                part = slice(start, start + _READ_BATCH)
                units, known[part] = unit_rows(_read(catalogue, rows.names(part), embedder, dimension))
                vectors.write(units[known[part]].astype("<f4").tobytes())
        without_vector += int((~known).sum())
        if known.any():
            write_rows(place, audience.key, rows.take(known))
            counts[audience.key] = int(known.sum())
        else:
            file.unlink()
    graphs = [key for key, count in counts.items() if needs_graph(count)]
    if graphs:
        client = open_client(place)
        try:
            for key in graphs:
                _fill(client, key, open_vectors(place, key, counts[key]))
        finally:
            client.close()
    return Pointer(
        id=place.name,
        revision=revision,
        embedder=embedder,
        counts=counts,
        without_vector=without_vector,
        graphs=graphs,
        format=FORMAT,
    )


def _rows(catalogue: Catalogue) -> dict[Audience, Rows]:
    parts: dict[Audience, list[Rows]] = {}
    for batch in in_batches(catalogue.all_chunks()):
        for audience in {chunk.audience for chunk in batch}:
            parts.setdefault(audience, []).append(Rows.of([chunk for chunk in batch if chunk.audience == audience]))
    return {audience: Rows.joined(found) for audience, found in parts.items()}


def _read(catalogue: Catalogue, names: list[str], embedder: str, dimension: int) -> Matrix:
    matrix, present = read_vectors(catalogue, names, model=embedder, dimension=dimension)
    if not present.all():
        raise missing_vectors(int((~present).sum()), embedder)
    return matrix


def _fill(client: Client, key: str, matrix: Matrix) -> None:
    """Give Chroma the vectors, each under the number of its row: what else is known of a chunk is in the rows."""
    persists = max(1, min(len(matrix) // _PERSIST_EVERY, _PERSISTS))
    persist_every = max(2, len(matrix) // persists)
    collection = client.create_collection(
        key,
        embedding_function=None,
        configuration={"hnsw": {**HNSW, "sync_threshold": persist_every, "batch_size": min(100, persist_every)}},
    )
    # Chroma writes when an addition brings it to the threshold: one must end exactly there, and the last one at the last row.
    ends = [persist_every * number for number in range(1, persists)] + [len(matrix)]
    for start, end in zip([0, *ends], ends, strict=False):
        for part in np.array_split(np.arange(start, end), -(-(end - start) // _ADD_BATCH)):
            collection.add(ids=[str(place) for place in part.tolist()], embeddings=matrix[part])


def _verify(generation: Generation, place: Path) -> None:
    """Compare every stored vector, let a sample find itself and measure what a graph misses; raises StorageError."""
    for key, shelf in generation.shelves.items():
        for start in range(0, len(shelf.rows), _ADD_BATCH):
            if not np.isfinite(shelf.matrix[start : start + _ADD_BATCH]).all():
                raise StorageError(f"{place}: ベクトルの索引に数でない値があります。もう一度取り込んでください。")
        for places, stored in shelf.stored():
            if not np.allclose(unit_rows(stored)[0], shelf.matrix[places], atol=_SAME):
                raise StorageError(f"{place}: ベクトルの索引に違うベクトルがあります。もう一度取り込んでください。")
        _find_themselves(shelf, place)
        _log.info("%s %s: %d件、再現率 %.3f", place.name, key, len(shelf.rows), shelf.recall(_RECALL_SAMPLE))


def _find_themselves(shelf: Shelf, place: Path) -> None:
    sample = shelf.matrix[:: max(1, len(shelf.rows) // _SAMPLE)]
    found = sum(shelf.nearest(vector, _LOOKED_AT)[1].max(initial=0.0) >= _NEAR for vector in sample)
    if found < len(sample) * _FOUND_SHARE:
        raise StorageError(
            f"{place}: ベクトルの索引の検査に通りません（{len(sample)}件中{found}件）。もう一度取り込んでください。"
        )
