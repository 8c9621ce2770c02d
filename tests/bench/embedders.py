"""How fast the embedders inside this machine are, how long they take to open, and what memory they need.

    python -m tests.bench.embedders

Texts are running text of the sample prefecture, cut to so many pieces of multilingual-e5-small. Processor time is printed beside the
time that passed: on a machine with other work only the former says what an idle one would take.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from ingest.readers import read_document
from rag.adapters.chive import ChiveEmbeddings, open_word_vectors
from rag.adapters.e5 import open_e5
from rag.adapters.e5_store import read_pieces, repacked
from rag.adapters.e5_tokens import Tokens
from rag.errors import DocumentError
from rag.ports import Embedder

SAMPLE = Path(__file__).resolve().parents[2] / "ingest/samples/mihon"
LENGTHS = (118, 200, 400)
TEXTS = 96
QUESTIONS = 30
QUESTION = "自家用車で出張したときの車賃は1キロメートルいくらですか。"


def main() -> int:
    """Print a line for each embedder and length."""
    print(f"コア {len(os.sched_getaffinity(0))}、負荷 {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory(prefix="kotae-models-") as folder:
        models = Path(folder)
        tokens = Tokens(read_pieces(repacked(models)))
        open_word_vectors(models)
        open_word_vectors.cache_clear()
        texts = {length: list(cut(running_text(), length, tokens)) for length in LENGTHS}
        for open_embedder in (lambda: ChiveEmbeddings(open_word_vectors(models)), lambda: open_e5(models)):
            measure(open_embedder, texts)
    return 0


def measure(open_embedder: Callable[[], Embedder], texts: dict[int, list[str]]) -> None:
    """Print what one embedder takes."""
    before, started = resident_mb(), time.perf_counter()
    embedder = open_embedder()
    embedder.embed_query(QUESTION)
    print(f"{embedder.name}: 最初の質問まで {time.perf_counter() - started:.2f}秒", end="")
    started = time.perf_counter()
    for _ in range(QUESTIONS):
        embedder.embed_query(QUESTION)
    print(f"、次から {(time.perf_counter() - started) / QUESTIONS * 1000:.1f}ミリ秒")
    for length, passages in texts.items():
        started, worked = time.perf_counter(), time.process_time()
        embedder.embed_documents(passages)
        passed, worked = time.perf_counter() - started, time.process_time() - worked
        each = worked / len(passages)
        print(f"  {length}トークン: {len(passages) / passed:.1f}件/秒、1件 {each * 1000:.1f}ミリ秒（プロセッサ時間）")
    print(f"  メモリ +{resident_mb() - before} MB")


def running_text() -> str:
    """Return the texts of the sample, one after another."""
    found = []
    for path in sorted(SAMPLE.rglob("*.docx")) + sorted(SAMPLE.rglob("*.txt")):
        try:
            found += [block.text for block in read_document(path, name=path.name).blocks]
        except DocumentError:
            continue
    return "".join(found)


def cut(text: str, length: int, tokens: Tokens) -> Iterator[str]:
    """Yield parts of about this many pieces."""
    characters = round(length * 20_000 / len(tokens.cut(text[:20_000])))
    for number in range(TEXTS):
        start = number * characters % (len(text) - characters)
        yield text[start : start + characters]


def resident_mb() -> int:
    """Return the resident memory of this process."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") >> 20


if __name__ == "__main__":
    sys.exit(main())
