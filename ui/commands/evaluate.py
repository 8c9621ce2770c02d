"""`kotae eval`: quality, measured."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from ui.commands import ranker
from ui.commands.arguments import positive
from ui.output import DONE, FAILED, SET_ASIDE, Output
from ui.shapes import comparison_json, run_json, verdict_json
from ui.words import cli
from ui.words import evaluate as words


def add(commands: Any, after: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser("eval", parents=[after], help=words.EVAL, description=words.EVAL)
    kinds = parser.add_subparsers(required=True, metavar="KIND", parser_class=type(parser))

    retrieval = kinds.add_parser("retrieval", parents=[after], help=words.RETRIEVAL, description=words.RETRIEVAL)
    retrieval.add_argument("folder", type=Path, metavar="DIR", help=words.FOLDER)
    retrieval.add_argument("--top", type=positive, default=10, metavar="N", help=cli.TOP)
    retrieval.add_argument("--out", type=Path, metavar="FILE", help=words.TREC_OUT)
    retrieval.set_defaults(run=run_retrieval)

    answers = kinds.add_parser("answers", parents=[after], help=words.ANSWERS, description=words.ANSWERS)
    answers.add_argument("cases", type=Path, metavar="CASES", help=words.CASES)
    answers.add_argument("--tag", nargs="+", action="extend", default=[], metavar="TAG", help=words.TAG)
    answers.add_argument("--sample", type=positive, metavar="N", help=words.SAMPLE)
    answers.add_argument("--out", type=Path, metavar="DIR", help=words.RUN_OUT)
    answers.set_defaults(run=run_answers)

    compare = kinds.add_parser("compare", parents=[after], help=words.COMPARE, description=words.COMPARE)
    compare.add_argument("first", type=Path, metavar="RUN", help=words.FIRST)
    compare.add_argument("second", type=Path, metavar="RUN", help=words.SECOND)
    compare.set_defaults(run=run_compare)

    gate = kinds.add_parser("gate", parents=[after], help=words.GATE, description=words.GATE)
    gate.add_argument("measured", type=Path, metavar="RUN", help=words.RUN)
    gate.add_argument("baseline", type=Path, metavar="BASELINE", help=words.BASELINE)
    gate.set_defaults(run=run_gate)

    ranker.add(kinds, after)


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
    return DONE


def run_answers(given: argparse.Namespace, path: Path, output: Output) -> int:
    """Measure answers on cases and keep the run; SET_ASIDE when a case ended with an error."""
    from eval.answers import evaluate_answers
    from eval.cases import Selection

    run = evaluate_answers(
        given.cases,
        path,
        user=given.user,
        selection=Selection(tags=frozenset(given.tag), sample=given.sample),
        out=given.out,
        tell=lambda done, every: output.progress(f"{done}/{every}"),
    )
    output.progress("")
    value = run_json(run)
    output.result(value, words.answers_text(value))
    return SET_ASIDE if value["failed"] else DONE


def run_compare(given: argparse.Namespace, _path: Path, output: Output) -> int:
    """Set two runs side by side."""
    from eval.compare import compare
    from eval.runs import load_run

    value = comparison_json(compare(load_run(given.first), load_run(given.second)))
    output.result(value, words.comparison_text(value))
    return DONE


def run_gate(given: argparse.Namespace, _path: Path, output: Output) -> int:
    """Judge a run against a baseline; FAILED when the gate stays closed."""
    from eval.compare import gate
    from eval.runs import load_run

    value = verdict_json(gate(load_run(given.measured), load_run(given.baseline)))
    output.result(value, words.verdict_text(value))
    return DONE if value["ok"] else FAILED
