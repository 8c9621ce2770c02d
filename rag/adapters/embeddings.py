"""Embedding models that speak the OpenAI protocol, behind the Embedder socket."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from langchain_core.embeddings import Embeddings
from langchain_openai import AzureOpenAIEmbeddings, OpenAIEmbeddings
from pydantic import SecretStr

from rag.adapters.openai_errors import FOREIGN, is_passing, retry_after_seconds, translate
from rag.errors import ModelAnswerError, ModelSetupError
from rag.settings import EmbeddingSettings

KEY_NAMES = {"openai": "OPENAI_API_KEY", "azure": "AZURE_OPENAI_API_KEY"}
LONGEST_PAUSE_SECONDS = 20.0


class RemoteEmbeddings(Embeddings):
    """Sends texts in batches, waits where a limit may pass, and checks what comes back."""

    def __init__(
        self,
        settings: EmbeddingSettings,
        *,
        environment: Mapping[str, str] | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """Build the client without connecting; raises ModelSetupError for a missing key or address."""
        variables = os.environ if environment is None else environment
        self._settings = settings
        self._key_name = KEY_NAMES[settings.provider]
        self._pause = pause
        self._client = _client(settings, variables.get(self._key_name, "").strip(), self._key_name)

    @property
    def name(self) -> str:
        """Name provider, model and dimension."""
        return f"{self._settings.provider}:{self._settings.model}:{self._settings.dimension}"

    @property
    def dimension(self) -> int:
        """Length of every vector."""
        return self._settings.dimension

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return one unit vector a text, in order; raises ModelError."""
        size = self._settings.batch_size
        batches = [texts[start : start + size] for start in range(0, len(texts), size)]
        return [vector for batch in batches for vector in self._embed(batch)]

    def embed_query(self, text: str) -> list[float]:
        """Return the unit vector of a question; raises ModelError."""
        return self._embed([text])[0]

    def _embed(self, texts: Sequence[str]) -> list[list[float]]:
        subject = f"埋め込みモデル {self._settings.model}"
        for attempt in range(1, self._settings.attempts + 1):
            try:
                found = np.asarray(self._client.embed_documents(list(texts)), dtype=np.float32)
                break
            except FOREIGN as error:
                if attempt == self._settings.attempts or not is_passing(error):
                    raise translate(error, subject, key_name=self._key_name) from error
                self._pause(min(LONGEST_PAUSE_SECONDS, max(retry_after_seconds(error), 2.0 ** (attempt - 1))))
        if found.shape != (len(texts), self.dimension):
            raise ModelAnswerError(
                f"{subject}: 返ってきたベクトルの形 {found.shape} が設定と違います。"
                "設定の embedding.dimension とモデルを確かめてください。"
            )
        units: list[list[float]] = (found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)).tolist()
        return units


def _client(settings: EmbeddingSettings, key: str, key_name: str) -> OpenAIEmbeddings:
    if not key:
        raise ModelSetupError(
            f"環境変数 {key_name}: 設定されていません。鍵を入れるか、設定の embedding.provider を chive にしてください。"
        )
    shared: dict[str, Any] = {
        "api_key": SecretStr(key),
        "dimensions": settings.dimension,
        "max_retries": 0,
        "timeout": settings.timeout_seconds,
        "chunk_size": settings.batch_size,
        "check_embedding_ctx_length": False,
    }
    if settings.provider == "azure":
        if not settings.base_url or not settings.api_version:
            raise ModelSetupError(
                "設定 embedding.base_url と embedding.api_version: Azureでは両方が要ります。"
                "エンドポイントとAPIバージョンを書いてください。"
            )
        return AzureOpenAIEmbeddings(
            azure_endpoint=settings.base_url,
            api_version=settings.api_version,
            azure_deployment=settings.model,
            model=settings.model,
            **shared,
        )
    return OpenAIEmbeddings(model=settings.model, base_url=settings.base_url or None, **shared)
