"""A copy of a source with one thing altered: a number, a name, a negation, a bracket, a bound."""

from __future__ import annotations

import pytest

from rag.domain import Problem
from rag.verify import verify
from tests.builders import evidence, question, sentence

TEXT = """第三条　宿泊費の額は、別表第一に掲げる区分に応じた一夜当たりの実費額による。
２　公用車を使用して旅行する場合には、その他の交通費は支給しない。
３　申請は、令和七年四月以後、前条第一項の変更申請書により行うものとする。
４　住居手当は、住宅（貸間を含む。）を借り受け、月額一万六千円を超える家賃を支払っている職員に支給する。
５　個人情報取扱事業者は、個人情報の取扱いに関する苦情の適切な処理に努めなければならない。
６　服務管理者は、一箇月について四十五時間を超えて時間外勤務を命じてはならない。
７　担当者は、規則に該当する場合には、前条第三項の記録を作成しなければならない。"""
LINES = [line.partition("　")[2] for line in TEXT.splitlines()]


def problems(text: str, line: int) -> tuple[Problem, ...]:
    cited = evidence(1, TEXT, locator="第3条", labels={"article": "3"})
    [checked] = verify([sentence(text, quote=LINES[line - 1])], [cited], question("どのように定められていますか。"))
    return checked.problems


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("宿泊料の額は、別表第1に掲げる区分に応じた1夜当たりの実費額によります。", 1, Problem.NAME_NOT_IN_SOURCE),
        (
            "第3条第2項により、自家用車を使用して旅行する場合には、その他の交通費は支給しない。",
            2,
            Problem.NAME_NOT_IN_SOURCE,
        ),
        (
            "行政機関等は、個人情報の取扱いに関する苦情の適切な処理に努めなければなりません。",
            5,
            Problem.NAME_NOT_IN_SOURCE,
        ),
        ("申請は、2025年4月以後、前条第1項の変更申請書により行うものとしない。", 3, Problem.NEGATION_FLIPPED),
        (
            "担当者は、規則に該当しない場合には、前条第3項の記録を作成しなければなりません。",
            7,
            Problem.NEGATION_FLIPPED,
        ),
        (
            "住居手当は、住宅（貸間を除く。）を借り受け、月額16,000円を超える家賃を支払っている職員に支給します。",
            4,
            Problem.NEGATION_FLIPPED,
        ),
        (
            "服務管理者は、1か月について45時間を下回って時間外勤務を命じてはなりません。",
            6,
            Problem.FIGURE_NOT_IN_SOURCE,
        ),
        ("申請は、2025年4月以後、前条第4項の変更申請書により行います。", 3, Problem.CLAUSE_NOT_IN_SOURCE),
        ("申請は、2026年4月以後、前条第1項の変更申請書により行います。", 3, Problem.FIGURE_NOT_IN_SOURCE),
    ],
)
def test_what_was_altered_in_a_copy_is_found(text: str, line: int, problem: Problem) -> None:
    assert problem in problems(text, line)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("宿泊費の額は、別表第1に掲げる区分に応じた1夜当たりの実費額によります。", 1),
        ("第3条第2項により、公用車を使用して旅行する場合には、その他の交通費は支給しません。", 2),
        ("申請は、2025年4月以後、前条第1項の変更申請書により行います。", 3),
        ("住居手当は、住宅を借り受け、月額16,000円を超える家賃を支払っている職員に支給します。", 4),
        ("住居手当は、住宅（貸間を含む。）を借り、月額16,000円を超える家賃を払っている職員に支給されます。", 4),
        ("事業者は、個人情報の取扱いに関する苦情の適切な処理に努めなければなりません。", 5),
        ("服務管理者は、1か月について45時間を超えて時間外勤務を命じることはできません。", 6),
    ],
)
def test_a_copy_in_another_notation_or_tone_stands(text: str, line: int) -> None:
    assert problems(text, line) == ()
