"""`kotae ask`: an answer with verified citations, or many."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

from rag.domain import AnswerStatus
from rag.errors import QuestionError
from rag.wiring import Home, open_home
from ui.batch import Batch
from ui.commands.arguments import filled
from ui.commands.asking import add_as_of, read_question
from ui.output import DONE, FAILED, SET_ASIDE, Output
from ui.shapes import answer_json
from ui.words import cli as words
from ui.words.approved import with_approved


def add(commands: Any, after: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser("ask", parents=[after], help=words.ASK, description=words.ASK)
    parser.add_argument("question", nargs="?", help=words.QUESTION)
    parser.add_argument("--batch", type=Path, metavar="FILE", help=words.BATCH)
    parser.add_argument("--out", type=Path, metavar="FILE", help=words.OUT)
    parser.add_argument("--after", action="append", default=[], metavar="QUESTION", type=filled, help=words.AFTER)
    add_as_of(parser)
    parser.set_defaults(run=run, parser=parser)


def run(given: argparse.Namespace, path: Path, output: Output) -> int:
    """Answer one question, or the lines of a batch."""
    if (given.question is None) == (given.batch is None) or (given.batch is None) != (given.out is None):
        given.parser.error(words.ASK_USAGE)
    batch = None if given.batch is None else Batch.open(given.batch, given.out)
    home = open_home(path)
    home.catch_up()
    if batch is not None:
        return _run_batch(given, home, output, batch=batch)
    value = _answer(given, home, given.question)
    output.result(value, with_approved(value, words.answer_text(value)))
    return FAILED if value["status"] == AnswerStatus.FAILED_MODEL else DONE


def _run_batch(given: argparse.Namespace, home: Home, output: Output, *, batch: Batch) -> int:
    done = 0
    for place, line in batch.todo:
        output.progress(f"{done}/{len(batch.todo)} {line['id']}")
        try:
            value = _answer(given, home, line["question"])
        except QuestionError as error:
            batch.failed.append((place, str(error)))
            continue
        batch.write({"id": line["id"], **value})
        done += 1
        if value["status"] == AnswerStatus.FAILED_MODEL:
            batch.failed.append((place, "".join(value["warnings"][:1]) or words.STATUSES[value["status"]]))
    batch.sort()
    output.progress("")
    for place, reason in batch.failed:
        output.note(words.error(f"{place}: {reason}"))
    summary = {
        "answered": done,
        "skipped": batch.skipped,
        "failed": [{"line": place, "reason": reason} for place, reason in batch.failed],
        "out": str(given.out),
    }
    output.result(summary, words.batch_done(done, batch.skipped, len(batch.failed), str(given.out)))
    return SET_ASIDE if batch.failed else DONE


def _answer(given: argparse.Namespace, home: Home, text: str) -> dict[str, Any]:
    return answer_json(home.ask(replace(read_question(given, home, text), earlier=tuple(given.after))))
