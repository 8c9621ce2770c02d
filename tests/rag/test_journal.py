"""The contract of the journal, on SQLite and on PostgreSQL: nothing is lost, and nobody sees another's questions."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from rag.adapters import database
from rag.adapters.catalogue import open_catalogue
from rag.adapters.journal import SqlJournal, open_journal
from rag.adapters.journal_tables import EXCHANGES, METADATA, exchange_row
from rag.domain import Answer, AnswerStatus, ApprovedAnswer, Citation, HitScore, Office, Part, Period, Problem, Sentence
from rag.errors import BusyError, NotFoundError, StorageError
from rag.journal import Approval, Exchange, Feedback, FeedbackState, IngestRun, Reason, Verdict
from rag.ports import Journal

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=timezone(timedelta(hours=9)))
ENGINES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.needs_postgresql)]
ANSWER = Answer(
    status=AnswerStatus.PARTIAL,
    sentences=(
        Sentence(
            part=Part.CONCLUSION,
            text="1キロメートルにつき25円です。",
            citations=(1,),
            quotes=("25円",),
            verified=True,
            problems=(Problem.UNCITED,),
        ),
    ),
    citations=(
        Citation(
            number=1,
            document_id="d1",
            title="職員の旅費に関する規則",
            locator="第9条",
            quote="１キロメートルにつき25円",
            page=3,
            period=Period(start=date(2026, 4, 1)),
            chunk_id="c1",
        ),
    ),
    contact=Office(department="総務部 給与旅費課", extension="2231"),
    warnings=("確かめてください。",),
    as_of=date(2026, 11, 25),
    model="extractive",
    prompt="abc",
    hits=(
        HitScore(chunk_id="c1", document_id="d1", title="規則", locator="第9条", score=0.9, leg_scores={"words": 0.8}),
    ),
)


@pytest.fixture(params=ENGINES)
def url(request: pytest.FixtureRequest) -> str:
    return "" if request.param == "sqlite" else str(request.getfixturevalue("postgresql_url"))


@pytest.fixture
def journal(home: Path, url: str) -> Iterator[SqlJournal]:
    opened = open_journal(home, url)
    yield opened
    opened.close()


def exchange(name: str = "x1", *, minutes: int = 0, **facts: object) -> Exchange:
    made = Exchange(
        id=name,
        conversation_id="k1",
        user="shokuin",
        asked_at=NOON + timedelta(minutes=minutes),
        question="車賃は1キロメートルいくらですか。",
        as_of=date(2026, 11, 25),
        answer=ANSWER,
        generation="g1",
        revision=7,
    )
    return replace(made, **facts)


def feedback(name: str = "x1", **facts: object) -> Feedback:
    made = Feedback(exchange_id=name, user="shokuin", given_at=NOON, verdict=Verdict.NOT_HELPFUL)
    return replace(made, **facts)


def test_it_is_the_journal_that_the_stories_know(journal: SqlJournal) -> None:
    socket: Journal = journal
    assert socket.last_ingest_run() is None


def test_an_exchange_comes_back_whole(journal: SqlJournal) -> None:
    journal.put_exchange(exchange())
    found = journal.exchange("x1")
    assert found == exchange()
    assert found.asked_at.utcoffset() is not None


def test_a_question_is_kept_before_its_answer_comes(journal: SqlJournal) -> None:
    journal.put_exchange(exchange(answer=None))
    assert journal.exchange("x1").answer is None
    journal.put_exchange(exchange())
    assert journal.exchange("x1").answer == ANSWER
    assert len(journal.exchanges("k1", user="shokuin")) == 1


def test_an_unknown_exchange_is_told(journal: SqlJournal) -> None:
    with pytest.raises(NotFoundError, match="開き直してください"):
        journal.exchange("x9")
    with pytest.raises(NotFoundError):
        journal.put_feedback(feedback("x9"))


def test_a_user_sees_only_his_own_conversations(journal: SqlJournal) -> None:
    journal.put_exchange(exchange())
    journal.put_exchange(exchange("x2", user="hoka", question="別の人の質問"))
    assert [each.id for each in journal.exchanges("k1", user="shokuin")] == ["x1"]
    assert [each.question for each in journal.conversations("hoka", limit=9)] == ["別の人の質問"]
    assert journal.conversations("shokuin", containing="別の人", limit=9) == []
    assert journal.conversations("daremo", limit=9) == []


def test_conversations_come_last_used_first_under_their_first_question(journal: SqlJournal) -> None:
    journal.put_exchange(exchange("x1", minutes=0))
    journal.put_exchange(exchange("x2", minutes=5, conversation_id="k2", question="休暇の期限は。"))
    journal.put_exchange(exchange("x3", minutes=9, question="様式は。"))
    found = journal.conversations("shokuin", limit=9)
    assert [(each.id, each.question, each.exchanges) for each in found] == [
        ("k1", "車賃は1キロメートルいくらですか。", 2),
        ("k2", "休暇の期限は。", 1),
    ]
    assert found[0].last_asked_at == NOON.astimezone(UTC) + timedelta(minutes=9)
    assert [each.id for each in journal.conversations("shokuin", limit=1)] == ["k1"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("様式", ["k1"]),
        ("25円", ["k1", "k2"]),
        ("様式 休暇", []),
        ("休暇 25円", ["k2"]),
        ("２５円 休暇", ["k2"]),
        ("ｷﾛﾒｰﾄﾙ", ["k1", "k2"]),
        ("100%", []),
        ("_", []),
    ],
)
def test_conversations_are_found_by_words_of_question_or_answer(
    journal: SqlJournal, words: str, found: list[str]
) -> None:
    journal.put_exchange(exchange("x1", minutes=1))
    journal.put_exchange(exchange("x2", minutes=2, question="様式は。", answer=None))
    journal.put_exchange(
        exchange("x3", conversation_id="k2", question="休暇の期限は。", answer=replace(ANSWER, hits=()))
    )
    wanted = sorted(each.id for each in journal.conversations("shokuin", containing=words, limit=9))
    assert wanted == found


def test_feedback_replaces_what_was_said_before_and_names_sources(journal: SqlJournal) -> None:
    journal.put_exchange(exchange())
    assert journal.feedback("x1") is None
    journal.put_feedback(feedback())
    last = feedback(
        verdict=Verdict.HELPFUL, reasons=(Reason.OUTDATED,), comment="助かりました。", right_sources=("c1",)
    )
    journal.put_feedback(last)
    assert journal.feedback("x1") == last
    assert journal.all_feedback(states=frozenset(FeedbackState), limit=9) == [(exchange(), last)]


def test_feedback_moves_from_state_to_state_with_a_note(journal: SqlJournal) -> None:
    for number in (1, 2, 3):
        journal.put_exchange(exchange(f"x{number}"))
        journal.put_feedback(feedback(f"x{number}", given_at=NOON + timedelta(minutes=number)))
    seen = journal.feedback("x2")
    assert seen is not None
    journal.move_feedback(seen, FeedbackState.DONE, note="FAQを直しました。", handled_by="dx")
    waiting = journal.all_feedback(states=frozenset({FeedbackState.RECEIVED}), limit=9)
    assert [said.exchange_id for _, said in waiting] == ["x1", "x3"]
    [(_, done)] = journal.all_feedback(states=frozenset({FeedbackState.DONE}), limit=9)
    assert (done.note, done.handled_by) == ("FAQを直しました。", "dx")
    assert journal.count_feedback() == {
        FeedbackState.RECEIVED: 2,
        FeedbackState.REVIEWING: 0,
        FeedbackState.DONE: 1,
    }
    assert len(journal.all_feedback(states=frozenset(FeedbackState), limit=2)) == 2


def test_nobody_undoes_what_another_did_meanwhile(journal: SqlJournal) -> None:
    journal.put_exchange(exchange())
    journal.put_feedback(feedback())
    journal.move_feedback(feedback(), FeedbackState.REVIEWING, note="確かめています。", handled_by="dx1")
    with pytest.raises(BusyError, match="もう一度保存してください"):
        journal.move_feedback(feedback(), FeedbackState.RECEIVED, note="別の控え", handled_by="dx2")
    kept = journal.feedback("x1")
    assert kept is not None
    assert (kept.state, kept.note, kept.handled_by) == (FeedbackState.REVIEWING, "確かめています。", "dx1")


def approval(name: str = "x1", *, minutes: int = 0, **facts: object) -> Approval:
    approved = ApprovedAnswer(
        exchange_id=name,
        question="車賃は1キロメートルいくらですか。",
        department="総務部給与旅費課",
        approved_by="ryohi",
        approved_at=NOON + timedelta(minutes=minutes),
        sentences=ANSWER.sentences,
        citations=ANSWER.citations,
        as_of=ANSWER.as_of,
    )
    return replace(Approval(answer=approved), **facts)


def test_approvals_come_back_whole_the_newest_first_until_they_are_withdrawn(journal: SqlJournal) -> None:
    for number in (1, 2, 3):
        journal.put_exchange(exchange(f"x{number}"))
    for number in (2, 1, 3):
        journal.put_approval(approval(f"x{number}", minutes=number))
    assert journal.approval("x1") == approval("x1", minutes=1)
    assert [each.answer.exchange_id for each in journal.approvals()] == ["x3", "x2", "x1"]
    assert list(journal.approved_questions().items())[:1] == [("x3", "車賃は1キロメートルいくらですか。")]
    gone = approval("x3", minutes=3, withdrawn_by="dx", withdrawn_at=NOON + timedelta(hours=1))
    journal.put_approval(gone)
    assert journal.approval("x3") == gone
    assert [each.answer.exchange_id for each in journal.approvals()] == ["x2", "x1"]
    assert list(journal.approved_questions()) == ["x2", "x1"]
    assert journal.approval("x9") is None
    with pytest.raises(NotFoundError, match="開き直してください"):
        journal.put_approval(approval("x9"))


def test_an_approved_answer_that_was_shown_is_kept_with_the_new_one_and_holds_no_further_one(
    journal: SqlJournal,
) -> None:
    shown = replace(ANSWER, approved=approval().answer)
    journal.put_exchange(exchange(answer=shown))
    assert journal.exchange("x1").answer == shown
    assert "approved" not in {each.name for each in fields(ApprovedAnswer)}


def test_a_users_own_answers_come_newest_first_without_questions_that_got_none(journal: SqlJournal) -> None:
    for number in (1, 2, 3):
        journal.put_exchange(exchange(f"x{number}", minutes=number))
    journal.put_exchange(exchange("x4", minutes=4, answer=None))
    journal.put_exchange(exchange("x5", minutes=5, user="hoka"))
    assert [each.id for each in journal.answered("shokuin", limit=9)] == ["x3", "x2", "x1"]
    assert [each.id for each in journal.answered("shokuin", limit=2)] == ["x3", "x2"]


def test_a_journal_of_the_first_version_takes_approvals_and_keeps_what_it_holds(home: Path, url: str) -> None:
    first = replace(database.JOURNAL, versions=("j0001",))
    store = database.open_store(home, url, first)
    with store.writer.begin() as connection:
        database.upsert(connection, EXCHANGES, [exchange_row(exchange())])
    store.engine.dispose()
    journal = open_journal(home, url)
    assert journal.exchange("x1") == exchange()
    journal.put_approval(approval())
    assert [each.answer.exchange_id for each in journal.approvals()] == ["x1"]
    journal.close()


def test_the_last_ingest_is_kept_with_every_warning(journal: SqlJournal) -> None:
    first = IngestRun(finished_at=NOON, user="local", paths=("規程集",), report={"warnings": []})
    last = replace(
        first, finished_at=NOON + timedelta(days=1), report={"warnings": [{"path": "a", "reason": "隠し行"}]}
    )
    journal.put_ingest_run(last)
    journal.put_ingest_run(first)
    assert journal.last_ingest_run() == last


def test_the_tables_of_the_code_are_those_of_the_migrations(home: Path, url: str) -> None:
    open_catalogue(home, url).close()
    engine = database.open_store(home, url, database.JOURNAL).engine
    with engine.connect() as connection:
        options = {
            "version_table": database.JOURNAL.version_table,
            "include_name": lambda name, kind, _: kind != "table" or name in METADATA.tables,
        }
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, METADATA) == []
    engine.dispose()


def test_a_journal_of_a_newer_version_is_left_alone(home: Path, url: str) -> None:
    store = database.open_store(home, url, database.JOURNAL)
    with store.writer.begin() as connection:
        connection.exec_driver_sql("UPDATE journal_version SET version_num = 'j9999'")
    store.engine.dispose()
    with pytest.raises(StorageError, match="新しい版のこたえが作った利用記録です（版 j9999）"):
        open_journal(home, url)


def test_a_question_is_kept_while_an_ingest_holds_the_catalogue(home: Path) -> None:
    catalogue, journal = open_catalogue(home), open_journal(home)
    kept = threading.Event()

    def keep() -> None:
        journal.put_exchange(exchange())
        kept.set()

    with catalogue.batch():
        catalogue.put_source("規程集")
        threading.Thread(target=keep, daemon=True).start()
        assert kept.wait(10)


@pytest.mark.parametrize("keeps_copy", [True, False], ids=["moved", "deleted"])
def test_a_journal_that_is_moved_or_deleted_under_an_open_page_starts_anew(home: Path, *, keeps_copy: bool) -> None:
    journal = open_journal(home)
    journal.put_exchange(exchange())
    for file in home.glob("journal.sqlite3*"):
        file.rename(home / f"控え-{file.name}") if keeps_copy else file.unlink()
    assert journal.conversations("shokuin", limit=9) == []
    journal.put_exchange(exchange("x2"))
    assert [each.id for each in open_journal(home).exchanges("k1", user="shokuin")] == ["x2"]


def test_many_sessions_write_at_once(journal: SqlJournal) -> None:
    threads = [
        threading.Thread(target=lambda number=number: journal.put_exchange(exchange(f"x{number}", minutes=number)))
        for number in range(30)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(journal.exchanges("k1", user="shokuin")) == 30
