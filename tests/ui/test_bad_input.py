"""Whatever a person gives wrongly ends in one Japanese line with its remedy, and costs nothing that was there."""

from __future__ import annotations

import gc
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from rag.adapters import database
from tests.ui.conftest import CAR, COMMAND, ROOT, Kotae, become_root_again

HOLD = """
import sys
from pathlib import Path
from rag.adapters.lock import writer_lock
with writer_lock(Path(sys.argv[1]), "kotae ingest"):
    print("held", flush=True)
    sys.stdin.readline()
"""


def contents(home: Path) -> list[tuple[str, int]]:
    """What a home holds, as far as bad input could cost it: the documents and chunks of its catalogue."""
    from rag.adapters.catalogue import open_catalogue

    catalogue = open_catalogue(home)
    found = [(record.path, record.chunk_count) for record in catalogue.documents()]
    catalogue.close()
    return found


# --- questions -------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["ask", "search"])
@pytest.mark.parametrize(
    ("question", "finding"),
    [
        ("", "質問が空です"),
        (" 　\n\t", "質問が空です"),
        ("旅" * 20_000, "20000字"),
        ("旅費\udc83の額", "文字として読めない"),
        ("旅費\0の額", "文字として読めない"),
    ],
)
def test_a_question_that_is_none_is_refused(
    shared_home: Path, kotae: Kotae, command: str, question: str, finding: str
) -> None:
    ended = kotae("--home", shared_home, command, question, "--json")
    assert (ended.status, ended.out) == (1, "")
    assert finding in ended.complaint


@pytest.mark.parametrize(
    "question", ["?", "😀", "a" * 2000, "「" * 500, "%_'\"; DROP TABLE documents; --", "\u202e旅費"]
)
def test_a_strange_question_is_answered_or_declined(shared_home: Path, kotae: Kotae, question: str) -> None:
    for command in ("search", "ask"):
        ended = kotae("--home", shared_home, "--json", command, "--", question)
        assert (ended.status, ended.err) == (0, "")


@pytest.mark.parametrize("day", ["昨日", "2026-02-30", "2026-13-01", "2026", "令和8年度", ""])
def test_an_as_of_that_is_no_day_is_refused(shared_home: Path, kotae: Kotae, day: str) -> None:
    ended = kotae("--home", shared_home, "ask", CAR, "--as-of", day)
    assert (ended.status, ended.out) == (1, "")
    assert "日付" in ended.complaint


# --- arguments -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "finding"),
    [
        ([], "COMMAND がありません"),
        (["kensaku"], "'kensaku'"),
        (["search"], "question がありません"),
        (["search", "旅費", "--top", "0"], "0 は1以上の整数ではありません"),
        (["search", "旅費", "--top", "-1"], "--top"),
        (["search", "旅費", "--top", "abc"], "abc は1以上の整数ではありません"),
        (["search", "旅費", "--top", "１"], "１ は1以上の整数ではありません"),
        (["search", "旅費", "--kind", "law"], "'law'"),
        (["search", "旅費", "--limit", "3"], "--limit 3 は使えません"),
        (["search", "旅費", "--explain=yes"], "'yes'"),
        (["ask"], "--batch FILE と --out FILE"),
        (["ask", "旅費", "--batch", "a", "--out", "b"], "どちらか一方"),
        (["ask", "--batch", "a"], "--batch FILE と --out FILE"),
        (["ask", "旅費", "--out", "b"], "--batch FILE と --out FILE"),
        (["ask", "旅費", "--as-of"], "--as-of に値がありません"),
        (["ingest"], "PATH がありません"),
        (["documents", "show"], "ID がありません"),
        (["eval"], "KIND がありません"),
        (["eval", "retrieval", "x", "--top", "0"], "1以上"),
    ],
)
def test_a_wrong_use_ends_with_2_and_says_how_to_go_on(
    tmp_path: Path, kotae: Kotae, arguments: list[str], finding: str
) -> None:
    ended = kotae("--home", tmp_path / "home", *arguments)
    assert (ended.status, ended.out) == (2, "")
    assert finding in ended.complaint
    assert "--help" in ended.complaint
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("action", ["show", "remove"])
@pytest.mark.parametrize("identity", ["ない番号", "", "../../etc/passwd", "0" * 16])
def test_an_unknown_document_is_named(shared_home: Path, kotae: Kotae, action: str, identity: str) -> None:
    before = contents(shared_home)
    ended = kotae("--home", shared_home, "documents", action, identity)
    assert (ended.status, ended.out) == (1, "")
    assert "kotae documents" in ended.complaint
    assert contents(shared_home) == before


