"""Answer quality on cases: ask each one as staff would, judge what is shown, keep the run."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from eval.beir import load_passages, load_questions
from eval.cases import Case, Selection, judged_case, load_cases
from eval.passages import READER, load_into, temporary_home
from eval.results import PASSED, Result, Score
from eval.runs import Run, RunConfig, RunPlace
from eval.scores import judge
from rag.domain import AnswerStatus, Question, Reader
from rag.errors import KotaeError
from rag.safety.directory import find_reader
from rag.wiring import Home, open_home

SECTIONS = {"search", "answer", "chat"}
JUDGED_FILES = ("corpus.jsonl", "queries.jsonl", "qrels.tsv")
NO_ANSWER = "言語モデルから答えを受け取れませんでした。"
EVERYTHING = Selection()
Tell = Callable[[int, int], None]


def evaluate_answers(
    source: Path,
    home_path: Path,
    *,
    user: str | None = None,
    selection: Selection = EVERYTHING,
    out: Path | None = None,
    tell: Tell = lambda _done, _all: None,
) -> Run:
    """Ask the cases of a file of the home, or those of a judged set (a BEIR folder) of a temporary home; raises KotaeError.

    `user` asks the cases that name nobody. The run is kept among those of the home, or as the new folder `out`. An
    error in one case is kept with it, and the run goes on. `tell` hears (cases done, cases in all).
    """
    started = datetime.now().astimezone()
    clock = time.monotonic()
    cases = selection.of(_load(source))
    place = RunPlace.at(out) if out else RunPlace.in_home(home_path, started=started, stem=source.resolve().stem)
    with _opened(source, home_path, user) as asking:
        asking.check(cases)
        config = RunConfig(
            started=started.isoformat(timespec="seconds"),
            cases=source.resolve().name,
            cases_sha256=_digest(source),
            n=len(cases),
            tags=sorted(selection.tags),
            sample=selection.sample,
            user=user,
            **_parts(asking.home),
            seconds=0.0,
        )
        results = []
        for number, case in enumerate(cases, start=1):
            results.append(asking.result(case))
            tell(number, len(cases))
        # Which prompts a language model gets may only be known once its endpoint has been asked.
        config = replace(config, prompt=asking.home.chat_model().prompt, seconds=round(time.monotonic() - clock, 1))
    return place.write(config, tuple(results))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asking:
    """A home, and who asks in it."""

    home: Home
    user: str | None = None
    """Who asks the cases that name nobody; None: the local administrator."""
    reader: Reader | None = None
    """Who asks everything, in a home without users; None: a user of the home's directory."""

    def check(self, cases: Iterable[Case]) -> None:
        """Raise DirectoryError or ModelSetupError where every case would fail for the same reason."""
        if any(case.user is None for case in cases):
            self._reader(self.user)
        self.home.chat_model()

    def result(self, case: Case) -> Result:
        """Ask and judge one case."""
        day = case.as_of or date.today()  # noqa: DTZ011 - the office's own day
        started = time.monotonic()
        status, scores, error = "", {}, ""
        try:
            question = Question(text=case.question, as_of=day, reader=self._reader(case.user or self.user))
            answer = self.home.ask(question)
            status = answer.status.value
            if answer.status is AnswerStatus.FAILED_MODEL:
                error = "".join(answer.warnings[-1:]) or NO_ANSWER
            else:
                scores = judge(answer, case.expect, self.home.catalogue.document)
        except KotaeError as raised:
            error = str(raised)
        return Result(
            id=case.id,
            tags=case.tags,
            digest=case.digest,
            question=case.question,
            as_of=day.isoformat(),
            status=status,
            error=error,
            scores=scores or {PASSED: Score(value=0.0, answer=status, explanation=error)},
            seconds=round(time.monotonic() - started, 3),
        )

    def _reader(self, user: str | None) -> Reader:
        return self.reader or find_reader(self.home.path, user, levels=self.home.settings.levels.order)


@contextmanager
def _opened(source: Path, home_path: Path, user: str | None) -> Iterator[_Asking]:
    if source.is_dir():
        with temporary_home(home_path) as home:
            load_into(home, load_passages(source))
            yield _Asking(home=home, reader=READER)
    else:
        home = open_home(home_path)
        home.catch_up()
        yield _Asking(home=home, user=user)


def _load(source: Path) -> list[Case]:
    return [judged_case(question) for question in load_questions(source)] if source.is_dir() else load_cases(source)


def _digest(source: Path) -> str:
    files = [source / name for name in JUDGED_FILES] if source.is_dir() else [source]
    return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def _parts(home: Home) -> dict[str, Any]:
    chat = home.chat_model()
    return {
        "model": chat.name,
        "prompt": chat.prompt,
        "embedder": home.embedder.name,
        "revision": home.catalogue.revision(),
        "generation": home.vectors.generation(),
        "settings": home.settings.model_dump(mode="json", include=SECTIONS),
        "version": _product_version(),
    }


def _product_version() -> str:
    try:
        return version("kotae")
    except PackageNotFoundError:
        return ""
