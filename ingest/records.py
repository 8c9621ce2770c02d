"""What the catalogue keeps of a document beside its chunks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ingest import markings
from ingest.compare import Work
from ingest.failing import audience_of
from rag.domain import Document, DocumentRecord, Kind, Period, Structure

LEVEL_MISSING = (
    "区分（level）の指定がないため、管理者だけが読めます。labels.csv か設定の labels.folders に書いてください。"
)
SUCCESSION_UNDATED = (
    "effective_from の指定がないため、supersedes の文書が終わりません。labels.csv に施行日を書いてください。"
)


def unread(item: Work) -> DocumentRecord:
    """Return the record of a document of which only the file's name and the labels are known."""
    return DocumentRecord(
        id=item.id,
        source=str(item.file.source),
        path=item.file.path,
        content_hash="",
        title=item.labels.title or Path(item.file.path).stem,
        kind=Kind.PLAIN,
        department=item.labels.department or "",
    )


def describe(item: Work, document: Document, structure: Structure, *, levels: Sequence[str]) -> DocumentRecord:
    """Return the record of a document: labels first, its own head where they say nothing, the stricter of two levels."""
    labels, audience = item.labels, audience_of(item.labels)
    warnings = (*document.warnings, *structure.warnings)
    if labels.supersedes and labels.effective_from is None:
        warnings = (*warnings, SUCCESSION_UNDATED)
    if labels.level is None:
        warnings = (*warnings, LEVEL_MISSING)
    else:
        level, found = markings.raised_level(document, labels.level, names=item.level_names, order=levels)
        audience, warnings = replace(audience, level=level), (*warnings, *found)
    return DocumentRecord(
        id=item.id,
        source=str(item.file.source),
        path=item.file.path,
        content_hash=item.content_hash,
        file_hash=item.file_hash,
        title=labels.title or structure.title,
        kind=structure.kind,
        department=labels.department or "",
        number=labels.number or structure.number,
        audience=audience,
        period=Period(start=labels.effective_from or structure.effective_from, end=labels.effective_to),
        supersedes=item.supersedes,
        warnings=warnings,
    )
