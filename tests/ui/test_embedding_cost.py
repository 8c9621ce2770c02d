"""What an ingest sends to a paid model: told first, refused when it is much, never sent twice, never lost."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

import ui.commands.ingest
from rag.domain import Question, Reader
from rag.wiring import open_home
from tests.builders import TODAY as NOW
from tests.scripted import Fault, Script
from tests.ui.conftest import COMMAND, ROOT, TODAY, Kotae
from tests.ui.test_embedding_change import SMALL, serving

QUESTION = "出張の旅費はどう計算しますか。"
Set = Callable[..., None]


@pytest.fixture
def embedding(script: Script, monkeypatch: pytest.MonkeyPatch) -> Set:
    """Set embedding.KEY in the environment; the model is the scripted one from the start."""

    def change(**values: object) -> None:
        for key, value in values.items():
            monkeypatch.setenv(f"KOTAE_EMBEDDING__{key.upper()}", str(value))

    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    change(provider="openai", base_url=f"{script.url}/v1", model="small", dimension=8, attempts=1)
    return change


@pytest.fixture
def offices(tmp_path: Path) -> Path:
    """Ten documents that everyone may read and one that may not leave."""
    folder = tmp_path / "課"
    folder.mkdir()
    rows = ["path,level"]
    for number in range(10):
        (folder / f"{number}.txt").write_text(f"第{number}課の手引\n\n第{number}課の旅費は、順路により計算する。\n")
        rows.append(f"{number}.txt,1")
    (folder / "秘.txt").write_text("秘密の手引\n\n秘密の旅費は、順路により計算する。\n")
    (folder / "labels.csv").write_text("\n".join([*rows, "秘.txt,3A"]) + "\n")
    return folder


def ingest(kotae: Kotae, home: Path, folder: Path, *more: str) -> Any:
    return kotae("--home", home, "--json", "ingest", folder, *more)


def sent(script: Script) -> list[str]:
    return [text for each in script.embedded() for text in each]


@pytest.mark.usefixtures("embedding")
def test_a_run_tells_before_it_sends_and_sends_what_it_told(
    new_home: Path, offices: Path, kotae: Kotae, script: Script
) -> None:
    ended = ingest(kotae, new_home, offices)
    assert (ended.status, ended.value["embedded"], ended.value["without_vector"]) == (0, 10, 0)
    estimate = ended.value["estimate"]
    assert (estimate["texts"], estimate["cut"]) == (10, 0) == (len(sent(script)), 0)
    assert estimate["cost"] == pytest.approx(estimate["tokens"] * 0.02 / 1e6)
    assert "文章 10 件" in ended.err
    assert "100万トークン 0.02 米ドル" in ended.err
    assert serving(new_home) == SMALL


def test_without_a_price_only_tokens_are_told(new_home: Path, offices: Path, kotae: Kotae, embedding: Set) -> None:
    embedding(price_per_million_tokens=0)
    ended = ingest(kotae, new_home, offices)
    assert ended.value["estimate"]["cost"] is None
    assert "トークン" in ended.err
    assert "米ドル" not in ended.err


def test_much_is_sent_only_when_that_is_said(
    new_home: Path, offices: Path, kotae: Kotae, embedding: Set, script: Script
) -> None:
    embedding(ask_above_tokens=20)
    ended = ingest(kotae, new_home, offices)
    assert (ended.status, script.requests) == (1, [])
    assert "--yes を付けて" in ended.complaint
    assert (len(ended.value["added"]), ended.value["without_vector"]) == (11, 10)
    found = kotae("--home", new_home, "--json", "search", QUESTION, "--as-of", TODAY)
    assert (found.status, script.requests) == (0, [])
    assert found.value["hits"]
    assert "ベクトルがまだありません" in found.value["warnings"][0]
    again = ingest(kotae, new_home, offices, "--yes")
    assert (again.status, len(again.value["unchanged"]), len(sent(script))) == (0, 11, 10)
    assert ingest(kotae, new_home, offices).status == 0  # nothing is left to send
    assert len(sent(script)) == 10


def test_a_limit_of_nothing_never_asks(new_home: Path, offices: Path, kotae: Kotae, embedding: Set) -> None:
    embedding(ask_above_tokens=0)
    assert ingest(kotae, new_home, offices).status == 0


def test_the_vectors_that_come_along_are_never_asked_for(
    new_home: Path, offices: Path, kotae: Kotae, embedding: Set, script: Script
) -> None:
    embedding(provider="chive", ask_above_tokens=1)
    ended = ingest(kotae, new_home, offices)
    assert (ended.status, ended.value["estimate"], ended.err, script.requests) == (0, None, "", [])


def test_a_dry_run_tells_what_the_run_sends_and_neither_sends_nor_stores(
    new_home: Path, offices: Path, kotae: Kotae, embedding: Set, script: Script
) -> None:
    (offices / "写し.txt").write_text((offices / "1.txt").read_text())
    embedding(ask_above_tokens=20)
    told = ingest(kotae, new_home, offices, "--dry-run")
    assert (told.status, script.requests, told.value["documents"]) == (0, [], 0)
    assert "--yes が要ります" in told.err
    ran = ingest(kotae, new_home, offices, "--yes")
    assert told.value["estimate"] == ran.value["estimate"]
    for path in offices.glob("[0-4].txt"):
        path.write_text(path.read_text() + "令和8年度から、改める。\n")
    (offices / "5.txt").unlink()
    told = ingest(kotae, new_home, offices, "--dry-run")
    assert told.value["estimate"]["texts"] == 5
    assert told.value["estimate"] == ingest(kotae, new_home, offices, "--yes").value["estimate"]


@pytest.mark.parametrize("fault", [Fault.INSUFFICIENT_QUOTA, Fault.SERVER_ERROR, Fault.RATE_LIMIT])
def test_a_run_that_fails_in_the_middle_is_taken_up_without_reading_or_sending_anything_twice(
    new_home: Path, offices: Path, kotae: Kotae, embedding: Set, script: Script, fault: Fault
) -> None:
    embedding(batch_size=3)
    script.says("")
    script.says("")
    script.fails(fault)
    ended = ingest(kotae, new_home, offices)
    assert (ended.status, ended.value["embedded"], ended.value["without_vector"]) == (1, 6, 4)
    assert ended.err.splitlines()[-1].endswith("ください。")
    first = [text for each in script.embedded()[:2] for text in each]
    script.forget()
    again = ingest(kotae, new_home, offices)
    assert (again.status, len(again.value["unchanged"]), again.value["embedded"]) == (0, 11, 4)
    assert sorted([*first, *sent(script)]) == sorted(set(first) | set(sent(script)))
    assert serving(new_home) == SMALL


@pytest.mark.usefixtures("embedding")
def test_a_run_that_is_killed_in_the_middle_sends_only_the_rest_again(
    new_home: Path, offices: Path, kotae: Kotae, embedding: Set, script: Script
) -> None:
    embedding(batch_size=3)
    script.says("")
    script.says("")
    script.fails(Fault.HANG)
    process = subprocess.Popen([*COMMAND, "--home", str(new_home), "ingest", str(offices)], cwd=ROOT)
    try:
        until = time.monotonic() + 120
        while len(script.requests) < 3 and time.monotonic() < until:
            time.sleep(0.05)
    finally:
        process.kill()
        process.wait()
    first = sent(script)
    assert len(first) == 9  # the third part was on its way
    script.forget()
    ended = ingest(kotae, new_home, offices)
    assert (ended.status, ended.value["embedded"], len(ended.value["unchanged"])) == (0, 4, 11)
    assert set(first[:6]).isdisjoint(sent(script))
    assert serving(new_home) == SMALL


def test_a_watch_does_not_start_over_what_it_may_not_send(
    new_home: Path, offices: Path, kotae: Kotae, embedding: Set, script: Script
) -> None:
    embedding(ask_above_tokens=20)
    ended = kotae("--home", new_home, "ingest", offices, "--watch")
    assert (ended.status, script.requests) == (1, [])
    assert ended.complaint


def read_by(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are read from now on."""
    names: list[str] = []
    read = ui.commands.ingest.read_many

    def note(files: Sequence[tuple[Path, str]], **given: Any) -> Any:
        names.extend(name for _, name in files)
        return read(files, **given)

    monkeypatch.setattr(ui.commands.ingest, "read_many", note)
    return names


