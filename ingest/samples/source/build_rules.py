"""Build the rules and notices of the sample prefecture: one plain text each in, the office format out.

Run it as a module. `--labels FILE` also writes the label rows of these documents.

Marks in a source text: `○` rule title, `→` flush right, `◎` notice title, `※` centred, `| a | b |` table row,
｜漢字《かんじ》 ruby. Everything else is recognised by its shape (章, 条, 項, 号, 附則, 別表).
"""

import argparse
import csv
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.samples.source.formats import (
    Block,
    Heading,
    Paragraph,
    Table,
    without_ruby,
    write_csv,
    write_docx,
    write_pdf,
    write_reiki_html,
    write_text,
)

HERE = Path(__file__).parent
SOURCES = HERE / "rules"
TARGET = HERE.parent / "mihon"
LABEL_COLUMNS = (
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
LINE_WIDTH = 40
"""Full-width characters a line in hard-wrapped text."""

_NUMBER = r"[0-9０-９一二三四五六七八九十百]+"
_BODY_STARTS = re.compile(rf"^　*(第{_NUMBER}[章条]|（|\()")
_SHAPES: tuple[tuple[re.Pattern[str], str, int], ...] = (
    (re.compile(rf"^第{_NUMBER}条"), "jou", 0),
    (re.compile(r"^[0-9０-９]+　"), "kou", 0),
    (re.compile(r"^　[（(](?![0-9０-９]).*[）)]$"), "jou-midashi", 1),
    (re.compile(rf"^　([（(][0-9０-９]+[）)]|{_NUMBER})　"), "gou", 1),
    (re.compile(r"^　　[ア-ン]　"), "shigou", 2),
    (re.compile(r"^様式第"), "youshiki", 0),
    (re.compile(r"^備考"), "bikou", 0),
)
_WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in (*range(0x30, 0x3A), 0x28, 0x29)})
_HEADINGS: tuple[tuple[re.Pattern[str], int], ...] = (
    (re.compile(rf"^第{_NUMBER}章　"), 2),
    (re.compile(rf"^第{_NUMBER}節　"), 3),
    (re.compile(r"^(附　則|別表)"), 2),
)
_MARKS: dict[str, Callable[[str], Block]] = {
    "◎": lambda text: Heading(level=1, text=text),
    "→": lambda text: Paragraph(text=text, align="right"),
    "※": lambda text: Paragraph(text=text, align="center"),
}
_PLAIN_TITLE = re.compile(r"^[^　].*(要綱|要領)$")
_HISTORY = re.compile(rf"^(改正|最終改正|昭和|平成|令和|みほん県.*第{_NUMBER}号$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Name one source text, the format it becomes and its label row."""

    source: str
    format: str
    labels: dict[str, str]

    @property
    def path(self) -> str:
        """Path of the built file inside the sample prefecture."""
        return self.labels["path"]


def read_works() -> list[Work]:
    """Read the list of works in the order of the table."""
    with (SOURCES / "一覧.csv").open(encoding="utf-8", newline="") as table:
        return [
            Work(source=row["source"], format=row["format"], labels={name: row[name] for name in LABEL_COLUMNS})
            for row in csv.DictReader(table)
        ]


def build(work: Work, folder: Path) -> None:
    """Write one work below the folder; an unknown format raises ValueError."""
    text = (SOURCES / f"{work.source}.txt").read_text(encoding="utf-8")
    path = folder / work.path
    match work.format:
        case "html-cp932" | "html-utf8":
            encoding = "cp932" if work.format.endswith("cp932") else "utf-8"
            write_reiki_html(path, work.labels["title"], blocks=list(read_blocks(text)), encoding=encoding)
        case "docx":
            write_docx(path, read_blocks(text))
        case "pdf":
            write_pdf(path, read_blocks(text))
        case "pdf-wide":
            write_pdf(path, read_blocks(text.translate(_WIDE)))
        case "text":
            write_text(path, as_plain(text), encoding="cp932")
        case "text-40":
            write_text(path, hard_wrapped(as_plain(text)), encoding="cp932")
        case _:
            raise ValueError(f"{work.source}: unknown format {work.format}; use one of the formats in build()")


def read_blocks(text: str) -> Iterator[Block]:
    """Turn a source text into blocks; table rows are told by their bars."""
    rows: list[tuple[str, ...]] = []
    in_head = True
    for line in text.splitlines():
        if line.startswith("|"):
            rows.append(_cells(line))
            continue
        if rows:
            yield Table(rows=tuple(rows))
            rows = []
        if not line.strip("　 "):
            continue
        if _BODY_STARTS.match(line):
            in_head = False
        yield _block_of(line, in_head=in_head)
    if rows:
        yield Table(rows=tuple(rows))


def as_plain(text: str) -> str:
    """Lay a source text out as plain text: marks become positions, tables become ruled lines."""
    lines: list[str] = []
    rows: list[tuple[str, ...]] = []
    for line in [*without_ruby(text).splitlines(), ""]:
        if line.startswith("|"):
            rows.append(_cells(line))
            continue
        if rows:
            lines.extend(_ruled(rows))
            rows = []
        lines.append(_placed(line))
    return "\n".join(lines).rstrip("\n") + "\n"


def hard_wrapped(text: str) -> str:
    """Break every line at 40 full-width characters, as a word processor saves text; ruled lines stay whole."""
    wrapped: list[str] = []
    for line in text.splitlines():
        if line[:1] in {"┌", "├", "└", "│"}:
            wrapped.append(line)
            continue
        rest, hang = line, _hang_of(line)
        while _width(rest) > 2 * LINE_WIDTH and (end := _break_at(rest)) < len(rest):
            wrapped.append(rest[:end])
            rest = hang + rest[end:]
        wrapped.append(rest)
    return "\n".join(wrapped) + "\n"


def _hang_of(line: str) -> str:
    """Indent what follows a numbered line by one character more; a plain paragraph goes back to the margin."""
    depth = len(line) - len(line.lstrip("　"))
    is_numbered = any(shape.match(line) for shape, _, _ in _SHAPES)
    return "　" * (depth + 1) if is_numbered else ""


def _block_of(line: str, *, in_head: bool) -> Block:
    bare = line.strip("　")
    if line[0] == "○" or (in_head and _PLAIN_TITLE.match(line)):
        return Heading(level=1, text=line)
    if line[0] in _MARKS:
        return _MARKS[line[0]](line[1:])
    for shape, level in _HEADINGS:
        if shape.match(bare):
            return Heading(level=level, text=bare)
    for shape, role, indent in _SHAPES:
        if shape.match(line):
            return Paragraph(text=bare, indent=indent, role=role)
    if in_head and _HISTORY.match(bare):
        return Paragraph(text=bare, align="right", role="kaisei" if "改正" in bare[:4] else "reiki-bangou")
    return Paragraph(text=line)


def _cells(line: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in line.strip().strip("|").split("|"))


def _placed(line: str) -> str:
    if not line or line[0] not in "→※◎":
        return line
    room = 2 * LINE_WIDTH - _width(line[1:])
    share = room // 2 if line[0] == "→" else room // 4
    return "　" * max(share, 0) + line[1:]


def _ruled(rows: list[tuple[str, ...]]) -> Iterator[str]:
    """Draw a table with box characters; every column is as wide as its widest cell."""
    widths = [max(2 * ((_width(row[number]) + 1) // 2) for row in rows) for number in range(len(rows[0]))]
    bars = ["─" * (width // 2) for width in widths]
    yield "┌" + "┬".join(bars) + "┐"
    for number, row in enumerate(rows):
        if number:
            yield "├" + "┼".join(bars) + "┤"
        yield "│" + "│".join(_padded(cell, width) for cell, width in zip(row, widths, strict=True)) + "│"
    yield "└" + "┴".join(bars) + "┘"


def _padded(cell: str, width: int) -> str:
    missing = width - _width(cell)
    return cell + " " * (missing % 2) + "　" * (missing // 2)


def _width(text: str) -> int:
    """Count half-width columns."""
    return sum(1 if unicodedata.east_asian_width(character) in {"Na", "H", "N"} else 2 for character in text)


def _break_at(text: str) -> int:
    """Find where the first line ends: at most 40 full-width characters, no 、 or 。 at the start of the next line."""
    columns = 0
    for position, character in enumerate(text):
        columns += _width(character)
        if columns > 2 * LINE_WIDTH:
            return position + 1 if character in "、。）" else position
    return len(text)


def main() -> None:
    """Build everything, then write the label rows where asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--labels", type=Path, help="also write the label rows of these documents to this file")
    chosen = parser.parse_args()
    works = read_works()
    for work in works:
        build(work, TARGET)
    if chosen.labels:
        rows = [[work.labels[name] for name in LABEL_COLUMNS] for work in works]
        write_csv(chosen.labels, [LABEL_COLUMNS, *rows], encoding="utf-8-sig")


if __name__ == "__main__":
    main()
