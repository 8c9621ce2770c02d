"""Drafts that are kept in the home, one folder a notice: whose they are, who may see them, what they hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from rag.assembly.item import Item, Notice, Stance
from rag.assembly.sheet import Overview, Sheet
from rag.domain import Reader
from rag.errors import HomeError, NotFoundError
from rag.safety.authorise import may_see_draft
from rag.wiring import Home
from ui.draft_keys import files_of, ids_of
from ui.draft_rights import reading
from ui.draft_state import STATE, DraftState, Kept
from ui.drafting import DraftRun, replace_file
from ui.words import drafts as words

FOLDER = "drafts"
NOTICE = "notice.json"
_ID = re.compile(r"[0-9a-f]{24}")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptDraft:
    """The drafts of one notice."""

    id: str
    notice: Notice
    sitting: str
    day: date
    stance: Stance
    user: str
    """Who took the notice in."""
    name: str
    """The same as people call him."""
    department: str
    """Whose the drafts are; empty: his alone."""
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An item with what has become of it, as far as a reader may see."""

    number: int
    """1-based, in the order of the notice."""
    id: str
    item: Item
    file: str
    sheet: Sheet | None = None
    """None: there is no draft yet, or it is hidden."""
    is_hidden: bool = False
    """Whether its draft was made from a document that the reader may not read."""
    is_edited: bool = False
    is_outdated: bool = False
    """Whether a person wrote in it, and what it rests on has changed since."""

    @property
    def is_red(self) -> bool:
        """Tell whether a check found what must be put right."""
        return self.sheet is not None and self.sheet.has_red


_DRAFTS = TypeAdapter(KeptDraft)


def draft_id(reader: Reader, notice: bytes, day: date) -> str:
    """Return the id under which an office keeps the drafts of a notice for a day."""
    whose = f"課\x1f{reader.department}" if reader.department else f"人\x1f{reader.user}"
    return sha256(b"\x1f".join([whose.encode(), sha256(notice).digest(), day.isoformat().encode()])).hexdigest()[:24]


def keep_draft(home: Path, draft: KeptDraft) -> KeptDraft:
    """Keep the notice before anything is drafted; one that is kept already stays that of whoever took it in. Raises HomeError."""
    folder = home / FOLDER / draft.id
    before = _read(folder)
    if before is not None:
        draft = replace(draft, user=before.user, name=before.name, made_at=before.made_at)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        replace_file(folder / NOTICE, _DRAFTS.dump_json(draft).decode())
    except OSError as error:
        raise HomeError(words.cannot_keep(error.strerror or "")) from error
    return draft


def kept_drafts(home: Path, reader: Reader) -> list[KeptDraft]:
    """Return the drafts that a reader may see, the newest first."""
    found = [_read(folder) for folder in _folders(home)]
    own = [each for each in found if each is not None and _may_see(reader, each)]
    return sorted(own, key=lambda each: each.made_at, reverse=True)


def unread_drafts(home: Path) -> list[str]:
    """Return the folders that hold a notice which this version cannot read."""
    return [folder.name for folder in _folders(home) if (folder / NOTICE).exists() and _read(folder) is None]


def _folders(home: Path) -> list[Path]:
    return sorted(folder for folder in (home / FOLDER).glob("*") if _ID.fullmatch(folder.name))


def find_draft(home: Path, reader: Reader, draft_id: str) -> KeptDraft:
    """Return the drafts of this id; raises NotFoundError, in the same words whether unknown or another office's."""
    draft = _read(home / FOLDER / draft_id) if _ID.fullmatch(draft_id) else None
    if draft is None or not _may_see(reader, draft):
        raise NotFoundError(words.GONE)
    return draft


def _may_see(reader: Reader, draft: KeptDraft) -> bool:
    return may_see_draft(reader, user=draft.user, department=draft.department)


def _read(folder: Path) -> KeptDraft | None:
    """Return the notice of a folder; None: it holds none that this version can read."""
    try:
        return _DRAFTS.validate_json((folder / NOTICE).read_bytes())
    except (OSError, ValidationError):
        return None


def folder_of(home: Path, draft: KeptDraft) -> Path:
    """Return where Word files and state of a notice lie."""
    return home / FOLDER / draft.id


def rows_of(home: Home, reader: Reader, draft: KeptDraft) -> list[Row]:
    """Return every item in the order of the notice; an answer from what the reader may not read is left out."""
    done = _done(home.path, draft)
    may_read = reading(home, reader)
    named = zip(ids_of(draft.notice), draft.notice.items, files_of(draft.notice, draft.made_at), strict=True)
    return [
        _row(Row(number=number, id=name, item=item, file=file), done.get(name), may_read)
        for number, (name, item, file) in enumerate(named, 1)
    ]


def _row(row: Row, kept: Kept | None, may_read: Callable[[Kept], bool]) -> Row:
    if kept is None:
        return row
    if not may_read(kept):
        return replace(row, is_hidden=True)
    return replace(row, sheet=kept.shown, is_edited=kept.is_edited, is_outdated=kept.is_outdated)


def counts(home: Path, draft: KeptDraft) -> tuple[int, int]:
    """Return how many items have a draft, and how many of them are red."""
    done = _done(home, draft).values()
    return len(done), sum(each.sheet.has_red for each in done)


def _done(home: Path, draft: KeptDraft) -> Mapping[str, Kept]:
    folder = folder_of(home, draft)
    try:
        stat = (folder / STATE).stat()
    except OSError:
        return {}
    return _done_at(folder, stat.st_size, stat.st_mtime_ns)


@lru_cache(maxsize=16)
def _done_at(folder: Path, _size: int, _time: int) -> Mapping[str, Kept]:
    """Read a state once for as long as it stays the same: every click on the page asks for it."""
    state = DraftState(folder)
    state.read()
    return state.done


def open_run(home: Home, reader: Reader, draft: KeptDraft) -> DraftRun:
    """Return what drafts and edits a kept notice with this reader's rights; raises KotaeError."""
    run = DraftRun(
        drafter=home.drafter(reader),
        notice=draft.notice,
        out=folder_of(home.path, draft),
        day=draft.day,
        stance=draft.stance,
        sitting=draft.sitting,
        write_sheet=home.write_sheet,
        home_path=home.path,
        may_read=reading(home, reader),
    )
    run.open()
    return run


def overview_of(draft: KeptDraft, rows: list[Row], now: datetime) -> Overview:
    """Return all sheets that a reader may see as one; an item without one stands there without an answer."""
    return Overview(
        title=draft.notice.title,
        made_at=now,
        sitting=draft.sitting,
        sheets=tuple(each.sheet or Sheet(item=each.item, made_at=now) for each in rows),
        warnings=(*draft.notice.warnings, *(words.hidden_item(each.id) for each in rows if each.is_hidden)),
    )
