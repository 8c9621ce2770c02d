"""The catalogue's tables, and rows to nouns and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

import numpy as np
from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    RowMapping,
    Table,
    Text,
)

from rag.adapters.database import Row
from rag.domain import Audience, Chunk, DocumentRecord, Kind, Period, State
from rag.ports import Matrix

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
METADATA = MetaData(naming_convention=NAMING)


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


SOURCES = Table("sources", METADATA, Column("root", Text, primary_key=True))

DOCUMENTS = Table(
    "documents",
    METADATA,
    Column("id", Text, primary_key=True),
    _text("source"),
    _text("path"),
    _text("content_hash"),
    _text("title"),
    _text("kind"),
    _text("department"),
    _text("number"),
    _text("level"),
    _text("group_names"),
    Column("starts_on", Date),
    Column("ends_on", Date),
    _text("supersedes"),
    Column("ended_by", Text, nullable=False, server_default=""),
    _text("state"),
    Column("chunk_count", Integer, nullable=False),
    _text("warnings"),
    _text("file_hash"),
    _text("reason"),
    Column("attempts", Integer, nullable=False),
    _text("tried_at"),
    Column("may_pass", Boolean, nullable=False),
)

CHUNKS = Table(
    "chunks",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("document_id", Text, ForeignKey("documents.id"), nullable=False),
    Column("ordinal", Integer, nullable=False),
    _text("locator"),
    _text("header"),
    _text("text"),
    _text("kind"),
    Column("page", Integer),
    _text("level"),
    _text("group_names"),
    Column("starts_on", Date),
    Column("ends_on", Date),
    _text("labels"),
    _text("text_hash"),
    Column("added_revision", Integer, nullable=False),
    Index(None, "document_id", "ordinal"),
    Index(None, "added_revision", "id"),
)

TOMBSTONES = Table(
    "tombstones",
    METADATA,
    Column("chunk_id", Text, primary_key=True),
    _text("level"),
    _text("group_names"),
    Column("removed_revision", Integer, nullable=False),
    Index(None, "removed_revision"),
)

EMBEDDINGS = Table(
    "embeddings",
    METADATA,
    Column("text_hash", Text, primary_key=True),
    Column("model", Text, primary_key=True),
    Column("vector", LargeBinary, nullable=False),
)

GIVEN_LABELS = Table(
    "given_labels",
    METADATA,
    Column("path", Text, primary_key=True),
    _text("file"),
    _text("cells"),
)

FACTS = Table("facts", METADATA, Column("name", Text, primary_key=True), _text("value"))

COUNTERS = Table("counters", METADATA, Column("name", Text, primary_key=True), Column("value", Integer, nullable=False))
"""One row, 'revision'."""


def text_hash(text: str) -> str:
    """Return the key under which the vector of a text is kept."""
    return sha256(text.encode()).hexdigest()


def record_row(record: DocumentRecord, *, chunk_count: int) -> Row:
    """Return the row of a document."""
    return {
        "id": record.id,
        "source": record.source,
        "path": record.path,
        "content_hash": record.content_hash,
        "title": record.title,
        "kind": record.kind.value,
        "department": record.department,
        "number": record.number,
        **_rights_and_dates(record.audience, record.period),
        "supersedes": record.supersedes,
        "ended_by": record.ended_by,
        "state": record.state.value,
        "chunk_count": chunk_count,
        "warnings": _json(list(record.warnings)),
        "file_hash": record.file_hash,
        "reason": record.reason,
        "attempts": record.attempts,
        "tried_at": record.tried_at.isoformat(timespec="seconds") if record.tried_at else "",
        "may_pass": record.may_pass,
    }


def record_of(row: RowMapping) -> DocumentRecord:
    """Return the document of a row."""
    return DocumentRecord(
        id=row["id"],
        source=row["source"],
        path=row["path"],
        content_hash=row["content_hash"],
        title=row["title"],
        kind=Kind(row["kind"]),
        department=row["department"],
        number=row["number"],
        audience=audience_of(row),
        period=Period(start=row["starts_on"], end=row["ends_on"]),
        supersedes=row["supersedes"],
        ended_by=row["ended_by"],
        state=State(row["state"]),
        chunk_count=row["chunk_count"],
        warnings=tuple(json.loads(row["warnings"])),
        file_hash=row["file_hash"],
        reason=row["reason"],
        attempts=row["attempts"],
        tried_at=datetime.fromisoformat(row["tried_at"]) if row["tried_at"] else None,
        may_pass=row["may_pass"],
    )


def chunk_row(chunk: Chunk) -> Row:
    """Return the row of a chunk, without the revision that adds it."""
    return {
        "id": chunk.id,
        "document_id": chunk.document_id,
        "ordinal": chunk.ordinal,
        "locator": chunk.locator,
        "header": chunk.header,
        "text": chunk.text,
        "kind": chunk.kind.value,
        "page": chunk.page,
        **_rights_and_dates(chunk.audience, chunk.period),
        "labels": _json(dict(chunk.labels)),
        "text_hash": text_hash(chunk.search_text),
    }


def chunk_of(row: RowMapping) -> Chunk:
    """Return the chunk of a row."""
    return Chunk(
        id=row["id"],
        document_id=row["document_id"],
        ordinal=row["ordinal"],
        locator=row["locator"],
        header=row["header"],
        text=row["text"],
        kind=Kind(row["kind"]),
        page=row["page"],
        audience=audience_of(row),
        period=Period(start=row["starts_on"], end=row["ends_on"]),
        labels=json.loads(row["labels"]),
    )


def audience_of(row: RowMapping | Mapping[str, Any]) -> Audience:
    """Return the audience of a row of documents, chunks or tombstones."""
    return Audience(level=row["level"], groups=frozenset(json.loads(row["group_names"])))


def vector_bytes(vector: Matrix) -> bytes:
    """Return a vector as little-endian float32."""
    return np.asarray(vector, dtype="<f4").tobytes()


def vector_of(body: bytes) -> Matrix:
    """Return the vector of such bytes."""
    return np.frombuffer(body, dtype="<f4").astype(np.float32, copy=False)


def _rights_and_dates(audience: Audience, period: Period) -> Row:
    return {
        "level": audience.level,
        "group_names": _json(sorted(audience.groups)),
        "starts_on": period.start,
        "ends_on": period.end,
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
