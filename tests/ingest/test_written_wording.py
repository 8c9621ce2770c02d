"""The numbers and the wording of written questions."""

from __future__ import annotations

import pytest

from ingest.structure.written_numbers import read_mark, shown
from ingest.structure.written_wording import asking_sentences, end_of_question, gist


@pytest.mark.parametrize(
    ("text", "key", "numbers", "words"),
    [
        ("一　渡船の運航について", "", ["一"], "渡船の運航について"),
        ("一の１のイ　運賃を伺う。", "", ["一の1のイ"], "運賃を伺う。"),
        ("三の１０　次の船", "", ["三の10"], "次の船"),
        ("２の（１）及び（２）について", "", ["2(1)", "2(2)"], ""),
        ("一の１から３までについて", "", ["一の1", "一の2", "一の3"], ""),
        ("１－２　修繕の順番", "", ["1の2"], "修繕の順番"),
        ("（１）もっと早く", "", ["(1)"], "もっと早く"),
        ("③　橋の点検", "", ["③"], "橋の点検"),
        ("３（仮称）みほん館", "", ["3"], "（仮称）みほん館"),
        ("問３及び問４について", "ask", ["問3", "問4"], ""),
        ("質問１　米飯の割合", "ask", ["問1"], "米飯の割合"),
        ("【質問１】（２）　なぜか", "ask", ["問1(2)"], "なぜか"),
        ("質問事項", "ask", [], ""),
        ("回答２（建設部）　十四件です。", "reply", ["問2"], "十四件です。"),
        ("答（建設課長）　一億円である。", "reply", [], "一億円である。"),
        ("Ａ：はい", "reply", [], "はい"),
        ("【答弁】", "reply", [], ""),
    ],
)
def test_a_number_and_a_word_in_front_are_read_however_they_are_written(
    text: str, key: str, numbers: list[str], words: str
) -> None:
    mark = read_mark(text)
    assert mark is not None
    assert (mark.key, [shown(number) for number in mark.numbers], text[mark.words :]) == (key, numbers, words)


@pytest.mark.parametrize(
    "text",
    [
        "一般競争入札により売却した。",
        "1.5倍に増えた。",
        "１，６６０平方メートルである。",
        "２月に募集した。",
        "（１）でお答えしたとおりです。",
        "アルコール検査を行う。",
        "質問者　想田美咲",
        "答弁者　知事　例示太郎",
        "答弁書（第一号）",
        "回答に当たり調査した。",
        "問題が多い。",
        "Ａ校とＢ校である。",
    ],
)
def test_a_sentence_that_begins_with_a_number_or_such_a_word_is_no_item(text: str) -> None:
    assert read_mark(text) is None


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("運賃の割引を広げるべきと考えるが、知事の見解を伺う。", "運賃の割引を広げるべき"),
        ("また、便所の改修の予定について伺います。", "便所の改修の予定"),
        ("都の献血に対する見解を伺う。", "都の献血に対する見解"),
        (
            "空いた区画に市場を開くべきではないでしょうか。お答えください。",
            "空いた区画に市場を開くべきではないでしょうか",
        ),
        ("間伐の面積と、売払いの額を示されたい。", "間伐の面積と、売払いの額"),
        ("この事案に県はどう対処したのか。", "この事案に県はどう対処したのか"),
        (
            "渡船の欠航が年々増え、島に住む高齢者の通院や買い物にまで大きな影響が出ていることを踏まえ、船員の確保に向けて賃金を引き上げ、寮を整えるなどの方策を講じるべきと考えるが、所見を伺う。",
            "船員の確保に向けて賃金を引き上げ、寮を整えるなどの方策を講じるべき",
        ),
    ],
)
def test_a_gist_says_what_is_asked_without_the_frame_in_at_most_sixty_characters(question: str, expected: str) -> None:
    assert gist(question) == expected
    assert len(expected) <= 60


def test_a_call_for_an_answer_brings_what_it_calls_for() -> None:
    paragraphs = [
        "橋は古い。架け替えないままで誰も困らないと言えるのか。",
        "架け替えの時期を早めるべきである。見解を伺う。",
    ]
    assert asking_sentences(paragraphs) == [
        (0, "架け替えないままで誰も困らないと言えるのか。"),
        (1, "架け替えの時期を早めるべきである。"),
        (1, "見解を伺う。"),
    ]


def test_what_stands_below_a_question_and_does_not_ask_leads_to_the_next() -> None:
    asked = ["運賃の割引を広げるべきと考えるが、見解を伺う。", "港の待合室は寒い。", "皆が困っているのではないか。"]
    assert end_of_question(asked) == 1
    assert end_of_question([*asked, "待合室の改修を求める。"]) == 4
    assert end_of_question(["船の更新について", "船は古い。", "次の船はいつか。"]) == 3
