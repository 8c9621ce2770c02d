"""The rows of a table as lines: which column holds numbers, entries, answerers, and who asks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from itertools import pairwise

from rag.assembly.item import Stance
from rag.drafting.notice_answerers import answerer_of, is_same_as_above
from rag.drafting.notice_head import Asker, is_formal, read_asker, tidy_name
from rag.drafting.notice_lines import Line, Table, width_of
from rag.drafting.notice_marks import Mark, is_number_only, read_marks
from rag.japanese.text import narrow

__all__ = ["lines_of_table"]


class _Role(Enum):
    ANSWERER = auto()
    STANCE = auto()
    MEMBER = auto()
    GROUP = auto()
    SEAT = auto()
    BACKGROUND = auto()
    NUMBER = auto()
    ASIDE = auto()
    """What says nothing for an item: 受付時刻, 備考."""
    ENTRY = auto()


_HEADERS = (
    (_Role.STANCE, r"スタンス|方針|立場|答弁の?方向"),
    (_Role.ANSWERER, r"答弁(?!.*(?:時間|順|日|課|担当|作成|案))|回答者|要求先|求める者|所管部長"),
    (_Role.SEAT, r"議席|席番"),
    (_Role.GROUP, r"会派|党派|所属"),
    (_Role.MEMBER, r"(?:質問|発言|通告|質疑)(?:議員|者)|議員(?!提案)|氏名|提出者"),
    (
        _Role.ASIDE,
        r"順位|順番|順序|発言順|質問順|日時|月日|時刻|時間|方式|形式|備考|摘要|受付|受理|担当|所管|資料|ページ|頁|種別|区分|確認|メモ|連絡",
    ),
    (_Role.BACKGROUND, r"背景|経緯|理由|補足|現状認識|説明|参考|前提|(?<!要)趣旨(?!.*問)"),
    (
        _Role.ENTRY,
        r"大項目|中項目|小項目|件名|事項|項目(?!番号)|題名|標題|表題|テーマ|要旨|内容|細目(?!番号)|詳細|本文|質問文|設問文|見出し|論点|具体|大見出|小見出|質問の",
    ),
    (
        _Role.NUMBER,
        r"番号|No|NO|№|項番|枝番|^問$|^大問?$|^中問?$|^小問?$|^番$|^#$|^細目$|連番|通番|^項$|^枝$|^号$|問番",
    ),
    (_Role.ENTRY, r"質問|質疑|問い|設問|問"),
)
_ASIDE_KEPT = re.compile(r"備考|摘要|メモ")
_KNOWN = 2
"""Names of columns that make a row a header."""
_STANCES = {stance.value: stance for stance in Stance}


@dataclass(slots=True, kw_only=True)
class _Columns:
    """What the columns of a table are."""

    roles: list[_Role]
    names: list[str]
    numbers: dict[int, list[int]] = field(default_factory=dict)
    """Column of entries → columns that hold its numbers, left to right."""

    def of(self, role: _Role) -> list[int]:
        return [at for at, each in enumerate(self.roles) if each is role]


def lines_of_table(table: Table, warnings: list[str]) -> Iterator[Line]:
    """Yield what a table says, a row after the other; what a column says that is not understood is added to the warnings."""
    width = width_of(table.rows)
    rows = [[*(cell.strip() for cell in row), *[""] * (width - len(row))] for row in table.rows]
    columns: _Columns | None = None
    above: list[str] = [""] * width
    begins = True
    for at, row in enumerate(rows):
        if not any(row):
            continue
        if (found := _header(row, rows[at + 1 :])) is not None:
            if columns is None or found.names != columns.names:
                columns, above = found, [""] * width
            continue
        if columns is None or _is_across(row, columns):
            yield from _free(row, table.places[at], begins=begins)
            if columns is not None and read_asker(_joined(row)):
                above = [""] * width
        else:
            yield from _row(row, above, columns, table.places[at], warnings, begins=begins)
            above = row
        begins = False


def _header(row: Sequence[str], below: Sequence[Sequence[str]]) -> _Columns | None:
    """Return the columns that a row names; None: it is no header."""
    names = ["".join(narrow(cell).split()) for cell in row]
    distinct = [name for at, name in enumerate(names) if name and name not in names[:at]]
    roles = [_role(name) for name in names]
    known = {name for name, role in zip(names, roles, strict=True) if role is not None}
    if len(known) < _KNOWN or len(known) < 0.6 * len(distinct) or not below:
        return None
    if any(len(name) > 24 or name.endswith(("。", "か")) or "について" in name for name in distinct):
        return None
    if not any(role in (_Role.ENTRY, _Role.NUMBER) for role in roles):
        return None
    if len(distinct) == len([name for name in names if name]) == 2 and _role(names[0]) is _Role.MEMBER:
        return None
    settled: list[_Role] = []
    for at, role in enumerate(roles):
        cells = [cell for other in below if (cell := other[at])]
        if role in (_Role.ENTRY, _Role.NUMBER, None) and cells:
            numbered = sum(map(is_number_only, cells)) >= 0.6 * len(cells)
            settled.append(_Role.NUMBER if numbered else _Role.ENTRY if role or _asks(cells) else _Role.ASIDE)
        else:
            settled.append(role or _Role.ASIDE)
    if _Role.ENTRY not in settled:
        return None
    columns = _Columns(roles=settled, names=names)
    _assign_numbers(columns, below)
    return columns


def _role(name: str) -> _Role | None:
    """Return what a column of this name holds; None: it names no column."""
    return next((role for role, pattern in _HEADERS if name and re.search(pattern, name)), None)


def _asks(cells: Sequence[str]) -> bool:
    return sum(len(cell) > 12 for cell in cells) > len(cells) / 2


def _assign_numbers(columns: _Columns, rows: Sequence[Sequence[str]]) -> None:
    """Give each column of numbers to the entries on its right that change with it."""
    entries = columns.of(_Role.ENTRY)
    for number in columns.of(_Role.NUMBER):
        right = [entry for entry in entries if entry > number] or entries[-1:]
        chosen = right[0]
        for one, two in pairwise(rows):
            changed = two[number] and one[number] and one[number] != two[number]
            while changed and chosen != right[-1] and two[chosen] in ("", one[chosen]) and two[right[-1]]:
                chosen = right[right.index(chosen) + 1]
        columns.numbers.setdefault(chosen, []).append(number)


def _is_across(row: Sequence[str], columns: _Columns) -> bool:
    """Tell a row that one text fills (a member's name, a note) from one that fills the columns."""
    filled = {cell for cell in row if cell}
    if len(filled) == 1:
        cell = next(iter(filled))
        places = [at for at, each in enumerate(row) if each]
        entries = columns.of(_Role.ENTRY)
        return bool(len(places) > 1 or read_asker(cell) or places[0] not in entries) and not is_number_only(cell)
    return bool(read_asker(_joined(row))) and not any(row[at] for at in columns.of(_Role.ANSWERER))


def _joined(row: Sequence[str]) -> str:
    return " ".join(cell for at, cell in enumerate(row) if cell and (not at or cell != row[at - 1]))


def _free(row: Sequence[str], place: str, *, begins: bool) -> Iterator[Line]:
    """Yield a row whose columns have no names: numbers and words side by side, an answerer in the last cell."""
    cells = [(at, cell) for at, cell in enumerate(row) if cell and (not at or cell != row[at - 1])]
    answerer = ""
    if len(cells) > 1 and (post := answerer_of(cells[-1][1])) and not is_formal(cells[0][1]):
        answerer = post
        cells = cells[:-1]
    labelled = len(cells) == 2 and answerer and read_marks(cells[0][1]) is None and len(cells[0][1]) <= 10
    text = " ".join(cell for _, cell in cells)
    if labelled:
        text, answerer = f"{text} {answerer}", ""
    for at, piece in enumerate(part for part in text.split("\n") if part.strip()):
        yield Line(
            text=piece.strip(),
            place=place,
            indent=float(cells[0][0]),
            answerer=answerer,
            begins=begins and not at,
        )


def _row(
    row: Sequence[str], above: list[str], columns: _Columns, place: str, warnings: list[str], *, begins: bool
) -> Iterator[Line]:
    """Yield the entries of a row; what stands in the row above as well (a merged cell) is not said again."""
    asker = _asker(row, columns)
    stance = _stance(row, columns, place, warnings)
    warnings += _asides(row, above, columns, place)
    answerers = [row[at] for at in columns.of(_Role.ANSWERER) if row[at]]
    background = "\n".join(row[at] for at in columns.of(_Role.BACKGROUND) if row[at])
    told = _entries(row, above, columns, place)
    if asker is not None and not told:
        told = [Line(text="", place=place)]
    posts = _posts(answerers, told)
    for number, line in enumerate(told):
        last = number == len(told) - 1
        yield replace(
            line,
            answerer=posts[number],
            stance=stance if last else None,
            background=background if last else "",
            asker=asker if not number else None,
            begins=begins and not number,
        )
    if not told and answerers and not all(map(is_same_as_above, answerers)):
        yield Line(text=f"（{answerers[0]}）", place=place)


def _asides(row: Sequence[str], above: Sequence[str], columns: _Columns, place: str) -> Iterator[str]:
    """Yield what a remark of the row says that goes into no item."""
    for at in columns.of(_Role.ASIDE):
        if row[at] and row[at] != above[at] and _ASIDE_KEPT.search(columns.names[at]):
            yield f"{place}の{columns.names[at]}「{row[at]}」は質問として読んでいません。必要なら通告に書き足してください。"


def _entries(row: Sequence[str], above: Sequence[str], columns: _Columns, place: str) -> list[Line]:
    """Return what the columns of entries say anew; a merged cell says it once."""
    entries = columns.of(_Role.ENTRY)
    told: list[Line] = []
    for depth, at in enumerate(entries, 1):
        held = columns.numbers.get(at, [])
        marks = _marks([row[number] for number in held], [above[number] for number in held], changed=bool(told))
        same = bool(row[at]) and row[at] == above[at] and not marks and not told
        repeated = same and (at != entries[-1] or _all_same(row, above, entries))
        if (row[at] or marks) and not repeated:
            pieces = [piece.strip() for piece in row[at].split("\n") if piece.strip()] or [""]
            for number, piece in enumerate(pieces):
                told.append(Line(text=piece, place=place, column=depth, marks=marks if not number else ()))
    return told


def _all_same(row: Sequence[str], above: Sequence[str], entries: Sequence[int]) -> bool:
    return all(row[at] == above[at] for at in entries)


def _marks(cells: Sequence[str], above: Sequence[str], *, changed: bool) -> tuple[Mark, ...]:
    """Return the numbers of a row in the columns of one entry; empty where all stood in the row above."""
    if list(cells) == list(above) and not changed:
        return ()
    marks: list[Mark] = []
    for cell in cells:
        marked = read_marks(cell) if cell else None
        if marked is not None:
            marks += marked.marks
    return tuple(marks)


def _posts(cells: Sequence[str], lines: Sequence[Line]) -> list[str]:
    """Return the answerer of each line of a row: one each where a cell names as many as there are numbered lines, else for all."""
    if not cells:
        return [""] * len(lines)
    parts = [part for part in cells[0].split("\n") if part.strip()]
    numbered = [at for at, line in enumerate(lines) if read_marks(line.text)]
    if len(parts) > 1 and len(parts) == len(numbered):
        posts = [""] * len(lines)
        for at, part in zip(numbered, parts, strict=True):
            posts[at] = answerer_of(part, told=True)
        return posts
    post = "同上" if is_same_as_above(cells[0]) else answerer_of("、".join(cells), told=True)
    deepest = max((line.column for line in lines), default=0)
    return [post if line.column == deepest else "" for line in lines]


def _asker(row: Sequence[str], columns: _Columns) -> Asker | None:
    asker = Asker()
    for at in columns.of(_Role.MEMBER):
        if row[at]:
            lines = [part for part in row[at].split("\n") if part.strip()]
            read = read_asker(f"質問者 {' '.join(lines)}")
            asker = asker.joined(read or Asker(member=tidy_name(lines[0])))
    for at in columns.of(_Role.GROUP):
        asker = asker.joined(Asker(group="".join(row[at].split()).strip("（）()")))
    for at in columns.of(_Role.SEAT):
        digits = re.search(r"[0-9]+", narrow(row[at]))
        asker = asker.joined(Asker(seat=str(int(digits[0])) if digits else ""))
    return asker if asker != Asker() else None


def _stance(row: Sequence[str], columns: _Columns, place: str, warnings: list[str]) -> Stance | None:
    for at in columns.of(_Role.STANCE):
        if not row[at]:
            continue
        for word, stance in _STANCES.items():
            if word in row[at]:
                return stance
        warnings.append(
            f"{place}の{columns.names[at]}「{row[at]}」は 推進・現状維持・慎重 のどれでもありません。どれかを書いてください。"
        )
    return None
