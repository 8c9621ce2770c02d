"""`kotae answers`: the approved answers, approving one, taking that back, and what must be checked again."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from rag.safety.directory import find_reader
from rag.wiring import open_home
from ui.commands.arguments import positive
from ui.output import DONE, Output
from ui.shapes import approved_json, listed_json, stale_json
from ui.words import approved as words
from ui.words import stale as stale_words


def add(commands: Any, after: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser("answers", parents=[after], help=words.ANSWERS, description=words.ANSWERS)
    parser.set_defaults(run=run_list)
    actions = parser.add_subparsers(metavar="ACTION", parser_class=type(parser))
    for name, text, action in (
        ("approve", words.ANSWERS_APPROVE, run_approve),
        ("withdraw", words.ANSWERS_WITHDRAW, run_withdraw),
    ):
        child = actions.add_parser(name, parents=[after], help=text, description=text)
        child.add_argument("exchange_id", metavar="EXCHANGE_ID", help=words.EXCHANGE_ID)
        child.set_defaults(run=action)
    stale = actions.add_parser(
        "stale", parents=[after], help=stale_words.ANSWERS_STALE, description=stale_words.ANSWERS_STALE
    )
    stale.add_argument("--top", type=positive, default=50, metavar="N", help=stale_words.TOP)
    stale.set_defaults(run=run_stale)


def run_list(given: argparse.Namespace, path: Path, output: Output) -> int:
    """List the approved answers that the user may read."""
    home = open_home(path)
    reader = find_reader(path, given.user, levels=home.settings.levels.order)
    rows = [listed_json(each) for each in home.approvals(reader).listed()]
    output.result(rows, words.approved_table(rows))
    return DONE


def run_approve(given: argparse.Namespace, path: Path, output: Output) -> int:
    """Let the user's office stand behind an answer."""
    home = open_home(path)
    reader = find_reader(path, given.user, levels=home.settings.levels.order)
    approved = home.approvals(reader).approve(given.exchange_id)
    output.result(approved_json(approved), words.approved(approved.question, approved.department))
    return DONE


def run_withdraw(given: argparse.Namespace, path: Path, output: Output) -> int:
    """Take an approval back."""
    home = open_home(path)
    reader = find_reader(path, given.user, levels=home.settings.levels.order)
    answer = home.approvals(reader).withdraw(given.exchange_id)
    output.result(approved_json(answer), words.withdrawn(answer.question))
    return DONE


def run_stale(given: argparse.Namespace, path: Path, output: Output) -> int:
    """List the answers whose sources changed since."""
    home = open_home(path)
    reader = find_reader(path, given.user, levels=home.settings.levels.order)
    rows = [stale_json(each) for each in home.stale_answers(reader).listed(limit=given.top)]
    output.result(rows, stale_words.stale_table(rows))
    return DONE
