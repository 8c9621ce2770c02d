"""Approved answers on the command line and on the page: who may approve, who sees them, and when they are shown no more."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from rag.domain import Answer, Reader
from rag.journal import Exchange
from rag.safety.directory import find_reader
from rag.wiring import Home, open_home
from tests.ui.conftest import CAR, Kotae
from ui import shared_home
from ui.answering import ask, new_exchange

DIRECTORY = (
    "user,name,department,groups,max_level,role\n"
    "ryohi,旅費係員,総務部給与旅費課,,1,editor\n"
    "jinji,服務係員,総務部人事課,,1,editor\n"
    "shokuin,職員,総務部人事課,,1,staff\n"
)
AGAIN = "自家用車で出張したときの車賃は、１キロメートルいくらでしょうか"
LABEL = "所管課が確認した回答（総務部給与旅費課、"


def screen() -> None:
    from ui.views import ask

    ask.show()


@pytest.fixture(autouse=True)
def nothing_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_home, "_current", None)


@pytest.fixture
def staffed(own_sample: Path) -> Path:
    (own_sample / "directory.csv").write_text(DIRECTORY, encoding="utf-8")
    return own_sample


def reader_named(home: Home, user: str) -> Reader:
    return find_reader(home.path, user, levels=home.settings.levels.order)


def asked(path: Path, user: str, text: str = CAR) -> Exchange:
    """A question that a user asked on the page, kept with its answer."""
    home = open_home(path)
    exchange = new_exchange(text, conversation_id=f"k-{user}", user=user, as_of=date(2026, 11, 23), longest=2000)
    *_, answer = ask(home, reader_named(home, user), exchange)
    assert isinstance(answer, Answer)
    return home.journal.exchange(exchange.id)


def opened(path: Path, user: str) -> AppTest:
    """The screen 質問 with this user's conversation open."""
    shared_home.share(path, user)
    app = AppTest.from_function(screen, default_timeout=60).run()
    app.session_state["kotae"].reader = shared_home.shared_home().reader()
    exchanges = open_home(path).journal.exchanges(f"k-{user}", user=user)
    app.session_state["kotae"].go_on(f"k-{user}", exchanges)
    return app.run()


def drawn(app: AppTest) -> str:
    assert not app.exception
    return "\n".join(each.proto.body for each in app.get("html"))


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def test_an_answer_approved_on_the_command_line_comes_first_when_the_same_is_asked(staffed: Path, kotae: Kotae) -> None:
    exchange = asked(staffed, "shokuin")
    done = kotae("--home", staffed, "--as", "ryohi", "--json", "answers", "approve", exchange.id)
    assert (done.status, done.value["department"], done.value["question"]) == (0, "総務部給与旅費課", CAR)
    value = kotae("--home", staffed, "--as", "shokuin", "--json", "ask", AGAIN, "--as-of", "2026-11-23").value
    assert value["approved"]["exchange_id"] == exchange.id
    assert value["approved"]["citations"][0]["quote"]
    assert value["status"] == "answered"
    told = kotae("--home", staffed, "--as", "shokuin", "ask", AGAIN, "--as-of", "2026-11-23").out
    assert told.startswith(f"【{LABEL}")
    assert told.index(LABEL) < told.index("■ いま作った回答") < told.index("【答えました】")
    other = kotae("--home", staffed, "--as", "shokuin", "--json", "ask", "夏季休暇は何日取れますか。").value
    assert other["approved"] is None


def test_approved_answers_are_listed_and_can_be_withdrawn(staffed: Path, kotae: Kotae) -> None:
    assert "まだありません" in kotae("--home", staffed, "--as", "ryohi", "answers").out
    exchange = asked(staffed, "shokuin")
    kotae("--home", staffed, "--as", "ryohi", "answers", "approve", exchange.id)
    [row] = kotae("--home", staffed, "--as", "shokuin", "--json", "answers").value
    assert (row["exchange_id"], row["approved_by"], row["stands"]) == (exchange.id, "ryohi", True)
    listed = kotae("--home", staffed, "--as", "shokuin", "answers").out
    assert exchange.id in listed
    assert "示しています" in listed
    assert kotae("--home", staffed, "--as", "ryohi", "answers", "withdraw", exchange.id).status == 0
    assert kotae("--home", staffed, "--as", "ryohi", "--json", "answers").value == []
    assert kotae("--home", staffed, "--json", "--as", "shokuin", "ask", AGAIN).value["approved"] is None


