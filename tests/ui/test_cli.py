"""`kotae` keeps the promises of its help: one JSON value, options anywhere, exit statuses, rights."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from eval.ranker import Ending
from rag.adapters.lock import writer_lock
from rag.domain import AnswerStatus, Kind, Part, Problem, State
from rag.journal import FeedbackState, Reason, Verdict
from rag.ranking.learned import Standing
from rag.wiring import Home
from tests.ui.conftest import CAR, COMMAND, ROOT, SAMPLE, TODAY, Ended, Kotae
from tests.ui.sittings import paired_chunks, put_sitting
from ui.words.cli import document_text

DIRECTORY = """\
user,name,department,groups,max_level,role
ippan,一般職員,道路課,,1,staff
kanzai,管財担当,管財課,,3A,staff
bunsho,文書担当,総務課,管財課,3A,editor
kanri,管理者,総務課,,1,admin
"""


NEXT = ((".txt", "2000-04-01"), ("_新.txt", "2026-04-01"))
"""End of a file's name and the start of a version, and those of the version that follows it."""


def texts(ended: Ended) -> str:
    return "".join(hit["text"] for hit in ended.value["hits"])


# --- ingest ----------------------------------------------------------------------------------------


def test_the_sample_goes_in_whole_and_a_second_run_changes_nothing(own_sample: Path, kotae: Kotae) -> None:
    ended = kotae("--home", own_sample, "ingest", SAMPLE, "--json")
    assert ended.status == 0
    report = ended.value
    assert (report["added"], report["changed"], report["removed"], report["renamed"], report["failed"]) == ([],) * 5
    assert report["embedded"] == 0
    assert report["documents"] == len(report["unchanged"]) >= 30
    assert report["chunks"] >= 400


def test_ingest_names_what_it_set_aside_and_ends_with_3(new_home: Path, documents: Path, kotae: Kotae) -> None:
    (documents / "壊れた.docx").write_bytes(b"PK\x03\x04...")
    ended = kotae("--home", new_home, "ingest", documents, "--json")
    assert ended.status == 3
    assert ended.value["added"] == ["公用車.txt", "旅費.txt"]
    (failed,) = ended.value["failed"]
    assert failed["path"] == "壊れた.docx"
    assert failed["reason"].endswith("ください。")
    assert "壊れた.docx" in kotae("--home", new_home, "ingest", documents).out
    (row,) = [row for row in kotae("--home", new_home, "documents", "--json").value if row["path"] == "壊れた.docx"]
    assert (row["state"], row["attempts"]) == ("quarantined", 1)
    assert datetime.fromisoformat(row["tried_at"]).tzinfo is not None
    assert "（1回、最後は " in kotae("--home", new_home, "documents", "show", row["id"]).out
    never_tried = {**row, "versions": [], "sections": [], "tried_at": None, "attempts": 0}
    assert document_text(never_tried).endswith(f"理由: {row['reason']}")


def test_a_second_writer_is_told_who_writes(small_home: Path, documents: Path, kotae: Kotae) -> None:
    with writer_lock(small_home, "kotae documents remove"):
        ended = kotae("--home", small_home, "ingest", documents)
    assert ended.status == 1
    assert f"kotae documents remove、プロセス {os.getpid()}" in ended.complaint


