"""`kotae eval`: quality, measured."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from ui.commands.arguments import positive
from ui.output import Output
from ui.words import cli as words


def add(commands: Any, after: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser("eval", parents=[after], help=words.EVAL, description=words.EVAL)
    kinds = parser.add_subparsers(required=True, metavar="KIND", parser_class=type(parser))
    retrieval = kinds.add_parser(
        "retrieval", parents=[after], help=words.EVAL_RETRIEVAL, description=words.EVAL_RETRIEVAL
    )
    retrieval.add_argument("folder", type=Path, metavar="DIR", help=words.EVAL_FOLDER)
    retrieval.add_argument("--top", type=positive, default=10, metavar="N", help=words.TOP)
    retrieval.add_argument("--out", type=Path, metavar="FILE", help=words.TREC_OUT)
    retrieval.set_defaults(run=run_retrieval)


def run_retrieval(given: argparse.Namespace, path: Path, output: Output) -> int:
    """Measure search on a judged set, with the settings of the home."""
    from eval.retrieval import evaluate_retrieval

    scores = evaluate_retrieval(
        given.folder,
        settings_from=path,
        top=given.top,
        out=given.out,
        tell=lambda done, every: output.progress(f"{done}/{every}"),
    )
    output.progress("")
    output.result(scores, words.scores_text(scores))
    return 0
