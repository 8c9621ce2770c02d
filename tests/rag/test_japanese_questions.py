from __future__ import annotations

import pytest

from rag.japanese.questions import split_questions


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "年休は何日ありますか。病気休暇の申請先はどこですか。",
            ["年休は何日ありますか。", "病気休暇の申請先はどこですか。"],
        ),
        ("年休は何日？ 病気休暇の申請先は？", ["年休は何日？", "病気休暇の申請先は？"]),
        (
            "来月、東京へ出張します。日当は出ますか。宿泊費の上限を教えてください。",
            ["来月、東京へ出張します。日当は出ますか。", "来月、東京へ出張します。宿泊費の上限を教えてください。"],
        ),
    ],
)
def test_each_question_stands_alone_with_what_was_told_before(text: str, parts: list[str]) -> None:
    assert list(split_questions(text)) == parts


@pytest.mark.parametrize(
    "text",
    [
        "年休は何日ありますか。",
        "公用車で事故を起こしました。報告書はいつまでですか。",
        "副業の許可は何日前までに申請しますか。いつまでですか。",  # the second lives on the first
        "宿泊費と日当はそれぞれいくらですか。",
        "議長の「賛成の方は起立を願います。よろしいですか。」という発言は何のためですか。",
        "",
        "Aですか。" * 9,
    ],
)
def test_one_question_is_left_whole(text: str) -> None:
    assert split_questions(text) == ()


def test_more_questions_than_four_are_looked_for_together() -> None:
    four = "旅費の上限はいくらですか。公印の管守者は誰ですか。年休の日数は何日ですか。契約書の様式はどれですか。"
    assert len(split_questions(four)) == 4
    assert split_questions(four + "文書の保存年限は何年ですか。") == ()
