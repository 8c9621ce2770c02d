"""`kotae draft`: a notice becomes Word files and an overview; a run that is killed goes on, one that fails fails alone."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from rag.adapters.openai_batch import OpenAIBatch
from rag.errors import ModelBusyError
from tests.scripted import Fault, Reply, Script, scripted_server
from tests.ui.conftest import Kotae
from ui.draft_batch import RECORD
from ui.draft_state import STATE, UNREAD

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "ingest" / "samples" / "mihon" / "質問通告" / "令和8年12月定例会_架空由美.docx"
SHORT = """発言通告書
令和8年12月みほん県議会定例会
3番　架空由美（公和会）

問1　宿泊税について
(1)　導入に向けた基本的な考え方を問う。（知事）
(2)　小規模な事業者の負担の軽減について
ア　税額に応じた交付金の率をどのように考えるのか。（商工労働部長）
問2　避難所の冷房について
(1)　冷房の設置率の現状を問う。（危機管理局長）
"""
DAY = "2026-12-10"
ITEMS, ALL = 3, 14


@pytest.fixture
def server() -> Iterator[Script]:
    with scripted_server() as script:
        script.writer = honest
        yield script


@pytest.fixture(name="model")
def scripted_model(server: Script, monkeypatch: pytest.MonkeyPatch) -> Script:
    """The settings point to a scripted language model that may read everything."""
    monkeypatch.setenv("KOTAE_CHAT__PROVIDER", "openai")
    monkeypatch.setenv("KOTAE_CHAT__BASE_URL", f"{server.url}/v1")
    monkeypatch.setenv("KOTAE_CHAT__ATTEMPTS", "1")
    monkeypatch.setenv("KOTAE_EGRESS__LEVEL", "3B")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    return server


def asked(body: Mapping[str, Any]) -> str:
    return str(body["messages"][-1]["content"])


def honest(body: Mapping[str, Any]) -> str:
    """Copy the first whole sentence of the first piece of evidence."""
    text = asked(body)
    evidence = text.split("[1] ", 1)[-1].split("\n", 1)[-1]
    sentence = next(line for line in re.findall(r"[^。\n]{12,}。", evidence))
    return f"【確認】お答えいたします。\n【現状】{sentence}[1]「{sentence}」"


def run(kotae: Kotae, home: Path, out: Path, *more: str | Path) -> Any:
    """Draft a short notice."""
    notice = out.parent / "通告.txt"
    notice.write_text(SHORT, encoding="utf-8")
    return kotae("--home", home, "draft", notice, "--out", out, "--day", DAY, *more)


def state(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / STATE).read_text(encoding="utf-8").splitlines()]


def test_without_a_language_model_every_item_has_a_word_file_and_a_row(
    sample_home: Path, tmp_path: Path, kotae: Kotae
) -> None:
    ended = kotae("--home", sample_home, "draft", SAMPLE, "--out", tmp_path, "--day", DAY, "--json")
    items = ended.value["items"]
    assert len(items) == ALL
    assert items[0].keys() == {"id", "status", "coverage", "problems", "file", "seconds"}
    assert ended.status in (0, 3)
    assert [each["id"] for each in items][:2] == ["架空由美_問1(1)", "架空由美_問1(2)ア"]
    text = "\n".join(
        cell.text
        for table in docx.Document(str(tmp_path / items[0]["file"])).tables
        for row in table.rows
        for cell in row.cells
    )
    paragraphs = "\n".join(each.text for each in docx.Document(str(tmp_path / items[0]["file"])).paragraphs)
    assert "宿泊税についてお答えいたします。" in text + paragraphs
    assert "令和8年6月定例会" in text + paragraphs
    book = openpyxl.load_workbook(tmp_path / "一覧.xlsx")
    names = {str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row}
    assert "問1(2)ア" in names or any("問1(2)ア" in name for name in names)


def test_a_second_run_redoes_nothing_and_another_stance_everything(
    sample_home: Path, tmp_path: Path, kotae: Kotae, model: Script
) -> None:
    run(kotae, sample_home, tmp_path)
    assert len(model.requests) == ITEMS
    ended = run(kotae, sample_home, tmp_path)
    assert len(model.requests) == ITEMS
    assert f"うち {ITEMS} 問は、前回から変わりがない" in ended.err
    run(kotae, sample_home, tmp_path, "--stance", "慎重")
    assert len(model.requests) == 2 * ITEMS
    assert {entry["sheet"]["version"] for entry in state(tmp_path)[ITEMS:]} == {2}


def test_a_word_file_that_was_lost_is_written_again_without_the_model(
    sample_home: Path, tmp_path: Path, kotae: Kotae, model: Script
) -> None:
    items = run(kotae, sample_home, tmp_path, "--json").value["items"]
    (tmp_path / items[1]["file"]).unlink()
    run(kotae, sample_home, tmp_path)
    assert (tmp_path / items[1]["file"]).exists()
    assert len(model.requests) == ITEMS


def test_a_poisoned_item_fails_alone_and_is_tried_again(
    sample_home: Path, tmp_path: Path, kotae: Kotae, model: Script
) -> None:
    poison = "税額に応じた交付金の率"

    def poisoned(body: Mapping[str, Any]) -> str | Reply:
        return Reply(fault=Fault.SERVER_ERROR) if f"質問：{poison}" in asked(body) else honest(body)

    model.writer = poisoned
    ended = run(kotae, sample_home, tmp_path, "--json")
    failed = [each for each in ended.value["items"] if each["status"] == "failed"]
    assert [each["id"] for each in failed] == ["架空由美_問1(2)ア"]
    assert failed[0]["problems"][0]
    assert ended.status == 3
    model.writer = honest
    model.requests.clear()
    again = run(kotae, sample_home, tmp_path, "--json")
    assert len(model.requests) == 1
    assert all(each["status"] != "failed" for each in again.value["items"])


def test_where_every_item_fails_the_command_fails(
    sample_home: Path, tmp_path: Path, kotae: Kotae, model: Script
) -> None:
    model.fails(Fault.BAD_KEY)
    ended = run(kotae, sample_home, tmp_path, "--json")
    assert ended.status == 1
    assert {each["status"] for each in ended.value["items"]} == {"failed"}


def test_a_line_that_a_kill_cut_short_is_drafted_again(
    sample_home: Path, tmp_path: Path, kotae: Kotae, model: Script
) -> None:
    run(kotae, sample_home, tmp_path)
    whole = (tmp_path / STATE).read_bytes()
    (tmp_path / STATE).write_bytes(whole[: len(whole) - 40])
    run(kotae, sample_home, tmp_path)
    assert len(model.requests) == ITEMS + 1
    assert len({entry["id"] for entry in state(tmp_path)}) == ITEMS


def test_a_whole_line_that_this_version_cannot_read_is_set_aside_and_never_lost(
    sample_home: Path, tmp_path: Path, kotae: Kotae, model: Script, caplog: pytest.LogCaptureFixture
) -> None:
    run(kotae, sample_home, tmp_path)
    first, *others = (tmp_path / STATE).read_bytes().splitlines()
    foreign = json.dumps({**json.loads(first), "key": None, "is_edited": True}, ensure_ascii=False).encode()
    (tmp_path / STATE).write_bytes(b"\n".join([*others, foreign, first[:-40]]))
    for _ in range(2):
        run(kotae, sample_home, tmp_path)
    assert (tmp_path / UNREAD).read_bytes() == foreign + b"\n"
    assert "この版では読み取れない答弁案が1件あります" in caplog.text
    assert len(model.requests) == ITEMS + 1
    (tmp_path / STATE).write_bytes(b"\n".join([*others, foreign]))  # whole, but for its end
    (tmp_path / UNREAD).write_bytes(foreign[:40])
    run(kotae, sample_home, tmp_path)
    assert (tmp_path / UNREAD).read_bytes() == foreign[:40] + b"\n" + foreign + b"\n"


def test_what_is_killed_goes_on_and_asks_again_only_for_what_was_on_its_way(
    sample_home: Path, tmp_path: Path, kotae: Kotae, model: Script
) -> None:
    model.delay_seconds = 0.6
    command = [
        sys.executable,
        "-m",
        "ui.cli",
        "--home",
        str(sample_home),
        "draft",
        str(SAMPLE),
        "--out",
        str(tmp_path),
        "--day",
        DAY,
    ]
    environment = os.environ | {"KOTAE_DRAFT__CONCURRENCY": "2"}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        deadline = time.monotonic() + 90
        while not (tmp_path / STATE).exists() or len((tmp_path / STATE).read_text(encoding="utf-8").splitlines()) < 3:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        running.send_signal(signal.SIGKILL)
    model.delay_seconds = 0.0
    ended = kotae("--home", sample_home, "draft", SAMPLE, "--out", tmp_path, "--day", DAY, "--json")
    assert len(ended.value["items"]) == ALL
    assert len(model.requests) <= ALL + 2
    assert sorted({entry["id"] for entry in state(tmp_path)}) == sorted(each["id"] for each in ended.value["items"])


def test_a_batch_writes_the_same_in_one_order_and_a_kill_does_not_order_twice(
    sample_home: Path, tmp_path: Path, kotae: Kotae, model: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(kotae, sample_home, tmp_path / "one")
    monkeypatch.setenv("KOTAE_DRAFT__BATCH", "true")
    monkeypatch.setenv("KOTAE_DRAFT__POLL_SECONDS", "0.01")
    run(kotae, sample_home, tmp_path / "batch")
    texts = [
        {entry["id"]: [each["text"] for each in entry["sheet"]["paragraphs"]] for entry in state(tmp_path / name)}
        for name in ("one", "batch")
    ]
    assert texts[0] == texts[1]
    assert len(model.batches) == 1
    assert model.files == {}


def test_what_an_order_on_its_way_holds_is_taken_though_other_items_have_come(
    sample_home: Path, tmp_path: Path, kotae: Kotae, model: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOTAE_DRAFT__BATCH", "true")
    monkeypatch.setenv("KOTAE_DRAFT__POLL_SECONDS", "0.01")
    model.batch_faults.extend([Fault.NONE, Fault.NONE, Fault.RATE_LIMIT])
    run(kotae, sample_home, tmp_path)
    record = json.loads((tmp_path / RECORD).read_text(encoding="utf-8"))
    first = record["items"][0]
    record["items"] = [each for each in record["items"] if each != first]  # as if it had come after the order
    (tmp_path / RECORD).write_text(json.dumps(record), encoding="utf-8")
    ended = run(kotae, sample_home, tmp_path, "--json")
    assert "failed" not in {each["status"] for each in ended.value["items"]}
    assert len(model.batches) == 2
    assert [each["request_counts"]["total"] for each in model.batches.values()][1] == 1
    assert model.files == {}


def test_an_order_that_could_not_be_deleted_is_deleted_by_the_next_run(
    sample_home: Path, tmp_path: Path, kotae: Kotae, model: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOTAE_DRAFT__BATCH", "true")
    monkeypatch.setenv("KOTAE_DRAFT__POLL_SECONDS", "0.01")
    whole = OpenAIBatch.discard

    def refused(_batch: OpenAIBatch, _id: str) -> None:
        raise ModelBusyError("混み合っています。")

    monkeypatch.setattr(OpenAIBatch, "discard", refused)
    run(kotae, sample_home, tmp_path)
    assert (len(model.batches), bool(model.files), (tmp_path / RECORD).exists()) == (1, True, True)
    monkeypatch.setattr(OpenAIBatch, "discard", whole)
    run(kotae, sample_home, tmp_path)
    assert (len(model.batches), model.files, (tmp_path / RECORD).exists()) == (1, {}, False)


def test_what_an_order_on_its_way_holds_is_not_estimated_again(
    sample_home: Path, tmp_path: Path, kotae: Kotae, model: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOTAE_DRAFT__BATCH", "true")
    monkeypatch.setenv("KOTAE_DRAFT__POLL_SECONDS", "0.01")
    model.batch_faults.extend([Fault.NONE, Fault.NONE, Fault.RATE_LIMIT])
    assert "見積り" in run(kotae, sample_home, tmp_path).err
    assert (tmp_path / RECORD).exists()
    assert "見積り" not in run(kotae, sample_home, tmp_path).err
    assert len(model.batches) == 1


@pytest.mark.parametrize("lost", ["batch", "file", "text"])
def test_a_batch_that_is_gone_is_ordered_anew_once_and_one_that_may_come_is_kept(
    sample_home: Path, tmp_path: Path, kotae: Kotae, model: Script, monkeypatch: pytest.MonkeyPatch, lost: str
) -> None:
    monkeypatch.setenv("KOTAE_DRAFT__BATCH", "true")
    monkeypatch.setenv("KOTAE_DRAFT__POLL_SECONDS", "0.01")
    for fault in (Fault.RATE_LIMIT, Fault.BROKEN_JSON):
        model.batch_faults.extend([*[Fault.NONE] * (0 if model.batches else 2), fault])
        run(kotae, sample_home, tmp_path)
        assert len(model.batches) == 1
        assert (tmp_path / RECORD).exists()
    before = model.batches["batch_1"]
    if lost == "batch":
        model.batches["batch_hidden"] = model.batches.pop("batch_1")  # stays, so that no number is given twice
    elif lost == "file":
        del model.files[before["input_file_id"]]
        before |= {"status": "completed"}
    else:
        model.files["file-broken"] = b"{"
        before |= {"status": "completed", "output_file_id": "file-broken"}
    ended = run(kotae, sample_home, tmp_path, "--json")
    assert "failed" not in {each["status"] for each in ended.value["items"]}
    assert len(model.batches) == 2
    assert not (tmp_path / RECORD).exists()


def test_a_notice_that_holds_no_question_is_told(sample_home: Path, tmp_path: Path, kotae: Kotae) -> None:
    (tmp_path / "空.txt").write_text("令和8年12月定例会　質問通告書\n\n議席番号　3番\n", encoding="utf-8")
    ended = kotae("--home", sample_home, "draft", tmp_path / "空.txt", "--out", tmp_path / "out")
    assert ended.status == 1
    assert "質問が見つかりません" in ended.err


@pytest.mark.usefixtures("model")
def test_what_may_be_sent_is_estimated_before(
    sample_home: Path, tmp_path: Path, kotae: Kotae, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOTAE_CHAT__PRICE_PER_MILLION_INPUT_TOKENS", "0.4")
    monkeypatch.setenv("KOTAE_CHAT__PRICE_PER_MILLION_OUTPUT_TOKENS", "1.6")
    told = run(kotae, sample_home, tmp_path).err
    assert re.search(r"3 問、入力 [\d,]+ トークン、出力は多くて 4,500 トークン、料金は多くて 0\.\d\d ドル", told)
    assert "見積り" not in run(kotae, sample_home, tmp_path).err


def test_items_that_ask_the_same_and_are_not_answered_alike_are_red(
    sample_home: Path, tmp_path: Path, kotae: Kotae, model: Script
) -> None:
    notice = tmp_path / "通告.csv"
    rows = (
        "議員,番号,質問の要旨,答弁者",
        "架空由美,1,避難所の冷房の設置率の現状を問う。,知事",
        "例示花子,1,避難所の冷房の設置率の現状を伺う。,知事",
    )
    notice.write_text("\n".join(rows), encoding="utf-8")

    def differently(body: Mapping[str, Any]) -> str:
        will = "冷房の設置に取り組んでまいります。" if "現状を問う" in asked(body) else "冷房の設置は考えておりません。"
        return f"{honest(body)}\n【取組】避難所の{will}"

    model.writer = differently
    items = kotae("--home", sample_home, "draft", notice, "--out", tmp_path / "out", "--day", DAY, "--json").value[
        "items"
    ]
    told = [[problem for problem in each["problems"] if problem.startswith("重複")] for each in items]
    assert all(told)
    assert "例示花子議員" in told[0][0]
    assert "架空由美議員" in told[1][0]
