"""The passages of a judged set as documents of a temporary home."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from eval.beir import Passage
from ingest.embed import embed_chunks
from ingest.split import split
from rag.domain import Audience, Chunk, DocumentRecord, Kind, Reader, Role, Section, Structure
from rag.errors import CasesError
from rag.japanese.references import Place, locator, references
from rag.wiring import Home, open_home

LEVEL = "1"
READER = Reader(user="eval", name="評価", max_level=LEVEL, role=Role.ADMIN, reads_all=True)
STORE_SIZE = 500


@contextmanager
def temporary_home(settings_from: Path) -> Iterator[Home]:
    """Open an empty home with settings and word vectors of another one, and remove it afterwards."""
    with tempfile.TemporaryDirectory(prefix="kotae-eval-") as temporary:
        yield open_home(Path(temporary), settings_from=settings_from)


def load_into(home: Home, passages: Iterable[Passage]) -> None:
    """Store passages in a home as documents that everyone may read, and bring its indexes up; raises CasesError."""
    count = 0
    for group in _groups(passages, STORE_SIZE):
        count += len(group)
        prepared = [_prepare(passage, home.settings.ingest.chunk_characters) for passage in group]
        with home.catalogue.batch():
            chunks = [chunk for _, found in prepared for chunk in found]
            embed_chunks(chunks, catalogue=home.catalogue, embedder=home.embedder, may_embed=home.may_embed)
            for record, found in prepared:
                home.catalogue.put_document(record, found, vectors={})
    if not count:
        raise CasesError("corpus.jsonl: 文書が1件もありません。中身を確かめてください。")
    home.refresh_indexes()


def _groups(passages: Iterable[Passage], size: int) -> Iterator[list[Passage]]:
    rest = iter(passages)
    while group := list(islice(rest, size)):
        yield group


def _prepare(passage: Passage, characters: int) -> tuple[DocumentRecord, list[Chunk]]:
    structure = recognise_passage(passage)
    record = DocumentRecord(
        id=passage.id,
        source="beir",
        path=passage.id,
        content_hash="",
        title=structure.title,
        kind=structure.kind,
        audience=Audience(level=LEVEL),
        period=passage.period,
    )
    return record, split(structure, record=record, characters=characters)


def recognise_passage(passage: Passage) -> Structure:
    """Read a passage whose title names an article as that article, any other as plain text."""
    named = next(
        (
            found
            for found in references(passage.title)
            if found.law and found.article and found.place is Place.MAIN and not found.paragraph
        ),
        None,
    )
    if named is None:
        section = Section(locator="", text=passage.text, breaks=_line_starts(passage.text))
        return Structure(kind=Kind.PLAIN, title=passage.title, sections=(section,))
    section = Section(
        locator=locator(named.article),
        text=passage.text,
        caption=passage.title[named.span.end :].strip(" 　（）()"),
        breaks=_line_starts(passage.text),
        labels={"article": named.article, "part": "main"},
    )
    return Structure(kind=Kind.RULES, title=named.law, sections=(section,))


def _line_starts(text: str) -> tuple[int, ...]:
    return tuple(place + 1 for place, character in enumerate(text) if character == "\n")
