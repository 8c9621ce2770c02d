"""Text embeddings of multilingual-e5-small inside this machine: no key, no network.

Each text runs alone and unpadded, because what a layer reads is quantised over all that runs together: so no text changes the
vector of another. Several texts run side by side in threads, each on one core, which changes no number either.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from langchain_core.embeddings import Embeddings

from rag.adapters.e5_store import GRAPH, read_pieces, read_tables, repacked
from rag.adapters.e5_tokens import Tokens
from rag.adapters.e5_weights import to_numbers
from rag.errors import HomeError
from rag.ports import Matrix

DIMENSION: Final = 384
QUERY: Final = "query:"
PASSAGE: Final = "passage:"
"""What the model was trained to read before a question and before what answers it."""
_QUIET: Final = 3
"""Level of onnxruntime's log from which it speaks: errors."""


class Model:
    """One opened model; may be used by many threads."""

    def __init__(self, folder: Path) -> None:
        """Open a repacked model."""
        import onnxruntime

        onnxruntime.disable_telemetry_events()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = _QUIET
        options.enable_mem_pattern = False  # a plan for each length would be kept for ever
        self._session = onnxruntime.InferenceSession(folder / GRAPH, options, providers=["CPUExecutionProvider"])
        self._input = self._session.get_inputs()[0].name
        pieces = read_pieces(folder)
        self._start, self._end = pieces.start, pieces.end
        self._tokens = Tokens(pieces)
        self._words, self._places = read_tables(folder)

    def embed(self, text: str, *, before: str) -> Matrix:
        """Return the unit vector of a text that is read after the words `before`; zeros for a text without a letter."""
        if not any(character.isalpha() for character in text):
            return np.zeros(DIMENSION, dtype=np.float32)
        total = np.zeros(DIMENSION, dtype=np.float32)
        for window in self._windows(text, before):
            total += self._read(window).sum(axis=0, dtype=np.float32)
        unit: Matrix = total / np.linalg.norm(total)
        return unit

    def _windows(self, text: str, before: str) -> Iterator[list[int]]:
        """Yield the numbers of as few pieces as the model can read at once, in shares of equal length."""
        head, body = [self._start, *self._tokens.cut(before)], self._tokens.cut(text)
        room = len(self._places) - len(head) - 1
        count = -(-len(body) // room)
        for number in range(count):
            share = body[number * len(body) // count : (number + 1) * len(body) // count]
            yield [*head, *share, self._end]

    def _read(self, numbers: Sequence[int]) -> Matrix:
        """Return one vector a piece."""
        embedded = to_numbers(self._words[np.asarray(numbers)]) + self._places[: len(numbers)]
        read: Matrix = self._session.run(None, {self._input: embedded[None]})[0][0]
        return read


class E5Embeddings(Embeddings):
    """Unit vectors of multilingual-e5-small; equal texts have equal vectors on one kind of processor."""

    name = "e5-small-1"
    dimension = DIMENSION

    def __init__(self, folder: Path, *, threads: int = 0) -> None:
        """Embed with the model repacked into this folder, which is opened when the first text comes; 0: a thread a core."""
        self._folder = folder
        self._threads = threads or len(os.sched_getaffinity(0))
        self._opening = threading.Lock()
        self._opened: Model | None = None

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return one unit vector a text, in order; zeros for a text without a letter. Raises HomeError."""
        if not texts:
            return []
        model = self._model()
        with ThreadPoolExecutor(min(self._threads, len(texts)), thread_name_prefix="e5") as pool:
            return [vector.tolist() for vector in pool.map(lambda text: model.embed(text, before=PASSAGE), texts)]

    def embed_query(self, text: str) -> list[float]:
        """Return the unit vector of a question; raises HomeError where the folder is damaged."""
        vector: list[float] = self._model().embed(text, before=QUERY).tolist()
        return vector

    def _model(self) -> Model:
        with self._opening:
            if self._opened is None:
                self._opened = _open(self._folder)
            return self._opened


def _open(folder: Path) -> Model:
    try:
        return Model(folder)
    except ImportError:
        raise
    except Exception as error:  # those of onnxruntime share no class of their own
        raise HomeError(
            f"{folder}: 埋め込みモデルを開けません。このフォルダを消してから、もう一度実行してください（作り直します）。"
        ) from error


def open_e5(models: Path) -> E5Embeddings:
    """Return the embedder of the folder `models`, repacking the installed package first where needed.

    Raises ModelSetupError where the package is missing and HomeError where the folder cannot be written.
    """
    return _shared(repacked(models.resolve()))


@cache
def _shared(folder: Path) -> E5Embeddings:
    return E5Embeddings(folder)
