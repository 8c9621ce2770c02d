"""`kotae search`: retrieval only."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import Any

from rag.domain import Kind
from rag.wiring import open_home
from ui.commands.arguments import positive
from ui.commands.asking import add_as_of, add_remarks, read_question
from ui.explaining import behind
from ui.output import Output
from ui.shapes import explained_json, hit_json
from ui.words import cli as words
from ui.words import search as words_of_search


def add(commands: Any, after: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser("search", parents=[after], help=words.SEARCH, description=words.SEARCH)
    parser.add_argument("question", help=words.QUESTION)
    parser.add_argument("--top", type=positive, default=10, metavar="N", help=words.TOP)
    parser.add_argument("--kind", action="append", choices=[kind.value for kind in Kind], help=words.KIND)
    parser.add_argument("--explain", action="store_true", help=words.EXPLAIN)
    add_remarks(parser)
    add_as_of(parser)
    parser.set_defaults(run=run)


def run(given: argparse.Namespace, path: Path, output: Output) -> int:
    """Search and print the hits."""
    home = open_home(path)
    question = read_question(given, home, given.question)
    home.catch_up()
    found = home.retriever.search(question, limit=given.top)
    value: dict[str, Any] = {
        "hits": [hit_json(hit, rank, explain=given.explain) for rank, hit in enumerate(found.hits, start=1)],
        "warnings": list(found.warnings),
    }
    reasons: list[str] = []
    if given.explain:
        value |= explained_json(found)
        reasons = behind(found)
    for warning in found.warnings:
        output.note(words.warning(warning))
    today = date.today()  # noqa: DTZ011
    text = words_of_search.hits_text(value, reasons, today=today, is_narrowed=bool(question.remarks))
    output.result(value, text)
    return 0
