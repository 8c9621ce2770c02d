"""Answer sheets (答弁書): the question, the answer, materials, past answers and follow-ups as sections of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ingest.structure.lines import Line, join_wrapped, lines_of
from rag.domain import CELL_SEPARATOR, Document, Kind, Section, Structure
from rag.japanese.dates import Precision, dates
from rag.japanese.text import narrow

__all__ = ["is_answer_sheet", "recognise"]

_PARTS = {
    "問": ("question", "問"),
    "質問": ("question", "問"),
    "質問要旨": ("question", "問"),
    "要旨": ("question", "問"),
    "答": ("answer", "答"),
    "答弁": ("answer", "答"),
    "答弁案": ("answer", "答"),
    "答弁要旨": ("answer", "答"),
    "関連資料": ("material", "関連資料"),
    "参考資料": ("material", "関連資料"),
    "資料": ("material", "関連資料"),
    "過去答弁": ("past", "過去答弁"),
    "想定再質問": ("follow_up", "想定再質問"),
    "再質問": ("follow_up", "想定再質問"),
    "確認欄": ("check", "確認欄"),
}
_HEADS = (
    ("meeting", re.compile(r"議会|会議|定例会|質問日|日程")),
    ("item", re.compile(r"通告|番号|項目")),
    ("answerer", re.compile(r"答弁者")),
    ("department", re.compile(r"担当|所管|連絡先")),
    ("questioner", re.compile(r"質問者|議員|会派")),
)
_SITTING = re.compile(
    r"(?:明治|大正|昭和|平成|令和)(?:元|\d+|[一二三四五六七八九十]+)年[^・、\s（(]*?(?:定例会|臨時会|委員会|議会)"
)
_MEMBER = re.compile(r"(?P<name>[^\s・、（(｜|]{2,12}?)(?:議員|君)?(?:[（(](?P<party>[^（）()]+)[）)])")
_SHEET_WORDS = ("答弁者", "想定再質問", "過去答弁", "答弁書")
_PAIR = re.compile(r"(?P<mark>[問答QA])[ .:](?P<words>.+)$", re.DOTALL)


@dataclass(slots=True)
class _Part:
    """The lines under one label."""

    name: str
    shown: str
    lines: list[Line] = field(default_factory=list)


def is_answer_sheet(document: Document, lines: Sequence[Line]) -> bool:
    """Tell whether question and answer stand under labels of their own, with words that only an answer sheet has."""
    labels = {_label(line) for line in _cells(lines)}
    names = {_PARTS[label][0] for label in labels if label}
    return {"question", "answer"} <= names and any(word in document.text for word in _SHEET_WORDS)


def recognise(document: Document) -> Structure:
    """Cut an answer sheet at its labels; every section carries sitting, item, answerer and the question."""
    head, parts = _parts(_cells(lines_of(document.blocks)))
    facts = _facts(head)
    question = " ".join(line.body for part in parts if part.name == "question" for line in part.lines)
    sections = [section for part in parts for section in _sections(part, facts, question)]
    about = " ".join(value for value in (facts.get("sitting"), facts.get("item"), facts.get("questioner")) if value)
    title = document.title
    if about and title.strip() in ("答弁書", "答弁", "答弁案"):
        title = f"{title.strip()}（{about}）"
    if head:
        text = "\n".join(line.text for line in head)
        sections.insert(
            0, Section(locator="答弁書の表書き", text=text, page=head[0].page, labels={**facts, "part": "head"})
        )
    return Structure(kind=Kind.ANSWERS, title=title, sections=tuple(sections))


def _label(line: Line) -> str:
    """Return the label that a line is ('答' in 【答】); empty for other lines."""
    name = narrow("".join(line.body.split())).strip("【】[]()<>■□○●・:")
    return name if name in _PARTS and not line.rows else ""


def _cells(lines: Sequence[Line]) -> Iterator[Line]:
    """Take apart the rows whose first cell is a label, so that both layouts (headings, one big table) read alike."""
    for line in lines:
        firsts = {narrow("".join(row[0].split())) for row in line.rows if row}
        if not line.rows or not firsts & _PARTS.keys():
            yield line
            continue
        for row in line.rows:
            name = narrow("".join(row[0].split()))
            rest = [cell for cell in dict.fromkeys(row[1:]) if cell.strip() and cell != row[0]]
            if name in _PARTS:
                yield Line(text=name, page=line.page)
                yield from (
                    Line(text=text, page=line.page) for cell in rest for text in cell.splitlines() if text.strip()
                )
            else:
                yield Line(text=CELL_SEPARATOR.join([row[0], *rest]), page=line.page, rows=((row[0], *rest),))


def _parts(lines: Iterator[Line]) -> tuple[list[Line], list[_Part]]:
    head: list[Line] = []
    parts: list[_Part] = []
    for line in lines:
        label = _label(line)
        if label:
            name, shown = _PARTS[label]
            parts.append(_Part(name=name, shown=shown))
        elif parts:
            parts[-1].lines.append(line)
        else:
            head.append(line)
    return head, parts


def _facts(head: Sequence[Line]) -> dict[str, str]:
    """Read the cells of the head: a row of names over a row of values, or names beside values."""
    raw: dict[str, str] = {}
    for line in head:
        rows = line.rows
        if len(rows) == 2 and len(rows[0]) > 2:
            pairs = list(zip(rows[0], rows[1], strict=False))
        else:
            pairs = [(row[at], row[at + 1]) for row in rows for at in range(0, len(row) - 1, 2)]
        for name, value in pairs:
            fact = next((fact for fact, pattern in _HEADS if pattern.search(name)), "")
            if fact and value.strip():
                raw.setdefault(fact, " ".join(value.split()))
    facts: dict[str, str] = {name: raw[name] for name in ("item", "answerer", "department") if name in raw}
    meeting = raw.get("meeting", "")
    who = _MEMBER.search(raw.get("questioner", "") or meeting)
    sitting = _SITTING.search(meeting)
    day = next((found.start for found in dates(meeting) if found.precision is Precision.DAY), None)
    facts["sitting"] = sitting[0] if sitting else meeting
    facts["date"] = day.isoformat() if day else ""
    facts["questioner"] = f"{who['name']}議員" if who else raw.get("questioner", "")
    return {name: value for name, value in facts.items() if value}


def _sections(part: _Part, facts: dict[str, str], question: str) -> Iterator[Section]:
    """Make the sections of one part; each follow-up pair stands alone."""
    base = facts.get("item", "")
    labels = {**facts, "part": part.name}
    if part.name == "follow_up":
        for number, (asked, texts) in enumerate(_follow_ups(part.lines), 1):
            named = {**labels, "question": asked} if asked else labels
            yield _section(part, texts, labels=named, locator=f"{base} {part.shown}{number}".strip())
        return
    texts = list(_paragraphs(part.lines))
    if texts:
        if part.name == "answer" and question:
            labels["question"] = question
        yield _section(part, texts, labels=labels, locator=f"{base} {part.shown}".strip())


def _section(part: _Part, texts: Sequence[str], *, labels: dict[str, str], locator: str) -> Section:
    text = "\n".join(texts)
    return Section(
        locator=locator,
        text=text,
        caption=labels.get("question", "")[:60],
        page=part.lines[0].page if part.lines else None,
        breaks=tuple(found.end() for found in re.finditer("\n", text)),
        labels=labels,
    )


def _follow_ups(lines: Sequence[Line]) -> Iterator[tuple[str, list[str]]]:
    """Yield each expected question with its lines."""
    asked = ""
    held: list[str] = []
    for text in _paragraphs(lines):
        found = _PAIR.match(narrow(text))
        if found and found["mark"] in "問Q" and held:
            yield asked, held
            held = []
        if found and found["mark"] in "問Q":
            asked = text[found.start("words") :].strip()
        held.append(text)
    if held:
        yield asked, held


def _paragraphs(lines: Sequence[Line]) -> Iterator[str]:
    """Join wrapped lines; a table stands as it is."""
    held = ""
    previous: Line | None = None
    for line in lines:
        if held and previous is not None and previous.runs_on and not line.rows:
            held = join_wrapped(held, line.body)
        else:
            if held:
                yield held
            held = line.text if line.rows else line.body
        previous = line
    if held:
        yield held
