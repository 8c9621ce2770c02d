"""Rules as offices send them in plain text: every article under its number, and what only mentions a clause stays text."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ingest.readers import read_document
from ingest.structure import recognise
from rag.domain import Document, Section, Structure

CASES = Path(__file__).resolve().parents[1] / "cases/wrapped_rules.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One text with what a careful reader finds in it."""

    name: str
    text: str
    articles: list[str]
    supplements: list[Any]
    """[label, articles, paragraphs] of each 附則."""
    attachments: list[str]
    mentions: list[str]
    """Lines, or parts of them, that begin like a heading and are none."""
    contents: list[str]
    """Lines of the table of contents; they head nothing either, and need not be kept."""


@cache
def written() -> list[Written]:
    rows = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]
    return [Written(name=row.pop("id"), **{key: row[key] for key in row if key != "layout"}) for row in rows]


@pytest.fixture(params=range(30), ids=lambda at: f"m{at + 1:02}")
def case(request: pytest.FixtureRequest) -> Written:
    found: Written = written()[request.param]
    return found


@pytest.fixture
def structure(case: Written, tmp_path: Path) -> Structure:
    path = tmp_path / "本文.txt"
    path.write_text(case.text, encoding="utf-8", newline="")
    return recognise(read_document(path, name=path.name))


def squeezed(text: str) -> str:
    return "".join(text.split())


def supplements(sections: Sequence[Section]) -> list[list[Any]]:
    """Gather [label, articles, paragraphs] of each 附則, those of a second rule in the file apart."""
    found: dict[tuple[tuple[str, ...], str], list[Any]] = {}
    for section in sections:
        labels = section.labels
        if labels.get("part") == "supplement":
            entry = found.setdefault((section.path, labels["supplement"]), [labels["supplement"], [], []])
            if labels.get("article"):
                entry[1].append(labels["article"])
            elif labels.get("paragraph"):
                entry[2].append(labels["paragraph"])
    return list(found.values())


def headed(structure: Structure, words: str) -> list[str]:
    """Name the sections that these words head: at the start of a numbered section, or as a step of a path."""
    wanted = squeezed(words)
    numbered = [
        section
        for section in structure.sections
        if section.labels.get("article") or section.labels.get("paragraph") or section.labels.get("part") != "head"
    ]
    starts = [section.locator for section in numbered if squeezed(section.text).startswith(wanted)]
    return starts + [step for section in structure.sections for step in section.path if squeezed(step) == wanted]


def test_every_text_is_a_case() -> None:
    assert [case.name for case in written()] == [f"m{at:02}" for at in range(1, 31)]


def test_every_article_is_found_under_its_number_and_none_is_invented(case: Written, structure: Structure) -> None:
    found = []
    for section in structure.sections:
        labels = section.labels
        if labels.get("part") == "main":
            found.append(labels["article"] + (f":{labels['last']}" if "last" in labels else ""))
    assert found == case.articles


def test_every_supplement_has_its_label_its_articles_and_its_paragraphs(case: Written, structure: Structure) -> None:
    assert supplements(structure.sections) == case.supplements


def test_every_attachment_has_its_own_locator(case: Written, structure: Structure) -> None:
    found = [section.locator for section in structure.sections if section.labels.get("part") in ("table", "form")]
    assert sorted(found) == sorted(case.attachments)


def test_what_only_mentions_a_clause_stays_text(case: Written, structure: Structure) -> None:
    text = squeezed("".join(section.text for section in structure.sections))
    assert [words for words in case.mentions if squeezed(words) not in text] == []
    assert {words: headed(structure, words) for words in case.mentions if headed(structure, words)} == {}


def test_an_entry_of_the_table_of_contents_heads_nothing(case: Written, structure: Structure) -> None:
    ranges = [words for words in case.contents if "条" in words]
    assert {words: headed(structure, words) for words in ranges if headed(structure, words)} == {}


def test_what_heads_a_section_is_seen() -> None:
    section = Section(locator="第3条", text="第三条　定める。", path=("第一章 総則",), labels={"article": "3"})
    document = Document(path="", title="", blocks=())
    structure = Structure(kind=recognise(document).kind, title="", sections=(section,))
    assert headed(structure, "第三条　定める") == ["第3条"]
    assert headed(structure, "第一章　総則") == ["第一章 総則"]
    assert headed(structure, "定める。") == []
