"""The part of a text that speaks of a question, its words marked, and nothing of the text changed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ui.excerpt import CHARACTERS, CUT, asked_words, excerpt, telling_sentence

FAR = (
    "旅行命令は、旅行の前に発する。" * 30
    + "自家用車の車賃は、１キロメートルにつき25円とする。"
    + "この規則は公布の日から施行する。" * 30
)


def marks(text: str, question: str) -> list[str]:
    return [words for words, is_marked in excerpt(text, asked_words(question, {})) if is_marked]


def test_the_words_of_the_question_are_marked_as_they_stand() -> None:
    assert marks("自家用車の車賃は、１ｷﾛﾒｰﾄﾙにつき25円とする。", "自家用車の車賃は1キロメートルいくら") == [
        "自家用車",
        "車賃",
        "１ｷﾛﾒｰﾄﾙ",
    ]


def test_numbering_is_marked_only_where_the_number_is_the_one_asked_for() -> None:
    question = "旅費条例第16条の車賃"
    assert marks("第４条から第７条まで、第10条第２項及び第16条の規定は、準用する。", question) == ["第16条"]


def test_official_words_for_everyday_ones_are_marked() -> None:
    wanted = asked_words("マイカーで行く", {"まいかー": ("自家用車",)})
    assert [words for words, is_marked in excerpt("自家用車を使う。", wanted) if is_marked] == ["自家用車"]


def test_a_long_text_is_cut_to_where_most_of_the_question_stands() -> None:
    pieces = excerpt(FAR, asked_words("自家用車の車賃は1キロメートルいくら", {}))
    told = "".join(words for words, _ in pieces)
    assert told.startswith(CUT + "自家用車の車賃は")
    assert told.endswith(CUT)
    assert len(told) <= CHARACTERS + 2 * len(CUT)


def test_a_text_that_shares_no_word_is_shown_from_its_beginning() -> None:
    assert excerpt("旅費は\n支給する。", asked_words("宿泊", {})) == [("旅費は 支給する。", False)]
    assert excerpt(FAR, frozenset())[0] == (FAR[:CHARACTERS], False)
    assert excerpt("", frozenset({"旅費"})) == []


def test_the_telling_sentence_has_most_of_the_question() -> None:
    wanted = asked_words("自家用車の車賃", {})
    assert telling_sentence(FAR, wanted) == "自家用車の車賃は、１キロメートルにつき25円とする。"
    assert telling_sentence("旅費を支給する。", wanted) == ""


@given(st.text(max_size=400), st.text(max_size=30))
def test_an_excerpt_is_made_of_the_text_alone(text: str, question: str) -> None:
    told = "".join(words for words, _ in excerpt(text, asked_words(question, {})))
    assert told.removeprefix(CUT).removesuffix(CUT) in " ".join(text.split())
    assert telling_sentence(text, asked_words(question, {})) in text
