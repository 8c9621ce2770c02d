"""Any other document: headings become the path, paragraphs are gathered, tables and sheets are cut by rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from ingest.structure.lines import Line, join_wrapped, lines_of
from rag.domain import CELL_SEPARATOR, Document, Kind, Section, Structure
from rag.japanese.text import narrow

__all__ = ["recognise"]

_HEADER_AND_ROW = 2
_GATHERED = 900
"""Characters after which a run of paragraphs under one heading becomes a section."""
_LONGEST_HEADING = 40
_HEADING_SHAPES = (
    re.compile(r"第[0-9一二三四五六七八九十]+[編部章](?: |$)"),
    re.compile(r"第[0-9一二三四五六七八九十]+節(?: |$)|第[0-9一二三四五六七八九十]+(?: |$)|[IVX]+[. ]"),
    re.compile(r"[0-9]{1,2}(?: |\. ?)(?![0-9])"),
    re.compile(r"\([0-9一二三四五六七八九十]{1,2}\) ?"),
)
_BULLET = re.compile(r"[・○◯●■□◆◇※▼▲►*•-]|[①-⑳]|[(（]?[0-9０-９ア-ンa-z]{1,2}[)）.．] ?")
_DEPARTMENT = re.compile(r"^(?:課|係|課名|係名|課・係|所属|部署|部署名|担当課|担当|室|部局|部)$")
_DUTIES = re.compile(r"分掌|事務|業務|所掌|担当事項|内容")
_EXTENSION = re.compile(r"内線|電話|連絡先|TEL", re.IGNORECASE)


@dataclass(slots=True)
class _Gathered:
    """Paragraphs under one heading that will become one section."""

    path: tuple[str, ...]
    texts: list[str] = field(default_factory=list)
    page: int | None = None
    place: str = ""
    last: Line | None = None
    columns: str = ""
    """Names of the columns of the sheet's rows gathered here; empty for other text."""

    @property
    def size(self) -> int:
        return sum(len(text) + 1 for text in self.texts)


def recognise(document: Document) -> Structure:
    """Cut at headings and, under a long one, at paragraphs; a sheet's rows are gathered, an office's row stands alone."""
    lines = _without_repeated_headers(lines_of(document.blocks))
    sections: list[Section] = []
    path: list[tuple[int, str]] = []
    gathered = _Gathered(path=())
    for line, level in zip(lines, _levels(lines), strict=True):
        offices = _offices(line, path=gathered.path)
        heading = bool(level) or line.tag == "sheet"
        if heading or offices or _is_full(gathered, line):
            sections.extend(_closed(gathered))
            sections.extend(offices)
            if heading:
                path = [*(step for step in path if step[0] < (level or 1)), (level or 1, line.body)]
            gathered = _Gathered(path=tuple(text for _, text in path if text != document.title))
        if not heading and not offices:
            _add(gathered, line)
    sections.extend(_closed(gathered))
    return Structure(kind=Kind.PLAIN, title=document.title, sections=tuple(_named(sections, document)))


def _without_repeated_headers(lines: Sequence[Line]) -> list[Line]:
    """Leave out a sheet's header row where the rows below carry it."""
    carried = {line.rows[0] for line in lines if line.tag == "row" and len(line.rows) == _HEADER_AND_ROW}
    return [line for line in lines if line.tag != "header" or line.rows[0] not in carried]


def _levels(lines: Sequence[Line]) -> list[int]:
    """Return the depth of each line as a heading; a heading with nothing under it is text, so that its words stay."""
    numbered = _numbering(lines)
    levels = [_level(line, numbered) for line in lines]
    below = 1
    for at in range(len(lines) - 1, -1, -1):
        if levels[at] and below and below <= levels[at] and lines[at].tag != "sheet":
            levels[at] = 0
        below = levels[at]
    return levels


def _numbering(lines: Sequence[Line]) -> frozenset[int]:
    """Return which shapes of numbered heading this document uses as headings: short lines, each followed by longer text."""
    used: set[int] = set()
    for index, line in enumerate(lines[:-1]):
        shape = _shape(line)
        if shape and _looks_like_heading(line) and len(lines[index + 1].body) > len(line.body) / 2:
            used.add(shape)
    return frozenset(used)


def _shape(line: Line) -> int:
    text = narrow(line.body)
    return next((number for number, shape in enumerate(_HEADING_SHAPES, 1) if shape.match(text)), 0)


