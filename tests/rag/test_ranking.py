"""A learned order: what it sees, when it is used, and that nothing of it is a text."""

from __future__ import annotations

import json
import statistics
import time
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rag.domain import Hit, Kind
from rag.errors import HomeError
from rag.ranking.card import Card, Gain, Maker, read_ranker, write_ranker
from rag.ranking.features import FEATURES, FEATURES_VERSION, measure
from rag.ranking.learned import LearnedOrder, Standing
from rag.ranking.linear import LinearOrder
from tests.builders import chunk

QUESTION = "宿泊手当の額はいくらですか"
MAKER = Maker(embedder="chive", fusion="f")
BY_LENGTH: dict[str, Any] = {
    "prior": 9.0,
    "mean": [20.0 if name == "text_characters" else 0.0 for name in FEATURES],
    "spread": [0.5 if name == "text_characters" else 1.0 for name in FEATURES],
    "weights": [2.0 if name == "text_characters" else 0.0 for name in FEATURES],
}
"""Beside the order as fused, four for each character of a text beyond 20."""
OF_TREES = {"roots": [0], "feature": [0], "threshold": [0.0], "left": [0], "right": [0], "value": [1.0]}
"""What stood in the file while an order was made of trees, under `trees`."""


def hit(text: str, score: float, **legs: float) -> Hit:
    found = chunk(text, title="旅費の手引", document=text, kind=Kind.FAQ)
    return Hit(chunk=found, title=found.title, score=score, leg_scores=legs)


HITS = (
    hit("宿泊手当は一夜につき二千四百円です。", 0.9, words=9.0, vectors=0.5, coverage=0.8),
    hit("日当は廃止しました。宿泊手当の額は、地域と職により違います。", 0.4, words=3.0, characters=5.0, coverage=0.4),
    hit("車賃は二十五円です。", 0.2, vectors=0.1),
)


def column(name: str, hits: tuple[Hit, ...] = HITS) -> list[float]:
    values: list[float] = measure(QUESTION, hits)[:, FEATURES.index(name)].round(3).tolist()
    return values


def card(**changes: Any) -> Card:
    values: dict[str, Any] = {
        "made_at": datetime(2026, 11, 26, tzinfo=UTC),
        "measure": "ndcg@10",
        "overall": Gain(n=300, baseline=0.4, learned=0.45),
        "low": 0.02,
        "high": 0.08,
        "groups": 200,
        "folds": 5,
        "sources": {"faq": Gain(n=300, baseline=0.4, learned=0.45)},
        "features": FEATURES_VERSION,
        "embedder": "chive",
        "fusion": "f",
        "index_version": "4",
    }
    return Card(**{**values, **changes})


def order(folder: Path, *, is_on: bool = True, maker: Maker = MAKER, **changes: Any) -> LearnedOrder:
    write_ranker(folder / "ranker.json", card(**changes), LinearOrder.of(BY_LENGTH))
    return LearnedOrder(folder / "ranker.json", maker, is_on=is_on)


def shorter(table: dict[str, Any]) -> dict[str, Any]:
    """An order over one feature less."""
    return {name: column[1:] if isinstance(column, list) else column for name, column in table.items()}


# --- features ----------------------------------------------------------------------------------------


def test_the_columns_stand_in_an_order_that_the_version_fixes() -> None:
    """Whoever changes this list raises FEATURES_VERSION."""
    digest = sha256(" ".join(FEATURES).encode()).hexdigest()[:8]
    assert (FEATURES_VERSION, len(FEATURES), len(set(FEATURES)), digest) == (1, 48, 48, "4016a4c1")
    assert FEATURES[:4] == ("words_score", "words_scaled", "words_rank", "words_found")
    assert FEATURES[16:26] == (
        *("coverage_score", "coverage_scaled", "topic_score", "topic_scaled", "remark_score", "remark_scaled"),
        *("fused_score", "fused_share", "fused_rank", "legs_found"),
    )
    assert FEATURES[-2:] == ("asks", "procedure")


def test_each_leg_is_seen_by_score_scale_rank_and_whether_it_found() -> None:
    assert column("words_score") == [9.0, 3.0, 0.0]
    assert column("words_scaled") == [1.0, 0.0, 0.0]
    assert column("words_rank") == [1.0, 0.5, 0.0]
    assert column("vectors_found") == [1.0, 0.0, 1.0]
    assert column("legs_found") == [2.0, 2.0, 1.0]
    assert column("coverage_scaled") == [1.0, 0.5, 0.0]
    assert column("fused_share") == [1.0, 0.444, 0.222]


def test_the_words_of_the_question_are_looked_for_in_title_and_text() -> None:
    assert column("words_in_text")[0] > column("words_in_text")[2] == 0.0
    assert column("rare_words_in_text")[1] > column("rare_words_in_text")[0], "額 stands in one text only"
    titled = replace(HITS[2], title="宿泊手当")
    assert column("title_in_question", (HITS[0], titled)) == [0.0, 1.0]


def test_a_leg_that_nobody_knew_changes_nothing() -> None:
    more = tuple(replace(each, leg_scores={**each.leg_scores, "sentences": 7.0}) for each in HITS)
    assert np.array_equal(measure(QUESTION, more), measure(QUESTION, HITS))


