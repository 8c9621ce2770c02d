"""The screen 答弁案: import, grid, one sheet, edit and check again, export; and whose drafts they are."""

from __future__ import annotations

import io
import json
import threading
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from rag.assembly.item import Check, Finding, Notice, Severity, Stance
from rag.domain import Audience, Reader
from rag.drafting.rechecking import Edited
from rag.drafting.story import Drafter
from rag.errors import CasesError, ModelSetupError, NotFoundError
from rag.safety.directory import find_reader
from rag.wiring import Home, open_home
from ui import shared_home
from ui.draft_files import overview_file, template_file, word_file, zip_file
from ui.draft_state import STATE, DraftState
from ui.draft_writing import DraftWriting
from ui.drafting import DraftRun
from ui.drafts import KeptDraft, draft_id, find_draft, folder_of, keep_draft, kept_drafts, open_run, rows_of
from ui.importing import probable_day, read_imported
from ui.views.draft_edit import LONGEST
from ui.words import draft as report_words
from ui.words import drafts as words

NOTICE = (
    "令和8年12月みほん県議会定例会　発言通告書（一般質問）\n\n議席番号　12番　想定健議員\n\n"
    "1　宿泊税について\n（1）宿泊税の導入についてどのように考えるのか、知事に伺う。（知事）\n"
    "（2）避難所の冷房の今後の目標について伺う。（知事）\n"
)
DIRECTORY = (
    "user,name,department,groups,max_level,role\n"
    "kanko,観光課員,商工労働部観光課,,2,staff\n"
    "douryou,観光課の同僚,商工労働部 観光課,,2,staff\n"
    "jinji,人事課員,総務部人事課,,2,staff\n"
    "kanri,管理者,総務部情報課,,2,admin\n"
    "shinjin,新人,商工労働部観光課,,1,staff\n"
    "hitori,所属なし,,,2,staff\n"
)
DAY = date(2026, 12, 10)
PATIENCE_SECONDS = 60


def screen() -> None:
    from ui.views import drafts

    drafts.show()


@pytest.fixture(autouse=True)
def nothing_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_home, "_current", None)


@pytest.fixture
def staffed(own_sample: Path) -> Path:
    (own_sample / "directory.csv").write_text(DIRECTORY, encoding="utf-8")
    return own_sample


def reader_named(home: Home, user: str | None) -> Reader:
    return find_reader(home.path, user, levels=home.settings.levels.order)


def opened(path: Path, user: str | None) -> AppTest:
    shared_home.share(path, user)
    return AppTest.from_function(screen, default_timeout=PATIENCE_SECONDS).run()


