"""What `./x kill` compares: a home that lost or kept anything is told from a fresh one, and a job can go on."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import tantivy

from tests.bench.home_differences import differences
from tests.bench.home_state import State, read_state
from tests.bench.kill_folder import Change, change_of, folder_before, lay
from tests.bench.kills import Work, clear_home, revision, stage
from tests.bench.process_tree import descendants, end_tree
from ui.cli import main as kotae

RULES = 20


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home over a few made rules."""
    place = tmp_path_factory.mktemp("強制終了")
    lay(folder_before(1, seed=1, rules=RULES), place / "documents", sample=None)
    assert kotae(["--home", str(place / "home"), "ingest", str(place / "documents")]) == 0
    return place / "home"


@pytest.fixture(scope="module")
def fresh(built: Path) -> State:
    return read_state(built)


@pytest.fixture
def copy(built: Path, tmp_path: Path) -> Iterator[Path]:
    """The same home, to be damaged."""
    shutil.copytree(built, tmp_path / "home")
    return tmp_path / "home"


def sql(statement: str) -> Callable[[Path], None]:
    """Change the catalogue behind everybody's back."""

    def change(home: Path) -> None:
        with sqlite3.connect(home / "catalogue.sqlite3") as connection:
            assert connection.execute(statement).rowcount == 1
        connection.close()

    return change


def forget_words(home: Path) -> None:
    """Take one entry out of the word index."""
    index = tantivy.Index.open(str(next((home / "words").glob("*/a-*"))))
    [(_, address)] = index.searcher().search(tantivy.Query.all_query(), 1).hits
    writer = index.writer()
    writer.delete_documents_by_term("id", index.searcher().doc(address)["id"][0])
    writer.commit()
    writer.wait_merging_threads()


def leave_generation(home: Path) -> None:
    (home / "vectors/g00000001-deadbeef").mkdir()


def leave_lock(home: Path) -> None:
    (home / "writer.json").write_text("{}", encoding="utf-8")


def leave_draft(home: Path) -> None:
    (home / "models/chive-1.npz.123.tmp.npz").touch()


def fall_behind(home: Path) -> None:
    (state,) = (home / "words").glob("*/state.json")
    state.write_text('{"revision": 1}', encoding="utf-8")


FIRST = "(SELECT id FROM chunks ORDER BY id LIMIT 1)"


def test_the_same_home_differs_in_nothing(copy: Path, fresh: State) -> None:
    assert len(fresh.chunks) > RULES
    assert set(fresh.vectors) == set(fresh.entries) == set(fresh.indexed) == set(fresh.chunks)
    assert any(fresh.neighbours.values())
    assert any(fresh.matches.values())
    assert differences(read_state(copy), fresh, origins={}) == []


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (sql(f"DELETE FROM chunks WHERE id = {FIRST}"), "検索単位 規程集/"),
        (sql(f"UPDATE chunks SET text = text || '。' WHERE id = {FIRST}"), "text は "),
        (sql(f"UPDATE chunks SET ends_on = '2027-04-01' WHERE id = {FIRST}"), "period は "),
        (sql("UPDATE documents SET level = '3A' WHERE id = (SELECT min(id) FROM documents)"), "audience は "),
        (sql("UPDATE documents SET title = '別の題' WHERE id = (SELECT min(id) FROM documents)"), "title は '別の題'"),
        (
            sql(f"DELETE FROM embeddings WHERE text_hash = (SELECT text_hash FROM chunks WHERE id = {FIRST})"),
            "ベクトル 規程集/",
        ),
        (sql("DELETE FROM sources"), "台帳の記録 sources"),
        (forget_words, "語の索引の項目 規程集/"),
        (leave_generation, "世代"),
        (leave_lock, "writer.json が残っています"),
        (leave_draft, "ホームに余分な models/chive-1.npz.123.tmp.npz"),
        (fall_behind, "語の索引は変更1まで"),
    ],
)
def test_what_is_damaged_is_named(copy: Path, fresh: State, damage: Callable[[Path], None], said: str) -> None:
    damage(copy)
    found = differences(read_state(copy), fresh, origins={})
    assert [each for each in found if said in each], found


def test_a_renamed_document_keeps_the_id_of_its_first_path(fresh: State) -> None:
    path = next(iter(fresh.documents))
    assert differences(fresh, fresh, origins={path: path}) == []
    assert [path in each for each in differences(fresh, fresh, origins={path: "規程集/元の名前.txt"})] == [True]


@pytest.mark.parametrize(
    ("part", "asked", "found"),
    [
        ("matches", "words 2026-11-26 給食", {}),
        ("matches", "words 2026-11-26 給食", {"a.txt#0": 8.0, "b.txt#0": 8.0}),
        ("matches", "words 2026-11-26 給食", {"a.txt#0": 7.9}),
        ("matches", "reference 2026-11-26 旅費条例16", {"a.txt#0": 0.5}),
        ("neighbours", "vectors 2026-11-26 給食", {}),
        ("neighbours", "vectors 2026-11-26 給食", {"a.txt#0": 7.9}),
    ],
)
def test_an_answer_that_differs_is_named(fresh: State, part: str, asked: str, found: dict[str, float]) -> None:
    good, bad = (replace(fresh, **{part: {asked: answer}}) for answer in ({"a.txt#0": 8.0}, found))
    assert differences(good, good, origins={}) == []
    assert [asked in each or "近い順" in each for each in differences(bad, good, origins={})][:1] == [True]