@pytest.mark.parametrize("path", ["ない", "ない/甲.txt", "旅費.txt/下", "長" * 300])
def test_a_path_that_is_not_there_changes_nothing(small_home: Path, documents: Path, kotae: Kotae, path: str) -> None:
    before = contents(small_home)
    ended = kotae("--home", small_home, "ingest", documents, documents / path)
    assert (ended.status, ended.out) == (1, "")
    assert "確かめてください" in ended.complaint
    assert contents(small_home) == before


def test_a_labels_file_that_is_not_there_changes_nothing(shared_home: Path, documents: Path, kotae: Kotae) -> None:
    before = contents(shared_home)
    ended = kotae("--home", shared_home, "ingest", documents, "--label", documents / "ない.csv")
    assert ended.status == 1
    assert "ラベル" in ended.complaint
    assert contents(shared_home) == before


# --- users -----------------------------------------------------------------------------------------


def test_an_unknown_user_is_refused_with_and_without_a_directory(small_home: Path, kotae: Kotae) -> None:
    assert "利用者名簿" in kotae("--home", small_home, "--as", "dareka", "ask", CAR).complaint
    (small_home / "directory.csv").write_text(
        "user,name,department,groups,max_level,role\nippan,一般職員,道路課,,1,staff\n", encoding="utf-8"
    )
    for command in (["ask", CAR], ["search", CAR], ["documents"], ["ingest", small_home]):
        ended = kotae("--home", small_home, "--as", "dareka", *command)
        assert (ended.status, ended.out) == (1, ""), command
        assert "--as dareka" in ended.complaint
        assert "--as で指定してください" in kotae("--home", small_home, *command).complaint


@pytest.mark.parametrize("place", ["リンク", "フォルダ", "壊れた表"])
def test_a_directory_that_cannot_be_read_lets_nobody_in(small_home: Path, kotae: Kotae, place: str) -> None:
    file = small_home / "directory.csv"
    match place:
        case "リンク":
            file.symlink_to(small_home / "ない")
        case "フォルダ":
            file.mkdir()
        case _:
            file.write_bytes(b"user,name\n\x00")
    ended = kotae("--home", small_home, "documents", "--json")
    assert (ended.status, ended.out) == (1, "")
    assert "directory.csv" in ended.complaint


# --- settings --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "finding"),
    [
        ("[chat]\nmodell = 'x'", "設定 chat.modell: この名前の設定はありません"),
        ("[saerch]\n", "設定 saerch"),
        ("chat = 'extractive'", "設定 chat: "),
        ("[search]\ncandidates = 'たくさん'", "設定 search.candidates: 値 'たくさん' は使えません（整数です）"),
        ("[search]\nwords_weight = -1", "設定 search.words_weight: 値 -1 は使えません（0 以上です）"),
        ("[chat]\nprovider = 'chatgpt'", "設定 chat.provider: 値 'chatgpt' は使えません"),
        ("[levels]\norder = ['1', '']", "設定 levels.order"),
        ("[chat", "設定ファイルを読めません"),
        ("\x00", "設定ファイルを読めません"),
    ],
)
def test_a_wrong_settings_file_is_named_with_the_key(new_home: Path, kotae: Kotae, written: str, finding: str) -> None:
    (new_home / "settings.toml").write_text(written, encoding="utf-8")
    ended = kotae("--home", new_home, "documents")
    assert (ended.status, ended.out) == (1, "")
    assert finding in ended.complaint


@pytest.mark.parametrize(
    ("name", "value", "finding"),
    [
        ("KOTAE_CHAT__MODELL", "x", "chat.modell"),
        ("KOTAE_MODEL", "x", "環境変数 KOTAE_MODEL"),
        ("KOTAE_ANSWER__COVERAGE", "高め", "設定 answer.coverage: 値 '高め' は使えません（数です）"),
        ("KOTAE_ANSWER__COVERAGE", "nan", "answer.coverage"),
        ("KOTAE_CHAT__TIMEOUT_SECONDS", "inf", "設定 chat.timeout_seconds: 値 'inf' は使えません（有限の数です）"),
        ("KOTAE_LEVELS__ORDER", "", "levels.order"),
        ("KOTAE_EGRESS__LEVEL", "極秘", "egress.level"),
        ("KOTAE_STORAGE__CATALOGUE_URL", "mysql://x", "storage.catalogue_url"),
    ],
)
def test_a_wrong_environment_is_named_with_the_key(
    shared_home: Path, kotae: Kotae, monkeypatch: pytest.MonkeyPatch, name: str, value: str, finding: str
) -> None:
    monkeypatch.setenv(name, value)
    ended = kotae("--home", shared_home, "ask", CAR)
    assert (ended.status, ended.out) == (1, "")
    assert finding in ended.complaint


