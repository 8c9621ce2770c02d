"""What a person wrote in a draft is held against the quotes of its paragraph; what they do not carry is marked 要確認."""

from __future__ import annotations

from collections.abc import Sequence

from rag.assembly.item import AnswerPart, Paragraph
from rag.domain import Chunk, Citation, Kind, Problem
from rag.drafting.rechecking import CONFIRMED, EDITED, SOURCE_GONE, WRONG, Edited, edited_paragraphs
from tests.builders import chunk, question

SOURCE = chunk(
    "避難所の冷房の設置率は53.2%でございます。市町村への補助の上限は200万円としております。",
    title="令和8年6月定例会",
    kind=Kind.MINUTES,
)
FIRST = "避難所の冷房の設置率は53.2%でございます。"
SECOND = "市町村への補助の上限は200万円としております。"
OPENING = Paragraph(part=AnswerPart.RESTATEMENT, text="避難所の冷房についてお答えいたします。")
CITED = Paragraph(
    part=AnswerPart.PRESENT,
    text=FIRST + SECOND,
    citations=tuple(Citation.of(SOURCE, quote, title=SOURCE.title, number=7) for quote in (FIRST, SECOND)),
    needs_confirming=True,
    changes=("2026-06-17の答弁の数です。いまの数を確かめてください",),
)


def left(*edited: Edited, chunks: Sequence[Chunk] = (SOURCE,)) -> tuple[Paragraph, ...]:
    return edited_paragraphs(
        edited,
        chunks_of=lambda document_id: [each for each in chunks if each.document_id == document_id],
        asked=question("避難所の冷房について"),
    )


def edit(text: str, before: Paragraph | None = CITED, **told: bool) -> Edited:
    return Edited(part=before.part if before else AnswerPart.ACTION, text=text, before=before, **told)


def test_a_paragraph_that_nobody_touched_stays_as_it_is() -> None:
    assert left(edit(OPENING.text, OPENING), edit(CITED.text)) == (OPENING, CITED)


def test_a_sentence_that_the_quote_carries_needs_no_confirming() -> None:
    [paragraph] = left(edit("避難所の冷房の設置率は、53.2%でございます。"))
    assert (paragraph.needs_confirming, paragraph.changes) == (False, (EDITED,))
    assert paragraph.citations == CITED.citations


def test_a_figure_that_the_quotes_do_not_hold_is_marked_with_its_reason() -> None:
    [paragraph] = left(edit("避難所の冷房の設置率は63.2%でございます。"))
    assert paragraph.needs_confirming
    assert WRONG[Problem.FIGURE_NOT_IN_SOURCE] in paragraph.changes[-1]
    assert "63.2%" in paragraph.changes[-1]


def test_a_sentence_that_was_left_as_it_was_keeps_its_mark() -> None:
    [paragraph] = left(edit(FIRST + "補助の上限は200万円としております。"))
    assert paragraph.needs_confirming
    assert paragraph.changes == (*CITED.changes, EDITED)


def test_a_new_paragraph_rests_on_nothing_and_stands_in_the_order_of_the_parts() -> None:
    new = Edited(part=AnswerPart.VIEW, text=" 重要な課題であると認識しております。 ")
    paragraphs = left(edit(OPENING.text, OPENING), edit(CITED.text), new)
    assert [each.part for each in paragraphs] == [AnswerPart.RESTATEMENT, AnswerPart.VIEW, AnswerPart.PRESENT]
    assert paragraphs[1].needs_confirming
    assert paragraphs[1].text == "重要な課題であると認識しております。"
    assert WRONG[Problem.UNCITED] in paragraphs[1].changes[-1]


def test_a_paragraph_that_was_emptied_is_gone() -> None:
    assert left(edit(OPENING.text, OPENING), edit(" \n")) == (OPENING,)


def test_how_an_answer_begins_rests_on_nothing_and_may_be_changed() -> None:
    [paragraph] = left(edit("お答えいたします。", OPENING))
    assert (paragraph.text, paragraph.needs_confirming) == ("お答えいたします。", False)


def test_a_source_that_is_gone_is_told() -> None:
    [paragraph] = left(edit(FIRST + "進めてまいります。"), chunks=())
    assert paragraph.needs_confirming
    assert SOURCE_GONE in paragraph.changes


def test_a_person_may_take_a_mark_away_and_that_is_told() -> None:
    [as_it_was, edited] = left(
        edit(CITED.text, is_confirmed=True), edit("設置率は63.2%でございます。", is_confirmed=True)
    )
    assert (as_it_was.needs_confirming, as_it_was.changes) == (False, (*CITED.changes, CONFIRMED))
    assert not edited.needs_confirming
    assert edited.changes[-1] == CONFIRMED


def test_every_problem_has_words() -> None:
    assert set(WRONG) == set(Problem)


def test_what_stands_beside_the_opening_rests_on_something_like_all_else() -> None:
    reworded = "避難所の冷房の整備についてお答えいたします。"
    [opening] = left(edit(reworded, OPENING))
    assert (opening.needs_confirming, opening.changes) == (False, (EDITED,))
    [promising] = left(edit(OPENING.text + "必ず全額補助いたします。", OPENING))
    assert promising.needs_confirming
    assert WRONG[Problem.UNCITED] in promising.changes[-1]
