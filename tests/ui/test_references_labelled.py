"""References of the sample's rules, labelled by people who had not seen the resolver."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from rag.domain import Reader
from rag.wiring import open_home
from tests.bench.references import Verdict, judge, main, read_labels

READER = Reader(user="local", name="local", reads_all=True)
WRONG: frozenset[str] = frozenset()
"""Labels that are not met yet; each must go on failing until it is."""


@pytest.fixture(scope="module")
def verdicts(sample_home: Path) -> list[Verdict]:
    return judge(open_home(sample_home), READER, read_labels())


def test_the_labelled_references_of_the_sample_lead_to_their_clauses(verdicts: list[Verdict]) -> None:
    assert len(verdicts) >= 90
    assert {each.id for each in verdicts if not each.right} == WRONG


def test_a_wrong_clause_and_a_missing_one_are_told_from_the_right_ones(verdicts: list[Verdict]) -> None:
    label = next(label for label in read_labels() if label["id"] == verdicts[0].id)
    right = verdicts[0]
    assert right.right
    assert not replace(right, found=("x 第99条",)).right
    assert not replace(right, found=right.found[1:]).right
    assert label["targets"]


def test_a_folder_that_is_not_there_is_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--data", str(tmp_path / "なし")])
    assert ended.value.code == 2
    assert "フォルダがありません" in capsys.readouterr().err


def test_labels_of_which_no_file_is_there_are_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "正解.jsonl").touch()
    with pytest.raises(SystemExit) as ended:
        main(["--labels", str(tmp_path / "正解.jsonl")])
    assert ended.value.code == 2
    assert "測れる参照がありません" in capsys.readouterr().err
