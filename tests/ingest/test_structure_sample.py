"""The sample prefecture as it is read from its files: every kind is recognised, nothing is missed."""

from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from ingest.readers import read_document
from ingest.structure import recognise
from ingest.structure.rule_articles import follows
from rag.domain import Kind, Structure

MIHON = Path(__file__).resolve().parents[2] / "ingest" / "samples" / "mihon"
KINDS = {
    "例規": Kind.RULES,
    "会議録": Kind.MINUTES,
    "会議要旨": Kind.NOTES,
    "答弁書": Kind.ANSWERS,
    "FAQ": Kind.FAQ,
    "組織": Kind.PLAIN,
    "通知": Kind.PLAIN,
    "質問通告": Kind.PLAIN,
}
FILES = sorted(str(path.relative_to(MIHON)) for folder in KINDS for path in (MIHON / folder).iterdir())


@cache
def read(name: str) -> Structure:
    return recognise(read_document(MIHON / name, name=name))


@pytest.mark.parametrize("name", FILES)
def test_the_kind_is_seen_in_the_content(name: str) -> None:
    assert read(name).kind is KINDS[name.split("/", maxsplit=1)[0]]


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith("例規")])
def test_the_articles_of_a_rule_follow_each_other_without_a_gap(name: str) -> None:
    structure = read(name)
    keys = [section.labels["article"] for section in structure.sections if section.labels.get("part") == "main"]
    numbers = [tuple(map(int, key.split("_"))) for key in keys]
    assert len(numbers) > 10
    assert numbers[0] == (1,)
    assert all(follows(last, number) for last, number in pairwise(numbers))
    assert structure.effective_from is not None


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith("例規")])
def test_no_two_sections_of_a_rule_share_a_locator(name: str) -> None:
    locators = [section.locator for section in read(name).sections]
    assert len(locators) == len(set(locators))


def test_the_old_and_the_new_travel_rules_have_their_own_words() -> None:
    new = read("例規/職員の旅費に関する条例.html")
    old = read("例規/職員の旅費に関する条例（令和8年3月31日まで）.html")
    daily = {section.locator: section.caption for section in old.sections}
    assert daily["第17条"] == "日当"
    assert {section.locator: section.caption for section in new.sections}["第17条"] != "日当"


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith("会議録")])
def test_every_answer_in_the_minutes_names_its_post_and_its_speaker(name: str) -> None:
    answers = [section for section in read(name).sections if section.labels.get("role") == "official"]
    assert len(answers) > 10
    assert all(section.labels["speaker"] and section.labels["date"] for section in answers)
    assert sum("question" in section.labels for section in answers) > len(answers) / 2


def test_the_organisation_table_gives_offices_with_extensions() -> None:
    structure = read("組織/組織・分掌表.csv")
    assert all(section.labels["extension"].isdigit() for section in structure.sections)