@pytest.mark.parametrize("question", ["", "？", QUESTION])
def test_any_question_and_any_number_of_hits_has_finite_numbers(question: str) -> None:
    for hits in ((), HITS[:1], (replace(HITS[0], score=0.0, leg_scores={}, title=""),), HITS):
        features = measure(question, hits)
        assert features.shape == (len(hits), len(FEATURES))
        assert np.isfinite(features).all()


# --- use ---------------------------------------------------------------------------------------------


def test_the_hits_change_places_and_the_scores_stay_in_order(tmp_path: Path) -> None:
    found = order(tmp_path).reorder(QUESTION, HITS)
    assert [each.chunk.text[:2] for each in found] == ["日当", "宿泊", "車賃"]
    assert [each.score for each in found] == [0.9, 0.4, 0.2]
    extra = [4 * (len(each.chunk.text) - 20) for each in found]
    assert [each.leg_scores["learned"] for each in found] == pytest.approx([4 + extra[0], 9 + extra[1], 2 + extra[2]])
    assert order(tmp_path).reorder(QUESTION, ()) == []


@pytest.mark.parametrize(
    ("changes", "standing"),
    [
        ({}, Standing.IN_USE),
        ({"features": FEATURES_VERSION + 1}, Standing.OTHER_FEATURES),
        ({"embedder": "e5"}, Standing.OTHER_EMBEDDER),
        ({"fusion": "g"}, Standing.OTHER_FUSION),
        ({"low": 0.0}, Standing.UNPROVEN),
        ({"index_version": "9"}, Standing.IN_USE),
        ({"is_on": False}, Standing.OFF),
    ],
)
def test_it_is_used_only_while_its_card_fits(tmp_path: Path, changes: dict[str, Any], standing: Standing) -> None:
    own = order(tmp_path, **changes)
    assert own.find().standing is standing
    is_used = own.reorder(QUESTION, HITS) != list(HITS)
    assert is_used is (standing is Standing.IN_USE)


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: "{",
        lambda _: "[]",
        lambda body: json.dumps({**body, "card": {**body["card"], "low": "高い"}}),
        lambda body: json.dumps({**body, "order": {}}),
        lambda body: json.dumps({**body, "order": BY_LENGTH | {"prior": [9.0]}}),
        lambda body: json.dumps({**body, "order": BY_LENGTH | {"prior": float("nan")}}),
        lambda body: json.dumps({**body, "order": BY_LENGTH | {"weights": 2.0}}),
        lambda body: json.dumps({**body, "order": BY_LENGTH | {"weights": BY_LENGTH["weights"][1:]}}),
        lambda body: json.dumps({**body, "order": BY_LENGTH | {"weights": ["重い", *BY_LENGTH["weights"][1:]]}}),
        lambda body: json.dumps({**body, "order": BY_LENGTH | {"mean": [float("inf"), *BY_LENGTH["mean"][1:]]}}),
        lambda body: json.dumps({**body, "order": BY_LENGTH | {"spread": [0.0, *BY_LENGTH["spread"][1:]]}}),
        lambda body: json.dumps({**body, "order": shorter(BY_LENGTH)}),
        lambda body: json.dumps({"card": body["card"], "trees": OF_TREES}),
    ],
)
def test_a_damaged_file_is_not_used_and_search_goes_on(tmp_path: Path, damage: Any) -> None:
    own = order(tmp_path)
    own.path.write_text(damage(json.loads(own.path.read_text(encoding="utf-8"))), encoding="utf-8")
    assert own.find().standing is Standing.BROKEN
    assert own.reorder(QUESTION, HITS) == list(HITS)


def test_what_is_learned_or_removed_meanwhile_counts_at_once(tmp_path: Path) -> None:
    own = LearnedOrder(tmp_path / "ranker.json", MAKER, is_on=True)
    assert (own.find().standing, own.reorder(QUESTION, HITS)) == (Standing.NONE, list(HITS))
    order(tmp_path)
    assert own.reorder(QUESTION, HITS) != list(HITS)
    assert (own.remove(), own.remove()) == (True, False)
    assert own.reorder(QUESTION, HITS) == list(HITS)


def test_an_order_over_another_number_of_features_is_of_another_version_not_broken(tmp_path: Path) -> None:
    own = LearnedOrder(tmp_path / "ranker.json", MAKER, is_on=True)
    write_ranker(own.path, card(features=FEATURES_VERSION + 1), LinearOrder.of(shorter(BY_LENGTH)))
    assert own.find().standing is Standing.OTHER_FEATURES


def test_card_and_order_are_read_back_as_written(tmp_path: Path) -> None:
    own = order(tmp_path)
    read, linear = read_ranker(own.path)
    assert read == card()
    assert linear.as_json() == LinearOrder.of(BY_LENGTH).as_json()


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(HomeError, match="書けません"):
        write_ranker(tmp_path / "nowhere" / "ranker.json", card(), LinearOrder.of(BY_LENGTH))


def test_fifty_candidates_are_ranked_within_five_milliseconds(tmp_path: Path) -> None:
    texts = [f"第{number}号の宿泊手当は、" + "地域と職により、別に定める額を支給する。" * 8 for number in range(50)]
    hits = [hit(text, 1 - place / 50, words=50.0 - place, vectors=0.5) for place, text in enumerate(texts)]
    own = order(tmp_path)
    spent = []
    for _ in range(20):
        started = time.thread_time()
        own.reorder(QUESTION, hits)
        spent.append(time.thread_time() - started)
    assert statistics.median(spent) < 0.005
