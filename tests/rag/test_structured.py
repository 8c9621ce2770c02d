"""Structured text read as it comes: whole sentences only, however it is cut, whatever stands around it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.adapters.marked import MARKS
from rag.adapters.structured import PARTS, SCHEMA, read_structured
from rag.domain import Part, Sentence
from rag.prompts import fill

ONE: dict[str, Any] = {"part": "結論", "text": "一の文です。", "citations": [{"number": 1, "quote": "甲の文"}]}
TWO: dict[str, Any] = {"part": "手続", "text": "二の文です。", "citations": [{"number": 2, "quote": "乙の文"}]}
FIRST = Sentence(part=Part.CONCLUSION, text="一の文です。", citations=(1,), quotes=("甲の文",))
SECOND = Sentence(part=Part.PROCEDURE, text="二の文です。", citations=(2,), quotes=("乙の文",))


def spelled(*sentences: object, **beside: object) -> str:
    return json.dumps({"sentences": sentences, **beside}, ensure_ascii=False)


def read(pieces: Iterable[str]) -> tuple[list[Sentence], bool]:
    """Return the sentences, and whether the text was a whole answer."""
    sentences: list[Sentence] = []
    reading = read_structured(pieces)
    while True:
        try:
            sentences.append(next(reading))
        except StopIteration as end:
            return sentences, end.value


def test_a_sentence_comes_with_the_last_character_of_its_object() -> None:
    text = spelled(ONE, TWO)
    complete = text.index("}]}") + 3
    assert read([text[: complete - 1]])[0] == []
    assert read([text[:complete]])[0] == [FIRST]


@pytest.mark.parametrize(
    "text",
    [
        spelled(ONE, TWO),
        json.dumps({"sentences": [ONE, TWO]}, indent=2),
        f"```json\n{spelled(ONE, TWO)}\n```\n以上です。",
        f"お答えします。資料[1]によります。\n{spelled(ONE, TWO)}",
        json.dumps([ONE, TWO]),
        json.dumps([{"sentences": [ONE, TWO]}]),
        json.dumps({"answer": {"sentences": [ONE, TWO]}}),
        json.dumps({"sentences": [ONE], "notes": [{"text": "覚え書き"}], "answer": {"sentences": [TWO]}}),
        f'{{"sentences": [], "sentences": [{json.dumps(ONE)}, {json.dumps(TWO)}]}}',
        f"{json.dumps(ONE)}\n{json.dumps(TWO)}\n",
        spelled(ONE, TWO) * 2,
        spelled(ONE, "覚え書き", [{"text": "覚え書き"}], TWO),
        "【結論】一の文です。[1]「甲の文」\n【手続】二の文です。[2]「乙の文」",
        "**【結論】** 一の文です。[1]「甲の文」\n- 【手続】二の文です。[2]「乙の文」",
    ],
)
def test_it_is_found_in_whatever_a_server_lets_through(text: str) -> None:
    assert read([text]) == ([FIRST, SECOND], True)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"part": "【根拠】"}, {"part": Part.BASIS}),
        ({"part": "conclusion"}, {"part": Part.CONCLUSION}),
        ({"part": "例外・注意"}, {"part": Part.EXCEPTIONS}),
        ({"part": "まとめ"}, {"part": Part.CONCLUSION}),
        ({"part": 3}, {"part": Part.CONCLUSION}),
        ({"text": "一の文\n\tです\u2028\ud800。\x00"}, {"text": "一の文 です 。"}),
        ({"text": "一の文です[1]"}, {"text": "一の文です。"}),
        ({"text": "【結論】一の文です。[1]「甲の文」", "citations": []}, {}),
        ({"citations": {"number": 1, "quote": "甲の文"}}, {}),
        ({"citations": [{"number": "資料1", "quote": "「甲の文」"}]}, {}),
        ({"citations": [{"number": "１", "quote": "甲の文"}, {"number": 1.0, "quote": None}, 1]}, {}),
        ({"citations": [{"number": True, "quote": "甲の文"}]}, {"citations": ()}),
        ({"citations": [{"number": float("nan"), "quote": ["甲の文"]}]}, {"citations": (), "quotes": ()}),
        ({"citations": None}, {"citations": (), "quotes": ()}),
        ({"beside": {"deep": [[{"text": "}"}]]}}, {}),
    ],
)
def test_a_sentence_is_read_in_the_spellings_that_models_slip_into(
    changes: dict[str, Any], expected: dict[str, Any]
) -> None:
    text = json.dumps({"sentences": [ONE | changes]})
    part = expected.get("part", FIRST.part)
    [sentence], is_whole = read([text])
    assert is_whole
    if "【結論】" in str(changes):
        assert sentence.text.endswith("一の文です。")
        assert (sentence.citations, sentence.quotes) == ((1,), ("甲の文",))
        return
    assert sentence == Sentence(
        part=part,
        text=expected.get("text", FIRST.text),
        citations=expected.get("citations", FIRST.citations),
        quotes=expected.get("quotes", FIRST.quotes),
    )


def test_of_a_key_that_stands_twice_the_last_counts() -> None:
    text = '{"sentences": [{"part": "根拠", "part": "結論", "text": "一の文です。", "citations": [{"number": 9, "number": 1, "quote": "甲の文"}]}]}'
    assert read([text]) == ([FIRST], True)


@pytest.mark.parametrize(
    "text",
    [
        '{"sentences": []}',
        '{ "sentences" : [ \n ] }',
        '```json\n{"sentences": []}\n```',
        spelled({"part": "結論", "text": "該当なし", "citations": []}),
        "該当なし",
        "該当なしです。",
    ],
)
def test_an_empty_list_says_that_nothing_was_found(text: str) -> None:
    assert read([text]) == ([], True)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        "{",
        "null",
        "申し訳ありませんが、お答えできません。",
        '{"answer": "2,400円です。"}',
        '{"sentences": null}',
        '{"sentences": "一の文です。"}',
        '{"sentences": ["一の文です。"]}',
        '{"sentences": [{"part": "結論", "text": 5, "citations": []}]}',
        '{"sentences": [{"part": "結論", "text": "[1]", "citations": []}]}',
        '{"sentences": [',
        '{"sentences": [}',
        '{"sentences": [{"text": "' + "[" * 100_000,
        '{"sentences": [{"text": ' + "[" * 100_000 + "]" * 100_000 + "}]}",
        json.dumps(spelled(ONE)),
    ],
)
def test_a_text_without_a_sentence_is_no_answer(text: str) -> None:
    assert read([text]) == ([], False)


@pytest.mark.parametrize(
    "text",
    [
        spelled(ONE, TWO)[:-1],
        spelled(ONE, TWO)[:-2],
        spelled(ONE, TWO, {"part": "例外"}),
        spelled(ONE, {"part": "例外", "text": "と@は@"}, TWO).replace("@", '"'),
        spelled(ONE, {"part": "例外", "text": "", "citations": [{"number": 1}]}, TWO).replace("1}]}", "1}}"),
        spelled(ONE, {"part": "例外", "text": "", "citations": [{"number": 1}]}, TWO).replace("1}]}", "1]}"),
        spelled(ONE, TWO) + "\n" + spelled(ONE)[:-4],
    ],
)
def test_sentences_around_what_is_broken_come_and_the_text_is_not_whole(text: str) -> None:
    assert read([text]) == ([FIRST, SECOND], False)


def test_the_schema_knows_the_parts_of_the_rules_and_the_example_of_the_prompt_fits() -> None:
    assert [MARKS[part] for part in PARTS] == list(Part)[: len(PARTS)]
    assert all(f"- 【{part}】" in fill("answer_rules") for part in PARTS)
    sentence = SCHEMA["schema"]["properties"]["sentences"]["items"]
    assert sentence["properties"]["part"]["enum"] == list(PARTS)
    shown = fill("answer_structured").partition("# 書き方の例")[2]
    for each in json.loads(shown)["sentences"]:
        assert set(each) == set(sentence["required"])
        assert all(set(one) == {"number", "quote"} for one in each["citations"])
    assert read([shown])[1]
    assert read([fill("answer_structured").partition("答えられないときは、")[2].partition(" とだけ")[0]]) == ([], True)


ODD = st.text(alphabet='一の文。[]{}"\\,:「」\n a😀', max_size=12)
"""No digits: a number in brackets makes marked text of what comes before the JSON, if nothing else does."""
CITATIONS = st.lists(st.fixed_dictionaries({"number": st.integers(-1, 99) | ODD, "quote": ODD}), max_size=2)
SENTENCES = st.fixed_dictionaries(
    {"part": st.sampled_from(PARTS) | ODD, "text": ODD, "citations": CITATIONS | st.none() | ODD},
    optional={"beside": st.recursive(ODD | st.none(), lambda inner: st.lists(inner, max_size=2), max_leaves=4)},
)


@st.composite
def texts(draw: st.DrawFn) -> str:
    sentences = draw(st.lists(SENTENCES | ODD, max_size=4))
    written = json.dumps(
        {"sentences": sentences}, ensure_ascii=draw(st.booleans()), indent=draw(st.sampled_from((None, 1)))
    )
    if draw(st.booleans()):
        at = draw(st.integers(0, len(written)))
        written = written[:at] + draw(ODD) + written[at:]
    before, behind = draw(st.sampled_from((("", ""), ("```json\n", "\n```"), ("前置きです。\n", "以上"))))
    return f"{before}{written}{behind}"


@given(texts(), st.data())
def test_however_the_text_is_cut_into_pieces_the_sentences_are_the_same(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=8)))
    pieces = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    assert read(pieces) == read([text]) == read(text)


@given(texts())
def test_what_comes_of_the_beginning_of_a_text_is_the_beginning_of_what_comes_of_it(text: str) -> None:
    whole, _ = read([text])
    for end in range(len(text)):
        begun, _ = read([text[:end]])
        assert begun == whole[: len(begun)]


@given(st.lists(SENTENCES, min_size=1, max_size=4))
def test_no_sentence_that_is_complete_is_lost_when_the_rest_is_cut_off(sentences: list[dict[str, Any]]) -> None:
    whole, _ = read([spelled(*sentences)])
    cut_off, is_whole = read([spelled(*sentences, "")[: len(spelled(*sentences)) - 2]])
    assert (cut_off, is_whole) == (whole, False)
