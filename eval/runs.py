"""Runs: what was asked with which parts and how it ended, kept as a folder that is written whole or not at all."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from itertools import count
from pathlib import Path
from secrets import token_hex
from typing import Any

from pydantic import TypeAdapter

from eval.jsonl import read_rows, read_text
from eval.results import PASSED, STATUS, Result, Summary, summarise
from rag.errors import CasesError

FOLDER = "runs"
"""Where the runs of a home lie."""
CONFIG, RESULTS = "run.json", "cases.jsonl"
PART = ".part-"
"""How the name of a folder begins that is still being written."""
REMEDY = "kotae eval answers が書いた測定のフォルダを指定してください。"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunConfig:
    """With what a run was made."""

    started: str
    """ISO date and time with the offset of the place."""
    cases: str
    """Name of the cases file, or of the folder of the judged set."""
    cases_sha256: str
    n: int
    """How many cases were asked."""
    tags: list[str]
    """Only cases with one of these were asked; empty: all."""
    sample: int | None
    """At most so many were asked; None: all."""
    user: str | None
    """Who asked the cases that name no user; None: the local administrator."""
    model: str
    prompt: str
    """Digest of the prompts; empty when none is used."""
    embedder: str
    revision: int
    """Of the catalogue."""
    generation: str
    """Id of the vector generation; empty when none served."""
    settings: dict[str, dict[str, Any]]
    """The sections search, answer and chat."""
    version: str
    """Of the product; empty when it is not installed."""
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run with all its results."""

    folder: Path
    config: RunConfig
    results: tuple[Result, ...]

    @property
    def name(self) -> str:
        """Return the name of its folder: '20261125-093000-mihon'."""
        return self.folder.name

    @property
    def summary(self) -> Summary:
        """Count the results, overall and per tag."""
        return summarise(self.results)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPlace:
    """Where a run will lie, found writable before the work begins."""

    parent: Path
    name: str
    numbered: bool
    """Whether a name that is taken is followed by -2, -3, …"""

    @classmethod
    def in_home(cls, home: Path, *, started: datetime, stem: str) -> RunPlace:
        """Return a place among the runs of a home; raises CasesError when it cannot be written."""
        return _checked(cls(parent=home / FOLDER, name=f"{started:%Y%m%d-%H%M%S}-{stem}", numbered=True))

    @classmethod
    def at(cls, folder: Path) -> RunPlace:
        """Return this very folder; raises CasesError when it holds something or cannot be written."""
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise CasesError(f"{folder}: すでにあります。消すか、--out に別の名前を指定してください。")
        return _checked(cls(parent=folder.absolute().parent, name=folder.absolute().name, numbered=False))

    def write(self, config: RunConfig, results: tuple[Result, ...]) -> Run:
        """Write the run beside its place and rename it, so that no half of it is ever there; raises CasesError."""
        with _writing(self.parent):
            part = self.parent / f"{PART}{token_hex(4)}"
            part.mkdir()
            try:
                config_json = {**asdict(config), "summary": _summary_json(summarise(results))}
                (part / CONFIG).write_text(_pretty(config_json), encoding="utf-8")
                (part / RESULTS).write_text("".join(map(_line, results)), encoding="utf-8")
                folder = self._free()
                part.rename(folder)
            except BaseException:
                shutil.rmtree(part, ignore_errors=True)
                raise
        return Run(folder=folder, config=config, results=results)

    def _free(self) -> Path:
        folder = self.parent / self.name
        taken = (self.parent / f"{self.name}-{number}" for number in count(2))
        while self.numbered and folder.exists():
            folder = next(taken)
        return folder


def load_run(folder: Path) -> Run:
    """Read a run; raises CasesError for a folder that is none, or is broken."""
    path = folder / CONFIG
    try:
        body = json.loads(read_text(path, remedy=REMEDY))
        config = _CONFIGS.validate_python({each.name: body[each.name] for each in fields(RunConfig)})
        datetime.fromisoformat(config.started)
    except (ValueError, KeyError, TypeError, RecursionError) as error:  # a ValidationError is a ValueError
        raise CasesError(f"{path}: 測定の記録として読めません。{REMEDY}") from error
    results = tuple(_result(row, place) for place, row in read_rows(folder / RESULTS, remedy=REMEDY))
    if len(results) != config.n or len({result.id for result in results}) != config.n:
        raise CasesError(
            f"{folder / RESULTS}: {config.n}件のはずの結果が{len(results)}件です。控えから戻すか、測り直してください。"
        )
    return Run(folder=folder, config=config, results=results)


def list_runs(home_path: Path) -> tuple[list[Run], list[str]]:
    """Return the runs of a home, newest first, and a Japanese line for each that cannot be read."""
    runs, complaints = [], []
    for folder in sorted((home_path / FOLDER).glob("[!.]*/")):
        try:
            runs.append(load_run(folder))
        except CasesError as error:
            complaints.append(str(error))
    return sorted(runs, key=_age, reverse=True), complaints


def _age(run: Run) -> tuple[float, str]:
    started = 0.0
    with suppress(ValueError, TypeError):  # a date that a person has edited away sorts last
        started = datetime.fromisoformat(run.config.started).timestamp()
    return started, run.name


def _checked(place: RunPlace) -> RunPlace:
    with _writing(place.parent):
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=PART, dir=place.parent):
            return place


@contextmanager
def _writing(parent: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CasesError(
            f"{parent}: 書けません（{error.strerror}）。書き込める場所を --out で指定してください。"
        ) from error


def _summary_json(summary: Summary) -> dict[str, Any]:
    return {
        "overall": summary.overall.as_json(),
        "tags": {tag: group.as_json() for tag, group in summary.tags.items()},
    }


def _pretty(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _line(result: Result) -> str:
    return json.dumps(asdict(result), ensure_ascii=False) + "\n"


def _result(row: Mapping[str, Any], place: str) -> Result:
    try:
        result = _RESULTS.validate_python({each.name: row[each.name] for each in fields(Result)})
    except (ValueError, KeyError, TypeError) as error:
        raise CasesError(f"{place}を測定の結果として読めません。{REMEDY}") from error
    judged = {PASSED} if result.error else {PASSED, STATUS}
    if not judged <= result.scores.keys():
        raise CasesError(f"{place}を測定の結果として読めません（判定がありません）。{REMEDY}")
    return result


_CONFIGS = TypeAdapter(RunConfig)
_RESULTS = TypeAdapter(Result)
