"""The screen 検索 in a real browser: the hits and why, the near-misses, the way to the words, and everybody's screens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, expect

from tests.ui.browsing import PHONE, Screen, page_server, serious, window
from tests.ui.conftest import Kotae
from tests.ui.test_page_safety import HOSTILE, plain

pytestmark = pytest.mark.needs_chromium
OFFICE_LAPTOP = (1366, 768)
CLAUSE = "旅費条例第16条の車賃"


@pytest.fixture
def screen(browser: Browser, page_url: str) -> Iterator[Screen]:
    with window(browser, page_url, size=OFFICE_LAPTOP) as opened:
        opened.go("検索")
        yield opened


def search(screen: Screen, text: str) -> None:
    screen.page.get_by_label("さがすこと").fill(text)
    screen.page.get_by_role("button", name="さがす", exact=True).click()
    expect(row(screen, 1)).to_be_visible()
    screen.still()


def row(screen: Screen, rank: int) -> Locator:
    return screen.page.locator(f".st-key-row-hit-{rank}")


def test_hits_stand_in_order_with_the_reasons_and_the_near_misses_below_a_line(screen: Screen) -> None:
    search(screen, CLAUSE)
    expect(screen.page.get_by_text(re.compile(r"^4つの閲覧範囲から10件（ほかに次点5件）。"))).to_be_visible()
    first, second = row(screen, 1), row(screen, 2)
    expect(first.get_by_role("heading", name="職員の旅費に関する条例 第16条")).to_be_visible()
    expect(first.get_by_text("規程・2026-04-01〜")).to_be_visible()
    expect(first.locator("mark").first).to_have_text("第十六条")
    assert first.locator("dt").all_inner_texts() == [
        *("総合", "条番号", "語", "文字", "ベクトル", "質問の語の割合", "話題の近さ", "その条を施行する定め"),
    ]
    expect(first.get_by_role("meter", name="条番号の棒: 100%")).to_be_visible()
    expect(second.locator(".kotae-absent").first).to_have_text("条番号見つけず")
    near = row(screen, 11)
    expect(near.get_by_text(re.compile("^10位(より低い点|と比べて): "))).to_be_visible()
    expect(screen.page.get_by_role("heading", name="次点")).to_be_visible()
    screen.page.get_by_role("button", name="点の読み方").click()
    expect(screen.page.get_by_text("順位を決める点")).to_be_visible()


def test_a_hit_opens_beside_the_list_and_stays_in_sight(screen: Screen) -> None:
    search(screen, CLAUSE)
    row(screen, 10).get_by_role("button").click()
    source = screen.page.locator(".st-key-source")
    expect(source.get_by_text("黄色の部分が、見つかった箇所のうち、質問の語をいちばん多く含む文です。")).to_be_visible()
    expect(source.locator("mark")).to_be_in_viewport()
    expect(row(screen, 10).get_by_role("button")).to_be_in_viewport()
    screen.go("会議録")
    expect(screen.page.locator(".st-key-source")).to_have_count(0)
    screen.go("検索")
    expect(screen.page.get_by_label("さがすこと")).to_have_value(CLAUSE)
    expect(source).to_be_visible()
    source.get_by_role("button", name="文書全体を開く").click()
    expect(screen.page.get_by_role("heading", level=1, name="文書")).to_be_visible()


def test_a_search_is_narrowed_by_day_kind_and_remarks(screen: Screen) -> None:
    screen.choose("文書の種類", "会議録")
    screen.page.keyboard.press("Escape")
    screen.page.get_by_text("会議録・会議要旨の発言にしぼる").click()
    screen.page.get_by_label("会議（").fill("令和7年9月定例会")
    screen.page.get_by_label("職（").fill("知事")
    search(screen, "宿泊税")
    places = screen.page.locator(".kotae-hit h3").all_inner_texts()
    assert places
    assert all(place.startswith("令和7年9月定例会") and " 知事" in place for place in places)
    screen.page.get_by_role("spinbutton", name=re.compile("year, 時点")).click()
    screen.page.keyboard.type("20250601", delay=30)
    screen.page.get_by_role("button", name="さがす", exact=True).click()
    expect(screen.page.get_by_text("見つかりませんでした。", exact=True)).to_be_visible()
    screen.page.get_by_role("button", name="条件を外してさがし直す").click()
    expect(row(screen, 1)).to_be_visible()
    screen.still()
    if not screen.page.get_by_label("会議（").is_visible():
        screen.page.get_by_text("会議録・会議要旨の発言にしぼる").click()
    expect(screen.page.get_by_label("会議（")).to_have_value("")


def test_the_keyboard_alone_searches_and_opens_a_hit(screen: Screen) -> None:
    screen.page.get_by_label("さがすこと").focus()
    screen.page.keyboard.type(CLAUSE)
    screen.page.keyboard.press("Enter")
    expect(row(screen, 1)).to_be_visible()
    screen.still()
    button = screen.page.get_by_role("button", name="［1］原文")
    for _ in range(15):
        screen.page.keyboard.press("Tab")
        if button.evaluate("element => element === document.activeElement"):
            break
    screen.page.keyboard.press("Enter")
    expect(screen.page.locator(".st-key-source mark")).to_be_visible()


def test_the_screen_is_for_everybody(screen: Screen) -> None:
    search(screen, CLAUSE)
    row(screen, 1).get_by_role("button").click()
    expect(screen.page.locator(".st-key-source mark")).to_be_visible()
    for width, height in (OFFICE_LAPTOP, PHONE):
        screen.page.set_viewport_size({"width": width, "height": height})
        assert serious(Axe().run(screen.page).response) == []
        assert screen.overflow() <= 0, (width, height)


def test_hostile_words_stay_words(browser: Browser, new_home: Path, tmp_path: Path, kotae: Kotae) -> None:
    folder = tmp_path / "文書"
    folder.mkdir()
    (folder / "駐輪場.txt").write_text(f"駐輪場の利用料は月額300円とする。{HOSTILE}\n", encoding="utf-8")
    (folder / "labels.csv").write_text(f'path,level,title\n駐輪場.txt,1,"駐輪場 {HOSTILE}"\n', encoding="utf-8")
    assert kotae("--home", new_home, "ingest", folder).status == 0
    with page_server(new_home, tmp_path / "log") as url, window(browser, url) as screen:
        screen.go("検索")
        search(screen, f"駐輪場の利用料 {HOSTILE}")
        told = plain(row(screen, 1).inner_text())
        assert plain(HOSTILE)[:60] in told
        row(screen, 1).get_by_role("button").click()
        expect(screen.page.locator(".st-key-source .kotae-passage")).to_be_visible()
        expect(screen.page.locator("main img, main script, main a[href*='evil']")).to_have_count(0)