def _looks_like_heading(line: Line) -> bool:
    return (
        not line.rows
        and len(line.body) <= _LONGEST_HEADING
        and not re.search("。|[、，,]$", line.body)
        and not line.runs_on
    )


def _level(line: Line, numbered: frozenset[int]) -> int:
    """Return the depth of a heading, 0 for running text; the format's own headings come before numbered lines."""
    if line.rows:
        return 0
    if line.heading:
        return line.heading
    shape = _shape(line)
    return 10 + shape if shape in numbered and _looks_like_heading(line) else 0


def _is_full(gathered: _Gathered, line: Line) -> bool:
    """Tell whether the next line starts a new section: enough text, another page, or another sheet row group."""
    if not gathered.texts or (gathered.last is not None and gathered.last.runs_on):
        return False
    new_page = line.page is not None and line.page != gathered.page
    return gathered.size + len(line.text) > _GATHERED or (new_page and gathered.size > _GATHERED // 3)


def _add(gathered: _Gathered, line: Line) -> None:
    if not gathered.texts:
        gathered.page, gathered.place = line.page, line.place
    if line.tag == "row" and len(line.rows) == _HEADER_AND_ROW and not gathered.columns:
        names = dict.fromkeys(" ".join(cell.split()) for cell in line.rows[0] if cell.strip())
        gathered.columns = CELL_SEPARATOR.join(names)
    wrapped = gathered.last is not None and gathered.last.runs_on and not _BULLET.match(line.body)
    if wrapped and not line.rows and line.indent <= 1:
        gathered.texts[-1] = join_wrapped(gathered.texts[-1], line.body)
    else:
        gathered.texts.append(line.body if not line.rows else line.text)
    gathered.last = line


def _closed(gathered: _Gathered) -> Iterator[Section]:
    if not gathered.texts:
        return
    text = "\n".join(gathered.texts)
    last = gathered.last.place if gathered.last else ""
    end = re.search(r"行([0-9]+)$", last)
    locator = (
        f"{gathered.place}～{end[1]}" if end and last != gathered.place and "行" in gathered.place else gathered.place
    )
    yield Section(
        locator=locator,
        text=text,
        path=gathered.path,
        caption=gathered.columns,
        page=gathered.page,
        breaks=tuple(found.end() for found in re.finditer("\n", text)),
    )


def _named(sections: Sequence[Section], document: Document) -> Iterator[Section]:
    """Give each section the locator that a person would write: row, page, heading, or the place in the text."""
    unnamed = 0
    marked = any(block.heading and block.text.strip() == document.title for block in document.blocks)
    for section in sections:
        if section.locator:
            yield section
        elif section.page is not None:
            yield replace(section, locator=f"p.{section.page}")
        elif section.path:
            yield replace(section, locator=" ".join(section.path[-1].split()))
        elif marked and len(sections) == 1:
            yield replace(section, locator=document.title)
        else:
            unnamed += 1
            name = "冒頭" if any(other.path for other in sections) else "本文"
            yield replace(section, locator=name if unnamed == 1 else f"{name}（{unnamed}）")


def _offices(line: Line, *, path: tuple[str, ...]) -> list[Section]:
    """Read the rows of an organisation table as one section each; empty for another table or for text."""
    if not line.rows:
        return []
    header, *rows = line.rows
    made = [_office_section(header, row, path=path, page=line.page, place=line.place) for row in rows]
    return [section for section in made if section is not None]


def _office_section(
    header: tuple[str, ...], row: tuple[str, ...], *, path: tuple[str, ...], page: int | None, place: str
) -> Section | None:
    departments = [
        cell for name, cell in zip(header, row, strict=False) if _DEPARTMENT.match("".join(name.split())) and cell
    ]
    duties = [cell for name, cell in zip(header, row, strict=False) if _DUTIES.search(name) and cell]
    extensions = [cell for name, cell in zip(header, row, strict=False) if _EXTENSION.search(name) and cell]
    if not departments or not duties or not any(_EXTENSION.search(name) for name in header):
        return None
    name = " ".join(dict.fromkeys(departments))
    text = "\n".join(f"{title}　{' '.join(cell.split())}" for title, cell in zip(header, row, strict=False) if cell)
    labels = {"department": name, "duties": "、".join(duties), "extension": "、".join(extensions)}
    return Section(locator=place or name, text=text, path=path, caption=name, page=page, labels=labels)
