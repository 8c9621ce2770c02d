"""The story of one run: list, compare, read, split, embed, store, and what happened."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from ingest import markings
from ingest.batch import Batch
from ingest.compare import Comparison, Work
from ingest.embed import Backlog, MayEmbed, embed_chunks
from ingest.failing import KEPT, RESTRICTED, audience_of, may_stay, restricts, told
from ingest.folders import FolderRules
from ingest.labelling import open_book
from ingest.listing import Listing, list_files
from ingest.parse import parse
from ingest.records import unread
from ingest.report import SyncReport
from ingest.succession import date_versions
from rag.domain import Document, DocumentRecord, EmbeddingLoad, Labels, State
from rag.errors import DocumentBusyError, DocumentError
from rag.ports import Catalogue, Embedder
from rag.settings import Settings

ReadMany = Callable[[Sequence[tuple[Path, str]]], Iterator[Document | DocumentError]]
"""(file, name) pairs → what was read of each, in order."""
Tell = Callable[[int, int, str], None]
"""Done, all, name of the file at hand."""
EMPTIED = (
    "{path}: 取り込んだファイルが1つもありません。共有フォルダがつながっているか確かめてください。"
    "本当に空にしたときは、--watch を付けずに kotae ingest を実行してください。"
)
NO_TEXT = "文字がありません。検索の対象になりません。"


@dataclass(slots=True, kw_only=True)
class Sync:
    """One catalogue with what is needed to bring files into it."""

    catalogue: Catalogue
    embedder: Embedder
    may_embed: MayEmbed
    settings: Settings
    read_many: ReadMany
    takes_back: bool = True
    """A withdrawn document comes back, and a failed one is tried again, when its very file is given."""
    spares_emptied: bool = False
    """Refuse to remove everything below a path where nothing is left: a share that is away looks like that."""
    refresh: Callable[[], None] = field(default=lambda: None)
    """Brings the word index to what the catalogue holds, while a transaction is open."""
    stopped: Callable[[], bool] = field(default=lambda: False)
    """Asked before each file: True ends the run there; the next one goes on."""
    known_groups: frozenset[str] | None = None
    """The groups that somebody is in; None: there is no directory file, and no group is doubted."""
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    tell: Tell = field(default=lambda _done, _all, _name: None)

    def run(self, paths: Sequence[Path], *, label_file: Path | None = None, dry_run: bool = False) -> SyncReport:
        """Bring the catalogue in step with these files and folders; a second run changes nothing.

        One file that cannot be read never stops the others: it is quarantined and reported.
        """
        started = time.monotonic()
        report = SyncReport()
        listing = list_files(paths, known_sources=self.catalogue.sources())
        if not self.takes_back:
            listing = replace(listing, given=frozenset())
        if self.spares_emptied:
            self._refuse_emptied(paths, listing)
        comparison = self._comparison(listing, label_file, report)
        work, vanished = comparison.run()
        report.removed += [record.path for record in vanished]
        if dry_run:
            for item in work:
                _note(item, report)
            if self.embedder.is_remote:
                report.estimate = self._foresee(work, vanished)
        else:
            self._remember(listing, comparison)
            for record in vanished:
                self.catalogue.remove_document(record.id)
            for record in comparison.moved:
                self.catalogue.update_document(record)
            self._hide_restricted(comparison, work, report)
            self._date_versions(self._take_in(work, report), report)
        active = [record for record in self.catalogue.documents() if record.state is State.ACTIVE]
        report.documents = len(active)
        report.chunks = sum(record.chunk_count for record in active)
        report.seconds = time.monotonic() - started
        return report

    def _refuse_emptied(self, paths: Sequence[Path], listing: Listing) -> None:
        present = [file.full for file in listing.files]
        known = [
            Path(record.source) / record.path
            for record in self.catalogue.documents()
            if record.state is not State.WITHDRAWN
        ]
        for path in (each.resolve() for each in paths):
            if any(each.is_relative_to(path) for each in known) and not any(
                each.is_relative_to(path) for each in present
            ):
                raise DocumentError(EMPTIED.format(path=path))

    def _comparison(self, listing: Listing, label_file: Path | None, report: SyncReport) -> Comparison:
        rules = FolderRules(labels=self.settings.labels, levels=self.settings.levels)
        labels = open_book(
            listing,
            extra=label_file,
            memory=self.catalogue.given_labels(),
            rules=rules,
            known_groups=self.known_groups,
        )
        return Comparison(
            listing=listing,
            labels=labels,
            attempts=self.settings.ingest.attempts,
            fixed=(self.settings.ingest.chunk_characters, markings.VERSION),
            report=report,
            known={(record.source, record.path): record for record in self.catalogue.documents()},
        )

    def _remember(self, listing: Listing, comparison: Comparison) -> None:
        if comparison.labels.changes:
            self.catalogue.put_given_labels(comparison.labels.changes)
        for source in sorted({str(file.source) for file in listing.files} | {scope[0] for scope in listing.scopes}):
            self.catalogue.put_source(source)

    def _take_in(self, work: Sequence[Work], report: SyncReport) -> list[DocumentRecord]:
        """Read and store, and return the versions whose end changed by that."""
        read = self.read_many([(item.file.full, item.file.path) for item in work])
        batch = Batch(
            catalogue=self.catalogue,
            refresh=self.refresh,
            documents=self.settings.ingest.refresh_documents,
            seconds=self.settings.ingest.refresh_seconds,
        )
        try:
            for done, (item, found) in enumerate(zip(work, read, strict=True)):
                if self.stopped():
                    report.left_over = len(work) - done
                    break
                self.tell(done, len(work), item.file.path)
                try:
                    if isinstance(found, DocumentError):
                        raise found
                    self._store(item, found, batch, report)
                except DocumentError as error:
                    self._set_aside(item, error, report)
        finally:  # what was read is not lost when a later file ends the run
            batch.put_in()
        self.tell(len(work), len(work), "")
        return batch.ended

    def _foresee(self, work: Sequence[Work], vanished: Sequence[DocumentRecord]) -> EmbeddingLoad:
        """Return what a run would send: every file is read for that, since nothing else tells how much text it holds."""
        backlog = Backlog(catalogue=self.catalogue, embedder=self.embedder, may_embed=self.may_embed)
        load = backlog.load(leaving_out={item.id for item in work} | {record.id for record in vanished})
        read = self.read_many([(item.file.full, item.file.path) for item in work])
        for done, (item, found) in enumerate(zip(work, read, strict=True)):
            self.tell(done, len(work), item.file.path)
            with suppress(DocumentError):  # the run itself will report it
                if not isinstance(found, DocumentError):
                    load += backlog.load_of(parse(item, found, settings=self.settings)[1])
        return load

    def _set_aside(self, item: Work, error: DocumentError, report: SyncReport) -> None:
        """Keep the last good text where that is safe, else let nothing of the document be searched."""
        levels = self.settings.levels.order
        may_pass = isinstance(error, DocumentBusyError)
        stays = may_pass and may_stay(item.known, item.labels, file_hash=item.file_hash, levels=levels)
        tried_before = item.known is not None and item.known.content_hash == item.content_hash
        record = replace(
            item.known if item.known and stays else unread(item),
            path=item.file.path,
            content_hash=item.content_hash,
            file_hash=item.file_hash,
            reason=str(error),
            attempts=item.known.attempts + 1 if item.known and tried_before else 1,
            tried_at=self.now(),
            may_pass=may_pass,
        )
        if stays:
            self.catalogue.update_document(record)
            report.warnings.append((item.file.path, KEPT))
        else:
            self._hide(record, item.labels)
        attempts = self.settings.ingest.attempts
        report.failed.append((item.file.path, told(record, attempts=attempts)))
        report.tries_again += may_pass and record.attempts < attempts

    def _date_versions(self, ended: Sequence[DocumentRecord], report: SyncReport) -> None:
        """End versions also after removals, and report every end that this run brought."""
        with self.catalogue.batch():
            changed = [*ended, *date_versions(self.catalogue)]
            if len(changed) > len(ended):
                self.refresh()
        records = {record.id: record for record in self.catalogue.documents()} if changed else {}
        for record in (records[key] for key in dict.fromkeys(each.id for each in changed)):
            if record.ended_by and record.period.end:
                report.ended.append((record.path, record.period.end, records[record.ended_by].path))

    def _hide_restricted(self, comparison: Comparison, work: Sequence[Work], report: SyncReport) -> None:
        """Let labels that restrict a document act at once, before, or without, its file being read."""
        levels = self.settings.levels.order
        with self.catalogue.batch():
            for known, labels, error in comparison.unopened:
                if known.state is not State.ACTIVE:
                    continue
                if restricts(labels, known, levels=levels):
                    record = replace(known, content_hash="", reason=str(error), tried_at=self.now(), may_pass=True)
                    self._hide(replace(record, attempts=1), labels)
                else:
                    report.warnings.append((known.path, KEPT))
            for item in work:
                if (
                    item.known
                    and item.known.state is State.ACTIVE
                    and restricts(item.labels, item.known, levels=levels)
                ):
                    self._hide(replace(item.known, content_hash="", reason=RESTRICTED), item.labels)

    def _hide(self, record: DocumentRecord, labels: Labels) -> None:
        hidden = replace(record, audience=audience_of(labels), state=State.QUARANTINED, chunk_count=0)
        self.catalogue.put_document(hidden, [], vectors={})

    def _store(self, item: Work, document: Document, batch: Batch, report: SyncReport) -> None:
        record, chunks = parse(item, document, settings=self.settings)
        warnings = record.warnings if chunks else (*record.warnings, NO_TEXT)
        record = replace(record, chunk_count=len(chunks), warnings=warnings)
        # What goes out is counted, told and sent together, when everything is read.
        now = [chunk for chunk in chunks if not (self.embedder.is_remote and self.may_embed(chunk.audience))]
        report.embedded += embed_chunks(now, catalogue=self.catalogue, embedder=self.embedder, may_embed=self.may_embed)
        batch.add(record, chunks)
        _note(item, report)
        report.warnings += [(item.file.path, warning) for warning in record.warnings]


def _note(item: Work, report: SyncReport) -> None:
    """Report what became of a file that was read; a rename was noted when it was found."""
    if item.known is None:
        report.added.append(item.file.path)
    elif not item.renamed or item.known.file_hash != item.file_hash:
        report.changed.append(item.file.path)
