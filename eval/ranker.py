"""The story of one training: gather, measure, and keep what was learned only where it is proven."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from eval.folds import FOLDS, Judged, group_questions
from eval.gain import MEASURE, Measured, cross_validate, fit_from
from eval.judgements import Gathered, Source, gather_cases, gather_feedback, gather_set
from eval.listwise import fit_order
from ingest.split import INDEX_VERSION
from rag.ranking.card import Card, write_ranker
from rag.ranking.learned import Standing
from rag.wiring import Home, open_home

LEAST_QUESTIONS = 50
LEAST_GROUPS = 20
"""So many questions, and groups of them that share nothing, are needed before anything is learned."""


class Ending(StrEnum):
    """How a training ended; each is normal."""

    USED = "used"
    TOO_FEW = "too_few"
    TOO_ALIKE = "too_alike"
    """The questions are about so few texts that none is left to measure with."""
    UNPROVEN = "unproven"
    """The interval of the gain does not lie above zero."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """What came of it."""

    ending: Ending
    n: int
    """Questions that could be learned from."""
    sources: Mapping[str, int]
    left_out: Mapping[str, int]
    """Reason → questions that could not."""
    card: Card | None = None
    """What was measured; None: nothing was, for want of questions."""
    more: int | None = None
    """How many more judged questions would help; None where none are missing, or nobody can tell."""
    standing: Standing
    """Whether the home uses a learned order now: this one, or one of before."""


def train_ranker(
    sources: Sequence[Path],
    home_path: Path,
    *,
    user: str | None = None,
    feedback: bool = True,
    tell: Callable[[int], None] = lambda _done: None,
) -> Training:
    """Learn from BEIR folders, files of cases and the home's feedback; raises KotaeError.

    The order is written into the home only where the whole 95 % interval of its cross-validated gain lies above zero; one
    that lies there from before stays otherwise. `tell` hears the questions asked so far.
    """
    home = open_home(home_path)
    home.catch_up()
    gathered = Gathered()
    for source in Source.each(sources):
        if source.path.is_dir():
            gather_set(source, home_path, gathered, tell)
        else:
            gather_cases(source, home, gathered, user=user, tell=tell)
    if feedback:
        gather_feedback(home, gathered, tell=tell)
    return _learn(home, gathered)


def _learn(home: Home, gathered: Gathered) -> Training:
    judged = gathered.judged
    if len(judged) < LEAST_QUESTIONS:
        return _ended(home, gathered, Ending.TOO_FEW, more=LEAST_QUESTIONS - len(judged))
    if len(set(group_questions(judged))) < LEAST_GROUPS:
        return _ended(home, gathered, Ending.TOO_ALIKE)
    measured = cross_validate(judged, fit_order)
    card = _card(home, measured)
    if not card.is_proven:
        return _ended(home, gathered, Ending.UNPROVEN, card=card, more=measured.more)
    write_ranker(home.order.path, card, fit_from(judged, fit_order))
    return _ended(home, gathered, Ending.USED, card=card)


def _card(home: Home, measured: Measured) -> Card:
    maker = home.order.maker
    return Card(
        made_at=datetime.now().astimezone(),
        measure=MEASURE,
        overall=measured.overall,
        low=measured.low,
        high=measured.high,
        groups=measured.groups,
        folds=FOLDS,
        sources=measured.sources,
        features=maker.features,
        embedder=maker.embedder,
        fusion=maker.fusion,
        index_version=INDEX_VERSION,
    )


def _ended(
    home: Home, gathered: Gathered, ending: Ending, *, card: Card | None = None, more: int | None = None
) -> Training:
    return Training(
        ending=ending,
        n=len(gathered.judged),
        sources=_counted(gathered.judged),
        left_out=dict(sorted(gathered.left_out.items())),
        card=card,
        more=more,
        standing=home.order.find().standing,
    )


def _counted(judged: Sequence[Judged]) -> dict[str, int]:
    names = [each.source for each in judged]
    return {name: names.count(name) for name in sorted(set(names))}