def drawn(app: AppTest) -> str:
    assert not app.exception
    return "\n".join(each.proto.body for each in app.get("html"))


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def settled(app: AppTest) -> AppTest:
    """The page when no run is on its way any more."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while any(not each.progress.is_over for each in shared_home.shared_home()._draftings.values()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return app.run()


def imported(app: AppTest, text: str = NOTICE) -> AppTest:
    return app.file_uploader(key="draft-notice").upload("通告.txt", text.encode(), "text/plain").run()


def drafted(path: Path, user: str | None, text: str = NOTICE) -> tuple[Home, Reader, KeptDraft]:
    """A notice that this user took in, drafted whole."""
    home = open_home(path)
    reader = reader_named(home, user)
    notice = read_imported("通告.txt", text.encode(), home.settings.ingest).notice
    kept = keep_draft(
        home.path,
        KeptDraft(
            id=draft_id(reader, text.encode(), DAY),
            notice=notice,
            sitting=notice.sitting,
            day=DAY,
            stance=Stance.AS_BEFORE,
            user=reader.user,
            name=reader.name,
            department=reader.department,
            made_at=datetime.now().astimezone(),
        ),
    )
    bulk(home, reader, kept)
    return home, reader, kept


def bulk(home: Home, reader: Reader, kept: KeptDraft) -> tuple[DraftRun, list[Any]]:
    run = open_run(home, reader, kept)
    return run, list(run.run(run.plan(), lambda *_: None))


# --- import, grid, item, edit, export ----------------------------------------------------------------


def test_a_notice_is_read_before_anything_is_drafted_and_then_drafted_whole(own_sample: Path) -> None:
    app = opened(own_sample, None)
    assert words.KEPT_NONE in drawn(app)
    imported(app)
    shown = drawn(app)
    assert "2 問を読み取りました" in shown
    assert "宿泊税の導入についてどのように考えるのか" in shown
    assert not (own_sample / "drafts").exists()
    assert app.text_input(key="draft-sitting").value == "令和8年12月みほん県議会定例会"
    assert app.selectbox(key="draft-stance").value == "現状維持"
    app.date_input(key="draft-day").set_value(DAY)
    app.button(key="draft-make").click().run()
    settled(app)
    shown = drawn(app)
    assert "2問を終えました" in shown
    assert shown.count("<details") == 2
    assert "商工労働部" in shown
    app.button(key="item-1").click().run()
    shown = drawn(app)
    assert "宿泊税についてお答えいたします。" in shown
    assert words.PAST in shown
    assert any(label == "［1］原文" for label in labels(app))
    app.button(key="items-back").click().run()
    app.button(key="drafts-back").click().run()
    assert "2問のうち案のあるもの 2、要対応 " in drawn(app)
    app.button(key="draft-1").click().run()
    assert "［1］開く" in labels(app)


def test_what_is_no_notice_is_told_and_nothing_is_kept(own_sample: Path) -> None:
    app = imported(opened(own_sample, None), "令和8年12月定例会　質問通告書\n\n議席番号　3番\n")
    assert "質問が見つかりません" in drawn(app)
    assert "draft-make" not in [button.key for button in app.button]
    assert not (own_sample / "drafts").exists()


def test_a_warning_of_the_notice_stands_above_its_items(own_sample: Path) -> None:
    app = imported(opened(own_sample, None), NOTICE.replace("（2）", "（3）"))
    shown = drawn(app)
    assert words.WARNINGS in shown
    assert shown.index(words.WARNINGS) < shown.index(words.ITEMS)


def test_a_source_opens_beside_the_sheet_with_the_quote_marked(own_sample: Path) -> None:
    drafted(own_sample, None)
    app = opened(own_sample, None)
    app.button(key="draft-1").click().run()
    app.button(key="item-1").click().run()
    [first, *_] = [button for button in app.button if button.label == "［1］原文"]
    first.click().run()
    shown = drawn(app)
    assert "<mark>" in shown
    assert "黄色の部分が、引用した箇所です。" in shown
    app.button(key="close-source").click().run()
    assert "<mark>" not in drawn(app)


class Poisoned:
    """The writer inside, that fails for one item until it is healed."""

    def __init__(self, inside: Any) -> None:
        self.inside, self.name, self.prompt = inside, inside.name, inside.prompt
        self.written: list[str] = []
        self.is_ill = True

    def write(self, request: Any) -> Any:
        self.written.append(request.item.label)
        if self.is_ill and request.item.label == "問1(2)":
            raise ZeroDivisionError
        return self.inside.write(request)


def test_an_item_that_fails_fails_alone_says_why_and_is_drafted_when_the_rest_is(
    own_sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: Callable[[Home, Reader], Drafter] = Home.drafter
    writers: list[Poisoned] = []

    def poisoned(home: Home, reader: Reader) -> Drafter:
        maker = made(home, reader)
        writers[:] = writers or [Poisoned(maker.inside)]
        return replace(maker, writer=writers[0], inside=writers[0])

    monkeypatch.setattr(Home, "drafter", poisoned)
    app = imported(opened(own_sample, None))
    app.button(key="draft-make").click().run()
    settled(app)
    shown = drawn(app)
    assert "書けなかったものが 1 問あります" in shown
    assert "書けませんでした。予期しない不具合です（ZeroDivisionError）" in shown
    assert shown.count("未作成") == 1
    writers[0].is_ill = False
    writers[0].written.clear()
    app.button(key="draft-rest").click().run()
    settled(app)
    assert writers[0].written == ["問1(2)"]
    assert "未作成" not in drawn(app)


class Paid:
    """A language model whose texts cost something; it waits until it is let go."""

    concurrency = 3

    def __init__(self, inside: Any) -> None:
        self.inside, self.name, self.prompt = inside, "gpt-4.1-mini", inside.prompt
        self.written: list[str] = []
        self.may_go = threading.Event()

    def asked_text(self, request: Any) -> str:
        return request.item.text * 50

    def write(self, request: Any) -> Any:
        self.written.append(request.item.label)
        assert self.may_go.wait(PATIENCE_SECONDS)
        return self.inside.write(request)


@pytest.fixture
def paid(monkeypatch: pytest.MonkeyPatch) -> list[Paid]:
    """The language model of every run, once one has begun."""
    made: Callable[[Home, Reader], Drafter] = Home.drafter
    writers: list[Paid] = []

    def costly(home: Home, reader: Reader) -> Drafter:
        maker = made(home, reader)
        writers[:] = writers or [Paid(maker.inside)]
        return replace(
            maker, writer=writers[0], settings=maker.settings.model_copy(update={"concurrency": Paid.concurrency})
        )

    monkeypatch.setattr(Home, "drafter", costly)
    monkeypatch.setenv("KOTAE_CHAT__PRICE_PER_MILLION_INPUT_TOKENS", "4")
    monkeypatch.setenv("KOTAE_CHAT__PRICE_PER_MILLION_OUTPUT_TOKENS", "16")
    return writers


def waiting() -> DraftWriting:
    """The run that waits for the word to send what it told."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        runs = list(shared_home.shared_home()._draftings.values())
        if runs and runs[-1].progress.estimate:
            return runs[-1]
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_nothing_is_sent_to_a_language_model_before_a_person_has_seen_how_much_it_is(
    own_sample: Path, paid: list[Paid]
) -> None:
    app = imported(opened(own_sample, None))
    app.button(key="draft-make").click().run()
    waiting()
    app.run()
    shown = drawn(app)
    assert "言語モデルに送る見積り: 2 問、入力 " in shown
    assert " ドル" in shown
    assert paid[0].written == []
    app.button(key="draft-no").click().run()
    settled(app)
    assert words.stopped(0, 2, is_ordered=False) in drawn(app)
    assert paid[0].written == []

    app.button(key="draft-rest").click().run()
    waiting()
    app.run()
    paid[0].may_go.set()
    app.button(key="draft-go").click().run()
    settled(app)
    assert "2問を終えました" in drawn(app)
    assert sorted(paid[0].written) == ["問1(1)", "問1(2)"]


