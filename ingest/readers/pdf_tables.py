"""Ruled tables of a PDF page: rules to cells to rows.

The rules come from the PDF engine's own path objects (a second parse of the page costs seconds); cells are found
with pdfplumber's table functions; each character goes to the cell that holds its middle.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from pdfplumber.table import cells_to_tables, edges_to_intersections, intersections_to_cells

from ingest.readers.pdf_cells import Table
from ingest.readers.pdf_page import Box, Char

_SNAP = 3.0
_LEAST_RULES = 4
_MOST_RULES = 3_000
_LEAST_FILLED = 0.25
_CUTS, _CUT_SHARE = 2, 0.02


def find_tables(edges: Sequence[Box]) -> list[Table]:
    """Find the grids that a page's rules form; a single box is not a table."""
    rules = _snap(edges)
    if not _LEAST_RULES <= len(rules) <= _MOST_RULES:
        return []
    crossings = edges_to_intersections(rules, _SNAP, _SNAP)
    tables = []
    for cells in cells_to_tables(intersections_to_cells(crossings)):
        lefts, tops = {cell[0] for cell in cells}, {cell[1] for cell in cells}
        if len(cells) >= 4 and len(lefts) >= 2 and len(tops) >= 2:
            tables.append(Table(cells=[(float(a), float(b), float(c), float(d)) for a, b, c, d in cells]))
    return tables


def assign(chars: Sequence[Char], tables: Sequence[Table]) -> dict[int, Table]:
    """Give each character to the cell around its middle; return, by position in `chars`, the table that took it."""
    taken: dict[int, Table] = {}
    cell_of: dict[int, int] = {}
    if not tables:
        return taken
    outlines = [(table.box, table) for table in tables]
    for index, char in enumerate(chars):
        if char.box is None:
            continue
        x, y = (char.box[0] + char.box[2]) / 2, (char.box[1] + char.box[3]) / 2
        for outline, table in outlines:
            if _holds(outline, x, y):
                at = next((at for at, cell in enumerate(table.cells) if _holds(cell, x, y)), None)
                if at is not None:
                    table.chars.setdefault(at, []).append(char)
                    taken[index] = table
                    cell_of[index] = at
                break
    refused = {id(table) for table in tables if not _is_table(table)} | _cut_words(chars, taken, cell_of)
    return {index: table for index, table in taken.items() if id(table) not in refused}


def _cut_words(chars: Sequence[Char], taken: dict[int, Table], cell_of: dict[int, int]) -> set[int]:
    """Return the grids whose rules cut through words: the bars of a chart, not a table."""
    cuts: Counter[int] = Counter()
    for index, table in taken.items():
        one, other = chars[index], chars[index + 1] if index + 1 < len(chars) else None
        if other is None or one.box is None or other.box is None or one.text.isspace() or other.text.isspace():
            continue
        beside = -0.2 * one.size < other.box[0] - one.box[2] < 0.3 * one.size and other.box[1] < one.box[3]
        if beside and one.box[1] < other.box[3] and cell_of.get(index + 1, -1) != cell_of[index]:
            cuts[id(table)] += 1
    sizes = Counter(id(table) for table in taken.values())
    return {table for table, count in cuts.items() if count >= _CUTS and count >= _CUT_SHARE * sizes[table]}


def _is_table(table: Table) -> bool:
    """Tell a table from boxes and lines of a figure: words in enough cells, in two rows and two columns."""
    filled = [at for at, chars in table.chars.items() if any(char.text.strip() for char in chars)]
    rows = {round(table.cells[at][1]) for at in filled}
    columns = {round(table.cells[at][0]) for at in filled}
    return len(filled) >= max(3, _LEAST_FILLED * len(table.cells)) and len(rows) >= 2 and len(columns) >= 2


def _snap(edges: Sequence[Box]) -> list[dict[str, Any]]:
    """Pull rules that nearly coincide onto one place and join those that touch, as dicts for pdfplumber."""
    level = [(min(x0, x1), max(x0, x1), (y0 + y1) / 2) for x0, y0, x1, y1 in edges if abs(x1 - x0) >= abs(y1 - y0)]
    upright = [(min(y0, y1), max(y0, y1), (x0 + x1) / 2) for x0, y0, x1, y1 in edges if abs(x1 - x0) < abs(y1 - y0)]
    rules = [{"orientation": "h", "x0": start, "x1": end, "top": at, "bottom": at} for start, end, at in _join(level)]
    return rules + [
        {"orientation": "v", "x0": at, "x1": at, "top": start, "bottom": end} for start, end, at in _join(upright)
    ]


def _join(rules: list[tuple[float, float, float]]) -> list[tuple[float, float, float]]:
    """Join rules (start, end, place) that lie on one line; the places of each cluster become their mean."""
    clusters: list[list[tuple[float, float, float]]] = []
    for rule in sorted(rules, key=lambda rule: rule[2]):
        if clusters and rule[2] - clusters[-1][-1][2] <= _SNAP / 2:
            clusters[-1].append(rule)
        else:
            clusters.append([rule])
    joined: list[tuple[float, float, float]] = []
    for cluster in clusters:
        at = sum(rule[2] for rule in cluster) / len(cluster)
        first = len(joined)
        for start, end, _ in sorted(cluster):
            if len(joined) > first and start <= joined[-1][1] + _SNAP:
                joined[-1] = (joined[-1][0], max(joined[-1][1], end), at)
            else:
                joined.append((start, end, at))
    return [rule for rule in joined if rule[1] - rule[0] > _SNAP]


def _holds(box: Box, x: float, y: float) -> bool:
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]