def test_a_settings_file_from_notepad_is_read(new_home: Path, kotae: Kotae) -> None:
    (new_home / "settings.toml").write_text("[answer]\nquestion_characters = 100\n", encoding="utf-8-sig")
    assert "100字以内" in kotae("--home", new_home, "ask", "旅" * 101).complaint


@pytest.mark.parametrize(
    ("section", "command"),
    [("CHAT", ["ask", CAR]), ("EMBEDDING", ["search", CAR]), ("EMBEDDING", ["documents"])],
)
def test_a_missing_key_is_named(
    shared_home: Path, kotae: Kotae, monkeypatch: pytest.MonkeyPatch, section: str, command: list[str]
) -> None:
    before = contents(shared_home)
    monkeypatch.setenv(f"KOTAE_{section}__PROVIDER", "openai")
    ended = kotae("--home", shared_home, *command, "--json")
    assert (ended.status, ended.out) == (1, "")
    assert "OPENAI_API_KEY" in ended.complaint
    assert contents(shared_home) == before


# --- homes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [["documents"], ["search", CAR], ["ask", CAR], ["ingest", "."]])
def test_a_home_below_a_file_is_refused(tmp_path: Path, kotae: Kotae, command: list[str]) -> None:
    (tmp_path / "ファイル").write_text("", encoding="utf-8")
    ended = kotae("--home", tmp_path / "ファイル/home", *command)
    assert (ended.status, ended.out) == (1, "")
    assert "ファイル/home" in ended.complaint


@contextmanager
def open_folder() -> Iterator[Path]:
    """A folder that everybody may enter: pytest's own are closed to all but their owner."""
    with tempfile.TemporaryDirectory(prefix="kotae-home-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@pytest.mark.parametrize("command", [["documents"], ["search", CAR], ["ask", CAR], ["ingest", "/etc/hostname"]])
@pytest.mark.parametrize("state", ["new", "used"])
def test_a_read_only_home_is_named(
    small_home: Path, kotae: Kotae, nobody: Callable[[], None], command: list[str], state: str
) -> None:
    with open_folder() as home:
        if state == "used":
            shutil.copytree(small_home, home, dirs_exist_ok=True, ignore=shutil.ignore_patterns("models"))
        home.chmod(0o555)
        nobody()
        ended = kotae("--home", home, *command)
        become_root_again()
        home.chmod(0o755)
    assert (ended.status, ended.out) == (1, "")
    assert str(home) in ended.complaint


def test_a_home_that_cannot_be_made_is_named(kotae: Kotae, nobody: Callable[[], None]) -> None:
    with open_folder() as folder:
        folder.chmod(0o555)
        nobody()
        ended = kotae("--home", folder / "home", "documents")
        become_root_again()
        folder.chmod(0o755)
    assert (ended.status, ended.out) == (1, "")
    assert "--home" in ended.complaint


@pytest.mark.parametrize("command", ["ingest", "remove"])
def test_a_second_writer_is_told_who_writes(small_home: Path, documents: Path, kotae: Kotae, command: str) -> None:
    before = contents(small_home)
    identity = kotae("--home", small_home, "documents", "--json").value[0]["id"]
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(small_home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    arguments = ["ingest", documents] if command == "ingest" else ["documents", "remove", identity]
    ended = kotae("--home", small_home, *arguments)
    searched = kotae("--home", small_home, "search", "旅費", "--json")
    holder.communicate("\n")
    assert (ended.status, ended.out) == (1, "")
    assert "kotae ingest" in ended.complaint
    assert f"プロセス {holder.pid}" in ended.complaint
    assert searched.value["hits"], "a reader goes on reading"
    assert contents(small_home) == before


def break_catalogue(home: Path) -> Path:
    """Put something else where the catalogue was; its file."""
    gc.collect()  # a connection that this process still holds would write into the file when it goes
    for extra in home.glob(f"{database.CATALOGUE.file}-*"):
        extra.unlink()
    file = home / database.CATALOGUE.file
    file.write_bytes("これは台帳ではありません。".encode() * 500)
    return file


@pytest.mark.parametrize("command", [["documents"], ["search", CAR], ["ask", CAR], ["ingest", str(ROOT / "README.md")]])
def test_a_broken_catalogue_is_named_and_left_as_it_is(small_home: Path, kotae: Kotae, command: list[str]) -> None:
    file = break_catalogue(small_home)
    before = file.read_bytes()
    ended = kotae("--home", small_home, *command)
    assert (ended.status, ended.out) == (1, "")
    assert "台帳が壊れています" in ended.complaint
    assert file.read_bytes() == before


def test_doctor_tells_of_a_broken_catalogue_with_a_remedy(small_home: Path, kotae: Kotae) -> None:
    break_catalogue(small_home)
    ended = kotae("--home", small_home, "doctor", "--json")
    assert (ended.status, ended.err) == (1, "")
    assert "台帳が壊れています" in ended.out


# --- files -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        "",
        "{",
        "[]",
        "null",
        '"結論"',
        "{}",
        '{"answer": ""}',
        '{"sentences": {"text": "a"}}',
        '{"sentences": ["旅費"]}',
        '{"sentences": [{"citations": [1]}]}',
        '{"sentences": [{"text": "旅費", "citations": ["一"]}]}',
        '{"sentences": [{"text": "旅費", "citations": 5}]}',
        '{"sentences": [{"text": "旅費", "part": "まとめ"}]}',
        '{"answer": "旅費", "citations": [1]}',
        '{"answer": "旅費", "citations": {"number": 1}}',
        '{"answer": "旅費", "citations": [{"number": "x"}]}',
        '{"answer": "旅費", "as_of": 5}',
        "[" * 100_000,
    ],
)
def test_an_answer_that_cannot_be_verified_is_refused(
    shared_home: Path, tmp_path: Path, kotae: Kotae, written: str
) -> None:
    (tmp_path / "answer.json").write_text(written, encoding="utf-8")
    ended = kotae("--home", shared_home, "verify", tmp_path / "answer.json", "--json")
    assert (ended.status, ended.out) == (1, "")
    assert ended.complaint


