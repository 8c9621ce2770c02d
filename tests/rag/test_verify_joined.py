"""A condition of one clause before what another says is found out; what clauses say together stands."""

from __future__ import annotations

import pytest

from rag.domain import Part, Problem, Sentence
from rag.verify import verify
from tests.builders import evidence, question

DESK = """第五条　職員は、離席するときは、端末の画面を固定しなければならない。
２　職員は、退庁するときは、文書を所定の場所に収納しなければならない。
３　課長は、前項の収納を怠った者があるときは、総務部長に報告しなければならない。"""
CAR = """第八条　旅費は、次に掲げる場合に限り、支給する。
　一　公用車を使用することができない場合
２　職員は、自家用車を使用するときは、旅行命令権者の承認を受けなければならない。"""
LOSS = "第九条　課長は、物品の亡失の報告を受けたときは、亡失報告書を会計管理者に提出しなければならない。"
SPOILT = "第十条　課長は、物品の損傷の報告を受けたときは、損傷届を管財課長に提出しなければならない。"


def problems(text: str, *cited: tuple[int, str]) -> tuple[Problem, ...]:
    found = [
        evidence(number, text, locator="", labels={}) for number, text in enumerate((DESK, CAR, LOSS, SPOILT), start=1)
    ]
    draft = Sentence(
        part=Part.CONCLUSION,
        text=text,
        citations=tuple(dict.fromkeys(number for number, _ in cited)),
        quotes=tuple(quote for _, quote in cited),
    )
    [checked] = verify([draft], found, question("どのように定められていますか。"))
    return checked.problems


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        (
            "職員は、離席するときは、文書を所定の場所に収納しなければなりません。",
            [(1, "離席するときは"), (1, "文書を所定の場所に収納しなければならない")],
        ),
        (
            "自家用車を使用する場合は、端末の画面を固定する必要があります。",
            [(2, "自家用車を使用するときは"), (1, "端末の画面を固定しなければならない")],
        ),
        (
            "課長は、物品の亡失の報告を受けたときは、損傷届を管財課長に提出しなければならない。",
            [(3, "亡失の報告を受けたときは"), (4, "損傷届を管財課長に提出しなければならない")],
        ),
    ],
)
def test_a_condition_of_another_clause_is_found_out(text: str, cited: list[tuple[int, str]]) -> None:
    assert Problem.UNSUPPORTED in problems(text, *cited)


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        (
            "職員は、席を離れるときは、端末の画面を固定しなければなりません。",
            [(1, "端末の画面を固定しなければならない")],
        ),
        (
            "公用車を使用することができない場合は、旅費を支給します。",
            [(2, "次に掲げる場合に限り、支給する"), (2, "公用車を使用することができない場合")],
        ),
        (
            "職員が退庁するときは、文書を所定の場所に収納し、怠った者があれば、課長は、総務部長に報告しなければなりません。",
            [(1, "文書を所定の場所に収納しなければならない"), (1, "総務部長に報告しなければならない")],
        ),
        (
            "課長は、亡失の報告を受けたときは亡失報告書を会計管理者に、損傷の報告を受けたときは損傷届を管財課長に提出しなければなりません。",
            [(3, "亡失報告書を会計管理者に提出しなければならない"), (4, "損傷届を管財課長に提出しなければならない")],
        ),
    ],
)
def test_what_clauses_say_by_themselves_or_together_stands(text: str, cited: list[tuple[int, str]]) -> None:
    assert problems(text, *cited) == ()


@pytest.mark.parametrize("between", ["が、", "。"])
def test_whole_clauses_in_one_sentence_are_each_compared_with_their_own_source(between: str) -> None:
    both = (
        f"職員は、離席するときは、端末の画面を固定しなければなりません{between}"
        "課長は、物品の亡失の報告を受けたときは、亡失報告書を会計管理者に提出しなければならない。"
    )
    cited = (1, "端末の画面を固定しなければならない"), (3, "亡失報告書を会計管理者に提出しなければならない")
    assert problems(both, *cited) == ()
    assert problems(both.replace("亡失の報告", "損傷の報告"), *cited) != ()
