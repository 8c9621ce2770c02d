"""`kotae doctor`: what works here and what is missing."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from eval.ranker import Ending
from rag.domain import AnswerStatus, Kind, Part, Problem, Reader, State
from rag.errors import KotaeError
from rag.journal import FeedbackState, Reason, Verdict
from rag.ranking.learned import Standing
from rag.settings import load_settings
from rag.tokens import counting_method
from rag.wiring import Home, open_home
from ui.output import Output
from ui.words import cli as words
from ui.words import doctor as findings
from ui.words import ranker

OLDEST_PYTHON = (3, 11)
LEAST_FREE_BYTES = 1 << 30
OPTIONAL_PROGRAMS = ("soffice", "tesseract", "chromium", "postgres", "node")


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One finding."""

    name: str
    required: bool
    ok: bool
    detail: str
    remedy: str = ""


def add(commands: Any, after: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser("doctor", parents=[after], help=words.DOCTOR, description=words.DOCTOR)
    parser.add_argument("--codes", action="store_true", help=words.CODES)
    parser.set_defaults(run=run)


def run(given: argparse.Namespace, path: Path, output: Output) -> int:
    """Print the findings; 1 when a required one failed."""
    if given.codes:
        codes = closed_lists()
        output.result(codes, "\n".join(f"{name}: {'、'.join(values)}" for name, values in codes.items()))
        return 0
    checks = [asdict(check) for check in examine(path)]
    output.result({"checks": checks}, words.doctor_text(checks))
    return int(any(check["required"] and not check["ok"] for check in checks))


def closed_lists() -> dict[str, list[str]]:
    """Return every closed list of codes that the JSON of the commands uses."""
    lists = {
        "statuses": AnswerStatus,
        "kinds": Kind,
        "states": State,
        "problems": Problem,
        "parts": Part,
        "verdicts": Verdict,
        "reasons": Reason,
        "feedback_states": FeedbackState,
        "ranker_endings": Ending,
        "ranker_standings": Standing,
    }
    return {name: [member.value for member in members] for name, members in lists.items()}


def examine(path: Path) -> Iterator[Check]:
    """Yield the findings about this machine and this home."""
    version = ".".join(map(str, sys.version_info[:3]))
    yield Check(
        name="Python",
        required=True,
        ok=sys.version_info >= OLDEST_PYTHON,
        detail=version,
        remedy=findings.PYTHON,
    )
    yield _attempt(findings.SETTINGS, lambda: findings.weights(load_settings(path).search.model_dump()))
    free = shutil.disk_usage(path if path.is_dir() else path.parent if path.parent.is_dir() else "/").free
    yield Check(
        name=findings.DISK,
        required=True,
        ok=free >= LEAST_FREE_BYTES,
        detail=f"{free / (1 << 30):.1f} GiB",
        remedy=findings.DISK_REMEDY,
    )
    yield from _examine_home(path)
    for program in OPTIONAL_PROGRAMS:
        found = shutil.which(program) or _debian_place(program)
        purpose, package = findings.PROGRAMS[program]
        yield Check(
            name=program,
            required=False,
            ok=bool(found),
            detail=found or findings.missing(purpose),
            remedy=findings.install(package),
        )


def _examine_home(path: Path) -> Iterator[Check]:
    try:
        home = open_home(path)
    except KotaeError as error:
        yield Check(name=findings.HOME, required=True, ok=False, detail=str(error), remedy=findings.SEE_DETAIL)
        return
    writable = os.access(path, os.W_OK)
    yield Check(name=findings.HOME, required=True, ok=writable, detail=str(path), remedy=findings.HOME_REMEDY)
    yield _attempt(findings.CATALOGUE, lambda: findings.documents(len(home.catalogue.documents())))
    yield _indexes(home)
    yield Check(
        name=findings.EMBEDDING,
        required=True,
        ok=True,
        detail=findings.embedder(home.settings.embedding.provider, home.embedder.name),
    )
    yield _vectors(home)
    yield _learned_order(home)
    yield _attempt(findings.CHAT, lambda: home.assistant(Reader(user="doctor", name="")).chat.name)
    model = home.settings.chat.model
    yield Check(name=findings.TOKENS, required=False, ok=True, detail=counting_method(model))


def _indexes(home: Home) -> Check:
    wanted, reached = home.catalogue.revision(), home.lexical.revision()
    return Check(
        name=findings.INDEXES,
        required=True,
        ok=wanted == reached,
        detail=findings.revisions(reached, wanted),
        remedy=findings.INDEXES_REMEDY,
    )


def _vectors(home: Home) -> Check:
    served, configured = home.served.embedder, home.embedder.name
    lacking = home.catalogue.count_without_vector(model=configured)
    return Check(
        name=findings.VECTORS,
        required=False,
        ok=served == configured and not lacking,
        detail=findings.vectors(served, configured, lacking),
        remedy=findings.VECTORS_REMEDY,
    )


def _learned_order(home: Home) -> Check:
    found = home.order.find()
    return Check(
        name=ranker.TITLE,
        required=False,
        ok=found.standing in ranker.HELD,
        detail=ranker.finding(found.standing, found.card.as_json() if found.card else None),
        remedy=ranker.REMEDY,
    )


def _attempt(name: str, act: Callable[[], str]) -> Check:
    try:
        return Check(name=name, required=True, ok=True, detail=act())
    except KotaeError as error:
        return Check(name=name, required=True, ok=False, detail=str(error), remedy=findings.SEE_DETAIL)


def _debian_place(program: str) -> str:
    """Return where Debian keeps a server program that is not on PATH; empty when it is not there."""
    return next((str(found) for found in Path("/usr/lib/postgresql").glob(f"*/bin/{program}")), "")