def test_an_answer_that_is_not_there_is_named(shared_home: Path, tmp_path: Path, kotae: Kotae) -> None:
    assert "ない.json" in kotae("--home", shared_home, "verify", tmp_path / "ない.json").complaint


@pytest.mark.parametrize("missing", ["corpus.jsonl", "queries.jsonl", "qrels.tsv", "all"])
def test_an_eval_folder_without_its_files_is_named(new_home: Path, tmp_path: Path, kotae: Kotae, missing: str) -> None:
    folder = tmp_path / "問題集"
    folder.mkdir()
    files = {
        "corpus.jsonl": json.dumps({"_id": "d", "title": "旅費", "text": "旅費は、順路により計算する。"}),
        "queries.jsonl": json.dumps({"_id": "q", "text": "旅費の計算"}),
        "qrels.tsv": "query-id\tcorpus-id\tscore\nq\td\t1",
    }
    for name, text in files.items():
        if missing not in (name, "all"):
            (folder / name).write_text(f"{text}\n", encoding="utf-8")
    ended = kotae("--home", new_home, "eval", "retrieval", folder, "--json")
    assert (ended.status, ended.out) == (1, "")
    assert "問題集" in ended.complaint


def test_the_last_resort_keeps_the_traceback_out_of_sight(
    small_home: Path, kotae: Kotae, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rag.wiring import Home

    def stumble(_self: Home) -> None:
        raise IndexError("list index out of range")

    monkeypatch.setattr(Home, "catch_up", stumble)
    ended = kotae("--home", small_home, "search", "旅費")
    assert (ended.status, ended.out) == (1, "")
    (line,) = ended.err.strip().splitlines()
    assert "IndexError" in line
    assert "Traceback" in (small_home / "errors.log").read_text(encoding="utf-8")


def test_a_process_says_it_in_one_line_too(tmp_path: Path) -> None:
    (tmp_path / "ファイル").write_text("", encoding="utf-8")
    ended = subprocess.run(
        [*COMMAND, "--home", str(tmp_path / "ファイル/home"), "ask", CAR], cwd=ROOT, capture_output=True, check=False
    )
    assert (ended.returncode, ended.stdout) == (1, b"")
    (line,) = ended.stderr.decode().strip().splitlines()
    assert line.startswith("エラー: ")
    assert line.endswith("ください。")
