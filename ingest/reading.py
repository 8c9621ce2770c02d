"""Many files read side by side, handed over in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from ingest.readers.sandbox import read_in_child
from rag.domain import Document
from rag.errors import DocumentError
from rag.settings import IngestSettings

AHEAD = 4
"""Files read ahead for each process: enough to keep them busy, few enough to stay small."""


def read_many(files: Sequence[tuple[Path, str]], *, settings: IngestSettings) -> Iterator[Document | DocumentError]:
    """Yield what was read of each (file, name), or why it could not be."""
    waiting: deque[Future[Document]] = deque()
    rest = iter(files)
    pool = ThreadPoolExecutor(max_workers=settings.processes)
    try:
        for _ in files:
            while len(waiting) < settings.processes * AHEAD and (following := next(rest, None)) is not None:
                path, name = following
                waiting.append(pool.submit(read_in_child, path, name=name, settings=settings))
            try:
                yield waiting.popleft().result()
            except DocumentError as error:
                yield error
    finally:  # whoever stops listening does not wait for files that nobody wants
        pool.shutdown(cancel_futures=True)
