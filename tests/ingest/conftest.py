"""An office that keeps documents in a folder and brings them into a catalogue of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from ingest.readers import read_document
from ingest.report import SyncReport
from ingest.sync import Sync
from rag.adapters.catalogue import SqlCatalogue, open_catalogue
from rag.domain import Document, DocumentRecord, EmbeddingLoad
from rag.errors import DocumentError
from rag.settings import Settings

HEAD = "path,title,department,level,audience,effective_from,effective_to,number,supersedes\n"


class CountingEmbedder:
    """An Embedder whose vectors mean nothing; it counts what it was given."""

    name = "counting"
    dimension = 2
    is_remote = False

    def __init__(self) -> None:
        self.texts: list[str] = []

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.texts += texts
        return [[1.0, 0.0] for _ in texts]

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]

    def measure(self, texts: Sequence[str]) -> EmbeddingLoad:
        return EmbeddingLoad(texts=len(texts), tokens=sum(map(len, texts)))

    def embed_parts(self, texts: Sequence[str]) -> Iterator[dict[int, list[float]]]:
        yield dict(enumerate(self.embed_documents(list(texts))))


class Office:
    """Folders of documents beside one catalogue."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "文書"
        self.folder.mkdir(parents=True)
        self.catalogue: SqlCatalogue = open_catalogue(folder / "home")
        self.embedder = CountingEmbedder()
        self.settings = Settings()
        self.known_groups: frozenset[str] | None = None
        self.failures: dict[str, DocumentError] = {}
        """Name of a file → why it cannot be read just now."""
        self.read: list[str] = []
        """Names of the files that were opened, in order."""

    def put(self, path: str, text: str) -> Path:
        """Write a file below the folder."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def label(self, *rows: str, at: str = "labels.csv") -> Path:
        """Write a labels file."""
        return self.put(at, HEAD + "\n".join(rows) + "\n")

    def sync(self, *paths: Path, label_file: Path | None = None, dry_run: bool = False, **ways: Any) -> SyncReport:
        """Bring these paths in, else the whole folder; `ways` are further fields of Sync."""
        self.embedder.texts.clear()
        self.read.clear()
        return Sync(
            catalogue=self.catalogue,
            embedder=self.embedder,
            may_embed=lambda _audience: True,
            settings=self.settings,
            known_groups=self.known_groups,
            read_many=self._read,
            **ways,
        ).run(paths or [self.folder], label_file=label_file, dry_run=dry_run)

    def record(self, path: str) -> DocumentRecord:
        """Return the one document at this path."""
        (found,) = [record for record in self.catalogue.documents() if record.path == path]
        return found

    def records(self) -> list[tuple[str, str]]:
        """Return (last part of the source, path) of every document."""
        return [(Path(record.source).name, record.path) for record in self.catalogue.documents()]

    def _read(self, files: Sequence[tuple[Path, str]]) -> Iterator[Document | DocumentError]:
        for path, name in files:
            self.read.append(name)
            if name in self.failures:
                yield self.failures[name]
                continue
            try:
                yield read_document(path, name=name)
            except DocumentError as error:
                yield error


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = Office(tmp_path)
    yield opened
    opened.catalogue.close()
