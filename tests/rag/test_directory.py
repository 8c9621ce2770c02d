"""The directory of users: who is who, and that a doubt lets nobody in."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.domain import Role
from rag.errors import DirectoryError
from rag.safety.directory import FILE_NAME, find_reader, known_groups, read_directory

HEAD = "user,name,department,groups,max_level,role"
LEVELS = ("3A", "3B", "3C", "2", "1")
STAFF = "ippan,一般職員,道路課,防災;議会,2,staff"


def directory(home: Path, *rows: str, head: str = HEAD, encoding: str = "utf-8") -> Path:
    file = home / FILE_NAME
    file.write_bytes("\n".join([head, *rows, ""]).encode(encoding))
    return file


def complaint(home: Path, *rows: str, head: str = HEAD) -> str:
    with pytest.raises(DirectoryError) as caught:
        read_directory(directory(home, *rows, head=head), levels=LEVELS)
    message = str(caught.value)
    assert "\n" not in message
    assert message.endswith("ください。")
    return message


def test_without_a_directory_there_is_one_administrator_who_reads_everything(tmp_path: Path) -> None:
    reader = find_reader(tmp_path, None, levels=LEVELS)
    assert (reader.role, reader.max_level, reader.reads_all) == (Role.ADMIN, "3A", True)


def test_without_a_directory_nobody_can_be_somebody(tmp_path: Path) -> None:
    with pytest.raises(DirectoryError, match="--as ippan: .*名簿.*がありません"):
        find_reader(tmp_path, "ippan", levels=LEVELS)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_user_is_found_with_all_that_the_row_says(tmp_path: Path, encoding: str) -> None:
    directory(tmp_path, STAFF, ",,,,,", "kanri,管理者,総務課,,1,admin", encoding=encoding)
    reader = find_reader(tmp_path, "ippan", levels=LEVELS)
    assert (reader.name, reader.department, reader.max_level) == ("一般職員", "道路課", "2")
    assert (reader.groups, reader.role, reader.reads_all) == (frozenset({"防災", "議会"}), Role.STAFF, False)
    assert find_reader(tmp_path, "kanri", levels=LEVELS).role is Role.ADMIN


def test_groups_may_be_parted_with_a_wide_semicolon(tmp_path: Path) -> None:
    directory(tmp_path, "ippan,一般職員,道路課,防災；議会,2,staff")
    assert find_reader(tmp_path, "ippan", levels=LEVELS).groups == {"防災", "議会"}


def test_with_a_directory_everybody_must_say_who_they_are(tmp_path: Path) -> None:
    directory(tmp_path, STAFF)
    with pytest.raises(DirectoryError, match="--as で指定してください"):
        find_reader(tmp_path, None, levels=LEVELS)
    for user in ("dareka", "IPPAN", "", " ippan"):
        with pytest.raises(DirectoryError, match="にありません"):
            find_reader(tmp_path, user, levels=LEVELS)


@pytest.mark.parametrize("kind", ["folder", "link", "bytes", "empty"])
def test_a_directory_that_cannot_be_read_makes_nobody_an_administrator(tmp_path: Path, kind: str) -> None:
    file = tmp_path / FILE_NAME
    match kind:
        case "folder":
            file.mkdir()
        case "link":
            file.symlink_to(tmp_path / "ない")
        case "bytes":
            file.write_bytes(b"\x81\xff\xfe")
        case _:
            file.touch()
    for user in (None, "ippan"):
        with pytest.raises(DirectoryError, match="ください。$"):
            find_reader(tmp_path, user, levels=LEVELS)


@pytest.mark.parametrize(
    ("row", "finding"),
    [
        (",名無し,道路課,,1,staff", "3行目: user が空"),
        ("b,職員,道路課,,9,staff", "3行目: max_level の「9」"),
        ("b,職員,道路課,,,staff", "3行目: max_level の「」"),
        ("b,職員,道路課,,1,boss", "3行目: role の「boss」"),
        ("b,職員,道路課,,1,", "3行目: role の「」"),
        ("b,職員,道路課,,1,staff,余り", "3行目: 列が多すぎます"),
        ("b,職員", "3行目: max_level"),
        (STAFF, "3行目の ippan は2度"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, row: str, finding: str) -> None:
    assert finding in complaint(tmp_path, STAFF, row)


@pytest.mark.parametrize("head", ["user,name", f"{HEAD},extra", "利用者,氏名,課,組,区分,役割"])
def test_a_wrong_head_is_named_with_the_columns(tmp_path: Path, head: str) -> None:
    assert HEAD in complaint(tmp_path, head=head)


def test_a_line_is_counted_as_an_editor_counts_it(tmp_path: Path) -> None:
    assert "5行目: role" in complaint(tmp_path, '"a","2行の\n名前",道路課,,1,staff', "", "b,職員,道路課,,1,boss")


def test_departments_count_as_groups_and_without_a_directory_no_group_is_unknown(tmp_path: Path) -> None:
    assert known_groups(tmp_path, levels=LEVELS) is None
    directory(tmp_path, STAFF, "kanri,管理者,,,1,admin")
    assert known_groups(tmp_path, levels=LEVELS) == {"道路課", "防災", "議会"}