def test_another_model_takes_the_texts_from_the_catalogue_and_serves_when_all_are_there(
    new_home: Path, offices: Path, kotae: Kotae, embedding: Set, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ingest(kotae, new_home, offices).status == 0
    embedding(model="large", dimension=16, batch_size=4)
    names = read_by(monkeypatch)
    script.forget()
    script.says("")
    script.fails(Fault.SERVER_ERROR)
    assert ingest(kotae, new_home, offices).status == 1
    assert serving(new_home) == SMALL
    script.forget()
    found = kotae("--home", new_home, "--json", "search", QUESTION, "--as-of", TODAY).value
    assert any("vectors" in hit["found_by"] for hit in found["hits"])
    assert [each.body["model"] for each in script.requests] == ["small"]
    script.forget()
    ended = ingest(kotae, new_home, offices)
    assert (ended.status, ended.value["embedded"], len(ended.value["unchanged"])) == (0, 6, 11)
    assert serving(new_home) == "openai:large:16"
    assert names == []
    embedding(model="small", dimension=8)
    script.forget()
    assert ingest(kotae, new_home, offices).value["embedded"] == 0
    assert (serving(new_home), script.requests) == (SMALL, [])


def test_of_a_text_that_is_too_long_for_the_model_a_run_says_that_it_was_cut(
    new_home: Path, offices: Path, kotae: Kotae, embedding: Set
) -> None:
    embedding(text_tokens=60)
    (offices / "長.txt").write_text("長い手引\n\n" + "旅費は順路により計算し、" * 8 + "支給する。\n")
    (offices / "labels.csv").write_text((offices / "labels.csv").read_text() + "長.txt,1\n")
    ended = ingest(kotae, new_home, offices)
    assert ended.value["estimate"]["cut"] == 1
    (warning,) = [each for each in ended.value["warnings"] if "先頭の部分だけ" in each["reason"]]
    assert warning["path"] == "長.txt"
    assert not any("先頭の部分だけ" in each["reason"] for each in ingest(kotae, new_home, offices).value["warnings"])


@pytest.mark.usefixtures("embedding")
def test_a_text_is_sent_once_its_label_lets_it_leave(
    new_home: Path, offices: Path, kotae: Kotae, script: Script
) -> None:
    assert ingest(kotae, new_home, offices).status == 0
    assert not any("秘密" in text for text in sent(script))
    labels = offices / "labels.csv"
    labels.write_text(labels.read_text().replace("秘.txt,3A", "秘.txt,1"))
    script.forget()
    assert ingest(kotae, new_home, offices).value["embedded"] == 1
    assert "秘密" in sent(script)[0]


def test_a_reader_that_stays_open_sees_vectors_that_come_later(
    new_home: Path, offices: Path, kotae: Kotae, embedding: Set, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOTAE_SEARCH__DELTA_SHARE", "1")  # the generation stays, and with it the pointer
    assert ingest(kotae, new_home, offices).status == 0
    (offices / "新.txt").write_text("新課の手引\n\n新課の旅費は、順路により計算する。\n")
    (offices / "labels.csv").write_text((offices / "labels.csv").read_text() + "新.txt,1\n")
    embedding(ask_above_tokens=1)
    assert ingest(kotae, new_home, offices).status == 1
    home = open_home(new_home)
    question = Question(text=QUESTION, as_of=NOW, reader=Reader(user="職員", name="職員", reads_all=True))

    def found_by() -> tuple[str, ...]:
        hits = home.retriever.search(question, limit=20).hits
        (legs,) = [hit.found_by for hit in hits if hit.title.startswith("新課")]
        return legs

    assert "vectors" not in found_by()
    assert ingest(kotae, new_home, offices, "--yes").status == 0
    assert "vectors" in found_by()
