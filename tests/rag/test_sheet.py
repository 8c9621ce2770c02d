"""The nouns of an answer sheet: how long it is read, how far it is, what it rests on, what it says in which place."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from rag.assembly.fields import COLUMNS, NOTHING, UNCHECKED, fields_of, in_era, in_minutes, moment, sign_of
from rag.assembly.item import Check, Item
from rag.assembly.sheet import FollowUp, Overview, SheetStatus
from rag.domain import Period
from tests.sheets import CAUTION, MADE_AT, RED, citation, item, paragraph, past, sheet


def test_an_answer_is_read_at_so_many_characters_a_minute() -> None:
    spoken = sheet(paragraphs=(paragraph("あ" * 400 + "\n　"), paragraph("い" * 215)))
    assert (spoken.characters, spoken.speaking_seconds) == (615, 123)
    assert replace(spoken, characters_a_minute=250).speaking_seconds == 148
    assert in_minutes(spoken.speaking_seconds) == "2分3秒"
    assert in_minutes(59) == "59秒"


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({}, SheetStatus.DRAFTED),
        ({"findings": (CAUTION,)}, SheetStatus.TO_CONFIRM),
        ({"findings": (CAUTION, RED)}, SheetStatus.RED),
        ({"paragraphs": (paragraph("答える。", needs_confirming=True),)}, SheetStatus.TO_CONFIRM),
        ({"paragraphs": (), "findings": (RED,)}, SheetStatus.NOT_WRITTEN),
    ],
)
def test_a_sheet_says_how_far_it_is(told: dict[str, object], status: SheetStatus) -> None:
    assert sheet(**told).status is status


def test_only_a_red_finding_makes_a_sheet_red() -> None:
    assert sheet(findings=(CAUTION, RED)).has_red
    assert not sheet(findings=(CAUTION,)).has_red


def test_a_source_stands_once_with_every_paragraph_that_rests_on_it() -> None:
    first, second = citation("一。"), citation("二。", number=7)
    made = sheet(
        paragraphs=(
            paragraph("甲", citations=(first, first)),
            paragraph("乙", citations=(second, first)),
        ),
        follow_ups=(FollowUp(question="問", answer="答", citations=(citation("三。"), second)),),
    )
    assert [(each.number, each.citation.quote, each.paragraphs) for each in made.sources] == [
        (1, "一。", (1, 2)),
        (2, "二。", (2,)),
        (3, "三。", ()),
    ]
    assert made.source_numbers((citation("三。"), second, citation("知らない。"))) == (3, 2)


def test_findings_are_told_the_gravest_first() -> None:
    assert sheet(findings=(CAUTION, RED)).found_by(Check.STRENGTH, Check.FIGURES) == (RED, CAUTION)


def test_a_check_that_did_not_run_is_not_shown_as_passed() -> None:
    made = sheet(findings=(CAUTION, RED), checked=(Check.STRENGTH, Check.FIGURES, Check.COVERAGE))
    assert [sign_of(made, check) for check in (Check.FIGURES, Check.STRENGTH, Check.COVERAGE, Check.LENGTH)] == [
        "×",
        "△",
        "○",
        UNCHECKED,
    ]
    assert sign_of(sheet(paragraphs=()), Check.COVERAGE) == UNCHECKED
    told = {row["欄"]: row["結果"] for row in fields_of(made).rows["確認"]}
    assert list(told) == ["□漏れ", "□整合", "□数値時点", "□表現", "□協議"]
    assert told["□数値時点"].startswith("× 数値（第3段落）: 「百二十三人」は")
    assert "－ 約束・長さは確かめていません。" in told["□表現"]
    assert "との協議を確かめて" in told["□協議"]


def test_a_version_after_the_first_replaces_one() -> None:
    assert fields_of(sheet()).single["作成時刻"] == "令和8年11月26日 21時34分 作成"
    assert fields_of(sheet(version=2)).single["作成時刻"].endswith("差替え")


def test_what_is_not_known_is_said() -> None:
    fields = fields_of(sheet(item=Item(number=(), text="県政について"), day=None, contact="", paragraphs=(), office=""))
    assert {fields.single[name] for name in ("日", "質問者", "答弁者", "主担当課", "連絡先")} == {"（未定）"}
    assert fields.answer[0].startswith("【要確認】答弁の案がありません。")
    assert fields.single["通告番号"] == NOTHING


def test_the_head_stays_on_one_line() -> None:
    fields = fields_of(sheet(item=item(member="想定\n健", group="県民\tクラブ"), contact="内線\r\n1"))
    assert (fields.single["質問者"], fields.single["連絡先"]) == ("12番 想定 健 議員（県民 クラブ）", "内線 1")


def test_every_row_has_the_places_of_its_group() -> None:
    made = sheet(paragraphs=(paragraph("甲", citations=(citation(period=Period()),), changes=("「三」→「二」",)),))
    rows = fields_of(made).rows
    assert {group: {tuple(row) for row in rows[group]} for group in rows} == {
        group: {columns} for group, columns in COLUMNS.items()
    }
    assert rows["資料"][0]["時点"] == "時点不明（要確認）"
    assert rows["変更"] == ({"段落": "1", "内容": "「三」→「二」"},)


def test_a_past_answer_whose_stance_could_not_be_compared_is_for_a_person() -> None:
    rows = fields_of(sheet(past_answers=(past(0, None), past(1)))).rows["過去"]
    assert [row["差"] for row in rows] == ["要確認", "同"]


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2019, 4, 30), "平成31年4月30日"),
        (date(2019, 5, 1), "令和元年5月1日"),
        (date(1989, 1, 7), "昭和64年1月7日"),
        (date(1900, 1, 1), "1900年1月1日"),
    ],
)
def test_days_are_written_in_their_era(day: date, written: str) -> None:
    assert in_era(day) == written


def test_a_moment_is_written_in_its_own_zone() -> None:
    assert moment(MADE_AT + timedelta(hours=3)) == "令和8年11月27日 0時34分"


def test_file_names_are_each_once_and_fit_for_windows() -> None:
    sheets = (
        sheet(item=item(member='A/B:C*"<>|?\n#%\u202e')),
        sheet(item=item(member='A/B:C*"<>|?\n#%\u202e')),
        sheet(item=item(member="")),
        sheet(item=item(number=(), member="...")),
    )
    names = Overview(title="通告", made_at=MADE_AT, sheets=sheets).file_names
    assert names == ("001_問1(2)ア_A_B_C.docx", "002_問1(2)ア_A_B_C.docx", "003_問1(2)ア.docx", "004_答弁書.docx")


def test_a_remark_is_of_its_day_and_its_place_is_named_once() -> None:
    remark = citation(
        title="令和8年6月定例会",
        locator="令和8年6月定例会 6月17日 知事",
        period=Period(start=date(2026, 6, 17)),
        page=None,
    )
    [row] = fields_of(
        sheet(paragraphs=(paragraph("答えです。", citations=(remark,)),), follow_ups=(), past_answers=())
    ).rows["資料"]
    assert (row["時点"], row["出典"]) == ("令和8年6月17日", "令和8年6月定例会 6月17日 知事")


def test_what_a_person_should_know_of_the_draft_stands_before_its_changes() -> None:
    told = fields_of(sheet(notes=("確かめられなかった文を1文、外しました。",))).rows["変更"]
    assert told[0] == {"段落": "全体", "内容": "確かめられなかった文を1文、外しました。"}


def test_the_writer_without_a_language_model_is_named_for_people() -> None:
    assert fields_of(sheet(model="recut")).single["作成方法"] == "過去の答弁の文から（言語モデルなし）"
