"""The pairs of a sitting as its labels say them: questions, answers, where they stand, what is left open."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from rag.pairs import PairCounts, count_pairs, pairs_of, unanswered_of
from tests.builders import answer, asking, chunk

LODGING = "宿泊税の導入について、知事に伺います。"
BRIDGES = "橋梁の修繕はいつ終わりますか。"


def test_a_pair_says_who_asked_what_who_answered_and_where_both_stand() -> None:
    passage = answer(
        "導入の是非も含めて検討します。",
        pair=1,
        question=LODGING,
        gist="宿泊税の導入",
        party="みほん創生会",
        topic="宿泊税",
        asked_page="3",
        asked_lines="41",
        lines="88-90",
    )
    [pair] = pairs_of([replace(passage, page=5)])
    assert (pair.sitting, pair.day, pair.topic) == ("令和7年9月定例会", date(2025, 9, 17), "宿泊税")
    assert (pair.member, pair.party, pair.question, pair.gist) == (
        "想定健議員",
        "みほん創生会",
        LODGING,
        "宿泊税の導入",
    )
    assert (pair.post, pair.speaker, pair.text) == ("知事", "標本大介", "導入の是非も含めて検討します。")
    assert (pair.asked_page, pair.asked_lines, pair.page, pair.lines) == (3, "41", 5, "88-90")
    assert (pair.locator, pair.chunk_ids) == ("令和7年9月定例会 9月17日 知事", (passage.id,))
    assert pair.is_certain
    assert not pair.is_written


def test_two_questions_that_were_answered_at_once_are_one_pair_on_the_page_of_the_first() -> None:
    both = answer(
        "まとめてお答えします。", pair=1, question=f"{LODGING}\n{BRIDGES}", asked_page="3\n4", asked_lines="41\n47"
    )
    [pair] = pairs_of([both])
    assert (pair.question, pair.asked_page, pair.asked_lines) == (f"{LODGING}\n{BRIDGES}", 3, "41\n47")


def test_pairs_come_in_the_order_of_the_questions_whatever_the_order_of_the_answers() -> None:
    chunks = [answer(f"{number}の答えです。", pair=number, question="問", ordinal=10 - number) for number in (10, 2, 1)]
    assert [pair.number for pair in pairs_of(chunks)] == [1, 2, 10]


def test_the_parts_of_a_long_answer_are_one_pair_with_its_words_whole() -> None:
    first = answer("まず認識です。", pair=1, question=LODGING, ordinal=4)
    second = answer("次に取組です。", pair=1, question=LODGING, ordinal=5)
    [pair] = pairs_of([asking("伺います。"), first, second])
    assert pair.text == "まず認識です。次に取組です。"
    assert pair.chunk_ids == (first.id, second.id)


def test_what_answers_nothing_is_no_pair() -> None:
    chunks = [asking(LODGING), answer("提案理由を説明します。"), chunk("旅費は、順路により計算する。")]
    assert pairs_of(chunks) == ()
    assert unanswered_of(chunks) == ()


def test_what_the_minutes_do_not_say_is_left_empty() -> None:
    bare = answer("検討します。", pair=1, question=LODGING)
    labels = {name: bare.labels[name] for name in ("pair", "question")}
    [pair] = pairs_of([replace(bare, labels=labels)])
    assert (pair.day, pair.member, pair.party, pair.post, pair.page, pair.asked_page) == (None, "", "", "", None, None)
    assert pair.sitting == "令和7年9月定例会"  # the title of the document, where no label names the sitting
    assert pair.gist == LODGING


def test_an_unsure_tie_and_a_written_answer_are_told() -> None:
    unsure = answer("お答えします。", pair=1, question=LODGING, certain="no")
    written = answer("次のとおりである。", pair=2, question=BRIDGES, written="yes")
    assert [(pair.is_certain, pair.is_written) for pair in pairs_of([unsure, written])] == [
        (False, False),
        (True, True),
    ]


def test_each_question_without_an_answer_is_named_once_with_the_part_that_holds_it() -> None:
    left = f"{LODGING}\n{BRIDGES}"
    first = asking(f"おはようございます。{LODGING}", ordinal=1, unanswered=left, topic="観光")
    second = asking("次に、橋梁の修繕は\nいつ終わりますか。", ordinal=2, unanswered=left, topic="観光")
    other = asking("見解を伺います。", ordinal=3, member="添付正樹", post="委員", unanswered="見解を伺います。")
    called = replace(other, locator="令和8年予算特別委員会 3月12日 添付委員")
    found = unanswered_of([first, second, answer("検討します。", ordinal=4), called])
    assert [(each.question, each.member, each.topic, each.chunk_id) for each in found] == [
        (LODGING, "想定健議員", "観光", first.id),
        (BRIDGES, "想定健議員", "観光", second.id),
        ("見解を伺います。", "添付委員", "", called.id),
    ]


def test_what_is_unsure_and_what_is_left_open_is_counted() -> None:
    chunks = [
        asking(LODGING, unanswered=LODGING),
        answer("一。", pair=1, question=BRIDGES),
        answer("二。", pair=2, question=BRIDGES, certain="no"),
    ]
    counts = count_pairs(pairs_of(chunks), unanswered_of(chunks))
    assert counts == PairCounts(pairs=2, uncertain=1, unanswered=1)
