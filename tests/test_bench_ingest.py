"""What `./x bench ingest` says: bars that can be missed, sizes that are read, memory of a whole tree of processes."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.bench import process_tree
from tests.bench.ingest import Comparison, Side, sizes, summary, usable_files
from tests.bench.ingest_scale import ARTICLES, Grown, Took, write
from tests.bench.made_rules import make_rule
from tests.bench.process_tree import watch

MACHINE = {"cores": 2, "load": [0.0, 1.0]}


def compared(text: float, whole: float) -> Comparison:
    """A comparison in which Kotae is this many times as fast."""
    side = Side(seconds=1.0, cpu_seconds=1.0, steps={"read": 0.5}, texts=3, characters=900)
    return Comparison(
        files=2,
        megabytes=0.1,
        sides={"tutorial": side, "text": side, "whole": side},
        ratios={"text": (text, text, text), "whole": (whole, whole, whole)},
        cpu_ratios={"text": text, "whole": whole},
    )


@pytest.mark.parametrize(
    ("text", "whole", "missed"),
    [(3.0, 1.0, []), (2.99, 1.5, ["text"]), (3.5, 0.99, ["whole"]), (1.0, 0.5, ["text", "whole"])],
)
def test_a_bar_that_is_missed_is_named(text: float, whole: float, missed: list[str]) -> None:
    found = compared(text, whole)
    assert found.missed() == missed
    assert summary({"all": found}, [], MACHINE).count("✗") == len(missed)


def test_only_files_that_both_sides_can_read_are_compared(tmp_path: Path) -> None:
    for name in ("規程.txt", "旧式.doc", "写真.png", "表.PDF"):
        (tmp_path / name).write_text("旅費", encoding="utf-8")
    (tmp_path / "空.txt").touch()
    assert [file.name for file in usable_files(tmp_path)] == ["表.PDF", "規程.txt"]
    assert usable_files(tmp_path / "規程.txt") == [tmp_path / "規程.txt"]


def test_sizes_are_numbers() -> None:
    assert sizes("1000,30000") == [1000, 30000]
    for text in ("千", "0", "-1"):
        with pytest.raises(ValueError, match=text):
            sizes(text)


def test_equal_seeds_make_equal_rules_and_others_other_ones(tmp_path: Path) -> None:
    rules = [make_rule(number, articles=ARTICLES) for number in range(50)]
    assert rules == [make_rule(number, articles=ARTICLES) for number in range(50)]
    sentences = [line for rule in rules for line in rule.splitlines() if len(line) > 40]
    assert len(set(sentences)) == len(sentences)
    write(tmp_path, 205, version=1)
    assert (tmp_path / "002/規程00205.txt").read_text(encoding="utf-8") == make_rule("205-1", articles=ARTICLES)


def test_the_figures_of_a_size_are_said() -> None:
    took = Took(seconds=10.0, cpu_seconds=9.0, ingest_seconds=8.0, peak_mb=300)
    grown = Grown(documents=25, chunks=1000, first=took, again=took, changed=took, megabytes={"台帳": 2.5})
    said = summary({}, [grown], MACHINE)
    assert "検索単位 1000件: はじめ 10.0秒（最大 300MB）" in said
    assert "毎秒 100件" in said
    assert "台帳 2.5MB" in said


HOLD = "held = bytearray(150_000_000); import time; time.sleep(1)"


def test_memory_is_that_of_the_whole_tree(tmp_path: Path) -> None:
    parent = (
        f"import subprocess, sys; {HOLD[:29]}; subprocess.run([sys.executable, '-c', {HOLD!r}], start_new_session=True)"
    )
    ended = watch([sys.executable, "-c", parent], cwd=tmp_path)
    assert ended.status == 0, ended.err
    assert 300 < ended.peak_mb < 500


def test_a_tree_that_grows_too_large_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process_tree, "MOST_MB", 100)
    with pytest.raises(MemoryError):
        watch([sys.executable, "-c", HOLD], cwd=tmp_path)


def test_processor_time_is_that_of_the_program_and_of_its_children(tmp_path: Path) -> None:
    work = "import time; ends = time.process_time() + 0.4\nwhile time.process_time() < ends: pass"
    parent = f"import subprocess, sys, time; subprocess.run([sys.executable, '-c', {work!r}])\n{work}"
    ended = watch([sys.executable, "-c", parent], cwd=tmp_path)
    assert ended.status == 0, ended.err
    assert ended.cpu_seconds >= 0.8
    assert watch([sys.executable, "-c", "import time; time.sleep(1)"], cwd=tmp_path).cpu_seconds < 0.8


def test_what_a_watched_program_says_is_kept(tmp_path: Path) -> None:
    ended = watch([sys.executable, "-c", "import sys; print('旅費' * 50_000); sys.exit('誤り')"], cwd=tmp_path)
    assert (ended.status, len(ended.out), ended.err) == (1, 100_001, "誤り\n")
