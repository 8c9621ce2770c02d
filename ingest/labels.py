"""labels.csv: what the office says of its documents."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of a labels file as it was written."""

    place: str
    """Where it stands, for messages."""
    cells: Mapping[str, str]
    """Every column; empty where nothing is written."""

    @property
    def is_bare(self) -> bool:
        """Tell whether nothing but the path is written."""
        return not any(value for column, value in self.cells.items() if column != "path")


def read_rows(path: Path) -> dict[str, Row]:
    """Return path inside the folder of the file → row; raises LabelsError naming the line."""
    rows: dict[str, Row] = {}
    for place, cells in _rows(path):
        name = file_name(cells["path"])
        if name == ".":
            raise LabelsError(f"{place}: path が空です。文書の場所を書くか、その行を消してください。")
        for column in ("path", "supersedes"):
            if _leads_out(cells[column]):
                raise LabelsError(
                    f"{place}: {column} の {cells[column]} はフォルダの外を指しています。フォルダの中の場所を書いてください。"
                )
        if name in rows:
            raise LabelsError(f"{place}の {name} は2度書かれています。1行にしてください。")
        rows[name] = Row(place=place, cells=cells)
    return rows


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


def file_name(text: str) -> str:
    """Return a path as the catalogue writes it; '.' when there is none."""
    return unicodedata.normalize("NFC", str(PurePosixPath(text.replace("\\", "/"))))


def _leads_out(text: str) -> bool:
    """Tell whether a path leaves the folder it is seen from: who labels one folder has no say over others."""
    path = PurePosixPath(text.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts


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


def row_labels(row: Row, *, levels: Mapping[str, str]) -> Labels:
    """Return what a row says; raises LabelsError naming its place. `levels`: what may be written → the level it means."""
    value, place = row.cells, row.place
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
        level=levels[value["level"]] if value["level"] else None,
        groups=groups if groups or value["level"] else None,
        effective_from=start,
        effective_to=end,
        number=value["number"] or None,
        supersedes=file_name(value["supersedes"]) if value["supersedes"] else None,
    )


def _day(text: str, place: str, column: str) -> date | None:
    if not text:
        return None
    try:
        return parse_date(text)
    except InputError as error:
        raise LabelsError(f"{place}: {column} の{error}") from error


def successor_starts(labels: Iterable[Labels]) -> dict[str, date]:
    """Return superseded text → the day on which the first of its successors starts."""
    starts: dict[str, date] = {}
    for successor in labels:
        name, start = successor.supersedes, successor.effective_from
        if name and start:
            starts[name] = min(start, starts.get(name, start))
    return starts


def with_end(labels: Labels, end: date) -> Labels:
    """Return the labels of a text that a successor ends on this day, unless it has an end of its own."""
    return replace(labels, effective_to=labels.effective_to or end)
