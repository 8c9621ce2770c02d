"""The vectors that serve: a question is embedded by the model whose vectors the serving generation holds."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from rag.adapters.generations import Pointer
from rag.adapters.vectors import POINTER, ChromaVectors
from rag.domain import Audience, QuestionVector, Scope
from rag.errors import HomeError, ModelError, StorageError
from rag.ports import Catalogue, Embedder

NOT_SPOKEN: Final = (
    "ベクトルは前の埋め込み（{served}）のもので、いまの設定（{configured}）の質問とは比べられません。"
    "語と文字だけで探しました。kotae ingest を実行して切り替えるか、管理者に頼んでください。"
)
NO_VECTORS: Final = (
    "文書のベクトルがまだありません。語と文字だけで探しました。kotae ingest を実行して作るか、管理者に頼んでください。"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """An embedder with the index of its vectors."""

    embedder: Embedder
    index: ChromaVectors


class ServedVectors:
    """The `VectorSearch`: goes on with the vectors of the embedder before until the pointer names the new generation.

    `configured` is the embedder of the settings with its index; `open_named` opens another one by its name (raises
    ModelSetupError), `index_of` the index of its vectors.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        configured: Spoken,
        *,
        open_named: Callable[[str], Embedder],
        index_of: Callable[[Embedder], ChromaVectors],
    ) -> None:
        self._catalogue = catalogue
        self._configured = configured
        self._open_named = open_named
        self._index_of = index_of
        self._lock = threading.Lock()
        self._before: Spoken | None = None

    @property
    def embedder(self) -> str:
        """Name the embedder whose vectors serve: that of the settings, unless a generation of another one still does."""
        return self._served() or self._configured.embedder.name

    def embed(self, text: str) -> QuestionVector:
        """Return the question as the serving embedder writes it, or why it cannot; raises ModelError for the configured one."""
        served, own = self._served(), self._configured.embedder
        if not served and self._has_none(own):
            return QuestionVector(warning=NO_VECTORS)
        if served in ("", own.name):
            return QuestionVector(embedder=own.name, values=tuple(own.embed_query(text)))
        try:
            values = tuple(self._speaking(served).embedder.embed_query(text))
        except (ModelError, HomeError):
            return QuestionVector(warning=NOT_SPOKEN.format(served=served, configured=own.name))
        return QuestionVector(embedder=served, values=values)

    def search(
        self, vector: QuestionVector, audiences: Sequence[Audience], *, scope: Scope, limit: int
    ) -> dict[str, float]:
        """Return chunk id → cosine similarity of at most `limit` chunks in this scope; nothing without numbers.

        The vectors are those of the embedder that wrote the question, also when the pointer has been switched meanwhile.
        """
        if not any(vector.values):
            return {}
        return self._speaking(vector.embedder).index.search(vector.values, audiences, scope=scope, limit=limit)

    def _served(self) -> str:
        """Return the embedder of the serving generation; empty where there is none that can be read."""
        try:
            return Pointer.of_json(self._catalogue.facts()[POINTER]).embedder
        except (KeyError, StorageError):  # the index itself says what is wrong with the pointer
            return ""

    def _has_none(self, embedder: Embedder) -> bool:
        """Tell whether there are chunks and not one vector to compare a question with."""
        lacking = self._catalogue.count_without_vector(model=embedder.name)
        return bool(lacking) and not self._catalogue.has_vectors(model=embedder.name, dimension=embedder.dimension)

    def _speaking(self, name: str) -> Spoken:
        if name == self._configured.embedder.name:
            return self._configured
        with self._lock:
            if self._before is None or self._before.embedder.name != name:
                embedder = self._open_named(name)
                self._before = Spoken(embedder=embedder, index=self._index_of(embedder))
            return self._before
