"""One side of the comparison of ingests, in a process of its own: `python -m tests.bench.ingest_sides SIDE FILES WORK`.

FILES holds one path a line, WORK is an empty folder with `models` in it. Prints one JSON object, the seconds of each
step. Every side first takes in a few files of each format, so that imports and child processes are warm.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import chromadb
import docx
import numpy as np
import openpyxl
import pypdf
from chromadb.config import Settings as ChromaSettings
from langchain_text_splitters import RecursiveCharacterTextSplitter
from lxml import etree, html

from ingest.readers.sandbox import Children
from ingest.reading import read_many
from ingest.split import split
from ingest.structure import recognise
from ingest.sync import Sync
from rag.adapters.embedders import open_embedder
from rag.domain import Document, DocumentRecord, EmbeddingLoad, Kind
from rag.ports import Embedder, Matrix
from rag.settings import load_settings
from rag.wiring import open_home
from tests.bench.made_rules import make_rule
from tests.bench.process_tree import cpu_seconds, descendants
from tests.pdf_files import build, lines

T = TypeVar("T")
BATCH = 5_000
"""Most entries that Chroma takes at once, rounded down."""


@dataclass(slots=True)
class Steps:
    """Seconds by step, in the order in which the steps came first."""

    seconds: dict[str, float] = field(default_factory=dict)
    texts: int = 0
    characters: int = 0

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Add the time of the block to a step."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - started

    def count(self, texts: Sequence[str]) -> None:
        """Note what was embedded."""
        self.texts, self.characters = self.texts + len(texts), self.characters + sum(map(len, texts))


Side = Callable[[Sequence[Path], Path, Steps], None]
"""Take in these files with this folder to work in."""


# --- the tutorial ----------------------------------------------------------------------------------


def tutorial(files: Sequence[Path], work: Path, steps: Steps) -> None:
    """Do as the tutorials of LangChain do: pypdf page by page, windows of 500 characters, one Chroma collection."""
    embedder = _Timed(open_embedder(work / "models", load_settings(work).embedding), steps)
    with steps.step("read"):
        pages = [page for file in files for page in plain_pages(file)]
    with steps.step("split"):
        splitter = RecursiveCharacterTextSplitter(chunk_size=500, chunk_overlap=50)
        texts = [text for page in pages for text in splitter.split_text(page)]
    store(texts, embedder.embed_documents(texts), work, steps)


def plain_pages(file: Path) -> list[str]:
    """Return a file's text in the plainest known way."""
    suffix = file.suffix.lower()
    if suffix == ".pdf":
        return [page.extract_text() for page in pypdf.PdfReader(file).pages]
    if suffix == ".docx":
        return ["\n".join(paragraph.text for paragraph in docx.Document(str(file)).paragraphs)]
    if suffix == ".xlsx":
        book = openpyxl.load_workbook(file, data_only=True)
        return [
            "\n".join(
                " ".join(str(cell) for cell in row if cell is not None) for row in sheet.iter_rows(values_only=True)
            )
            for sheet in book.worksheets
        ]
    if suffix in {".html", ".htm"}:
        return [html.fromstring(file.read_bytes()).text_content()]
    if suffix == ".xml":
        return ["".join(etree.fromstring(file.read_bytes()).itertext())]
    body = file.read_bytes()
    try:
        return [body.decode("utf-8-sig")]
    except UnicodeDecodeError:
        return [body.decode("cp932", errors="replace")]


def store(texts: Sequence[str], vectors: Sequence[Sequence[float]] | Matrix, work: Path, steps: Steps) -> None:
    """Put texts and vectors into one collection with Chroma's defaults: the same for both sides."""
    with steps.step("store"):
        place = tempfile.mkdtemp(dir=work, prefix="chroma-")
        client = chromadb.PersistentClient(place, settings=ChromaSettings(anonymized_telemetry=False))
        collection = client.create_collection("documents", embedding_function=None)
        for at in range(0, len(texts), BATCH):
            collection.add(
                ids=[f"{number}" for number in range(at, min(at + BATCH, len(texts)))],
                embeddings=vectors[at : at + BATCH],
                documents=[*texts[at : at + BATCH]],
            )


# --- Kotae -----------------------------------------------------------------------------------------


def text(files: Sequence[Path], work: Path, steps: Steps) -> None:
    """Take the text alone: our readers without tables, sections of plain text, the same embedding and store.

    As in the product, children read ahead while this process embeds.
    """
    settings = load_settings(work)
    embedder = _Timed(open_embedder(work / "models", settings.embedding), steps)
    children = _children.setdefault("text", Children(settings.ingest, tables=False))
    texts: list[str] = []
    vectors: list[list[float]] = []
    with ThreadPoolExecutor(settings.ingest.processes) as pool:
        for document in _timed(pool.map(lambda file: children.read(file, name=file.name), files), steps):
            with steps.step("split"):
                chunks = plain_chunks(document, settings.ingest.chunk_characters)
            texts += chunks
            vectors += embedder.embed_documents(chunks)
    store(texts, np.asarray(vectors, dtype=np.float32), work, steps)


