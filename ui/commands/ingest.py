"""`kotae ingest`: files and folders into the catalogue and the indexes."""

from __future__ import annotations

import argparse
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from ingest.reading import read_many
from ingest.report import SyncReport
from ingest.sync import Sync
from ingest.watch import Notices, Watch, look_at
from rag.domain import UNLABELLED, DocumentRecord, Reader
from rag.errors import DeniedError, KotaeError, ModelError, UnconfirmedError
from rag.journal import IngestRun
from rag.safety.directory import find_reader, known_groups
from rag.wiring import Home, open_home
from ui.commands.documents import WRITERS
from ui.commands.embedding import make_vectors, tell_estimate
from ui.commands.watching import keep_running, stopping_cleanly
from ui.output import DONE, SET_ASIDE, Output
from ui.pace import Pace
from ui.words import cli as words
from ui.words import embedding as embedding_words
from ui.words import stale as stale_words


def add(commands: Any, after: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser("ingest", parents=[after], help=words.INGEST, description=words.INGEST)
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help=words.INGEST_PATHS)
    parser.add_argument("--label", type=Path, metavar="FILE", help=words.INGEST_LABEL)
    ways = parser.add_mutually_exclusive_group()
    ways.add_argument("--dry-run", action="store_true", help=words.INGEST_DRY)
    ways.add_argument("--watch", action="store_true", help=words.INGEST_WATCH)
    parser.add_argument("--yes", action="store_true", help=embedding_words.YES)
    parser.set_defaults(run=run)


def run(given: argparse.Namespace, path: Path, output: Output) -> int:
    """Sync and print the report, once or with --watch after every change; SET_ASIDE when a file could not be read."""
    home = open_home(path)
    if given.watch:
        _keep_watching(given, home, output)
        return DONE
    return SET_ASIDE if _run_once(given, home, output, _sync(home, output)).failed else DONE


def _keep_watching(given: argparse.Namespace, home: Home, output: Output) -> None:
    settings, stop = home.settings.ingest, threading.Event()
    watch = Watch(
        look=lambda: look_at(given.paths, given.label, known_sources=home.catalogue.sources()),
        wait=Notices(given.paths, stop).wait,
        pause=stop.wait,
        stop=stop,
        seconds=settings.watch_seconds,
        settle_seconds=settings.settle_seconds,
    )
    sync = _sync(home, output)
    sync.spares_emptied, sync.stopped = True, stop.is_set

    def run_round() -> bool:
        report = _run_once(given, home, output, sync)
        sync.takes_back = False  # the file was given once; what is withdrawn since stays so
        if report.left_over:
            output.note(words.stopped(report.left_over))
        return report.tries_again > 0

    with stopping_cleanly(stop):
        keep_running(run_round, watch, output)


def _sync(home: Home, output: Output) -> Sync:
    pace = Pace()
    return Sync(
        catalogue=home.catalogue,
        embedder=home.embedder,
        may_embed=home.may_embed,
        settings=home.settings,
        refresh=home.refresh_words,
        read_many=lambda files: read_many(files, settings=home.settings.ingest),
        tell=lambda done, every, name: output.progress(_progress(pace, done, every, name)),
    )


def _run_once(given: argparse.Namespace, home: Home, output: Output, sync: Sync) -> SyncReport:
    levels = home.settings.levels.order
    reader = find_reader(home.path, given.user, levels=levels)
    if reader.role not in WRITERS:
        raise DeniedError(f"{reader.user}: 文書を取り込む権限がありません。編集者か管理者に頼んでください。")
    sync.known_groups = known_groups(home.path, levels=levels)
    with home.writing("kotae ingest --watch" if given.watch else "kotae ingest"):
        places = _reached(given.paths, given.label)
        _refuse_hidden(home, reader, places)
        report = sync.run(given.paths, label_file=given.label, dry_run=given.dry_run)
        failure = _vectors(given, home, output, report, reader=reader, stopped=sync.stopped)
        _leave_out_hidden(report, home, reader, places)
        to_check = 0 if given.dry_run else home.stale_answers(reader).count_approved()
        value = report.as_json() | {"approved_to_check": to_check}
        if not given.dry_run:
            home.journal.put_ingest_run(
                IngestRun(
                    finished_at=datetime.now().astimezone(),
                    user=reader.user,
                    paths=tuple(str(each.absolute()) for each in given.paths),
                    report=value,
                )
            )
            home.refresh_indexes()
    output.progress("")
    has_changed = any((report.added, report.changed, report.removed, report.ended))
    told = [stale_words.after_ingest(to_check)] if to_check and has_changed else []
    output.result(value, "\n".join([words.ingest_report(value), *map(words.warning, told)]))
    if failure is not None:  # what was read is stored, searched by words, and reported all the same
        raise failure
    return report


def _vectors(
    given: argparse.Namespace,
    home: Home,
    output: Output,
    report: SyncReport,
    *,
    reader: Reader,
    stopped: Callable[[], bool],
) -> KotaeError | None:
    """Make the vectors, or tell what a dry run would send; return what ended it early, None where nothing did."""
    if given.dry_run:
        tell_estimate(home, report, output)
        return None
    try:
        make_vectors(home, report, output, reader=reader, is_confirmed=given.yes, stopped=stopped)
    except (ModelError, UnconfirmedError) as error:
        return error
    return None


def _progress(pace: Pace, done: int, every: int, name: str) -> str:
    rate = pace.per_minute(done)
    left = pace.minutes_left(rate, every - done)
    return words.ingest_progress(done, every, name, per_minute=rate, minutes_left=left)


def _reached(paths: Sequence[Path], label_file: Path | None) -> list[Path]:
    """Return what a run may change: its labels file speaks of all that lies in the folder of a file that was given."""
    places = [path.resolve() for path in paths]
    return places if label_file is None else [path.parent if path.is_file() else path for path in places]


def _refuse_hidden(home: Home, reader: Reader, places: Sequence[Path]) -> None:
    """Refuse a run over documents beyond the user's rights: it could relabel, remove or name them."""
    for record in home.catalogue.documents():
        labelled = record.audience.level != UNLABELLED  # to label is an editor's work
        if _is_inside(record, places) and labelled and not home.may_read(reader, record.audience):
            raise DeniedError(
                f"{reader.user}: 閲覧できる区分を超える文書がこの中にあるため、取り込めません。"
                "閲覧できるフォルダだけを指定するか、管理者に頼んでください。"
            )


def _leave_out_hidden(report: SyncReport, home: Home, reader: Reader, places: Sequence[Path]) -> None:
    """Leave out of the report which versions ended elsewhere that the user may not read: a run dates all that is left undated."""
    if not report.ended:
        return
    hidden = {
        record.path
        for record in home.catalogue.documents()
        if not _is_inside(record, places) and not home.may_read(reader, record.audience)
    }
    report.ended = [row for row in report.ended if hidden.isdisjoint((row[0], row[2]))]


def _is_inside(record: DocumentRecord, places: Sequence[Path]) -> bool:
    full = Path(record.source) / record.path
    return any(full.is_relative_to(place) for place in places)
