"""Embedded Chroma, opened on a directory, and its errors turned into ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import StorageError

if TYPE_CHECKING:
    from chromadb.api.client import Client


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
