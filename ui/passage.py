"""The passage behind a citation, with the quote marked, as far as the reader may see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from ingest.readers.picture import Picture
from ingest.readers.sandbox import picture_in_child
from rag.domain import PATH_SEPARATOR, Answer, Chunk, DocumentRecord, Kind, Question, Reader, State, Surrounding
from rag.errors import NotFoundError
from rag.japanese.text import find_quote
from rag.settings import IngestSettings
from rag.wiring import Home
from ui.words import source as words

KEPT_PICTURES = 32
MOST_REFERRED = 12
AROUND = 2
"""Chunks before and after that help a reader to judge a passage of something other than a rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A place in a document and what stands there."""

    record: DocumentRecord
    locator: str
    path: str
    """Headings and clause below the title; empty when there are none."""
    pieces: tuple[tuple[str, bool], ...]
    """The words in order, True for those of the quote."""
    before: tuple[Chunk, ...] = ()
    after: tuple[Chunk, ...] = ()
    chunk_id: str = ""
    page: int | None = None
    """1-based; None where the format has no pages."""
    chunks: tuple[Chunk, ...] = ()
    """What the words consist of."""
    is_changed: bool = False
    """The quoted chunk is there no longer: what stands at its locator now is shown."""


def visible_record(home: Home, reader: Reader, document_id: str) -> DocumentRecord:
    """Return a document that this reader may read; raises NotFoundError, in the same words whether unknown or hidden."""
    try:
        record = home.catalogue.document(document_id)
    except NotFoundError as error:
        raise NotFoundError(words.GONE) from error
    if record.state is not State.ACTIVE or not home.may_read(reader, record.audience):
        raise NotFoundError(words.GONE)
    return record


def visible_records(home: Home, reader: Reader) -> list[DocumentRecord]:
    """Return every document of every state that this reader may read."""
    return [record for record in home.catalogue.documents() if home.may_read(reader, record.audience)]


def is_visible(home: Home, reader: Reader, document_id: str) -> bool:
    """Tell whether the reader may read a document today."""
    try:
        visible_record(home, reader, document_id)
    except NotFoundError:
        return False
    return True


def readable_answer(home: Home, reader: Reader, answer: Answer) -> Answer | None:
    """Return a kept answer as far as the reader may read it today; None: it quotes a document that he may not.

    Documents that are only named (the nearest, the other hits) are left out where he may not know of them, and with one
    of them the kinds to choose from, which were read from all.
    """
    cited = {each.document_id for each in answer.citations}
    named = cited | {each.document_id for each in answer.nearest} | {each.document_id for each in answer.hits}
    visible = {document_id for document_id in named if is_visible(home, reader, document_id)}
    if not cited <= visible:
        return None
    quoted = {each.chunk_id for each in answer.citations}
    is_old = quoted - home.catalogue.chunks(list(quoted)).keys() if quoted else set()
    return replace(
        answer,
        warnings=(*answer.warnings, words.ANSWER_IS_OLD) if is_old else answer.warnings,
        choices=answer.choices if all(each.document_id in visible for each in answer.hits) else (),
        nearest=tuple(each for each in answer.nearest if each.document_id in visible),
        hits=tuple(each for each in answer.hits if each.document_id in visible),
        approved=home.approvals(reader).still(answer),
    )


def find_passage(
    home: Home, reader: Reader, *, document_id: str, locator: str, chunk_id: str = "", quote: str = ""
) -> Passage:
    """Return what stands at a locator, the whole article of a rule; raises NotFoundError."""
    record = visible_record(home, reader, document_id)
    chunks = home.catalogue.chunks_of(document_id)
    at = _place(chunks, chunk_id, locator)
    if at is None:
        raise NotFoundError(
            f"「{record.title}」の {locator}: いまの文書にはありません。「文書」の画面で全体を確かめてください。"
        )
    first, last = _extent(chunks, at)
    text = "\n".join(chunk.text for chunk in chunks[first : last + 1])
    return Passage(
        record=record,
        locator=chunks[at].locator,
        path=chunks[at].header.removeprefix(record.title).removeprefix(PATH_SEPARATOR),
        pieces=mark(text, quote),
        before=tuple(chunks[max(0, first - AROUND) : first]),
        after=tuple(chunks[last + 1 : last + 1 + AROUND]),
        chunk_id=chunks[at].id,
        chunks=tuple(chunks[first : last + 1]),
        page=chunks[at].page,
        is_changed=bool(chunk_id) and chunks[at].id != chunk_id,
    )


def referred(home: Home, question: Question, passage: Passage) -> list[Surrounding]:
    """Return what a clause refers to, and what it hangs under, in other places than the passage itself."""
    beside = home.beside(question)
    found = {each.text: each for chunk in passage.chunks for each in beside(chunk)} if _is_clause(passage) else {}
    shown = {chunk.id for chunk in passage.chunks}
    return [each for each in found.values() if each.chunk.id not in shown][:MOST_REFERRED]


def _is_clause(passage: Passage) -> bool:
    return passage.record.kind is Kind.RULES


def mark(text: str, quote: str) -> tuple[tuple[str, bool], ...]:
    """Cut a text at the place where the quote stands; one unmarked piece where it stands nowhere."""
    found = find_quote(quote, text) if quote else None
    if found is None:
        return ((text, False),)
    pieces = ((text[: found.start], False), (found.of(text), True), (text[found.end :], False))
    return tuple(piece for piece in pieces if piece[0])


def draw_cited_page(record: DocumentRecord, *, page: int, quote: str, settings: IngestSettings) -> Picture | None:
    """Return the picture of a PDF's page with the quote boxed; raises DocumentError.

    None: the file is not there any more, or is not the one that was taken in.
    """
    file = Path(record.source) / record.path
    try:
        stat = file.stat()
        return _drawn(file, (stat.st_size, stat.st_mtime_ns), record.file_hash, page, quote, settings)
    except OSError:
        return None


@lru_cache(maxsize=KEPT_PICTURES)
def _drawn(
    file: Path, _state: tuple[int, int], file_hash: str, page: int, quote: str, settings: IngestSettings
) -> Picture | None:
    """Draw a page once for as long as the file's size and time are the same: every click on the page draws it again."""
    if sha256(file.read_bytes()).hexdigest() != file_hash:
        return None
    return picture_in_child(file, page=page, quote=quote, settings=settings)


def _place(chunks: Sequence[Chunk], chunk_id: str, locator: str) -> int | None:
    """Return the index of the chunk, else of the first at the locator; None: neither is there."""
    for number, chunk in enumerate(chunks):
        if chunk.id == chunk_id:
            return number
    return next((number for number, chunk in enumerate(chunks) if chunk.locator == locator), None)


def _extent(chunks: Sequence[Chunk], at: int) -> tuple[int, int]:
    """Return the first and last index of the section of which a chunk is a part."""
    section = _section(chunks[at])
    first = last = at
    while first > 0 and _section(chunks[first - 1]) == section:
        first -= 1
    while last + 1 < len(chunks) and _section(chunks[last + 1]) == section:
        last += 1
    return first, last


def _section(chunk: Chunk) -> tuple[str, ...]:
    if chunk.kind is Kind.RULES and chunk.labels.get("article"):
        labels = chunk.labels
        return (labels["article"], labels.get("part", ""), labels.get("supplement", ""))
    return (chunk.id,)
