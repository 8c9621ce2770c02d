"""The journeys of the three groups on the running page, in a real browser that may load nothing from elsewhere."""

from __future__ import annotations

import io
import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from playwright.sync_api import Browser, expect

from rag.adapters.journal import open_journal
from rag.journal import FeedbackState, Reason
from tests.scripted import scripted_server
from tests.ui.browsing import PHONE, Screen, page_server, window, written_by
from tests.ui.conftest import CAR, ROOT, Kotae, copy_home

pytestmark = pytest.mark.needs_chromium
PDF = "情報システムのパスワードは何文字以上にしますか。"
OLD = "日当はいくらですか。"
ENGLISH_LEFT = """() => [...document.querySelectorAll('main [aria-label], main [placeholder], main [title]')]
    .flatMap((each) => ['aria-label', 'placeholder', 'title'].map((name) => each.getAttribute(name)))
    .filter((text) => text && /[A-Za-z]{4}/.test(text) && !/[ぁ-んァ-ヶ一-龠]/.test(text))"""
DECLINED = "育児休業の給付金はいくらですか"


@pytest.fixture
def screen(browser: Browser, page_url: str) -> Iterator[Screen]:
    with window(browser, page_url) as opened:
        yield opened


def test_an_answer_leads_to_its_source_and_a_word_about_it_reaches_those_who_judge(
    screen: Screen, page_home: Path
) -> None:
    page = screen.page
    exchange = screen.ask(CAR)
    for part in ("結論", "根拠", "手続", "例外・注意", "問い合わせ先", "確認時点"):
        expect(exchange.get_by_role("heading", level=3, name=part, exact=True)).to_be_visible()
    expect(exchange.get_by_text("該当なし").first).to_be_visible()
    exchange.get_by_role("button", name="［1］原文").click()
    quote = exchange.locator("blockquote").first.inner_text()
    source = page.locator(".st-key-source")
    expect(source.locator("mark")).to_have_text(quote)
    assert beside(screen)
    exchange.get_by_role("button", name="役に立たなかった").click()
    screen.choose("どこが足りませんでしたか", "足りない", inside=exchange)
    page.keyboard.press("Escape")
    comment = "高速道路の料金も書いてほしい。"
    exchange.get_by_label("気づいたこと").fill(comment)
    exchange.get_by_role("button", name="送る").click()
    expect(exchange.get_by_text("「役に立たなかった」を受け付けました（いまの状態: 受付）")).to_be_visible()
    screen.go("評価")
    said = page.locator("[class*='st-key-said-']").filter(has_text=comment)
    expect(said.get_by_role("heading", name=CAR)).to_be_visible()
    expect(said).to_contain_text("足りない")
    screen.choose("状態を変える", "確認中", inside=said)
    said.get_by_label("対応の内容").fill("FAQに足します。")
    said.get_by_role("button", name="保存する").click()
    expect(said).to_contain_text("FAQに足します。")
    screen.go("質問")
    expect(screen.page.get_by_text("（いまの状態: 確認中）")).to_be_visible()
    assert_kept_whole(page_home, comment)


def assert_kept_whole(home: Path, comment: str) -> None:
    """The journal holds all that is needed to find out why an answer was as it was."""
    journal = open_journal(home)
    waiting = journal.all_feedback(states=frozenset({FeedbackState.REVIEWING}), limit=99)
    [(exchange, said)] = [pair for pair in waiting if pair[1].comment == comment]
    journal.close()
    assert said.reasons == (Reason.INCOMPLETE,)
    assert exchange.question == CAR
    assert exchange.generation
    assert exchange.revision > 0
    answer = exchange.answer
    assert answer is not None
    assert (answer.model, answer.prompt) == ("extractive", "")
    assert len(answer.hits) == 10
    assert all(hit.score > 0 and hit.leg_scores for hit in answer.hits)


