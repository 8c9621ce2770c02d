"""The same words in other notations, as writers of answers put them: digits, years of the common era, polite endings."""

from __future__ import annotations

import re

from rag.japanese.dates import Precision, dates
from rag.japanese.numerals import figures, read_integer
from rag.japanese.text import narrow

KANJI = "〇一二三四五六七八九十百千万億"
_CLAUSE = re.compile(rf"(?<=第)([{KANJI}]+)(?=[条項号章節款回])|(?<=別表第)([{KANJI}]+)")
_BRANCH = re.compile(r"(?<=[0-9]条)((?:の[一二三四五六七八九十]+)+)(?![分人つ個割])")
_BEFORE = re.compile(r"(?<=前)([二三四五六七八九十])(?=[条項号])")
_CALENDAR = re.compile(
    rf"(?:(?:明治|大正|昭和|平成|令和)[{KANJI}]+年度?)?[{KANJI}]+月[{KANJI}]+日|(?:明治|大正|昭和|平成|令和)[{KANJI}]+年"
)
_TIME = re.compile(rf"(?<=午[前後])([{KANJI}]+)時(?:([{KANJI}]+)分)?")
_RUN = re.compile(rf"[{KANJI}]+")
_LARGE = ((10**8, "億"), (10**4, "万"))
_AFTER_LAW_DATE = re.compile(r"(?:[^、。（）()]{0,12})(?:法律|政令|省令|条例|規則|訓令|告示|勅令)|[ 　]*[0-9]")
_POLITE = (
    ("なければならない", "なければなりません"),
    ("てはならない", "てはなりません"),
    ("でなければならない", "でなければなりません"),
    ("ことができる", "ことができます"),
    ("ことができない", "ことができません"),
    ("ものとする", "ものとします"),
    ("しない", "しません"),
    ("受けない", "受けません"),
    ("ではない", "ではありません"),
    ("である", "です"),
    ("する", "します"),
    ("できる", "できます"),
    ("いう", "いいます"),
    ("よる", "よります"),
    ("定める", "定めます"),
    ("行う", "行います"),
    ("受ける", "受けます"),
    ("認める", "認めます"),
    ("置く", "置きます"),
    ("充てる", "充てます"),
    ("与える", "与えます"),
    ("努める", "努めます"),
    ("ある", "あります"),
    ("付する", "付します"),
    ("限る", "限ります"),
)
_DEFINED = re.compile(
    r"[（(]以下[^（）()]*(?:という|いう|同じ)。[）)]|[（(](?:明治|大正|昭和|平成|令和)[^（）()]*第[^（）()]*号[）)]"
)


def arabic(text: str) -> str:
    """Write the numbers of a text in digits: 第十二条の二 is 第12条の2, 一万三千円 13,000円, 百分の十 100分の10."""
    written = _CALENDAR.sub(lambda found: _RUN.sub(_digits, found[0]), text)
    written = _TIME.sub(lambda found: _RUN.sub(_digits, found[0]), written)
    written = _CLAUSE.sub(_digits, written)
    written = _BRANCH.sub(lambda found: _RUN.sub(_digits, found[0]), written)
    written = _BEFORE.sub(_digits, written)
    for figure in reversed(figures(written)):
        said = figure.span.of(written)
        grouped = figure.unit not in ("年", "月", "日")
        said = _RUN.sub(lambda run: _digits(run, grouped=grouped), said)  # noqa: B023  (called at once)
        written = written[: figure.span.start] + said + written[figure.span.end :]
    return written


def _digits(found: re.Match[str], *, grouped: bool = False) -> str:
    run = found[0]
    if run in ("万", "億", "千", "百", "千万", "百万"):  # stands behind digits: 3億5,000万
        return run if found.start() and found.string[found.start() - 1].isascii() else amount(read_integer(run))
    number = read_integer(run)
    return amount(number) if grouped else str(number)


def amount(number: int) -> str:
    """Write an amount as offices do: 13,000, 30万, 5億."""
    for scale, name in _LARGE:
        if number >= scale and not number % scale:
            return f"{number // scale:,}{name}"
    return f"{number:,}"


def common_era(text: str) -> str:
    """Write dates with the year of the common era; numbers of laws keep theirs, by which they are known."""
    written = text
    for mention in reversed(dates(text)):
        said = mention.span.of(text)
        if not said.startswith(("明治", "大正", "昭和", "平成", "令和")) or _AFTER_LAW_DATE.match(
            narrow(text[mention.span.end :])
        ):
            continue
        day = mention.start
        new = {
            Precision.DAY: f"{day.year}年{day.month}月{day.day}日",
            Precision.MONTH: f"{day.year}年{day.month}月",
            Precision.YEAR: f"{day.year}年",
            Precision.FISCAL_YEAR: f"{day.year}年度",
        }[mention.precision]
        written = written[: mention.span.start] + new + written[mention.span.end :]
    return written


def polite(text: str) -> str:
    """End a sentence as an answer to a colleague does (する → します); unchanged where the ending has no such form here."""
    for ending, wanted in sorted(_POLITE, key=lambda pair: -len(pair[0])):
        if text.endswith(f"{ending}。"):
            return f"{text.removesuffix(f'{ending}。')}{wanted}。"
    return text


def without_brackets(text: str) -> str:
    """Leave out brackets that only give a short name or the number of a law; those that limit what is said stay."""
    return _DEFINED.sub("", text)
