"""What an answer says of clauses that have just changed, or soon will."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from rag.assistant.changes import changes
from rag.domain import Chunk, DocumentRecord, Evidence, Kind, Period
from tests.builders import chunk

CHANGE = date(2026, 4, 1)
BEFORE, AFTER = Period(start=date(2000, 4, 1), end=CHANGE), Period(start=CHANGE)
TITLE = "職員の旅費に関する条例"


def clause(text: str, period: Period, *, version: str, locator: str = "第17条", part: str = "main") -> Chunk:
    return chunk(text, locator=locator, title=TITLE, period=period, document=version, labels={"part": part})


OLD = clause("第十七条　日当の額は、一日につき二千二百円とする。", BEFORE, version="旧")
NEW = clause("第十七条　宿泊手当の額は、一夜につき二千四百円とする。", AFTER, version="新")
KEPT = clause("第二条　この条例において旅行とは、出張をいう。", BEFORE, version="旧", locator="第2条")
STILL = replace(KEPT, document_id="新", period=AFTER, text=KEPT.text.replace("　", " "))
ENTRY = clause(
    "２　この条例の施行の日前に出発した旅行については、なお従前の例による。",
    AFTER,
    version="新",
    locator="附則第2項",
    part="supplement",
)
OLD_ENTRY = clause(
    "この条例の施行前の分は、なお従前の例による。", BEFORE, version="旧", locator="附則", part="supplement"
)


def told(
    cited: Chunk, day: date, *, old: tuple[Chunk, ...] = (OLD,), new: tuple[Chunk, ...] = (NEW,), days: int = 60
) -> tuple[str, ...]:
    versions = {"旧": old, "新": new}
    chain = [
        DocumentRecord(id=key, source="", path="", content_hash="", title=TITLE, kind=Kind.RULES, period=period)
        for key, period in (("新", AFTER), ("旧", BEFORE))
        if versions[key]
    ]
    item = Evidence(number=1, chunk=cited, title=TITLE)
    return changes([item], {cited.document_id: chain}, day, texts=lambda key: versions[key], days=days)


def test_a_clause_that_soon_reads_otherwise_is_told_with_the_day() -> None:
    assert told(OLD, CHANGE - timedelta(days=60)) == (
        (
            "「職員の旅費に関する条例」第17条は、2026-04-01から変わります。"
            "その日より後のことは、確認時点を2026-04-01にして質問してください。"
        ),
    )


def test_a_clause_that_has_just_changed_is_told_with_the_provision_for_what_began_before() -> None:
    [warning] = told(NEW, CHANGE, new=(NEW, ENTRY))
    assert "2026-04-01に変わったばかりです" in warning
    assert "経過措置（附則第2項）" in warning


def test_a_provision_that_stood_in_the_version_before_is_not_the_one_for_this_change() -> None:
    again = replace(OLD_ENTRY, document_id="新", period=AFTER)
    [warning] = told(NEW, CHANGE, old=(OLD, OLD_ENTRY), new=(NEW, again))
    assert "経過措置" not in warning


@pytest.mark.parametrize(
    ("cited", "day"),
    [
        (OLD, CHANGE - timedelta(days=61)),
        (NEW, CHANGE + timedelta(days=61)),
        (KEPT, CHANGE - timedelta(days=1)),
        (STILL, CHANGE + timedelta(days=1)),
    ],
)
def test_a_change_far_off_and_a_clause_that_stays_are_not_told(cited: Chunk, day: date) -> None:
    assert told(cited, day, old=(OLD, KEPT), new=(NEW, STILL)) == ()


def test_a_clause_that_only_gets_another_number_is_no_change() -> None:
    moved = replace(STILL, locator="第3条", text=KEPT.text)
    assert told(KEPT, CHANGE - timedelta(days=1), old=(KEPT,), new=(moved,)) == ()
    assert told(KEPT, CHANGE - timedelta(days=1), old=(KEPT,), new=(NEW,))


def test_a_rule_that_ends_without_another_is_told() -> None:
    [warning] = told(OLD, CHANGE - timedelta(days=1), new=())
    assert "2026-04-01に効力を失います" in warning


def test_a_document_without_versions_is_not_told_of() -> None:
    item = Evidence(number=1, chunk=NEW, title=TITLE)
    assert changes([item], {}, CHANGE, texts=lambda _key: (), days=60) == ()
