"""Questions with answers (FAQ): one section a pair, from the rows of a table or from lines (問 … 答 …, Q. … A. …)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ingest.structure import plain
from ingest.structure.lines import Line, join_wrapped, lines_of
from rag.domain import Block, Document, Kind, Section, Structure
from rag.errors import InputError
from rag.japanese.dates import parse_date
from rag.japanese.text import narrow

__all__ = ["is_faq", "recognise"]

_COLUMNS = (
    (
        "question",
        re.compile(r"(?:ご?質問|設問|問い?|お?問い?合わ?せ|Q|Question)(?:内容|事項|文|要旨)?$", re.IGNORECASE),
    ),
    ("answer", re.compile(r"(?:ご?回答|答え?|A|Answer)(?:内容|文|案)?$", re.IGNORECASE)),
    ("category", re.compile(r"(?:大|中|小)?(?:区分|分類|分野|カテゴリー?|項目)$")),
    ("basis", re.compile(r"根拠|関係規程|関係規定|関連規程|参照条文|条文|法令")),
    ("department", re.compile(r"(?:所管|担当|主管)(?:課|係|部署|所属|部局)?$|部署$|問い?合わ?せ先")),
    ("updated", re.compile(r"(?:最終)?更新(?:日|年月日)?$|(?:作成|改定|改訂|登録)(?:日|年月日)$|時点$")),
    ("number", re.compile(r"(?:番号|No\.?|№|連番|ID|項番)$", re.IGNORECASE)),
)
_QUESTION_LINE = re.compile(
    r"(?:【?(?:問|質問|Q)(?P<number> ?[0-9一二三四五六七八九十]{0,3}(?:-[0-9]{1,3})?)】?(?:[.:)、 ]|(?<=】)) *|◆ *Q[.:]? *)(?P<words>\S.*)$"
)
_ANSWER_LINE = re.compile(
    r"(?:【?(?:答|回答|A)(?: ?[0-9一二三四五六七八九十]{0,3}(?:-[0-9]{1,3})?)】?(?:[.:)、 ]|(?<=】)) *)(?P<words>\S.*)$"
)
_LEAST_SHARE = 0.5
"""Share of a document's characters that must stand in pairs for lines to make it an FAQ."""


def is_faq(document: Document, lines: Sequence[Line]) -> bool:
    """Tell whether a table has columns for question and answer, or most of the text is pairs of lines."""
    if any(_columns(block.rows[0]) for block in document.blocks if len(block.rows) > 1):
        return True
    pairs, rest = _pairs(lines)
    inside = sum(len(section.text) for section in pairs)
    return len(pairs) > 1 and inside >= _LEAST_SHARE * (inside + sum(len(line.body) for line in rest))


def recognise(document: Document) -> Structure:
    """Make one section a pair; text that stands in no pair is kept as plain sections in front."""
    if any(_columns(block.rows[0]) for block in document.blocks if len(block.rows) > 1):
        rows, others = _from_tables(document.blocks)
        lead = _plain(document, others)
        return Structure(kind=Kind.FAQ, title=document.title, sections=(*lead, *rows))
    pairs, rest = _pairs(lines_of(document.blocks))
    blocks = [Block(text=line.text, page=line.page, heading=line.heading, rows=line.rows) for line in rest]
    return Structure(kind=Kind.FAQ, title=document.title, sections=(*_plain(document, blocks), *pairs))


def _plain(document: Document, blocks: Sequence[Block]) -> tuple[Section, ...]:
    kept = tuple(block for block in blocks if block.tag not in ("sheet", "header"))
    return plain.recognise(replace(document, blocks=kept)).sections if kept else ()


def _columns(header: Sequence[str]) -> Mapping[str, int]:
    """Return the column of each fact; empty where the header has no question or no answer."""
    found: dict[str, int] = {}
    for index, cell in enumerate(header):
        name = narrow("".join(cell.split()))
        for fact, pattern in _COLUMNS:
            if fact not in found and pattern.match(name):
                found[fact] = index
                break
    return found if {"question", "answer"} <= found.keys() else {}


