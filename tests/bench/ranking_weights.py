"""Choose the weights of the search, and say what they are worth on sets that were not used to choose them.

`python -m tests.bench.ranking_weights [--data DIR …] [--sample N]`: BEIR folders beside the two of ours. Every question is
searched once, with all that the legs and the judges say of each candidate; a grid of weights is then tried on these figures.
Cross-validated by set: for each one, the weights with the best mean nDCG@10 over the others are counted on it alone.
"""

from __future__ import annotations

import argparse
import itertools
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval.beir import JudgedQuestion, load_passages, load_questions
from eval.metrics import ndcg
from eval.passages import READER, load_into, temporary_home
from rag.domain import Question
from rag.ranking.fusion import VECTORS
from rag.ranking.judge import COVERAGE, REFERENCE, REFERENCE_WEIGHT, TOPIC
from rag.settings import SearchSettings
from rag.wiring import Home, home_path
from tests.bench.ranking import DEPTH, OWN, sampled

LEGS = ("words", "characters", VECTORS)
MEASURES = (*LEGS, COVERAGE, TOPIC)
GRID = {
    "words": (0.1, 0.3, 0.6),
    "characters": (0.0, 0.2, 0.4, 0.8),
    "vectors": (1.0, 1.5, 2.0, 3.0),
    COVERAGE: (0.4, 0.7, 1.0, 1.4),
    TOPIC: (0.0, 0.3, 0.5, 0.8),
}
MOST = 1000
Columns = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """What a search says of every candidate of one question."""

    documents: Sequence[str]
    columns: Columns
    """A row a candidate, a column a measure, all of them 0 to 1, at last that of references."""
    relevant: dict[str, float]

    def ndcg(self, weights: Sequence[float], judged: int) -> float:
        """Return nDCG@10 with these weights, as `rag/ranking/judge.py` uses them."""
        legs = self.columns[:, : len(LEGS)] @ np.asarray(weights[: len(LEGS)])
        named = REFERENCE_WEIGHT * self.columns[:, -1]
        judges = self.columns[:, len(LEGS) : -1] @ np.asarray(weights[len(LEGS) :])
        late = np.argsort(-(legs / sum(weights[: len(LEGS)]) + named), kind="stable")[judged:]
        judges[late] = 0.0
        order = np.argsort(-((legs + judges) / sum(weights) + named), kind="stable")
        found = list(dict.fromkeys(self.documents[place] for place in order))
        return ndcg(found, self.relevant, depth=DEPTH)


def candidates(home: Home, question: JudgedQuestion) -> Candidates:
    """Search once, with every candidate judged."""
    search = home.settings.search.model_copy(update={"judged": MOST})
    retriever = replace(home.retriever, settings=home.settings.model_copy(update={"search": search}))
    asked = Question(text=question.text, as_of=question.as_of or date.today(), reader=READER)  # noqa: DTZ011
    hits = retriever.search(asked, limit=MOST).hits
    columns = np.array([[hit.leg_scores.get(name, np.nan) for name in (*MEASURES, REFERENCE)] for hit in hits])
    vectors = columns[:, LEGS.index(VECTORS)]
    if np.count_nonzero(~np.isnan(vectors)) >= search.candidates:  # the others count as the last of them
        vectors[np.isnan(vectors)] = np.nanmin(vectors)
    return Candidates(
        documents=[hit.chunk.document_id for hit in hits],
        columns=np.nan_to_num(columns),
        relevant=question.relevant,
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what the default weights are worth, the best weights of all sets, and for each set those of the others with what they are worth there."""
    parser = argparse.ArgumentParser(prog="ranking_weights", description=__doc__)
    parser.add_argument("--data", type=Path, nargs="+", default=[], metavar="DIR")
    parser.add_argument("--sample", type=int, metavar="N")
    given = parser.parse_args(arguments)
    grid = list(itertools.product(*GRID.values()))
    names: list[str] = []
    tables: list[Columns] = []
    for folder in (*OWN, *given.data):
        with temporary_home(home_path(None)) as home:
            load_into(home, load_passages(folder))
            asked = [candidates(home, each) for each in sampled(load_questions(folder), given.sample)]
            judged = home.settings.search.judged
        names.append(folder.name)
        tables.append(np.array([np.mean([each.ndcg(weights, judged) for each in asked]) for weights in grid]))
        print(f"{folder.name}: {len(asked)}問、最もよい重みで {tables[-1].max():.4f}", flush=True)
    table = np.array(tables)
    _tell("いまの重み", grid, grid.index(_own()), names, table)
    _tell("すべての集合", grid, int(table.mean(axis=0).argmax()), names, table)
    for place, name in enumerate(names):
        others = np.delete(table, place, axis=0).mean(axis=0)
        _tell(f"{name} を除いて選ぶ", grid, int(others.argmax()), [name], table[[place]])
    return 0


def _own() -> tuple[float, ...]:
    """Return the weights that the settings have by default; raises ValueError where the grid does not hold them."""
    own = SearchSettings()
    weights = (own.words_weight, own.characters_weight, own.vectors_weight, own.coverage_weight, own.topic_weight)
    if any(weight not in tried for weight, tried in zip(weights, GRID.values(), strict=True)):
        raise ValueError(f"the grid does not hold the default weights {weights}")
    return weights


def _tell(title: str, grid: Sequence[tuple[float, ...]], best: int, names: Sequence[str], table: Columns) -> None:
    weights = "、".join(f"{name} {weight:g}" for name, weight in zip(GRID, grid[best], strict=True))
    worth = "、".join(f"{name} {row[best]:.4f}" for name, row in zip(names, table, strict=True))
    print(f"{title}: {weights} → {worth}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