def taken_in(path: Path, items: int) -> tuple[Home, Reader, KeptDraft]:
    """A notice of so many items that nobody has drafted."""
    more = "".join(f"（{number}）避難所の冷房の第{number}の点を伺う。（知事）\n" for number in range(3, items + 1))
    home, reader = open_home(path), reader_named(open_home(path), None)
    kept = KeptDraft(
        id=draft_id(reader, more.encode(), DAY),
        notice=read_imported("通告.txt", (NOTICE + more).encode(), home.settings.ingest).notice,
        sitting="",
        day=DAY,
        stance=Stance.AS_BEFORE,
        user=reader.user,
        name=reader.name,
        department=reader.department,
        made_at=datetime.now().astimezone(),
    )
    return home, reader, keep_draft(home.path, kept)


def test_a_run_that_is_stopped_begins_nothing_more_and_the_next_one_goes_on(own_sample: Path, paid: list[Paid]) -> None:
    served = shared_home.share(own_sample, None)
    home, reader, kept = taken_in(own_sample, 8)
    run = served.draft(kept)
    waiting().go_on()
    assert run.progress.estimate == ""
    while len(paid[0].written) < paid[0].concurrency:
        time.sleep(0.01)
    run.stop()
    paid[0].may_go.set()
    last = list(run.follow())[-1]
    assert (last.is_stopped, last.error, last.done) == (True, "", 3)
    assert len([each for each in rows_of(home, reader, kept) if each.sheet]) == len(paid[0].written) == 3
    again = served.draft(kept)
    waiting().go_on()
    assert list(again.follow())[-1].is_stopped is False
    assert all(each.sheet for each in rows_of(home, reader, kept))
    assert len(paid[0].written) == 8


def test_a_notice_that_is_to_be_drafted_otherwise_is_asked_for_anew(own_sample: Path, paid: list[Paid]) -> None:
    served = shared_home.share(own_sample, None)
    home, _, kept = taken_in(own_sample, 2)
    first = served.draft(kept)
    waiting()
    assert served.draft(kept) is first
    other = served.draft(keep_draft(home.path, replace(kept, stance=Stance.CAUTIOUS)))
    assert list(first.follow())[-1].is_stopped
    assert waiting() is other
    paid[0].may_go.set()
    other.go_on()
    assert list(other.follow())[-1].error == ""
    assert len(paid[0].written) == 2
    third = served.draft(kept)
    waiting()
    third.stop()
    assert list(third.follow())[-1].done == 0  # none of them is drafted for the stance that was asked for


