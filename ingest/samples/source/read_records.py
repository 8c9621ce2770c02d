"""Read the hand-written texts of records/: FAQ fields, answer sheets, notices and the organisation table."""

import re
from dataclasses import dataclass
from pathlib import Path

_RECORDS = Path(__file__).parent / "records"
_FIELD = re.compile(r"\[(.+?)\] ?(.*)")
_ITEM = re.compile(r"(問\d+|\(\d+\)|[アイウエオ]|\*) (.+?)(（[^（）]+）)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Hold one question of the FAQ."""

    category: str
    question: str
    answer: str
    grounds: str
    office: str
    updated: str
    """ISO date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Hold one line of a notice."""

    label: str
    """問1, (1), ア, or * for a paragraph of background."""
    text: str
    answerer: str
    """In brackets; empty for headings and background."""

    @property
    def depth(self) -> int:
        """Count the levels above: 0 for 問1, 1 for (1), 2 for ア, 3 for background."""
        return 0 if self.label.startswith("問") else 1 if self.label.startswith("(") else 3 if self.label == "*" else 2


def read_text(name: str) -> str:
    """Read one source text, which is UTF-8."""
    return (_RECORDS / f"{name}.txt").read_text(encoding="utf-8")


def read_organisation() -> list[tuple[str, ...]]:
    """Read rows of 部局, 課, 係, 分掌事務, 内線."""
    return [tuple(line.split("\t")) for line in read_text("organisation").splitlines()]


def read_faq(name: str) -> tuple[str, list[Entry]]:
    """Read one field: # title, ## category, then Q, A, R (grounds), O (office), D (date) lines for each entry."""
    title, category = "", ""
    entries: list[Entry] = []
    found: dict[str, str] = {}
    for line in read_text(name).splitlines():
        mark, text = line.split(" ", 1)
        found[mark] = text
        if mark == "#":
            title = text
        elif mark == "##":
            category = text
        elif mark == "D:":
            question, answer, grounds, office = (found[key] for key in ("Q:", "A:", "R:", "O:"))
            entries.append(
                Entry(category=category, question=question, answer=answer, grounds=grounds, office=office, updated=text)
            )
    return title, entries


def read_fields(name: str) -> dict[str, list[str]]:
    """Read [key] value lines; lines below a bare [key] belong to it."""
    fields: dict[str, list[str]] = {}
    key = ""
    for line in read_text(name).splitlines():
        found = _FIELD.fullmatch(line)
        if found:
            key = found[1]
            fields[key] = [found[2]] if found[2] else []
        else:
            fields[key].append(line)
    return fields


def read_notice(name: str) -> tuple[dict[str, str], list[Item]]:
    """Read the head of a notice as [key] value lines, then its items; raise ValueError for any other line."""
    fields: dict[str, str] = {}
    items: list[Item] = []
    for line in read_text(name).splitlines():
        field, item = _FIELD.fullmatch(line), _ITEM.fullmatch(line)
        if field:
            fields[field[1]] = field[2]
        elif item:
            items.append(Item(label=item[1], text=item[2], answerer=item[3] or ""))
        else:
            raise ValueError(f"{name}: cannot read the line {line!r}; begin it with 問1, (1), ア or *")
    return fields, items
