"""What is new, changed, renamed, gone or the same: the files of a run against the catalogue."""

from __future__ import annotations

import unicodedata
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from itertools import chain, count
from pathlib import Path

from ingest.failing import KEPT, told
from ingest.labelling import LabelBook
from ingest.listing import Listing, SourceFile, document_id, file_hash
from ingest.report import SyncReport
from ingest.split import INDEX_VERSION
from rag.domain import DocumentRecord, Labels, State
from rag.errors import DocumentBusyError, DocumentError


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A file that a run must read."""

    file: SourceFile
    id: str
    file_hash: str
    content_hash: str
    labels: Labels
    supersedes: str
    """Id of the document that it replaces; empty: none."""
    level_names: Mapping[str, str]
    """What may be written for a level in its source → the level that it means."""
    known: DocumentRecord | None
    """The record it replaces; None: a new document."""

    @property
    def renamed(self) -> bool:
        """Tell whether the catalogue knows this file under another path."""
        return self.known is not None and self.known.path != self.file.path


@dataclass(slots=True, kw_only=True)
class Comparison:
    """One comparison; `run` fills the report with all that needs no reading."""

    listing: Listing
    labels: LabelBook
    fixed: Sequence[object]
    """What, beside file and labels, a stored document depends on: chunk size, how markings are read."""
    attempts: int
    """In how many runs a file is tried whose failure may pass."""
    report: SyncReport
    known: dict[tuple[str, str], DocumentRecord]
    """(source, path) → record of every document in the catalogue."""
    moved: list[DocumentRecord] = field(default_factory=list)
    """Withdrawn documents under the new names of their files."""
    unopened: list[tuple[DocumentRecord, Labels, DocumentError]] = field(default_factory=list)
    """Known documents whose files cannot even be opened, with what is said of them now."""

    def run(self) -> tuple[list[Work], list[DocumentRecord]]:
        """Return the files to read and the records to remove, whose files have vanished."""
        self.report.failed += [(at.path, reason) for at, reason in self.listing.closed.items()]
        vanished = self._vanished()
        digests = dict(self._digests())
        renamed = self._renamed(digests, vanished)
        self._note_closed()
        taken = {record.id for record in self.known.values()}
        ids = {place: record.id for place, record in self.known.items()}
        ids |= {(str(file.source), file.path): record.id for file, record in renamed.items()}
        work: list[Work] = []
        for file, digest in digests.items():
            record = self.known.get((str(file.source), file.path)) or renamed.get(file)
            labels = self.labels.labels_of(file)
            self.report.warnings += [(file.path, warning) for warning in self.labels.warnings_of(file, labels)]
            content = self._content_hash(file, digest, labels)
            if record is not None and self._needs_nothing(file, record, content):
                continue
            identity = record.id if record else _new_id(file, taken)
            taken.add(identity)
            work.append(
                Work(
                    file=file,
                    id=identity,
                    file_hash=digest,
                    content_hash=content,
                    labels=labels,
                    supersedes=_id_at(ids, file, labels.supersedes) if labels.supersedes else "",
                    level_names=self.labels.rules.level_names(file),
                    known=record,
                )
            )
        # A withdrawn document stays known: its file may only have been away.
        return work, [record for _, record in sorted(vanished.items()) if record.state is not State.WITHDRAWN]

    def _digests(self) -> Iterator[tuple[SourceFile, str]]:
        """Yield the hash of every file that can be opened; the others are reported."""
        for file in self.listing.files:
            try:
                yield file, file_hash(file.full)
            except DocumentError as error:
                self.report.failed.append((file.path, str(error)))
                self.report.tries_again += 1
                if record := self.known.get((str(file.source), file.path)):
                    self.unopened.append((record, self.labels.labels_of(file), error))

    def _vanished(self) -> dict[tuple[str, str], DocumentRecord]:
        present = {(str(file.source), file.path) for file in self.listing.files}
        return {
            (source, path): record
            for (source, path), record in self.known.items()
            if (source, path) not in present
            and any(source == whole and path.startswith(start) for whole, start in self.listing.scopes)
            and self._closed_at(record) is None
        }

    def _closed_at(self, record: DocumentRecord) -> SourceFile | None:
        """Return the place above a document that could not be listed; None: all of it was."""
        inside = (
            at
            for at in self.listing.closed
            if str(at.source) == record.source and f"{record.path}/".startswith(f"{at.path}/")
        )
        return next(inside, None)

    def _note_closed(self) -> None:
        """Note documents that could not be listed and of which a labels file that could be read speaks."""
        for record in self.known.values():
            file = SourceFile(source=Path(record.source), path=record.path)
            if (at := self._closed_at(record)) and self.labels.has_row(file):
                reason = DocumentBusyError(self.listing.closed[at])
                self.unopened.append((record, self.labels.labels_of(file), reason))

    def _renamed(
        self, digests: Mapping[SourceFile, str], vanished: dict[tuple[str, str], DocumentRecord]
    ) -> dict[SourceFile, DocumentRecord]:
        """Take from what vanished what lies elsewhere under another name; what was given for it moves along."""
        new = {file: digest for file, digest in digests.items() if (str(file.source), file.path) not in self.known}
        renamed = dict(pair_renames(new, vanished.values()))
        for file, record in renamed.items():
            del vanished[record.source, record.path]
            self.labels.move(file.source / record.path, file)
            if record.state is not State.WITHDRAWN:
                self.report.renamed.append((record.path, file.path))
        return renamed

    def _needs_nothing(self, file: SourceFile, record: DocumentRecord, content: str) -> bool:
        given = (str(file.source), file.path) in self.listing.given
        if record.state is State.WITHDRAWN and not given:
            self.report.withdrawn.append(file.path)
            if record.path != file.path:
                self.moved.append(replace(record, path=file.path))
            return True
        if record.content_hash != content or record.path != file.path or record.state is State.WITHDRAWN:
            return False
        if record.reason:
            again = given or (record.may_pass and record.attempts < self.attempts)
            if not again:
                self.report.failed.append((record.path, told(record, attempts=self.attempts)))
                if record.state is State.ACTIVE:
                    self.report.warnings.append((record.path, KEPT))
            return not again
        self.report.unchanged.append(record.path)
        self.report.warnings += [(record.path, warning) for warning in record.warnings]
        return True

    def _content_hash(self, file: SourceFile, digest: str, labels: Labels) -> str:
        groups = None if labels.groups is None else sorted(labels.groups)
        facts: tuple[object, ...] = (digest, INDEX_VERSION, *self.fixed, repr(replace(labels, groups=None)), groups)
        if self.labels.rules.scheme_of(file):  # it says what a marking in the document means
            facts = (*facts, self.labels.rules.level_names(file))
        return sha256("\x1f".join(map(str, facts)).encode()).hexdigest()


def pair_renames(
    new: Mapping[SourceFile, str], vanished: Iterable[DocumentRecord]
) -> Iterator[tuple[SourceFile, DocumentRecord]]:
    """Yield which new file (with the hash of its bytes) is which vanished document under another name.

    Equal bytes first: under a name that differs only in case or form, then the same name elsewhere, then any name; among
    equals in the order of their paths. Last, whatever its bytes, a name that differs only in case or form.
    """
    files = sorted(new, key=lambda file: (str(file.source), file.path))
    records = {
        (record.source, record.path): record
        for record in sorted(vanished, key=lambda record: (record.source, record.path))
    }
    taken: set[SourceFile] = set()
    for rule in (("bytes", "path"), ("bytes", "name"), ("bytes",), ("path",)):
        waiting: dict[tuple[str, ...], deque[DocumentRecord]] = {}
        for record in records.values():
            waiting.setdefault(_rename_key(rule, record.source, record.path, record.file_hash), deque()).append(record)
        for file in files:
            fitting = waiting.get(_rename_key(rule, str(file.source), file.path, new[file]))
            if fitting and file not in taken:
                record = fitting.popleft()
                taken.add(file)
                del records[record.source, record.path]
                yield file, record


def _rename_key(rule: Sequence[str], source: str, path: str, digest: str) -> tuple[str, ...]:
    folded = unicodedata.normalize("NFC", path).casefold()
    parts = {"bytes": digest, "path": folded, "name": folded.rpartition("/")[2]}
    return (source, *(parts[name] for name in rule))


def _id_at(ids: Mapping[tuple[str, str], str], file: SourceFile, path: str) -> str:
    """Return the id of the document at a path of this file's source: a renamed one has kept that of its first path."""
    return ids.get((str(file.source), path)) or document_id(path)


def _new_id(file: SourceFile, taken: set[str]) -> str:
    """Return the id of a new document: its path, unless another source, or a file since renamed, has taken that."""
    others = (f"{file.full}\n{number}" for number in count())
    names = chain((file.path, f"{file.source.name}/{file.path}"), others)
    return next(identity for name in names if (identity := document_id(name)) not in taken)
