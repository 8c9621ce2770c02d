"""The card of a learned order on the screen 評価."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from rag.ranking.card import write_ranker
from rag.ranking.linear import LinearOrder
from rag.wiring import open_home
from tests.rag.test_ranking import BY_LENGTH, card
from ui import shared_home


def screen() -> None:
    from ui.views import evaluation

    evaluation.show()


@pytest.fixture
def shared(new_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(shared_home, "_current", shared_home.SharedHome(new_home, None))
    return new_home


def shown() -> str:
    app = AppTest.from_function(screen, default_timeout=60).run()
    assert not app.exception
    return "".join(each.proto.body for each in app.get("html"))


@pytest.mark.usefixtures("shared")
def test_before_anything_is_learned_the_screen_says_so() -> None:
    assert "まだ学習していません" in shown()


def test_the_card_shows_gain_interval_questions_and_sources(shared: Path) -> None:
    maker = open_home(shared).order.maker
    write_ranker(shared / "ranker.json", card(embedder=maker.embedder, fusion=maker.fusion), LinearOrder.of(BY_LENGTH))
    text = shown()
    for part in (
        "使っています",
        "+0.050（95%の区間 +0.020〜+0.080）",
        "300問",
        "0.400 → 0.450",
        "faq 300問",
        maker.embedder,
    ):
        assert part in text
    assert "学習し直して" not in text


def test_a_card_that_does_not_fit_is_shown_with_the_remedy(shared: Path) -> None:
    write_ranker(shared / "ranker.json", card(embedder="前のモデル"), LinearOrder.of(BY_LENGTH))
    text = shown()
    assert "埋め込みのモデルが変わったため、使っていません" in text
    assert "kotae eval train-ranker --remove" in text