@pytest.mark.parametrize(
    ("user", "action", "told"),
    [
        ("shokuin", "approve", "回答を承認する権限がありません"),
        ("jinji", "approve", "出典を所管していないため"),
        ("shokuin", "withdraw", "承認を取り消す権限がありません"),
        ("ryohi", "withdraw", "承認されていません"),
    ],
)
def test_who_may_not_is_told_in_one_line(staffed: Path, kotae: Kotae, user: str, action: str, told: str) -> None:
    exchange = asked(staffed, "shokuin")
    ended = kotae("--home", staffed, "--as", user, "answers", action, exchange.id)
    assert ended.status == 1
    assert told in ended.complaint


def test_an_unknown_number_is_told(staffed: Path, kotae: Kotae) -> None:
    ended = kotae("--home", staffed, "--as", "ryohi", "answers", "approve", "0123")
    assert "質問の記録 0123: 見つかりません" in ended.complaint


def test_the_local_administrator_approves_for_the_office_that_keeps_the_source(own_sample: Path, kotae: Kotae) -> None:
    home = open_home(own_sample)
    exchange = new_exchange(CAR, conversation_id="k1", user="local", as_of=date(2026, 11, 23), longest=2000)
    list(ask(home, find_reader(own_sample, None, levels=home.settings.levels.order), exchange))
    approved = kotae("--home", own_sample, "--json", "answers", "approve", exchange.id).value
    assert approved["department"] == "総務部給与旅費課"


def test_the_button_is_there_for_who_may_and_turns_into_the_way_back(staffed: Path) -> None:
    asked(staffed, "ryohi")
    app = opened(staffed, "ryohi")
    button = next(each for each in app.button if each.label == "承認する")
    app = button.click().run()
    assert "この回答は承認されています（総務部給与旅費課、" in drawn(app)
    assert "承認する" not in labels(app)
    button = next(each for each in app.button if each.label == "承認を取り消す")
    app = button.click().run()
    assert "この回答は承認されています" not in drawn(app)
    assert "承認する" in labels(app)


@pytest.mark.parametrize("user", ["shokuin", "jinji"])
def test_who_may_not_approve_sees_no_button(staffed: Path, user: str) -> None:
    exchange = asked(staffed, user)
    app = opened(staffed, user)
    assert CAR in drawn(app)
    assert not {"承認する", "承認を取り消す"} & set(labels(app))
    home = open_home(staffed)
    home.approvals(reader_named(home, "ryohi")).approve(exchange.id)
    app = opened(staffed, user)
    assert "この回答は承認されています" in drawn(app)
    assert not {"承認する", "承認を取り消す"} & set(labels(app))


def test_an_approved_answer_is_drawn_before_the_new_one_until_it_is_withdrawn(staffed: Path) -> None:
    home, first = open_home(staffed), asked(staffed, "ryohi")
    approvals = home.approvals(reader_named(home, "ryohi"))
    approvals.approve(first.id)
    second = asked(staffed, "shokuin", AGAIN)
    assert second.answer is not None
    assert second.answer.approved is not None
    app = opened(staffed, "shokuin")
    told = drawn(app)
    assert told.index(LABEL) < told.index("いま作った回答") < told.index('kotae-good">答えました')
    cited = next(each for each in app.button if each.key == f"approved-cite-{second.id}-1")
    assert "kotae-place" in drawn(cited.click().run())
    approvals.withdraw(first.id)
    told = drawn(opened(staffed, "shokuin"))
    assert LABEL not in told
    assert 'kotae-good">答えました' in told


def test_a_question_that_cannot_be_approved_says_why_beside_its_button(staffed: Path) -> None:
    asked(staffed, "ryohi", "現在、自家用車で出張したときの車賃は1キロメートルいくらですか。")
    app = opened(staffed, "ryohi")
    app = next(each for each in app.button if each.label == "承認する").click().run()
    assert "意味が変わる語があるため、承認できません" in drawn(app)
