"""Who may read the kept answer of an item: whoever may read all that it was made from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

from rag.assembly.sheet import Sheet
from rag.domain import Audience, Reader
from rag.errors import NotFoundError
from rag.wiring import Home
from ui.draft_state import Kept


def reading(home: Home, reader: Reader) -> Callable[[Kept], bool]:
    """Return what tells whether a reader may read a kept answer today; a document that is gone counts as it was labelled last."""

    @cache
    def may_read(document_id: str, last: Audience | None) -> bool:
        try:
            return home.may_read(reader, home.catalogue.document(document_id).audience)
        except NotFoundError:
            return home.may_read(reader, last) if last is not None else reader.reads_all

    def may_read_kept(kept: Kept) -> bool:
        return all(may_read(each, kept.audiences.get(each)) for each in {*kept.audiences, *_cited(kept.sheet)})

    return may_read_kept


def _cited(sheet: Sheet) -> Iterator[str]:
    """Yield the documents that a sheet quotes anywhere."""
    yield from (each.citation.document_id for each in sheet.sources)
    yield from (each.answer.citation.document_id for each in sheet.past_answers)
    yield from (each.citation.document_id for each in sheet.findings if each.citation)
