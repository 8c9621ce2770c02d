"""A running page and a real browser on it, for the tests of the screens."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, Playwright, expect
from playwright.sync_api import Error as BrowserError

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage"
).split()
LAPTOP = (1280, 800)
PHONE = (390, 844)
PATIENCE_MS = 30_000
START_SECONDS = 60


expect.set_options(timeout=PATIENCE_MS)


def free_port() -> int:
    """A port on loopback that nobody uses right now."""
    with socket.socket() as asking:
        asking.bind(("127.0.0.1", 0))
        return int(asking.getsockname()[1])


def written_by(url: str, *, key: str = "test") -> dict[str, str]:
    """The environment in which the language model at this address writes, tried once."""
    return {
        "KOTAE_CHAT__PROVIDER": "openai",
        "KOTAE_CHAT__BASE_URL": f"{url}/v1",
        "KOTAE_CHAT__ATTEMPTS": "1",
        "KOTAE_EGRESS__LEVEL": "3A",
        "OPENAI_API_KEY": key,
    }


@contextmanager
def page_server(home: Path, log: Path, *words: str, **environment: str) -> Iterator[str]:
    """`kotae ui` on a home, for the length of the block; its address."""
    port = free_port()
    command = [sys.executable, "-m", "ui.cli", "--home", str(home), *words, "ui", "--port", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(command, env={**os.environ, **environment}, stdout=output, stderr=output)
        try:
            url = f"http://localhost:{port}"
            _await(f"{url}/health", process, log)
            yield url
        finally:
            process.terminate()
            process.wait(timeout=20)


def _await(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    ends = time.monotonic() + START_SECONDS
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            assert process.poll() is None, log.read_text(encoding="utf-8")
            assert time.monotonic() < ends, log.read_text(encoding="utf-8")
            time.sleep(0.1)


def start_browser(playwright: Playwright) -> Browser:
    """Debian's Chromium without its own calls home."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)


@dataclass(slots=True, kw_only=True)
class Screen:
    """One browser window on the page, that notes every address it asks for."""

    page: Page
    url: str
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    @property
    def foreign(self) -> list[str]:
        """The addresses beyond the server of the page."""
        own = (self.url, self.url.replace("http", "ws", 1), "data:", "blob:")
        return [address for address in self.asked if not address.startswith(own)]

    def open(self, path: str = "/") -> None:
        self.page.goto(self.url + path)
        self.page.locator("h1").first.wait_for()

    def ask(self, question: str) -> Locator:
        """Type a question and wait until its answer is whole; the exchange."""
        self.still()
        box = self.page.get_by_placeholder("知りたいことを1文で書いてください")
        expect(box).to_be_enabled()
        box.fill(question)
        box.press("Enter")
        return self.answered(question)

    def answered(self, question: str) -> Locator:
        exchange = self.page.locator("[class*='st-key-exchange-']").filter(
            has=self.page.get_by_role("heading", name=question)
        )
        exchange.first.wait_for()
        self.still()
        return exchange.first

    def still(self) -> None:
        """Wait until nothing is being worked out any more."""
        expect(self.page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
        expect(self.page.locator("[data-stale='true']")).to_have_count(0)

    def go(self, name: str) -> None:
        """Switch to a screen by its name in the navigation."""
        self.page.get_by_role("link", name=name, exact=True).click()
        expect(self.page.get_by_role("heading", level=1, name=name)).to_be_visible()
        self.still()

    def choose(self, label: str, option: str, *, inside: Locator | None = None) -> None:
        """Open a select box and take one of its options; a box that a rerun closes again is opened again."""
        box = (inside or self.page).get_by_role("combobox", name=re.compile(label))
        wanted = self.page.get_by_role("option", name=option, exact=True)
        for _ in range(3):
            box.click()
            with suppress(BrowserError):
                wanted.click(timeout=3000)
                break
        self.still()

    def choose_day(self, day: str) -> None:
        """Type a date (ISO) into 確認時点, part by part as its field takes it."""
        self.page.get_by_role("spinbutton", name=re.compile("year, 確認時点")).click()
        self.page.keyboard.type(day.replace("-", ""), delay=30)
        self.page.get_by_role("heading", level=1).click()
        self.still()

    def overflow(self) -> int:
        """By how many pixels the page is wider than its window."""
        measure = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        return int(self.page.evaluate(measure))


@contextmanager
def window(browser: Browser, url: str, *, size: tuple[int, int] = LAPTOP, **options: Any) -> Iterator[Screen]:
    """A new window of its own profile; fails if anything left the machine or the page broke its own rules."""
    context: BrowserContext = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, locale="ja-JP", reduced_motion="reduce", **options
    )
    context.set_default_timeout(PATIENCE_MS)
    try:
        screen = Screen(page=context.new_page(), url=url)
        screen.page.on("request", lambda request: screen.asked.append(request.url))
        screen.page.on("websocket", lambda socket: screen.asked.append(socket.url))
        screen.page.on("console", lambda message: _note(screen, message.type, message.text))
        screen.open()
        yield screen
        assert screen.foreign == []
        assert screen.complaints == []
    finally:
        context.close()


def _note(screen: Screen, kind: str, text: str) -> None:
    if kind == "error" and "Content Security Policy" in text:
        screen.complaints.append(text)


def serious(results: Mapping[str, Any]) -> list[str]:
    """What axe calls serious or critical, each with where it is."""
    return [
        f"{found['id']}: {found['nodes'][0]['html'][:200]}"
        for found in results["violations"]
        if found["impact"] in ("serious", "critical")
    ]
