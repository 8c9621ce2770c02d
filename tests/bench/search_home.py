"""A home of made chunks, built step by step: `python -m tests.bench.search_home DATA SIZE PLACE`.

PLACE holds `home` and `build.json`, what was built so far with the seconds of each step: a build that was cut off goes on behind
its last batch. Two processes make and embed documents ahead while this one stores them.
"""

from __future__ import annotations

import json
import sys
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from unittest.mock import patch

import numpy as np

from rag.adapters.embedders import open_embedder
from rag.domain import Chunk, DocumentRecord
from rag.japanese import words
from rag.japanese.words import content_words
from rag.ports import Embedder, Matrix
from rag.settings import load_settings
from rag.wiring import Home, open_home
from tests.bench.made_chunks import CHUNKS, Originals, make_document, read_originals

BATCH = 500
"""Documents that are stored and indexed at one stroke."""
AHEAD = BATCH
PROCESSES = 2
Made = tuple[DocumentRecord, list[Chunk], Matrix, dict[str, list[str]], float]
"""A document, its chunks with their vectors, the words of their texts, and the processor seconds of making all that."""


@dataclass(slots=True, kw_only=True)
class Built:
    """What a build has done so far."""

    documents: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    """`make`: waited for the processes that make and embed; `catalogue`, `words`, `vectors`: the steps of this one."""
    make_cpu_seconds: float = 0.0
    """Processor time of making and embedding."""

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Add the time of the block to a step."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - started


@cache
def _tools(data: Path, models: Path) -> tuple[Originals, Embedder]:
    return read_originals(data), open_embedder(models, load_settings(models.parent).embedding)


def make(data: Path, models: Path, number: int, version: int = 1) -> Made:
    """Make and embed one document."""
    started = time.process_time()
    originals, embedder = _tools(data, models)
    record, chunks = make_document(originals, number, version=version)
    matrix = np.asarray(embedder.embed_documents([chunk.search_text for chunk in chunks]), dtype=np.float32)
    found = {chunk.search_text: content_words(chunk.search_text) for chunk in chunks}
    return record, chunks, matrix, found, time.process_time() - started


def _made(data: Path, models: Path, numbers: Sequence[int]) -> Iterator[Made]:
    """Make documents ahead in processes, never more than are soon stored."""
    with ProcessPoolExecutor(PROCESSES) as pool:
        waiting: deque[Future[Made]] = deque()
        for number in numbers:
            waiting.append(pool.submit(make, data, models, number))
            if len(waiting) > AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def build(data: Path, size: int, place: Path) -> Built:
    """Build, or go on building, a home of about this many chunks."""
    file = place / "build.json"
    built = Built(**json.loads(file.read_text(encoding="utf-8"))) if file.exists() else Built()
    home = open_home(place / "home")
    wanted = max(1, round(size / CHUNKS))
    made = _made(data, place / "home/models", range(built.documents, wanted))
    known: dict[str, list[str]] = {}
    # As in the product, where a text is analysed once for its vector and its entry: there in one process, one after the other.
    analyse = words._words
    with patch.object(words, "_words", lambda text: known.get(text) or analyse(text)):
        _store(built, wanted, made, known, home, file)
    return built


def _store(
    built: Built, wanted: int, made: Iterator[Made], known: dict[str, list[str]], home: Home, file: Path
) -> None:
    """Store and index what is made, batch by batch; `known` holds the words of the texts of one batch."""
    model = home.embedder.name
    while built.documents < wanted:
        count = min(BATCH, wanted - built.documents)
        with built.step("make"):
            batch = [next(made) for _ in range(count)]
        with home.writing("bench"), home.catalogue.batch():
            with built.step("catalogue"):
                known.clear()
                for record, chunks, matrix, found, seconds in batch:
                    known |= found
                    vectors = {chunk.id: vector for chunk, vector in zip(chunks, matrix, strict=True)}
                    home.catalogue.put_document(record, chunks, vectors=vectors, model=model)
                    built.make_cpu_seconds += seconds
            with built.step("words"):
                home.refresh_words()
        built.documents += count
        _keep(built, file)
        print(f"  {built.documents * CHUNKS:,}件 {_shown(built)}", file=sys.stderr, flush=True)


def index(place: Path, built: Built) -> None:
    """Bring both indexes of a built home up to its catalogue."""
    home = open_home(place / "home")
    with home.writing("bench"), built.step("vectors"):
        home.refresh_indexes()
    _keep(built, place / "build.json")
    print(f"  {_shown(built)}", file=sys.stderr, flush=True)


def _keep(built: Built, file: Path) -> None:
    draft = file.with_suffix(".new")
    draft.write_text(json.dumps(asdict(built)), encoding="utf-8")
    draft.replace(file)


def _shown(built: Built) -> str:
    return "、".join(f"{name} {seconds:.0f}秒" for name, seconds in built.seconds.items())


def main(arguments: Sequence[str]) -> int:
    """Build and print what it took as JSON."""
    data, size, place = Path(arguments[0]), int(arguments[1]), Path(arguments[2])
    place.mkdir(parents=True, exist_ok=True)
    built = build(data, size, place)
    if "vectors" not in built.seconds and "--no-vectors" not in arguments:
        index(place, built)
    print(json.dumps(asdict(built)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
