from dataclasses import replace
from datetime import date
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.split import longest_whole, split
from rag.domain import Audience, Chunk, DocumentRecord, Kind, Period, Section, Structure
from rag.japanese.text import sentences

RECORD = DocumentRecord(
    id="d1",
    source="/源",
    path="例規/旅費.txt",
    content_hash="",
    title="旅費条例",
    kind=Kind.RULES,
    audience=Audience(level="1"),
    period=Period(start=date(2026, 4, 1)),
)


def structure(*sections: Section) -> Structure:
    return Structure(kind=Kind.RULES, title="旅費条例", sections=sections)


def cut(section: Section, characters: int = 60, *, record: DocumentRecord = RECORD) -> list[Chunk]:
    return split(structure(section), record=record, characters=characters)


def article(*paragraphs: str) -> Section:
    text = "\n".join(paragraphs)
    breaks = tuple(index + 1 for index, char in enumerate(text) if char == "\n")
    labels = {"article": "12", "part": "main"}
    return Section(locator="第12条", text=text, path=("第二章 旅費",), caption="精算", breaks=breaks, labels=labels)


LONG = article(
    "第十二条　旅行者は、旅行を終えたときは、十日以内に精算しなければならない。",
    "２　前項の精算は、次の書類を添えて行う。",
    "一　領収書",
    "二　復命書その他の書類で規則で定めるもの",
    "３　旅行命令権者は、前二項の精算がされないときは、督促するものとする。",
)


def test_a_short_section_is_one_chunk() -> None:
    (chunk,) = cut(LONG, 1000)
    assert (chunk.locator, chunk.text, chunk.ordinal) == ("第12条", LONG.text, 0)
    assert chunk.header == "旅費条例 › 第二章 旅費 › 第12条（精算）"
    assert (chunk.audience, chunk.period, chunk.kind) == (RECORD.audience, RECORD.period, RECORD.kind)


def test_a_part_that_covers_one_paragraph_says_so() -> None:
    assert [(chunk.locator, chunk.labels.get("paragraph")) for chunk in cut(LONG, 50)] == [
        ("第12条第1項", "1"),
        ("第12条第2項", "2"),
        ("第12条第3項", "3"),
    ]


def test_a_part_that_covers_several_paragraphs_keeps_the_article() -> None:
    assert [chunk.locator for chunk in cut(LONG, 95)] == ["第12条", "第12条第3項"]


def test_no_part_ends_inside_a_sentence_that_fits() -> None:
    section = Section(locator="本文", text="一つ目の文である。二つ目の文である。三つ目の文である。")
    assert [chunk.text for chunk in cut(section, 20)] == ["一つ目の文である。二つ目の文である。", "三つ目の文である。"]


def test_a_sentence_that_is_longer_than_asked_stays_whole() -> None:
    long = "甲の場合には、乙の額を支給し、丙の場合には、丁の額を支給する。"
    section = Section(locator="本文", text=f"短い文である。{long}次の文である。")
    assert [chunk.text for chunk in cut(section, 16)] == ["短い文である。", long, "次の文である。"]


@pytest.mark.parametrize(
    "line",
    [
        "一　甲の額（乙の場合を除く。）とする。ただし、丙の場合は、この限りでない。",
        "(2)　甲の額とする。ただし、乙の場合は、丙の額とし、丁の場合は、この限りでない。",
        "宿泊費 | 甲地方に宿泊した場合。ただし、乙を除く。 | 実費とする。丙の場合は定額とする。",
    ],
)
def test_an_item_or_a_row_that_is_longer_than_asked_stays_whole(line: str) -> None:
    section = article("第十二条　次のとおりとする。", line, "三　その他")
    assert line in [chunk.text.strip("\n") for chunk in cut(section, 20)]


def test_above_the_ceiling_a_sentence_is_cut_at_a_comma() -> None:
    section = Section(locator="本文", text="甲の場合には、乙の額を支給し、" * 4 + "丁の額を支給する。")
    chunks = cut(section, 16)
    assert longest_whole(16) == 48 < len(section.text)
    assert {chunk.text for chunk in chunks[:2]} == {"甲の場合には、乙の額を支給し、"}
    assert all(len(chunk.text) <= 48 for chunk in chunks)


@pytest.mark.parametrize(("asked", "ceiling"), [(700, 2100), (2000, 6000), (4000, 6000), (9000, 9000)])
def test_what_stays_whole_still_fits_an_embedding_model(asked: int, ceiling: int) -> None:
    assert longest_whole(asked) == ceiling


def test_the_end_of_an_overlong_paragraph_does_not_join_the_next_one() -> None:
    section = article(
        "第十二条　次の書類を添える。", "一　領収書その他の証拠書類", "二　復命書", "２　前項の書類は、返さない。"
    )
    assert [(chunk.locator, chunk.text.strip("\n")) for chunk in cut(section, 32)] == [
        ("第12条第1項", "第十二条　次の書類を添える。\n一　領収書その他の証拠書類"),
        ("第12条第1項", "二　復命書"),
        ("第12条第2項", "２　前項の書類は、返さない。"),
    ]