_children: dict[str, Children] = {}


def plain_chunks(document: Document, characters: int) -> list[str]:
    """Cut a document as one without a structure of its own."""
    structure = recognise(document, Kind.PLAIN)
    record = DocumentRecord(
        id=document.path, source="", path=document.path, content_hash="", title=structure.title, kind=Kind.PLAIN
    )
    return [chunk.search_text for chunk in split(structure, record=record, characters=characters)]


def whole(files: Sequence[Path], work: Path, steps: Steps) -> None:
    """Ingest as the product does: child processes, tables, structure, catalogue, the word index and the vector index."""
    home = open_home(Path(tempfile.mkdtemp(dir=work, prefix="home-")), settings_from=work)
    sync = Sync(
        catalogue=home.catalogue,
        embedder=_Timed(home.embedder, steps),
        may_embed=home.may_embed,
        settings=home.settings,
        read_many=lambda named: _timed(read_many(named, settings=home.settings.ingest), steps),
    )
    with home.writing("bench"):
        started, before = time.perf_counter(), sum(steps.seconds.values())
        sync.run(files)
        spent = time.perf_counter() - started - (sum(steps.seconds.values()) - before)
        steps.seconds["split"] = steps.seconds.get("split", 0.0) + spent  # with structure and catalogue
        with steps.step("store"):
            home.refresh_indexes()


@dataclass(slots=True)
class _Timed:
    """An embedder whose time is noted."""

    embedder: Embedder
    steps: Steps

    @property
    def name(self) -> str:
        return self.embedder.name

    @property
    def dimension(self) -> int:
        return self.embedder.dimension

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.steps.count(texts)
        with self.steps.step("embed"):
            return self.embedder.embed_documents(texts)

    def embed_query(self, text: str) -> list[float]:
        return self.embedder.embed_query(text)

    @property
    def is_remote(self) -> bool:
        return self.embedder.is_remote

    def measure(self, texts: Sequence[str]) -> EmbeddingLoad:
        return self.embedder.measure(texts)

    def embed_parts(self, texts: Sequence[str]) -> Iterator[dict[int, list[float]]]:
        yield dict(enumerate(self.embed_documents(list(texts))))


def _timed(documents: Iterator[T], steps: Steps) -> Iterator[T]:
    """Note how long each document was waited for: the children read on while the rest is done."""
    while True:
        with steps.step("read"):
            found = next(documents, None)
        if found is None:
            return
        yield found


SIDES: dict[str, Side] = {"tutorial": tutorial, "text": text, "whole": whole}


# --- one measurement -------------------------------------------------------------------------------


def warm_files(folder: Path) -> list[Path]:
    """Write a few files of each format."""
    words = make_rule("warm", articles=2)
    book = openpyxl.Workbook()
    book.active.append([words[:20], "円"])  # type: ignore[union-attr]
    letter = docx.Document()
    letter.add_paragraph(words)
    stream, sheet = io.BytesIO(), io.BytesIO()
    letter.save(stream)
    book.save(sheet)
    bodies = {
        "pdf": build([lines(*words.splitlines()[:8])]),
        "docx": stream.getvalue(),
        "xlsx": sheet.getvalue(),
        "html": f"<html><body><p>{words}</p></body></html>".encode(),
        "xml": f"<Law><LawBody><LawTitle>{words}</LawTitle></LawBody></Law>".encode(),
        "csv": "品名,数量\n鉛筆,3\n".encode(),
        "txt": words.encode(),
    }
    folder.mkdir()
    for suffix, body in bodies.items():
        for number in range(4):  # so that each child gets one
            (folder / f"{number}.{suffix}").write_bytes(body)
    return sorted(folder.iterdir())


def measure(side: Side, files: Sequence[Path], work: Path) -> dict[str, Any]:
    """Warm up, read every file once so that the disk's speed says nothing, and take the files in."""
    side(warm_files(work / "warm"), work, Steps())
    for file in files:
        file.read_bytes()
    steps = Steps()
    spent, started = _cpu_seconds(), time.perf_counter()
    side(files, work, steps)
    seconds = time.perf_counter() - started
    return {
        "seconds": seconds,
        "cpu_seconds": _cpu_seconds() - spent,
        "steps": steps.seconds,
        "texts": steps.texts,
        "characters": steps.characters,
    }


def _cpu_seconds() -> float:
    """Return the processor time of this process and the children that read for it."""
    return time.process_time() + cpu_seconds(descendants(os.getpid()))


def main(arguments: Sequence[str]) -> int:
    """Print what one side took."""
    name, listed, place = arguments
    work = Path(place)
    files = [Path(line) for line in Path(listed).read_text(encoding="utf-8").splitlines()]
    print(json.dumps(measure(SIDES[name], files, work)))
    shutil.rmtree(work / "warm")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
