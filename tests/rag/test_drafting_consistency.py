from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from rag.drafting.consistency import RelationKind, compare
from rag.drafting.ladder import load_ladder

LADDER = load_ladder(Path("nowhere"))


@pytest.mark.parametrize(
    ("kind", "past", "draft"),
    [
        (
            "unrelated",
            "野生鳥獣による農作物被害の防止に向け、捕獲の強化に取り組んでまいります。",
            "県立高校における一人一台端末の更新につきましては、計画的に進めてまいります。",
        ),
        (
            "same",
            "学校給食費の無償化につきましては、国の動向を注視してまいりたいと考えております。",
            "学校給食費の無償化については、引き続き、国の議論の推移を見守ってまいります。",
        ),
        (
            "forward",
            "学校給食費の無償化につきましては、国の動向を注視してまいります。",
            "学校給食費の無償化につきましては、その在り方を検討してまいります。",
        ),
        (
            "back",
            "夜間中学の設置について、早期に実現するよう努めてまいります。",
            "夜間中学の設置につきましては、他県の事例を研究してまいります。",
        ),
        (
            "contradiction",
            "ドクターヘリは、令和7年度の出動件数が369件でありました。",
            "ドクターヘリの令和7年度の出動件数は412件でございます。",
        ),
        (
            "contradiction",
            "新たな県立図書館は、令和9年度に開館し、供用を開始する予定でございます。",
            "新たな県立図書館につきましては、令和11年度の供用開始を予定しております。",
        ),
        (
            "contradiction",
            "河川監視カメラの設置は、全ての水位観測所で完了いたしました。",
            "河川監視カメラの設置は、水位観測所の半数でまだ完了しておりません。",
        ),
        (
            "contradiction",
            "宿泊税は、県外からの修学旅行生も課税の対象としております。",
            "宿泊税は、修学旅行生を課税の対象としておりません。",
        ),
        (
            "contradiction",
            "手話通訳者の配置につきましては、全ての県民センターで実施してまいります。",
            "手話通訳者を県民センターに配置することは、考えておりません。",
        ),
        (
            "same",
            "森林環境譲与税の令和5年度の活用額は12億円でございました。引き続き活用に努めてまいります。",
            "森林環境譲与税の令和7年度の活用額は15億円でございます。今後とも活用に努めてまいります。",
        ),
        (
            "forward",
            "太陽光発電設備の規制条例の制定は、考えておりません。",
            "太陽光発電設備の規制条例につきましては、これまで制定は考えていないと申し上げておりましたが、制定に向けて検討してまいります。",
        ),
    ],
)
def test_a_draft_is_put_beside_what_was_said_before(kind: str, past: str, draft: str) -> None:
    found = compare(past, draft, date(2025, 12, 4), date(2026, 12, 3), ladder=LADDER)
    assert found.kind is RelationKind(kind), found


def test_both_sides_are_quoted_ours_first_with_the_reason() -> None:
    found = compare(
        "ドクターヘリは、令和7年度の出動件数が369件でありました。",
        "厳しい状況です。ドクターヘリの令和7年度の出動件数は412件でございます。",
        date(2025, 12, 4),
        None,
        ladder=LADDER,
    )
    assert found.quotes[0].startswith("ドクターヘリの令和7年度")
    assert found.quotes[1].startswith("ドクターヘリは")
    assert "369件→412件" in found.reason


def test_what_the_draft_explains_is_no_contradiction() -> None:
    found = compare(
        "新たな県立図書館は、令和9年度に開館する予定でございます。",
        "新たな県立図書館は、令和9年度の開館を予定しておりましたが、資材の高騰により令和11年度の開館を予定しております。",
        date(2025, 12, 4),
        date(2026, 12, 3),
        ladder=LADDER,
    )
    assert found.kind is not RelationKind.CONTRADICTION
