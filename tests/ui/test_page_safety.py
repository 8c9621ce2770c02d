"""What a document or a model says is shown as words: never as HTML, an image or a link; and only this machine comes in."""

from __future__ import annotations

import http.client
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from tests.scripted import scripted_server
from tests.ui.browsing import page_server, window, written_by
from tests.ui.conftest import CAR, Kotae, copy_home

EVIL = "evil.example"
HOSTILE = (
    f"![絵](http://{EVIL}/a.png) [開く](http://{EVIL}/b) <img src=http://{EVIL}/c.png onerror=alert(1)> "
    f"<script>alert(1)</script> <a href=http://{EVIL}/d>押す</a> http://{EVIL}/e www.{EVIL} a@{EVIL} "
    ":material/home: :smile: $x^2$ **太字** `code` :red[赤]"
)


def plain(screen_text: str) -> str:
    return "".join(screen_text.split())


@pytest.mark.needs_chromium
def test_hostile_words_of_a_document_stay_words(browser: Browser, new_home: Path, tmp_path: Path, kotae: Kotae) -> None:
    folder = tmp_path / "文書"
    folder.mkdir()
    words = f"駐輪場の手引\n\n駐輪場の利用料は、月額300円とする。{HOSTILE}\n"
    (folder / "駐輪場.txt").write_text(words, encoding="utf-8")
    labels = f'path,level,title\n駐輪場.txt,1,"駐輪場の利用料の手引 {HOSTILE}"\n'
    (folder / "labels.csv").write_text(labels, encoding="utf-8")
    assert kotae("--home", new_home, "ingest", folder).status == 0
    with page_server(new_home, tmp_path / "log") as url, window(browser, url) as screen:
        exchange = screen.ask("駐輪場の利用料はいくらですか。")
        assert plain(HOSTILE) in plain(exchange.inner_text())
        exchange.get_by_role("button", name="［1］原文").click()
        expect(screen.page.locator(".st-key-source mark")).to_be_visible()
        assert plain(HOSTILE) in plain(screen.page.locator(".st-key-source").inner_text())
        expect(screen.page.locator("main img, main script, main a[href*='evil']")).to_have_count(0)
        screen.go("文書")
        screen.page.get_by_role("combobox", name="中を見る文書").click()
        screen.page.get_by_role("option").first.click()
        expect(screen.page.get_by_role("button", name="一覧に戻る")).to_be_visible()
        expect(screen.page.locator("main img, main script, main a[href*='evil']")).to_have_count(0)


