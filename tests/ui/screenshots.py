"""Take the pictures of the screens that the READMEs show: `./x screenshots`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

from tests.ui.browsing import PHONE, Screen, page_server, start_browser, window
from ui.cli import main

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "ui/screenshots"
NOTICE = ROOT / "ingest/samples/mihon/質問通告/令和8年12月定例会_架空由美.docx"
CASES = ROOT / "eval/cases/mihon.jsonl"
CAR = "自家用車で出張したときの車賃は1キロメートルいくらですか。"
TALL = (1280, 1000)
PDF = "情報システムのパスワードは何文字以上にしますか。"


def take_all() -> int:
    """Serve the sample prefecture from a home of its own and take every picture."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="kotae-screens-") as folder:
        home = Path(folder) / "home"
        assert main(["--home", str(home), "ingest", str(ROOT / "ingest/samples/mihon")]) == 0
        assert main(["--home", str(home), "eval", "answers", str(CASES), "--sample", "60"]) == 0
        with (
            page_server(home, Path(folder) / "log") as url,
            sync_playwright() as playwright,
        ):
            browser = start_browser(playwright)
            with window(browser, url, size=TALL) as screen:
                take_laptop(screen)
            with window(browser, url, size=PHONE) as screen:
                screen.ask(CAR)
                shoot(screen, "phone")
            browser.close()
    return 0


def take_laptop(screen: Screen) -> None:
    """The screens as they are on a laptop."""
    shoot(screen, "start")
    exchange = screen.ask(CAR)
    exchange.get_by_role("button", name="［2］原文").click()
    expect(screen.page.locator(".st-key-source mark")).to_be_visible()
    shoot(screen, "ask")
    exchange.get_by_role("button", name="役に立たなかった").click()
    exchange.get_by_label("気づいたこと").fill("高速道路の料金のことも書いてほしい。")
    exchange.get_by_role("button", name="送る").click()
    expect(exchange.get_by_text("受け付けました")).to_be_visible()
    exchange = screen.ask(PDF)
    exchange.locator("[class*='st-key-row-cite']").filter(has_text="対策基準").get_by_role("button").first.click()
    expect(screen.page.locator(".st-key-source img")).to_be_visible()
    shoot(screen, "page")
    screen.go("検索")
    screen.page.get_by_label("さがすこと").fill("旅費条例第16条の車賃")
    screen.page.keyboard.press("Enter")
    screen.page.get_by_role("button", name="［2］原文").click()
    expect(screen.page.locator(".st-key-source mark")).to_be_visible()
    shoot(screen, "search")
    screen.go("会議録")
    shoot(screen, "sitting")
    take_draft(screen)
    screen.go("文書")
    screen.choose("種類", "規程")
    screen.choose("中を見る文書", "職員の旅費に関する条例（2026-04-01〜）")
    expect(screen.page.get_by_role("button", name="一覧に戻る")).to_be_visible()
    shoot(screen, "documents")
    screen.go("評価")
    shoot(screen, "evaluation")


def take_draft(screen: Screen) -> None:
    """One answer of a notice beside its source."""
    screen.go("答弁案")
    screen.page.locator("input[type=file]").set_input_files(NOTICE)
    screen.page.get_by_role("button", name="すべての答弁案を作る").click()
    expect(screen.page.get_by_text("14問を終えました。")).to_be_visible()
    screen.page.get_by_role("button", name="［1］開く").click()
    screen.page.get_by_role("button", name="［1］原文").first.click()
    expect(screen.page.locator(".st-key-source mark")).to_be_visible()
    shoot(screen, "draft")


def shoot(screen: Screen, name: str) -> None:
    """Take one picture."""
    screen.still()
    screen.page.evaluate("document.querySelector('[data-testid=stMain]').scrollTo(0, 0)")
    screen.page.wait_for_timeout(500)
    screen.page.screenshot(path=PICTURES / f"{name}.png")


if __name__ == "__main__":
    sys.exit(take_all())
