"""Drafts for every item of a notice, into a folder: at once, resumable at any moment, one item failing alone."""

from __future__ import annotations

import hashlib
import json
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from rag.assembly.item import AnswerPart, DraftRequest, Item, Notice, Stance
from rag.assembly.sheet import Overview, Sheet
from rag.drafting.checks import Duplicate
from rag.drafting.duplicates import same_questions
from rag.drafting.story import Drafter, checked_of
from rag.errors import CasesError, KotaeError
from rag.tokens import count_tokens
from ui.output import keep_traceback
from ui.words import draft as words

STATE = ".kotae-draft.jsonl"
"""What is done, one item a line: a run that was killed goes on behind it."""
_SHEETS = TypeAdapter(Sheet)


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """An item with what its draft depends on."""

    id: str
    item: Item
    file: str
    """Name of its Word file."""
    request: DraftRequest | None = None
    """None: it could not be prepared."""
    key: str = ""
    """Digest of all that the draft depends on."""
    reason: str = ""
    """Why it could not be prepared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one item."""

    id: str
    item: Item
    sheet: Sheet | None = None
    """None: it failed."""
    reason: str = ""
    """Why it failed, for the person."""
    file: str = ""
    is_kept: bool = False
    """Whether it was done by an earlier run, and nothing that it rests on has changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What is about to be sent to a language model."""

    items: int
    input_tokens: int
    output_tokens: int
    """At most."""


