"""A question that leans on the one before it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rag.japanese.followups import REMEMBERED, standing_alone
from rag.japanese.text import normalise

CASES = Path(__file__).parents[1] / "cases" / "conversations" / "followups.jsonl"

STAY = "宿泊手当は1夜いくらですか。"
SUMMER = "夏季休暇は何日取れますか"
LIMIT = "随意契約の限度額を教えてください"


@pytest.mark.parametrize(
    ("before", "asked", "read"),
    [
        (STAY, "県外の場合は？", "県外の場合は、宿泊手当は1夜いくらですか。"),
        (STAY, "日当は？", "日当は1夜いくらですか。"),
        (STAY, "申請の様式は？", "宿泊手当について、申請の様式は何ですか。"),
        (STAY, "いつまでに請求しますか", "宿泊手当について、いつまでに請求しますか"),
        (STAY, "それは部長も同じですか", "宿泊手当について、部長も同じですか"),
        (STAY, "その根拠は？", "宿泊手当について、根拠は?"),
        (STAY, "では、いくらですか", "宿泊手当について、いくらですか"),
        (STAY, "もっと詳しく教えてください", STAY),
        (SUMMER, "誰に申請しますか", "夏季休暇について、誰に申請しますか"),
        (SUMMER, "会計年度任用職員の場合は？", "会計年度任用職員の場合は、夏季休暇は何日取れますか"),
        (LIMIT, "期限はいつまでですか", "随意契約の限度額について、期限はいつまでですか"),
        (
            "契約書を省略できるのはどんなときですか。",
            "ほかに必要な書類はありますか",
            "契約書を省略できることについて、必要な書類はありますか",
        ),
    ],
)
def test_what_is_left_out_comes_from_the_question_before(before: str, asked: str, read: str) -> None:
    assert standing_alone(asked, [before]) == read
    assert standing_alone(asked, []) == asked


@pytest.mark.parametrize(
    "asked",
    [
        "病気休暇に診断書は必要ですか。",
        "夏季休暇について教えて",
        "公印の押印を省略できる文書は？",
        "その他の旅費にはどんなものがありますか",
        "それぞれの様式の番号は何ですか",
        "様式第3号はどこに提出しますか",
        "10月に入った新人は、その年のうちに有休を何日使える？",
        "起案　紙でもOKな場合は",
    ],
)
def test_a_question_that_stands_alone_stays_as_it_is(asked: str) -> None:
    assert standing_alone(asked, [STAY]) == asked


def test_each_of_a_row_leans_on_the_one_before_it_up_to_a_limit() -> None:
    assert standing_alone("様式は？", [STAY, "県外の場合は？"]) == "県外の場合は、宿泊手当について、様式は何ですか。"
    assert standing_alone("様式は？", [SUMMER, STAY]) == "宿泊手当について、様式は何ですか。"
    assert standing_alone("もっと詳しく", [STAY, *["もっと詳しく"] * (REMEMBERED - 1)]) == STAY
    assert standing_alone("もっと詳しく", [STAY, *["もっと詳しく"] * REMEMBERED]) == "もっと詳しく"


def test_of_questions_by_somebody_who_had_not_seen_the_code_none_is_changed_that_stands_alone() -> None:
    cases = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]
    read = [(case, standing_alone(case["question"], case["earlier"])) for case in cases]
    assert [case["id"] for case, text in read if case["alone"] and text != case["question"]] == []
    met = [
        all(normalise(word) in normalise(text) for word in case["needs"]) for case, text in read if not case["alone"]
    ]
    assert (sum(met), len(met)) >= (39, 60)  # 29 at first sight
