"""Tables drawn with lines (│ ├ ┼) in plain text, as word processors export them."""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["is_box_line", "read_box"]

_LINES = "─━│┃┌┐└┘├┤┬┴┼┏┓┗┛┣┫┳┻╋┠┨┯┷┿┝┥┰┸╂═║╔╗╚╝╠╣╦╩╬|"
_BARS = re.compile(r"[│┃║]")
_RULE = re.compile(rf"[{re.escape(_LINES)}\s+]+$")
_FEW_GROUPS = 2


def is_box_line(text: str) -> bool:
    """Tell whether a line belongs to a drawn table: it begins and ends with a line character."""
    body = text.strip()
    return len(body) > 1 and body[0] in _LINES[:-1] and body[-1] in _LINES[:-1]


def read_box(texts: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Return the cells of a drawn table; lines between two rules are one row whose cells go on."""
    groups: list[list[list[str]]] = [[]]
    for text in texts:
        if _RULE.fullmatch(text.strip()):
            groups.append([])
        else:
            groups[-1].append([cell.strip() for cell in _BARS.split(text.strip())[1:-1]])
    filled = [group for group in groups if group]
    rows: list[tuple[str, ...]] = []
    for group in filled:
        several = len(filled) <= _FEW_GROUPS and all(cells and cells[0] for cells in group)
        if several:
            rows.extend(tuple(cells) for cells in group)
        else:
            width = max(map(len, group))
            rows.append(tuple("".join(cells[at] for cells in group if at < len(cells)) for at in range(width)))
    return tuple(row for row in rows if any(row))
