"""Why something was found: legs in one order, bars that can be compared, what a near-miss lacks, and legs nobody knows."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path

import pytest

from rag.domain import Hit, Kind, SearchResult
from tests.builders import chunk
from tests.ui.conftest import TODAY, Kotae
from ui.explaining import behind, best_scores, lacks, readings
from ui.shapes import explained_json
from ui.words import search as words


def hit(
    locator: str, score: float, *, kind: Kind = Kind.RULES, labels: dict[str, str] | None = None, **legs: float
) -> Hit:
    found = chunk("定額とする。", locator=locator, kind=kind, labels=labels)
    finders = tuple(leg for leg in legs if leg not in ("coverage", "remark"))
    return Hit(chunk=found, title=found.title, score=score, found_by=finders, leg_scores=legs)


def test_legs_come_in_the_order_of_reading_and_unknown_ones_last() -> None:
    best = best_scores(
        [hit("第1条", 0.5, zebra=1, vectors=0.4, words=3), hit("第2条", 0.4, words=5, reference=1, alpha=2)]
    )
    assert best == {"reference": 1, "words": 5, "vectors": 0.4, "alpha": 2, "zebra": 1}
    assert list(best) == ["reference", "words", "vectors", "alpha", "zebra"]


def test_a_bar_is_a_part_of_the_best_and_a_share_is_itself() -> None:
    first, second = hit("第1条", 0.5, words=8, coverage=0.6), hit("第2条", 0.4, words=2, vectors=-0.1)
    told = {each.leg: each for each in readings(second, best_scores([first, second]))}
    assert (told["words"].score, told["words"].share) == (2, 0.25)
    assert (told["coverage"].score, told["coverage"].share) == (None, 0)
    assert told["vectors"].share == 0
    assert [each.share for each in readings(first, best_scores([first, second]))] == [1, 0, 0.6]


@pytest.mark.parametrize("score", [math.nan, math.inf, -math.inf, -3.0, 0.0, 1e308])
def test_no_score_breaks_a_bar(score: float) -> None:
    odd = hit("第1条", 0.5, words=score, fresh=score)
    for each in readings(odd, best_scores([odd, hit("第2条", 0.4, words=1)])):
        assert 0 <= each.share <= 1
        assert words.score(each.leg, score)


def test_a_near_miss_lacks_what_the_last_hit_has_more_of() -> None:
    last = hit("第1条", 0.5, reference=1, words=8, characters=20, coverage=0.9)
    near = hit("第2条", 0.4, words=7, characters=5, coverage=0.9, vectors=0.7)
    found = lacks(near, last, best_scores([last, near]))
    assert [(each.leg, each.score, each.other) for each in found] == [
        ("reference", None, 1),
        ("characters", 5, 20),
        ("words", 7, 8),
    ]
    (told,) = behind(SearchResult(hits=(last,), near_misses=(near,), audiences=1))
    assert told == "1位より低い点: 条番号 見つけず＜1.00、文字 5.00＜20.00、語 7.00＜8.00"


@pytest.mark.parametrize(
    ("near", "told"),
    [
        (hit("第2条", 0.499, words=8.001), "点の差はわずかです"),
        (hit("第2条", 0.3, words=8), "ほかの調整で順位が下がっています"),
        (hit("第2条", 0.3, words=9, kind=Kind.MINUTES, labels={"role": "member"}), "議員の質問なので"),
        (hit("第2条", 0.3, words=9, kind=Kind.MINUTES, labels={"procedure": "yes"}), "議事の進行を述べた部分なので"),
        (hit("第2条", 0.3, words=9, kind=Kind.MINUTES, labels={"role": "official"}), "ほかの調整で"),
    ],
)
def test_a_near_miss_that_lacks_no_leg_says_why_it_stands_below(near: Hit, told: str) -> None:
    (line,) = behind(SearchResult(hits=(hit("第1条", 0.5, words=8),), near_misses=(near,)))
    assert line.startswith("1位と比べて: ")
    assert told in line


def test_a_difference_that_cannot_be_seen_is_not_named() -> None:
    last, near = hit("第1条", 0.5, words=8.004, vectors=0.5), hit("第2条", 0.4, words=8.001, vectors=0.4)
    assert [each.leg for each in lacks(near, last, best_scores([last, near]))] == ["vectors"]


def test_without_hits_there_is_nothing_to_compare_with() -> None:
    assert behind(SearchResult(hits=())) == []
    assert explained_json(SearchResult(hits=())) == {"near_misses": [], "coverage": 0.0, "audiences": 0}


def test_a_leg_that_nobody_knows_is_shown_under_its_own_name() -> None:
    value = {
        "hits": [
            {
                "rank": 1,
                "score": 0.5,
                "title": "旅費条例",
                "locator": "第1条",
                "kind": "rules",
                "text": "本文",
                "effective_from": None,
                "effective_to": None,
                "found_by": ["graph", "words"],
                "legs": {"graph": 1.0, "words": 2.0},
            }
        ],
        "near_misses": [],
        "coverage": 0.5,
        "audiences": 1,
    }
    assert "語 2.00、graph 1.00" in words.hits_text(value, today=date.fromisoformat(TODAY))
    assert "どれも見つけなかった手がかり: 条番号・文字・ベクトル" in words.hits_text(
        value, today=date.fromisoformat(TODAY)
    )


def test_explain_says_in_words_which_leg_gave_what(sample_home: Path, kotae: Kotae) -> None:
    asked = ("--home", sample_home, "search", "旅費条例第16条の車賃", "--top", "2", "--as-of", TODAY)
    lines = kotae(*asked, "--explain").out.splitlines()
    assert lines[0].startswith(" 1. ")
    assert lines[0].endswith("職員の旅費に関する条例 第16条（規程、2026-04-01〜）")
    assert lines[1].strip().startswith("条番号 1.00、語 ")
    assert "質問の語の割合 " in lines[1]
    assert "その条を施行する定め 1.00" in lines[4]
    assert "見つけず: 条番号" in lines[4]
    line = lines.index("― 次点（もう少しで入らなかったもの） ―")
    assert lines[line + 1].startswith(" 3. ")
    assert lines[line + 3].strip().startswith("2位")
    assert lines[-1].startswith("4つの閲覧範囲から2件（ほかに次点5件）。")
    plain = kotae(*asked).out
    assert "次点" not in plain
    assert "（条番号・語・文字・ベクトル）" in plain
    before = kotae(*asked[:-1], "2025-06-01").out.splitlines()
    assert before[0].endswith("第16条（2026-03-31まで。条番号・語・文字・ベクトル）"), "not in force today"


def test_the_json_of_explain_keeps_its_fields_and_says_what_is_lacking(sample_home: Path, kotae: Kotae) -> None:
    asked = ("--home", sample_home, "search", "宿泊税", "--top", "3", "--as-of", TODAY, "--json")
    value = kotae(*asked, "--explain").value
    assert value.keys() == {"hits", "near_misses", "coverage", "audiences", "warnings"}
    assert value["audiences"] == 4
    for near in value["near_misses"]:
        assert near["lacking"].keys() <= value["hits"][-1]["legs"].keys()
        assert all(difference > 0 for difference in near["lacking"].values())
    assert kotae(*asked).value.keys() == {"hits", "warnings"}
