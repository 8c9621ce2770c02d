"""Embedding models by the settings, and by the name under which their vectors are kept."""

from __future__ import annotations

from pathlib import Path

from rag.errors import ModelSetupError
from rag.ports import Embedder
from rag.settings import EmbeddingSettings


def open_embedder(models: Path, settings: EmbeddingSettings) -> Embedder:
    """Return the embedder of the settings; raises ModelSetupError for a missing key or package, and HomeError."""
    if settings.provider == "e5":
        from rag.adapters.e5 import open_e5

        return open_e5(models)
    if settings.provider == "chive":
        from rag.adapters.chive import ChiveEmbeddings, open_word_vectors

        return ChiveEmbeddings(open_word_vectors(models))
    from rag.adapters.embeddings import RemoteEmbeddings

    return RemoteEmbeddings(settings)


def open_named(name: str, models: Path, settings: EmbeddingSettings) -> Embedder:
    """Return the embedder with this name, which the settings need not name any more; raises ModelSetupError.

    A model elsewhere is opened only while the settings name the same provider: an office that has turned it off, or
    moved, sends nothing there any more, and its key goes nowhere else.
    """
    provider, _, rest = name.partition(":")
    model, _, dimension = rest.rpartition(":")
    if not rest:  # one that works inside
        settings = settings.model_copy(update={"provider": "chive" if name.startswith("chive-") else "e5"})
    elif provider == settings.provider and model and dimension.isdecimal():
        settings = settings.model_copy(update={"model": model, "dimension": int(dimension)})
    else:
        raise _not_open(name)
    found = open_embedder(models, settings)
    if found.name != name:
        raise _not_open(name)
    return found


def _not_open(name: str) -> ModelSetupError:
    return ModelSetupError(
        f"埋め込み {name}: いまの設定では使えません。kotae ingest を実行して、いまの設定のベクトルを作ってください。"
    )
