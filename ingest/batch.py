"""What was read, put into the catalogue and the word index at one stroke.

Until then the older text of each document is searched, from then on the newer one: a reader finds one of the two.
"""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ingest.succession import Family, date_versions, family
from rag.domain import Chunk, DocumentRecord
from rag.offices import FACT as OFFICES_FACT
from rag.offices import is_office
from rag.ports import Catalogue


@dataclass(slots=True, kw_only=True)
class Batch:
    """Documents that wait to be put in together."""

    catalogue: Catalogue
    refresh: Callable[[], None]
    """Brings the word index to what the catalogue holds, inside the transaction that is open."""
    documents: int
    """So many are put in together at most."""
    seconds: float
    """So long one waits at most, while others are read."""
    clock: Callable[[], float] = time.monotonic
    ended: list[DocumentRecord] = field(default_factory=list)
    """Versions whose end changed, as they are now."""
    _waiting: list[tuple[DocumentRecord, Sequence[Chunk]]] = field(default_factory=list)
    _since: float = 0.0
    _families: dict[Family, set[str]] | None = None
    """Ids of the versions of each rule; None before the first documents are put in."""

    def add(self, record: DocumentRecord, chunks: Sequence[Chunk]) -> None:
        """Take a document; its vectors are stored already."""
        if not self._waiting:
            self._since = self.clock()
        self._waiting.append((record, chunks))
        if len(self._waiting) >= self.documents or self.clock() - self._since >= self.seconds:
            self.put_in()

    def put_in(self) -> None:
        """Put in what waits.

        The word index is written before the transaction ends: between its last file and the end of the transaction lie
        milliseconds, not the time that it takes to write. A run that is killed there leaves an index ahead of the
        catalogue, which the next writer builds anew.
        """
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        with self.catalogue.batch():
            for record, chunks in waiting:
                self.catalogue.put_document(record, chunks, vectors={})
            self._note_offices(waiting)
            if self._brings_version([record for record, _ in waiting]):
                self.ended += date_versions(self.catalogue)  # never two versions in force at once
            self.refresh()

    def _brings_version(self, records: Sequence[DocumentRecord]) -> bool:
        """Tell whether one of these has another version: dating looks at every document, and most have none."""
        if self._families is None:
            self._families = defaultdict(set)
            records = [*self.catalogue.documents(), *records]
        found = [(own, record.id) for record in records if (own := family(record)) is not None]
        for own, key in found:
            self._families[own].add(key)
        return any(len(self._families[own]) > 1 for own, _ in found)

    def _note_offices(self, waiting: Sequence[tuple[DocumentRecord, Sequence[Chunk]]]) -> None:
        noted: list[str] = json.loads(self.catalogue.facts().get(OFFICES_FACT, "[]"))
        changed = {record.id for record, _ in waiting}
        wanted = [each for each in noted if each not in changed]
        wanted += [record.id for record, chunks in waiting if any(is_office(chunk) for chunk in chunks)]
        if wanted != noted:
            self.catalogue.put_fact(OFFICES_FACT, json.dumps(wanted))