@pytest.mark.needs_chromium
def test_hostile_words_of_a_model_or_a_user_stay_words(browser: Browser, sample_home: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    copy_home(sample_home, home)
    question = f"{CAR} {HOSTILE}"
    with scripted_server() as script:
        script.says(f"【結論】1キロメートルにつき25円です {HOSTILE}。[1]「１キロメートルにつき25円」")
        environment = written_by(script.url)
        with page_server(home, tmp_path / "log", **environment) as url, window(browser, url) as screen:
            box = screen.page.get_by_placeholder("知りたいことを1文で書いてください")
            box.fill(question)
            box.press("Enter")
            expect(screen.page.get_by_text("この答えは役に立ちましたか")).to_be_visible()
            assert plain(HOSTILE) in plain(screen.page.locator("h2.kotae-question").inner_text())
            screen.page.get_by_role("button", name="役に立たなかった").click()
            screen.page.get_by_label("気づいたこと").fill(HOSTILE)
            screen.page.get_by_role("button", name="送る", exact=True).click()
            expect(screen.page.get_by_text("受け付けました")).to_be_visible()
            screen.page.get_by_role("button", name="これまでの質問").click()
            expect(screen.page.get_by_role("button", name="このやり取りを開く")).to_be_visible()
            expect(screen.page.locator("img[src*='evil'], script[src*='evil'], a[href*='evil']")).to_have_count(0)
            screen.page.keyboard.press("Escape")
            screen.go("評価")
            assert plain(HOSTILE) in plain(screen.page.locator("main").inner_text())
            expect(screen.page.locator("img[src*='evil'], script[src*='evil'], a[href*='evil']")).to_have_count(0)


@pytest.mark.needs_chromium
def test_hostile_words_of_a_notice_stay_words_from_import_to_edit(
    browser: Browser, sample_home: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    copy_home(sample_home, home)
    evil = HOSTILE.replace("\n", " ")
    notice = f"令和8年12月定例会　質問通告書\n\n12番　想定健議員\n\n1　宿泊税の導入について {evil} どのように考えるのか。（知事）\n"
    harmful = "main img, main script, main a[href*='evil']"
    with page_server(home, tmp_path / "log") as url, window(browser, url) as screen:
        screen.go("答弁案")
        file = {"name": f"{evil[:60].replace('/', '_')}.txt", "mimeType": "text/plain", "buffer": notice.encode()}
        screen.page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
        expect(screen.page.get_by_role("button", name="すべての答弁案を作る")).to_be_visible()
        assert plain(evil) in plain(screen.page.locator("main").inner_text())
        expect(screen.page.locator(harmful)).to_have_count(0)
        screen.page.get_by_role("button", name="すべての答弁案を作る").click()
        expect(screen.page.get_by_text("1問を終えました。")).to_be_visible()
        screen.page.locator(".st-key-row-item-1 summary").click()
        assert plain(evil) in plain(screen.page.locator(".st-key-row-item-1").inner_text())
        screen.page.get_by_role("button", name="［1］開く").click()
        screen.page.get_by_role("button", name="答弁を直す").click()
        screen.page.get_by_label("足す段落（").fill(HOSTILE)
        screen.page.get_by_role("button", name="直して確かめる").click()
        expect(screen.page.get_by_text("第2版（")).to_be_visible()
        sheet = screen.page.locator(".st-key-draft-sheet")
        expect(sheet).to_contain_text(
            re.compile(r"a@evil\.example.*a@evil\.example", re.DOTALL)
        )  # drawn piece by piece
        assert plain(sheet.inner_text()).count(plain(HOSTILE)) >= 2
        expect(screen.page.locator(harmful)).to_have_count(0)


def asked(url: str, path: str, **headers: str) -> http.client.HTTPResponse:
    """The answer to one plain request."""
    place = urlsplit(url)
    connection = http.client.HTTPConnection("127.0.0.1", place.port or 0, timeout=10)
    connection.request("GET", path, headers={"Host": place.netloc, **headers})
    return connection.getresponse()


def test_the_health_route_answers_without_a_secret(page_url: str, page_home: Path) -> None:
    answer = asked(page_url, "/health")
    body = answer.read().decode()
    assert answer.status == 200
    assert '"ok":true' in body
    assert str(page_home) not in body


@pytest.mark.parametrize("path", ["/", "/health", "/documents", "/_stcore/host-config"])
def test_every_answer_forbids_what_the_page_does_not_need(page_url: str, path: str) -> None:
    answer = asked(page_url, path)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "http:" not in policy
    assert "*" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-frame-options"] == "DENY"


def test_the_page_says_that_it_is_japanese_before_any_script_runs(page_url: str) -> None:
    body = asked(page_url, "/").read().decode()
    assert '<html lang="ja"' in body
    assert "<title>こたえ</title>" in body


@pytest.mark.parametrize("host", [EVIL, f"{EVIL}:8501", "localhost.evil.example", "192.168.0.9", "", "[::1"])
def test_a_foreign_name_for_this_machine_is_refused(page_url: str, host: str) -> None:
    answer = asked(page_url, "/", Host=host)
    assert answer.status in (400, 403)
    if answer.status == 403:  # uvicorn's own 400 comes before anything of ours
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert "kotae" not in answer.read().decode().lower()


@pytest.mark.parametrize(("origin", "status"), [("", 101), (f"http://{EVIL}", 403), ("null", 403)])
def test_a_foreign_page_cannot_open_the_channel_of_the_page(page_url: str, origin: str, status: int) -> None:
    headers = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
        "Origin": origin or page_url,
    }
    assert asked(page_url, "/_stcore/stream", **headers).status == status


def test_nobody_but_this_machine_can_connect(page_url: str) -> None:
    port = urlsplit(page_url).port or 0
    listening = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
    addresses = {line.split()[1] for line in listening if line.split()[3] == "0A"}
    assert f"0100007F:{port:04X}" in addresses
    assert f"00000000:{port:04X}" not in addresses
