"""Cases: questions with what their answers must hold, from CASES.jsonl or from a judged set."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from eval.beir import JudgedQuestion
from eval.jsonl import read_rows
from rag.errors import CasesError

REMEDY = '1行に {"id": …, "question": …, "expect": …} を1件ずつ書いたUTF-8のファイルを指定してください。'
CASE_KEYS = frozenset({"id", "question", "as_of", "user", "expect", "tags"})
LISTS = ("documents", "locators", "points")
EXPECT_KEYS = frozenset({*LISTS, "decline", "office"})
ALTERNATIVE = "|"

Element = tuple[str, ...]
"""Alternatives, one of which must be met; joined by '|' in a file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What an answer must hold; what is empty is not judged."""

    documents: tuple[Element, ...] = ()
    """Of each element, a document with this id or path inside its source must be cited."""
    locators: tuple[Element, ...] = ()
    """Each element must be the beginning of a citation's locator, up to the end of a number: 第1条 is none of 第16条."""
    points: tuple[Element, ...] = ()
    """Each element must stand in a shown sentence or in a quote, its numbers whole; width, case and white space do not count."""
    decline: bool = False
    """True: the answer must decline, or ask back. False: it must answer."""
    office: str = ""
    """What the department of the contact must begin with, whether it answers or declines; empty: not judged."""
    spans: Element = ()
    """Of a judged set: gold spans, one of which must stand in what is quoted first."""
    dated: bool = False
    """Of a judged set: whether the versions that are cited must be in force on the day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A question with its expectation."""

    id: str
    question: str
    as_of: date | None = None
    """None: the day of the run."""
    user: str | None = None
    """Who asks, of directory.csv; None: whoever runs the cases."""
    expect: Expectation
    tags: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """Return 16 hex digits that change with the question, its day, its user or what is expected, not with id and tags."""
        expected = {name: value for name, value in asdict(self.expect).items() if value}
        body = [self.question, self.as_of.isoformat() if self.as_of else None, self.user, expected]
        return sha256(json.dumps(body, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which cases are asked."""

    tags: frozenset[str] = frozenset()
    """Cases that carry one of these; empty: all."""
    sample: int | None = None
    """At most this many, always the same ones, whatever else is in the file; None: all."""

    def of(self, cases: Sequence[Case]) -> list[Case]:
        """Return the chosen cases in their order; raises CasesError when there is none."""
        chosen = [case for case in cases if not self.tags or self.tags & set(case.tags)]
        if not chosen:
            raise CasesError(
                f"タグ {'、'.join(sorted(self.tags))}: 付いた問いがありません。--tag の綴りを確かめてください。"
            )
        if self.sample is None:
            return chosen
        kept = {case.id for case in sorted(chosen, key=_place_in_sample)[: self.sample]}
        return [case for case in chosen if case.id in kept]


def _place_in_sample(case: Case) -> str:
    return sha256(case.id.encode()).hexdigest()


def load_cases(path: Path) -> list[Case]:
    """Read CASES.jsonl; raises CasesError naming the line that is wrong, or that there is none at all."""
    cases: dict[str, Case] = {}
    for place, row in read_rows(path, remedy=REMEDY):
        case = _case(row, place)
        if case.id in cases:
            raise CasesError(f"{place}の id {case.id} は2度目です。別の id にしてください。")
        cases[case.id] = case
    if not cases:
        raise CasesError(f"{path}: 問いが1件もありません。{REMEDY}")
    return list(cases.values())


def judged_case(question: JudgedQuestion) -> Case:
    """Return a question of a judged set as a case: one of its relevant passages must be cited."""
    return Case(
        id=question.id,
        question=question.text,
        as_of=question.as_of,
        expect=Expectation(
            documents=(tuple(sorted(question.relevant)),),
            spans=question.answers,
            dated=question.as_of is not None,
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """Checks one object of a line and says what is wrong with it."""

    row: dict[str, Any]
    place: str
    keys: frozenset[str] = field(default=CASE_KEYS)

    def __post_init__(self) -> None:
        if unknown := sorted(self.row.keys() - self.keys):
            raise CasesError(
                f"{self.place}の {unknown[0]} という名前はありません。{'、'.join(sorted(self.keys))} のどれかにしてください。"
            )

    def text(self, key: str, *, required: bool) -> str:
        """Return a text without outer white space; empty when it is not there and need not be."""
        value = self.row.get(key)
        if value is None and not required:
            return ""
        if not isinstance(value, str) or not value.strip():
            raise CasesError(f"{self.place}の {key} がないか、文字ではありません。空でない文字を書いてください。")
        return value.strip()

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts; empty when it is not there."""
        value = self.row.get(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(each, str) and each.strip() for each in value):
            raise CasesError(f'{self.place}の {key} が文字の並びではありません。["…"] の形にしてください。')
        return tuple(each.strip() for each in value)

    def elements(self, key: str) -> tuple[Element, ...]:
        """Return a list of elements, each cut into its alternatives."""
        elements = tuple(tuple(part.strip() for part in text.split(ALTERNATIVE)) for text in self.texts(key))
        if not all(all(element) for element in elements):
            raise CasesError(f"{self.place}の {key} に空の選択肢があります。「|」の両側に文字を書いてください。")
        return elements

    def identity(self) -> str:
        """Return the id, which may be a whole number."""
        value = self.row.get("id")
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        return self.text("id", required=True)

    def day(self) -> date | None:
        """Return as_of; None when it is not there."""
        text = self.text("as_of", required=False)
        try:
            return date.fromisoformat(text) if text else None
        except ValueError as error:
            raise CasesError(f"{self.place}の日付 {text} を読めません。2026-04-01 の形にしてください。") from error


def _case(row: dict[str, Any], place: str) -> Case:
    reading = _Reading(row=row, place=place)
    return Case(
        id=reading.identity(),
        question=reading.text("question", required=True),
        as_of=reading.day(),
        user=reading.text("user", required=False) or None,
        expect=_expectation(row.get("expect"), place),
        tags=reading.texts("tags"),
    )


def _expectation(row: object, place: str) -> Expectation:
    if not isinstance(row, dict):
        raise CasesError(f'{place}に expect がありません。{{"documents": ["…"]}} のように書いてください。')
    reading = _Reading(row=row, place=f"{place}の expect", keys=EXPECT_KEYS)
    decline = row.get("decline", False)
    if not isinstance(decline, bool):
        raise CasesError(f"{place}の decline が true でも false でもありません。どちらかにしてください。")
    expected = Expectation(
        documents=reading.elements("documents"),
        locators=reading.elements("locators"),
        points=reading.elements("points"),
        decline=decline,
        office=reading.text("office", required=False),
    )
    answered = expected.documents or expected.locators or expected.points
    if decline and answered:
        raise CasesError(f"{place}は、断ることと {'・'.join(LISTS)} を同時に求めています。どちらかを消してください。")
    if not (decline or answered or expected.office):
        raise CasesError(
            f"{place}の expect が何も求めていません。{'、'.join(sorted(EXPECT_KEYS))} のどれかを書いてください。"
        )
    return expected
