"""What goes wrong is a sentence on the page that says what to do, and the question stays."""

from __future__ import annotations

import os
import shutil
import socket
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