def test_an_item_that_cannot_be_written_again_fails_alone(own_sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, reader, kept = drafted(own_sample, None)
    before = rows_of(home, reader, kept)
    monkeypatch.setenv("KOTAE_DRAFT__MINUTES", "0.1")
    form = own_sample / "sheet_template.docx"
    form.write_bytes(b"no Word file")
    run, outcomes = bulk(open_home(own_sample), reader, kept)
    told = run.beside(run.plan(), outcomes)
    assert {each.id for each in told} == {each.id for each in before}
    failed = [each for each in told if each.reason]
    assert failed
    assert all("Word文書（.docx）として開けません" in each.reason for each in failed)
    last = list(shared_home.share(own_sample, None).draft(kept).follow())[-1]
    assert (last.error, last.failed) == ("", {each.id: each.reason for each in failed})
    assert rows_of(home, reader, kept) == before


def test_a_run_that_cannot_begin_says_why(own_sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_home: Home, _reader: Reader) -> Drafter:
        raise ModelSetupError("OPENAI_API_KEY: ありません。環境変数で渡してください。")

    app = imported(opened(own_sample, None))
    monkeypatch.setattr(Home, "drafter", refuse)
    app.button(key="draft-make").click().run()
    settled(app)
    assert "OPENAI_API_KEY: ありません" in drawn(app)
    assert not app.button(key="draft-rest").disabled


def test_two_pages_that_draft_one_notice_share_one_run(own_sample: Path) -> None:
    _, _, kept = drafted(own_sample, None)
    served = shared_home.share(own_sample, None)
    first = served.draft(kept)
    assert served.draft(kept) is first
    assert list(first.follow())[-1].done == 2
    assert served.draft(kept) is not first


def test_an_answer_that_could_not_be_drafted_is_written_by_a_person(own_sample: Path) -> None:
    home, reader, kept = drafted(own_sample, None)
    (folder_of(home.path, kept) / STATE).unlink()
    app = opened(own_sample, None)
    app.session_state["kotae"].open_draft(kept.id)
    app.run()
    app.button(key="item-2").click().run()
    assert words.NO_ANSWER in drawn(app)
    app.button(key="draft-edit").click().run()
    app.text_area[0].set_value("避難所の冷房に取り組んでまいります。")
    app.button(key="draft-save").click().run()
    row = rows_of(home, reader, kept)[1]
    assert row.sheet is not None
    assert (row.sheet.version, row.is_edited, len(row.sheet.paragraphs)) == (1, True, 1)
    assert "根拠の引用がない" in drawn(app)


def test_a_line_of_an_earlier_version_is_read_and_one_that_was_cut_short_is_drafted_again(own_sample: Path) -> None:
    home, reader, kept = drafted(own_sample, None)
    file = folder_of(home.path, kept) / STATE
    first, second = file.read_text(encoding="utf-8").splitlines()
    old = {key: value for key, value in json.loads(first).items() if key in ("id", "key", "sheet")}
    file.write_text(json.dumps(old, ensure_ascii=False) + "\n" + second[:-40], encoding="utf-8")
    assert sum(each.sheet is not None for each in rows_of(home, reader, kept)) == 1
    _, outcomes = bulk(home, reader, kept)
    assert sorted(each.is_kept for each in outcomes) == [False, True]


RED = Finding(
    check=Check.FIGURES,
    severity=Severity.RED,
    message="「99校」は資料にありません。<b>直してください。",
    paragraph=0,
    quotes=("99校", "43校"),
)


def finding_99(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the check of figures find every 99校."""

    def with_check(home: Home, reader: Reader) -> Drafter:
        return replace(
            made(home, reader),
            check=lambda checked: [RED] if any("99校" in each.text for each in checked.paragraphs) else [],
        )

    made: Callable[[Home, Reader], Drafter] = Home.drafter
    monkeypatch.setattr(Home, "drafter", with_check)


def test_an_answer_is_edited_checked_again_at_once_and_kept_as_the_next_version(
    own_sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finding_99(monkeypatch)
    home, reader, kept = drafted(own_sample, None)
    app = opened(own_sample, None)
    app.button(key="draft-1").click().run()
    app.button(key="item-1").click().run()
    assert words.NO_FINDINGS in drawn(app)
    app.button(key="draft-edit").click().run()
    app.text_area[1].set_value("宿泊税は99校で導入いたします。")
    app.button(key="draft-save").click().run()
    shown = drawn(app)
    assert "宿泊税は99校で導入いたします。" in shown
    assert "直してください。" in shown
    assert "<b>直して" not in shown
    assert "数が原文にない" in shown
    [row, _] = rows_of(home, reader, kept)
    assert row.sheet is not None
    assert (row.sheet.version, row.is_edited, row.sheet.has_red) == (2, True, True)
    assert row.sheet.paragraphs[1].needs_confirming
    app.button(key="items-back").click().run()
    app.toggle(key="draft-red-only").set_value(True).run()
    shown = drawn(app)
    assert shown.count("<details") == 1
    assert '<span class="kotae-check">数値 </span>×' in shown
    app.button(key="item-1").click().run()
    assert app.button(key="item-next").disabled
    app.button(key="items-back").click().run()
    assert app.toggle(key="draft-red-only").value
    assert drawn(app).count("<details") == 1
    assert words.EDITED in shown


def test_an_edit_without_a_change_is_not_kept(own_sample: Path) -> None:
    home, reader, kept = drafted(own_sample, None)
    app = opened(own_sample, None)
    app.button(key="draft-1").click().run()
    app.button(key="item-1").click().run()
    app.button(key="draft-edit").click().run()
    app.button(key="draft-save").click().run()
    assert words.UNCHANGED in drawn(app)
    assert [each.sheet.version for each in rows_of(home, reader, kept) if each.sheet] == [1, 1]


def edit(home: Home, reader: Reader, kept: KeptDraft, text: str, *, version: int = 1) -> None:
    run = open_run(home, reader, kept)
    row = rows_of(home, reader, kept)[0]
    assert row.sheet is not None
    edited = [
        Edited(part=each.part, text=text if at == 1 else each.text, before=each)
        for at, each in enumerate(row.sheet.paragraphs)
    ]
    run.edit(run.plan_one(row.id), edited, version=version)


OWN = "担当者が書いた文でございます。"


def test_a_later_run_with_nothing_changed_keeps_what_a_person_wrote(own_sample: Path) -> None:
    home, reader, kept = drafted(own_sample, None)
    edit(home, reader, kept, OWN)
    _, outcomes = bulk(home, reader, kept)
    first = next(each for each in outcomes if each.id.endswith("問1(1)"))
    assert (first.is_kept, first.is_outdated, first.sheet.version) == (True, False, 2)
    assert OWN in [each.text for each in first.sheet.paragraphs]


def test_a_later_run_from_other_sources_keeps_it_too_and_says_so(own_sample: Path) -> None:
    home, reader, kept = drafted(own_sample, None)
    edit(home, reader, kept, OWN)
    run, outcomes = bulk(home, reader, replace(kept, stance=Stance.CAUTIOUS))
    first, second = sorted(outcomes, key=lambda each: each.id)
    assert (first.is_outdated, first.sheet.version) == (True, 2)
    assert OWN in [each.text for each in first.sheet.paragraphs]
    assert report_words.OUTDATED in first.sheet.notes
    assert OWN in text_of((run.out / first.file).read_bytes())
    assert (second.is_kept, second.sheet.version) == (False, 2)
    assert f"残した案 {first.id}" in report_words.report(outcomes, "x")
    assert [each.is_edited for each in rows_of(home, reader, kept)] == [True, False]


def test_what_the_last_run_found_changed_is_told_wherever_the_answer_is_shown_until_it_is_checked_again(
    own_sample: Path,
) -> None:
    home, reader, kept = drafted(own_sample, None)
    edit(home, reader, kept, OWN)
    kept = keep_draft(home.path, replace(kept, stance=Stance.CAUTIOUS))
    bulk(home, reader, kept)
    row = rows_of(home, reader, kept)[0]
    assert (row.is_outdated, row.sheet is not None) == (True, True)
    assert report_words.OUTDATED in text_of(word_file(home, row.sheet))
    app = opened(own_sample, None)
    app.button(key="draft-1").click().run()
    assert report_words.OUTDATED in drawn(app)
    app.button(key="item-1").click().run()
    assert drawn(app).count(report_words.OUTDATED) == 2  # above the sheet, and among its notes

    edit(home, reader, kept, f"{OWN}確かめました。", version=2)
    _, outcomes = bulk(home, reader, kept)
    row = rows_of(home, reader, kept)[0]
    assert (row.is_outdated, any(each.is_outdated for each in outcomes)) == (False, False)
    assert report_words.OUTDATED not in text_of(word_file(home, row.sheet))


def test_a_changed_setting_of_the_checks_is_checked_again_without_drafting_again(
    own_sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, reader, kept = drafted(own_sample, None)
    run, outcomes = bulk(home, reader, kept)
    before = run.beside(run.plan(), outcomes)
    assert not any(each.sheet.found_by(Check.LENGTH) for each in before)
    monkeypatch.setenv("KOTAE_DRAFT__MINUTES", "0.1")
    home = open_home(own_sample)
    run, outcomes = bulk(home, reader, kept)
    after = run.beside(run.plan(), outcomes)
    assert all(each.is_kept for each in after)
    assert any(each.sheet.found_by(Check.LENGTH) for each in after)
    rows = rows_of(home, reader, kept)
    assert [each.sheet for each in rows] == [each.sheet for each in sorted(after, key=lambda each: each.id)]
    assert [each.sheet.version for each in after] == [1, 1]


def test_a_run_that_is_on_its_way_does_not_write_over_what_a_person_wrote_meanwhile(own_sample: Path) -> None:
    home, reader, kept = drafted(own_sample, None)
    run = open_run(home, reader, replace(kept, stance=Stance.FORWARD))
    planned = run.plan()

    def slow(request: Any) -> Any:
        edit(home, reader, kept, OWN)
        return run.drafter.draft(request, sitting="")

    outcome = run.outcome(planned[0], slow)
    assert OWN in [each.text for each in outcome.sheet.paragraphs]
    row = rows_of(home, reader, kept)[0]
    assert row.sheet is not None
    assert (row.is_edited, row.sheet.version) == (True, 2)


def test_two_who_edit_the_same_version_do_not_undo_each_other(own_sample: Path) -> None:
    home, reader, kept = drafted(own_sample, None)
    edit(home, reader, kept, OWN)
    with pytest.raises(CasesError, match="ほかの人が先に直した"):
        edit(home, reader, kept, "もう一人の文でございます。", version=1)
    assert OWN in str(rows_of(home, reader, kept)[0].sheet)


def test_what_was_typed_stays_on_the_screen_when_somebody_else_edited_meanwhile(own_sample: Path) -> None:
    home, reader, kept = drafted(own_sample, None)
    app = opened(own_sample, None)
    app.button(key="draft-1").click().run()
    app.button(key="item-1").click().run()
    app.button(key="draft-edit").click().run()
    typed = "もう一人の文でございます。"
    app.text_area[1].set_value(typed).run()
    edit(home, reader, kept, OWN)
    app.button(key="draft-save").click().run()
    assert report_words.EDITED_ELSEWHERE in drawn(app)
    assert words.UNCHANGED not in drawn(app)
    assert app.text_area[1].value == typed
    app.button(key="draft-save").click().run()
    assert report_words.EDITED_ELSEWHERE in drawn(app)
    row = rows_of(home, reader, kept)[0]
    assert row.sheet is not None
    assert (row.sheet.version, row.sheet.paragraphs[1].text) == (2, OWN)
    app.button(key="draft-stop").click().run()
    assert OWN in drawn(app)
    app.button(key="draft-edit").click().run()
    assert app.text_area[1].value == OWN
    app.text_area[1].set_value(typed)
    app.button(key="draft-save").click().run()
    assert typed in drawn(app)
    row = rows_of(home, reader, kept)[0]
    assert row.sheet is not None
    assert (row.sheet.version, row.sheet.paragraphs[1].text) == (3, typed)


def test_a_paragraph_longer_than_a_field_takes_is_not_cut(own_sample: Path) -> None:
    home, reader, kept = drafted(own_sample, None)
    long = OWN * (LONGEST // len(OWN) + 2)
    edit(home, reader, kept, long)
    app = opened(own_sample, None)
    app.button(key="draft-1").click().run()
    app.button(key="item-1").click().run()
    app.button(key="draft-edit").click().run()
    assert app.text_area[1].value == long
    assert [each.max_chars for each in app.text_area[:2]] == [LONGEST, len(long)]
    app.button(key="draft-save").click().run()
    assert words.UNCHANGED in drawn(app)


def test_a_person_takes_a_mark_away_and_it_is_told(own_sample: Path) -> None:
    home, reader, kept = drafted(own_sample, None)
    run = open_run(home, reader, kept)
    row = rows_of(home, reader, kept)[0]
    assert row.sheet is not None
    assert row.sheet.paragraphs[1].needs_confirming
    edited = [Edited(part=each.part, text=each.text, before=each, is_confirmed=True) for each in row.sheet.paragraphs]
    sheet = run.edit(run.plan_one(row.id), edited, version=1)
    assert not any(each.needs_confirming for each in sheet.paragraphs)
    assert "担当者が確かめました" in sheet.paragraphs[1].changes


def text_of(data: bytes) -> str:
    file = docx.Document(io.BytesIO(data))
    cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    return "\n".join([*cells, *(each.text for each in file.paragraphs)])


def test_what_is_exported_holds_what_a_person_wrote(own_sample: Path) -> None:
    home, reader, kept = drafted(own_sample, None)
    edit(home, reader, kept, OWN)
    rows = rows_of(home, reader, kept)
    assert rows[0].sheet is not None
    assert OWN in text_of(word_file(home, rows[0].sheet))
    with zipfile.ZipFile(io.BytesIO(zip_file(home, kept, rows))) as archive:
        assert archive.namelist() == ["一覧.xlsx", rows[0].file, rows[1].file]
        assert OWN in text_of(archive.read(rows[0].file))
    book = openpyxl.load_workbook(io.BytesIO(overview_file(home, kept, rows)))
    assert rows[0].file in str([cell.value for row in book.worksheets[0].iter_rows() for cell in row])
    app = opened(own_sample, None)
    app.button(key="draft-1").click().run()
    assert [each.key for each in app.download_button] == ["draft-book", "draft-zip"]
    app.button(key="item-1").click().run()
    assert [each.key for each in app.download_button] == ["draft-word"]


def test_an_office_takes_the_form_away_changes_it_and_has_it_used(own_sample: Path) -> None:
    home, reader, kept = drafted(own_sample, None)
    sheet = rows_of(home, reader, kept)[0].sheet
    assert sheet is not None
    assert [each.key for each in opened(own_sample, None).download_button] == ["draft-template"]
    form = docx.Document(io.BytesIO(template_file(home)))
    form.add_paragraph("みほん県の様式")
    form.save(str(own_sample / "sheet_template.docx"))
    assert text_of(word_file(home, sheet)).endswith("みほん県の様式")
    assert template_file(home) == (own_sample / "sheet_template.docx").read_bytes()


@pytest.mark.parametrize("keeps", [True, False])
def test_paragraphs_stay_on_one_page_where_the_office_asks_for_it(
    own_sample: Path, monkeypatch: pytest.MonkeyPatch, *, keeps: bool
) -> None:
    monkeypatch.setenv("KOTAE_DRAFT__KEEP_PARAGRAPHS", str(keeps).lower())
    home, reader, kept = drafted(own_sample, None)
    sheet = rows_of(home, reader, kept)[0].sheet
    assert sheet is not None
    spoken = [
        each.paragraph_format.keep_together
        for each in docx.Document(io.BytesIO(word_file(home, sheet))).paragraphs
        if each.style is not None and each.style.name == "答弁本文"
    ]
    assert spoken == [keeps or None] * len(sheet.paragraphs)


def test_a_kept_notice_that_cannot_be_read_is_told_and_left_as_it_is(own_sample: Path) -> None:
    _, _, kept = drafted(own_sample, None)
    file = own_sample / "drafts" / kept.id / "notice.json"
    broken = file.read_bytes()[:40]
    file.write_bytes(broken)
    shown = drawn(opened(own_sample, None))
    assert "1 件は" in shown
    assert kept.id in shown
    assert words.KEPT_NONE in shown
    assert file.read_bytes() == broken


# --- rights ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("user", "sees"), [("kanko", True), ("douryou", True), ("jinji", False), ("kanri", True), ("hitori", False)]
)
def test_unpublished_drafts_are_seen_by_their_office_and_administrators_alone(
    staffed: Path, user: str, sees: bool
) -> None:
    home, _, kept = drafted(staffed, "kanko")
    assert [each.id for each in kept_drafts(home.path, reader_named(home, user))] == ([kept.id] if sees else [])
    app = opened(staffed, user)
    assert ("発言通告書" in drawn(app)) is sees
    app.session_state["kotae"].open_draft(kept.id)
    app.run()
    assert ("宿泊税の導入" in drawn(app)) is sees
    if not sees:
        assert words.GONE in drawn(app)
        assert not app.download_button
        with pytest.raises(NotFoundError, match="見つかりません"):
            find_draft(home.path, reader_named(home, user), kept.id)


def test_drafts_of_someone_without_a_department_are_his_alone(staffed: Path) -> None:
    home, reader, kept = drafted(staffed, "hitori")
    assert [each.id for each in kept_drafts(home.path, reader)] == [kept.id]
    assert kept_drafts(home.path, reader_named(home, "kanko")) == []
    assert kept_drafts(home.path, replace(reader, user="betsu")) == []


def shut(home: Home, document_ids: set[str]) -> None:
    """Let these documents be read by few from now on."""
    for document_id in document_ids:
        record = home.catalogue.document(document_id)
        home.catalogue.update_document(replace(record, audience=Audience(level="3A")))


def cited(home: Home, reader: Reader, kept: KeptDraft) -> set[str]:
    sheet = rows_of(home, reader, kept)[0].sheet
    assert sheet is not None
    return {each.citation.document_id for each in sheet.sources}


@pytest.mark.parametrize("user", ["kanko", "kanri"])
def test_an_answer_from_what_a_reader_may_not_read_is_shown_to_him_nowhere(staffed: Path, user: str) -> None:
    home, reader, kept = drafted(staffed, "kanko")
    told = "検討会議の報告を本年"
    app = opened(staffed, user)
    app.session_state["kotae"].open_draft(kept.id)
    app.run()
    app.button(key="item-1").click().run()
    assert told in drawn(app)
    shut(home, cited(home, reader, kept))
    assert told not in drawn(app.run())
    assert words.HIDDEN_WHY in drawn(app)
    assert not app.download_button
    app.button(key="items-back").click().run()
    assert words.HIDDEN in drawn(app)
    assert app.button(key="item-1").disabled
    rows = rows_of(home, reader_named(home, user), kept)
    assert rows[0].is_hidden
    with zipfile.ZipFile(io.BytesIO(zip_file(home, kept, rows))) as archive:
        assert rows[0].file not in archive.namelist()
        assert told not in str(openpyxl.load_workbook(io.BytesIO(archive.read("一覧.xlsx"))).worksheets[0]["F"])


TWICE = (
    "令和8年12月みほん県議会定例会　発言通告書（一般質問）\n\n議席番号　12番　想定健議員\n\n"
    "1　避難所の冷房の今後の目標について伺う。（知事）\n\n"
    "議席番号　15番　仮定望議員\n\n1　避難所の冷房の今後の目標について問う。（知事）\n"
)
UNLIKE = "避難所の冷房の設置は考えておりません。"


def alike(sheet: Any) -> list[Finding]:
    return [each for each in sheet.findings if each.check is Check.DUPLICATES]


def test_an_edit_is_held_against_the_other_answer_to_the_same_question_and_hidden_with_it(staffed: Path) -> None:
    home, reader, kept = drafted(staffed, "kanko", TWICE)
    first, second = rows_of(home, reader, kept)
    assert first.sheet is not None
    assert not alike(first.sheet)
    extra = next(each for each in home.catalogue.documents() if each.id not in cited(home, reader, kept))
    state = DraftState(folder_of(home.path, kept))
    state.read()
    with state.locked():
        other = state.done[second.id]
        state.put(second.id, replace(other, audiences={**other.audiences, extra.id: extra.audience}))
    edit(home, reader, kept, UNLIKE)
    row = rows_of(home, reader, kept)[0]
    assert row.sheet is not None
    assert alike(row.sheet)
    shut(home, {extra.id})
    assert [each.is_hidden for each in rows_of(home, reader, kept)] == [True, True]


def test_what_is_found_at_the_end_of_a_run_is_not_put_beside_words_that_were_written_meanwhile(
    own_sample: Path,
) -> None:
    home, reader, kept = drafted(own_sample, None, TWICE)
    run, outcomes = bulk(home, reader, kept)
    edit(home, reader, kept, OWN)
    run.state.read()
    names = [each.id for each in run.plan()]
    outcomes.sort(key=lambda each: names.index(each.id))
    sheet = outcomes[0].sheet
    unlike = replace(sheet, paragraphs=(*sheet.paragraphs[:1], replace(sheet.paragraphs[1], text=UNLIKE)))
    run.beside(run.plan(), [replace(outcomes[0], sheet=unlike), outcomes[1]])
    row = rows_of(home, reader, kept)[0]
    assert row.sheet is not None
    assert OWN in [each.text for each in row.sheet.paragraphs]
    assert not alike(row.sheet)


def test_a_run_leaves_as_it_is_what_was_drafted_from_what_its_reader_may_not_read(staffed: Path) -> None:
    home, reader, kept = drafted(staffed, "kanko")
    shut(home, cited(home, reader, kept))
    before = DraftState(folder_of(home.path, kept))
    before.read()
    run, outcomes = bulk(home, reader, replace(kept, stance=Stance.FORWARD))
    first = next(each for each in outcomes if each.id.endswith("問1(1)"))
    assert (first.sheet, first.reason) == (None, report_words.NOT_HIS)
    assert run.state.done[first.id] == before.done[first.id]
    assert run.load(run.plan(), 100).items == 0


def test_what_the_checks_were_given_counts_like_what_is_cited(staffed: Path) -> None:
    home, reader, kept = drafted(staffed, "kanko")
    state = DraftState(folder_of(home.path, kept))
    state.read()
    name = rows_of(home, reader, kept)[0].id
    record = next(each for each in home.catalogue.documents() if each.id not in state.done[name].audiences)
    assert not rows_of(home, reader, kept)[0].is_hidden
    with state.locked():
        given = {**state.done[name].audiences, record.id: record.audience}
        state.put(name, replace(state.done[name], audiences=given))
    shut(home, {record.id})
    assert rows_of(home, reader, kept)[0].is_hidden


def test_a_document_that_is_gone_hides_nothing_from_those_who_might_read_it(staffed: Path) -> None:
    home, reader, kept = drafted(staffed, "kanko")
    for document_id in cited(home, reader, kept):
        home.catalogue.remove_document(document_id)
    assert rows_of(home, reader, kept)[0].sheet is not None
    low = replace(reader, max_level="")
    assert rows_of(home, low, kept)[0].is_hidden


def test_an_unknown_or_crooked_id_leads_nowhere(own_sample: Path) -> None:
    home, reader, _ = drafted(own_sample, None)
    for wrong in ("", "..", "../drafts", "0" * 24):
        with pytest.raises(NotFoundError):
            find_draft(home.path, reader, wrong)


def test_the_day_that_is_offered_is_the_sittings_and_never_over() -> None:
    notice = Notice(title="発言通告書", sitting="令和8年12月みほん県議会定例会")
    assert probable_day(replace(notice, day=date(2026, 12, 10)), date(2026, 11, 26)) == date(2026, 12, 10)
    assert probable_day(notice, date(2026, 11, 26)) == date(2026, 12, 1)
    assert probable_day(notice, date(2026, 12, 9)) == date(2026, 12, 9)
