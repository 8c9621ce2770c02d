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


@pytest.mark.parametrize(
    ("past", "draft"),
    [
        (
            "手話言語条例は本年4月1日から施行しております。",
            "手話言語条例が本年7月1日に施行されてから、5か月が経過いたしました。",
        ),
        (
            "広域の輸送拠点は、南原市の県有地に整備することを決定いたしました。",
            "広域の輸送拠点は、東浜市の跡地に整備することが決まっております。",
        ),
        (
            "多子世帯の保育料は、第二子以降を所得にかかわらず無償としております。",
            "多子世帯の保育料の無償化は、第三子以降を対象とし、所得制限を設けております。",
        ),
        (
            "常勤の弁護士を全ての児童相談所に配置しております。",
            "常勤の弁護士を児童相談所に配置したことは一度もなく、弁護士会に相談している状況であります。",
        ),
        (
            "令和6年度末で早期に措置を要する橋は214橋でございます。",
            "早期に措置を要する橋は、令和7年3月末で百四十一橋となっております。",
        ),
        (
            "本年4月1日現在の待機児童は57人でございます。",
            "本年4月1日時点で待機児童はゼロでございました。",
        ),
        (
            "返還支援は一人当たり120万円を上限としております。",
            "返還支援は平成30年度に創設し、一人当たりの上限は180万円でございます。",
        ),
    ],
)
def test_days_places_and_who_is_meant_may_not_differ(past: str, draft: str) -> None:
    found = compare(past, draft, date(2026, 6, 15), date(2026, 12, 1), ladder=LADDER)
    assert found.kind is RelationKind.CONTRADICTION


@pytest.mark.parametrize(
    ("past", "draft"),
    [
        (
            "自転車のヘルメットの着用率は、昨年7月の調査で18.3%でございました。",
            "自転車のヘルメットの着用は、令和7年7月の調査で18.3%と、二割に届いておりません。",
        ),
        (
            "消防団員の定数に対する充足率は、本年4月1日現在で88%でございます。",
            "消防団員は、令和8年4月1日現在で定数を12%下回っております。",
        ),
        (
            "ダムの本体工事に令和8年度に着手する計画でございます。",
            "ダムの本体工事の着手は、追加の調査が必要となり、計画から二年遅れ、令和10年度となる見通しであります。",
        ),
        (
            "防災倉庫を県内市町村に整備しております。",
            "防災倉庫を各市町村に整備してまいりました。",
        ),
        (
            "令和8年4月1日現在、産業団地の整備は3地区で完了しております。",
            "産業団地の整備は、令和8年10月に新たに1地区で完了いたしました。",
        ),
        (
            "水位計の設置を検討しております。",
            "検討の結果を受けて水位計の設置を始め、百五十か所で完了いたしました。",
        ),
    ],
)
def test_what_is_said_otherwise_or_told_as_a_change_is_no_contradiction(past: str, draft: str) -> None:
    found = compare(past, draft, date(2026, 6, 15), date(2026, 12, 1), ladder=LADDER)
    assert found.kind is not RelationKind.CONTRADICTION


@pytest.mark.parametrize(
    ("past", "draft", "kind"),
    [
        (
            "防災ヘリの格納庫は、令和9年度に完成させる計画でございます。",
            "防災ヘリの格納庫につきましては、地盤の改良が必要となり、完成を令和11年度に延期せざるを得なくなりました。",
            RelationKind.BACK,
        ),
        (
            "図書館の夜間開館は、三つの館で始めてまいります。",
            "図書館の夜間開館につきましては、司書の確保が難しく、一つの館に絞ることといたしました。",
            RelationKind.BACK,
        ),
        (
            "遠隔手話の窓口につきましては、関係団体の意見を伺ってまいります。",
            "遠隔手話の窓口は、関係団体の意見を踏まえ、本年5月に県内4か所で開設いたしました。",
            RelationKind.FORWARD,
        ),
    ],
)
def test_a_step_that_the_draft_explains_is_seen_by_its_words(past: str, draft: str, kind: RelationKind) -> None:
    found = compare(past, draft, date(2026, 6, 15), date(2026, 12, 1), ladder=LADDER)
    assert (found.kind, found.quotes[1]) == (kind, past)


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
