"""Changes of documents and chunks inside one transaction, with the revision and the tombstones they leave."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final, TypeVar

from sqlalchemy import Column, Connection, bindparam, delete, insert, select, update

from rag.adapters.database import Row
from rag.adapters.tables import CHUNKS, COUNTERS, DOCUMENTS, TOMBSTONES, chunk_row, record_row
from rag.domain import Chunk, DocumentRecord, State
from rag.errors import NotFoundError, StorageError

BATCH: Final = 500
"""Most ids in one statement."""
_Item = TypeVar("_Item")


def in_batches(items: Iterable[_Item]) -> Iterator[list[_Item]]:
    """Yield the items in lists of at most BATCH."""
    iterator = iter(items)
    while batch := list(islice(iterator, BATCH)):
        yield batch


def current_revision(connection: Connection) -> int:
    """Return the number of the last change of chunks."""
    return int(connection.execute(select(COUNTERS.c.value).where(COUNTERS.c.name == "revision")).scalar_one())


def put_document(connection: Connection, record: DocumentRecord, chunks: Sequence[Chunk]) -> int:
    """Replace a document and its chunks and return the revision, raised when what can be searched changed."""
    _check(record, chunks)
    rows = {chunk.id: chunk_row(chunk) for chunk in reversed(chunks)}
    present = _present(connection, record.id)
    was_searched = _put_record(connection, record, chunk_count=len(rows))
    fresh = [row for key, row in rows.items() if key not in present or present[key]["text_hash"] != row["text_hash"]]
    kept = [row for key, row in rows.items() if key in present and present[key]["text_hash"] == row["text_hash"]]
    replaced = [row["id"] for row in fresh if row["id"] in present]
    gone = [key for key in present if key not in rows]
    searched = record.state is State.ACTIVE
    shown = list(rows) if searched and not was_searched else [row["id"] for row in fresh if searched]
    hidden = list(present) if was_searched and not searched else [key for key in gone if was_searched]
    if not (fresh or gone or shown or hidden):
        _refresh_positions(connection, kept, present)
        return current_revision(connection)
    revision = _raise_revision(connection)
    _bury(connection, [present[key] for key in hidden], revision)
    _delete(connection, CHUNKS.c.id, [*gone, *replaced])
    _refresh_positions(connection, kept, present)
    _insert_chunks(connection, fresh, revision)
    _show(connection, shown, revision)
    return revision


def update_document(connection: Connection, record: DocumentRecord) -> None:
    """Store a document's facts; leaving the active state hides its chunks, returning to it shows them again."""
    _check(record, ())
    present = _present(connection, record.id)
    row = connection.execute(select(DOCUMENTS.c.chunk_count).where(DOCUMENTS.c.id == record.id)).one_or_none()
    if row is None:
        raise NotFoundError.of(record.id)
    was_searched = _put_record(connection, record, chunk_count=row.chunk_count)
    searched = record.state is State.ACTIVE
    if not present or searched == was_searched:
        return
    revision = _raise_revision(connection)
    if searched:
        _show(connection, list(present), revision)
    else:
        _bury(connection, list(present.values()), revision)


def remove_document(connection: Connection, document_id: str) -> int:
    """Delete a document with its chunks and return the revision."""
    state = connection.execute(select(DOCUMENTS.c.state).where(DOCUMENTS.c.id == document_id)).scalar()
    if state is None:
        raise NotFoundError.of(document_id)
    present = _present(connection, document_id)
    revision = _raise_revision(connection) if present else current_revision(connection)
    if state == State.ACTIVE.value:
        _bury(connection, list(present.values()), revision)
    connection.execute(delete(CHUNKS).where(CHUNKS.c.document_id == document_id))
    connection.execute(delete(DOCUMENTS).where(DOCUMENTS.c.id == document_id))
    return revision


