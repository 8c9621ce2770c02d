"""Answers to check again on the command line, on the page and after an ingest."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from rag.safety.directory import find_reader
from rag.wiring import open_home
from tests.ui.conftest import Kotae
from ui import shared_home
from ui.answering import ask, new_exchange

QUESTION = "駐輪場の利用料はいくらですか。"
DIRECTORY = (
    "user,name,department,groups,max_level,role\n"
    "kanri,管財係員,管財課,,1,editor\n"
    "shokuin,職員,総務課,,1,staff\n"
    "hoka,職員,総務課,,1,staff\n"
)


def screen() -> None:
    from ui.views import ask

    ask.show()


@pytest.fixture(autouse=True)
def nothing_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_home, "_current", None)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "文書"
    made.mkdir()
    write(made, 300)
    (made / "labels.csv").write_text(
        "path,level,department,title\n駐輪場.txt,1,管財課,駐輪場の手引\n", encoding="utf-8"
    )
    return made


@pytest.fixture
def parking(new_home: Path, folder: Path, kotae: Kotae) -> Path:
    """A home with one document, about which shokuin has asked; the office has approved the answer."""
    assert kotae("--home", new_home, "ingest", folder).status == 0
    (new_home / "directory.csv").write_text(DIRECTORY, encoding="utf-8")
    home = open_home(new_home)
    reader = find_reader(new_home, "shokuin", levels=home.settings.levels.order)
    exchange = new_exchange(QUESTION, conversation_id="k1", user="shokuin", as_of=date(2026, 11, 23), longest=2000)
    list(ask(home, reader, exchange))
    assert kotae("--home", new_home, "--as", "kanri", "answers", "approve", exchange.id).status == 0
    return new_home


def write(folder: Path, fee: int) -> None:
    text = f"駐輪場の手引\n\n第1条　駐輪場の利用料は、月額{fee}円とする。\n\n第2条　利用者は、管財課に届け出る。\n"
    (folder / "駐輪場.txt").write_text(text, encoding="utf-8")


def stale(kotae: Kotae, home: Path, user: str, *more: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = kotae("--home", home, "--as", user, "--json", "answers", "stale", *more).value
    return found


def opened(home: Path, user: str) -> AppTest:
    """The screen 質問 with the list open."""
    shared_home.share(home, user)
    app = AppTest.from_function(screen, default_timeout=60).run()
    app.session_state["stale"] = True
    return app.run()


def drawn(app: AppTest) -> str:
    assert not app.exception
    return "\n".join(each.proto.body for each in app.get("html"))


def test_a_changed_source_is_told_to_the_one_who_asked_and_to_the_office(
    parking: Path, folder: Path, kotae: Kotae
) -> None:
    assert [stale(kotae, parking, user) for user in ("shokuin", "kanri")] == [[], []]
    assert "ありません" in kotae("--home", parking, "--as", "kanri", "answers", "stale").out
    write(folder, 500)
    ended = kotae("--home", parking, "--as", "kanri", "ingest", folder)
    assert "承認済みの回答のうち1件の出典が変わりました。kotae answers stale で確かめてください。" in ended.out
    [own] = stale(kotae, parking, "shokuin")
    [approved] = stale(kotae, parking, "kanri", "--top", "1")
    assert (own["approved"], approved["approved"], approved["department"]) == (False, True, "管財課")
    assert own["findings"] == approved["findings"]
    told = kotae("--home", parking, "--as", "shokuin", "answers", "stale").out
    assert "第1条の文が変わりました。" in told
    assert "月額300円" in told
    assert "月額500円" in told
    assert stale(kotae, parking, "hoka") == []


def test_an_ingest_that_changes_nothing_does_not_repeat_it(parking: Path, folder: Path, kotae: Kotae) -> None:
    write(folder, 500)
    assert kotae("--home", parking, "--as", "kanri", "--json", "ingest", folder).value["approved_to_check"] == 1
    again = kotae("--home", parking, "--as", "kanri", "ingest", folder)
    assert "承認済みの回答のうち" not in again.out
    dry = kotae("--home", parking, "--as", "kanri", "--json", "ingest", folder, "--dry-run")
    assert dry.value["approved_to_check"] == 0


def test_a_withdrawn_document_is_told(parking: Path, kotae: Kotae) -> None:
    [document] = kotae("--home", parking, "--as", "kanri", "--json", "documents").value
    kotae("--home", parking, "--as", "kanri", "documents", "remove", document["id"])
    assert (
        "「駐輪場の手引」: 文書が取り下げられました。"
        in kotae("--home", parking, "--as", "shokuin", "answers", "stale").out
    )


def test_the_page_lists_them_with_old_and_new_words_and_opens_the_conversation(
    parking: Path, folder: Path, kotae: Kotae
) -> None:
    assert "出典が変わった回答はありません。" in drawn(opened(parking, "shokuin"))
    write(folder, 500)
    kotae("--home", parking, "--as", "kanri", "ingest", folder)
    app = opened(parking, "shokuin")
    told = drawn(app)
    assert "第1条の文が変わりました。" in told
    assert "月額300円" in told
    assert "月額500円" in told
    button = next(each for each in app.button if each.label == "このやり取りを開く" and "stale" in str(each.key))
    app = button.click().run()
    assert [each.question for each in app.session_state["kotae"].exchanges] == [QUESTION]
    assert "出典が変わった回答はありません。" in drawn(opened(parking, "hoka"))


def test_the_office_takes_an_approval_back_where_it_is_listed(parking: Path, folder: Path, kotae: Kotae) -> None:
    write(folder, 500)
    kotae("--home", parking, "--as", "kanri", "ingest", folder)
    app = opened(parking, "kanri")
    assert "承認済み（管財課）" in drawn(app)
    next(each for each in app.button if each.label == "承認を取り消す").click().run()
    assert kotae("--home", parking, "--as", "kanri", "--json", "answers").value == []
    assert stale(kotae, parking, "kanri") == []
