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
from rag.domain import EmbeddingLoad
from rag.errors import HomeError
from rag.ports import Matrix

DIMENSION: Final = 384
QUERY: Final = "query:"
PASSAGE: Final = "passage:"
"""What the model was trained to read before a question and before what answers it."""
HEADING_WEIGHT: Final = 0.4
"""What a heading (title, question of a FAQ, sitting and speaker) counts by itself, beside the whole text (1)."""
PART: Final = 64
"""Texts whose vectors are kept together: a killed run loses no more."""
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
    is_remote = False

    def __init__(self, folder: Path, *, threads: int = 0) -> None:
        """Embed with the model repacked into this folder, which is opened when the first text comes; 0: a thread a core."""
        self._folder = folder
        self._threads = threads or len(os.sched_getaffinity(0))
        self._opening = threading.Lock()
        self._opened: Model | None = None

    def measure(self, texts: Sequence[str]) -> EmbeddingLoad:  # noqa: ARG002 (the socket has it)
        """Return nothing: no text is sent anywhere."""
        return EmbeddingLoad()

    def embed_parts(self, texts: Sequence[str]) -> Iterator[dict[int, list[float]]]:
        """Yield vectors by position, some seconds of work at a time."""
        for start in range(0, len(texts), PART):
            yield dict(enumerate(self.embed_documents(list(texts[start : start + PART])), start=start))

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return one unit vector a text, in order; zeros for a text without a letter. Raises HomeError.

        Where a text has several lines, the first is its heading, and counts once more by itself.
        """
        if not texts:
            return []
        model = self._model()
        headings = list(dict.fromkeys(heading for heading, body in map(_parted, texts) if body))
        with ThreadPoolExecutor(min(self._threads, len(texts)), thread_name_prefix="e5") as pool:
            wholes = pool.map(lambda text: model.embed(text, before=PASSAGE), texts)
            read = pool.map(lambda heading: model.embed(heading, before=PASSAGE), headings)
            by_heading = dict(zip(headings, read, strict=True))
            return [
                _joined(whole, by_heading.get(_parted(text)[0])).tolist()
                for text, whole in zip(texts, wholes, strict=True)
            ]

    def embed_query(self, text: str) -> list[float]:
        """Return the unit vector of a question; raises HomeError where the folder is damaged."""
        vector: list[float] = self._model().embed(text, before=QUERY).tolist()
        return vector

    def _model(self) -> Model:
        with self._opening:
            if self._opened is None:
                self._opened = _open(self._folder)
            return self._opened


def _parted(text: str) -> tuple[str, str]:
    """Return the first line of a text and the rest."""
    heading, _, body = text.partition("\n")
    return heading, body


def _joined(whole: Matrix, heading: Matrix | None) -> Matrix:
    """Return the unit vector between that of a whole text and that of its heading; None: it has none."""
    if heading is None:
        return whole
    total: Matrix = whole + np.float32(HEADING_WEIGHT) * heading
    unit: Matrix = total / np.float32(np.linalg.norm(total) or 1.0)
    return unit


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
