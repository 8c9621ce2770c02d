"""The catalogue on SQLAlchemy: SQLite in the home, or PostgreSQL by URL."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np
from sqlalchemy import Column, Connection, Select, delete, select, tuple_

from rag.adapters import changes
from rag.adapters.changes import in_batches
from rag.adapters.database import CATALOGUE, Store, open_store, upsert
from rag.adapters.lacking import count_lacking, lacking, one_vector
from rag.adapters.tables import (
    CHUNKS,
    DOCUMENTS,
    EMBEDDINGS,
    FACTS,
    GIVEN_LABELS,
    SOURCES,
    TOMBSTONES,
    audience_of,
    chunk_of,
    record_of,
    text_hash,
    vector_bytes,
    vector_of,
)
from rag.domain import Audience, Chunk, DocumentRecord, GivenLabels, State
from rag.errors import NotFoundError, StorageError
from rag.ports import Matrix

_PAGE: Final = 2000
"""Chunks read at a time by a walk over all of them."""


def open_catalogue(home: Path, url: str = "") -> SqlCatalogue:
    """Open the catalogue of a home, made or upgraded as needed; raises StorageError.

    `url` is settings.storage.catalogue_url; empty means SQLite in the home.
    """
    return SqlCatalogue(open_store(home, url, CATALOGUE))


class SqlCatalogue:
    """The `Catalogue` on a database; one object serves many threads, each call its own transaction."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._engine = store.engine
        self._writer = store.writer
        self._thread = threading.local()
        self._known_audiences: tuple[int, tuple[Audience, ...]] = (-1, ())

    def close(self) -> None:
        """Close every connection; the next call opens new ones."""
        self._engine.dispose()

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Join every call of this thread inside the block into one transaction; an error that leaves it undoes all."""
        with self._transaction():
            yield

    def revision(self) -> int:
        """Return the number of the last change; 0 for a new catalogue."""
        with self._read() as connection:
            return changes.current_revision(connection)

    def documents(self) -> list[DocumentRecord]:
        """Return every document of every state, ordered by source and path."""
        with self._read() as connection:
            records = [record_of(row) for row in connection.execute(select(DOCUMENTS)).mappings()]
        return sorted(records, key=lambda record: (record.source, record.path, record.id))

    def document(self, document_id: str) -> DocumentRecord:
        """Return one document; raises NotFoundError."""
        with self._read() as connection:
            row = connection.execute(select(DOCUMENTS).where(DOCUMENTS.c.id == document_id)).mappings().one_or_none()
        if row is None:
            raise NotFoundError.of(document_id)
        return record_of(row)

    def put_document(
        self, record: DocumentRecord, chunks: Sequence[Chunk], *, vectors: Mapping[str, Matrix], model: str = ""
    ) -> int:
        """Replace a document and its chunks in one transaction and return the revision.

        `vectors`, by chunk id, are kept under the embedder name `model`; empty when `store_vectors` has had them. Of
        equal chunk ids the first counts. The stored `chunk_count` is what is given here.
        """
        if vectors and not model:
            raise StorageError(
                f"{record.path}: 埋め込みの名前がなく、ベクトルを保存できません。取り込み直してください。"
            )
        with self._write() as connection:
            revision = changes.put_document(connection, record, chunks)
            texts = {chunk.id: text_hash(chunk.search_text) for chunk in chunks if chunk.id in vectors}
            self.store_vectors({texts[key]: vectors[key] for key in texts}, model=model)
            return revision

    def update_document(self, record: DocumentRecord) -> None:
        """Store changed facts of a document without touching its chunks; raises NotFoundError.

        A document that is no longer active disappears from `all_chunks`, `chunks` and `audiences` as if removed.
        """
        with self._write() as connection:
            changes.update_document(connection, record)

    def remove_document(self, document_id: str) -> int:
        """Delete a document and its chunks and return the new revision; raises NotFoundError."""
        with self._write() as connection:
            return changes.remove_document(connection, document_id)

    def chunks(self, chunk_ids: Sequence[str]) -> dict[str, Chunk]:
        """Return the chunks of active documents that are there, by id."""
        found: dict[str, Chunk] = {}
        with self._read() as connection:
            for batch in in_batches(chunk_ids):
                rows = connection.execute(_searched().where(CHUNKS.c.id.in_(batch))).mappings()
                found.update((row["id"], chunk_of(row)) for row in rows)
        return found

    def chunks_of(self, document_id: str) -> list[Chunk]:
        """Return a document's chunks, whatever its state, in reading order."""
        query = select(CHUNKS).where(CHUNKS.c.document_id == document_id).order_by(CHUNKS.c.ordinal, CHUNKS.c.id)
        with self._read() as connection:
            return [chunk_of(row) for row in connection.execute(query).mappings()]

    def all_chunks(self, *, since: int = 0) -> Iterator[Chunk]:
        """Yield the chunks of active documents that were added after revision `since`, oldest revision first.

        Read page by page, each in its own transaction: what changes meanwhile has a later revision.
        """
        order = (CHUNKS.c.added_revision, CHUNKS.c.id)
        last: tuple[int, str] = (since + 1, "")
        while True:
            query = _searched().where(tuple_(*order) > tuple_(*last)).order_by(*order).limit(_PAGE)
            with self._read() as connection:
                rows = connection.execute(query).mappings().all()
            yield from map(chunk_of, rows)
            if len(rows) < _PAGE:
                return
            last = (rows[-1]["added_revision"], rows[-1]["id"])

    def removed_since(self, revision: int) -> list[tuple[str, Audience]]:
        """Return id and audience of the chunks that were removed after `revision` and have not come back."""
        query = select(TOMBSTONES).where(TOMBSTONES.c.removed_revision > revision).order_by(TOMBSTONES.c.chunk_id)
        with self._read() as connection:
            return [(row["chunk_id"], audience_of(row)) for row in connection.execute(query).mappings()]

    def audiences(self) -> list[Audience]:
        """Return every audience that has a chunk of an active document."""
        with self._read() as connection:
            revision = changes.current_revision(connection)
            known, audiences = self._known_audiences
            if known != revision or self._joined() is not None:
                query = _searched(CHUNKS.c.level, CHUNKS.c.group_names).distinct()
                found = [audience_of(row) for row in connection.execute(query).mappings()]
                audiences = tuple(sorted(found, key=lambda audience: (audience.level, sorted(audience.groups))))
                if self._joined() is None:
                    # Inside a batch the number may be given a second time, to another content, after a rollback.
                    self._known_audiences = (revision, audiences)
        return list(audiences)

    def vectors(self, chunk_ids: Sequence[str], *, model: str) -> dict[str, Matrix]:
        """Return the stored vectors of these chunks for one embedder name."""
        query = select(CHUNKS.c.id, EMBEDDINGS.c.vector).join(EMBEDDINGS, EMBEDDINGS.c.text_hash == CHUNKS.c.text_hash)
        return self._vectors(query.where(EMBEDDINGS.c.model == model), CHUNKS.c.id, chunk_ids)

    def cached_vectors(self, text_hashes: Sequence[str], *, model: str) -> dict[str, Matrix]:
        """Return vectors by sha256 of the embedded text, for texts seen before."""
        query = select(EMBEDDINGS.c.text_hash, EMBEDDINGS.c.vector).where(EMBEDDINGS.c.model == model)
        return self._vectors(query, EMBEDDINGS.c.text_hash, text_hashes)

    def store_vectors(self, vectors: Mapping[str, Matrix], *, model: str) -> None:
        """Keep vectors by sha256 of the embedded text; a vector with a value that is no number raises StorageError."""
        if not all(np.isfinite(vector).all() for vector in vectors.values()):
            raise StorageError(
                f"埋め込み {model}: 数でない値を含むベクトルは保存できません。埋め込みの設定を確かめてください。"
            )
        rows = [{"text_hash": key, "model": model, "vector": vector_bytes(vector)} for key, vector in vectors.items()]
        with self._write() as connection:
            for batch in in_batches(rows):
                upsert(connection, EMBEDDINGS, batch)

    def chunks_without_vector(self, *, model: str, dimension: int = 0) -> Iterator[Chunk]:
        """Yield the chunks of active documents whose text has no vector of this embedder, in the order of their ids.

        With a `dimension`, a vector of so many zeros counts as none. Read page by page: vectors may come meanwhile.
        """
        last = ""
        while True:
            with self._read() as connection:
                query = lacking(model, dimension=dimension, after=last, limit=_PAGE)
                rows = connection.execute(query).mappings().all()
            yield from map(chunk_of, rows)
            if len(rows) < _PAGE:
                return
            last = rows[-1]["id"]

    def count_without_vector(self, *, model: str) -> int:
        """Count the chunks of active documents whose text has no vector of this embedder."""
        with self._read() as connection:
            return int(connection.execute(count_lacking(model)).scalar_one())

    def has_vectors(self, *, model: str, dimension: int) -> bool:
        """Tell whether a chunk of an active document has a vector of this embedder that is not zero."""
        with self._read() as connection:
            return connection.execute(one_vector(model, dimension)).first() is not None

    def sources(self) -> list[str]:
        """Return the folders that were given to ingest, as absolute paths."""
        with self._read() as connection:
            return sorted(connection.execute(select(SOURCES.c.root)).scalars())

    def put_source(self, root: str) -> None:
        """Remember a folder that was given to ingest."""
        with self._write() as connection:
            upsert(connection, SOURCES, [{"root": root}])

    def given_labels(self) -> dict[str, GivenLabels]:
        """Return absolute path → the labels that were given for it by hand."""
        with self._read() as connection:
            rows = connection.execute(select(GIVEN_LABELS).order_by(GIVEN_LABELS.c.path))
            return {row.path: GivenLabels(file=row.file, cells=json.loads(row.cells)) for row in rows}

    def put_given_labels(self, changes: Mapping[str, GivenLabels | None]) -> None:
        """Remember labels by absolute path; None forgets those of a path."""
        kept = [
            {"path": path, "file": each.file, "cells": json.dumps(dict(each.cells), ensure_ascii=False)}
            for path, each in changes.items()
            if each is not None
        ]
        with self._write() as connection:
            for gone in in_batches(path for path, each in changes.items() if each is None):
                connection.execute(delete(GIVEN_LABELS).where(GIVEN_LABELS.c.path.in_(gone)))
            for batch in in_batches(kept):
                upsert(connection, GIVEN_LABELS, batch)

    def facts(self) -> dict[str, str]:
        """Return the small named values (index pointers and versions)."""
        with self._read() as connection:
            return {row.name: row.value for row in connection.execute(select(FACTS).order_by(FACTS.c.name))}

    def put_fact(self, name: str, value: str) -> None:
        """Store one small named value."""
        with self._write() as connection:
            upsert(connection, FACTS, [{"name": name, "value": value}])

    def _vectors(self, query: Select[Any], key: Column[str], keys: Sequence[str]) -> dict[str, Matrix]:
        found: dict[str, Matrix] = {}
        with self._read() as connection:
            for batch in in_batches(keys):
                rows = connection.execute(query.where(key.in_(batch)))
                found.update((name, vector_of(body)) for name, body in rows)
        return found

    def _joined(self) -> Connection | None:
        """Return the connection of the batch this thread is in; None outside of one."""
        connection: Connection | None = getattr(self._thread, "connection", None)
        return connection

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        joined = self._joined()
        with self._store.translated():
            if joined is not None:
                yield joined
                return
            with self._engine.connect() as connection:
                yield connection

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        """Give a transaction that is undone alone, also inside a batch, when the block fails."""
        with self._store.translated(), self._transaction() as connection, connection.begin_nested():
            yield connection

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        joined = self._joined()
        if joined is not None:
            yield joined
            return
        with self._store.translated(), self._writer.begin() as connection:
            self._thread.connection = connection
            try:
                yield connection
            finally:
                self._thread.connection = None


def _searched(*columns: Any) -> Select[Any]:
    chosen = select(*columns) if columns else select(CHUNKS)
    return chosen.join_from(CHUNKS, DOCUMENTS).where(DOCUMENTS.c.state == State.ACTIVE.value)
