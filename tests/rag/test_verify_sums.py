"""Figures that a sentence works out of those of its source: right ones stand, wrong ones and others are found out."""

from __future__ import annotations

import pytest

from rag.domain import Problem
from rag.verify import verify
from tests.builders import evidence, question, sentence

TEXT = (
    "令和7年度の申請は、窓口が300件、郵送が120件、電子申請が180件であった。\n"
    "補助金は、甲地区に1,200万円、乙地区に800万円を交付した。前年度は、甲地区に1,000万円を交付した。\n"
    "電子申請の利用率は28.6％である。"
)
COUNTS, GRANTS, RATE = (
    "窓口が300件、郵送が120件、電子申請が180件であった",
    "甲地区に1,200万円、乙地区に800万円を交付した。前年度は、甲地区に1,000万円を交付した",
    "電子申請の利用率は28.6％である",
)


def problems(text: str, quote: str) -> tuple[Problem, ...]:
    [checked] = verify(
        [sentence(text, quote=quote)], [evidence(1, TEXT)], question("申請と補助金の状況を教えてください。")
    )
    return checked.problems


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("申請は、窓口、郵送、電子申請の合計で600件でした。", COUNTS),
        ("窓口の300件と郵送の120件を合わせると、420件です。", COUNTS),
        ("窓口の300件、郵送の120件と電子申請の180件を合わせると、600件です。", COUNTS),
        ("窓口の申請は、郵送より180件多く、電子申請との差は120件です。", COUNTS),
        ("補助金は、甲地区と乙地区を合わせて2,000万円です。", GRANTS),
        ("甲地区と乙地区の補助金の差は、400万円です。", GRANTS),
        ("甲地区の補助金は、前年度に比べて20％増えました。", GRANTS),
        ("甲地区の補助金は、前年度の1.2倍です。", GRANTS),
        ("郵送の120件は、窓口の300件の40％に当たります。", COUNTS),
        ("電子申請の利用率は約3割です。", RATE),
    ],
)
def test_what_is_worked_out_rightly_stands(text: str, quote: str) -> None:
    assert problems(text, quote) == ()


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("申請は、窓口、郵送、電子申請の合計で610件でした。", COUNTS),
        ("窓口の300件と郵送の120件を合わせると、480件です。", COUNTS),
        ("窓口の300件と郵送の120件を合わせると、180件です。", COUNTS),
        ("申請は、窓口で420件でした。", COUNTS),
        ("補助金は、甲地区と乙地区を合わせて2,100万円です。", GRANTS),
        ("補助金は、甲地区に2,000万円です。", GRANTS),
        ("甲地区と乙地区の補助金の差は、500万円です。", GRANTS),
        ("甲地区の補助金は、前年度に比べて30％増えました。", GRANTS),
        ("甲地区の補助金は、前年度の1.4倍です。", GRANTS),
        ("郵送の120件は、窓口の300件の45％に当たります。", COUNTS),
        ("電子申請の利用率は約4割です。", RATE),
        ("電子申請の利用率は30％です。", RATE),
    ],
)
def test_wrong_arithmetic_and_figures_of_no_sum_are_found_out(text: str, quote: str) -> None:
    assert Problem.FIGURE_NOT_IN_SOURCE in problems(text, quote)