@dataclass(slots=True, kw_only=True)
class DraftRun:
    """One run over a notice."""

    drafter: Drafter
    notice: Notice
    out: Path
    day: date
    stance: Stance
    sitting: str
    write_sheet: Callable[[Sheet, Path], None]
    home_path: Path
    """Where an unforeseen error is logged."""
    done: dict[str, tuple[str, Sheet]] = field(default_factory=dict)
    """Item id → the key under which it was drafted, and its sheet."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def open(self) -> None:
        """Make the folder and read what an earlier run has done; raises CasesError."""
        try:
            self.out.mkdir(parents=True, exist_ok=True)
            text = self._state.read_text(encoding="utf-8") if self._state.exists() else ""
            lines = [line for line in text.split("\n") if line]
            kept = [line for line in lines if self._take(line)]
            if len(kept) < len(lines) or (text and not text.endswith("\n")):
                replace_file(self._state, "".join(f"{line}\n" for line in kept))
        except OSError as error:
            raise CasesError(words.cannot_write(self.out, error.strerror or "")) from error

    def _take(self, line: str) -> bool:
        """Take a line of an earlier run; False: a kill cut it short, or an earlier version wrote it, and that item is drafted again."""
        try:
            entry = json.loads(line)
            self.done[entry["id"]] = entry["key"], _SHEETS.validate_python(entry["sheet"])
        except (ValueError, KeyError, TypeError, ValidationError):
            return False
        return True

    def plan(self) -> list[Planned]:
        """Look for past answers and evidence of every item; what cannot be prepared says why."""
        names, files = self._ids(), self._files()
        with ThreadPoolExecutor(self._concurrency, thread_name_prefix="plan") as pool:
            return list(pool.map(self._planned, names, self.notice.items, files))

    def _planned(self, name: str, item: Item, file: str) -> Planned:
        try:
            request = self.drafter.request(item, day=self.day, stance=self.stance)
            return Planned(id=name, item=item, file=file, request=request, key=key_of(self.drafter, request))
        except Exception as error:  # noqa: BLE001 - one poisoned item must not take the others with it
            return Planned(id=name, item=item, file=file, reason=self._reason(error))

    def is_kept(self, planned: Planned) -> bool:
        """Tell whether an earlier run drafted an item from the same."""
        return planned.id in self.done and self.done[planned.id][0] == planned.key

    def load(self, planned: list[Planned], output_tokens: int) -> Load:
        """Count what would be sent for what is not done; nothing without a language model."""
        writer = self.drafter.writer
        if writer is self.drafter.inside:
            return Load(items=0, input_tokens=0, output_tokens=0)
        todo = [each for each in planned if each.request and not self.is_kept(each)]
        texts = [self.drafter.asked_text(each.request) for each in todo if each.request]
        tokens = sum(count_tokens(text, writer.name) for text in texts)
        return Load(items=len(todo), input_tokens=tokens, output_tokens=output_tokens * len(todo))

    def run(self, planned: list[Planned], tell: Callable[[int, int, str], None]) -> Iterator[Outcome]:
        """Yield the outcome of each item as it comes; `tell` hears how many are done, of how many, and which was the last."""
        with ThreadPoolExecutor(self._concurrency, thread_name_prefix="draft") as pool:
            running: set[Future[Outcome]] = set()
            waiting = iter(planned)
            count = 0
            while True:
                while len(running) < 2 * self._concurrency and (each := next(waiting, None)) is not None:
                    running.add(pool.submit(self.outcome, each))
                if not running:
                    return
                finished, running = wait(running, return_when=FIRST_COMPLETED)
                for future in finished:
                    count += 1
                    tell(count, len(planned), future.result().id)
                    yield future.result()

    def outcome(self, planned: Planned, draft: Callable[[DraftRequest], Sheet] | None = None) -> Outcome:
        """Draft one item, or take it as it was drafted; whatever goes wrong with it is told and stays with it."""
        started = time.monotonic()
        if planned.request is None:
            return Outcome(id=planned.id, item=planned.item, reason=planned.reason)
        try:
            if self.is_kept(planned):
                sheet = self.done[planned.id][1]
                if not (self.out / planned.file).exists():
                    self.write_sheet(sheet, self.out / planned.file)
                return Outcome(id=planned.id, item=planned.item, sheet=sheet, file=planned.file, is_kept=True)
            made = draft or (lambda request: self.drafter.draft(request, sitting=self.sitting))
            before = self.done.get(planned.id)
            sheet = replace(
                made(planned.request),
                version=before[1].version + 1 if before else 1,
                seconds=round(time.monotonic() - started, 3),
            )
            self._keep(planned, sheet)
        except Exception as error:  # noqa: BLE001 - one poisoned item must not take the others with it
            return Outcome(id=planned.id, item=planned.item, reason=self._reason(error))
        return Outcome(id=planned.id, item=planned.item, sheet=sheet, file=planned.file)

    def beside(self, planned: list[Planned], outcomes: list[Outcome]) -> list[Outcome]:
        """Return the outcomes with what the drafts of items that ask the same do not say alike; what changes is written again."""
        plans = {each.id: each for each in planned}
        by_item = {id(plans[each.id].item): each for each in outcomes}
        items = [each.item for each in planned]
        updated = {each.id: each for each in outcomes}
        for group in same_questions(items):
            drafted = [outcome for at in group if (outcome := by_item[id(items[at])]).sheet is not None]
            for one in drafted:
                others = [_duplicate(other) for other in drafted if other is not one]
                updated[one.id] = self._rechecked(plans[one.id], one, others)
        return [updated[each.id] for each in outcomes]

    def _rechecked(self, planned: Planned, outcome: Outcome, others: list[Duplicate]) -> Outcome:
        sheet = outcome.sheet
        if sheet is None or planned.request is None or not others:
            return outcome
        findings = tuple(self.drafter.check(checked_of(planned.request, sheet.paragraphs, others)))
        if findings == sheet.findings:
            return outcome
        sheet = replace(sheet, findings=findings)
        self._keep(planned, sheet)
        return replace(outcome, sheet=sheet)

    def _keep(self, planned: Planned, sheet: Sheet) -> None:
        """Write the Word file, and then the line that says so: a kill between them only writes the file again."""
        self.write_sheet(sheet, self.out / planned.file)
        entry = {"id": planned.id, "key": planned.key, "sheet": _SHEETS.dump_python(sheet, mode="json")}
        with self._lock, self._state.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(entry, ensure_ascii=False) + "\n")
            stream.flush()
            os.fsync(stream.fileno())
            self.done[planned.id] = planned.key, sheet

    def _reason(self, error: Exception) -> str:
        if isinstance(error, KotaeError):
            return str(error)
        return words.unexpected(type(error).__name__, keep_traceback(self.home_path, error))

    def _ids(self) -> list[str]:
        """Return a name for each item that stays the same as long as the notice does."""
        found: dict[str, int] = {}
        names = []
        for item in self.notice.items:
            name = "_".join(filter(None, (item.member, item.label))) or item.text[:20]
            found[name] = found.get(name, 0) + 1
            names.append(name if found[name] == 1 else f"{name}#{found[name]}")
        return names

    def _files(self) -> tuple[str, ...]:
        now = self.drafter.now()
        sheets = tuple(Sheet(item=item, made_at=now) for item in self.notice.items)
        return Overview(title="", made_at=now, sheets=sheets).file_names

    @property
    def _concurrency(self) -> int:
        return self.drafter.settings.concurrency

    @property
    def _state(self) -> Path:
        return self.out / STATE


def _duplicate(outcome: Outcome) -> Duplicate:
    item, sheet = outcome.item, outcome.sheet
    label = " ".join(filter(None, (f"{item.member}議員" if item.member else "", item.label)))
    said = [each.text for each in sheet.paragraphs if each.part is not AnswerPart.RESTATEMENT] if sheet else []
    return Duplicate(label=label or item.text[:20], text="\n".join(said))


def key_of(drafter: Drafter, request: DraftRequest) -> str:
    """Return what a draft depends on, as a digest: the item, what was found for it, how it is written and checked."""
    held: Mapping[str, Any] = {
        "item": repr(request.item),
        "questions": request.questions,
        "how": [request.stance.value, request.day.isoformat(), request.opening, request.endings, request.characters],
        "past": [(each.citation.chunk_id, each.citation.own_hash) for each in request.past],
        "evidence": [(each.chunk.id, each.title) for each in request.evidence],
        "writer": [drafter.writer.name, drafter.writer.prompt, drafter.version],
    }
    return hashlib.sha256(json.dumps(held, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:24]


def replace_file(file: Path, text: str) -> None:
    """Write a file anew at one stroke."""
    draft = file.with_name(f"{file.name}.tmp")
    draft.write_text(text, encoding="utf-8")
    draft.replace(file)
