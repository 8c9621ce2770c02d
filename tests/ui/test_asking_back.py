"""Questions that are asked back and questions that lean on the one before, on the command line and on the page."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from rag.assistant.clarify import to_choose
from rag.domain import AnswerStatus, Question, Reader
from rag.errors import StorageError
from rag.wiring import open_home
from tests.ui.conftest import Kotae
from ui import shared_home
from ui.answering import ask, new_exchange

CASES = Path(__file__).parents[1] / "cases" / "conversations" / "vague.jsonl"
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
    value = kotae(
        "--home", sample_home, "ask", "様式は？", "--after", "旅費の精算はいつまでにしますか。", "--json"
    ).value
    assert value["read_as"] == "旅費の精算について、様式は何ですか。"
    assert (
        value["read_as"]
        in kotae("--home", sample_home, "ask", "様式は？", "--after", "旅費の精算はいつまでにしますか。").out
    )
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
    [chosen, *_] = app.session_state["kotae"].exchanges[-1].answer.choices
    first.click().run()
    assert not app.exception
    shown = "\n".join(each.proto.body for each in app.get("html"))
    assert f"</span>{chosen}</h2>" in shown
    assert "問い合わせ先" in shown


def test_of_questions_by_somebody_who_had_not_seen_the_code_no_clear_one_is_asked_back(sample_home: Path) -> None:
    home = open_home(sample_home)
    asked_back = {True: 0, False: 0}
    for line in CASES.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        asked = Question(text=case["question"], as_of=DAY, reader=READER)
        asked_back[case["vague"]] += bool(to_choose(asked.text, home.retriever.search(asked, limit=25).hits))
    assert asked_back[False] == 0
    assert asked_back[True] >= 10  # of 50; 5 at first sight


def test_what_is_chosen_is_answered(sample_home: Path, kotae: Kotae) -> None:
    choices = kotae("--home", sample_home, "ask", "決裁は誰ですか。", "--json").value["choices"]
    assert any("第" in choice and "条（" in choice for choice in choices)
    for choice in choices:
        assert kotae("--home", sample_home, "ask", choice, "--json").value["status"] in ("answered", "partial"), choice
