"""An answer that an office approved comes first for the same question, as long as its sources stand, to whoever may read them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from ingest.split import identified
from rag.adapters.catalogue import SqlCatalogue, open_catalogue
from rag.adapters.journal import SqlJournal, open_journal
from rag.approval import Approvals
from rag.domain import (
    Answer,
    AnswerStatus,
    ApprovedAnswer,
    Audience,
    Chunk,
    Citation,
    DocumentRecord,
    Part,
    Period,
    Question,
    Reader,
    Role,
    Sentence,
    State,
)
from rag.domain import Office as Contact
from rag.errors import DeniedError, InputError, NotFoundError, QuestionError, StorageError
from rag.journal import Exchange
from rag.safety.authorise import may_read
from rag.standing import Change, Finding, Sources
from tests.builders import IN_FORCE, rule

LEVELS = ("3A", "2", "1")
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=timezone(timedelta(hours=9)))
DAY = NOON.date()
ASKED = "車賃はいくらですか。"
FARE = "第9条　車賃の額は、一キロメートルにつき二十五円とする。"
OTHER = "第10条　日当は、支給しない。"
OFFICE = "総務部給与旅費課"
EDITOR = Reader(user="ryohi", name="旅費係員", department=OFFICE, max_level="2", role=Role.EDITOR)
ADMIN = replace(EDITOR, user="system", department="総務部デジタル推進課", role=Role.ADMIN)
STAFF = replace(EDITOR, user="shokuin", role=Role.STAFF)


@dataclass
class Office:
    """A home with one rule, and an answer that cites its ninth article."""

    catalogue: SqlCatalogue
    journal: SqlJournal
    record: DocumentRecord
    chunks: list[Chunk]
    now: datetime = NOON

    def approvals(self, reader: Reader = EDITOR) -> Approvals:
        return Approvals(
            journal=self.journal,
            catalogue=self.catalogue,
            reader=reader,
            may_read=self.reads(reader),
            now=lambda: self.now,
        )

    def reads(self, reader: Reader) -> Callable[[Audience], bool]:
        return lambda audience: may_read(reader, audience, levels=LEVELS)

    def shown(self, text: str = ASKED, *, reader: Reader = STAFF, day: date = DAY) -> ApprovedAnswer | None:
        return self.approvals(reader).shown(Question(text=text, as_of=day, reader=reader))

    def put(self, text: str = f"{FARE}\n{OTHER}", *, state: State = State.ACTIVE, **changes: object) -> None:
        """Load the rule again with other words or other facts."""
        _, chunks = rule(text)
        self.record = replace(self.record, state=state, **changes)  # type: ignore[arg-type]
        self.chunks = identified(
            replace(each, period=self.record.period, audience=self.record.audience) for each in chunks
        )
        kept = self.chunks if state is State.ACTIVE else []
        self.catalogue.put_document(self.record, kept, vectors={})

    def ask(self, name: str = "x1", *, text: str = ASKED, user: str = "shokuin", **changes: object) -> Exchange:
        """Keep an answer that cites the article as it is now."""
        cited = next(each for each in self.chunks if each.locator == "第9条")
        citation = Citation(
            number=1,
            document_id=self.record.id,
            title=self.record.title,
            locator=cited.locator,
            quote="一キロメートルにつき二十五円",
            period=cited.period,
            chunk_id=cited.id,
            own_hash=cited.own_hash,
        )
        said = Sentence(part=Part.CONCLUSION, text="1キロメートルにつき25円です。", citations=(1,), verified=True)
        answer = Answer(
            status=AnswerStatus.ANSWERED, sentences=(said,), citations=(citation,), as_of=DAY, model="extractive"
        )
        exchange = Exchange(
            id=name,
            conversation_id="k1",
            user=user,
            asked_at=self.now,
            question=text,
            as_of=DAY,
            answer=replace(answer, **changes),  # type: ignore[arg-type]
        )
        self.journal.put_exchange(exchange)
        return exchange


@pytest.fixture
def office(home: Path) -> Iterator[Office]:
    record, _ = rule(FARE)
    made = Office(open_catalogue(home), open_journal(home), replace(record, department=OFFICE), [])
    made.put()
    yield made
    made.catalogue.close()
    made.journal.close()


def test_an_approved_answer_is_shown_to_whoever_asks_the_same_with_office_and_day(office: Office) -> None:
    exchange = office.ask()
    office.approvals().approve("x1")
    shown = office.shown("車賃はいくらでしょうか")
    assert shown is not None
    assert (shown.department, shown.approved_by, shown.approved_at) == (OFFICE, "ryohi", NOON)
    assert exchange.answer is not None
    assert (shown.sentences, shown.citations) == (exchange.answer.sentences, exchange.answer.citations)


def test_an_answer_to_a_follow_up_is_approved_for_the_question_as_it_was_read(office: Office) -> None:
    whole = "出張の旅費の精算について、様式は何ですか。"
    office.ask(text="その様式は？", read_as=whole)
    assert office.approvals().approve("x1").question == whole
    assert office.shown(whole) is not None
    assert office.shown("様式は何ですか。") is None
    office.ask("x2", text="様式は？", read_as="去年の旅費の精算について、様式は何ですか。")
    with pytest.raises(QuestionError, match="去年の旅費"):
        office.approvals().approve("x2")


def test_another_question_gets_no_approved_answer(office: Office) -> None:
    office.ask()
    office.approvals().approve("x1")
    assert office.shown("宿泊料はいくらですか。") is None
    assert office.shown("車賃はいくらまでですか。") is None


def test_an_approval_that_is_withdrawn_is_shown_no_more_and_may_be_given_again(office: Office) -> None:
    office.ask()
    office.approvals().approve("x1")
    office.approvals().withdraw("x1")
    assert office.shown() is None
    assert office.approvals().held("x1") is None
    kept = office.journal.approval("x1")
    assert kept is not None
    assert (kept.withdrawn_by, kept.withdrawn_at) == ("ryohi", NOON)
    with pytest.raises(NotFoundError, match="承認されていません"):
        office.approvals().withdraw("x1")
    office.approvals().approve("x1")
    assert office.shown() is not None


def test_it_is_shown_only_to_who_may_read_every_source(office: Office) -> None:
    office.ask()
    office.approvals().approve("x1")
    office.put(audience=Audience(level="2"))
    assert office.shown(reader=STAFF) is not None
    assert office.shown(reader=replace(STAFF, max_level="1")) is None
    assert [each.answer.question for each in office.approvals(STAFF).listed()] == [ASKED]
    assert office.approvals(replace(STAFF, max_level="1")).listed() == []


@pytest.mark.parametrize(
    "text", [FARE.replace("二十五", "三十"), OTHER, f"{FARE}ただし、知事が認める場合は、この限りでない。\n{OTHER}"]
)
def test_it_is_not_shown_once_its_source_says_something_else(office: Office, text: str) -> None:
    office.ask()
    office.approvals().approve("x1")
    office.put(text)
    assert office.shown() is None
    assert [each.stands for each in office.approvals().listed()] == [False]


def test_it_is_not_shown_while_its_document_is_withdrawn(office: Office) -> None:
    office.ask()
    office.approvals().approve("x1")
    office.put(state=State.WITHDRAWN)
    assert office.shown() is None
    office.put()
    assert office.shown() is not None


def test_a_document_that_was_hidden_with_its_chunks_kept_does_not_stand_either(office: Office) -> None:
    exchange = office.ask()
    office.approvals().approve("x1")
    office.catalogue.update_document(replace(office.record, state=State.WITHDRAWN, chunk_count=2))
    assert office.shown() is None
    assert getattr(finding(office, exchange), "change", None) is Change.WITHDRAWN


def test_it_is_shown_only_for_a_day_on_which_its_sources_are_in_force(office: Office) -> None:
    office.ask()
    office.approvals().approve("x1")
    assert office.shown(day=date(2026, 3, 31)) is None
    office.put(period=Period(start=IN_FORCE.start, end=date(2027, 4, 1)))
    shown = office.shown(day=date(2027, 3, 31))
    assert shown is not None
    assert shown.citations[0].period.end == date(2027, 4, 1)
    assert shown.citations[0].chunk_id == office.chunks[0].id
    assert office.shown(day=date(2027, 4, 1)) is None


def test_the_newest_approved_answer_that_stands_is_shown(office: Office) -> None:
    office.ask("x1")
    office.approvals().approve("x1")
    office.put(FARE.replace("二十五", "三十"))
    office.now += timedelta(days=1)
    office.ask("x2")
    office.approvals().approve("x2")
    shown = office.shown()
    assert shown is not None
    assert shown.exchange_id == "x2"
    office.put()
    shown = office.shown()
    assert shown is not None
    assert shown.exchange_id == "x1"


@pytest.mark.parametrize(
    ("reader", "allowed"),
    [
        (EDITOR, True),
        (replace(EDITOR, department="総務部 給与旅費課"), True),
        (ADMIN, True),
        (Reader(user="local", name="管理者", role=Role.ADMIN, reads_all=True), True),
        (replace(EDITOR, department="総務部人事課"), False),
        (replace(EDITOR, department=""), False),
        (replace(EDITOR, role=Role.DX), False),
        (STAFF, False),
    ],
)
def test_only_an_editor_of_the_office_that_keeps_a_source_or_an_administrator_approves(
    office: Office, reader: Reader, *, allowed: bool
) -> None:
    exchange = office.ask()
    assert exchange.answer is not None
    assert office.approvals(reader).may_approve(exchange.answer) is allowed
    if allowed:
        assert office.approvals(reader).approve("x1").department.replace(" ", "") == OFFICE
        assert office.approvals(reader).may_withdraw(office.approvals(reader).withdraw("x1"))
        return
    with pytest.raises(DeniedError, match="頼んでください"):
        office.approvals(reader).approve("x1")
    office.approvals().approve("x1")
    with pytest.raises(DeniedError, match="頼んでください"):
        office.approvals(reader).withdraw("x1")
    assert office.shown() is not None


def test_an_administrator_approves_for_the_keeper_whom_the_answer_names(office: Office) -> None:
    workbook = replace(office.record, id="FAQ", path="FAQ.xlsx", department="総務部デジタル推進課")
    _, [chunk, *_] = rule(FARE, document="FAQ")
    office.catalogue.put_document(workbook, [chunk], vectors={})
    exchange = office.ask()
    assert exchange.answer is not None
    [rule_cited] = exchange.answer.citations
    cited = (replace(rule_cited, document_id="FAQ", chunk_id=chunk.id), rule_cited)
    local = Reader(user="local", name="管理者", role=Role.ADMIN, reads_all=True)
    office.ask("x2", citations=cited)
    assert office.approvals(local).approve("x2").department == "総務部デジタル推進課"
    office.ask("x3", citations=cited, contact=Contact(department="総務部 給与旅費課 旅費係"))
    assert office.approvals(local).approve("x3").department == OFFICE


def test_nobody_approves_or_withdraws_what_he_may_not_read(office: Office) -> None:
    office.ask()
    office.approvals().approve("x1")
    office.put(audience=Audience(level="3A"))
    for reader in (EDITOR, ADMIN):
        with pytest.raises(NotFoundError) as unread:
            office.approvals(reader).approve("x1")
        with pytest.raises(NotFoundError) as unknown:
            office.approvals(reader).approve("x9")
        assert str(unread.value) == str(unknown.value).replace("x9", "x1")
        with pytest.raises(NotFoundError):
            office.approvals(reader).withdraw("x1")


def test_a_document_that_was_always_above_a_reader_is_no_source_of_his(office: Office) -> None:
    office.put(audience=Audience(level="2"))
    exchange = office.ask()
    low = replace(EDITOR, max_level="1")
    assert exchange.answer is not None
    assert not office.approvals(low).may_approve(exchange.answer)
    with pytest.raises(NotFoundError):
        office.approvals(low).approve("x1")
    held = office.approvals().approve("x1")
    assert office.approvals(low).listed() == []
    assert not office.approvals(low).may_withdraw(held)
    with pytest.raises(NotFoundError):
        office.approvals(low).withdraw("x1")


def test_an_answer_without_sources_or_with_old_ones_cannot_be_approved(office: Office) -> None:
    declined = office.ask("x1", status=AnswerStatus.DECLINED_NO_EVIDENCE, citations=())
    assert declined.answer is not None
    assert not office.approvals().may_approve(declined.answer)
    with pytest.raises(InputError, match="出典のある答えがありません"):
        office.approvals().approve("x1")
    office.ask("x2")
    office.put(FARE.replace("二十五", "三十"))
    with pytest.raises(InputError, match="もう一度質問して"):
        office.approvals().approve("x2")


def test_a_question_that_means_something_else_another_day_cannot_be_approved(office: Office) -> None:
    office.ask(text="今年度の車賃はいくらですか。")
    with pytest.raises(QuestionError, match="もう一度質問してください"):
        office.approvals().approve("x1")


def test_an_answer_comes_although_the_journal_cannot_be_read(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> dict[str, str]:
        raise StorageError("journal.sqlite3: 読めません。")

    office.ask()
    office.approvals().approve("x1")
    monkeypatch.setattr(office.journal, "approved_questions", fail)
    assert office.shown() is None


def test_what_was_shown_with_a_kept_answer_is_shown_again_only_while_it_holds(office: Office) -> None:
    first = office.ask()
    office.approvals().approve("x1")
    assert first.answer is not None
    kept = replace(first.answer, approved=office.shown())
    assert office.approvals(STAFF).still(first.answer) is None
    assert office.approvals(STAFF).still(kept) == office.shown()
    office.approvals().withdraw("x1")
    assert office.approvals(STAFF).still(kept) is None


def test_a_document_that_is_gone_is_told_only_to_who_may_read_what_nobody_labelled(office: Office) -> None:
    office.ask()
    office.approvals().approve("x1")
    office.catalogue.remove_document(office.record.id)
    [told] = office.approvals(ADMIN).listed()
    assert told.answer.citations[0].title == office.record.title
    [told] = office.approvals(STAFF).listed()
    assert (told.answer.citations[0].title, told.answer.citations[0].quote, told.answer.sentences) == ("", "", ())


def finding(office: Office, exchange: Exchange, *, reader: Reader = STAFF, day: date = DAY) -> Finding | None:
    assert exchange.answer is not None
    [citation] = exchange.answer.citations
    sources = Sources(office.catalogue, [citation], may_read=office.reads(reader))
    return sources.finding(citation, cited_on=exchange.asked_at.date(), day=day)


def test_labels_and_a_new_index_give_another_id_and_change_nothing(office: Office) -> None:
    exchange = office.ask()
    before = office.chunks[0].id
    office.put(audience=Audience(level="2"))
    assert office.chunks[0].id != before
    assert finding(office, exchange) is None


def test_each_change_of_a_source_is_told_by_what_happened(office: Office) -> None:
    exchange = office.ask()
    office.put(FARE.replace("二十五", "三十"))
    found = finding(office, exchange)
    assert found is not None
    assert (found.change, found.text) == (Change.CHANGED, FARE.replace("二十五", "三十"))
    office.put(OTHER)
    assert getattr(finding(office, exchange), "change", None) is Change.REMOVED
    office.put(state=State.WITHDRAWN)
    assert getattr(finding(office, exchange), "change", None) is Change.WITHDRAWN
    office.put(period=Period(start=IN_FORCE.start, end=date(2026, 11, 21)))
    assert finding(office, exchange) is None
    found = finding(office, exchange, day=date(2026, 11, 21))
    assert found is not None
    assert (found.change, found.day) == (Change.LAPSED, date(2026, 11, 21))
    office.put(period=Period(start=date(2027, 4, 1)))
    found = finding(office, exchange)
    assert found is not None
    assert (found.change, found.day) == (Change.POSTPONED, date(2027, 4, 1))
    office.catalogue.remove_document(office.record.id)
    found = finding(office, exchange)
    assert found is not None
    assert (found.change, found.citation.title, found.citation.quote) == (Change.GONE, "", "")


def test_a_text_that_had_lapsed_when_a_former_day_was_asked_for_has_not_lapsed_since(office: Office) -> None:
    office.put(period=Period(start=date(2000, 4, 1), end=date(2026, 4, 1)))
    assert finding(office, office.ask()) is None


def test_a_text_that_lapsed_is_told_with_what_its_next_version_says(office: Office) -> None:
    exchange = office.ask()
    newer, chunks = rule(FARE.replace("二十五", "三十"), document="次の版", period=Period(start=date(2027, 4, 1)))
    office.catalogue.put_document(newer, chunks, vectors={})
    office.put(period=Period(start=IN_FORCE.start, end=date(2027, 4, 1)), ended_by="次の版")
    found = finding(office, exchange, day=date(2027, 4, 1))
    assert found is not None
    assert found.text == FARE.replace("二十五", "三十")
    hidden = replace(newer, audience=Audience(level="3A"))
    office.catalogue.put_document(
        hidden, identified(replace(each, audience=hidden.audience) for each in chunks), vectors={}
    )
    found = finding(office, exchange, day=date(2027, 4, 1))
    assert found is not None
    assert found.text == ""


def test_of_an_older_answer_without_its_text_the_quote_must_stand(office: Office) -> None:
    exchange = office.ask()
    assert exchange.answer is not None
    [citation] = exchange.answer.citations
    older = replace(exchange, answer=replace(exchange.answer, citations=(replace(citation, own_hash=""),)))
    office.put(f"{FARE}\n２　端数は切り捨てる。")
    assert finding(office, older) is None
    office.put(FARE.replace("二十五", "三十"))
    assert getattr(finding(office, older), "change", None) is Change.CHANGED


def test_many_sources_are_looked_up_at_once(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    exchange = office.ask()
    assert exchange.answer is not None
    citations = exchange.answer.citations * 2000
    calls: list[int] = []
    whole = office.catalogue.chunks
    monkeypatch.setattr(office.catalogue, "chunks", lambda ids: calls.append(len(ids)) or whole(ids))
    monkeypatch.setattr(office.catalogue, "document", lambda _id: pytest.fail("no document need be asked for"))
    sources = Sources(office.catalogue, citations, may_read=office.reads(STAFF))
    assert sources.are_readable(citations)
    assert all(sources.finding(each, cited_on=DAY, day=DAY) is None for each in citations)
    assert calls == [1]
