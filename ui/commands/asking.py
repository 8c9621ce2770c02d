"""What search and ask share: who asks, for which day, in which kinds."""

from __future__ import annotations

import argparse
from datetime import date

from rag.assistant import read_text
from rag.domain import Kind, Question
from rag.japanese.dates import parse_date
from rag.safety.directory import find_reader
from rag.wiring import Home
from ui.words import cli as words


def add_as_of(parser: argparse.ArgumentParser) -> None:
    """Add --as-of."""
    parser.add_argument("--as-of", metavar="DATE", help=words.AS_OF)


def read_question(given: argparse.Namespace, home: Home, text: str) -> Question:
    """Return the question of the arguments; raises QuestionError, DirectoryError and InputError."""
    return Question(
        text=read_text(text, longest=home.settings.answer.question_characters),
        as_of=date.today() if given.as_of is None else parse_date(given.as_of),  # noqa: DTZ011 - the office's own day
        reader=find_reader(home.path, given.user, levels=home.settings.levels.order),
        kinds=frozenset(Kind(kind) for kind in getattr(given, "kind", None) or ()),
    )
