"""Which chunks that can be searched lack a vector of an embedder: questions to the database."""

from __future__ import annotations

from typing import Any

import numpy as np
from sqlalchemy import Select, and_, func, or_, select

from rag.adapters.tables import CHUNKS, DOCUMENTS, EMBEDDINGS, vector_bytes
from rag.domain import State


def count_lacking(model: str) -> Select[Any]:
    """Return the query for how many chunks of active documents have no vector of this embedder."""
    return _beside_vectors(func.count(), model).where(EMBEDDINGS.c.text_hash.is_(None))


def lacking(model: str, *, dimension: int, after: str, limit: int) -> Select[Any]:
    """Return the query for a page of these chunks behind the id `after`, in the order of their ids.

    With a `dimension`, zeros of that length count as none; 0: whatever is there counts.
    """
    none = [EMBEDDINGS.c.text_hash.is_(None), *([EMBEDDINGS.c.vector == zeros(dimension)] if dimension else [])]
    return _beside_vectors(CHUNKS, model).where(CHUNKS.c.id > after, or_(*none)).order_by(CHUNKS.c.id).limit(limit)


def one_vector(model: str, dimension: int) -> Select[Any]:
    """Return the query for the id of some chunk of an active document whose vector is not zero."""
    return _beside_vectors(CHUNKS.c.id, model).where(EMBEDDINGS.c.vector != zeros(dimension)).limit(1)


def zeros(dimension: int) -> bytes:
    """Return the vector of a text that may not be embedded, as it is kept."""
    return vector_bytes(np.zeros(dimension, dtype=np.float32))


def _beside_vectors(column: Any, model: str) -> Select[Any]:
    own = and_(EMBEDDINGS.c.text_hash == CHUNKS.c.text_hash, EMBEDDINGS.c.model == model)
    joined = CHUNKS.join(DOCUMENTS).outerjoin(EMBEDDINGS, own)
    return select(column).select_from(joined).where(DOCUMENTS.c.state == State.ACTIVE.value)
