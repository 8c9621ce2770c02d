from __future__ import annotations

import threading

from hypothesis import given
from hypothesis import strategies as st

from rag.japanese.words import PIECE_CHARACTERS, _dictionary, character_grams, content_words, fold, placed_words


def test_spellings_of_one_word_become_one_search_word() -> None:
    assert content_words("引越しの手続き") == content_words("引っ越しの手続")
    assert content_words("ＵＳＢメモリー") == content_words("USBメモリ")


def test_what_a_caller_does_with_its_words_is_its_own_affair() -> None:
    for text in ("旅費を支給する。", "旅費を支給する。" * 1_000):
        words = content_words(text)
        words.clear()
        assert content_words(text)[:2] == ["旅費", "支給"]


def test_particles_and_empty_words_are_left_out() -> None:
    assert content_words("旅費は、その者の請求により支給する。") == ["旅費", "者", "請求", "支給"]


def test_katakana_and_hiragana_are_compared_as_one() -> None:
    assert fold("ゴミ袋") == fold("ごみ袋")


def test_a_text_longer_than_one_call_of_the_analyser_is_read_whole() -> None:
    text = "旅費を支給する。" * (PIECE_CHARACTERS // 4)
    assert content_words(text).count("旅費") == PIECE_CHARACTERS // 4


def test_a_text_without_any_sentence_end_is_still_read_whole() -> None:
    assert len("".join(content_words("旅" * (PIECE_CHARACTERS + 10)))) == PIECE_CHARACTERS + 10


def test_character_pairs_do_not_cross_a_mark() -> None:
    assert character_grams("旅費、日当") == ["旅", "費", "旅費", "日", "当", "日当"]


@given(st.text(max_size=200))
def test_any_text_gives_words_without_spaces(text: str) -> None:
    assert all(word and not any(map(str.isspace, word)) for word in [*content_words(text), *character_grams(text)])


def test_words_are_placed_in_the_text_as_it_stands() -> None:
    text = "ｶﾅの旅費は、１㌔につき２５円。" + "旅費を支給する。" * (PIECE_CHARACTERS // 4)
    placed = placed_words(text)
    assert [(word, span.of(text)) for word, span in placed[:4]] == [
        ("仮名", "ｶﾅ"),
        ("旅費", "旅費"),
        ("1", "１"),
        ("きろ", "㌔"),
    ]
    assert {span.of(text) for word, span in placed if word == "旅費"} == {"旅費"}
    assert len([word for word, _ in placed if word == "旅費"]) == PIECE_CHARACTERS // 4 + 1


@given(st.text(max_size=200))
def test_every_word_has_a_place_in_any_text(text: str) -> None:
    ends = [0]
    for word, span in placed_words(text):
        assert word
        assert ends[-1] <= span.start <= span.end <= len(text)
        ends.append(span.end)


def test_every_thread_reads_the_same_dictionary_and_finds_the_same_words() -> None:
    text = "職員の旅費は、最も経済的な通常の経路により計算する。" * 80  # too long to be kept: every thread cuts it
    wanted = content_words(text)
    found: list[list[str]] = []
    threads = [threading.Thread(target=lambda: found.extend(content_words(text) for _ in range(5))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 40
    assert all(each == wanted for each in found)
    assert _dictionary() is _dictionary()
