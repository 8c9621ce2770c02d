"""Whether what an answer cites still stands in the catalogue: the same words, in force, readable."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from rag.domain import Audience, Chunk, Citation, DocumentRecord, Kind, State
from rag.errors import NotFoundError
from rag.japanese.text import find_quote
from rag.ports import Catalogue


class Change(StrEnum):
    """What happened to a source since it was cited."""

    CHANGED = "changed"
    """Other words stand at its place."""
    REMOVED = "removed"
    """Its place is not in the document any more."""
    LAPSED = "lapsed"
    POSTPONED = "postponed"
    """It is in force from a later day than it was said to be."""
    WITHDRAWN = "withdrawn"
    GONE = "gone"
    """The document is not in the catalogue any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A source that does not stand as it was cited."""

    change: Change
    citation: Citation
    """As it was cited; without title, place and quote where the reader may not be told of a document that is gone."""
    text: str = ""
    """What stands at its place now, as far as the reader may read it; empty where nothing does."""
    day: date | None = None
    """From which it is in force no more, or will be; None for other changes."""


class Sources:
    """What some answers cite, looked up in the catalogue at once; documents are asked for only where a chunk is gone."""

    def __init__(
        self, catalogue: Catalogue, citations: Iterable[Citation], *, may_read: Callable[[Audience], bool]
    ) -> None:
        """Look up the chunks of the citations; `may_read` tells for an audience whether the reader may read it."""
        self._catalogue = catalogue
        self._may_read = may_read
        self._chunks = catalogue.chunks(list(dict.fromkeys(each.chunk_id for each in citations if each.chunk_id)))
        self._records: dict[str, DocumentRecord | None] = {}
        self._contents: dict[str, list[Chunk]] = {}

    def are_readable(self, citations: Iterable[Citation]) -> bool:
        """Tell whether the reader may read every document that is cited and still known."""
        return all(self._is_readable(each) for each in citations)

    def standing(self, citation: Citation, day: date) -> Citation | None:
        """Return a citation at its present place, where its words stand, are in force on the day and may be read; None: not so."""
        chunk = self._same_words(citation, day)
        if chunk is None or not chunk.period.contains(day) or not self._may_read(chunk.audience):
            return None
        return replace(citation, chunk_id=chunk.id, period=chunk.period, page=chunk.page, own_hash=chunk.own_hash)

    def keepers(self, citations: Iterable[Citation]) -> list[str]:
        """Return the departments that keep the cited documents, in order, each once; those that are not stated are left out."""
        records = [self._record(each.document_id) for each in citations]
        return list(dict.fromkeys(record.department for record in records if record and record.department))

    def finding(self, citation: Citation, *, cited_on: date, day: date) -> Finding | None:
        """Return what has happened to a source between two days; None: it stands as before.

        What was in force no more when it was cited, since a former day was asked for, has not lapsed since.
        """
        chunk = self._same_words(citation, day)
        if chunk is None:
            return self._loss(citation)
        if chunk.period.contains(day) or not citation.period.contains(cited_on):
            return None
        if chunk.period.end is not None and chunk.period.end <= day:
            text = self._successor(chunk)
            return Finding(change=Change.LAPSED, citation=citation, text=text, day=chunk.period.end)
        return Finding(change=Change.POSTPONED, citation=citation, day=chunk.period.start)

    def told(self, citation: Citation) -> Citation:
        """Return a citation as the reader may be told of it: who may read a document that is gone, nobody knows any more.

        Only who may read what nobody labelled is told.
        """
        if self._record_of(citation) is not None or self._may_read(Audience()):
            return citation
        return replace(citation, title="", locator="", quote="", page=None)

    def _loss(self, citation: Citation) -> Finding:
        record = self._record(citation.document_id)
        if record is None or record.state is State.QUARANTINED:
            return Finding(change=Change.GONE, citation=self.told(citation))
        if record.state is State.WITHDRAWN:
            return Finding(change=Change.WITHDRAWN, citation=citation)
        places = self._places(citation.document_id, citation.locator)
        if not places:
            return Finding(change=Change.REMOVED, citation=citation)
        return Finding(change=Change.CHANGED, citation=citation, text="\n".join(chunk.text for chunk in places))

    def _same_words(self, citation: Citation, day: date) -> Chunk | None:
        """Return the chunk with the words that were cited, one that is in force that day if there is one.

        Labels, dates and a newer index give a chunk another id while its words stay.
        """
        if found := self._chunks.get(citation.chunk_id):
            return found
        record = self._record(citation.document_id)
        if record is None or record.state is not State.ACTIVE:
            return None
        same = [chunk for chunk in self._places(record.id, citation.locator) if _says(chunk, citation)]
        return next((chunk for chunk in same if chunk.period.contains(day)), next(iter(same), None))

    def _successor(self, chunk: Chunk) -> str:
        """Return what the next version of a rule says at the same place; empty where none is, or it may not be read."""
        record = self._record(chunk.document_id)
        after = self._record(record.ended_by) if record and record.ended_by else None
        if chunk.kind is not Kind.RULES or after is None or not self._may_read(after.audience):
            return ""
        return "\n".join(each.text for each in self._places(after.id, chunk.locator))

    def _is_readable(self, citation: Citation) -> bool:
        chunk = self._chunks.get(citation.chunk_id)
        if chunk is not None:
            return self._may_read(chunk.audience)
        record = self._record(citation.document_id)
        return record is None or self._may_read(record.audience)

    def _record_of(self, citation: Citation) -> DocumentRecord | Chunk | None:
        return self._chunks.get(citation.chunk_id) or self._record(citation.document_id)

    def _record(self, document_id: str) -> DocumentRecord | None:
        """Return a document; None: the catalogue does not hold it any more."""
        if document_id not in self._records:
            try:
                self._records[document_id] = self._catalogue.document(document_id)
            except NotFoundError:
                self._records[document_id] = None
        return self._records[document_id]

    def _places(self, document_id: str, locator: str) -> list[Chunk]:
        if document_id not in self._contents:
            self._contents[document_id] = self._catalogue.chunks_of(document_id)
        return [chunk for chunk in self._contents[document_id] if chunk.locator == locator]


def _says(chunk: Chunk, citation: Citation) -> bool:
    """Tell whether a chunk has the words that were cited; of an older answer only the quote is known."""
    if citation.own_hash:
        return chunk.own_hash == citation.own_hash
    return find_quote(citation.quote, chunk.text) is not None
