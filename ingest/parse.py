"""From a document that was read to its record and its chunks."""

from __future__ import annotations

from ingest.compare import Work
from ingest.hidden import label_hidden
from ingest.records import describe
from ingest.split import split
from ingest.structure import recognise
from rag.domain import Chunk, Document, DocumentRecord, Structure
from rag.errors import DocumentError
from rag.settings import Settings


def parse(item: Work, document: Document, *, settings: Settings) -> tuple[DocumentRecord, list[Chunk]]:
    """Recognise the structure of a document and cut it; raises DocumentError."""
    structure = _recognised(document)
    record = describe(item, document, structure, levels=settings.levels.order)
    chunks = split(structure, record=record, characters=settings.ingest.chunk_characters)
    return record, label_hidden(chunks, document)


def _recognised(document: Document) -> Structure:
    """Recognise the structure; a mistake of our own on one file must not cost the others: raises DocumentError."""
    try:
        return recognise(document)
    except Exception as error:
        raise DocumentError(
            f"{document.path}: 構造を読み取れませんでした（{type(error).__name__}）。管理者に知らせてください。"
        ) from error
