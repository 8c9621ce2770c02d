"""The head of a rule (number, history, preamble) and the date from which its text is in force."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from ingest.structure.lines import Line, join_wrapped
from rag.domain import Section
from rag.japanese.dates import Precision, dates
from rag.japanese.numerals import NUMBER
from rag.japanese.rule_numbers import arabic
from rag.japanese.text import narrow

__all__ = ["Head", "in_force_from", "read_head", "whole_heads"]

_MARKS = "○◯〇●◎■□◆◇★☆※ 　"
_NUMBER = re.compile(
    rf"(?P<who>[^0-9、。()年月日 第]{{0,16}}?)(?P<form>条例|規則|規程|訓令|訓令甲|告示|法律|政令|省令|要綱|要領|達|通達|教育委員会規則|企業管理規程)第(?P<number>{NUMBER})号"
)
_NAMES_RULE = re.compile(
    r"(?:条例|規則|規程|規定|規約|要綱|要領|要項|基準|告示|訓令|達|法|律|令|憲章|憲法|指針|方針|細則|内規|協定|定款|通達|通知)"
    r"(?: *\([^()]*\))*(?: *抄)?$"
)
_ENACTING = re.compile(r"(?:公布する|制定する|の全部を(?:次のように)?改正する|次のように定める|定める)。?$")
_HISTORY = re.compile(r"改正|施行|制定|公布|沿革|廃止|\[|【")
_IN_FORCE = re.compile(
    r"この[^、。「」]{2,20}?(?:\([^()]*\))?は、(?P<when>[^。]{1,60}?)(?:から|より)(?:これを)?(?:施行|適用)"
)
_STATED = re.compile(r"(?:施行日|施行期日|適用日)[:: ]*(?P<when>.{4,20})|(?P<before>.{4,20}?)(?:から)?施行[\])】]?$")
_OPEN_HEAD = re.compile(r"(?:附 *則 *)?\([^()。]{1,60}$")
_CLOSES = re.compile(r"[^()。]{0,30}\)(?: *抄)?$")
_LABELLED = re.compile(r"附 *則 *\([^()。]{1,60}\)$")
START_UNKNOWN = (
    "最後の改正（{label}）の施行日が附則から読み取れないため、その公布の日から施行されているものとして扱います。"
    "labels.csv の effective_from に施行日を書いてください。"
)
_FILE_DATE = re.compile(r"[0-9]{3}[A-Z]{2}[0-9A-Z]{10}_([0-9]{8})_")


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What stands above the first article."""

    title: str
    number: str = ""
    promulgated: date | None = None
    """None: the head gives no date."""
    stated_start: date | None = None
    """Date that the head itself names as 施行日; None when it names none."""
    sections: tuple[Section, ...] = ()


def read_head(lines: Sequence[Line], title: str) -> Head:
    """Read number, date and history, and keep the words as sections (前文, 沿革).

    Only a title that names a rule is left out: a line that merely stands first may be anything.
    """
    paragraphs = _paragraphs(lines)
    title = title.strip(_MARKS) or (paragraphs[0].strip(_MARKS) if paragraphs else "")
    number, promulgated = _number(paragraphs)
    stated = [
        _first_day(found["when"] or found["before"]) for text in paragraphs if (found := _STATED.search(narrow(text)))
    ]
    prose = [
        text
        for text in paragraphs
        if text.endswith("。") and not _ENACTING.search(text) and not _HISTORY.search(text[:12])
    ]
    preamble = prose if len(prose) > 1 or sum(map(len, prose)) >= 80 else []
    names_rule = _NAMES_RULE.search(narrow(title)) is not None
    rest = [text for text in paragraphs if text not in preamble and not (names_rule and text.strip(_MARKS) == title)]
    page = next((line.page for line in lines if line.page is not None), None)
    sections = [
        Section(locator=locator, text="\n".join(texts), page=page, breaks=_breaks(texts), labels={"part": part})
        for locator, texts, part in (("沿革", rest, "head"), ("前文", preamble, "preamble"))
        if texts
    ]
    return Head(
        title=title,
        number=number,
        promulgated=promulgated,
        stated_start=next((day for day in stated if day is not None), None),
        sections=tuple(sections),
    )


