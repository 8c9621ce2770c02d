"""The screen 会議録 in a real browser: pairs, what is left open, the way to the words themselves, and rights."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, expect

from rag.domain import Chunk
from tests.builders import answer, asking
from tests.ui.browsing import LAPTOP, PHONE, Screen, page_server, serious, window
from tests.ui.sittings import BRIDGES, COOLING, LEFT_OPEN, LODGING, LODGING_ANSWER, TITLE, paired_chunks, put_sitting
from tests.ui.test_page_safety import HOSTILE, plain
from ui.state import PAIR_STEP

pytestmark = pytest.mark.needs_chromium
UNPAIRED = "令和7年6月みほん県議会定例会会議録（第1号）"
LONG = "令和6年9月みほん県議会定例会会議録（第3号）"
COUNTS = "質問と答弁の組 3件（うち、対応の確かでないもの 1件）、答弁の見つからない質問 1件"
UNSURE = "対応は確かでありません"


@pytest.fixture(scope="module")
def sitting_url(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page of a home with a paired sitting, an unpaired one and one of very many pairs."""
    folder = tmp_path_factory.mktemp("会議")
    home = folder / "home"
    home.mkdir()
    (home / "models").symlink_to(sample_home / "models")
    put_sitting(home, paired_chunks())
    june = {"date": "2025-06-10"}
    put_sitting(home, [asking("質問します。", **june), answer("答えます。", **june)], title=UNPAIRED, name="r0706")
    put_sitting(home, many(PAIR_STEP + 5), title=LONG, name="r0609")
    with page_server(home, folder / "log") as url:
        yield url


def many(count: int) -> list[Chunk]:
    """Pairs whose first one is hostile wherever a document can be."""
    hostile = answer(
        f"お答えします。{HOSTILE}", pair=1, question=HOSTILE, topic=HOSTILE, party=HOSTILE, date="2024-09-11"
    )
    others = range(2, count + 1)
    return [hostile, *(answer(f"{each}番目の答弁です。", pair=each, question=f"問その{each}。") for each in others)]


@pytest.fixture
def screen(browser: Browser, sitting_url: str) -> Iterator[Screen]:
    with window(browser, sitting_url) as opened:
        opened.go("会議録")
        yield opened


def row(screen: Screen, words: str) -> Locator:
    """The pair or open question that holds these words."""
    return screen.page.locator("[class*='st-key-row-pair'], [class*='st-key-row-left']").filter(has_text=words)


def test_a_sitting_opens_as_its_pairs_and_says_what_is_unsure_and_what_is_left_open(screen: Screen) -> None:
    expect(screen.page.get_by_text(COUNTS)).to_be_visible()
    pair = row(screen, "宿泊税の導入についてどのように考えるのか")
    expect(pair.locator("summary")).to_contain_text("想定健議員・みほん創生会")
    expect(pair.locator("summary")).to_contain_text("知事")
    expect(pair.get_by_text(LODGING)).to_be_hidden()
    pair.locator("summary").click()
    expect(pair.get_by_text(LODGING)).to_be_visible()
    expect(pair.locator("details .kotae-lines").last).to_contain_text(LODGING_ANSWER)
    expect(pair.get_by_text("p.3、41〜43行")).to_be_visible()
    expect(pair.get_by_text("令和7年9月定例会 9月17日 知事、88〜90行")).to_be_visible()
    expect(pair.get_by_text(UNSURE)).to_have_count(0)
    expect(row(screen, COOLING).get_by_text(UNSURE)).to_be_visible()
    expect(screen.page.get_by_role("heading", name="答弁の見つからない質問（1件）")).to_be_visible()
    expect(row(screen, LEFT_OPEN)).to_be_visible()


def test_the_parts_of_a_long_answer_stand_under_one_question(screen: Screen) -> None:
    pair = row(screen, BRIDGES)
    pair.locator("summary").click()
    expect(pair.locator("details .kotae-lines").last).to_have_text(
        "まず、点検の結果でございます。修繕は令和12年度に終わります。"
    )


def test_pairs_are_narrowed_by_who_answered_who_asked_and_by_words(screen: Screen) -> None:
    screen.choose("答弁者", "県土整備部長")
    expect(row(screen, BRIDGES)).to_be_visible()
    expect(row(screen, COOLING)).to_have_count(0)
    expect(row(screen, LEFT_OPEN)).to_have_count(0)
    expect(screen.page.get_by_text("しぼりこみ: 組 1件、答弁の見つからない質問 0件")).to_be_visible()
    screen.choose("答弁者", "すべて")
    screen.choose("質問者", "例示花子議員・県民フォーラム")
    expect(row(screen, COOLING)).to_be_visible()
    expect(row(screen, BRIDGES)).to_have_count(0)
    screen.choose("質問者", "すべて")
    screen.page.get_by_label("話題・語でさがす").fill("水門")
    screen.page.keyboard.press("Enter")
    screen.still()
    expect(row(screen, LEFT_OPEN)).to_be_visible()
    expect(row(screen, BRIDGES)).to_have_count(0)
    screen.page.get_by_label("話題・語でさがす").fill("鉄道")
    screen.page.keyboard.press("Enter")
    expect(screen.page.get_by_text("あてはまる組はありません。しぼりこみをゆるめてください。")).to_be_visible()


