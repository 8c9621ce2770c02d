"""What goes wrong is a sentence on the page that says what to do, and the question stays."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from rag.adapters.lock import writer_lock
from tests.scripted import Fault, scripted_server
from tests.ui.browsing import Screen, free_port, page_server, window, written_by
from tests.ui.conftest import CAR, Kotae, copy_home

pytestmark = pytest.mark.needs_chromium
SAID = "【結論】1キロメートルにつき25円です。[1]「１キロメートルにつき25円」"


@pytest.fixture
def home(sample_home: Path, tmp_path: Path) -> Path:
    copied = tmp_path / "home"
    copy_home(sample_home, copied)
    return copied


def try_asking(screen: Screen) -> Locator:
    """Ask and wait for the sentence that says what went wrong; the alert."""
    box = screen.page.get_by_placeholder("知りたいことを1文で書いてください")
    box.fill(CAR)
    box.press("Enter")
    alert = screen.page.get_by_role("alert").filter(has_text="質問は残してあります。")
    expect(alert).to_be_visible()
    expect(screen.page.get_by_role("heading", name=CAR)).to_be_visible()
    return alert


def test_a_missing_key_is_told_with_its_name(browser: Browser, home: Path, tmp_path: Path) -> None:
    environment = written_by("http://127.0.0.1:9", key="")
    with page_server(home, tmp_path / "log", **environment) as url, window(browser, url) as screen:
        assert "OPENAI_API_KEY" in try_asking(screen).inner_text()


def test_a_dead_model_keeps_the_question_until_it_is_asked_again(browser: Browser, home: Path, tmp_path: Path) -> None:
    with scripted_server() as script:
        environment = written_by(script.url)
        with page_server(home, tmp_path / "log", **environment) as url, window(browser, url) as screen:
            script.fails(Fault.SERVER_ERROR)
            alert = try_asking(screen).inner_text()
            assert "ください" in alert
            assert "Traceback" not in alert
            assert "sk-secret" not in alert
            script.forget()
            script.says(SAID)
            screen.page.get_by_role("button", name="もう一度質問する").click()
            expect(screen.answered(CAR)).to_contain_text("作成方法 gpt-4.1-mini")
            expect(screen.page.get_by_role("alert")).to_have_count(0)


def test_an_address_where_nobody_listens_is_told(browser: Browser, home: Path, tmp_path: Path) -> None:
    environment = written_by(f"http://127.0.0.1:{free_port()}")
    with page_server(home, tmp_path / "log", **environment) as url, window(browser, url) as screen:
        assert "接続できない" in try_asking(screen).inner_text()
        screen.page.reload()
        screen.page.get_by_role("button", name="これまでの質問").click()
        screen.page.get_by_role("button", name="このやり取りを開く").click()
        expect(screen.page.get_by_role("heading", name=CAR)).to_be_visible()


def test_while_documents_are_taken_in_the_old_state_answers_and_the_page_says_so(
    browser: Browser, home: Path, tmp_path: Path
) -> None:
    with page_server(home, tmp_path / "log") as url, window(browser, url) as screen, writer_lock(home, "kotae ingest"):
        exchange = screen.ask(CAR)
        expect(exchange.get_by_text("答えました")).to_be_visible()
        expect(
            screen.page.get_by_text(f"いま文書を取り込んでいます（kotae ingest、プロセス {os.getpid()}）")
        ).to_be_visible()


def test_while_the_index_is_built_anew_the_question_waits(browser: Browser, home: Path, tmp_path: Path) -> None:
    shutil.rmtree(home / "words")
    with (
        writer_lock(home, "kotae ingest"),
        page_server(home, tmp_path / "log") as url,
        window(browser, url) as screen,
    ):
        assert "索引を作り直しているところです（kotae ingest" in try_asking(screen).inner_text()


def test_a_broken_catalogue_is_told_and_the_question_stays(browser: Browser, home: Path, tmp_path: Path) -> None:
    (home / "catalogue.sqlite3").write_bytes("これはデータベースではありません。".encode() * 100)
    with page_server(home, tmp_path / "log") as url, window(browser, url) as screen:
        assert "台帳が壊れています" in try_asking(screen).inner_text()


def test_a_port_in_use_is_told_before_anything_is_served(shared_home: Path, kotae: Kotae) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        ended = kotae("--home", shared_home, "ui", "--port", port)
    assert ended.status == 1
    assert f"http://localhost:{port}" in ended.complaint


@pytest.mark.parametrize("port", ["0", "65536", "八千", "-1"])
def test_a_port_that_is_none_is_wrong_usage(shared_home: Path, kotae: Kotae, port: str) -> None:
    assert kotae("--home", shared_home, "ui", "--port", port).status == 2


def test_a_user_who_is_not_in_the_directory_is_told_at_the_start(shared_home: Path, kotae: Kotae) -> None:
    assert "--as daremo" in kotae("--home", shared_home, "--as", "daremo", "ui").complaint


def test_a_directory_that_breaks_under_an_open_page_costs_no_question(
    browser: Browser, home: Path, tmp_path: Path
) -> None:
    with page_server(home, tmp_path / "log") as url, window(browser, url) as screen:
        (home / "directory.csv").write_text("壊れた名簿\n", encoding="utf-8")
        assert "列名が違います" in try_asking(screen).inner_text()
        (home / "directory.csv").unlink()
        screen.page.get_by_role("button", name="もう一度質問する").click()
        expect(screen.answered(CAR)).to_contain_text("答えました")


def test_nobody_sees_an_answer_when_it_is_unknown_who_looks(browser: Browser, home: Path, tmp_path: Path) -> None:
    rows = "user,name,department,groups,max_level,role\nshokuin,職員,総務部,,2,staff\n"
    directory = home / "directory.csv"
    directory.write_text(rows, encoding="utf-8")
    with page_server(home, tmp_path / "log", "--as", "shokuin") as url, window(browser, url) as screen:
        assert "25円" in screen.ask(CAR).inner_text()
        directory.write_text(rows.replace("shokuin", "hoka"), encoding="utf-8")
        screen.page.get_by_role("button", name="これまでの質問").click()
        expect(screen.page.get_by_text("いまは、この答えを表示できません。")).to_be_visible()
        expect(screen.page.get_by_role("heading", name=CAR)).to_be_visible()
        assert "25円" not in screen.page.locator("main").inner_text()


def test_an_answer_beyond_the_rights_of_today_is_withheld_and_stays_kept(
    browser: Browser, home: Path, tmp_path: Path
) -> None:
    rows = "user,name,department,groups,max_level,role\nshokuin,職員,総務部,,2,staff\n"
    directory = home / "directory.csv"
    directory.write_text(rows, encoding="utf-8")
    with page_server(home, tmp_path / "log", "--as", "shokuin") as url, window(browser, url) as screen:
        exchange = screen.ask(CAR)
        directory.write_text(rows.replace(",2,", ",1,"), encoding="utf-8")
        exchange.get_by_role("button", name="役に立った").click()
        expect(screen.page.get_by_text("この答えの資料は、いまは閲覧できません")).to_be_visible()
        assert "25円" not in screen.page.locator("main").inner_text()
        expect(screen.page.get_by_role("button", name="もう一度質問する")).to_have_count(0)


def test_questions_asked_while_the_journal_is_locked_are_answered(browser: Browser, home: Path, tmp_path: Path) -> None:
    with page_server(home, tmp_path / "log") as url, window(browser, url) as screen:
        screen.ask("宿泊手当は1夜いくらですか。")
        with closing(sqlite3.connect(home / "journal.sqlite3", isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            box = screen.page.get_by_placeholder("知りたいことを1文で書いてください")
            box.fill(CAR)
            box.press("Enter")
            expect(screen.page.get_by_role("heading", name=CAR)).to_be_visible()
            expect(screen.page.get_by_text("質問と答えを記録できませんでした")).to_be_visible()
            other.execute("ROLLBACK")
        expect(screen.answered(CAR)).to_contain_text("1キロメートルにつき25円です。")


def test_a_question_that_is_too_long_is_told_and_can_be_copied(browser: Browser, page_url: str) -> None:
    with window(browser, page_url) as screen:
        box = screen.page.get_by_placeholder("知りたいことを1文で書いてください")
        box.fill("旅費は" * 700)
        box.press("Enter")
        expect(screen.page.get_by_role("alert")).to_contain_text("質問が長すぎます（2100字）")
        expect(screen.page.get_by_test_id("stCode")).to_contain_text("旅費は旅費は")


def test_an_answer_on_its_way_is_taken_up_again_after_a_reload(browser: Browser, home: Path, tmp_path: Path) -> None:
    with scripted_server() as script:
        script.says(SAID)
        script.delay_seconds = 8.0
        with page_server(home, tmp_path / "log", **written_by(script.url)) as url, window(browser, url) as screen:
            box = screen.page.get_by_placeholder("知りたいことを1文で書いてください")
            box.fill(CAR)
            box.press("Enter")
            expect(screen.page.get_by_text("原文と照らして確かめています")).to_be_visible()
            screen.page.reload()
            screen.page.get_by_role("button", name="これまでの質問").click()
            screen.page.get_by_role("button", name="このやり取りを開く").click()
            expect(screen.answered(CAR)).to_contain_text("作成方法 gpt-4.1-mini")
        assert len(script.requests) == 1


def test_a_page_whose_server_has_ended_says_so_in_japanese(browser: Browser, home: Path, tmp_path: Path) -> None:
    with ExitStack() as serving:
        url = serving.enter_context(page_server(home, tmp_path / "log"))
        with window(browser, url) as screen:
            serving.close()
            dialog = screen.page.get_by_role("dialog")
            expect(dialog).to_contain_text("画面とのつながりが切れました")
            expect(dialog).to_contain_text("./x run")
            assert "Streamlit" not in dialog.inner_text()
