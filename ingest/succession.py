"""Versions of one rule end one another: each is in force until the next one starts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from ingest.split import identified
from rag.domain import Audience, DocumentRecord, Kind, State
from rag.japanese.usual_names import fold_name
from rag.ports import Catalogue

__all__ = ["Family", "date_versions", "family", "with_ends"]

Family = tuple[str, str, Audience]
"""Number, title and audience of a rule."""
_LAW_NUMBER = re.compile(r"(?:法律|政令|省令|府令)第")
_LAW_TITLE = re.compile(r"(?:法律?|令|規則|規程)$")


def date_versions(catalogue: Catalogue) -> list[DocumentRecord]:
    """End every version in the catalogue where the next one starts, and return those whose end changed, as they are now.

    Only chunks of texts whose end changed are touched: their words, and so their vectors, stay.
    """
    records = catalogue.documents()
    changed = [after for before, after in zip(records, with_ends(records), strict=True) if before != after]
    for record in changed:
        chunks = [replace(chunk, period=record.period) for chunk in catalogue.chunks_of(record.id)]
        catalogue.put_document(record, identified(chunks), vectors={})
    return changed


def family(record: DocumentRecord) -> Family | None:
    """Return what the versions of one rule have in common; None for what is no version of anything."""
    if record.kind is not Kind.RULES or record.state is not State.ACTIVE or not (record.number and record.period.start):
        return None
    if _LAW_NUMBER.search(record.number) and not _LAW_TITLE.search(record.title):
        return None  # the number of a law that a notice speaks of
    return fold_name(record.number), fold_name(record.title), record.audience


def with_ends(records: Sequence[DocumentRecord]) -> list[DocumentRecord]:
    """Return the records with the ends that follow from one another; an end that labels state stays.

    Versions of a rule have one number, title and audience: a text that fewer people may read ends none that others rely on.
    """
    ends = dict(_ends(records))
    return [_ended(record, ends) for record in records]


def _ended(record: DocumentRecord, ends: Mapping[str, DocumentRecord]) -> DocumentRecord:
    if record.period.end is not None and not record.ended_by:
        return record
    following = ends.get(record.id)
    end = following.period.start if following else None
    return replace(record, period=replace(record.period, end=end), ended_by=following.id if following else "")


def _ends(records: Sequence[DocumentRecord]) -> dict[str, DocumentRecord]:
    """Return document id → the version that follows it."""
    families: dict[Family, list[DocumentRecord]] = defaultdict(list)
    for record in records:
        if (own := family(record)) is not None:
            families[own].append(record)
    following: dict[str, DocumentRecord] = {}
    for members in families.values():
        starts: dict[object, list[DocumentRecord]] = defaultdict(list)
        for record in sorted(members, key=lambda each: (str(each.period.start), each.id)):
            starts[record.period.start].append(record)
        for older, newer in pairwise(starts.values()):
            following |= {record.id: newer[0] for record in older}
    return following
