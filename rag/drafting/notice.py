"""A notice of questions (質問通告, 質問要旨) as items: each leaf of its outline with its number, words, headings and answerer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import PurePosixPath

from rag.assembly.item import Item, Notice
from rag.domain import Block, Document
from rag.drafting.notice_head import Asker, read_asker
from rag.drafting.notice_lines import Line, Table, pieces_of
from rag.drafting.notice_marks import Mark, split_inside
from rag.drafting.notice_outline import Outline
from rag.drafting.notice_reading import Reading
from rag.drafting.notice_tables import lines_of_table
from rag.errors import NoticeError
from rag.japanese.dates import Precision, dates
from rag.japanese.text import narrow, shown_width

__all__ = ["read_notice"]

_DAY = re.compile(r"(?:質問|発言|登壇|一般質問)(?:予定)?(?:年月)?日[\s:|]*(?P<day>[^\n]{6,24})")


def read_notice(document: Document) -> Notice:
    """Return the items of a notice in their order; raises NoticeError where it holds no question.

    What is not understood is told in the warnings.
    """
    reading = _read(document, plain=False)
    if not any(any(outline.root.leaves()) for outline in reading.outlines):
        reading = _read(document, plain=True)
    items = tuple(item for outline in reading.outlines for item in _items(outline, reading.warnings))
    if not items:
        raise NoticeError(
            f"{document.path}: 質問が見つかりません。問1、(1) などの番号か、答弁者の欄のある質問通告を選んでください。"
        )
    before: dict[str, Mark] = {}
    for outline in reading.outlines:
        reading.warnings += outline.gaps(before)
    reading.warnings += (
        f"{line.at}「{line.text}」はどの質問のものか分かりません。質問なら番号を付けてください。"
        for line in reading.lead
    )
    return Notice(
        title=reading.title or PurePosixPath(document.path).stem,
        sitting=reading.sitting,
        day=_day(document),
        items=items,
        warnings=tuple(dict.fromkeys([*document.warnings, *reading.warnings])),
    )


def _day(document: Document) -> date | None:
    """Return the day that the head of a notice gives for the questions; None where it gives none, or two."""
    found = {
        each.start
        for label in _DAY.finditer(narrow(document.text))
        for each in dates(label["day"])[:1]
        if each.precision is Precision.DAY
    }
    return found.pop() if len(found) == 1 else None


def _read(document: Document, *, plain: bool) -> Reading:
    warnings: list[str] = []
    lines = list(_lines(document, warnings))
    widest = max((line.width for line in lines if not line.in_table), default=0.0)
    reading = Reading(plain=plain, widest=widest, warnings=warnings)
    for line in lines:
        reading.take(line)
    reading.outline.settle(None)
    return reading


def _lines(document: Document, warnings: list[str]) -> Iterator[Line]:
    for piece in pieces_of(document):
        if isinstance(piece, Table):
            yield from lines_of_table(piece, warnings)
        elif piece.tag == "footnote":
            warnings.append(
                f"脚注「{piece.text.strip()}」は質問として読んでいません。必要なら通告に書き足してください。"
            )
        elif piece.tag == "sheet" and read_asker(piece.text) is None:
            yield Line(text="", place=piece.place, begins=True)
        else:
            yield from _lines_of_block(piece)


def _lines_of_block(block: Block) -> Iterator[Line]:
    place = block.place or (f"{block.line}行目" if block.line else "")
    for text in block.text.split("\n"):
        words = text.strip()
        before = text[: len(text) - len(text.lstrip())]
        indent = sum(2.0 if char == "\t" else 1.0 if char == "\u3000" else 0.5 for char in before)
        for at, part in enumerate(split_inside(words) if words else ()):
            yield Line(
                text=part.strip(),
                place=place,
                indent=indent,
                width=indent + shown_width(part) if not at else 0.0,
                heading=block.heading > 0,
                begins=block.tag == "sheet",
            )


def _items(outline: Outline, warnings: list[str]) -> Iterator[Item]:
    """Yield the leaves of one member's questions; a number without words is told instead."""
    asker = outline.root.asker or Asker()
    for leaf in outline.root.leaves():
        line = list(leaf.line)
        if not leaf.text:
            shown = "".join(leaf.number) or leaf.place
            at = f"{leaf.place}: " if leaf.place else ""
            warnings.append(f"{at}番号「{shown}」に言葉がありません。通告を確かめてください。")
            continue
        above = list(reversed(line[1:]))
        yield Item(
            number=leaf.number,
            text=leaf.text,
            headings=(*(each for entry in above for each in (*entry.titles, entry.text) if each), *leaf.titles),
            background="\n".join(text for entry in (*above, leaf) for text in entry.background),
            answerer=next((entry.answerer for entry in line if entry.answerer), outline.root.answerer),
            member=asker.member,
            group=asker.group,
            seat=asker.seat,
            stance=next((entry.stance for entry in line if entry.stance), None),
        )