def beside(screen: Screen) -> bool:
    """Whether the open source stands to the right of its answer."""
    source = screen.page.locator(".st-key-source").bounding_box()
    answer = screen.page.locator("[class*='st-key-exchange-']").first.bounding_box()
    assert source is not None
    assert answer is not None
    return source["x"] >= answer["x"] + answer["width"] and source["y"] < answer["y"] + answer["height"]


def test_the_right_source_can_be_named_where_it_is_read(screen: Screen) -> None:
    question = "夏季休暇は何日取れますか。"
    exchange = screen.ask(question)
    exchange.get_by_role("button", name="［1］原文").click()
    place = screen.page.locator(".st-key-source .kotae-place b").inner_text()
    screen.page.get_by_role("button", name="これが正しい出典だった").click()
    expect(screen.page.get_by_text("正しい出典として記録しました。")).to_be_visible()
    screen.go("評価")
    said = screen.page.locator("[class*='st-key-said-']").filter(has=screen.page.get_by_role("heading", name=question))
    expect(said).to_contain_text(f"正しい出典\n{place}", use_inner_text=True)


def test_a_citation_to_a_pdf_is_the_picture_of_its_page_with_the_quote_boxed(screen: Screen) -> None:
    exchange = screen.ask(PDF)
    number = first_pdf_citation(exchange.inner_text())
    exchange.get_by_role("button", name=f"［{number}］原文").click()
    picture = screen.page.locator(".st-key-source img")
    expect(picture).to_be_visible()
    assert re.search(r"ページの画像", picture.get_attribute("alt") or "")
    yellow = screen.page.evaluate(
        """async () => {
            const image = document.querySelector('.st-key-source img'); await image.decode();
            const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
            const pencil = canvas.getContext('2d'); pencil.drawImage(image, 0, 0);
            const dots = pencil.getImageData(0, 0, canvas.width, canvas.height).data; let count = 0;
            for (let at = 0; at < dots.length; at += 4)
                if (dots[at] > 200 && dots[at + 1] > 180 && dots[at + 2] < 180) count += 1;
            return count / (canvas.width * canvas.height);
        }"""
    )
    assert 0.0005 < yellow < 0.2
    expect(screen.page.locator(".st-key-source mark")).not_to_be_empty()


def first_pdf_citation(text: str) -> int:
    """The number of the first citation to the security standard, which is a PDF."""
    cited = text.partition("出典（")[2]
    found = re.search(r"［(\d)］原文\s+みほん県情報セキュリティ対策基準", cited)
    assert found, cited
    return int(found[1])


def test_the_rule_of_the_day_asked_for_answers(screen: Screen) -> None:
    screen.choose_day("2025-06-01")
    expect(screen.page.get_by_text("今日ではない日の規定で答えます")).to_be_visible()
    exchange = screen.ask(OLD)
    row = exchange.locator("[class*='st-key-row-cite']").filter(has_text="2000-04-01〜2026-03-31").first
    row.get_by_role("button").click()
    expect(screen.page.locator(".st-key-source")).to_contain_text("2000-04-01〜2026-03-31")


@pytest.mark.parametrize("day", ["1999-12-31", "2038-01-01"])
def test_a_day_long_past_or_far_ahead_can_be_asked_for(screen: Screen, day: str) -> None:
    screen.choose_day(day)
    expect(screen.page.get_by_text(f"（{day}）: 今日ではない日の規定で答えます")).to_be_visible()
    expect(screen.ask(OLD)).to_contain_text(f"確認時点 {day}")


def test_no_english_word_of_the_frame_is_left_where_people_read_or_hear_it(screen: Screen) -> None:
    exchange = screen.ask(CAR)
    exchange.get_by_role("button", name="役に立たなかった").click()
    exchange.get_by_label("気づいたこと").fill("足りません。")
    assert screen.page.evaluate(ENGLISH_LEFT) == []
    assert "submit" not in screen.page.locator("main").inner_text()


