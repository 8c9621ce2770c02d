"""The bench of the search's legs sees what it is there to see."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.beir import load_passages, load_questions
from tests.bench.ranking import LEGS, OWN, WHOLE, Scores, losses, paired, sampled


def scores(*values: float) -> Scores:
    return Scores(ndcg=values, recall=values, first=values)


def test_a_whole_that_loses_to_one_of_its_legs_is_named() -> None:
    alone = {f"{leg}だけ": scores(0.5, 0.5, 0.5, 0.5) for leg in LEGS}
    assert losses({WHOLE: scores(0.6, 0.5, 0.6, 0.5), **alone}) == []
    assert losses({WHOLE: scores(0.497, 0.498, 0.497, 0.498), **alone}) == []  # by less than .005
    better = alone | {"文字だけ": scores(0.6, 0.61, 0.6, 0.61)}
    assert [each[:4] for each in losses({WHOLE: scores(0.5, 0.5, 0.5, 0.5), **better})] == ["文字だけ"]


def test_a_loss_within_its_standard_error_is_none() -> None:
    alone = {f"{leg}だけ": scores(0.0, 1.0, 0.0, 1.0) for leg in LEGS}
    assert losses({WHOLE: scores(1.0, 0.0, 0.0, 0.95), **alone}) == []


def test_the_standard_error_is_that_of_the_mean_of_the_differences() -> None:
    assert paired([1.0, 0.0, 1.0, 0.0]) == (pytest.approx(0.5), pytest.approx(0.2887, abs=1e-4))
    assert paired([0.3]) == (0.3, 0.0)


@pytest.mark.parametrize("folder", OWN, ids=lambda folder: folder.name)
def test_every_judgement_of_our_sets_names_a_passage_and_every_question_has_one(folder: Path) -> None:
    passages = {passage.id for passage in load_passages(folder)}
    questions = load_questions(folder)
    assert len(questions) >= 300
    assert {name for question in questions for name in question.relevant} <= passages
    assert all(max(question.relevant.values()) == 2 for question in questions)
    assert [each.id for each in sampled(questions, 5)] == [each.id for each in sampled(questions[::-1], 5)]