def _check(record: DocumentRecord, chunks: Sequence[Chunk]) -> None:
    """Refuse, on every engine alike, what one of them could not keep."""
    for chunk in chunks:
        if chunk.document_id != record.id:
            raise StorageError(
                f"{record.path}: 別の文書（{chunk.document_id}）のチャンクは入れられません。取り込み直してください。"
            )
    words = [record.path, record.title, record.number, record.department, record.reason, *record.warnings]
    for chunk in chunks:
        words += [chunk.locator, chunk.search_text, *chunk.labels, *chunk.labels.values()]
    joined = "".join(words)
    if "\0" in joined or joined.encode(errors="ignore").decode() != joined:
        raise StorageError(
            f"{record.path!r}: 文字として保存できない符号（NULか不完全な文字）を含んでいます。"
            "元のファイルを保存し直してから、もう一度取り込んでください。"
        )


def _present(connection: Connection, document_id: str) -> dict[str, Row]:
    columns = (CHUNKS.c.id, CHUNKS.c.text_hash, CHUNKS.c.ordinal, CHUNKS.c.page, CHUNKS.c.level, CHUNKS.c.group_names)
    rows = connection.execute(select(*columns).where(CHUNKS.c.document_id == document_id)).mappings()
    return {row["id"]: dict(row) for row in rows}


def _put_record(connection: Connection, record: DocumentRecord, *, chunk_count: int) -> bool:
    """Store the row and tell whether the document was searched before."""
    row = record_row(record, chunk_count=chunk_count)
    before = connection.execute(select(DOCUMENTS.c.state).where(DOCUMENTS.c.id == record.id)).scalar()
    if before is None:
        connection.execute(insert(DOCUMENTS), row)
    else:
        connection.execute(update(DOCUMENTS).where(DOCUMENTS.c.id == record.id), row)
    return bool(before == State.ACTIVE.value)


def _raise_revision(connection: Connection) -> int:
    connection.execute(update(COUNTERS).where(COUNTERS.c.name == "revision").values(value=COUNTERS.c.value + 1))
    return current_revision(connection)


def _refresh_positions(connection: Connection, kept: Sequence[Row], present: dict[str, Row]) -> None:
    """Move chunks whose words stayed: position and page are for reading, no index holds them."""
    moved = [
        {"key": row["id"], "new_ordinal": row["ordinal"], "new_page": row["page"]}
        for row in kept
        if (row["ordinal"], row["page"]) != (present[row["id"]]["ordinal"], present[row["id"]]["page"])
    ]
    if moved:
        positions: dict[str, Any] = {"ordinal": bindparam("new_ordinal"), "page": bindparam("new_page")}
        connection.execute(update(CHUNKS).where(CHUNKS.c.id == bindparam("key")).values(positions), moved)


def _insert_chunks(connection: Connection, rows: Sequence[Row], revision: int) -> None:
    if rows:
        connection.execute(insert(CHUNKS), [{**row, "added_revision": revision} for row in rows])


def _bury(connection: Connection, rows: Sequence[Row], revision: int) -> None:
    _delete(connection, TOMBSTONES.c.chunk_id, [row["id"] for row in rows])
    stones = [
        {
            "chunk_id": row["id"],
            "level": row["level"],
            "group_names": row["group_names"],
            "removed_revision": revision,
        }
        for row in rows
    ]
    if stones:
        connection.execute(insert(TOMBSTONES), stones)


def _show(connection: Connection, chunk_ids: Sequence[str], revision: int) -> None:
    """Date chunks to this revision, so that every index takes them in, and lift their tombstones."""
    _delete(connection, TOMBSTONES.c.chunk_id, chunk_ids)
    for batch in in_batches(chunk_ids):
        connection.execute(update(CHUNKS).where(CHUNKS.c.id.in_(batch)).values(added_revision=revision))


def _delete(connection: Connection, column: Column[Any], keys: Sequence[str]) -> None:
    for batch in in_batches(keys):
        connection.execute(delete(column.table).where(column.in_(batch)))
