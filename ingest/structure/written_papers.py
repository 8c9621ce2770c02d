"""Papers of written questions (文書質問趣意書) and answers (答弁書): where each begins, and whose it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from ingest.structure.lines import Line
from ingest.structure.paragraphs import Paragraph, paragraph_of, wrapped
from ingest.structure.written_numbers import read_mark
from ingest.structure.written_titles import Side, title_side
from rag.japanese.dates import Precision, dates
from rag.japanese.text import narrow

__all__ = [
    "Official",
    "Paper",
    "cut_papers",
    "is_formal",
    "official_of",
    "paragraphs_of",
]


_SERIES = re.compile(r"第([0-9一二三四五六七八九十百]{1,4})号")

_NAME = r"(?P<name>[^\s()、。:一二三1-9][^()、。:]{1,14}?)"
_PARTY = r"(?: ?[(〔](?P<party>[^()〔〕]{2,20})[)〕])?"
_ASKERS = (
    re.compile(
        rf"(?:提出者|質問者|提出議員|質問議員|議員名|(?:質問者)?氏名)[ :]+{_NAME} ?(?:議員|君|氏|委員)?{_PARTY}"
    ),
    re.compile(rf"[^ ]{{0,16}}議会議員[ :]+{_NAME} ?(?:君|氏|様|殿|印)?{_PARTY}"),
    re.compile(
        rf"(?:[◆◇■□●○◎【<〔] ?|[0-9]{{1,2}}[ .] ?)?(?:質問[ :]+)?{_NAME} ?議員{_PARTY}(?:の(?:文書)?質問)?[】>〕]?"
    ),
)
_ANSWERED = re.compile(r"(?:.{0,30}(?:における|に係る|会) ?)?(?P<name>[^\s、。]{2,14}?) ?議員(?:の|から|より|に)")
_OFFICE = r"(?:知事|市長|町長|村長|区長|教育長|委員長|管理者|[局部課室所]長|本部長|警視総監|監査委員|公安委員会)"
_OFFICIAL = re.compile(
    rf"(?P<said>(?:答弁者|回答者|答弁|回答)[ :]+)?(?P<post>[^\s、。()0-9:]{{0,16}}{_OFFICE})"
    r"(?:[ :]+(?P<name>[^\s、。():][^、。():]{0,12}?))?(?P<to> ?(?:殿|様|宛|あて))?(?: ?印)?"
)
_HEAD = re.compile(r"(?<!副)(?:知事|市長|町長|村長|区長)$")
_DAY = re.compile(
    r"(?:提出|質問|答弁|回答|送付)?(?:年月)?日?[ :]*(?:明治|大正|昭和|平成|令和).{3,16}日(?: ?(?:提出|答弁|回答|送付))?"
)
_FORMAL = re.compile(
    r"(?:右|左記|上記|下記|次|別紙|以下)(?:の|に)[^。]*(?:する|します|いたします|である)。?|右(?:質問|答弁)する。?|記|以上|[^ 。]{1,12}第[0-9一二三四五六七八九十百〇]+号"
    r"|.{0,60}(?:質問|答弁|回答)[^。]{0,40}(?:送付|提出|答弁|回答)(?:する|します|いたします)。?|[^ 。]{0,16}議長[ :]+[^。]{2,14}(?:殿|様|宛|あて)"
    r"|.{0,90}(?:次|以下|下記)のとおり(?:公表|掲載|報告|通知)(?:する|します|いたします)。"
    r"|(?:明治|大正|昭和|平成|令和)[^。]{2,24}(?:定例会|臨時会|議会)(?:文書質問)?"
)
_NUMBERED = re.compile(r"[【〔\[<][^。、]{1,12}[】〕\]>]|(?:その|第)[0-9一二三四五六七八九十]{1,3}(?:号|件)?")
"""What may count the papers above the name of a member: 【その2】."""
_TABLE = re.compile(r"[(【〔\[]?(?:別表|別紙|対照表|一覧表)[0-9一二三四五六七八九十]{0,2}(?:[)】〕\] ]|$)")
_RULE = re.compile(r"[-─━=＝*＊・_\s]{3,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Official:
    """Who answers."""

    post: str
    name: str = ""


@dataclass(slots=True, kw_only=True)
class Paper:
    """What one member asks, what one member is answered, or both."""

    side: Literal["ask", "reply"] = "ask"
    """What a number in it stands for unless a word (問, 答) says otherwise."""
    title: str = ""
    asker: str = ""
    party: str = ""
    series: str = ""
    """'一' of 第一号; empty for a paper without number."""
    day: date | None = None
    """None: neither the paper nor the letter above bears a date."""
    official: Official | None = None
    """Who signs; None where nobody does."""
    addressed: Official | None = None
    """The head of government to whom it is addressed; None where it names none."""
    cover: list[Paragraph] = field(default_factory=list)
    body: list[Paragraph] = field(default_factory=list)
    behind: list[Paragraph] = field(default_factory=list)
    """A table at the end, which neither asks nor answers."""


def is_formal(text: str) -> bool:
    """Tell whether a line only says who sends what to whom, and when."""
    narrowed = narrow(text)
    patterns = (_DAY, _FORMAL, _OFFICIAL, *_ASKERS)
    return title_side(text) is not None or any(pattern.fullmatch(narrowed) for pattern in patterns)


def official_of(text: str) -> Official | None:
    """Return whom a line of its own names as the one who answers (答弁者　教育長　氏名); None for other lines."""
    found = _OFFICIAL.fullmatch(narrow(text))
    if found is None or found["to"] or not (found["name"] or found["said"]):
        return None
    return _official(found)


def paragraphs_of(lines: Sequence[Line]) -> list[Paragraph]:
    """Join wrapped lines; a line with a number or a word of its own (問, 回答) starts a paragraph."""
    made: list[Paragraph] = []
    previous: Line | None = None
    first = 0
    for line in lines:
        if _RULE.fullmatch(narrow(line.body)):
            previous = None
            continue
        if made and previous is not None and _goes_on(previous, line, first):
            made[-1] = wrapped(made[-1], line)
        else:
            text = line.text if line.rows else line.body
            made.append(replace(paragraph_of(text, line), order=len(made)))
            first = line.indent
        previous = line
    return made


def _goes_on(previous: Line, line: Line, first: int) -> bool:
    """Tell whether a line goes on with the paragraph above, whose first line is indented by `first`."""
    if line.rows or previous.rows:
        return False
    if line.line is not None and line.line == previous.line:
        return True
    below = line.indent == 0 or line.indent > first
    titled = title_side(previous.body) is not None or title_side(line.body) is not None
    return previous.runs_on and below and not titled and read_mark(line.body) is None


def cut_papers(paragraphs: Sequence[Paragraph]) -> list[Paper]:
    """Start a paper at each title and, below the first item, at each line that names another member.

    What stands in front of the first title of one side, and the letter that goes with the answers, gives day and signature to those below.
    """
    papers: list[Paper] = []
    letter = Paper()
    for paragraph in paragraphs:
        text = narrow(paragraph.text)
        side = title_side(paragraph.text)
        if side is not None or not papers:
            papers.append(_begun(paragraph, side or "both", letter))
            if side == "both":
                letter = papers[-1]
            if side is not None:
                continue
        paper = papers[-1]
        asker = _asker(text)
        if asker is not None and paper.body and asker["name"] != paper.asker:
            above = [paper.body.pop()] if _NUMBERED.fullmatch(narrow(paper.body[-1].text)) else []
            paper = replace(paper, asker="", party="", series="", cover=above, body=[])
            papers.append(paper)
        if _is_cover(paper, text, named=asker is not None):
            paper.cover.append(paragraph)
            _read_facts(paper, text, asker)
        else:
            paper.body.append(paragraph)
    for paper in papers:
        _part_table(paper)
    return papers


def _part_table(paper: Paper) -> None:
    """Part a table of names and numbers (別表) at the end from the last answer."""
    for at in reversed(range(1, len(paper.body))):
        text = narrow(paper.body[at].text)
        if text.endswith("。"):
            return
        if _TABLE.match(text):
            paper.behind, paper.body = paper.body[at:], paper.body[:at]
            return


def _begun(paragraph: Paragraph, side: Side, letter: Paper) -> Paper:
    text = narrow(paragraph.text)
    series = _SERIES.search(text)
    named = _ANSWERED.match(text)
    return Paper(
        side="reply" if side == "reply" else "ask",
        title=paragraph.text,
        asker=_plain(named["name"]) if named else "",
        series=series[1] if series else "",
        day=letter.day,
        official=letter.official,
        addressed=letter.addressed,
        cover=[paragraph],
    )


def _asker(text: str) -> dict[str, str] | None:
    """Return name and 会派 of the member whom a line of its own names; None for other lines."""
    found = next((found for pattern in _ASKERS if (found := pattern.fullmatch(text))), None)
    return {"name": _plain(found["name"]), "party": found["party"] or ""} if found else None


def _is_cover(paper: Paper, text: str, *, named: bool) -> bool:
    """Tell formal lines, and all above the first item, from questions and answers."""
    if named or _DAY.fullmatch(text) or _FORMAL.fullmatch(text):
        return True
    return not paper.body and read_mark(text) is None


def _read_facts(paper: Paper, text: str, asker: dict[str, str] | None) -> None:
    """Take day, member and official from a line of the cover; the first of each counts below the letter's own."""
    if asker is not None:
        paper.asker, paper.party = asker["name"], asker["party"]
    elif _DAY.fullmatch(text):
        paper.day = next((found.start for found in dates(text) if found.precision is Precision.DAY), paper.day)
    elif found := _OFFICIAL.fullmatch(text):
        if found["to"]:
            paper.addressed = Official(post=_official(found).post) if _HEAD.search(found["post"]) else paper.addressed
        elif found["name"] or found["said"]:
            paper.official = _official(found)
    elif not paper.asker and (found := _ANSWERED.match(text)):
        paper.asker = _plain(found["name"])


def _official(found: re.Match[str]) -> Official:
    head = _HEAD.search(found["post"])
    return Official(post=head[0] if head else found["post"], name=_plain(found["name"] or ""))


def _plain(name: str) -> str:
    return "".join(name.split())
