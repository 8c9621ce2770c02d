"""Everybody can use the screens: axe finds nothing serious, the page is Japanese, and it may be zoomed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.ui.browsing import LAPTOP, PHONE, Screen, serious, window
from tests.ui.conftest import CAR

pytestmark = pytest.mark.needs_chromium
ZOOMED = (320, 200)
"""What is left of 1,280 by 800 at 400 %."""


def empty(_screen: Screen) -> None:
    """As it opens."""


def with_source(screen: Screen) -> None:
    screen.ask(CAR).get_by_role("button", name="［2］原文").click()
    expect(screen.page.locator(".st-key-source mark")).to_be_visible()


def with_form(screen: Screen) -> None:
    screen.ask(CAR).get_by_role("button", name="役に立たなかった").click()
    expect(screen.page.get_by_role("button", name="送る", exact=True)).to_be_visible()


def with_decline(screen: Screen) -> None:
    screen.ask("県庁の食堂のおすすめは何ですか。")


def history(screen: Screen) -> None:
    screen.ask(CAR)
    screen.page.get_by_role("button", name="これまでの質問").click()
    expect(screen.page.get_by_role("button", name="このやり取りを開く")).to_be_visible()


def stale(screen: Screen) -> None:
    screen.page.get_by_role("button", name="確かめ直す回答").click()
    expect(screen.page.get_by_text("答えたあと、または承認したあとに")).to_be_visible()


def search(screen: Screen) -> None:
    screen.go("検索")
    screen.page.get_by_text("会議録・会議要旨の発言にしぼる").click()
    screen.page.get_by_label("さがすこと").fill("旅費条例第16条の車賃")
    screen.page.keyboard.press("Enter")
    screen.page.get_by_role("button", name="［2］原文").click()
    expect(screen.page.locator(".st-key-source mark")).to_be_visible()


def sittings(screen: Screen) -> None:
    screen.go("会議録")


def documents(screen: Screen) -> None:
    screen.go("文書")


def one_document(screen: Screen) -> None:
    screen.go("文書")
    screen.choose("種類", "規程")
    screen.choose("中を見る文書", "職員の旅費に関する条例（2026-04-01〜）")
    expect(screen.page.get_by_role("button", name="一覧に戻る")).to_be_visible()


def evaluation(screen: Screen) -> None:
    screen.ask(CAR).get_by_role("button", name="役に立った").click()
    screen.page.get_by_role("button", name="送る", exact=True).click()
    screen.still()
    screen.go("評価")


NOTICE = "令和8年12月定例会　質問通告書\n\n12番　想定健議員\n\n1　宿泊税の導入についてどのように考えるのか。（知事）\n3　避難所の冷房について問う。（知事）\n"


def notice(screen: Screen) -> None:
    screen.go("答弁案")
    file = {"name": "通告.txt", "mimeType": "text/plain", "buffer": NOTICE.encode()}
    screen.page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    expect(screen.page.get_by_text("から 2 問を読み取りました。")).to_be_visible()


def drafts(screen: Screen) -> None:
    notice(screen)
    screen.page.get_by_role("button", name="すべての答弁案を作る").click()
    expect(screen.page.get_by_text("2問を終えました。")).to_be_visible()
    screen.page.locator(".st-key-row-item-1 summary").click()


def one_draft(screen: Screen) -> None:
    drafts(screen)
    screen.page.get_by_role("button", name="［1］開く").click()
    screen.page.get_by_role("button", name="［1］原文").first.click()
    expect(screen.page.locator(".st-key-source mark")).to_be_visible()


def edited_draft(screen: Screen) -> None:
    drafts(screen)
    screen.page.get_by_role("button", name="［1］開く").click()
    screen.page.get_by_role("button", name="答弁を直す").click()
    expect(screen.page.get_by_role("button", name="直して確かめる")).to_be_visible()


STATES: tuple[Callable[[Screen], None], ...] = (
    empty,
    with_source,
    with_form,
    with_decline,
    history,
    stale,
    search,
    sittings,
    documents,
    one_document,
    evaluation,
    notice,
    drafts,
    one_draft,
    edited_draft,
)


@pytest.mark.parametrize("state", STATES)
def test_a_screen_is_for_everybody(browser: Browser, page_url: str, state: Callable[[Screen], None]) -> None:
    """axe finds nothing serious, and nothing is wider than a laptop, a phone or a page at 400 %."""
    with window(browser, page_url) as screen:
        state(screen)
        for width, height in (LAPTOP, PHONE, ZOOMED):
            screen.page.set_viewport_size({"width": width, "height": height})
            assert serious(Axe().run(screen.page).response) == []
            assert screen.overflow() <= 0, (width, height)


def test_axe_would_find_something_serious(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content('<html lang="ja"><title>x</title><main><h1>x</h1><img src="data:,"><button></button></main>')
    found = serious(Axe().run(page).response)
    page.close()
    assert [line.partition(":")[0] for line in found] == ["button-name", "image-alt"]


def test_the_page_is_japanese(browser: Browser, page_url: str) -> None:
    with window(browser, page_url) as screen:
        assert screen.page.locator("html").get_attribute("lang") == "ja"
        assert "こたえ" in screen.page.title()