def test_the_name_of_a_place_in_the_text_stays_out_of_the_header() -> None:
    section = Section(locator="本文（2）", text="出張の手続は、次のとおりである。")
    (chunk,) = split(structure(section), record=RECORD, characters=100)
    assert (chunk.locator, chunk.header) == ("本文（2）", RECORD.title)


def test_a_part_of_a_table_repeats_the_header_row_in_its_header_only() -> None:
    rows = ["別表第一", "区分 | 金額", *(f"地域{number} | {number},000円" for number in range(1, 9))]
    text = "\n".join(rows)
    breaks = tuple(index + 1 for index, char in enumerate(text) if char == "\n")
    chunks = cut(Section(locator="別表第1", text=text, breaks=breaks, labels={"part": "table"}), 40)
    assert len(chunks) > 2
    assert all(chunk.header.endswith("\n区分 | 金額") for chunk in chunks[1:])
    assert "".join(chunk.text for chunk in chunks) == text


def test_minutes_are_headed_by_sitting_speaker_and_topic() -> None:
    labels = {"sitting": "令和7年9月定例会", "post": "知事", "speaker": "標本大介", "topic": "宿泊税"}
    section = Section(locator="令和7年9月定例会 9月17日 知事", text="検討してまいります。", labels=labels)
    (chunk,) = cut(section, record=replace(RECORD, kind=Kind.MINUTES))
    assert chunk.header == "令和7年9月定例会 › 知事（標本大介） › 宿泊税"


def test_a_place_is_not_searched_but_kept_as_locator() -> None:
    (chunk,) = cut(Section(locator="シート『旅費』行12", text="問　あ\n答　い", path=("旅費",), caption="あ"))
    assert chunk.header == "旅費条例 › 旅費 › あ"
    assert chunk.locator == "シート『旅費』行12"


def test_the_same_words_twice_are_two_chunks() -> None:
    section = Section(locator="議長", text="ご異議なしと認めます。")
    chunks = split(structure(section, section), record=RECORD, characters=100)
    assert len({chunk.id for chunk in chunks}) == 2


@pytest.mark.parametrize(
    "changed",
    [
        replace(RECORD, id="d2"),
        replace(RECORD, title="別の条例"),
        replace(RECORD, audience=Audience(level="2")),
        replace(RECORD, audience=Audience(level="1", groups=frozenset({"人事課"}))),
        replace(RECORD, period=Period(start=date(2026, 4, 1), end=date(2027, 4, 1))),
        replace(RECORD, kind=Kind.PLAIN),
    ],
)
def test_whatever_a_reader_would_notice_changes_the_id(changed: DocumentRecord) -> None:
    assert cut(LONG, record=changed)[0].id != cut(LONG)[0].id


def test_an_equal_document_has_equal_ids() -> None:
    assert [chunk.id for chunk in cut(LONG)] == [chunk.id for chunk in cut(LONG)]
    assert all(len(chunk.id) == 32 for chunk in cut(LONG))


def test_a_chunk_needs_room_for_a_character() -> None:
    with pytest.raises(ValueError, match="at least one"):
        cut(LONG, 0)


TEXTS = st.text(alphabet="第条１２2一(1)あいう漢、。「」（）\n　 |", min_size=1, max_size=200)


@given(
    st.lists(st.tuples(TEXTS, st.lists(st.integers(0, 220), max_size=12)), min_size=1, max_size=4),
    st.integers(1, 60),
    st.booleans(),
)
def test_the_parts_of_a_section_give_back_its_text(
    drawn: list[tuple[str, list[int]]], characters: int, numbered: bool
) -> None:
    labels = {"article": "3"} if numbered else {}
    sections = [
        Section(locator=f"第{index}条", text=text, breaks=tuple(sorted(breaks)), labels=labels)
        for index, (text, breaks) in enumerate(drawn)
    ]
    chunks = split(structure(*sections), record=RECORD, characters=characters)
    assert [chunk.ordinal for chunk in chunks] == list(range(len(chunks)))
    assert all(0 < len(chunk.text) <= longest_whole(characters) for chunk in chunks)
    for index, section in enumerate(sections):
        assert "".join(chunk.text for chunk in chunks if chunk.locator.startswith(f"第{index}条")) == section.text


SENTENCES = st.text(alphabet="第条１２一ア「」（）()あ漢", min_size=1, max_size=60).map(lambda text: f"{text}。")


@given(st.lists(SENTENCES, min_size=1, max_size=8), st.integers(25, 60), st.booleans())
def test_a_part_ends_where_a_sentence_or_a_line_ends(drawn: list[str], characters: int, numbered: bool) -> None:
    text = "\n".join(drawn) if numbered else "".join(drawn)
    labels = {"article": "3", "part": "main"} if numbered else {}
    breaks = tuple(at + 1 for at, char in enumerate(text) if char == "\n")
    allowed = {found.end for found in sentences(text)} | set(breaks)
    chunks = cut(Section(locator="第3条", text=text, breaks=breaks, labels=labels), characters)
    if max(map(len, drawn)) <= longest_whole(characters) and max(
        found.end - found.start for found in sentences(text)
    ) <= longest_whole(characters):
        ends = list(accumulate(len(chunk.text) for chunk in chunks))
        assert all(end in allowed or end == len(text) for end in ends)