def test_a_pair_leads_to_the_words_of_the_minutes_and_to_the_whole_document(screen: Screen) -> None:
    row(screen, LODGING).get_by_role("button", name="［1］原文").click()
    source = screen.page.locator(".st-key-source")
    expect(source.locator(".kotae-passage")).to_contain_text(LODGING_ANSWER)
    expect(source.locator("mark")).to_have_text("想定議員のご質問にお答えします。")
    expect(row(screen, LODGING).locator("details")).to_have_attribute("open", "")
    expect(source.get_by_role("button", name="これが正しい出典だった")).to_have_count(0)
    source.get_by_text("前後の部分も見る").click()
    expect(source.get_by_text("まず、点検の結果でございます。")).to_be_visible()
    source.get_by_role("button", name="原文を閉じる").click()
    expect(source).to_have_count(0)
    row(screen, LEFT_OPEN).get_by_role("button", name="（1）原文").click()
    expect(source.locator("mark")).to_have_text(LEFT_OPEN)
    source.get_by_role("button", name="文書全体を開く").click()
    expect(screen.page.get_by_role("heading", level=1, name="文書")).to_be_visible()
    screen.page.get_by_role("button", name="質問と答弁の組で読む").click()
    expect(screen.page.get_by_text(COUNTS)).to_be_visible()


def test_a_document_of_minutes_leads_to_its_own_pairs_and_one_without_pairs_back(screen: Screen) -> None:
    screen.go("文書")
    screen.choose("中を見る文書", f"{UNPAIRED}（2025-06-10）")
    screen.page.get_by_role("button", name="質問と答弁の組で読む").click()
    expect(screen.page.get_by_text("この文書では、質問と答弁の組を見つけられませんでした。")).to_be_visible()
    screen.page.get_by_role("button", name="文書全体を開く").click()
    expect(screen.page.get_by_role("heading", level=2, name=UNPAIRED)).to_be_visible()
    screen.go("会議録")
    expect(screen.page.get_by_text("この文書では、質問と答弁の組を見つけられませんでした。")).to_be_visible()


def test_very_many_pairs_come_in_parts_and_hostile_words_stay_words(screen: Screen) -> None:
    screen.choose("会議（新しい順）", f"{LONG}（2024-09-11）")
    rows = screen.page.locator("[class*='st-key-row-pair']")
    expect(rows).to_have_count(PAIR_STEP)
    screen.page.get_by_role("button", name="続きを表示する（残り5件）").click()
    expect(rows).to_have_count(PAIR_STEP + 5)
    assert plain(rows.first.inner_text()).count(plain(HOSTILE)) >= 2
    rows.first.get_by_role("button").click()
    expect(screen.page.locator(".st-key-source .kotae-passage")).to_be_visible()
    screen.page.get_by_role("combobox", name="質問者").click()
    expect(screen.page.locator("img[src*='evil'], script[src*='evil'], a[href*='evil']")).to_have_count(0)


def test_the_screen_is_for_everybody(screen: Screen) -> None:
    row(screen, LODGING).get_by_role("button").click()
    expect(screen.page.locator(".st-key-source mark")).to_be_visible()
    for width, height in (LAPTOP, PHONE):
        screen.page.set_viewport_size({"width": width, "height": height})
        assert serious(Axe().run(screen.page).response) == []
        assert screen.overflow() <= 0, (width, height)


def test_nobody_sees_pairs_of_a_sitting_that_he_may_not_read(browser: Browser, new_home: Path, tmp_path: Path) -> None:
    closed = "令和7年9月秘密会会議録"
    put_sitting(
        new_home, [answer("秘密の答弁です。", pair=1, question="秘密の問い。")], title=closed, level="3A", name="x"
    )
    put_sitting(new_home, paired_chunks(), level="2")
    directory = new_home / "directory.csv"
    row = "user,name,department,groups,max_level,role\nshokuin,職員,総務部,,{},staff\n"
    directory.write_text(row.format("2"), encoding="utf-8")
    with page_server(new_home, tmp_path / "log", "--as", "shokuin") as url, window(browser, url) as screen:
        screen.go("会議録")
        expect(screen.page.get_by_text(COUNTS)).to_be_visible()
        screen.page.get_by_role("combobox", name="会議（新しい順）").click()
        expect(screen.page.get_by_role("option")).to_have_text([f"{TITLE}（2025-09-17）"])
        screen.page.keyboard.press("Escape")
        directory.write_text(row.format("1"), encoding="utf-8")
        screen.page.get_by_label("話題・語でさがす").fill("宿泊税")
        screen.page.keyboard.press("Enter")
        expect(screen.page.get_by_text("会議録と会議要旨はまだありません。")).to_be_visible()
        expect(screen.page.get_by_text("宿泊税の導入")).to_have_count(0)
