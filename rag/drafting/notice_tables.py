"""The rows of a table as lines: which column holds numbers, entries, answerers, and who asks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rag.assembly.item import Stance
from rag.drafting.notice_answerers import answerer_of, is_same_as_above
from rag.drafting.notice_columns import Columns, Role, guess_columns, read_header
from rag.drafting.notice_head import Asker, is_formal, is_furniture, read_asker, tidy_name
from rag.drafting.notice_lines import Line, Table, width_of
from rag.drafting.notice_marks import Mark, is_number_only, read_marks
from rag.japanese.text import narrow, shown_width

__all__ = ["lines_of_table"]


_ASIDE_KEPT = re.compile(r"備考|摘要|メモ")
_STANCES = {stance.value: stance for stance in Stance}


def lines_of_table(table: Table, warnings: list[str]) -> Iterator[Line]:
    """Yield what a table says, a row after the other; what a column says that is not understood is added to the warnings."""
    width = width_of(table.rows)
    rows = [[*(cell.strip() for cell in row), *[""] * (width - len(row))] for row in table.rows]
    columns = guess_columns(rows)
    above: list[str] = [""] * width
    begins = True
    for at, row in enumerate(rows):
        joined = _joined(row)
        merged = at > 0 and row == rows[at - 1] and not any(map(is_number_only, row))
        if not joined or merged or (is_furniture(joined) and not joined.isdigit()):
            continue
        if (found := read_header(row, rows[at + 1 :])) is not None:
            if columns is None or found.names != columns.names:
                columns, above = found, [""] * width
            continue
        if columns is None or _is_across(row, columns):
            yield from _free(row, table.places[at], begins=begins)
            if columns is not None and read_asker(joined):
                above = [""] * width
        else:
            yield from _row(row, above, columns, table.places[at], warnings, begins=begins)
            above = row
        begins = False


def _is_across(row: Sequence[str], columns: Columns) -> bool:
    """Tell a row that one text fills (a member's name, a note) from one that fills the columns."""
    filled = {cell for cell in row if cell}
    if len(filled) == 1:
        cell = next(iter(filled))
        places = [at for at, each in enumerate(row) if each]
        entries = columns.of(Role.ENTRY)
        return bool(len(places) > 1 or read_asker(cell) or places[0] not in entries) and not is_number_only(cell)
    return bool(read_asker(_joined(row))) and not any(answerer_of(row[at]) for at in columns.of(Role.ANSWERER))


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
    text = ""
    for _, cell in cells:
        marked = read_marks(cell)
        begins_entry = marked is not None and marked.sure and marked.words < len(cell)
        begins_entry = begins_entry and bool(text) and not is_number_only(text.rsplit("\n", maxsplit=1)[-1])
        text = f"{text}\n{cell}" if begins_entry else f"{text} {cell}".strip()
    if labelled:
        text, answerer = f"{text} {answerer}", ""
    for at, piece in enumerate(part for part in text.split("\n") if part.strip()):
        yield Line(
            text=piece.strip(),
            place=place,
            indent=float(cells[0][0]),
            width=shown_width(piece.strip()),
            in_table=True,
            in_cell=at > 0,
            answerer=answerer,
            begins=begins and not at,
        )


def _row(
    row: Sequence[str], above: list[str], columns: Columns, place: str, warnings: list[str], *, begins: bool
) -> Iterator[Line]:
    """Yield the entries of a row; what stands in the row above as well (a merged cell) is not said again."""
    for at in columns.of(Role.SITTING):
        if row[at] and row[at] != above[at]:
            yield Line(text=row[at], place=place, in_table=True)
    asker = _asker(row, columns)
    stance = _stance(row, columns, place, warnings)
    warnings += _asides(row, above, columns, place)
    answerers = [row[at] for at in columns.of(Role.ANSWERER) if row[at]]
    background = "\n".join(row[at] for at in columns.of(Role.BACKGROUND) if row[at])
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


def _asides(row: Sequence[str], above: Sequence[str], columns: Columns, place: str) -> Iterator[str]:
    """Yield what a remark of the row says that goes into no item."""
    for at in columns.of(Role.ASIDE):
        if row[at] and row[at] != above[at] and _ASIDE_KEPT.search(columns.names[at]):
            yield f"{place}の{columns.names[at]}「{row[at]}」は質問として読んでいません。必要なら通告に書き足してください。"


def _entries(row: Sequence[str], above: Sequence[str], columns: Columns, place: str) -> list[Line]:
    """Return what the columns of entries say anew; a merged cell says it once."""
    entries = columns.of(Role.ENTRY)
    told: list[Line] = []
    for depth, at in enumerate(entries, 1):
        held = columns.numbers.get(at, [])
        marks = _marks([row[number] for number in held], [above[number] for number in held], changed=bool(told))
        same = bool(row[at]) and row[at] == above[at] and not marks and not told
        repeated = same and (at != entries[-1] or _all_same(row, above, entries))
        if (row[at] or marks) and not repeated:
            pieces = [piece.strip() for piece in row[at].split("\n") if piece.strip()] or [""]
            for number, piece in enumerate(pieces):
                told.append(
                    Line(
                        text=piece,
                        place=place,
                        width=shown_width(piece),
                        in_table=True,
                        in_cell=number > 0,
                        column=depth,
                        marks=marks if not number else (),
                    )
                )
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


def _asker(row: Sequence[str], columns: Columns) -> Asker | None:
    asker = Asker()
    for at in columns.of(Role.MEMBER):
        if row[at]:
            lines = [part for part in row[at].split("\n") if part.strip()]
            read = read_asker(f"質問者 {' '.join(lines)}")
            asker = asker.joined(read or Asker(member=tidy_name(lines[0])))
    for at in columns.of(Role.GROUP):
        asker = asker.joined(Asker(group="".join(row[at].split()).strip("（）()")))
    for at in columns.of(Role.SEAT):
        digits = re.search(r"[0-9]+", narrow(row[at]))
        asker = asker.joined(Asker(seat=str(int(digits[0])) if digits else ""))
    return asker if asker != Asker() else None


def _stance(row: Sequence[str], columns: Columns, place: str, warnings: list[str]) -> Stance | None:
    for at in columns.of(Role.STANCE):
        if not row[at]:
            continue
        for word, stance in _STANCES.items():
            if word in row[at]:
                return stance
        warnings.append(
            f"{place}の{columns.names[at]}「{row[at]}」は 推進・現状維持・慎重 のどれでもありません。どれかを書いてください。"
        )
    return None
