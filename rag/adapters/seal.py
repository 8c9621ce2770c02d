"""Sizes and checksums of the files that readers of a generation must find as they were verified."""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from random import SystemRandom
from typing import Final

SEAL: Final = "seal.json"
BLOCK: Final = 1 << 20
CHECKED_BYTES: Final = 64 << 20
"""Of files that nobody has written to, so much is read on every opening (about 40 ms), chosen anew each time; all when it is no
more. Reading 4 GB at every opening would take seconds, and guard only against a disk that changes what nobody wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """One file."""

    size: int
    written_ns: int
    """When it was last written to."""
    sums: list[int]
    """CRC-32 of each block."""


def seal(place: Path) -> None:
    """Bring every byte to the disk, so that a power cut cannot leave holes behind the pointer, and take the sums."""
    sealed = {file.relative_to(place).as_posix(): asdict(_sealed(file)) for file in _files(place)}
    (place / SEAL).write_text(json.dumps(sealed), encoding="utf-8")
    for path in (*place.rglob("*"), place, place.parent):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def is_intact(place: Path) -> bool:
    """Tell whether the files are those that were sealed; raises OSError and ValueError for a seal that cannot be read.

    All of every file is compared where one has been written to since, also by being copied; else no more than CHECKED_BYTES.
    """
    body = json.loads((place / SEAL).read_text(encoding="utf-8"))
    sealed = {place / name: Sealed(**one) for name, one in body.items()}
    if sorted(sealed) != _files(place) or any(file.stat().st_size != one.size for file, one in sealed.items()):
        return False
    blocks = [(file, number) for file, one in sealed.items() for number in range(len(one.sums))]
    untouched = all(file.stat().st_mtime_ns == one.written_ns for file, one in sealed.items())
    if untouched and len(blocks) * BLOCK > CHECKED_BYTES:
        blocks = SystemRandom().sample(blocks, CHECKED_BYTES // BLOCK)
    return all(_sum(file, number) == sealed[file].sums[number] for file, number in blocks)


def _files(place: Path) -> list[Path]:
    """Return the files that no reader changes: rows, vectors and the persisted graphs.

    Chroma writes to its SQLite file on every opening, and to the files of a graph that it has not persisted.
    """
    folders = [folder for folder in place.iterdir() if (folder / "index_metadata.pickle").is_file()]
    found = [*place.glob("*.npz"), *place.glob("*.f4"), *(file for folder in folders for file in folder.iterdir())]
    return sorted(found)


def _sealed(file: Path) -> Sealed:
    found = file.stat()
    return Sealed(size=found.st_size, written_ns=found.st_mtime_ns, sums=[*_sums(file)])


def _sums(file: Path) -> Iterator[int]:
    with file.open("rb") as body:
        while block := body.read(BLOCK):
            yield zlib.crc32(block)


def _sum(file: Path, number: int) -> int:
    with file.open("rb") as body:
        body.seek(number * BLOCK)
        return zlib.crc32(body.read(BLOCK))
