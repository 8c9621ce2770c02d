from __future__ import annotations

import pytest

from rag.domain import Problem
from rag.verify.copies import miscopied

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
