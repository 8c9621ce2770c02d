"""How alike texts are in meaning, by the sentence model that comes with the product: nothing is sent anywhere, whatever embeds the documents."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path

import numpy as np

from rag.adapters.e5 import open_e5
from rag.ports import Matrix

KEPT_TEXTS = 4096
"""Texts whose vectors are kept: a draft is checked several times."""


class LocalMeaning:
    """Questions and passages → cosines. Threads may share it."""

    def __init__(self, models: Path) -> None:
        """Take the folder of the models; the model is opened when something is first compared."""
        self._models = models
        self._asked = lru_cache(maxsize=KEPT_TEXTS)(self._of_question)
        self._said = lru_cache(maxsize=KEPT_TEXTS)(self._of_passage)

    def __call__(self, questions: Sequence[str], passages: Sequence[str]) -> Matrix:
        """Return the cosine of each question with each passage, (questions, passages); raises ModelSetupError and HomeError."""
        asked, said = np.stack([*map(self._asked, questions)]), np.stack([*map(self._said, passages)])
        return np.asarray(asked @ said.T, dtype=np.float32)

    def _of_question(self, text: str) -> Matrix:
        return np.asarray(open_e5(self._models).embed_query(text), dtype=np.float32)

    def _of_passage(self, text: str) -> Matrix:
        return np.asarray(open_e5(self._models).embed_documents([text])[0], dtype=np.float32)


@cache
def local_meaning(models: Path) -> LocalMeaning:
    """Return the one comparer of a folder of models."""
    return LocalMeaning(models)