def test_scores_that_a_merged_index_estimates_may_differ_by_a_thousandth(fresh: State) -> None:
    right = replace(fresh, matches={"words": {"a.txt#0": 8.0}})
    for score, is_named in ((8.004, False), (8.02, True)):
        found = differences(replace(fresh, matches={"words": {"a.txt#0": score}}), right, origins={})
        assert any("の点は" in line for line in found) is is_named


def test_scores_are_not_compared_while_removed_entries_still_count(fresh: State) -> None:
    good, other = (replace(fresh, matches={"words": {"a.txt#0": score}}) for score in (8.0, 7.9))
    assert differences(replace(other, buried=True), good, origins={}) == []


def test_every_round_has_its_folder_whoever_asks_again() -> None:
    one, other = (folder_before(12, seed=3, rules=RULES) for _ in range(2))
    assert one == other
    assert one != folder_before(12, seed=4, rules=RULES)
    assert len(one.made) == RULES
    assert [change_of(number) for number in (1, 2, 4, 11)] == [Change.NEW, Change.FEW, Change.MANY, Change.BARE]


def test_between_rounds_rules_come_go_change_their_words_their_labels_and_their_names() -> None:
    before, after = (folder_before(number, seed=1, rules=RULES) for number in (1, 2))
    both = before.made.keys() & after.made.keys()
    assert [path for path in both if before.made[path].seed != after.made[path].seed]
    assert [path for path in both if before.made[path].labels != after.made[path].labels]
    assert [path for path, made in after.made.items() if path != made.origin and made.origin in before.made]
    assert len(after.made.keys() - before.made.keys()) > 3
    assert len(before.made.keys() - after.made.keys()) > 3


def test_the_folder_on_disk_holds_what_the_round_says(tmp_path: Path) -> None:
    for number in (1, 2):
        folder = folder_before(number, seed=1, rules=RULES)
        lay(folder, tmp_path, sample=None)
        laid = {file.relative_to(tmp_path / "規程集").as_posix() for file in tmp_path.rglob("*.txt")}
        assert laid == set(folder.made)
    rows = (tmp_path / "規程集/labels.csv").read_text(encoding="utf-8").splitlines()
    assert len(rows) == RULES + 1


def test_a_job_goes_on_after_its_last_whole_line(tmp_path: Path) -> None:
    work = Work(place=tmp_path / "work", seed=1, rules=RULES)
    assert work.rounds() == []
    work.note({"number": 1})
    with work.log.open("a", encoding="utf-8") as file:
        file.write('{"number": 2, "cha')  # the machine went down
    assert [each["number"] for each in work.rounds()] == [1]
    work.note({"number": 2})
    assert [each["number"] for each in work.rounds()] == [1, 2]
    with pytest.raises(ValueError, match="--seed"):
        Work(place=work.place, seed=2, rules=RULES).rounds()
    assert json.loads(work.log.read_text(encoding="utf-8").splitlines()[0]) == {"seed": 1, "rules": RULES}


@pytest.mark.parametrize(
    ("change", "left"), [(Change.FEW, {"models", "a"}), (Change.NEW, {"models"}), (Change.BARE, set())]
)
def test_a_round_takes_away_what_it_builds_anew(tmp_path: Path, change: Change, left: set[str]) -> None:
    work = Work(place=tmp_path, seed=1, rules=RULES)
    (work.home / "models").mkdir(parents=True)
    (work.home / "a").touch()
    clear_home(work, change)
    assert {entry.name for entry in work.home.iterdir()} == left


def test_how_far_a_killed_run_had_come_is_told(copy: Path, tmp_path: Path) -> None:
    reached = revision(copy)
    assert reached == RULES
    assert [stage(copy, before) for before in (reached, 0)] == ["imports", "words"]
    fall_behind(copy)
    assert stage(copy, 0) == "catalogue"
    assert (revision(tmp_path), stage(tmp_path, 0)) == (0, "imports")


def test_a_kill_ends_what_was_started_in_groups_of_its_own_too() -> None:
    child = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'input()'], stdin=subprocess.PIPE, start_new_session=True); input()"
    process = subprocess.Popen([sys.executable, "-c", child], stdin=subprocess.PIPE)
    while not descendants(process.pid):
        time.sleep(0.02)
    (below,) = descendants(process.pid)
    end_tree(process)
    while runs(below):  # the system takes its time; pytest's own limit ends a wait in vain
        time.sleep(0.02)


def runs(pid: int) -> bool:
    """Tell whether a process is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
