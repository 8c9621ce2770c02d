"""Files of cases: what is read from them, and what is said of a wrong line."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from eval.beir import JudgedQuestion
from eval.cases import Case, Expectation, Selection, judged_case, load_cases
from rag.errors import CasesError


def write_cases(file: Path, *rows: object) -> Path:
    lines = (row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows)
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return file


def row(**changes: Any) -> dict[str, Any]:
    return {"id": "車賃", "question": "車賃はいくらですか", "expect": {"points": ["25円"]}, **changes}


def test_a_case_carries_its_day_its_user_and_what_its_answer_must_hold(tmp_path: Path) -> None:
    expected = {
        "documents": ["例規/旅費規則.docx | FAQ/庁内FAQ.xlsx", "abc"],
        "locators": ["第9条"],
        "points": ["25円"],
        "office": "総務部",
    }
    file = write_cases(
        tmp_path / "旅費.jsonl", row(id=7, as_of="2026-11-23", user="ryohi", expect=expected, tags=["旅費"])
    )
    assert load_cases(file) == [
        Case(
            id="7",
            question="車賃はいくらですか",
            as_of=date(2026, 11, 23),
            user="ryohi",
            expect=Expectation(
                documents=(("例規/旅費規則.docx", "FAQ/庁内FAQ.xlsx"), ("abc",)),
                locators=(("第9条",),),
                points=(("25円",),),
                office="総務部",
            ),
            tags=("旅費",),
        )
    ]


def test_what_is_not_written_is_open(tmp_path: Path) -> None:
    file = write_cases(tmp_path / "a.jsonl", "", row(expect={"decline": True}))
    (case,) = load_cases(file)
    assert (case.as_of, case.user, case.tags, case.expect) == (None, None, (), Expectation(decline=True))


@pytest.mark.parametrize(
    ("wrong", "finding"),
    [
        ("{", "JSONとして読めません"),
        ("[]", "の形ではありません"),
        (row(answer="25円"), "answer という名前はありません"),
        (row(expect={"titles": ["旅費規則"]}), "titles という名前はありません"),
        ({"question": "車賃は", "expect": {"decline": True}}, "id がないか"),
        (row(id=" "), "id がないか"),
        (row(id=True), "id がないか"),
        ({"id": "一", "expect": {"decline": True}}, "question がないか"),
        (row(question=5), "question がないか"),
        (row(as_of="昨日"), "日付 昨日"),
        (row(as_of=20261123), "as_of がないか"),
        (row(user=["ryohi"]), "user がないか"),
        (row(tags="旅費"), "tags が文字の並びではありません"),
        (row(tags=[""]), "tags が文字の並びではありません"),
        ({"id": "一", "question": "車賃は"}, "expect がありません"),
        (row(expect=["25円"]), "expect がありません"),
        (row(expect={}), "何も求めていません"),
        (row(expect={"documents": [], "decline": False}), "何も求めていません"),
        (row(expect={"decline": "yes"}), "true でも false でもありません"),
        (row(expect={"decline": True, "points": ["25円"]}), "断ることと"),
        (row(expect={"decline": True, "locators": ["第9条"]}), "断ることと"),
        (row(expect={"decline": True, "documents": ["a"]}), "断ることと"),
        (row(expect={"points": "25円"}), "points が文字の並びではありません"),
        (row(expect={"locators": ["第9条|"]}), "空の選択肢"),
        (row(id="前"), "id 前 は2度目です"),
    ],
)
def test_a_wrong_line_is_named_with_its_remedy(tmp_path: Path, wrong: object, finding: str) -> None:
    file = write_cases(tmp_path / "旅費.jsonl", row(id="前"), wrong)
    with pytest.raises(CasesError, match=r"旅費.jsonl: 2行目.*ください。$") as raised:
        load_cases(file)
    assert finding in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_file_without_a_case_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CasesError, match="問いが1件もありません"):
        load_cases(write_cases(tmp_path / "空.jsonl", ""))
    with pytest.raises(CasesError, match=r"ない.jsonl: 読めません。.*ください。"):
        load_cases(tmp_path / "ない.jsonl")


def test_the_digest_changes_with_what_is_asked_and_expected_and_with_nothing_else() -> None:
    case = Case(id="一", question="車賃は", expect=Expectation(points=(("25円",),)))
    same = Case(id="二", question="車賃は", expect=Expectation(points=(("25円",),)), tags=("旅費",))
    others = [
        Case(id="一", question="車賃はいくら", expect=case.expect),
        Case(id="一", question="車賃は", expect=Expectation(points=(("26円",),))),
        Case(id="一", question="車賃は", expect=Expectation(locators=(("25円",),))),
        Case(id="一", question="車賃は", expect=case.expect, as_of=date(2026, 11, 23)),
        Case(id="一", question="車賃は", expect=case.expect, user="ryohi"),
    ]
    assert same.digest == case.digest
    assert len({case.digest, *(other.digest for other in others)}) == 6


def many(count: int) -> list[Case]:
    return [
        Case(id=f"問{number}", question="車賃は", expect=Expectation(decline=True), tags=("偶数",) * (number % 2 == 0))
        for number in range(count)
    ]


def test_a_sample_is_the_same_whatever_else_is_in_the_file() -> None:
    chosen = Selection(sample=5).of(many(40))
    assert [case.id for case in chosen] == [case.id for case in many(40) if case in chosen]
    without_others = [case for case in many(40) if case in chosen or int(case.id[1:]) % 3]
    assert Selection(sample=5).of(without_others) == chosen
    assert Selection(sample=9).of(many(5)) == many(5)


def test_only_cases_with_one_of_the_tags_are_chosen() -> None:
    assert [case.id for case in Selection(tags=frozenset({"偶数", "奇数"})).of(many(4))] == ["問0", "問2"]
    with pytest.raises(CasesError, match="タグ 給与: .*ください。"):
        Selection(tags=frozenset({"給与"})).of(many(4))


def test_a_judged_question_asks_for_one_of_its_passages_and_for_its_day() -> None:
    judged = JudgedQuestion(
        id="一", text="日当は", as_of=date(2026, 4, 1), relevant={"乙": 1, "甲": 2}, answers=("順路",)
    )
    case = judged_case(judged)
    assert case.expect == Expectation(documents=(("乙", "甲"),), spans=("順路",), dated=True)
    assert not judged_case(JudgedQuestion(id="一", text="日当は", as_of=None, relevant={"甲": 1})).expect.dated