def in_force_from(path: str, head: Head, supplements: Sequence[Section]) -> tuple[date | None, tuple[str, ...]]:
    """Return the date from which the text as it stands is in force, the latest that a 附則 names, and warnings about it.

    The latest, because the text carries the last amendment. An e-Gov file name or a 施行日 in the head comes first. Where the last
    amendment says no day (政令で定める日), its promulgation is the earliest that can be: the warning says so. None when
    nothing names a date.
    """
    if found := _FILE_DATE.search(path):
        return _first_day(found[1]), ()
    if head.stated_start is not None:
        return head.stated_start, ()
    days = [day for section in supplements for day in _starts(section, head)]
    known = max(days, default=None)
    labels = [section.labels.get("supplement", "") for section in supplements]
    amended, label = max(((day, each) for each in labels if (day := _first_day(each))), default=(None, ""))
    if amended is None or (known is not None and amended <= known):
        return known, ()
    return amended, (START_UNKNOWN.format(label=label),)


def _starts(section: Section, head: Head) -> Iterator[date]:
    """Yield the days from which a 附則 says that something is in force."""
    for found in _IN_FORCE.finditer(narrow(section.text)):
        day = _first_day(found["when"])
        if day is None and found["when"].startswith("公布の日") and "起算" not in found["when"]:
            day = _first_day(section.labels.get("supplement", "")) or head.promulgated
        if day is not None:
            yield day


def whole_heads(lines: Sequence[Line]) -> list[Line]:
    """Join a caption or the label of a 附則 whose brackets were broken over two lines."""
    joined: list[Line] = []
    for line in lines:
        last = joined[-1] if joined else None
        above, text = narrow(last.body) if last is not None else "", narrow(line.body)
        closes = _OPEN_HEAD.match(above) and _CLOSES.match(text)
        if last is not None and (closes or (text == "抄" and _LABELLED.match(above))):
            joined[-1] = replace(last, text=join_wrapped(last.text, line.body), full=False)
        else:
            joined.append(line)
    return joined


def _paragraphs(lines: Sequence[Line]) -> list[str]:
    joined: list[str] = []
    previous: Line | None = None
    for line in lines:
        if previous is not None and previous.runs_on and joined:
            joined[-1] = join_wrapped(joined[-1], line.body)
        else:
            joined.append(line.body)
        previous = line
    return joined


def _number(paragraphs: Sequence[str]) -> tuple[str, date | None]:
    """Find the document number and the date of promulgation in the first lines that are no amendment history."""
    day: date | None = None
    year = ""
    for text in paragraphs[:12]:
        narrowed = narrow(text)
        if re.match(r"[\[(【 ]*(?:最終)?(?:改正|沿革)", narrowed) or len(narrowed) > 80:
            continue
        mention = next(iter(dates(text)), None)
        if mention is not None and not year:
            day = mention.start if mention.precision is Precision.DAY else None
            year = arabic(mention.span.of(text)).split("年")[0] + "年"
        if found := _NUMBER.search(narrowed):
            who = re.sub(r"^.*[日 ]", "", found["who"])
            return f"{year}{who}{found['form']}{arabic('第' + found['number'] + '号')}", day
    return "", day


def _first_day(text: str) -> date | None:
    return next((found.start for found in dates(text) if found.precision is Precision.DAY), None)


def _breaks(texts: Sequence[str]) -> tuple[int, ...]:
    offsets: list[int] = []
    for text in texts[:-1]:
        offsets.append((offsets[-1] if offsets else 0) + len(text) + 1)
    return tuple(offsets)
