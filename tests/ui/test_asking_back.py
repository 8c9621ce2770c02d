"""Questions that are asked back and questions that lean on the one before, on the command line and on the page."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from rag.domain import AnswerStatus, Reader
from rag.errors import StorageError
from rag.wiring import open_home
from tests.ui.conftest import Kotae
from ui import shared_home
from ui.answering import ask, new_exchange

VAGUE = "手当はいくらですか。"
DAY = date(2026, 11, 25)
READER = Reader(user="local", name="この端末の管理者", reads_all=True)


def screen() -> None:
    from ui.views import ask

    ask.show()


@pytest.fixture(autouse=True)
def nothing_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_home, "_current", None)


def exchange(text: str) -> object:
    return new_exchange(text, conversation_id="k1", user="local", as_of=DAY, longest=2000)


def test_the_kinds_are_told_on_the_command_line_without_an_office(sample_home: Path, kotae: Kotae) -> None:
    ended = kotae("--home", sample_home, "ask", VAGUE, "--json")
    assert (ended.status, ended.value["status"]) == (0, "clarify")
    assert 2 <= len(ended.value["choices"]) <= 4
    assert all(choice.endswith("手当はいくらですか。") and choice != VAGUE for choice in ended.value["choices"])
    told = kotae("--home", sample_home, "ask", VAGUE).out
    assert "もう少し教えてください" in told
    assert f"  {ended.value['choices'][0]}" in told
    assert "お尋ね先" not in told


def test_a_question_before_is_given_on_the_command_line(sample_home: Path, kotae: Kotae) -> None:
    value = kotae("--home", sample_home, "ask", "様式は？", "--after", "旅費の精算はいつまでにしますか。", "--json").value
    assert value["read_as"] == "旅費の精算について、様式は何ですか。"
    assert value["read_as"] in kotae(
        "--home", sample_home, "ask", "様式は？", "--after", "旅費の精算はいつまでにしますか。"
    ).out
    assert kotae("--home", sample_home, "ask", "旅費の精算の様式は何ですか。", "--json").value["read_as"] == ""


def test_in_a_conversation_the_next_question_leans_on_the_last_and_is_not_asked_back_twice(own_sample: Path) -> None:
    home = open_home(own_sample)
    *_, first = ask(home, READER, exchange(VAGUE))
    assert first.status is AnswerStatus.CLARIFY
    *_, again = ask(home, READER, exchange(VAGUE))
    assert again.status is not AnswerStatus.CLARIFY
    *_, other = ask(home, READER, exchange("住居手当はいくらですか。"))
    *_, leaning = ask(home, READER, exchange("様式は？"))
    assert (other.read_as, leaning.read_as) == ("", "住居手当について、様式は何ですか。")


def test_where_the_conversation_cannot_be_read_a_question_is_asked_alone(
    own_sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = open_home(own_sample)

    def refuse(*_given: object, **_more: object) -> None:
        raise StorageError("journal.sqlite3: 読めません。")

    monkeypatch.setattr(home.journal, "exchanges", refuse)
    *_, answer = ask(home, READER, exchange("住居手当はいくらですか。"))
    assert answer.status is AnswerStatus.ANSWERED


def test_a_kind_that_is_pressed_is_asked(own_sample: Path) -> None:
    shared_home.share(own_sample, None)
    app = AppTest.from_function(screen, default_timeout=120).run()
    app.chat_input(key="question").set_value(VAGUE).run()
    [first, *_] = [button for button in app.button if str(button.key).startswith("choice-")]
    first.click().run()
    assert not app.exception
    shown = "\n".join(each.proto.body for each in app.get("html"))
    assert f"</span>{first.label}</h2>" in shown
    assert "問い合わせ先" in shown
