"""Drafts for every item of a notice, into a folder: at once, resumable at any moment, one item failing alone."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from rag.assembly.item import Check, DraftRequest, Finding, Item, Notice, Stance
from rag.assembly.sheet import Sheet
from rag.domain import Audience
from rag.drafting.duplicates import same_questions
from rag.drafting.material import Duplicate
from rag.drafting.parts import matter_of
from rag.drafting.rechecking import Edited
from rag.drafting.story import Drafter, checked_of
from rag.errors import CasesError, KotaeError
from rag.tokens import count_tokens
from ui.draft_keys import files_of, ids_of, key_of
from ui.draft_state import DraftState, Kept
from ui.output import keep_traceback
from ui.words import draft as words


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
    """Whether it was done by an earlier run, and nothing that it rests on has changed, or a person wrote in it."""
    is_outdated: bool = False
    """Whether a person wrote in it, and what it rests on has changed since."""


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
    may_read: Callable[[Kept], bool]
    """Whether whoever runs it may read all that a kept answer was made from."""
    state: DraftState = field(init=False)
    """What is done."""
    _same_ids: Mapping[str, Sequence[str]] | None = field(init=False, default=None)
    """Item id → those that ask the same; None: not looked for yet."""

    def __post_init__(self) -> None:
        """Look at the folder only when it is opened."""
        self.state = DraftState(self.out)

    def open(self) -> None:
        """Make the folder and read what an earlier run has done; raises CasesError."""
        try:
            self.out.mkdir(parents=True, exist_ok=True)
            self.state.repair()
        except OSError as error:
            raise CasesError(words.cannot_write(self.out, error.strerror or "")) from error

    def plan(self) -> list[Planned]:
        """Look for past answers and evidence of every item; what cannot be prepared says why."""
        names, files = ids_of(self.notice), files_of(self.notice, self.drafter.now())
        with ThreadPoolExecutor(self._concurrency, thread_name_prefix="plan") as pool:
            return list(pool.map(self._planned, names, self.notice.items, files))

    def plan_one(self, name: str) -> Planned:
        """Look for past answers and evidence of the item of this id; raises CasesError for one that cannot be prepared."""
        names, files = ids_of(self.notice), files_of(self.notice, self.drafter.now())
        at = names.index(name)
        planned = self._planned(name, self.notice.items[at], files[at])
        if planned.request is None:
            raise CasesError(planned.reason)
        return planned

    def _planned(self, name: str, item: Item, file: str) -> Planned:
        try:
            request = self.drafter.request(item, day=self.day, stance=self.stance)
            return Planned(id=name, item=item, file=file, request=request, key=key_of(self.drafter, request))
        except Exception as error:  # noqa: BLE001 - one poisoned item must not take the others with it
            return Planned(id=name, item=item, file=file, reason=self._reason(error))

    def is_kept(self, planned: Planned) -> bool:
        """Tell whether an item stays as it is: drafted from the same, written by a person, or made from what this one may not read."""
        kept = self.state.done.get(planned.id)
        return kept is not None and (kept.key == planned.key or kept.is_edited or not self.may_read(kept))

    def load(self, planned: list[Planned], output_tokens: int) -> Load:
        """Count what would be sent for what is not done; nothing without a language model."""
        writer = self.drafter.writer
        if writer is self.drafter.inside:
            return Load(items=0, input_tokens=0, output_tokens=0)
        todo = [each for each in planned if each.request and not self.is_kept(each)]
        texts = [self.drafter.asked_text(each.request) for each in todo if each.request]
        tokens = sum(count_tokens(text, writer.name) for text in texts)
        return Load(items=len(todo), input_tokens=tokens, output_tokens=output_tokens * len(todo))

    def run(
        self,
        planned: list[Planned],
        tell: Callable[[int, int, str], None],
        *,
        is_stopped: Callable[[], bool] = lambda: False,
    ) -> Generator[Outcome]:
        """Yield the outcome of each item as it comes; once it is stopped no further one is begun, and what has begun ends.

        `tell` hears how many are done, of how many, and which was the last.
        """
        pool = ThreadPoolExecutor(self._concurrency, thread_name_prefix="draft")
        try:
            running: set[Future[Outcome | None]] = set()
            waiting = iter(planned)
            count = 0
            while True:
                while len(running) < 2 * self._concurrency and (each := next(waiting, None)) is not None:
                    running.add(pool.submit(self._unless, is_stopped, each))
                if not running:
                    return
                finished, running = wait(running, return_when=FIRST_COMPLETED)
                for outcome in filter(None, (each.result() for each in finished)):
                    count += 1
                    tell(count, len(planned), outcome.id)
                    yield outcome
        finally:
            pool.shutdown(cancel_futures=True)

    def _unless(self, is_stopped: Callable[[], bool], planned: Planned) -> Outcome | None:
        return None if is_stopped() else self.outcome(planned)

    def outcome(self, planned: Planned, draft: Callable[[DraftRequest], Sheet] | None = None) -> Outcome:
        """Draft one item, or take it as it was drafted; whatever goes wrong with it is told and stays with it."""
        started = time.monotonic()
        if planned.request is None:
            return Outcome(id=planned.id, item=planned.item, reason=planned.reason)
        try:
            if self.is_kept(planned):
                return self._as_kept(planned, self.state.done[planned.id])
            sheet = (draft or self._draft)(planned.request)
            kept = self._keep(planned, replace(sheet, seconds=round(time.monotonic() - started, 3)))
        except Exception as error:  # noqa: BLE001 - one poisoned item must not take the others with it
            return Outcome(id=planned.id, item=planned.item, reason=self._reason(error))
        return Outcome(id=planned.id, item=planned.item, sheet=kept.sheet, file=planned.file)

    def beside(self, planned: list[Planned], outcomes: list[Outcome]) -> list[Outcome]:
        """Return the outcomes with the checks run again where they may find something else now; what changes is written again.

        That is where other items ask the same, and where the draft is of an earlier run: a setting of the checks may have changed.
        An item that cannot be checked or written fails alone: what was kept of it stays.
        """
        plans = {each.id: each for each in planned}
        return [self._beside(plans[each.id], each) for each in outcomes]

    def _beside(self, planned: Planned, outcome: Outcome) -> Outcome:
        try:
            return self._rechecked(planned, outcome)
        except Exception as error:  # noqa: BLE001 - one poisoned item must not take the others with it
            return Outcome(id=outcome.id, item=outcome.item, reason=self._reason(error))

    def _rechecked(self, planned: Planned, outcome: Outcome) -> Outcome:
        sheet, others = outcome.sheet, self._same(planned)
        if sheet is None or planned.request is None or not (others or outcome.is_kept):
            return outcome
        findings = tuple(self.drafter.check(checked_of(planned.request, sheet.paragraphs, _duplicates(others))))
        if findings == sheet.findings:
            return outcome
        with self.state.locked():
            kept = self.state.done[planned.id]
            if kept.sheet.paragraphs != sheet.paragraphs:
                return outcome
            audiences = self._audiences(planned.request, kept) | _quoted_audiences(findings, others)
            kept = replace(kept, sheet=replace(kept.sheet, findings=findings), audiences=audiences)
            self.write_sheet(kept.shown, self.out / planned.file)
            self.state.put(planned.id, kept)
        return replace(outcome, sheet=kept.shown)

    def _same(self, planned: Planned) -> list[Kept]:
        """Return the kept answers to the other items that ask the same, as far as they may be read."""
        if self._same_ids is None:
            names = ids_of(self.notice)
            groups = [[names[at] for at in group] for group in same_questions(self.notice.items)]
            self._same_ids = {name: [each for each in group if each != name] for group in groups for name in group}
        kept = (self.state.done.get(each) for each in self._same_ids.get(planned.id, ()))
        return [each for each in kept if each is not None and self.may_read(each)]

    def _draft(self, request: DraftRequest) -> Sheet:
        return self.drafter.draft(request, sitting=self.sitting)

    def _as_kept(self, planned: Planned, kept: Kept) -> Outcome:
        """Take an item as it was done; that a person wrote in it from other sources than today's is told on the sheet."""
        if not self.may_read(kept):
            return Outcome(id=planned.id, item=planned.item, reason=words.NOT_HIS)
        is_outdated = kept.key != planned.key
        if is_outdated != kept.is_outdated:
            with self.state.locked():
                kept = self.state.done[planned.id]
                is_outdated = kept.key != planned.key
                kept = replace(kept, is_outdated=is_outdated)
                self.write_sheet(kept.shown, self.out / planned.file)
                self.state.put(planned.id, kept)
        elif not (self.out / planned.file).exists():
            self.write_sheet(kept.shown, self.out / planned.file)
        return Outcome(
            id=planned.id,
            item=planned.item,
            sheet=kept.shown,
            file=planned.file,
            is_kept=True,
            is_outdated=is_outdated,
        )

    def edit(self, planned: Planned, edited: Sequence[Edited], *, version: int) -> Sheet:
        """Keep an answer as a person wrote it over the sheet of this version (0: there was none), checked anew.

        Raises CasesError where somebody else has kept another version meanwhile: nothing is kept then.
        """
        if planned.request is None:
            raise CasesError(planned.reason)
        before = self.state.done.get(planned.id)
        empty = Sheet(item=planned.item, made_at=self.drafter.now(), sitting=self.sitting, day=self.day)
        others = self._same(planned)
        sheet = self.drafter.rechecked(before.sheet if before else empty, edited, planned.request, _duplicates(others))
        return self._keep(planned, sheet, edited_from=version, others=others).sheet

    def _keep(
        self,
        planned: Planned,
        sheet: Sheet,
        *,
        edited_from: int | None = None,
        others: Sequence[Kept] = (),
    ) -> Kept:
        """Write the Word file, and then the line that says so: a kill between them only writes the file again.

        What a person wrote meanwhile stays. `edited_from`: the version that he wrote over; None: no person did.
        """
        with self.state.locked():
            before = self.state.done.get(planned.id)
            version = before.sheet.version if before else 0
            if edited_from is None and before and before.is_edited:
                return before
            if edited_from is not None and edited_from != version:
                raise CasesError(words.EDITED_ELSEWHERE)
            kept = Kept(
                key=planned.key,
                sheet=replace(sheet, version=version + 1),
                audiences=self._audiences(planned.request, before if edited_from is not None else None)
                | _quoted_audiences(sheet.findings, others),
                is_edited=edited_from is not None,
            )
            self.write_sheet(kept.sheet, self.out / planned.file)
            self.state.put(planned.id, kept)
            return kept

    def _audiences(self, request: DraftRequest | None, before: Kept | None) -> dict[str, Audience]:
        """Return who may read what an answer was written and checked from, with that of before."""
        laid = [] if request is None else [each.chunk.document_id for each in request.evidence]
        laid += [] if request is None else [each.citation.document_id for each in request.past]
        now = {each: self.drafter.records(each).audience for each in dict.fromkeys(laid)}
        return dict(before.audiences if before else {}) | now

    def _reason(self, error: Exception) -> str:
        if isinstance(error, KotaeError):
            return str(error)
        return words.unexpected(type(error).__name__, keep_traceback(self.home_path, error))

    @property
    def _concurrency(self) -> int:
        return self.drafter.settings.concurrency


def _duplicates(others: Sequence[Kept]) -> list[Duplicate]:
    return [_duplicate(each.sheet) for each in others]


def _duplicate(sheet: Sheet) -> Duplicate:
    item = sheet.item
    label = " ".join(filter(None, (f"{item.member}議員" if item.member else "", item.label)))
    said = filter(None, map(matter_of, sheet.paragraphs))
    return Duplicate(label=label or item.text[:20], text="\n".join(said))


def _quoted_audiences(findings: Sequence[Finding], others: Sequence[Kept]) -> dict[str, Audience]:
    """Return who may read what the other answers were made from, where a finding shows their words."""
    if not any(each.check is Check.DUPLICATES for each in findings):
        return {}
    return {name: audience for kept in others for name, audience in kept.audiences.items()}


def replace_file(file: Path, text: str) -> None:
    """Write a file anew at one stroke."""
    draft = file.with_name(f"{file.name}.tmp")
    draft.write_text(text, encoding="utf-8")
    draft.replace(file)
