"""A question that names only a kind of thing is asked back, with kinds from the documents."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.assistant.clarify import ALIKE, LEVEL, MOST, kinds_to_choose, texts_to_choose, to_choose
from rag.domain import Hit, Kind
from tests.builders import hit

HOME = hit("第四条　住居手当は、家賃を支払っている職員に支給する。", locator="第4条")
FAMILY = hit("第二条　扶養手当は、扶養親族のある職員に支給する。", locator="第2条")
COMMUTING = hit("第五条　通勤手当は、通勤する職員に支給する。住居手当とは別とする。", locator="第5条")


def test_the_kinds_that_the_documents_know_are_offered_as_whole_questions_the_commonest_first() -> None:
    assert kinds_to_choose("手当はいくらですか。", [FAMILY, HOME, COMMUTING]) == (
        "住居手当はいくらですか。",
        "扶養手当はいくらですか。",
        "通勤手当はいくらですか。",
    )


def test_no_more_than_four_are_offered() -> None:
    kinds = [
        hit(f"{name}手当は、支給する。", locator=name) for name in ("住居", "扶養", "通勤", "宿直", "期末", "勤勉")
    ]
    assert len(kinds_to_choose("手当について教えてください。", kinds)) == MOST


@pytest.mark.parametrize(
    "asked",
    [
        "住居手当はいくらですか。",
        "子どもが生まれたときの手当はいくらですか。",
        "手当の届出はどの様式ですか。",
        "第4条の手当はいくらですか。",
        "いくらですか。",
    ],
)
def test_a_question_that_names_anything_else_is_clear_enough(asked: str) -> None:
    assert kinds_to_choose(asked, [FAMILY, HOME, COMMUTING]) == ()


def test_a_question_is_clear_where_a_text_is_about_the_very_thing_or_there_is_one_kind() -> None:
    about = hit("第一条　手当は、給与とともに支給する。", locator="第1条（手当）")
    assert kinds_to_choose("手当はいくらですか。", [FAMILY, HOME, about]) == ()
    assert kinds_to_choose("手当はいくらですか。", [HOME]) == ()


def test_what_only_points_to_the_thing_is_no_kind_of_it() -> None:
    pointing = hit("当該手当及び各手当は、支給する。", locator="第9条")
    assert kinds_to_choose("手当はいくらですか。", [HOME, pointing]) == ()


def alike(count: int = ALIKE, *, coverage: float = 1.0, falls_to: float = LEVEL) -> list[Hit]:
    """Articles that all speak of what was asked, the last with this share of the first one's score."""
    found = []
    for at in range(count):
        made = hit("区分は、別に定める。", title=f"規程{at}", locator=f"第{at}条", score=1 - (1 - falls_to) * at / 3)
        header = f"{made.title} › {made.chunk.locator}（区分）"
        found.append(replace(made, chunk=replace(made.chunk, header=header), leg_scores={"coverage": coverage}))
    return found


def test_a_word_of_which_many_texts_speak_alike_is_asked_back_with_their_names() -> None:
    assert texts_to_choose("区分を教えてください。", alike()) == tuple(
        f"規程{at}第{at}条（区分）" for at in range(MOST)
    )


def test_an_faq_is_chosen_by_its_question() -> None:
    found = alike()
    labels = {"question": "物品の区分は何ですか。"}
    faq = replace(found[0].chunk, kind=Kind.FAQ, labels=labels)
    assert (
        texts_to_choose("区分を教えてください。", [replace(found[0], chunk=faq), *found[1:]])[0] == labels["question"]
    )


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("区分を教えてください。", alike(ALIKE - 1)),
        ("区分を教えてください。", alike(coverage=0.9)),
        ("区分を教えてください。", alike(falls_to=LEVEL - 0.05)),
        ("物品の区分を教えてください。", alike()),
        ("教えてください。", alike()),
    ],
)
def test_few_texts_one_ahead_of_the_others_or_a_second_word_are_clear_enough(asked: str, found: list[Hit]) -> None:
    assert to_choose(asked, found) == ()
