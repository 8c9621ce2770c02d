"""The vectors that serve: a question is embedded by the model whose vectors the serving generation holds."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
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


LACKING: Final = "vectors.lacking"
"""Name of the fact that says how many chunks lack a vector: vectors have no revision by which readers would notice them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """An embedder with the index of its vectors."""

    embedder: Embedder
    index: ChromaVectors


class ServedVectors:
    """The `VectorSearch`: goes on with the vectors of the embedder before until the pointer names the new generation.

    `configured` is the embedder of the settings; `open_named` opens another one by its name (raises ModelSetupError).
    `directory` and `delta_share` are those of every `ChromaVectors` of the home.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        configured: Embedder,
        *,
        open_named: Callable[[str], Embedder],
        directory: Path,
        delta_share: float,
    ) -> None:
        self._catalogue = catalogue
        self._open_named = open_named
        self._directory = directory
        self._delta_share = delta_share
        self._configured = self._spoken(configured)
        self._lock = threading.Lock()
        self._before: Spoken | None = None
        self._lacking = catalogue.facts().get(LACKING, "0")

    @property
    def index(self) -> ChromaVectors:
        """The index for the embedder of the settings, which an ingest brings up."""
        return self._configured.index

    @property
    def embedder(self) -> str:
        """Name the embedder whose vectors serve: that of the settings, unless a generation of another one still does."""
        return self._served() or self._configured.embedder.name

    def embed(self, text: str) -> QuestionVector:
        """Return the question as the serving embedder writes it, or why it cannot; raises ModelError for the configured one."""
        self._look_anew()
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

    def note_lacking(self) -> int:
        """Count the chunks without a vector of the settings' embedder; readers look anew where that has changed."""
        lacking = self._catalogue.count_without_vector(model=self._configured.embedder.name)
        if self._catalogue.facts().get(LACKING, "0") != str(lacking):
            self._catalogue.put_fact(LACKING, str(lacking))
        return lacking

    def _look_anew(self) -> None:
        """Let go of what was read while vectors were missing that may have come since."""
        with self._lock:
            told = self._catalogue.facts().get(LACKING, "0")
            if told != self._lacking:
                for each in (self._configured, self._before):
                    if each is not None:
                        each.index.close()
            self._lacking = told

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
                self._before = self._spoken(self._open_named(name))
            return self._before

    def _spoken(self, embedder: Embedder) -> Spoken:
        index = ChromaVectors(
            self._catalogue,
            embedder_name=embedder.name,
            dimension=embedder.dimension,
            directory=self._directory,
            delta_share=self._delta_share,
        )
        return Spoken(embedder=embedder, index=index)
