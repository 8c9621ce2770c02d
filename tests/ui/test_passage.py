"""The passage behind a citation: whole articles, marked quotes, and nothing beyond the reader's rights."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from rag.domain import Answer, AnswerStatus, Citation, HitScore, Nearest, Question, Reader, State
from rag.errors import NotFoundError
from rag.wiring import Home, open_home
from ui.passage import draw_cited_page, find_passage, mark, readable_answer, referred, visible_records

ALL = Reader(user="local", name="この端末の管理者", reads_all=True)
STAFF = Reader(user="shokuin", name="職員", max_level="2")


@pytest.fixture(scope="module")
def sample(sample_home: Path) -> Home:
    return open_home(sample_home)


def document(home: Home, path: str) -> str:
    return next(record.id for record in home.catalogue.documents() if record.path == path)


TRAVEL = "例規/職員の旅費に関する規則.docx"
SECRET = "通知/20250401_懲戒処分の標準例の運用について.docx"


def test_an_article_is_shown_whole_with_the_quote_marked(sample: Home) -> None:
    quote = "１日の運転の距離が200キロメートルを超えないこと"
    found = find_passage(sample, ALL, document_id=document(sample, TRAVEL), locator="第9条", quote=quote)
    assert [text for text, is_marked in found.pieces if is_marked] == [quote]
    whole = "".join(text for text, _ in found.pieces)
    assert whole.startswith("第９条")
    assert "燃料費その他の費用は、支給しない。" in whole
    assert found.path.endswith("第9条（自家用車の使用の承認）")
    assert not found.is_changed


def test_what_a_clause_refers_to_is_shown_beside_it_and_of_a_remark_nothing(sample: Home) -> None:
    question = Question(text="宿泊費はいくらですか", as_of=date(2026, 11, 26), reader=ALL)
    ordinance = document(sample, "例規/職員の旅費に関する条例.html")
    found = referred(sample, question, find_passage(sample, ALL, document_id=ordinance, locator="第18条"))
    assert [each.text.split("　")[0] for each in found] == ["別表第1"]
    rules = find_passage(sample, ALL, document_id=document(sample, TRAVEL), locator="第12条")
    titles = [each.text.split("　")[0] for each in referred(sample, question, rules)]
    assert "職員の旅費に関する条例第18条第4項" in titles
    nobody = replace(question, reader=replace(STAFF, max_level=""))
    assert referred(sample, nobody, rules) == []
    minutes = document(sample, "会議録/令和8年6月定例会_第2号.docx")
    remark = find_passage(sample, ALL, document_id=minutes, locator=sample.catalogue.chunks_of(minutes)[7].locator)
    assert referred(sample, question, remark) == []


def test_a_quote_is_marked_whatever_its_width_and_line_breaks() -> None:
    assert mark("額は、１キロ\nメートルにつき２５円とする。", "1キロメートルにつき25円") == (
        ("額は、", False),
        ("１キロ\nメートルにつき２５円", True),
        ("とする。", False),
    )
    assert mark("額は、25円とする。", "37円") == (("額は、25円とする。", False),)
    assert mark("額は、25円とする。", "") == (("額は、25円とする。", False),)


def test_a_remark_is_shown_with_what_was_said_around_it(sample: Home) -> None:
    minutes = document(sample, "会議録/令和8年6月定例会_第2号.docx")
    chunk = sample.catalogue.chunks_of(minutes)[7]
    found = find_passage(sample, ALL, document_id=minutes, locator=chunk.locator, chunk_id=chunk.id)
    assert "".join(text for text, _ in found.pieces) == chunk.text
    assert (len(found.before), len(found.after)) == (2, 2)


def test_a_passage_that_changed_is_shown_as_it_is_now_and_says_so(sample: Home) -> None:
    found = find_passage(sample, ALL, document_id=document(sample, TRAVEL), locator="第9条", chunk_id="gone")
    assert found.is_changed


def test_a_place_that_is_gone_is_told(sample: Home) -> None:
    with pytest.raises(NotFoundError, match="いまの文書にはありません"):
        find_passage(sample, ALL, document_id=document(sample, TRAVEL), locator="第999条")


def test_a_document_beyond_the_rights_is_as_unknown_as_one_that_is_not_there(sample: Home) -> None:
    messages = []
    for hidden in (document(sample, SECRET), "0000000000000000"):
        with pytest.raises(NotFoundError) as caught:
            find_passage(sample, STAFF, document_id=hidden, locator="第1条")
        messages.append(str(caught.value).replace(hidden, "ID"))
    assert messages[0] == messages[1]
    assert SECRET not in {record.path for record in visible_records(sample, STAFF)}
    assert SECRET in {record.path for record in visible_records(sample, ALL)}


def answer(*documents: str, chunk_id: str = "") -> Answer:
    cited = [
        Citation(number=number, document_id=each, title="", locator="", quote="", chunk_id=chunk_id)
        for number, each in enumerate(documents, start=1)
    ]
    day = date(2026, 11, 25)
    return Answer(status=AnswerStatus.ANSWERED, citations=tuple(cited), as_of=day, model="extractive")


def test_a_kept_answer_is_readable_only_while_all_its_sources_are(sample: Home) -> None:
    travel, secret = document(sample, TRAVEL), document(sample, SECRET)
    there = sample.catalogue.chunks_of(travel)[0].id
    assert readable_answer(sample, STAFF, answer(travel, chunk_id=there)) == answer(travel, chunk_id=there)
    both = answer(travel, secret, chunk_id=there)
    assert readable_answer(sample, ALL, both) == both
    assert readable_answer(sample, STAFF, both) is None
    assert readable_answer(sample, ALL, answer("0000000000000000")) is None


def test_an_answer_whose_source_has_changed_since_says_so(sample: Home) -> None:
    shown = readable_answer(sample, STAFF, answer(document(sample, TRAVEL), chunk_id="gone"))
    assert shown is not None
    assert ["変わりました" in warning for warning in shown.warnings] == [True]


def test_a_kept_decline_names_no_document_that_the_reader_may_not_know_of(sample: Home) -> None:
    travel, secret = document(sample, TRAVEL), document(sample, SECRET)
    near = tuple(Nearest(document_id=each, title=each, locator="第1条") for each in (travel, secret))
    hits = tuple(
        HitScore(chunk_id=each, document_id=each, title=each, locator="第1条", score=1.0) for each in (travel, secret)
    )
    kept = replace(answer(), status=AnswerStatus.DECLINED_NO_EVIDENCE, nearest=near, hits=hits)
    shown = readable_answer(sample, STAFF, kept)
    assert shown is not None
    assert [each.document_id for each in shown.nearest] == [travel]
    assert [each.document_id for each in shown.hits] == [travel]
    assert readable_answer(sample, ALL, kept) == kept


def test_a_withdrawn_document_is_not_shown(own_sample: Path) -> None:
    home = open_home(own_sample)
    record = home.catalogue.document(document(home, TRAVEL))
    home.catalogue.put_document(replace(record, state=State.WITHDRAWN, chunk_count=0), [], vectors={})
    with pytest.raises(NotFoundError):
        find_passage(home, ALL, document_id=record.id, locator="第9条")


def test_only_the_very_file_that_was_taken_in_is_drawn_from(sample: Home, tmp_path: Path) -> None:
    record = sample.catalogue.document(document(sample, "例規/みほん県文書管理規程.pdf"))
    settings = sample.settings.ingest
    drawn = draw_cited_page(record, page=1, quote="", settings=settings)
    assert drawn is not None
    assert drawn.png.startswith(b"\x89PNG")
    copy = replace(record, source=str(tmp_path), path="規程.pdf")
    assert draw_cited_page(copy, page=1, quote="", settings=settings) is None
    (tmp_path / "規程.pdf").write_bytes(b"changed")
    assert draw_cited_page(copy, page=1, quote="", settings=settings) is None
    (tmp_path / "規程.pdf").write_bytes((Path(record.source) / record.path).read_bytes())
    assert draw_cited_page(copy, page=1, quote="", settings=settings) == drawn
