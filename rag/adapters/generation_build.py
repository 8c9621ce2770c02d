"""Build a generation of the vector index from the catalogue, verify it and seal it."""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Iterator, Set
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from rag.adapters.changes import in_batches
from rag.adapters.generations import (
    SEAL,
    Generation,
    Pointer,
    chroma_errors,
    fingerprints,
    open_client,
    write_rows,
)
from rag.adapters.nearest import Mask, Rows, missing_vectors, read_vectors
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
_ADD_BATCH: Final = 2000
_LOOKED_AT: Final = 10
_SAMPLE: Final = 50
_FOUND_SHARE: Final = 0.95
"""Share of the sampled vectors that must find themselves: the graph is approximate, a broken one finds few."""
_NEAR: Final = 0.9
"""Cosine from which a vector counts as found: of thousands of texts that are nearly alike the graph names a neighbour."""


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
            _seal(place)
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
    client = open_client(place)
    try:
        counts: dict[str, int] = {}
        without_vector = 0
        for audience, rows in _rows(catalogue).items():
            known = np.concatenate([mask for _, mask in _vectors(catalogue, rows, embedder, dimension)])
            without_vector += int((~known).sum())
            kept = rows.take(known)
            if len(kept):
                _fill(client, audience.key, kept, (part for part, _ in _vectors(catalogue, kept, embedder, dimension)))
                write_rows(place, audience.key, kept)
                counts[audience.key] = len(kept)
    finally:
        client.close()
    return Pointer(id=place.name, revision=revision, embedder=embedder, counts=counts, without_vector=without_vector)


def _rows(catalogue: Catalogue) -> dict[Audience, Rows]:
    parts: dict[Audience, list[Rows]] = {}
    for batch in in_batches(catalogue.all_chunks()):
        for audience in {chunk.audience for chunk in batch}:
            parts.setdefault(audience, []).append(Rows.of([chunk for chunk in batch if chunk.audience == audience]))
    return {audience: Rows.joined(found) for audience, found in parts.items()}


def _vectors(catalogue: Catalogue, rows: Rows, embedder: str, dimension: int) -> Iterator[tuple[Matrix, Mask]]:
    """Yield the vectors in batches, with whether each has a length; raises StorageError for one that is missing."""
    for start in range(0, len(rows), _ADD_BATCH):
        names = rows.ids[start : start + _ADD_BATCH].tolist()
        matrix, present = read_vectors(catalogue, names, model=embedder, dimension=dimension)
        if not present.all():
            raise missing_vectors(int((~present).sum()), embedder)
        yield matrix, np.linalg.norm(matrix, axis=1) > 0


def _fill(client: Client, key: str, rows: Rows, parts: Iterator[Matrix]) -> None:
    # Writing the graph exactly as often as it divides the rows leaves next to nothing to be read again on opening.
    persist_every = max(2, len(rows) // max(1, len(rows) // _PERSIST_EVERY))
    collection = client.create_collection(
        key,
        embedding_function=None,
        configuration={"hnsw": {**HNSW, "sync_threshold": persist_every, "batch_size": min(100, persist_every)}},
    )
    start = 0
    for matrix in parts:
        part = slice(start, start + len(matrix))
        metadatas = [
            {"kind": kind, "start": first, "end": last}
            for kind, first, last in zip(
                rows.kinds[part].tolist(), rows.starts[part].tolist(), rows.ends[part].tolist(), strict=True
            )
        ]
        collection.add(ids=rows.ids[part].tolist(), embeddings=matrix, metadatas=[*metadatas])
        start += len(matrix)


def _seal(place: Path) -> None:
    """Bring every byte to the disk, so that a power cut cannot leave holes behind the pointer, and take the sums."""
    (place / SEAL).write_text(json.dumps(fingerprints(place), indent=1), encoding="utf-8")
    for path in (*place.rglob("*"), place, place.parent):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _verify(generation: Generation, place: Path) -> None:
    """Read every vector back and let a sample find itself; raises StorageError."""
    for shelf in generation.shelves.values():
        step = max(1, len(shelf.rows) // _SAMPLE)
        position, asked, found = 0, 0, 0
        for _, matrix in shelf.vectors():
            if not (np.isfinite(matrix).all() and matrix.any(axis=1).all()):
                raise StorageError(f"{place}: ベクトルの索引に空のベクトルがあります。もう一度取り込んでください。")
            for vector in matrix[-position % step :: step]:
                asked += 1
                found += max(shelf.nearest(vector, _LOOKED_AT).values(), default=0.0) >= _NEAR
            position += len(matrix)
        if found < asked * _FOUND_SHARE:
            raise StorageError(
                f"{place}: ベクトルの索引の検査に通りません（{asked}件中{found}件）。もう一度取り込んでください。"
            )
