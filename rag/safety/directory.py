"""directory.csv of the home: the users, what they may read and do."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from rag.domain import Reader, Role
from rag.errors import DirectoryError

FILE_NAME = "directory.csv"
COLUMNS = ("user", "name", "department", "groups", "max_level", "role")


def find_reader(home: Path, user: str | None, *, levels: tuple[str, ...]) -> Reader:
    """Return the user of this name; without a directory file, the local administrator; raises DirectoryError."""
    path = home / FILE_NAME
    if not os.path.lexists(path):  # a link that leads nowhere, or a file nobody may read, is no licence to read all
        if user is not None:
            raise DirectoryError(
                f"--as {user}: 利用者名簿 {path} がありません。名簿を置くか、--as を付けずに実行してください。"
            )
        return Reader(user="local", name="この端末の管理者", max_level=levels[0], role=Role.ADMIN, reads_all=True)
    readers = read_directory(path, levels=levels)
    if user is None:
        raise DirectoryError(f"{path}: 利用者名簿があるので、だれとして使うかを --as で指定してください。")
    if user not in readers:
        raise DirectoryError(f"--as {user}: 利用者名簿 {path} にありません。user の列を確かめてください。")
    return readers[user]


def read_directory(path: Path, *, levels: tuple[str, ...]) -> dict[str, Reader]:
    """Return user → reader; raises DirectoryError naming the line."""
    readers: dict[str, Reader] = {}
    for place, row in _rows(path):
        reader = _row_reader(row, place, levels)
        if reader.user in readers:
            raise DirectoryError(f"{place}の {reader.user} は2度書かれています。1行にしてください。")
        readers[reader.user] = reader
    return readers


def known_groups(home: Path, *, levels: tuple[str, ...]) -> frozenset[str] | None:
    """Return every group and department that a user of the directory file is in; None: there is no such file."""
    path = home / FILE_NAME
    if not os.path.lexists(path):
        return None
    readers = read_directory(path, levels=levels).values()
    return frozenset(name for reader in readers for name in (*reader.groups, reader.department) if name)


def split_groups(text: str) -> frozenset[str]:
    """Return the groups that a cell names, several with ';'."""
    return frozenset(part.strip() for part in text.replace("；", ";").split(";") if part.strip())


def _rows(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield where a row stands and its cells; a row of empty cells, as Excel leaves them, is none."""
    rows = csv.DictReader(io.StringIO(_decoded(path), newline=""), restval="")
    try:
        if sorted(rows.fieldnames or ()) != sorted(COLUMNS):
            raise DirectoryError(f"{path}: 1行目の列名が違います。{','.join(COLUMNS)} にしてください。")
        for row in rows:
            place = f"{path}: {rows.line_num}行目"
            if None in row:
                raise DirectoryError(f'{place}: 列が多すぎます。「,」を含む値は "…" で囲んでください。')
            value = {column: row[column].strip() for column in COLUMNS}
            if any(value.values()):
                yield place, value
    except csv.Error as error:
        raise DirectoryError(
            f"{path}: CSVとして読めません（{error}）。表計算ソフトでCSVに保存し直してください。"
        ) from error


def _decoded(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DirectoryError(
            f"{path}: 利用者名簿を読めません（{error.strerror}）。場所と権限を確かめてください。"
        ) from error
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DirectoryError(f"{path}: 文字コードが分かりません。UTF-8かShift_JISのCSVで保存し直してください。")


def _row_reader(value: Mapping[str, str], place: str, levels: tuple[str, ...]) -> Reader:
    if not value["user"]:
        raise DirectoryError(f"{place}: user が空です。利用者の名前を書いてください。")
    if value["max_level"] not in levels:
        raise DirectoryError(
            f"{place}: max_level の「{value['max_level']}」は区分にありません。{'、'.join(levels)} のどれかにしてください。"
        )
    if value["role"] not in list(Role):
        raise DirectoryError(
            f"{place}: role の「{value['role']}」は使えません。{'、'.join(Role)} のどれかにしてください。"
        )
    return Reader(
        user=value["user"],
        name=value["name"],
        department=value["department"],
        groups=split_groups(value["groups"]),
        max_level=value["max_level"],
        role=Role(value["role"]),
    )
