"""A document's table of contents, its versions, and the filter over the list of documents."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from rag.domain import DocumentRecord, Kind
from rag.pairs import pairs_of, unanswered_of
from tests.builders import answer, asking, chunk
from ui.contents import askers, contents, entries_with, fitting, pairs_with, unanswered_with, window
from ui.words.page import period


def record(name: str, **facts: object) -> DocumentRecord:
    made = DocumentRecord(
        id=name, source="s", path=f"例規/{name}.txt", content_hash="h", title=name, kind=Kind.RULES, department="人事課"
    )
    return replace(made, **facts)


def part(text: str, header: str, **facts: object) -> object:
    return replace(chunk(text), header=header, **facts)


def test_the_parts_of_a_long_article_are_one_entry_below_their_chapters() -> None:
    entries = contents(
        [
            part("総則です。", "旅費条例 › 第一章 総則 › 第1条（趣旨）", locator="第1条"),
            part("１　上", "旅費条例 › 第二章 旅費 › 第2条（額）", locator="第2条第1項"),
            part("２　下", "旅費条例 › 第二章 旅費 › 第2条（額）", locator="第2条第2項"),
        ]  # type: ignore[list-item]
    )
    assert [(each.headings, each.label, len(each.chunk_ids), each.text) for each in entries] == [
        (("第一章 総則",), "第1条（趣旨）", 1, "総則です。"),
        (("第二章 旅費",), "第2条（額）", 2, "１　上\n２　下"),
    ]


def test_remarks_stay_apart_even_under_one_heading() -> None:
    header = "6月定例会 › 知事（標本大介） › 宿泊税"
    entries = contents(
        [
            replace(chunk("一"), header=header, kind=Kind.MINUTES, page=1),
            replace(chunk("二"), header=header, kind=Kind.MINUTES, page=2),
        ]
    )
    assert [(each.headings, each.label, each.page) for each in entries] == [
        ((), "知事（標本大介） › 宿泊税", 1),
        ((), "知事（標本大介） › 宿泊税", 2),
    ]


def test_entries_are_found_by_every_word_whatever_its_width() -> None:
    entries = contents([chunk("額は２５円とする。"), chunk("額は37円とする。", locator="第18条")])
    assert [each.text for each in entries_with(entries, "25円")] == ["額は２５円とする。"]
    assert len(entries_with(entries, "")) == 2
    assert entries_with(entries, "25円 37円") == []


def test_a_long_document_is_cut_so_that_the_cited_place_is_shown() -> None:
    chunks = [chunk(f"第{number}の文です。", locator=f"第{number}条") for number in range(10)]
    entries = contents(chunks)
    assert [each.text for each in window(entries, "", most=3)] == ["第0の文です。", "第1の文です。", "第2の文です。"]
    assert window(entries, chunks[1].id, most=3) == window(entries, "", most=3)
    assert window(entries, chunks[7].id, most=2)[0].text == "第7の文です。"


def test_documents_are_filtered_by_kind_department_and_words() -> None:
    records = [record("旅費条例"), record("服務規程", department="総務課"), record("会議録", kind=Kind.MINUTES)]
    assert [each.id for each in fitting(records, kind="rules")] == ["旅費条例", "服務規程"]
    assert [each.id for each in fitting(records, department="総務課")] == ["服務規程"]
    assert [each.id for each in fitting(records, words="例規 会議")] == ["会議録"]
    assert fitting(records, kind="rules", words="会議") == []


def test_pairs_are_narrowed_by_who_answered_who_asked_and_words_of_any_width() -> None:
    pairs = pairs_of(
        [
            answer("検討します。", pair=1, question="宿泊税について伺います。", topic="観光"),
            answer("１８６橋です。", pair=2, question="橋梁の数は。", post="県土整備部長", member="例示花子議員"),
            answer("宿泊税を橋梁に充てません。", pair=3, question="使途は。", member="想定健議員、例示花子議員"),
        ]
    )

    def numbers(**narrowed: str) -> list[int]:
        return [pair.number for pair in pairs_with(pairs, **narrowed)]

    assert numbers() == [1, 2, 3]
    assert numbers(post="知事") == [1, 3]
    assert numbers(member="例示花子議員") == [2, 3]
    assert numbers(member="想定健議員") == [1, 3]
    assert numbers(post="知事", member="例示花子議員") == [3]
    assert numbers(words="186") == [2]
    assert numbers(words="観光") == [1]
    assert numbers(words="宿泊税　橋梁") == [3]
    assert numbers(post="教育長") == []


def test_everybody_who_asks_is_listed_alone_even_where_one_answer_is_for_two() -> None:
    pairs = pairs_of(
        [
            answer(
                "一括して。", pair=1, question="一。\n二。", member="想定健議員、例示花子議員", party="創生会、県民会"
            ),
            answer("検討します。", pair=2, question="三。", member="想定健議員", party="創生会"),
            answer("進めます。", pair=3, question="四。", member="想定健議員"),
        ]
    )
    unanswered = unanswered_of([asking("港は。", member="範例弘", unanswered="港は。", party="県民会")])
    assert askers(pairs, unanswered) == {"想定健議員": "創生会", "例示花子議員": "", "範例弘議員": "県民会"}


def test_open_questions_are_narrowed_by_who_asked_and_by_words() -> None:
    unanswered = unanswered_of(
        [
            asking("水門はいつですか。", unanswered="水門はいつですか。", topic="治水"),
            asking("港はどうですか。", member="例示花子", unanswered="港はどうですか。"),
        ]
    )

    def asked(**narrowed: str) -> list[str]:
        return [each.question for each in unanswered_with(unanswered, **narrowed)]

    assert asked() == ["水門はいつですか。", "港はどうですか。"]
    assert asked(member="例示花子議員") == ["港はどうですか。"]
    assert asked(words="治水") == ["水門はいつですか。"]
    assert asked(words="空港") == []


def test_minutes_have_a_day_and_rules_have_a_time_in_which_they_hold() -> None:
    day = date(2025, 9, 17)
    assert period(day, None, kind="minutes") == "2025-09-17"
    assert period(None, None, kind="notes") == "日付の記載なし"
    assert period(day, None, kind="rules") == "2025-09-17〜"
