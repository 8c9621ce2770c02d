"""`kotae draft`: drafts for every item of a notice, each a Word file, with one overview."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from ingest.readers.sandbox import read_in_child
from rag.assembly.item import Check, Severity, Stance
from rag.assembly.sheet import Overview, Sheet
from rag.drafting.notice import read_notice
from rag.japanese.dates import parse_date
from rag.safety.directory import find_reader
from rag.wiring import Home, open_home
from ui.commands.arguments import filled
from ui.draft_batch import outcomes_of, unordered
from ui.draft_rights import reading
from ui.drafting import DraftRun, Outcome, Planned
from ui.output import DONE, FAILED, SET_ASIDE, Output
from ui.words import draft as words


def add(commands: Any, after: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser("draft", parents=[after], help=words.DRAFT, description=words.DRAFT)
    parser.add_argument("notice", type=Path, metavar="NOTICE", help=words.NOTICE)
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help=words.OUT)
    parser.add_argument("--sitting", metavar="NAME", type=filled, help=words.SITTING)
    parser.add_argument("--day", metavar="DATE", type=filled, help=words.DAY)
    parser.add_argument("--stance", choices=[each.value for each in Stance], help=words.STANCE)
    parser.set_defaults(run=run)


def run(given: argparse.Namespace, path: Path, output: Output) -> int:
    """Draft every item; what an earlier run did, and nothing has changed since, stays."""
    started = time.monotonic()
    home = open_home(path)
    notice = read_notice(read_in_child(given.notice, name=given.notice.name, settings=home.settings.ingest))
    home.catch_up()
    reader = find_reader(home.path, given.user, levels=home.settings.levels.order)
    work = DraftRun(
        drafter=home.drafter(reader),
        notice=notice,
        out=given.out,
        day=parse_date(given.day) if given.day else notice.day or date.today(),  # noqa: DTZ011 - the office's own day
        stance=Stance(given.stance) if given.stance else Stance.AS_BEFORE,
        sitting=given.sitting or notice.sitting,
        write_sheet=home.write_sheet,
        home_path=home.path,
        may_read=reading(home, reader),
    )
    work.open()
    for warning in notice.warnings:
        output.note(words.warning(warning))
    planned = work.plan()
    kept = sum(map(work.is_kept, planned))
    output.note(words.begins(len(planned), kept, work.drafter.writer.name))
    load = work.load(unordered(home, work, planned), home.settings.chat.output_tokens)
    if load.items:
        output.note(words.load(load, home.settings.chat))
    order = {each.id: number for number, each in enumerate(planned)}
    outcomes = sorted(_outcomes(home, work, planned, output), key=lambda each: order[each.id])
    outcomes = work.beside(planned, outcomes)
    output.progress("")
    home.write_overview(_overview(given.notice, work, outcomes), given.out / words.OVERVIEW)
    value = {"items": [_item(each) for each in outcomes], "seconds": round(time.monotonic() - started, 3)}
    output.result(value, words.report(outcomes, str(given.out)))
    if not any(each.sheet for each in outcomes):
        return FAILED
    return SET_ASIDE if any(each.sheet is None or each.sheet.has_red for each in outcomes) else DONE


def _outcomes(home: Home, work: DraftRun, planned: list[Planned], output: Output) -> Iterator[Outcome]:
    return outcomes_of(
        home,
        work,
        planned,
        lambda done, every, last: output.progress(words.progress(done, every, last)),
        tell_batch=lambda done, every: output.progress(words.batch_progress(done, every)),
    )


def _overview(notice: Path, work: DraftRun, outcomes: list[Outcome]) -> Overview:
    now = work.drafter.now()
    return Overview(
        title=work.notice.title or notice.stem,
        made_at=now,
        sitting=work.sitting,
        sheets=tuple(each.sheet or Sheet(item=each.item, made_at=now) for each in outcomes),
        warnings=(*work.notice.warnings, *(words.failed(each.id, each.reason) for each in outcomes if not each.sheet)),
    )


def _item(outcome: Outcome) -> dict[str, Any]:
    sheet = outcome.sheet
    if sheet is None:
        return {
            "id": outcome.id,
            "status": "failed",
            "coverage": None,
            "problems": [outcome.reason],
            "file": "",
            "seconds": 0.0,
        }
    missed = sum(each.check is Check.COVERAGE and each.severity is Severity.RED for each in sheet.findings)
    return {
        "id": outcome.id,
        "status": "red" if sheet.has_red else "drafted",
        "coverage": round(max(0.0, 1 - missed / sheet.asked), 3) if sheet.asked else None,
        "problems": [f"{each.check.value}: {each.message}" for each in sheet.findings],
        "file": outcome.file,
        "seconds": sheet.seconds,
    }
