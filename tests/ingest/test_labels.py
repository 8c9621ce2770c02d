"""labels.csv: what an office writes is honoured, and what it writes wrongly is named with its line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ingest.labels import read_rows, row_labels
from rag.domain import Labels
from rag.errors import LabelsError

HEAD = "path,title,department,level,audience,effective_from,effective_to,number,supersedes"
LEVELS = ("3A", "3B", "3C", "2", "1")


def labels_file(folder: Path, *rows: str, head: str = HEAD, encoding: str = "utf-8") -> Path:
    file = folder / "labels.csv"
    file.write_bytes("\n".join([head, *rows, ""]).encode(encoding))
    return file


def read(file: Path) -> dict[str, Labels]:
    return {name: row_labels(row, levels={level: level for level in LEVELS}) for name, row in read_rows(file).items()}


def labels(folder: Path, *rows: str) -> dict[str, Labels]:
    return read(labels_file(folder, *rows))


def test_every_column_is_read(tmp_path: Path) -> None:
    found = labels(
        tmp_path,
        "例規/旅費条例.html,旅費条例,総務部給与旅費課,2,人事課;給与旅費課,2026-04-01,2030-04-01,条例第7号,例規/旧.html",
    )
    assert found["例規/旅費条例.html"] == Labels(
        title="旅費条例",
        department="総務部給与旅費課",
        level="2",
        groups=frozenset({"人事課", "給与旅費課"}),
        effective_from=date(2026, 4, 1),
        effective_to=date(2030, 4, 1),
        number="条例第7号",
        supersedes="例規/旧.html",
    )


def test_an_empty_cell_says_nothing(tmp_path: Path) -> None:
    assert labels(tmp_path, "通知.txt,,,,,,,,") == {"通知.txt": Labels()}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_the_encodings_in_which_offices_save_are_read(tmp_path: Path, encoding: str) -> None:
    file = labels_file(tmp_path, "通知.txt,通知,,1,,,,,", encoding=encoding)
    assert read(file)["通知.txt"].title == "通知"


@pytest.mark.parametrize("written", ["2026-04-01", "2026/4/1", "2026/04/01", "令和8年4月1日", "R8.4.1", "20260401"])
def test_a_date_is_read_as_offices_write_it(tmp_path: Path, written: str) -> None:
    assert labels(tmp_path, f"a.txt,,,1,,{written},,,")["a.txt"].effective_from == date(2026, 4, 1)


@pytest.mark.parametrize("path", [r"例規\旅費条例.txt", "./例規/旅費条例.txt", " 例規/旅費条例.txt "])
def test_a_path_may_be_written_as_windows_or_a_shell_writes_it(tmp_path: Path, path: str) -> None:
    assert list(labels(tmp_path, f"{path},,,1,,,,,")) == ["例規/旅費条例.txt"]


def test_rows_of_empty_cells_as_excel_leaves_them_are_no_rows(tmp_path: Path) -> None:
    assert list(labels(tmp_path, "a.txt,,,1,,,,,", ",,,,,,,,", "b.txt,,,1,,,,,")) == ["a.txt", "b.txt"]


@pytest.mark.parametrize(
    ("row", "finding"),
    [
        ("a.txt,,,9,,,,,", "3行目: level の 9"),
        ("a.txt,,,1,,4月1日,,,", "3行目: effective_from"),
        ("a.txt,,,1,,,2026-02-30,,", "3行目: effective_to"),
        ("a.txt,,,1,,2026-04-01,2026-04-01,,", "3行目: effective_to が effective_from より前"),
        (",題名,,1,,,,,", "3行目: path が空"),
        ("/文書/人事/基準.txt,,,1,,,,,", "3行目: path の /文書/人事/基準.txt はフォルダの外"),
        (r"..\人事\基準.txt,,,1,,,,,", r"3行目: path の ..\人事\基準.txt はフォルダの外"),
        ("例規/../../基準.txt,,,1,,,,,", "3行目: path の 例規/../../基準.txt はフォルダの外"),
        ("a.txt,,,1,,2026-04-01,,,/文書/人事/基準.txt", "3行目: supersedes の /文書/人事/基準.txt はフォルダの外"),
        ("a.txt,,,1,,2026-04-01,,,../基準.txt", "3行目: supersedes の ../基準.txt はフォルダの外"),
        ("a.txt,,,1,;,,,,", "3行目: audience"),
        ("a.txt,題,名,1,,,,,,余り", "3行目: 列が多すぎます"),
        ("最初.txt,,,1,,,,,", "3行目の 最初.txt は2度"),
    ],
)
def test_a_wrong_line_is_named_in_one_line_with_its_remedy(tmp_path: Path, row: str, finding: str) -> None:
    with pytest.raises(LabelsError) as caught:
        labels(tmp_path, "最初.txt,,,1,,,,,", row)
    message = str(caught.value)
    assert finding in message
    assert str(tmp_path / "labels.csv") in message
    assert message.endswith("ください。")
    assert "\n" not in message


def test_a_line_is_counted_as_an_editor_counts_it(tmp_path: Path) -> None:
    with pytest.raises(LabelsError, match="5行目: level"):
        labels(tmp_path, "", '"a.txt","2行の\n題名",,1,,,,,', "b.txt,,,9,,,,,")


@pytest.mark.parametrize("head", ["path,level,部署", "title,level", "path,level,", ""])
def test_a_wrong_head_is_named_with_the_columns_that_may_stand_there(tmp_path: Path, head: str) -> None:
    file = labels_file(tmp_path, "a.txt,1,総務課", head=head)
    with pytest.raises(LabelsError, match="1行目の列名が違います.*使える列は path、"):
        read(file)


@pytest.mark.parametrize("data", [b"\xff\xfe\x81", b"path\n" + b"x" * 200_000 + b"\n"])
def test_a_file_that_is_no_table_is_named(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "labels.csv").write_bytes(data)
    with pytest.raises(LabelsError, match="labels.csv: .*保存し直してください"):
        read(tmp_path / "labels.csv")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(LabelsError, match="ない.csv: ラベルのファイルを読めません"):
        read(tmp_path / "ない.csv")
