"""Embedding models that speak the OpenAI protocol, behind the Embedder socket."""

from __future__ import annotations

import os
import random
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
from langchain_core.embeddings import Embeddings
from langchain_openai import AzureOpenAIEmbeddings, OpenAIEmbeddings
from pydantic import SecretStr

from rag.adapters.openai_errors import FOREIGN, is_passing, is_too_large, retry_after_seconds, translate
from rag.adapters.pacing import Allowance, pause_seconds
from rag.domain import EmbeddingLoad
from rag.errors import ModelAnswerError, ModelBusyError, ModelSetupError
from rag.settings import EmbeddingSettings
from rag.tokens import count_tokens, cut_tokens

KEY_NAMES = {"openai": "OPENAI_API_KEY", "azure": "AZURE_OPENAI_API_KEY"}
LONGEST_WAIT_SECONDS: Final = 600.0
"""A server that asks to wait longer is not waited for: the next run goes on where this one ended."""

ASKED_BY: Final = "embedding.model、embedding.dimension"
"""Settings that decide how the model is asked."""


class TooLargeError(ModelAnswerError):
    """The server refuses a request for its size."""


class RemoteEmbeddings(Embeddings):
    """Sends texts in parts that the server takes, keeps to limits, waits where they may pass, and checks what comes back."""

    is_remote = True

    def __init__(
        self,
        settings: EmbeddingSettings,
        *,
        environment: Mapping[str, str] | None = None,
        pause: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """Build the client without connecting; raises ModelSetupError for a missing key or address."""
        variables = os.environ if environment is None else environment
        self._settings = settings
        self._subject = f"埋め込みモデル {settings.model}"
        self._key_name = KEY_NAMES[settings.provider]
        self._pause = pause
        self._chance = chance
        self._requests = Allowance(settings.requests_per_minute, clock=clock, pause=pause)
        self._tokens = Allowance(settings.tokens_per_minute, clock=clock, pause=pause)
        self._client = _client(settings, variables.get(self._key_name, "").strip(), self._key_name)

    @property
    def name(self) -> str:
        """Name provider, model and dimension."""
        return f"{self._settings.provider}:{self._settings.model}:{self._settings.dimension}"

    @property
    def dimension(self) -> int:
        """Length of every vector."""
        return self._settings.dimension

    def measure(self, texts: Sequence[str]) -> EmbeddingLoad:
        """Return what would be sent for these texts."""
        sizes = [self._size(text) for text in texts]
        most = self._settings.text_tokens
        return EmbeddingLoad(
            texts=len(sizes), tokens=sum(min(size, most) for size in sizes), cut=sum(size > most for size in sizes)
        )

    def embed_parts(self, texts: Sequence[str]) -> Iterator[dict[int, list[float]]]:
        """Yield position in `texts` → unit vector for each part when it is done; raises ModelError.

        The next part is sent when the caller asks for it. A part that is refused as too large is sent in halves.
        """
        fitting = [cut_tokens(text, self._settings.model, self._settings.text_tokens) for text in texts]
        sizes = [self._size(text) for text in fitting]
        waiting = deque(parts(sizes, most=self._settings.batch_size, tokens=self._settings.batch_tokens))
        while waiting:
            part = waiting.popleft()
            try:
                vectors = self._embed([fitting[place] for place in part], tokens=sum(sizes[place] for place in part))
            except TooLargeError:
                if len(part) == 1:
                    raise
                middle = len(part) // 2
                waiting.extendleft((part[middle:], part[:middle]))
                continue
            yield dict(zip(part, vectors, strict=True))

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return one unit vector a text, in order; raises ModelError."""
        found = {place: vector for part in self.embed_parts(texts) for place, vector in part.items()}
        return [found[place] for place in range(len(texts))]

    def embed_query(self, text: str) -> list[float]:
        """Return the unit vector of a question; raises ModelError.

        Somebody is waiting: the limits a minute are for the documents, and no pause is longer than the time for an answer.
        """
        fitting = cut_tokens(text, self._settings.model, self._settings.text_tokens)
        return self._tried([fitting], longest=self._settings.timeout_seconds)[0]

    def _size(self, text: str) -> int:
        return count_tokens(text, self._settings.model)

    def _embed(self, texts: Sequence[str], *, tokens: int) -> list[list[float]]:
        self._requests.take(1)
        self._tokens.take(tokens)
        return self._tried(texts, longest=LONGEST_WAIT_SECONDS)

    def _tried(self, texts: Sequence[str], *, longest: float) -> list[list[float]]:
        for attempt in range(1, self._settings.attempts + 1):
            try:
                return self._checked(self._client.embed_documents(list(texts)), len(texts))
            except FOREIGN as error:
                if is_too_large(error):
                    raise TooLargeError(
                        f"{self._subject}: 一度に送る量か、1つの文章が大きすぎると断られました。"
                        "設定の embedding.batch_tokens か embedding.text_tokens を小さくしてください。"
                    ) from error
                asked = retry_after_seconds(error)
                if attempt == self._settings.attempts or not is_passing(error):
                    raise translate(error, self._subject, key_name=self._key_name, asked_by=ASKED_BY) from error
                if asked > longest:
                    raise ModelBusyError(
                        f"{self._subject}: 接続先が{asked:.0f}秒待つように求めています。"
                        "それだけ待ってから、もう一度実行してください。"
                    ) from error
                self._pause(min(longest, pause_seconds(attempt, asked=asked, chance=self._chance())))
        raise AssertionError("settings allow no attempt")

    def _checked(self, vectors: Sequence[Sequence[float]], count: int) -> list[list[float]]:
        shapes = {len(vector) for vector in vectors}
        if len(vectors) != count or shapes != {self.dimension}:
            raise ModelAnswerError(
                f"{self._subject}: 返ってきたベクトル（{len(vectors)}件、{'・'.join(map(str, sorted(shapes)))}次元）が、"
                f"送った文章（{count}件）か設定（{self.dimension}次元）と合いません。"
                "設定の embedding.dimension とモデルを確かめてください。"
            )
        found = np.asarray(vectors, dtype=np.float32)
        units: list[list[float]] = (found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)).tolist()
        return units


def parts(sizes: Sequence[int], *, most: int, tokens: int) -> Iterator[range]:
    """Yield the places of texts that go out together: at most `most`, and at most `tokens` together unless one alone has more."""
    start, total = 0, 0
    for place, size in enumerate(sizes):
        if place > start and (place - start == most or total + size > tokens):
            yield range(start, place)
            start, total = place, 0
        total += size
    if start < len(sizes):
        yield range(start, len(sizes))


def _client(settings: EmbeddingSettings, key: str, key_name: str) -> OpenAIEmbeddings:
    if not key:
        raise ModelSetupError(
            f"環境変数 {key_name}: 設定されていません。鍵を入れるか、設定の embedding.provider を e5 にしてください。"
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
