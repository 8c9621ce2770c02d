"""Choose the weights of pairing, and say what they are worth on questioners that were not used to choose them.

`python -m tests.bench.minute_weights --data DIR …`: each DIR holds text files and, itself or in `--labels`, the labels
(`pairs_spoken.jsonl` or `pairs.jsonl`). A random search finds the weights with the best F1; cross-validated by
questioner: for each one, weights are chosen without the exchanges of that member and counted on them alone.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from ingest.readers import read_document
from ingest.structure.lines import lines_of
from ingest.structure.minute_assignment import WEIGHTS, Weights
from ingest.structure.minute_exchange import Group, groups_of
from ingest.structure.minute_pairing import Match, pair
from ingest.structure.minute_speech import Speech
from ingest.structure.minutes import read_speeches
from ingest.structure.paragraphs import Paragraph, lines_of_sentences
from tests.bench.minute_pairs import Pair, match
from tests.bench.minute_places import numbers
from tests.bench.minutes import LABELS

NAMES = ("pairs_spoken.jsonl", "pairs.jsonl")
TRIALS = 120
STEP = 0.3
"""Standard deviation of a trial's change, as a share of the weight (or of a tenth, where that is more)."""
TRIED = (1, 1, 2, 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An exchange and its labels."""

    file: str
    questioner: str
    speeches: Sequence[Speech]
    group: Group
    labels: Sequence[Mapping[str, Any]]
    """With an answer only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Pairs that were found, that are labelled, and that are both."""

    found: int = 0
    labelled: int = 0
    right: int = 0

    @property
    def f1(self) -> float:
        """Return the harmonic mean of precision and recall."""
        return 2 * self.right / (self.found + self.labelled) if self.found + self.labelled else 0.0

    def __add__(self, other: Counted) -> Counted:
        """Count both."""
        return Counted(
            found=self.found + other.found, labelled=self.labelled + other.labelled, right=self.right + other.right
        )


def cases_of(folder: Path, labels: Path) -> Iterator[Case]:
    """Yield the exchanges of the labelled files of a folder; labels that fall in none are a case without passages."""
    names = [labels / name for name in NAMES if (labels / name).exists()]
    rows = [json.loads(line) for name in names for line in name.read_text(encoding="utf-8").splitlines()]
    for file in sorted({row["file"] for row in rows if (folder / row["file"]).exists()}):
        document = read_document(folder / file, name=file)
        _, speeches = read_speeches(lines_of(document.blocks))
        answered = [row for row in rows if row["file"] == file and row["answer"]]
        for group in groups_of(speeches):
            asking = {first_line(speeches[at]) for at in group.asking}
            yield Case(
                file=file,
                questioner=f"{file} {speeches[group.asking[0]].speaker.called}",
                speeches=speeches,
                group=group,
                labels=[row for row in answered if row["speech"] in asking],
            )


def first_line(speech: Speech) -> int:
    """Return the first line of a speech; 0 where it says nothing."""
    return (speech.paragraphs[0].line or 0) if speech.paragraphs else 0


def lines_between(paragraphs: Sequence[Paragraph]) -> frozenset[int]:
    """Return the lines of some paragraphs."""
    return frozenset(line for each in paragraphs for line in range(each.line or 0, (each.last_line or 0) + 1))


def pair_of(case: Case, found: Match) -> Pair:
    """Return a match by its lines."""
    asking = case.speeches[case.group.asking[found.asking]]
    answering = case.speeches[case.group.answering[found.answering]]
    return Pair(
        question=numbers(lines_of_sentences(asking.paragraphs[found.asked.paragraph], found.asked.parts) or "0")[-1],
        speech=first_line(asking),
        answer=lines_between(answering.paragraphs[found.first : found.last + 1]),
        answer_speech=first_line(answering),
    )


def count(cases: Sequence[Case], weights: Weights) -> Counted:
    """Count what these weights find."""
    total = Counted()
    for case in cases:
        pairs = [pair_of(case, found) for found in pair(case.group.exchange, weights)]
        total += Counted(found=len(pairs), labelled=len(case.labels), right=len(match(pairs, case.labels)))
    return total


def choose(cases: Sequence[Case], *, trials: int = TRIALS, seed: int = 1) -> Weights:
    """Return the best weights of a random search from those in use, which are fitted to no labels."""
    chance = random.Random(seed)
    best, reached = WEIGHTS, count(cases, WEIGHTS).f1
    names = [field.name for field in fields(Weights)]
    for _ in range(trials):
        changes = {}
        for name in chance.sample(names, chance.choice(TRIED)):
            value = getattr(best, name)
            changes[name] = round(max(0.0, value + chance.gauss(0, STEP * max(value, 0.1))), 3)
        tried = replace(best, **changes)
        f1 = count(cases, tried).f1
        if f1 > reached:
            best, reached = tried, f1
    return best


def cross_validate(cases: Sequence[Case], *, trials: int, only: str = "") -> Iterator[tuple[str, Counted]]:
    """Yield each questioner (whose name holds `only`) and what weights find that were chosen without this one."""
    for questioner in sorted({case.questioner for case in cases if case.labels and only in case.questioner}):
        others = [case for case in cases if case.questioner != questioner]
        weights = choose(others, trials=trials)
        yield questioner, count([case for case in cases if case.questioner == questioner], weights)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.minute_weights", description="組の重みを選びます。")
    parser.add_argument("--data", type=Path, nargs="+", required=True, metavar="フォルダ", help="会議録のフォルダ")
    parser.add_argument("--labels", type=Path, nargs="*", default=[LABELS], metavar="フォルダ", help="正解のフォルダ")
    parser.add_argument("--trials", type=int, default=TRIALS, help="試す回数")
    parser.add_argument("--only", default="", metavar="文字", help="交差検証で数える質問者（ファイル名か名前の一部）")
    parser.add_argument("--choose", action="store_true", help="全部を使って重みを選びます")
    given = parser.parse_args(arguments)
    cases = [case for data in given.data for labels in {data, *given.labels} for case in cases_of(data, labels)]
    now = count(cases, WEIGHTS)
    print(f"いまの重み  F1 {now.f1:.3f}  組 {now.found}  正解 {now.labelled}  一致 {now.right}")
    if given.choose:
        chosen = choose(cases, trials=given.trials)
        print(f"選んだ重み  F1 {count(cases, chosen).f1:.3f}  {chosen}")
        return 0
    total = Counted()
    for questioner, counted in cross_validate(cases, trials=given.trials, only=given.only):
        total += counted
        print(f"  {questioner}  F1 {counted.f1:.3f}  組 {counted.found}  正解 {counted.labelled}  一致 {counted.right}")
        sys.stdout.flush()
    print(f"交差検証  F1 {total.f1:.3f}  組 {total.found}  正解 {total.labelled}  一致 {total.right}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
