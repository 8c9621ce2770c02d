"""What the columns of a table hold: by their names, or by what stands in them where they have none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import pairwise

from rag.drafting.notice_answerers import answerer_of
from rag.drafting.notice_head import is_group, read_asker
from rag.drafting.notice_marks import is_number_only
from rag.japanese.text import narrow

__all__ = ["Columns", "Role", "guess_columns", "read_header"]


class Role(Enum):
    """What a column holds."""

    ANSWERER = auto()
    STANCE = auto()
    MEMBER = auto()
    GROUP = auto()
    SEAT = auto()
    SITTING = auto()
    BACKGROUND = auto()
    NUMBER = auto()
    ASIDE = auto()
    """What says nothing for an item: 受付時刻, 備考."""
    ENTRY = auto()


_HEADERS = (
    (Role.STANCE, r"スタンス|方針|立場|答弁の?方向"),
    (Role.ANSWERER, r"答弁(?!.*(?:時間|順|日|課|担当|作成|案))|回答者|要求先|求める者|所管部長"),
    (Role.SITTING, r"^会議名?$|^定例会|会期"),
    (Role.MEMBER, r"氏名|議員名|議員[(・/]|(?:質問|発言|通告)者"),
    (Role.SEAT, r"議席|席番"),
    (Role.GROUP, r"会派|党派|所属"),
    (Role.MEMBER, r"(?:質問|発言|通告|質疑)(?:議員|者)|議員(?!提案)|氏名|提出者"),
    (
        Role.ASIDE,
        r"日$|年月日|順位|順番|順序|発言順|質問順|日時|月日|時刻|時間|方式|形式|備考|摘要|受付|受理|担当|所管|資料|ページ|頁|種別|区分|確認|メモ|連絡",
    ),
    (Role.BACKGROUND, r"背景|経緯|理由|補足|現状認識|説明|参考|前提|(?<!要)趣旨(?!.*問)"),
    (
        Role.ENTRY,
        r"大項目|中項目|小項目|件名|事項|項目(?!番号)|題名|標題|表題|テーマ|要旨|内容|細目(?!番号)|詳細|本文|質問文|設問文|見出し|論点|具体|大見出|小見出|質問の",
    ),
    (
        Role.NUMBER,
        r"番号|No|NO|№|項番|枝番|^問$|^大問?$|^中問?$|^小問?$|^番$|^#$|^細目$|連番|通番|^項$|^枝$|^号$|問番",
    ),
    (Role.ENTRY, r"質問|質疑|問い|設問|問"),
)
_NO_HEADER = re.compile(r".{25}|[。:]|か$|について|[0-9]+[番日年月]")
"""What the name of no column holds."""
_KNOWN = 2
"""Names of columns that make a row a header."""
_MOSTLY = 0.6
"""Share of names that are known, and of cells that are numbers, from which on the row, or the column, is taken for it."""
_LEAST_CELLS, _LEAST_RECORDS = 4, 3
"""Filled cells of a row, and such rows, from which on a table without names of columns is a list of records."""


@dataclass(slots=True, kw_only=True)
class Columns:
    """What the columns of a table are."""

    roles: list[Role]
    names: list[str]
    numbers: dict[int, list[int]] = field(default_factory=dict)
    """Column of entries → columns that hold its numbers, left to right."""

    def of(self, role: Role) -> list[int]:
        """Return the columns that hold this, left to right."""
        return [at for at, each in enumerate(self.roles) if each is role]


def read_header(row: Sequence[str], below: Sequence[Sequence[str]]) -> Columns | None:
    """Return the columns that a row names; None: it is no header."""
    names = ["".join(narrow(cell).split()) for cell in row]
    distinct = [name for at, name in enumerate(names) if name and name not in names[:at]]
    roles = [_role(name) for name in names]
    known = {name for name, role in zip(names, roles, strict=True) if role is not None}
    if len(known) < _KNOWN or len(known) < _MOSTLY * len(distinct) or not below:
        return None
    if any(_NO_HEADER.search(name) for name in distinct):
        return None
    if not any(role in (Role.ENTRY, Role.NUMBER) for role in roles):
        return None
    if len(distinct) == len([name for name in names if name]) == 2 and _role(names[0]) is Role.MEMBER:
        return None
    settled = _settled(roles, names, below)
    if Role.ENTRY not in settled:
        return None
    columns = Columns(roles=settled, names=names)
    _assign_numbers(columns, below)
    return columns


def _settled(roles: Sequence[Role | None], names: Sequence[str], below: Sequence[Sequence[str]]) -> list[Role]:
    """Return what columns hold by their names and by what stands in them."""
    settled: list[Role] = []
    for at, role in enumerate(roles):
        if at and names[at] and names[at] == names[at - 1] and all(other[at] == other[at - 1] for other in below):
            settled.append(Role.ASIDE)  # the second half of cells that are merged sideways
            continue
        cells = [cell for other in below if (cell := other[at])]
        if (role in (Role.ENTRY, Role.NUMBER) or not names[at]) and cells:
            numbered = sum(map(is_number_only, cells)) >= _MOSTLY * len(cells)
            settled.append(Role.NUMBER if numbered else Role.ENTRY if role or _asks(cells) else Role.ASIDE)
        else:
            settled.append(role or (Role.ENTRY if _asks(cells) else Role.ASIDE))
    return [
        Role.ASIDE if role is Role.NUMBER and _counts_members(at, settled, below) else role
        for at, role in enumerate(settled)
    ]


def guess_columns(rows: Sequence[Sequence[str]]) -> Columns | None:
    """Return the columns of a table without names, by what they hold; None: it has names, or its rows are no records."""
    if any(read_header(row, rows[at + 1 :]) for at, row in enumerate(rows)):
        return None
    records = [row for row in rows if sum(map(bool, row)) >= _LEAST_CELLS]
    if len(records) < _LEAST_RECORDS:
        return None
    roles = [_held([row[at] for row in records]) for at in range(len(records[0]))]
    columns = Columns(roles=roles, names=[""] * len(roles))
    if Role.MEMBER not in roles or Role.ENTRY not in roles:
        return None
    _assign_numbers(columns, records)
    return columns


def _held(column: Sequence[str]) -> Role:
    """Return what the cells of a column without a name are."""
    cells = [cell for cell in column if cell]
    repeated = len(set(cells)) <= len(cells) / 2
    if not cells:
        return Role.ASIDE
    if all(map(answerer_of, cells)):
        return Role.ANSWERER
    if all(cell.isdigit() for cell in map(narrow, cells)) and repeated and len(cells) == len(column):
        return Role.SEAT
    if all(map(is_number_only, cells)):
        return Role.NUMBER
    if repeated and all(map(is_group, cells)):
        return Role.GROUP
    if repeated and all(read_asker(f"質問者 {cell}") for cell in cells):
        return Role.MEMBER
    return Role.ENTRY if _asks(cells) else Role.ASIDE


def _role(name: str) -> Role | None:
    """Return what a column of this name holds; None: it names no column."""
    return next((role for role, pattern in _HEADERS if name and re.search(pattern, name)), None)


def _counts_members(number: int, roles: Sequence[Role], rows: Sequence[Sequence[str]]) -> bool:
    """Tell a column of numbers that counts who asks and not what is asked: each has a member of its own."""
    member = next((at for at, role in enumerate(roles) if role is Role.MEMBER and at > number), None)
    if member is None:
        return False
    told = list(dict.fromkeys((row[number], row[member]) for row in rows if row[number]))
    members = [name for _, name in told]
    records = sum(1 for row in rows if sum(map(bool, row)) > 1)
    return all(members) and len(set(members)) == len(members) < records


def _asks(cells: Sequence[str]) -> bool:
    return sum(len(cell) > 12 for cell in cells) > len(cells) / 2


def _assign_numbers(columns: Columns, rows: Sequence[Sequence[str]]) -> None:
    """Give each column of numbers to the entries on its right that change with it."""
    entries = columns.of(Role.ENTRY)
    for number in columns.of(Role.NUMBER):
        right = [entry for entry in entries if entry > number] or entries[-1:]
        chosen = right[0]
        for one, two in pairwise(rows):
            changed = two[number] and one[number] and one[number] != two[number]
            while changed and chosen != right[-1] and two[chosen] in ("", one[chosen]) and two[right[-1]]:
                chosen = right[right.index(chosen) + 1]
        columns.numbers.setdefault(chosen, []).append(number)