def test_a_run_killed_before_the_indexes_is_made_good_by_the_next_search(
    small_home: Path, documents: Path, kotae: Kotae, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(_self: Home) -> None:
        raise KeyboardInterrupt

    (documents / "旅費.txt").write_text("旅費の手引\n\n宿泊費は、実費とする。\n", encoding="utf-8")
    (documents / "公用車.txt").unlink()
    with monkeypatch.context() as patched:
        patched.setattr(Home, "refresh_words", lambda _self: None)
        patched.setattr(Home, "refresh_indexes", killed)
        ended = kotae("--home", small_home, "ingest", documents)
    assert (ended.status, ended.out) == (130, "")
    assert "中断しました" in ended.err
    found = kotae("--home", small_home, "search", "宿泊費や公用車はどうなりますか", "--json")
    assert "宿泊費は、実費とする。" in texts(found)
    assert "順路" not in texts(found)
    assert "公用車" not in texts(found)


def test_indexes_of_a_lost_catalogue_are_not_taken_for_the_new_one(
    small_home: Path, documents: Path, kotae: Kotae
) -> None:
    for file in small_home.glob("catalogue.sqlite3*"):
        file.unlink()
    (documents / "旅費.txt").write_text("旅費の手引\n\n宿泊費は、実費とする。\n", encoding="utf-8")
    assert kotae("--home", small_home, "ingest", documents).status == 0
    found = kotae("--home", small_home, "search", "宿泊費", "--json")
    assert "宿泊費は、実費とする。" in texts(found)


# --- documents -------------------------------------------------------------------------------------


def test_a_document_is_listed_shown_withdrawn_and_brought_back(small_home: Path, documents: Path, kotae: Kotae) -> None:
    listed = {row["path"]: row for row in kotae("documents", "--home", small_home, "--json").value}
    assert {
        "id",
        "title",
        "kind",
        "path",
        "department",
        "level",
        "effective_from",
        "effective_to",
        "chunks",
        "state",
    } <= (listed["旅費.txt"].keys())
    assert listed["旅費.txt"]["state"] == "active"
    identity = listed["旅費.txt"]["id"]
    shown = kotae("--home", small_home, "--json", "documents", "show", identity).value
    assert "順路により計算する" in "".join(part["text"] for part in shown["sections"])
    assert kotae("--home", small_home, "documents", "remove", identity).status == 0
    assert "順路" not in texts(kotae("--home", small_home, "search", "旅費の計算", "--json"))
    again = kotae("--home", small_home, "ingest", documents, "--json")
    assert again.value["withdrawn"] == ["旅費.txt"]
    assert kotae("--home", small_home, "ingest", documents / "旅費.txt", "--json").value["changed"] == ["旅費.txt"]
    assert "順路" in texts(kotae("--home", small_home, "search", "旅費の計算", "--json"))


# --- rights ----------------------------------------------------------------------------------------


def test_each_user_finds_lists_and_opens_only_what_is_theirs(small_home: Path, kotae: Kotae) -> None:
    rows = {row["path"]: row["id"] for row in kotae("--home", small_home, "documents", "--json").value}
    (small_home / "directory.csv").write_text(DIRECTORY, encoding="utf-8")
    staff = ("--home", small_home, "--as", "ippan")
    owner = ("--home", small_home, "--as", "kanzai")
    assert [row["path"] for row in kotae(*staff, "documents", "--json").value] == ["旅費.txt"]
    assert "公用車" not in texts(kotae(*staff, "search", "公用車の申込み", "--json"))
    assert "公用車" in texts(kotae(*owner, "search", "公用車の申込み", "--json"))
    hidden, unknown = kotae(*staff, "documents", "show", rows["公用車.txt"]), kotae(*staff, "documents", "show", "0")
    assert hidden.status == unknown.status == 1
    assert rows["公用車.txt"] in hidden.complaint
    assert kotae(*owner, "documents", "show", rows["公用車.txt"]).status == 0


def test_only_editors_and_administrators_take_in_and_withdraw(small_home: Path, documents: Path, kotae: Kotae) -> None:
    (identity,) = (row["id"] for row in kotae("--home", small_home, "documents", "--json").value if row["level"] == "1")
    (small_home / "directory.csv").write_text(DIRECTORY, encoding="utf-8")
    staff = ("--home", small_home, "--as", "ippan")
    assert "権限がありません" in kotae(*staff, "ingest", documents).complaint
    assert "権限がありません" in kotae(*staff, "documents", "remove", identity).complaint
    assert kotae("--home", small_home, "--as", "bunsho", "ingest", documents).status == 0
    assert kotae("--home", small_home, "--as", "kanri", "documents", "remove", identity).status == 0


def test_a_hidden_document_is_spoken_of_like_one_that_does_not_exist(small_home: Path, kotae: Kotae) -> None:
    hidden = [row["id"] for row in kotae("--home", small_home, "documents", "--json").value if row["level"] != "1"]
    (small_home / "directory.csv").write_text(
        "user,name,department,groups,max_level,role\nlow,道路課員,道路課,,1,editor\n", encoding="utf-8"
    )
    assert hidden
    for action in ("show", "remove"):
        told = kotae("--home", small_home, "--as", "low", "documents", action, hidden[0]).complaint
        unknown = kotae("--home", small_home, "--as", "low", "documents", action, "0123456789abcdef").complaint
        assert told.replace(hidden[0], "X") == unknown.replace("0123456789abcdef", "X")


# --- search and ask --------------------------------------------------------------------------------


def test_search_gives_ranked_hits_with_all_that_is_promised(sample_home: Path, kotae: Kotae) -> None:
    ended = kotae("--home", sample_home, "search", "旅費の精算", "--top", "3", "--as-of", TODAY, "--explain", "--json")
    assert ended.status == 0
    hits = ended.value["hits"]
    assert [hit["rank"] for hit in hits] == [1, 2, 3]
    promised = {"rank", "score", "document_id", "title", "kind", "locator", "page", "text", "found_by"}
    assert all(promised <= hit.keys() and set(hit["found_by"]) <= hit["legs"].keys() for hit in hits)
    assert ended.value["near_misses"][0]["rank"] == 4


def test_search_keeps_to_the_kinds_and_the_day_asked_for(sample_home: Path, kotae: Kotae) -> None:
    home = ("--home", sample_home, "--json", "search", "日当 宿泊手当 旅費条例")
    kinds = {hit["kind"] for hit in kotae(*home, "--kind", "rules", "--kind", "faq").value["hits"]}
    assert kinds <= {"rules", "faq"}
    for day in ("2025-06-01", "令和8年11月23日"):
        asked = date(2025, 6, 1) if day.startswith("2025") else date(2026, 11, 23)
        for hit in kotae(*home, "--as-of", day).value["hits"]:
            assert hit["effective_from"] is None or date.fromisoformat(hit["effective_from"]) <= asked
            assert hit["effective_to"] is None or asked < date.fromisoformat(hit["effective_to"])


def test_global_options_stand_before_and_after_the_command(
    sample_home: Path, kotae: Kotae, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = kotae("--home", sample_home, "--json", "search", "旅費")
    after = kotae("search", "旅費", "--json", "--home", sample_home)
    monkeypatch.setenv("KOTAE_HOME", str(sample_home))
    assert before.value == after.value == kotae("search", "旅費", "--json").value


def test_an_answer_cites_what_it_says_and_a_second_one_is_the_same(sample_home: Path, kotae: Kotae) -> None:
    first, second = (kotae("--home", sample_home, "ask", CAR, "--as-of", TODAY, "--json").value for _ in range(2))
    assert first["status"] == "answered"
    assert first["as_of"] == TODAY
    assert "25円" in first["answer"]
    numbers = {citation["number"] for citation in first["citations"]}
    assert all(sentence["verified"] and numbers >= set(sentence["citations"]) for sentence in first["sentences"])
    assert all(citation["quote"] and citation["locator"] for citation in first["citations"])
    assert {**first, "seconds": 0} == {**second, "seconds": 0}


def test_a_declined_answer_is_done_and_names_the_nearest(sample_home: Path, kotae: Kotae) -> None:
    ended = kotae("--home", sample_home, "ask", "火星への移住の補助金の申請期限はいつですか。", "--json")
    assert ended.status == 0
    assert ended.value["status"].startswith("declined")
    assert ended.value["nearest"]


def test_a_failed_model_is_told_in_the_json_and_ends_with_1(
    sample_home: Path, kotae: Kotae, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOTAE_CHAT__PROVIDER", "openai")
    monkeypatch.setenv("KOTAE_CHAT__BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("KOTAE_CHAT__ATTEMPTS", "1")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    ended = kotae("--home", sample_home, "ask", CAR, "--json")
    assert ended.status == 1
    assert ended.value["status"] == "failed_model"
    assert ended.value["warnings"]


# --- versions --------------------------------------------------------------------------------------


def version_ids(kotae: Kotae, home: Path) -> list[str]:
    """Return the ids of the two versions of the travel ordinance, the older one first."""
    rows = kotae("--home", home, "documents", "--json").value
    both = [row for row in rows if row["title"] == "職員の旅費に関する条例"]
    return [row["id"] for row in sorted(both, key=lambda row: str(row["effective_from"]))]


def test_a_document_names_its_versions_and_two_of_them_are_compared(sample_home: Path, kotae: Kotae) -> None:
    old, new = version_ids(kotae, sample_home)
    shown = kotae("--home", sample_home, "documents", "show", new, "--json").value
    assert [(each["id"], each["effective_from"], each["effective_to"]) for each in shown["versions"]] == [
        (new, "2026-04-01", None),
        (old, "2000-04-01", "2026-04-01"),
    ]
    value = kotae("--home", sample_home, "documents", "compare", old, new, "--json").value
    assert (value["old"]["id"], value["new"]["id"]) == (old, new)
    found = {each["new_locator"]: each for each in value["differences"]}
    assert found["第17条"]["change"] == "changed"
    assert "日当" in found["第17条"]["old"]
    assert "宿泊手当" in found["第17条"]["new"]
    assert "第1条" not in found
    told = kotae("--home", sample_home, "documents", "compare", old, new).out
    assert "■ 第17条（変更）" in told
    assert "旧 職員の旅費に関する条例（2000-04-01〜2026-03-31）" in told, "the last day, as on the screen"
    assert kotae("--home", sample_home, "documents", "compare", new, new).out.endswith("変わったところはありません。\n")
    assert kotae("--home", sample_home, "documents", "compare", new, "nosuchid").status == 1


# --- pairs of question and answer ---------------------------------------------------------------------


def test_minutes_say_how_many_of_their_questions_are_paired_and_a_rule_says_nothing(
    sample_home: Path, new_home: Path, kotae: Kotae
) -> None:
    sitting = put_sitting(new_home, paired_chunks())
    shown = kotae("--home", new_home, "documents", "show", sitting, "--json").value
    assert shown["pairs"] == {"count": 3, "uncertain": 1, "unanswered": 1}
    told = kotae("--home", new_home, "documents", "show", sitting).out
    assert "質問と答弁の組 3件（うち、対応の確かでないもの 1件）、答弁の見つからない質問 1件" in told
    rule = version_ids(kotae, sample_home)[0]
    assert "pairs" not in kotae("--home", sample_home, "documents", "show", rule, "--json").value
    assert "質問と答弁の組" not in kotae("--home", sample_home, "documents", "show", rule).out


# --- verify ----------------------------------------------------------------------------------------


@pytest.fixture
def answer(sample_home: Path, kotae: Kotae) -> dict[str, Any]:
    """An answer of our own, to be altered."""
    value: dict[str, Any] = kotae("--home", sample_home, "ask", CAR, "--as-of", TODAY, "--json").value
    return value


Check = Callable[[object], list[dict[str, Any]]]


@pytest.fixture
def check(sample_home: Path, kotae: Kotae, tmp_path: Path) -> Check:
    """Verify an answer against the sample and return its sentences."""

    def run(value: object) -> list[dict[str, Any]]:
        (tmp_path / "answer.json").write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
        ended = kotae("--home", sample_home, "verify", tmp_path / "answer.json", "--json")
        assert ended.status == 0, ended.err
        found: list[dict[str, Any]] = ended.value["sentences"]
        return found

    return run


@pytest.mark.parametrize(
    "question", [CAR, "専決規程で課長が専決できるのは何か。", "旅費の請求に必要な書類は何ですか。"]
)
def test_an_answer_of_our_own_stands_up_to_verify(sample_home: Path, kotae: Kotae, check: Check, question: str) -> None:
    value = kotae("--home", sample_home, "ask", question, "--as-of", TODAY, "--json").value
    assert value["sentences"]
    assert [each for each in check(value) if not each["verified"]] == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("25円です", "52円です", "figure_not_in_source"),
        ("自家用車を", "第99条により自家用車を", "clause_not_in_source"),
    ],
)
def test_verify_finds_an_altered_sentence(
    answer: dict[str, Any], check: Check, old: str, new: str, problem: str
) -> None:
    assert old in answer["sentences"][0]["text"]
    answer["sentences"][0]["text"] = answer["sentences"][0]["text"].replace(old, new)
    first, *rest = check(answer)
    assert not first["verified"]
    assert problem in first["problems"]
    assert all(each["verified"] for each in rest)


@pytest.mark.parametrize(
    ("key", "value", "problem"),
    [
        ("quote", "承認を受けて自家用車を使用した場合は、1キロメートルにつき52円です。", "quote_not_found"),
        ("document_id", "0000000000000000", "unknown_citation"),
        ("locator", "第99条", "unknown_citation"),
    ],
)
def test_verify_finds_an_altered_citation(
    answer: dict[str, Any], check: Check, key: str, value: str, problem: str
) -> None:
    answer["citations"][0][key] = value
    first = check(answer)[0]
    assert not first["verified"]
    assert problem in first["problems"]


def test_verify_finds_an_office_that_is_not_in_the_table(answer: dict[str, Any], check: Check) -> None:
    (contact,) = [each for each in answer["sentences"] if each["part"] == "contact"]
    contact["text"] = contact["text"].replace("内線 ", "内線 9")
    (found,) = [each for each in check(answer) if not each["verified"]]
    assert found["text"] == contact["text"]


def test_verify_reads_a_plain_answer_too(answer: dict[str, Any], check: Check) -> None:
    quote = answer["citations"][0]["quote"]
    good, bad = check({"answer": f"{quote}国の補助金は1億円です。", "citations": answer["citations"]})
    assert good["verified"]
    assert not bad["verified"]


# --- doctor, codes, help ---------------------------------------------------------------------------


def test_doctor_finds_a_good_home_good_and_a_bad_setting_bad(small_home: Path, kotae: Kotae) -> None:
    good = kotae("--home", small_home, "doctor", "--json")
    assert good.status == 0
    assert all(check["ok"] for check in good.value["checks"] if check["required"])
    (small_home / "settings.toml").write_text("[chat]\nmodell = 'x'\n", encoding="utf-8")
    bad = kotae("--home", small_home, "doctor", "--json")
    assert bad.status == 1
    assert all(check["remedy"] for check in bad.value["checks"] if not check["ok"])
    assert "chat.modell" in bad.out


def test_doctor_finds_indexes_that_are_behind(
    small_home: Path, documents: Path, kotae: Kotae, monkeypatch: pytest.MonkeyPatch
) -> None:
    (documents / "旅費.txt").write_text("旅費の手引\n\n宿泊費は、実費とする。\n", encoding="utf-8")
    with monkeypatch.context() as patched:
        patched.setattr(Home, "refresh_words", lambda _self: None)
        patched.setattr(Home, "refresh_indexes", lambda _self: None)
        kotae("--home", small_home, "ingest", documents)
    ended = kotae("--home", small_home, "doctor", "--json")
    assert ended.status == 1
    (index,) = [check for check in ended.value["checks"] if not check["ok"] and check["required"]]
    assert "kotae ingest" in index["remedy"]


def test_the_closed_lists_are_printed(tmp_path: Path, kotae: Kotae) -> None:
    codes = kotae("--home", tmp_path, "doctor", "--codes", "--json").value
    lists = {"statuses": AnswerStatus, "kinds": Kind, "states": State, "problems": Problem, "parts": Part}
    lists |= {"verdicts": Verdict, "reasons": Reason, "feedback_states": FeedbackState}
    lists |= {"ranker_endings": Ending, "ranker_standings": Standing}
    assert codes == {name: [member.value for member in members] for name, members in lists.items()}


@pytest.mark.parametrize("command", ["ingest", "documents", "search", "ask", "verify", "eval", "doctor"])
def test_every_command_explains_itself_in_japanese(kotae: Kotae, command: str) -> None:
    ended = kotae(command, "--help")
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.startswith(f"使い方: kotae {command}")
    assert not {"usage:", "options:", "show this help"} & set(ended.out.splitlines())
    assert "--home" in ended.out


# --- as a process ----------------------------------------------------------------------------------


def test_a_process_prints_one_json_value_and_nothing_else(small_home: Path) -> None:
    ended = subprocess.run(
        [*COMMAND, "--home", str(small_home), "search", "旅費", "--json"],
        cwd=ROOT,
        capture_output=True,
        check=False,
        env={**os.environ, "LC_ALL": "C"},
    )
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert json.loads(ended.stdout)["hits"]


def test_a_reader_that_goes_away_is_no_error() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as closed:
        ended = subprocess.run(
            [*COMMAND, "doctor", "--codes"],
            cwd=ROOT,
            stdout=closed,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert (ended.returncode, ended.stderr) == (0, b"")


def test_an_interrupted_process_says_so_in_one_line_and_loses_nothing(
    new_home: Path, documents: Path, kotae: Kotae
) -> None:
    for number in range(12):
        shutil.copy(documents / "旅費.txt", documents / f"旅費{number}.txt")
    process = subprocess.Popen(
        [*COMMAND, "--home", str(new_home), "ingest", str(documents)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not (new_home / "writer.json").exists():
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate()
    assert (process.returncode, out) == (130, "")
    assert err.strip() == "中断しました。同じコマンドをもう一度実行すると、続きから進みます。"
    ended = kotae("--home", new_home, "ingest", documents, "--json")
    assert ended.status == 0
    assert ended.value["documents"] == 14


def test_an_editor_cannot_relabel_or_remove_what_is_beyond_their_rights(
    small_home: Path, documents: Path, kotae: Kotae
) -> None:
    before = kotae("--home", small_home, "documents", "--json").value
    (small_home / "directory.csv").write_text(
        "user,name,department,groups,max_level,role\nlow,道路課員,道路課,,1,editor\n", encoding="utf-8"
    )
    complaint = kotae("--home", small_home, "--as", "low", "ingest", documents).complaint
    assert "区分を超える" in complaint
    assert not any(row["title"] in complaint or row["path"] in complaint for row in before)
    (small_home / "directory.csv").unlink()
    assert kotae("--home", small_home, "documents", "--json").value == before


@pytest.mark.parametrize("row", ["人事/基準.txt,1,広報課,", "人事/これから.txt,1,広報課,", "手引.txt,2,,人事/基準.txt"])
def test_a_labels_file_given_with_one_file_does_not_speak_of_hidden_ones_beside_it(
    new_home: Path, tmp_path: Path, kotae: Kotae, row: str
) -> None:
    folder = tmp_path / "文書"
    (folder / "人事").mkdir(parents=True)
    (folder / "人事/基準.txt").write_text("停職は、三箇月とする。", encoding="utf-8")
    (folder / "手引.txt").write_text("広報紙は、毎月発行する。", encoding="utf-8")
    (folder / "labels.csv").write_text("path,level,audience\n人事/基準.txt,3A,人事課\n手引.txt,2,\n", encoding="utf-8")
    assert kotae("--home", new_home, "ingest", folder).status == 0
    (new_home / "directory.csv").write_text(
        "user,name,department,groups,max_level,role\nkoho,広報課員,広報課,,2,editor\n", encoding="utf-8"
    )
    given = tmp_path / "ラベル.csv"
    given.write_text(f"path,level,audience,supersedes\n{row}\n", encoding="utf-8")
    refused = kotae("--home", new_home, "--as", "koho", "ingest", folder / "手引.txt", "--label", given)
    assert "区分を超える" in refused.complaint
    assert kotae("--home", new_home, "--as", "koho", "ingest", folder / "手引.txt").status == 0


def test_a_run_dates_versions_that_a_killed_one_left_and_names_none_that_its_user_may_not_read(
    new_home: Path, tmp_path: Path, kotae: Kotae, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "文書"
    rule = "みほん県懲戒規則\n平成十二年三月三十一日\nみほん県規則第四十一号\n第一条　停職は、{}とする。\n第二条　細目は、別に定める。\n"
    for name in ("人事", "広報"):
        (folder / name).mkdir(parents=True)
        (folder / name / "規則.txt").write_text(rule.format("三箇月"), encoding="utf-8")
        (folder / name / "規則_新.txt").write_text(rule.format("六箇月"), encoding="utf-8")
    rows = (
        f"{name}/規則{new},{level},{start}" for name, level in (("人事", "3A"), ("広報", "2")) for new, start in NEXT
    )
    (folder / "labels.csv").write_text("path,level,effective_from\n" + "\n".join(rows) + "\n", encoding="utf-8")
    with monkeypatch.context() as killed:
        for module in ("ingest.batch", "ingest.sync"):
            killed.setattr(f"{module}.date_versions", lambda _catalogue: [])
        assert kotae("--home", new_home, "ingest", folder, "--json").value["ended"] == []
    (new_home / "directory.csv").write_text(
        "user,name,department,groups,max_level,role\nkoho,広報課員,広報課,,2,editor\n", encoding="utf-8"
    )
    ended = kotae("--home", new_home, "--as", "koho", "ingest", folder / "広報", "--json").value["ended"]
    assert [row["path"] for row in ended] == ["広報/規則.txt"]
    (new_home / "directory.csv").unlink()
    rows = kotae("--home", new_home, "documents", "--json").value
    assert {row["path"] for row in rows if row["effective_to"]} == {"人事/規則.txt", "広報/規則.txt"}


def test_thousands_of_articles_that_are_nearly_alike_are_taken_in(new_home: Path, tmp_path: Path, kotae: Kotae) -> None:
    folder = tmp_path / "文書"
    folder.mkdir()
    articles = (f"第{number}条　職員は、事務{number}番を所属長に報告しなければならない。" for number in range(1, 5001))
    (folder / "巨大規程.txt").write_text("みほん県巨大規程\n\n" + "\n".join(articles), encoding="utf-8")
    (folder / "labels.csv").write_text("path,level\n巨大規程.txt,1\n", encoding="utf-8")
    ended = kotae("--home", new_home, "ingest", folder)
    assert ended.status == 0, ended.err
