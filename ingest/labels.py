"""labels.csv: what the office says of its documents."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path, PurePosixPath

from rag.domain import Labels
from rag.errors import InputError, LabelsError
from rag.japanese.dates import parse_date
from rag.safety.directory import split_groups

FILE_NAME = "labels.csv"
COLUMNS = (
    "path",
    "title",
    "department",
    "level",
    "audience",
    "effective_from",
    "effective_to",
    "number",
    "supersedes",
)


def read_labels(path: Path, *, levels: tuple[str, ...]) -> dict[str, Labels]:
    """Return path inside the source → labels; raises LabelsError naming the line.

    A text that another one supersedes ends when that one starts, unless the file gives it an end of its own.
    """
    labels: dict[str, Labels] = {}
    for place, row in _rows(path):
        name = _name(row["path"])
        if name in labels:
            raise LabelsError(f"{place}の {name} は2度書かれています。1行にしてください。")
        labels[name] = _row_labels(row, place, levels)
    return _ended_by_successors(labels)


def gather_labels(
    files: Sequence[Path], *, extra: Path | None, folders: Sequence[Path], levels: tuple[str, ...]
) -> dict[str, Labels]:
    """Return `label_key` of a file → its labels, from the labels files found, each relative to its folder.

    A later file wins; `extra` (the --label file) is relative to each of `folders` and wins over what was found.
    """
    gathered: dict[str, Labels] = {}
    for file in files:
        gathered |= {label_key(file.parent / name): each for name, each in read_labels(file, levels=levels).items()}
    if extra is not None:
        named = read_labels(extra, levels=levels)
        gathered |= {label_key(folder / name): each for folder in folders for name, each in named.items()}
    return gathered


def label_key(path: Path) -> str:
    """Name a file so that it is found however が is stored: a Mac keeps it as か and a mark of its own."""
    return unicodedata.normalize("NFC", path.as_posix())


def _rows(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield where a row stands and its cells; a row of empty cells, as Excel leaves them, is none."""
    rows = csv.DictReader(io.StringIO(_decoded(path), newline=""), restval="")
    try:
        unknown = [name or "（空の列名）" for name in rows.fieldnames or () if name not in COLUMNS]
        if unknown or "path" not in (rows.fieldnames or ()):
            raise LabelsError(
                f"{path}: 1行目の列名が違います（{'、'.join(unknown) or 'path がありません'}）。"
                f"使える列は {'、'.join(COLUMNS)} です。"
            )
        for row in rows:
            place = f"{path}: {rows.line_num}行目"
            if None in row:
                raise LabelsError(f'{place}: 列が多すぎます。「,」を含む値は "…" で囲んでください。')
            value = {column: row.get(column, "").strip() for column in COLUMNS}
            if any(value.values()):
                yield place, value
    except csv.Error as error:
        raise LabelsError(
            f"{path}: CSVとして読めません（{error}）。表計算ソフトでCSVに保存し直してください。"
        ) from error


def _name(text: str) -> str:
    """Return a path inside a source as the catalogue writes it; '.' when there is none."""
    return unicodedata.normalize("NFC", str(PurePosixPath(text.replace("\\", "/"))))


def _decoded(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise LabelsError(
            f"{path}: ラベルのファイルを読めません（{error.strerror}）。場所と権限を確かめてください。"
        ) from error
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise LabelsError(f"{path}: 文字コードが分かりません。UTF-8かShift_JISのCSVで保存し直してください。")


def _row_labels(value: Mapping[str, str], place: str, levels: tuple[str, ...]) -> Labels:
    if _name(value["path"]) == ".":
        raise LabelsError(f"{place}: path が空です。文書の場所を書くか、その行を消してください。")
    if value["level"] and value["level"] not in levels:
        raise LabelsError(
            f"{place}: level の {value['level']} は区分にありません。{'、'.join(levels)} のどれかにしてください。"
        )
    groups = split_groups(value["audience"])
    if value["audience"] and not groups:
        raise LabelsError(f"{place}: audience に組織の名前がありません。名前を書くか、空にしてください。")
    start, end = (_day(value[column], place, column) for column in ("effective_from", "effective_to"))
    if start and end and end <= start:
        raise LabelsError(f"{place}: effective_to が effective_from より前です。日付を確かめてください。")
    return Labels(
        title=value["title"] or None,
        department=value["department"] or None,
        level=value["level"] or None,
        groups=groups if groups or value["level"] else None,
        effective_from=start,
        effective_to=end,
        number=value["number"] or None,
        supersedes=_name(value["supersedes"]) if value["supersedes"] else None,
    )


def _day(text: str, place: str, column: str) -> date | None:
    if not text:
        return None
    try:
        return parse_date(text)
    except InputError as error:
        raise LabelsError(f"{place}: {column} の{error}") from error


def _ended_by_successors(labels: dict[str, Labels]) -> dict[str, Labels]:
    starts: dict[str, date] = {}
    for successor in labels.values():
        name, start = successor.supersedes, successor.effective_from
        if name and start:
            starts[name] = min(start, starts.get(name, start))
    ended = dict(labels)
    for name, start in starts.items():
        older = labels.get(name, Labels())
        ended[name] = replace(older, effective_to=older.effective_to or start)
    return ended
