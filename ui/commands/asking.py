"""What search and ask share: who asks, for which day, in which kinds, of which remarks."""

from __future__ import annotations

import argparse
from datetime import date

from rag.assistant import read_text
from rag.domain import Kind, Question, RemarkFilter
from rag.japanese.dates import parse_date
from rag.safety.directory import find_reader
from rag.wiring import Home
from ui.commands.arguments import filled
from ui.searching import Wanted
from ui.words import cli as words


def add_as_of(parser: argparse.ArgumentParser) -> None:
    """Add --as-of."""
    parser.add_argument("--as-of", metavar="DATE", help=words.AS_OF)


def add_remarks(parser: argparse.ArgumentParser) -> None:
    """Add what narrows a search to remarks of minutes and notes."""
    parser.add_argument("--sitting", metavar="TEXT", type=filled, help=words.SITTING)
    parser.add_argument("--post", metavar="TEXT", type=filled, help=words.POST)
    parser.add_argument("--member", metavar="TEXT", type=filled, help=words.MEMBER)
    parser.add_argument("--since", metavar="DATE", type=filled, help=words.SINCE)
    parser.add_argument("--until", metavar="DATE", type=filled, help=words.UNTIL)


def read_question(given: argparse.Namespace, home: Home, text: str) -> Question:
    """Return the question of the arguments; raises QuestionError, DirectoryError and InputError."""
    as_of = date.today() if given.as_of is None else parse_date(given.as_of)  # noqa: DTZ011 - the office's own day
    return Question(
        text=read_text(text, longest=home.settings.answer.question_characters),
        as_of=as_of,
        reader=find_reader(home.path, given.user, levels=home.settings.levels.order),
        kinds=frozenset(Kind(kind) for kind in getattr(given, "kind", None) or ()),
        remarks=_remarks(given, as_of) if hasattr(given, "sitting") else (),
    )


def _remarks(given: argparse.Namespace, day: date) -> tuple[RemarkFilter, ...]:
    """Return the filter of the arguments; empty where none is given."""
    wanted = Wanted(
        sitting=given.sitting or "",
        post=given.post or "",
        member=given.member or "",
        since=given.since or "",
        until=given.until or "",
    )
    return wanted.remarks(day, swapped=words.SINCE_AFTER_UNTIL)