def _from_tables(blocks: Sequence[Block]) -> tuple[list[Section], list[Block]]:
    """Read the rows under headers with question and answer; what stands elsewhere is returned as it is."""
    sections: list[Section] = []
    others: list[Block] = []
    sheet = ""
    for block in blocks:
        if block.tag == "sheet":
            sheet = block.text
        columns = _columns(block.rows[0]) if len(block.rows) > 1 else {}
        if not columns:
            others.append(block)
            continue
        for cells in block.rows[1:]:
            if cells[columns["question"]].strip() and cells[columns["answer"]].strip():
                number = len(sections) + 1
                sections.append(_row(block, cells, columns=columns, sheet=sheet, number=number))
            elif any(cell.strip() for cell in cells):
                others.append(replace(block, rows=(block.rows[0], cells)))
    return sections, others


def _row(block: Block, cells: tuple[str, ...], *, columns: Mapping[str, int], sheet: str, number: int) -> Section:
    facts = {fact: cells[index].strip() for fact, index in columns.items() if index < len(cells)}
    more = [
        f"{name.strip()}　{cell.strip()}"
        for index, (name, cell) in enumerate(zip(block.rows[0], cells, strict=False))
        if index not in columns.values() and cell.strip() and name.strip()
    ]
    labels = {fact: " ".join(facts.get(fact, "").split()) for fact in ("question", "category", "basis", "department")}
    labels["updated"] = _iso(facts.get("updated", ""))
    labels["number"] = facts.get("number", "")
    text = f"問　{facts['question']}\n答　{facts['answer']}"
    return Section(
        locator=block.place or f"問{number}",
        text="\n".join([text, *more]),
        path=tuple(step for step in (sheet, labels["category"]) if step),
        caption=labels["question"],
        page=block.page,
        breaks=(len(facts["question"]) + 3,),
        labels={name: value for name, value in labels.items() if value},
    )


def _iso(text: str) -> str:
    """Write a date of update as ISO; words that are no date stay as they are."""
    try:
        return parse_date(re.split("[T ]", text, maxsplit=1)[0]).isoformat() if text else ""
    except InputError:
        return text


def _pairs(lines: Sequence[Line]) -> tuple[list[Section], list[Line]]:
    """Read pairs of lines; a question without an answer, and what stands before the first, is returned as it is."""
    sections: list[Section] = []
    rest: list[Line] = []
    heading = ""
    question: list[Line] = []
    answer: list[Line] = []
    for line in [*lines, Line(text="問　終わり", tag="end")]:
        text = narrow(line.body)
        starts = not line.rows and _QUESTION_LINE.match(text) is not None
        if starts or (line.heading and answer):
            if question and answer:
                sections.append(_pair(question, answer, heading=heading, number=len(sections) + 1))
            else:
                rest.extend(question)
            question, answer = ([line] if starts else []), []
        elif question and not answer and _ANSWER_LINE.match(text):
            answer = [line]
        elif answer:
            answer.append(line)
        elif question:
            question.append(line)
        elif line.tag != "end":
            rest.append(line)
        if line.heading and not starts:
            heading = line.body
    return sections, rest


def _pair(question: Sequence[Line], answer: Sequence[Line], *, heading: str, number: int) -> Section:
    asked, answered = "\n".join(_joined(question)), "\n".join(_joined(answer))
    found = _QUESTION_LINE.match(narrow(asked))
    words = asked[found.start("words") :] if found else asked
    label = found["number"].strip() if found and found["number"] else ""
    return Section(
        locator=f"問{label or number}",
        text=f"{asked}\n{answered}",
        path=(heading,) if heading else (),
        caption=words,
        page=question[0].page,
        breaks=(len(asked) + 1, *(len(asked) + 1 + found.end() for found in re.finditer("\n", answered))),
        labels={"question": words},
    )


def _joined(lines: Sequence[Line]) -> Iterator[str]:
    """Join wrapped lines."""
    held = ""
    previous: Line | None = None
    for line in lines:
        if previous is not None and previous.runs_on:
            held = join_wrapped(held, line.body)
        else:
            if held:
                yield held
            held = line.body
        previous = line
    yield held
