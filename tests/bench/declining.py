"""From which share of a question's words on it is to be answered: the curve of what is declined, rightly and wrongly.

`./x bench declining [--data DIR]` takes the sample prefecture into a temporary home, with the embedder of the settings, and asks without
a language model: the questions that its documents answer, the near misses that they do not (`tests/cases/answers/`), and, with a
folder that holds queries.jsonl, its first 50 by hash of their ids, about the rest of the world. Each is asked once with no threshold, and
counts as declined at a threshold if its coverage lies below, or if nothing was written anyway.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from eval.metrics import wilson
from eval.passages import temporary_home
from ingest.reading import read_many
from ingest.sync import Sync
from rag.domain import AnswerStatus, Question, Reader, SearchResult
from rag.wiring import Home, home_path

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "tests" / "cases" / "answers"
SAMPLE = ROOT / "ingest" / "samples" / "mihon"
READER = Reader(user="bench", name="測定", reads_all=True)
OUTSIDE = 50
THRESHOLDS = tuple(number / 20 for number in range(21))
ANSWERABLE, NEAR, OUT = "文書に答えのある質問", "近いが答えのない質問", "文書と関係のない質問"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question with what decides whether it is declined."""

    coverage: float
    is_written: bool
    """Whether anything was written, or asked back, with no threshold."""

    def is_declined(self, threshold: float) -> bool:
        """Tell whether it is declined at this threshold."""
        return not self.is_written or self.coverage < threshold


def sample_home(home: Home) -> None:
    """Take the sample prefecture in."""
    sync = Sync(
        catalogue=home.catalogue,
        embedder=home.embedder,
        may_embed=home.may_embed,
        settings=home.settings,
        read_many=lambda files: read_many(files, settings=home.settings.ingest),
        refresh=home.refresh_words,
    )
    with home.writing("bench"):
        sync.run([SAMPLE])
        home.refresh_indexes()


def ask_all(home: Home, questions: Sequence[Question], tell: Callable[[], None] = lambda: None) -> list[Asked]:
    """Ask every question with no threshold, by quotes alone."""
    assistant = home.assistant(READER)
    assistant = replace(
        assistant, chat=assistant.inside, settings=assistant.settings.model_copy(update={"coverage": 0.0})
    )
    found = []
    for question in questions:
        results: list[SearchResult] = []

        def search(asked: Question, kept: list[SearchResult] = results) -> SearchResult:
            kept.append(assistant.retrieve(asked))
            return kept[-1]

        status = replace(assistant, retrieve=search).ask(question).status
        written = status in (AnswerStatus.ANSWERED, AnswerStatus.PARTIAL, AnswerStatus.CLARIFY)
        found.append(Asked(coverage=results[0].coverage if results else 0.0, is_written=written))
        tell()
    return found


def questions_of(file: Path) -> list[Question]:
    """Return the questions of a file of cases, each on its day."""
    cases = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [
        Question(text=case["question"], as_of=date.fromisoformat(case.get("as_of") or "2026-11-26"), reader=READER)
        for case in cases
    ]


def outside_questions(folder: Path) -> list[Question]:
    """Return 50 questions of a BEIR folder, the same ones every time."""
    lines = [json.loads(line) for line in (folder / "queries.jsonl").read_text(encoding="utf-8").splitlines()]
    lines.sort(key=lambda line: hashlib.sha256(str(line["_id"]).encode()).hexdigest())
    return [Question(text=line["text"], as_of=date(2026, 11, 26), reader=READER) for line in lines[:OUTSIDE]]


def table(asked: Mapping[str, Sequence[Asked]], thresholds: Sequence[float] = THRESHOLDS) -> Iterator[str]:
    """Yield the curve: for each threshold the share of each group that is declined, with its 95 % interval."""
    groups = [group for group in asked if asked[group]]
    yield "\t".join(["しきい値", *(f"{group}（{len(asked[group])}）" for group in groups)])
    for threshold in thresholds:
        cells = []
        for group in groups:
            declined = sum(each.is_declined(threshold) for each in asked[group])
            low, high = wilson(declined, len(asked[group]))
            cells.append(f"{declined / len(asked[group]):.3f} [{low:.3f}, {high:.3f}]")
        yield "\t".join([f"{threshold:.2f}", *cells])


def main(given: Sequence[str] | None = None) -> int:
    """Print the curve; the share that is declined of each group at each threshold."""
    parser = argparse.ArgumentParser(prog="./x bench declining", description=__doc__)
    parser.add_argument("--data", type=Path, metavar="DIR", help="文書と関係のない質問（queries.jsonl）のあるフォルダ")
    arguments = parser.parse_args(given)
    groups = {ANSWERABLE: questions_of(CASES / "answerable.jsonl"), NEAR: questions_of(CASES / "near_misses.jsonl")}
    if arguments.data is not None:
        groups[OUT] = outside_questions(arguments.data)
    done, every = 0, sum(map(len, groups.values()))

    def tell() -> None:
        nonlocal done
        done += 1
        print(f"\r{done}/{every}", end="", file=sys.stderr, flush=True)

    with temporary_home(home_path(None)) as home:
        sample_home(home)
        asked = {group: ask_all(home, questions, tell) for group, questions in groups.items()}
        print(file=sys.stderr)
        print(f"埋め込み {home.embedder.name}、いまの設定 answer.coverage = {home.settings.answer.coverage}")
    for line in table(asked):
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