def test_the_day_stays_chosen_on_the_way_over_other_screens(screen: Screen) -> None:
    screen.choose_day("2025-06-01")
    warning = screen.page.get_by_text("今日ではない日の規定で答えます")
    expect(warning).to_be_visible()
    screen.go("文書")
    screen.go("質問")
    expect(warning).to_be_visible()
    expect(screen.ask(OLD)).to_contain_text("確認時点 2025-06-01")


def test_a_click_while_an_answer_is_written_costs_nothing(browser: Browser, sample_home: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    copy_home(sample_home, home)
    with scripted_server() as script:
        script.says("【結論】1キロメートルにつき25円です。[1]「１キロメートルにつき25円」")
        script.delay_seconds = 4.0
        environment = written_by(script.url)
        with page_server(home, tmp_path / "log", **environment) as url, window(browser, url) as screen:
            box = screen.page.get_by_placeholder("知りたいことを1文で書いてください")
            box.fill(CAR)
            box.press("Enter")
            expect(screen.page.get_by_text("次の資料を読み、原文と照らして確かめています")).to_be_visible()
            expect(screen.page.get_by_text("職員の旅費に関する規則 第9条")).to_be_visible()  # sources before words
            expect(screen.page.get_by_text("25円です")).to_have_count(0)
            screen.page.get_by_role("link", name="文書", exact=True).click()
            expect(screen.page.get_by_role("heading", level=1, name="文書")).to_be_visible()
            screen.page.get_by_role("link", name="質問", exact=True).click()
            expect(screen.answered(CAR)).to_contain_text("作成方法 gpt-4.1-mini")
        assert len(script.requests) == 1


def test_the_nearest_documents_open_where_they_were_found(screen: Screen) -> None:
    exchange = screen.ask(DECLINED)
    row = exchange.locator("[class*='st-key-row-near']").filter(has_text="定例会").first
    row.get_by_role("button").click()
    source = screen.page.locator(".st-key-source")
    expect(source.locator(".kotae-passage")).to_contain_text("育児")
    source.get_by_role("button", name="これが正しい出典だった").click()
    expect(screen.page.get_by_text("「役に立たなかった」を受け付けました")).to_be_visible()


def test_two_who_judge_do_not_undo_each_other(browser: Browser, page_url: str) -> None:
    question = "病気休暇に診断書は必要ですか。"
    with window(browser, page_url) as one, window(browser, page_url) as other:
        exchange = one.ask(question)
        exchange.get_by_role("button", name="役に立った").click()
        exchange.get_by_role("button", name="送る").click()
        expect(exchange.get_by_text("受け付けました")).to_be_visible()
        for screen in (one, other):
            screen.go("評価")
        said = [
            screen.page.locator("[class*='st-key-said-']").filter(has=screen.page.get_by_role("heading", name=question))
            for screen in (one, other)
        ]
        one.choose("状態を変える", "確認中", inside=said[0])
        said[0].get_by_role("button", name="保存する").click()
        expect(said[0]).to_contain_text("（確認中）")
        said[1].get_by_label("対応の内容").fill("別の控え")
        said[1].get_by_role("button", name="保存する").click()
        expect(other.page.get_by_text("ほかの人が先に書き換えたため、保存していません。")).to_be_visible()
        one.go("文書")
        one.go("評価")
        expect(said[0]).to_contain_text("（確認中）")


def test_a_decline_names_the_office_and_offers_a_text_to_send(screen: Screen) -> None:
    exchange = screen.ask(DECLINED)
    expect(exchange.get_by_text("お答えできません")).to_be_visible()
    office = exchange.locator(".kotae-office")
    expect(office).to_contain_text("内線")
    department = office.inner_text().partition("（内線")[0]
    text = exchange.get_by_test_id("stCode").inner_text()
    assert f"{department} 御中" in text
    assert DECLINED in text
    assert "令和8年" in text
    exchange.get_by_role("button", name="（1）開く").click()
    expect(screen.page.locator(".st-key-source .kotae-passage")).not_to_be_empty()


def test_an_earlier_conversation_is_found_again_by_its_words(browser: Browser, page_url: str) -> None:
    with window(browser, page_url) as screen:
        screen.ask(CAR)
        screen.page.get_by_role("button", name="新しい質問").click()
        expect(screen.page.get_by_text("たとえば、こんなときに")).to_be_visible()
        screen.ask("年次休暇は何日ですか。")
    with window(browser, page_url) as screen:  # another browser of the same user
        screen.page.get_by_role("button", name="これまでの質問").click()
        screen.page.get_by_label("質問や答えの語でさがす").fill("車賃 25円")
        screen.page.keyboard.press("Enter")
        screen.still()
        screen.page.get_by_role("button", name="このやり取りを開く").click()
        screen.answered(CAR)
        expect(screen.page.get_by_role("heading", name="年次休暇は何日ですか。")).to_have_count(0)


def test_an_example_is_asked_at_a_press(screen: Screen) -> None:
    examples = screen.page.locator("[class*='st-key-example-'] button")
    expect(examples).to_have_count(15)
    question = examples.nth(4).inner_text()
    examples.nth(4).click()
    expect(screen.answered(question).get_by_text("結論")).to_be_visible()


def test_the_keyboard_alone_is_enough(screen: Screen) -> None:
    page = screen.page
    walk(screen, lambda: page.evaluate("document.activeElement.tagName") == "TEXTAREA")
    page.keyboard.type(CAR)
    page.keyboard.press("Enter")
    screen.answered(CAR)
    walk(screen, lambda: focused(screen) == "［1］原文")
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-source mark")).to_be_visible()
    walk(screen, lambda: focused(screen) == "役に立った")
    page.keyboard.press("Space")
    walk(screen, lambda: focused(screen) == "送る")
    page.keyboard.press("Enter")
    expect(page.get_by_text("「役に立った」を受け付けました")).to_be_visible()


def walk(screen: Screen, arrived: object) -> None:
    """Press Tab until arrived; every stop on the way must be visible as such."""
    assert callable(arrived)
    for _ in range(60):
        screen.page.keyboard.press("Tab")
        if arrived():
            return
    raise AssertionError("never arrived")


def focused(screen: Screen) -> str:
    return str(screen.page.evaluate("document.activeElement.innerText || ''")).strip()


def test_a_phone_shows_answer_and_source_without_scrolling_sideways(browser: Browser, page_url: str) -> None:
    with window(browser, page_url, size=PHONE, has_touch=True) as screen:
        assert screen.overflow() <= 0
        exchange = screen.ask(CAR)
        exchange.get_by_role("button", name="［1］原文").tap()
        source = screen.page.locator(".st-key-source")
        source.locator("mark").scroll_into_view_if_needed()
        expect(source.locator("mark")).to_be_in_viewport()
        assert screen.overflow() <= 0
        for name in ("文書", "評価"):
            screen.go(name)
            assert screen.overflow() <= 0


def test_a_rule_shows_its_contents_its_versions_and_its_words(screen: Screen) -> None:
    page = screen.page
    screen.go("文書")
    expect(page.get_by_text("39件のうち39件")).to_be_visible()
    screen.choose("種類", "規程")
    expect(page.get_by_text("39件のうち14件")).to_be_visible()
    screen.choose("中を見る文書", "職員の旅費に関する条例（2026-04-01〜）")
    expect(page.get_by_role("heading", name="職員の旅費に関する条例", exact=True)).to_be_visible()
    expect(page.get_by_text("第二章 内国旅行の旅費")).to_be_visible()
    expect(page.get_by_role("cell", name="今日の施行版、開いている版")).to_be_visible()
    article = page.locator("details").filter(has_text="第17条（宿泊手当）")
    expect(article.locator(".kotae-lines")).to_be_hidden()
    article.locator("summary").click()
    expect(article.locator(".kotae-lines")).to_be_visible()
    page.get_by_role("button", name="新旧を比べる").click()
    row = page.get_by_role("row").filter(has_text="第17条（変更）")
    expect(row.locator("mark").first).to_be_visible()
    expect(row.get_by_role("cell").nth(1)).to_contain_text("日当")
    expect(row.get_by_role("cell").nth(2)).to_contain_text("宿泊手当")
    assert screen.overflow() <= 0
    page.get_by_role("button", name="この版を開く").click()
    expect(page.get_by_text("2000-04-01〜2026-03-31").first).to_be_visible()
    page.get_by_label("この文書の中をさがす").fill("日当")
    page.keyboard.press("Enter")
    screen.still()
    expect(page.locator("details[open]").first).to_contain_text("日当")


def test_the_last_ingest_is_shown_with_every_warning(screen: Screen) -> None:
    screen.go("文書")
    screen.page.get_by_text("最後の取込結果").click()
    expect(screen.page.get_by_text("追加 39、変更 0")).to_be_visible()
    row = screen.page.get_by_role("row").filter(has_text="非表示のシート『作業用（旧回答）』")
    expect(row.get_by_role("cell", name="FAQ/庁内FAQ.xlsx")).to_be_visible()


def test_the_runs_show_what_got_worse_before_anything_else(
    browser: Browser, sample_home: Path, tmp_path: Path, kotae: Kotae
) -> None:
    home = tmp_path / "home"
    copy_home(sample_home, home)
    cases = tmp_path / "問題集.jsonl"
    expected = {"points": ["25円"]}
    lines = [{"id": f"c{number}", "question": CAR, "expect": expected, "tags": ["旅費"]} for number in range(4)]
    cases.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    assert kotae("--home", home, "eval", "answers", cases, "--out", home / "runs/20261101-090000-前").status == 0
    later = home / "runs/20261102-090000-後"
    shutil.copytree(home / "runs/20261101-090000-前", later)
    spoil(later, "c2")
    with page_server(home, tmp_path / "log") as url, window(browser, url) as screen:
        screen.go("評価")
        shown = screen.page.locator("main").inner_text()
        assert "悪くなった問い（1件）" in shown
        assert shown.index("悪くなった問い") < shown.index("よくなった問い") < shown.index("タグごとの結果")
        expect(screen.page.get_by_role("row", name=f"c2 {CAR} 要点がありません。").first).to_be_visible()
        row = screen.page.get_by_role("region", name="タグごとの結果").get_by_role("row").filter(has_text="旅費")
        expect(row).to_have_text("旅費4375.0%30.1〜95.4%00")


def spoil(run: Path, case: str) -> None:
    """Let a case of a run not pass, and the run begin a day later."""
    results = [json.loads(line) for line in (run / "cases.jsonl").read_text(encoding="utf-8").splitlines()]
    for result in results:
        if result["id"] == case:
            result["scores"]["passed"] |= {"value": 0.0, "explanation": "要点がありません。"}
    text = "".join(json.dumps(result, ensure_ascii=False) + "\n" for result in results)
    (run / "cases.jsonl").write_text(text, encoding="utf-8")
    config = json.loads((run / "run.json").read_text(encoding="utf-8"))
    config["started"] = "2099-11-02T09:00:00+09:00"
    (run / "run.json").write_text(json.dumps(config, ensure_ascii=False), encoding="utf-8")


def test_the_whole_document_opens_at_the_cited_place(screen: Screen) -> None:
    exchange = screen.ask(CAR)
    exchange.get_by_role("button", name="［2］原文").click()
    screen.page.get_by_role("button", name="文書全体を開く").click()
    expect(screen.page.get_by_role("heading", level=1, name="文書")).to_be_visible()
    expect(screen.page.locator("details[open] summary")).to_contain_text("第9条")


def test_a_user_without_the_role_sees_no_scores_and_only_what_he_may_read(
    browser: Browser, sample_home: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    copy_home(sample_home, home)
    rows = "user,name,department,groups,max_level,role\nshokuin,職員,総務部,,2,staff\n"
    (home / "directory.csv").write_text(rows, encoding="utf-8")
    with (
        page_server(home, tmp_path / "log", "--as", "shokuin") as url,
        window(browser, url) as screen,
    ):
        expect(screen.page.get_by_role("link", name="評価", exact=True)).to_have_count(0)
        screen.go("文書")
        expect(screen.page.get_by_text("32件のうち32件")).to_be_visible()
        expect(screen.page.get_by_text("懲戒処分の標準例")).to_have_count(0)


NOTICE = ROOT / "ingest/samples/mihon/質問通告/令和8年12月定例会_架空由美.docx"


def test_a_notice_becomes_word_files_that_hold_what_a_person_wrote(browser: Browser, page_url: str) -> None:
    with window(browser, page_url, size=(1366, 768), accept_downloads=True) as screen:
        page = screen.page
        screen.go("答弁案")
        page.locator("input[type=file]").set_input_files(NOTICE)
        expect(page.get_by_text("から 14 問を読み取りました。")).to_be_visible()
        expect(page.get_by_label("議会の名前")).to_have_value("令和8年12月みほん県議会定例会")
        expect(page.get_by_role("region", name="読み取った質問").get_by_role("row")).to_have_count(15)
        page.get_by_role("button", name="すべての答弁案を作る").click()
        expect(page.get_by_role("button", name="通告の一覧に戻る")).to_be_visible()
        screen.page.get_by_role("link", name="文書", exact=True).click()  # the run goes on without its page
        expect(page.get_by_role("heading", level=1, name="文書")).to_be_visible()
        page.get_by_role("link", name="答弁案", exact=True).click()
        expect(page.get_by_text("14問を終えました。")).to_be_visible()
        expect(page.locator("[class*='st-key-row-item-']")).to_have_count(14)
        assert screen.overflow() <= 0
        row = page.locator(".st-key-row-item-1")
        row.locator("summary").click()
        expect(row.locator("details")).to_contain_text("宿泊税について")
        row.get_by_role("button", name="［1］開く").click()
        expect(page.get_by_text("宿泊税についてお答えいたします。")).to_be_visible()
        page.get_by_role("button", name="［1］原文").first.click()
        expect(page.locator(".st-key-source mark")).to_contain_text("検討会議の報告を本年11月を目途に")
        page.get_by_role("button", name="答弁を直す").click()
        page.get_by_label("第2段落（取組・理由）").fill("宿泊税は、99の市町村で導入いたします。")
        page.get_by_role("button", name="直して確かめる").click()
        expect(page.get_by_text(re.compile("第2版（"))).to_be_visible()
        expect(page.locator(".st-key-draft-paragraph-1")).to_contain_text("要確認")
        expect(page.locator(".st-key-draft-paragraph-1")).to_contain_text("数が原文にない")
        with page.expect_download() as download:
            page.get_by_role("button", name="答弁書（Word）").click()
        assert download.value.suggested_filename == "001_問1(1)_架空由美.docx"
        assert "宿泊税は、99の市町村で導入いたします。" in words_of(Path(download.value.path()).read_bytes())
        page.get_by_role("button", name="問いの一覧に戻る").click()
        with page.expect_download() as download:
            page.get_by_role("button", name="すべて（zip）").click()
        with zipfile.ZipFile(download.value.path()) as archive:
            assert len(archive.namelist()) == 15
        assert page.evaluate(ENGLISH_LEFT) == []
        page.get_by_role("button", name="通告の一覧に戻る").click()
        expect(page.get_by_text("14問のうち案のあるもの 14")).to_be_visible()
        expect(page.get_by_text("per file")).to_have_count(0)


def words_of(word: bytes) -> str:
    file = docx.Document(io.BytesIO(word))
    cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    return "\n".join([*cells, *(each.text for each in file.paragraphs)])
