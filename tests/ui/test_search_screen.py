"""The screen 検索 run by Streamlit's own test runner: who sees reasons, what is marked, legs that nobody knows, rights."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from rag.domain import Hit, Period, Question, SearchResult
from rag.japanese.synonyms import Synonyms
from rag.wiring import open_home
from tests.builders import chunk
from tests.ui.conftest import Kotae, copy_home
from ui import shared_home

ALLOWANCE = "日当はいくらですか"
DIRECTORY = "user,name,department,groups,max_level,role\nshokuin,職員,総務部,,1,staff\ndx,DX,情報政策課,,1,dx\n"
REASON = 'class="kotae-legs"'


def screen() -> None:
    from ui.views import search

    search.show()


@pytest.fixture(autouse=True)
def nothing_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_home, "_current", None)


@pytest.fixture
def staffed(sample_home: Path, tmp_path: Path) -> Path:
    home = tmp_path / "home"
    copy_home(sample_home, home)
    (home / "directory.csv").write_text(DIRECTORY, encoding="utf-8")
    return home


def searched(home: Path, text: str, *, user: str | None = None, as_of: date | None = None) -> AppTest:
    shared_home.share(home, user)
    app = AppTest.from_function(screen, default_timeout=60).run()
    return search(app, text, as_of=as_of)


def search(app: AppTest, text: str, *, as_of: date | None = None) -> AppTest:
    app.text_input(key="search-text-0").set_value(text)
    if as_of:
        app.date_input(key="search-day-0").set_value(as_of)
    app.button[0].click().run()
    assert not app.exception
    return app


def drawn(app: AppTest) -> str:
    return "\n".join(each.proto.body for each in app.get("html"))


def test_everybody_may_search_and_reasons_are_shown_by_role_or_by_choice(staffed: Path) -> None:
    app = searched(staffed, ALLOWANCE, user="shokuin")
    assert "日当" in drawn(app)
    assert REASON not in drawn(app)
    assert "位より低い点" not in drawn(app)
    app.toggle[0].set_value(True).run()
    assert REASON in drawn(app)
    assert "位より低い点" in drawn(app)
    app = searched(staffed, ALLOWANCE, user="dx")
    assert REASON in drawn(app)
    app.toggle[0].set_value(False).run()
    assert REASON not in drawn(app)
    search(app, "宿泊手当")
    assert REASON not in drawn(app)


def test_who_may_read_nothing_is_told_whom_to_ask(new_home: Path) -> None:
    app = searched(new_home, ALLOWANCE)
    assert "あなたが閲覧できる文書が、まだありません。" in drawn(app)


def test_an_older_text_is_marked_only_on_a_day_that_selects_it(sample_home: Path) -> None:
    assert "改正される前の版" not in drawn(searched(sample_home, ALLOWANCE))
    app = searched(sample_home, ALLOWANCE, as_of=date(2025, 6, 1))
    assert "2026-04-01に改正される前の版" in drawn(app)
    assert "令和7年6月1日（2025-06-01）に施行されている規定をさがしています。" in drawn(app)


def test_nothing_typed_and_nothing_found_say_what_can_be_done(sample_home: Path) -> None:
    app = searched(sample_home, "  ")
    assert "さがすことを書いて" in drawn(app)
    app.text_input(key="search-post-0").set_value("議会局長")
    search(app, ALLOWANCE)
    assert "時点・種類・発言の条件をゆるめる" in drawn(app)
    app.button(key="search-widen").click().run()
    assert app.text_input(key="search-post-1").value == ""
    assert app.text_input(key="search-text-1").value == ALLOWANCE
    assert "kotae-hit" in drawn(app)


@pytest.mark.parametrize(
    ("field", "text", "told"),
    [
        ("sitting", "きのうの会", "会議「きのうの会」を読み取れません"),
        ("since", "そのうち", "時期「そのうち」を読み取れません"),
        ("text", "旅費" * 5_000, "質問が長すぎます"),
    ],
)
def test_what_cannot_be_read_is_named_and_kept(sample_home: Path, field: str, text: str, told: str) -> None:
    shared_home.share(sample_home, None)
    app = AppTest.from_function(screen, default_timeout=60).run()
    app.text_input(key="search-text-0").set_value(ALLOWANCE)
    app.text_input(key=f"search-{field}-0").set_value(text)
    app.button[0].click().run()
    assert told in drawn(app)
    assert app.text_input(key=f"search-{field}-0").value == text


@dataclass
class Scripted:
    """A search that finds what a test says, and counts how often it is asked."""

    result: SearchResult
    synonyms: Synonyms
    asked: int = 0

    def search(self, question: Question, *, limit: int) -> SearchResult:
        self.asked += 1
        return self.result


@pytest.fixture
def odd(sample_home: Path) -> Scripted:
    """The sample prefecture with a search that has a leg of tomorrow and lacks one of today."""
    served = shared_home.share(sample_home, None)
    home = open_home(sample_home)
    future = Period(start=date(2999, 4, 1))
    hits = (
        Hit(
            chunk=chunk("本文"),
            title="<b>甲</b>",
            score=0.5,
            found_by=("graph", "words"),
            leg_scores={"graph": 3.0, "words": 1},
        ),
        Hit(
            chunk=chunk("別文", period=future),
            title="乙",
            score=0.4,
            found_by=("graph",),
            leg_scores={"graph": float("nan")},
        ),
        Hit(chunk=chunk("三"), title="丙", score=0.3),
    )
    script = Scripted(
        SearchResult(hits=hits[:2], near_misses=hits[2:], audiences=2, coverage=0.9), home.retriever.synonyms
    )
    served._home = replace(home, retriever=script)  # type: ignore[arg-type]
    return script


@pytest.mark.usefixtures("odd")
def test_a_leg_that_nobody_knows_never_breaks_the_page() -> None:
    app = AppTest.from_function(screen, default_timeout=60).run()
    search(app, "本文")
    assert "<dt>graph</dt><dd>3.00" in drawn(app)
    assert "<dt>語</dt><dd>見つけず</dd>" in drawn(app)
    assert "&lt;b&gt;甲&lt;/b&gt;" in drawn(app)
    assert "2999-04-01から施行" in drawn(app)
    assert "2つの閲覧範囲から2件（ほかに次点1件）。" in drawn(app)
    assert "2位と比べて: どの手がかりの点も足りていますが" in drawn(app)


def test_a_search_is_made_once_however_often_the_page_is_drawn(odd: Scripted) -> None:
    app = AppTest.from_function(screen, default_timeout=60).run()
    search(app, "本文")
    app.toggle[0].set_value(False).run()
    app.toggle[0].set_value(True).run()
    assert odd.asked == 1
    search(app, "本文")
    assert odd.asked == 2


def test_a_document_that_is_withdrawn_leaves_the_list_at_once(small_home: Path, kotae: Kotae) -> None:
    app = searched(small_home, "公用車の申込み")
    assert "前日までに申し込む" in drawn(app).replace("<mark>", "").replace("</mark>", "")
    listed = kotae("--home", small_home, "documents", "--json").value
    wanted = next(each["id"] for each in listed if each["path"] == "公用車.txt")
    assert kotae("--home", small_home, "documents", "remove", wanted).status == 0
    app.run()
    assert "前日まで" not in drawn(app)
