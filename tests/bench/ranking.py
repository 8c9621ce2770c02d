"""What each leg of the search brings on judged sets, and that the whole is never worse than its best leg.

`./x bench ranking [--data DIR …] [--sample N]`: BEIR folders beside the two of ours; with `--sample`, at most N questions of
each, the same ones every time. Every set is searched with all legs, with each leg alone, and without each one. Ends with 1
where the whole loses to a single leg by more than .005 and by more than one standard error of the paired difference.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from eval.beir import JudgedQuestion, load_passages, load_questions
from eval.metrics import ndcg, recall, success
from eval.passages import load_into, temporary_home
from eval.retrieval import ranked_documents
from rag.wiring import Home, home_path

OWN = tuple(Path(__file__).resolve().parents[1] / "cases" / "search" / name for name in ("faq", "minutes"))
DEPTH = 10
ALLOWED = 0.005
LEGS = {"語": "words_weight", "文字": "characters_weight", "ベクトル": "vectors_weight"}
JUDGES = {"語の割合": "coverage_weight", "話題": "topic_weight"}
WHOLE = "全体"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """One way to search, question by question."""

    ndcg: Sequence[float]
    recall: Sequence[float]
    first: Sequence[float]

    def row(self, name: str) -> str:
        """Return the means for people."""
        means = (sum(values) / len(values) for values in (self.ndcg, self.recall, self.first))
        return "  {}\tnDCG@10 {:.4f}\tRecall@10 {:.4f}\tSuccess@1 {:.4f}".format(name, *means)


def ways(home: Home) -> dict[str, Home]:
    """Return the home with all legs, with each alone and without each, by name; a clause that is named is always looked up."""
    search = home.settings.search
    no_judges = dict.fromkeys(JUDGES.values(), 0.0)
    changes: dict[str, dict[str, float]] = {WHOLE: {}}
    for name, weight in LEGS.items():
        alone = dict.fromkeys([*LEGS.values(), "word_vectors_weight"], 0.0) | no_judges | {weight: 1.0}
        changes[f"{name}だけ"] = alone | ({"word_vectors_weight": 1.0} if weight == "vectors_weight" else {})
    for name, weight in (LEGS | JUDGES).items():
        without = {weight: 0.0} | ({"word_vectors_weight": 0.0} if weight == "vectors_weight" else {})
        changes[f"{name}なし"] = without
    return {
        name: replace(
            home,
            retriever=replace(
                home.retriever,
                settings=home.settings.model_copy(update={"search": search.model_copy(update=change)}),
            ),
        )
        for name, change in changes.items()
    }


def measure(home: Home, questions: Sequence[JudgedQuestion]) -> Scores:
    """Search for every question."""
    columns: tuple[list[float], list[float], list[float]] = ([], [], [])
    for question in questions:
        found = [name for name, _ in ranked_documents(home, question, top=DEPTH)]
        columns[0].append(ndcg(found, question.relevant, depth=DEPTH))
        columns[1].append(recall(found, question.relevant, depth=DEPTH))
        columns[2].append(success(found, question.relevant))
    return Scores(ndcg=columns[0], recall=columns[1], first=columns[2])


def losses(scores: Mapping[str, Scores]) -> list[str]:
    """Return the single legs to which the whole loses by more than is allowed, with the difference and its standard error."""
    lost = []
    for name in (f"{leg}だけ" for leg in LEGS):
        differences = [one - whole for one, whole in zip(scores[name].ndcg, scores[WHOLE].ndcg, strict=True)]
        mean, error = paired(differences)
        if mean > max(ALLOWED, error):
            lost.append(f"{name}: {mean:+.4f}（標準誤差 {error:.4f}）")
    return lost


def paired(differences: Sequence[float]) -> tuple[float, float]:
    """Return the mean of paired differences and its standard error (0 for a single one)."""
    n = len(differences)
    mean = sum(differences) / n
    variance = sum((each - mean) ** 2 for each in differences) / max(n - 1, 1)
    return mean, math.sqrt(variance / n)


def sampled(questions: Sequence[JudgedQuestion], count: int | None) -> list[JudgedQuestion]:
    """Return at most so many questions, chosen by a hash of their ids; None: all."""
    ordered = sorted(questions, key=lambda question: hashlib.sha256(question.id.encode()).hexdigest())
    return ordered[:count]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure every set; return 1 where the whole loses to one of its legs."""
    parser = argparse.ArgumentParser(prog="./x bench ranking", description=__doc__)
    parser.add_argument("--data", type=Path, nargs="+", default=[], metavar="DIR")
    parser.add_argument("--sample", type=int, metavar="N")
    given = parser.parse_args(arguments)
    lost = []
    for folder in (*OWN, *given.data):
        questions = sampled(load_questions(folder), given.sample)
        with temporary_home(home_path(None)) as home:
            load_into(home, load_passages(folder))
            print(f"{folder.name}（{len(questions)}問、{home.embedder.name}）", flush=True)
            scores = {}
            for name, way in ways(home).items():
                scores[name] = measure(way, questions)
                print(scores[name].row(name), flush=True)
        lost += [f"{folder.name} {each}" for each in losses(scores)]
    for each in lost:
        print(f"全体が単独の手がかりに負けています: {each}", file=sys.stderr)
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
