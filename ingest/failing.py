"""What becomes of a document whose file could not be read: its last good text stays, or nothing of it is searched."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rag.domain import UNLABELLED, Audience, DocumentRecord, Labels, State

KEPT = "いまは読み直せないため、前に読み取った内容で検索しています。"
RESTRICTED = "ラベルが厳しくなったため、読み直すまで検索から外しています。取り込みが終わるのを待ってください。"
GIVEN_UP = "{attempts}回続けて読めなかったので、次からは試しません。もう一度試すには、このファイルを kotae ingest に渡してください。"


def may_stay(record: DocumentRecord | None, labels: Labels, *, file_hash: str, levels: Sequence[str]) -> bool:
    """Tell whether what was read before may go on being searched after a failure that may pass.

    The bytes must be the same, and no label may have become stricter: rights and dates come before the text.
    """
    return (
        record is not None
        and record.state is State.ACTIVE
        and record.file_hash == file_hash
        and not restricts(labels, record, levels=levels)
    )


def restricts(labels: Labels, record: DocumentRecord, *, levels: Sequence[str]) -> bool:
    """Tell whether these labels hide the document from anyone, or on any day, whom the stored ones let read it."""
    return (
        is_narrower(audience_of(labels), record.audience, levels)
        or _is_before(labels.effective_to, record.period.end)
        or _is_before(record.period.start, labels.effective_from)
        or (labels.effective_from is not None and record.period.start is None)
    )


def audience_of(labels: Labels) -> Audience:
    """Return who may read a document with these labels."""
    return Audience(level=labels.level or UNLABELLED, groups=labels.groups or frozenset())


def told(record: DocumentRecord, *, attempts: int) -> str:
    """Return what a run says of a file that could not be read, and whether the next ones try again."""
    given_up = record.may_pass and record.attempts >= attempts
    return record.reason + (GIVEN_UP.format(attempts=record.attempts) if given_up else "")


def is_narrower(new: Audience, old: Audience, levels: Sequence[str]) -> bool:
    """Tell whether an audience leaves anyone out whom another one lets read."""
    if new.level != old.level and not (
        new.level in levels and old.level in levels and levels.index(new.level) > levels.index(old.level)
    ):
        return True
    return bool(new.groups) and (not old.groups or not new.groups >= old.groups)


def _is_before(one: date | None, other: date | None) -> bool:
    """Tell whether a day comes before another; None: never, and at the very end."""
    return one is not None and (other is None or one < other)
