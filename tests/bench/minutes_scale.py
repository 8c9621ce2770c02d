"""Time, memory, disk and growth of an ingest of minutes by size: `./x bench minutes --data DIR --scale MB …`."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from itertools import pairwise
from math import inf, log
from pathlib import Path
from typing import Any

from ingest.readers import read_document
from ingest.readers.encoding import decode
from ingest.split import INDEX_VERSION
from ingest.structure import guess, recognise
from rag.adapters.catalogue import open_catalogue
from rag.adapters.chive import open_word_vectors
from rag.domain import Kind
from rag.errors import DocumentError
from tests.bench.ingest_scale import Took, disk_of, run
from tests.bench.made_minutes import make_files
from tests.bench.process_tree import forget_settings

MILLION = 1_000_000
GROWING = {
    "structure_seconds": "読み取りと構造",
    "seconds": "取り込み",
    "cpu_seconds": "取り込みのCPU時間",
    "peak_mb": "最大メモリ",
    "disk_mb": "ディスク",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One size."""

    files: int
    bytes: int
    chunks: int
    pairs: int
    """Chunks that carry the question which they answer."""
    embedded: int
    """Texts whose vector had to be made; the others stand in several files."""
    read_seconds: float
    recognise_seconds: float
    """Processor time of both in one process, one file after the other, before the ingest."""
    took: Took
    """The ingest by the product, in a process of its own with all that it starts."""
    megabytes: Mapping[str, float]
    """On disk: catalogue, words, vectors."""

    @property
    def figures(self) -> dict[str, float]:
        """Return what grows with the size."""
        return {
            "structure_seconds": self.read_seconds + self.recognise_seconds,
            "seconds": self.took.seconds,
            "cpu_seconds": self.took.cpu_seconds,
            "peak_mb": self.took.peak_mb,
            "disk_mb": sum(self.megabytes.values()),
        }

    def value(self) -> dict[str, Any]:
        """Return the figures for JSON."""
        rate = self.bytes / MILLION / self.took.seconds
        return asdict(self) | {"figures": self.figures, "megabytes_per_second": round(rate, 3)}


class Finished:
    """The sizes that are measured, kept in a file after each, so that an interrupted run goes on behind the last."""

    def __init__(self, file: Path | None, of: Mapping[str, str]) -> None:
        """Read the file; raises ValueError when it is of other minutes or of another version. None: nothing is kept."""
        self._file, self._of = file, dict(of)
        found = json.loads(file.read_text(encoding="utf-8")) if file is not None and file.exists() else {}
        if found and found["of"] != self._of:
            raise ValueError(f"{file}: 別の会議録か別の版で測ったものです。別のファイルを --done に指定してください。")
        self.sizes = {
            float(size): Taken(**taken | {"took": Took(**taken["took"])})
            for size, taken in found.get("sizes", {}).items()
        }
        """Megabytes asked for → what was measured."""

    def add(self, size: float, taken: Taken) -> None:
        """Keep one more."""
        self.sizes[size] = taken
        if self._file is None:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        draft = self._file.with_name(f"{self._file.name}.new")
        body = {"of": self._of, "sizes": {f"{each:g}": asdict(taken) for each, taken in self.sizes.items()}}
        draft.write_text(json.dumps(body, ensure_ascii=False, indent=1), encoding="utf-8")
        draft.replace(self._file)


def read_originals(data: Path) -> dict[str, str]:
    """Return name → text of the files below a folder that the product takes for minutes; names inside the folder."""
    found: dict[str, str] = {}
    for file in sorted(data.rglob("*.txt")):
        name = file.relative_to(data).as_posix()
        try:
            if guess(read_document(file, name=name)) is Kind.MINUTES:
                found[name] = decode(file.read_bytes()).text
        except DocumentError:  # a note that lies there, or nothing: no minutes either
            continue
    return found


def take_in(size: float, originals: Mapping[str, str], models: Path) -> Taken:
    """Make minutes of this many megabytes and ingest them in a temporary home; raises RuntimeError when the run fails."""
    with tempfile.TemporaryDirectory(prefix="kotae-minutes-") as folder:
        place, home = Path(folder) / "会議録", Path(folder) / "home"
        files = list(make_files(place, originals, round(size * MILLION)))
        read_seconds, recognise_seconds = time_structure(files, place)
        shutil.copytree(models, home / "models")
        took, report = run(home, place)
        return Taken(
            files=len(files),
            bytes=sum(file.stat().st_size for file in files),
            chunks=report["chunks"],
            pairs=count_pairs(home),
            embedded=report["embedded"],
            read_seconds=round(read_seconds, 2),
            recognise_seconds=round(recognise_seconds, 2),
            took=took,
            megabytes=disk_of(home),
        )


