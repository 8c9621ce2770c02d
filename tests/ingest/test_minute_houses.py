"""The invented assemblies that people labelled who had not seen the code: what is reached is held."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.minute_pairs import PairTally
from tests.bench.minute_places import read_minutes
from tests.bench.minute_weights import WEIGHTS, cases_of, choose, count, cross_validate
from tests.bench.minutes import is_substance, pairs_of, read_labels, speaks

CASES = Path(__file__).resolve().parents[1] / "cases/minutes"


@pytest.mark.parametrize(("house", "least"), [("houses_a", 0.96), ("houses_b", 0.93), ("houses_c", 0.82)])
def test_questions_and_answers_of_invented_assemblies_are_tied_as_people_tied_them(house: str, least: float) -> None:
    folder = CASES / house
    minutes = {path.name: read_minutes(path) for path in sorted(folder.glob("*.txt"))}
    tally: PairTally = pairs_of(minutes, spoken=read_labels(folder, "pairs"), written=[])["spoken"]
    assert tally.f1 >= least


@pytest.mark.parametrize(
    ("house", "speakers", "substance"), [("houses_a", 0.98, 1.0), ("houses_b", 0.98, 0.97), ("houses_c", 0.86, 0.97)]
)
def test_speakers_and_substance_of_invented_assemblies_are_told_as_people_told_them(
    house: str, speakers: float, substance: float
) -> None:
    folder = CASES / house
    minutes = {path.name: read_minutes(path) for path in sorted(folder.glob("*.txt"))}
    turns = [speaks(minutes[label["file"]], label) for label in read_labels(folder, "speakers")]
    said = [
        is_substance(minutes[label["file"]], label["line"]) == (label["label"] == "substance")
        for label in read_labels(folder, "substance")
    ]
    assert sum(turns) >= speakers * len(turns)
    assert sum(said) >= substance * len(said)


def test_weights_are_counted_on_questioners_that_did_not_choose_them() -> None:
    cases = list(cases_of(CASES / "houses_a", CASES / "houses_a"))
    few = [case for case in cases if case.file == "plenary-bulk.txt"]
    assert count(few, choose(few, trials=3)).f1 >= count(few, WEIGHTS).f1
    counted = dict(cross_validate(few, trials=1))
    assert sum(each.labelled for each in counted.values()) == sum(len(case.labels) for case in few)
