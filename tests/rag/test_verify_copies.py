from __future__ import annotations

import pytest

from rag.domain import Problem
from rag.verify.copies import miscopied, misquoted
from rag.verify.sources import Source

QUOTE = "パスワードは、12文字以上とし、13文字目以降は自由とする。"


@pytest.mark.parametrize(
    ("sentence", "problems"),
    [
        ("パスワードは、12文字以上とし、13文字目以降は自由とする。", ()),
        ("パスワードは、十二文字以上とし", ()),
        ("パスワードは、13文字以上とし、13文字目以降は自由とする。", (Problem.FIGURE_NOT_IN_SOURCE,)),
        ("対策基準 第7条「パスワードは、13文字以上とし」", (Problem.FIGURE_NOT_IN_SOURCE,)),
        ("パスワードの長さは12文字以上です。", ()),
    ],
)
def test_a_copied_sentence_keeps_its_numbers(sentence: str, problems: tuple[Problem, ...]) -> None:
    assert miscopied(sentence, [QUOTE]) == problems


def test_a_copied_clause_number_is_named_as_one() -> None:
    quote = "第四条及び第五条の規定により算出した額とする。"
    assert miscopied("第五条及び第五条の規定により算出した額とする。", [quote]) == (Problem.CLAUSE_NOT_IN_SOURCE,)
    assert miscopied("第4条及び第5条の規定により算出した額とする。", [quote]) == ()


def test_a_quote_inside_a_longer_sentence_is_compared_too() -> None:
    quote = "一夜につき二千四百円とする"
    assert miscopied("宿泊手当の額は、一夜につき2,400円とする。", [quote]) == ()
    assert miscopied("宿泊手当の額は、一夜につき2,200円とする。", [quote]) == (Problem.FIGURE_NOT_IN_SOURCE,)


def test_one_of_several_quotes_is_enough() -> None:
    quotes = ["一夜につき二千四百円とする", "一夜につき二千二百円とする"]
    assert miscopied("一夜につき2,200円とする。", quotes) == ()


RULE = Source(
    "宿泊手当（旅費をいう。）の額は、一夜につき二千四百円とし、「定額」という。", heading="職員の旅費に関する条例"
)


@pytest.mark.parametrize(
    ("sentence", "is_wrong"),
    [
        ("宿泊手当は「一夜につき2,400円とし」とされています。", False),
        ("「宿泊手当の額は、…「定額」という。」", False),
        ("「職員の旅費に関する条例」によります。", False),
        ("宿泊手当は「1夜につき2,200円」とされています。", True),
        ("宿泊手当の額は「実費」とされています。", True),
        ("「宿泊手当の額は、…実費という。」", True),
        ("宿泊手当は定額です。", False),
    ],
)
def test_what_a_sentence_sets_in_quotation_marks_stands_so_in_the_source(sentence: str, *, is_wrong: bool) -> None:
    assert bool(list(misquoted(sentence, [RULE]))) is is_wrong