def time_structure(files: Sequence[Path], place: Path) -> tuple[float, float]:
    """Return the processor seconds of reading and of recognising, whatever else the machine does; nothing is kept."""
    read = recognised = 0.0
    for file in files:
        started = time.process_time()
        document = read_document(file, name=file.relative_to(place.parent).as_posix())
        between = time.process_time()
        recognise(document)
        read, recognised = read + between - started, recognised + time.process_time() - between
    return read, recognised


def count_pairs(home: Path) -> int:
    """Count the chunks of a home that carry the question which they answer."""
    catalogue = open_catalogue(home)
    try:
        return sum("question" in chunk.labels for chunk in catalogue.all_chunks())
    finally:
        catalogue.close()


def exponents(smaller: Taken, larger: Taken) -> dict[str, float]:
    """Return for each figure x where it grows like bytes to the power of x; without those that are 0, or for equal sizes."""
    if smaller.bytes == larger.bytes:
        return {}
    steps = log(larger.bytes / smaller.bytes)
    return {
        name: round(log(larger.figures[name] / figure) / steps, 2)
        for name, figure in smaller.figures.items()
        if figure and larger.figures[name]
    }


def measure_sizes(data: Path, sizes: Sequence[float], done: Path | None) -> list[Taken]:
    """Measure each size that is not in `done`, the smallest first; raises ValueError and RuntimeError."""
    originals = read_originals(data)
    if not originals:
        raise ValueError(f"{data}: 会議録のテキストファイルがありません。会議録のあるフォルダを指定してください。")
    digest = sha256(json.dumps(originals, ensure_ascii=False).encode()).hexdigest()
    finished = Finished(done, {"data": digest, "index": INDEX_VERSION})
    forget_settings()
    with tempfile.TemporaryDirectory(prefix="kotae-models-") as models:
        for size in sorted(set(sizes)):
            if size not in finished.sizes:
                open_word_vectors(Path(models))
                finished.add(size, take_in(size, originals, Path(models)))
    return [finished.sizes[size] for size in sorted(set(sizes))]


def table(measured: Sequence[Taken]) -> Iterator[str]:
    """Write the figures for a person, and how they grow from one size to the next."""
    yield "| MB | ファイル | 検索単位 | 答弁（質問つき） | 読み取り・構造 | 取り込み（うちCPU時間） | 毎秒 | 最大メモリ | ディスク（台帳・語・ベクトル） |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
    for taken in measured:
        disk = "・".join(f"{size:g}" for size in taken.megabytes.values())
        yield (
            f"| {taken.bytes / MILLION:.1f} | {taken.files:,} | {taken.chunks:,} | {taken.pairs:,} "
            f"| {taken.read_seconds:.1f}＋{taken.recognise_seconds:.1f}秒 | {taken.took.seconds:.0f}秒（{taken.took.cpu_seconds:.0f}秒） "
            f"| {taken.bytes / MILLION / taken.took.seconds:.2f}MB | {taken.took.peak_mb:,}MB | {disk}MB |"
        )
    for smaller, larger in pairwise(measured):
        grown = "、".join(f"{GROWING[name]} {each:.2f}" for name, each in exponents(smaller, larger).items())
        yield f"{smaller.bytes / MILLION:.1f} → {larger.bytes / MILLION:.1f}MB の増え方（1.00は比例）: {grown}"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what this measurement is asked for with."""
    parser.add_argument(
        "--scale",
        type=megabytes,
        nargs="+",
        default=[],
        metavar="MB",
        help="正確さの代わりに、この量の会議録の取り込みの時間・メモリ・ディスクを測ります（例: 10 30 100）",
    )
    parser.add_argument(
        "--done",
        type=Path,
        metavar="ファイル",
        help="--scale で測り終えた量を残すファイル。同じファイルを指定すると、続きから測ります",
    )


def megabytes(text: str) -> float:
    """Read '100' or '0.5'; raises ValueError."""
    size = float(text)
    if not 0 < size < inf:
        raise ValueError(text)
    return size


def main(given: argparse.Namespace) -> int:
    """Measure and print; 2 when the input is unusable."""
    load = os.getloadavg()[0]
    try:
        measured = measure_sizes(given.data, given.scale, given.done)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    cores, loads = os.cpu_count(), [round(load, 1), round(os.getloadavg()[0], 1)]
    if given.json:
        steps = [exponents(*each) for each in pairwise(measured)]
        value = {
            "machine": {"cores": cores, "load": loads},
            "scale": [taken.value() for taken in measured],
            "exponents": steps,
        }
        print(json.dumps(value, ensure_ascii=False))
    else:
        print(f"測った機械: {cores}コア、負荷 {loads[0]} → {loads[1]}")
        print("\n".join(table(measured)))
    return 0
