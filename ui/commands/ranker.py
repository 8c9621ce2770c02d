"""`kotae eval train-ranker`: learn an order of the candidates, and use it only where it is proven to be better."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

from rag.wiring import open_home
from ui.output import DONE, Output
from ui.shapes import training_json
from ui.words import ranker as words


def add(kinds: Any, after: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser = kinds.add_parser("train-ranker", parents=[after], help=words.HELP, description=words.DESCRIPTION)
    parser.add_argument("sources", nargs="*", type=Path, metavar="SOURCE", help=words.SOURCES)
    parser.add_argument("--no-feedback", action="store_true", help=words.NO_FEEDBACK)
    parser.add_argument("--remove", action="store_true", help=words.REMOVE)
    parser.set_defaults(run=run)


def run(given: argparse.Namespace, path: Path, output: Output) -> int:
    """Learn and measure, or remove what was learned; that nothing is used is a normal end."""
    if given.remove:
        order = open_home(path).order
        removed = order.remove()
        value: dict[str, Any] = {"removed": removed, "used": False, "standing": order.find().standing.value}
        output.result(value, words.REMOVED if removed else words.NOTHING_TO_REMOVE)
        return DONE
    from eval.ranker import train_ranker

    started = time.monotonic()
    training = train_ranker(
        given.sources,
        path,
        user=given.user,
        feedback=not given.no_feedback,
        tell=lambda done: output.progress(str(done)),
    )
    output.progress("")
    value = {**training_json(training), "seconds": round(time.monotonic() - started, 1)}
    output.result(value, words.training_text(value))
    return DONE
