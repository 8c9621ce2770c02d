"""The golden set holds together, and no change may lose significantly against what is committed."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from eval.cases import Case, load_cases
from eval.runs import load_run
from rag.domain import Kind, State
from rag.japanese.text import normalise
from rag.wiring import Home, open_home
from tests.ui.conftest import Kotae

FOLDER = Path(__file__).resolve().parents[2] / "eval/cases"
CASES = FOLDER / "mihon.jsonl"
BASELINE = FOLDER / "mihon_baseline"
KINDS = ("rules", "faq", "minutes", "dated", "multi")


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    return load_cases(CASES)


@pytest.fixture(scope="module")
def sample(sample_home: Path) -> Home:
    return open_home(sample_home)


def test_the_set_covers_every_kind_of_question_and_enough_that_must_be_declined(cases: list[Case]) -> None:
    tags = Counter(tag for case in cases for tag in case.tags)
    assert len(cases) >= 120 + 35
    assert tags["decline"] >= 35
    assert all(tags[kind] >= 12 for kind in KINDS)


def squeezed(text: str) -> str:
    return "".join(normalise(text).split())


def departments(home: Home) -> set[str]:
    """The departments of the organisation table."""
    return {chunk.labels.get("department", "") for chunk in home.catalogue.all_chunks() if chunk.kind is Kind.PLAIN}


def label_problems(case: Case, home: Home) -> list[str]:
    """Name what a case expects and the documents do not have."""
    records = {record.path: record for record in home.catalogue.documents() if record.state is State.ACTIVE}
    expected = case.expect
    wanted = [path for element in expected.documents for path in element]
    problems = [f"{case.id}: {path} is not there" for path in wanted if path not in records]
    chunks = [chunk for path in wanted if path in records for chunk in home.catalogue.chunks_of(records[path].id)]
    locators = {chunk.locator for chunk in chunks}
    text = squeezed("".join(f"{chunk.header}\n{chunk.text}" for chunk in chunks))
    problems += [
        f"{case.id}: {element} is no locator of its documents"
        for element in expected.locators
        if not any(locator.startswith(part) for part in element for locator in locators)
    ]
    if expected.office and not any(name.startswith(expected.office) for name in departments(home)):
        problems.append(f"{case.id}: {expected.office} is no office")
    problems += [
        f"{case.id}: {element} does not stand in its documents"
        for element in expected.points
        if wanted and not any(squeezed(part) in text for part in element)
    ]
    return problems


def test_everything_that_is_expected_stands_in_the_sample(cases: list[Case], sample: Home) -> None:
    assert [problem for case in cases for problem in label_problems(case, sample)] == []


def test_an_expectation_that_the_sample_does_not_meet_is_named(sample: Home, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.jsonl"
    path = "例規/職員の旅費に関する規則.docx"
    wrong.write_text(
        '{"id": "1", "question": "車賃は", "expect": {"documents": ["例規/ない.txt"]}, "tags": []}\n'
        f'{{"id": "2", "question": "車賃は", "expect": {{"documents": ["{path}"], "locators": ["第99条"]}}, "tags": []}}\n'
        f'{{"id": "3", "question": "車賃は", "expect": {{"documents": ["{path}"], "points": ["九百円"]}}, "tags": []}}\n'
        '{"id": "4", "question": "車賃は", "expect": {"decline": true, "office": "総務部 ない課"}, "tags": []}\n',
        encoding="utf-8",
    )
    assert [len(label_problems(case, sample)) for case in load_cases(wrong)] == [1, 1, 1, 1]


def test_the_baseline_is_of_these_cases(cases: list[Case]) -> None:
    kept = {result.id: result.digest for result in load_run(BASELINE).results}
    assert kept == {case.id: case.digest for case in cases}


def test_no_answer_is_lost_significantly_against_the_baseline(default_home: Path, tmp_path: Path, kotae: Kotae) -> None:
    run = tmp_path / "run"
    ended = kotae("--home", default_home, "--json", "eval", "answers", CASES, "--out", run)
    assert ended.status == 0, ended.err
    gate = kotae("--home", default_home, "--json", "eval", "gate", run, BASELINE)
    assert gate.status == 0, gate.out
    assert gate.value["cases"] == gate.value["baseline_cases"]
