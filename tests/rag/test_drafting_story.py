"""The story of one assembly item, with a scripted writer and a scripted search."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

import pytest

from rag.assembly.item import AnswerPart, Check, Drafted, DraftRequest, Finding, Item, Severity, Stance
from rag.assembly.sheet import Compared, Sheet
from rag.domain import Chunk, DocumentRecord, Hit, Kind, Office, Period, Question, Reader, SearchResult
from rag.drafting.paragraphs import topic_of
from rag.drafting.rechecking import Edited
from rag.drafting.story import QUOTED_INSTEAD, Checked, Drafter
from rag.drafting.writing import RecutWriter
from rag.safety.egress import Egress
from rag.settings import AnswerSettings, DraftSettings
from tests.builders import chunk
from tests.rag.test_drafting_past import DAY, ITEM, NEW, OLD, level, remark

READER = Reader(user="s", name="職員", reads_all=True)
CHUNKS = remark(NEW, date(2026, 6, 17)), remark(OLD, date(2025, 9, 17))
RULE = chunk(
    "第三条　補助金の額は、一施設につき二百万円とする。避難所の冷房の設置に要する。",
    title="避難所冷房補助要綱",
    locator="第3条",
)
SECRET = replace(
    RULE, id="secret", audience=replace(RULE.audience, level="3B"), header="内部資料", document_id="内部資料"
)
RATE = Drafted(
    part=AnswerPart.PRESENT,
    text="設置率は、本年度末で53.2%となる見込みでございます。",
    citations=(1,),
    quotes=("設置率は本年度末で53.2%となる見込みでございます。",),
)


@dataclass
class Writer:
    """A writer that says what it was told to say."""

    says: Sequence[Drafted] = ()
    asked: list[DraftRequest] = field(default_factory=list)
    name: str = "scripted"
    prompt: str = "0123"

    def write(self, request: DraftRequest) -> Iterator[Drafted]:
        self.asked.append(request)
        yield from self.says


class Offices:
    """An organisation table with one office."""

    def find(self, question: str, *, department: str = "", **_searched: object) -> Office | None:
        return Office(department=department or "危機管理課", extension="2413")


def drafter(writer: Writer | None = None, *, chunks: Sequence[Chunk] = (*CHUNKS, RULE)) -> Drafter:
    held: Mapping[str, list[Chunk]] = {each.document_id: [] for each in chunks}
    for each in chunks:
        held[each.document_id].append(each)

    def search(question: Question, _limit: int) -> SearchResult:
        found = [each for each in chunks if not question.kinds or each.kind in question.kinds]
        return SearchResult(hits=tuple(Hit(chunk=each, title=each.title, score=0.8) for each in found))

    def record(document_id: str) -> DocumentRecord:
        return DocumentRecord(
            id=document_id, source="", path="", content_hash="", title=document_id, kind=Kind.PLAIN, department="防災課"
        )

    def check(checked: Checked) -> Sequence[Finding]:
        missing = [each for each in checked.paragraphs if not each.citations and each.needs_confirming]
        return [Finding(check=Check.COVERAGE, severity=Severity.RED, message="答えがありません。")] * len(missing)

    inside = RecutWriter(level)
    return Drafter(
        search=search,
        records=record,
        chunks_of=held.__getitem__,
        questions_of=lambda text: [
            f"{part}を問う。" for part in text.rstrip("。").removesuffix("を問う").split("と、")
        ],
        level=level,
        opens=lambda topic: f"{topic}についてお答えいたします。",
        endings=("ております",),
        writer=writer or inside,
        inside=inside,
        check=check,
        compared=lambda past, _paragraphs, _day: Compared(answer=past),
        offices=Offices(),
        egress=Egress(("3B", "2", "1"), "1"),
        answer=AnswerSettings(),
        settings=DraftSettings(),
        reader=READER,
        spoken_levels=frozenset({"1"}),
        version="1",
        now=lambda: datetime(2026, 12, 1, tzinfo=UTC),
    )


def sheet(writer: Writer | None = None, *, item: Item = ITEM, chunks: Sequence[Chunk] = (*CHUNKS, RULE)) -> Sheet:
    made = drafter(writer, chunks=chunks)
    return made.draft(made.request(item, day=DAY, stance=Stance.AS_BEFORE), sitting="令和8年12月定例会")


def test_without_a_language_model_the_sheet_holds_past_answers_draft_sources_and_office() -> None:
    made = sheet()
    assert made.paragraphs[0].text == "避難所の冷房についてお答えいたします。"
    assert all(each.citations for each in made.paragraphs[1:])
    assert [each.answer.day for each in made.past_answers] == [date(2026, 6, 17), date(2025, 9, 17)]
    assert (made.office, made.contact) == ("危機管理課", "内線 2413")
    assert any("危機管理課" in note for note in made.notes)
    assert (made.model, made.sitting, made.asked, made.version) == ("recut", "令和8年12月定例会", 2, 1)


def test_what_a_model_writes_stands_where_it_is_verified() -> None:
    made = sheet(Writer([RATE]))
    [paragraph] = made.paragraphs[1:]
    assert (paragraph.text, paragraph.needs_confirming) == (RATE.text, False)
    assert paragraph.citations[0].quote == "設置率は本年度末で53.2%となる見込みでございます。"
    assert made.model == "scripted"


def test_a_wrong_figure_is_left_out_and_what_goes_beyond_its_source_is_to_be_confirmed() -> None:
    wrong = replace(RATE, text="設置率は、本年度末で63.2%となる見込みでございます。")
    uncited = Drafted(part=AnswerPart.ACTION, text="蓄電池の貸与と太陽光の導入を進めてまいります。")
    made = sheet(Writer([RATE, wrong, uncited]))
    texts = [each.text for each in made.paragraphs]
    assert not any("63.2" in text for text in texts)
    assert "確かめられなかった文を1文、外しました。" in made.notes
    [marked] = [each for each in made.paragraphs if each.needs_confirming]
    assert marked.text == uncited.text
    assert "根拠の番号がない" in marked.changes[0]


def test_the_opening_is_ours_and_no_writer_changes_it() -> None:
    made = sheet(Writer([Drafted(part=AnswerPart.RESTATEMENT, text="辞職についてお答えいたします。"), RATE]))
    assert [each.text for each in made.paragraphs] == ["避難所の冷房についてお答えいたします。", RATE.text]


def test_where_nothing_of_a_model_stands_past_answers_take_its_place() -> None:
    made = sheet(Writer([replace(RATE, quotes=("作られた引用です。",))]))
    assert made.model == "recut"
    assert QUOTED_INSTEAD in made.notes
    assert any("53.2%" in each.text for each in made.paragraphs)


def test_a_document_that_may_not_be_spoken_of_is_no_evidence() -> None:
    titles = [
        each.title
        for each in drafter(chunks=(*CHUNKS, RULE, SECRET)).request(ITEM, day=DAY, stance=Stance.FORWARD).evidence
    ]
    assert RULE.title in titles
    assert "内部資料" not in titles


def test_what_may_not_leave_is_not_shown_to_a_model_and_is_named() -> None:
    writer = Writer([replace(RATE, citations=(1,))])
    kept_in = replace(CHUNKS[1], audience=replace(RULE.audience, level="3B"))
    made = sheet(writer, chunks=(CHUNKS[0], kept_in, RULE))
    assert kept_in.title not in {each.title for each in writer.asked[0].evidence}
    assert [each.number for each in writer.asked[0].evidence] == [*range(1, len(writer.asked[0].evidence) + 1)]
    assert any(kept_in.title in note for note in made.notes)


def test_where_nothing_may_leave_the_model_is_not_asked() -> None:
    writer = Writer([RATE])
    made = sheet(writer, chunks=(replace(CHUNKS[1], audience=SECRET.audience),))
    assert writer.asked == []
    assert made.model == "recut"


def test_a_notices_own_stance_goes_before_the_one_of_the_run() -> None:
    made = drafter()
    assert made.request(ITEM, day=DAY, stance=Stance.FORWARD).stance is Stance.FORWARD
    own = replace(ITEM, stance=Stance.CAUTIOUS)
    assert made.request(own, day=DAY, stance=Stance.FORWARD).stance is Stance.CAUTIOUS


def test_what_was_asked_before_and_is_not_in_the_answer_may_be_asked_next() -> None:
    made = sheet(Writer([RATE]))
    assert [each.answer for each in made.follow_ups][0] == "市町村と一体となって、冷房の設置に取り組んでまいります。"
    assert all(each.citations for each in made.follow_ups)


def test_a_document_that_is_not_in_force_on_the_day_is_no_evidence() -> None:
    ended = replace(RULE, period=Period(start=date(2020, 4, 1), end=date(2026, 4, 1)))
    made = drafter(chunks=(*CHUNKS, ended))
    titles = {each.title for each in made.request(ITEM, day=DAY, stance=Stance.AS_BEFORE).evidence}
    assert RULE.title not in titles


def test_an_answer_opens_with_its_topic() -> None:
    assert topic_of(ITEM) == "避難所の冷房"
    assert topic_of(Item(number=(), text="生成AIの全庁での活用について問う。")) == "生成AIの全庁での活用"
    long = Item(number=(), text="あ" * 60 + "を問う。")
    assert len(topic_of(long)) < 40


@pytest.mark.parametrize("text", ["どのように受け止めているか。", "どうするのか。", "いかがか。", "どうか。"])
def test_words_that_name_no_topic_are_answered_by_what_leads_up_to_them(text: str) -> None:
    bare = Item(number=("1",), text=text)
    alone = sheet(item=bare)
    assert alone.paragraphs[0].text == "お答えいたします。"
    assert [each.needs_confirming for each in alone.paragraphs[1:]] == [True]
    led = sheet(item=replace(bare, background="避難所の冷房の設置が遅れている。"))
    assert led.paragraphs[0].text == "お答えいたします。"
    assert any("冷房" in each.text and each.citations for each in led.paragraphs)


def test_a_sentence_that_promises_more_than_what_it_cites_is_to_be_confirmed() -> None:
    quote = "冷房の設置への支援の在り方を検討してまいります。"
    weak = Drafted(
        part=AnswerPart.ACTION, text="冷房の設置への支援の在り方を検討してまいります。", citations=(2,), quotes=(quote,)
    )
    strong = replace(weak, text="冷房の設置への支援に取り組んでまいります。")
    [kept] = sheet(Writer([weak])).paragraphs[1:]
    assert not kept.needs_confirming
    marked = [each for each in sheet(Writer([RATE, strong])).paragraphs if each.text == strong.text]
    assert all(each.needs_confirming for each in marked)


def test_an_edited_sheet_is_checked_again_with_all_its_past_answers() -> None:
    maker = drafter()
    request = maker.request(ITEM, day=DAY, stance=Stance.AS_BEFORE)
    sheet = maker.draft(request, sitting="令和8年12月定例会")
    edited = [Edited(part=each.part, text=each.text, before=each) for each in sheet.paragraphs]
    added = Edited(part=AnswerPart.RESOLVE, text="全力で取り組んでまいります。")
    again = maker.rechecked(replace(sheet, findings=(), past_answers=()), [*edited, added], request)
    assert [each.text for each in again.paragraphs] == [*(each.text for each in sheet.paragraphs), added.text]
    assert len(again.findings) == len(sheet.findings) + 1
    assert again.past_answers == sheet.past_answers
    assert (again.sitting, again.model, again.version) == (sheet.sitting, sheet.model, sheet.version)
