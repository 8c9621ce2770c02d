"""Answers to check again: whose they are, in which order, and nothing of documents that their reader may not read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from rag.adapters.catalogue import open_catalogue
from rag.adapters.journal import open_journal
from rag.domain import Audience, Period, Reader, Role, State
from rag.stale import Stale, StaleAnswers
from rag.standing import Change
from tests.builders import IN_FORCE, rule
from tests.rag.test_approval import ADMIN, EDITOR, FARE, NOON, OFFICE, OTHER, STAFF, Office

DEARER = FARE.replace("二十五", "三十")
DX = replace(EDITOR, user="dx", role=Role.DX)
LOCAL = Reader(user="local", name="管理者", role=Role.ADMIN, reads_all=True)


@pytest.fixture
def office(home: Path) -> Iterator[Office]:
    record, _ = rule(FARE)
    made = Office(open_catalogue(home), open_journal(home), replace(record, department=OFFICE), [])
    made.put()
    yield made
    made.catalogue.close()
    made.journal.close()


def answers(office: Office, reader: Reader) -> StaleAnswers:
    return StaleAnswers(
        journal=office.journal,
        catalogue=office.catalogue,
        reader=reader,
        may_read=office.reads(reader),
        now=lambda: office.now,
    )


def listed(office: Office, reader: Reader = STAFF, *, limit: int = 9) -> list[Stale]:
    return answers(office, reader).listed(limit=limit)


def ids(office: Office, reader: Reader = STAFF, *, limit: int = 9) -> list[str]:
    return [each.exchange_id for each in listed(office, reader, limit=limit)]


def test_nothing_is_to_be_checked_while_the_sources_stand(office: Office) -> None:
    office.ask()
    office.approvals().approve("x1")
    assert [ids(office, reader) for reader in (STAFF, EDITOR, ADMIN)] == [[], [], []]
    assert answers(office, ADMIN).count_approved() == 0


def test_a_user_sees_his_own_answers_the_newest_first_and_nobody_elses(office: Office) -> None:
    for number in (1, 2, 3):
        office.now = NOON + timedelta(minutes=number)
        office.ask(f"x{number}")
    office.ask("x4", user="hoka")
    office.put(DEARER)
    office.ask("x5")
    assert ids(office) == ["x3", "x2", "x1"]
    assert ids(office, limit=2) == ["x3", "x2"]
    [first, *_] = listed(office)
    assert (first.conversation_id, first.department) == ("k1", "")
    [finding] = first.findings
    assert (finding.change, finding.citation.quote, finding.text) == (
        Change.CHANGED,
        "一キロメートルにつき二十五円",
        DEARER,
    )


def test_who_looks_after_a_department_sees_its_approved_answers_an_administrator_all(office: Office) -> None:
    office.ask(user="hoka")
    office.approvals().approve("x1")
    office.put(DEARER)
    elsewhere = replace(EDITOR, department="総務部人事課")
    assert [ids(office, reader) for reader in (EDITOR, DX, ADMIN, LOCAL)] == [["x1"]] * 4
    assert [ids(office, reader) for reader in (STAFF, elsewhere, replace(elsewhere, role=Role.DX))] == [[], [], []]
    [stale] = listed(office, EDITOR)
    assert (stale.department, stale.conversation_id) == (OFFICE, "")
    assert [answers(office, reader).count_approved() for reader in (EDITOR, elsewhere, STAFF)] == [1, 0, 0]


def test_an_approval_that_was_withdrawn_need_not_be_checked(office: Office) -> None:
    office.ask(user="hoka")
    office.approvals().approve("x1")
    office.approvals().withdraw("x1")
    office.put(DEARER)
    assert ids(office, EDITOR) == []


def test_an_approved_answer_of_ones_own_stands_there_once(office: Office) -> None:
    office.ask(user=EDITOR.user)
    office.approvals().approve("x1")
    office.put(OTHER)
    assert ids(office, EDITOR) == ["x1"]


@pytest.mark.parametrize("state", [State.ACTIVE, State.WITHDRAWN])
def test_nothing_is_told_of_a_document_that_the_reader_may_not_read(office: Office, state: State) -> None:
    office.ask()
    office.ask("x2", user="hoka")
    office.approvals().approve("x2")
    office.put(DEARER, state=state, audience=Audience(level="3A"))
    assert [ids(office, reader) for reader in (STAFF, EDITOR, ADMIN)] == [[], [], []]
    assert answers(office, ADMIN).count_approved() == 0
    assert ids(office, LOCAL) == ["x2"]


def test_of_a_document_that_is_gone_only_that_is_told(office: Office) -> None:
    office.ask()
    office.catalogue.remove_document(office.record.id)
    [stale] = listed(office)
    [finding] = stale.findings
    assert finding.change is Change.GONE
    assert (finding.citation.title, finding.citation.locator, finding.citation.quote, finding.text) == ("",) * 4


def test_one_place_is_told_once_by_the_words_that_are_gone_and_a_withdrawn_document_once(office: Office) -> None:
    exchange = office.ask()
    assert exchange.answer is not None
    [citation] = exchange.answer.citations
    other = next(each for each in office.chunks if each.locator == "第10条")
    quotes = (
        replace(citation, quote="車賃の額は"),
        replace(citation, number=2),
        replace(citation, number=3, locator="第10条", quote="日当", chunk_id=other.id, own_hash=other.own_hash),
    )
    office.ask(citations=quotes)
    office.put(DEARER)
    [stale] = listed(office)
    assert [(each.change, each.citation.number) for each in stale.findings] == [
        (Change.CHANGED, 2),
        (Change.REMOVED, 3),
    ]
    office.put(state=State.WITHDRAWN)
    [stale] = listed(office)
    assert [(each.change, each.citation.number) for each in stale.findings] == [(Change.WITHDRAWN, 1)]


def test_what_lapses_is_told_from_that_day_on(office: Office) -> None:
    office.ask()
    office.put(period=Period(start=IN_FORCE.start, end=date(2026, 11, 21)))
    assert ids(office) == []
    office.now += timedelta(days=1)
    [stale] = listed(office)
    assert [(each.change, each.day) for each in stale.findings] == [(Change.LAPSED, date(2026, 11, 21))]


def test_the_chunks_of_all_answers_are_looked_up_at_once(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(20):
        office.ask(f"x{number}")
    office.put(DEARER)
    calls: list[int] = []
    whole = office.catalogue.chunks
    monkeypatch.setattr(office.catalogue, "chunks", lambda found: calls.append(len(found)) or whole(found))
    monkeypatch.setattr(office.catalogue, "all_chunks", lambda **_: pytest.fail("no scan"))
    monkeypatch.setattr(office.catalogue, "documents", lambda: pytest.fail("no scan"))
    assert len(ids(office)) == 9
    assert calls == [1]
