"""Dates of a draft against its sources."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from rag.drafting.figure_faults import FigureFault, FigureProblem, FigureSource
from rag.drafting.overlap import share
from rag.japanese.dates import DateMention, dates
from rag.japanese.text import narrow, sentences
from rag.japanese.words import content_nouns

__all__ = ["wrong_ages", "wrong_dates"]


_DAY = re.compile(r"(?<![0-9年度])([0-9]{1,2})月([0-9]{1,2})日")
"""A day whose year is not said."""
_ANY_DAY = re.compile(r"([0-9]{1,2})月([0-9]{1,2})日")
SHARED_NOUNS = 0.5
"""Over this share of nouns, of the sentence that has fewer, two sentences tell of one thing's day."""
_AGE = re.compile(r"(?:から|以来、?|して)[^。、]{0,8}?(?:今年|本年)?で?(?P<years>[0-9]{1,3})年(?=目|が経|とな|を迎)")
ROUNDING_YEARS = 1
"""Years by which a time may be counted otherwise (45年目)."""


def wrong_ages(draft: str, day: date | None) -> Iterator[FigureProblem]:
    """Yield how long something is said to have lasted, where the year in which it began says otherwise."""
    for span in sentences(draft):
        sentence = narrow(span.of(draft))
        for age in _AGE.finditer(sentence) if day is not None else ():
            named = dates(sentence)
            begun = [each for each in named if each.span.end <= age.start()]
            if day is None or not begun:
                continue
            lasted = day.year - begun[-1].start.year
            until = [day.year, *(each.start.year for each in named if each.span.start >= age.end())]
            if all(abs(each - begun[-1].start.year - int(age["years"])) > ROUNDING_YEARS for each in until):
                words = f"{age['years']}年"
                yield FigureProblem(fault=FigureFault.SUM, words=words, sentence=sentence, right=f"{lasted}年")


def _wrong_days(sentence: str, sources: Sequence[FigureSource]) -> Iterator[FigureProblem]:
    """Yield the days without a year that stand in no source, where one tells of the same thing on another day of that month."""
    ours = list(_DAY.finditer(sentence))
    given = [
        (int(found[1]), int(found[2]), told, source)
        for source in (sources if ours else ())
        for told in (narrow(span.of(source.text)) for span in sentences(source.text))
        for found in _ANY_DAY.finditer(told)
    ]
    titled = {(int(month), int(day)) for source in sources for month, day in _ANY_DAY.findall(narrow(source.title))}
    known = titled | {each[:2] for each in given}
    for found in ours:
        month, day = int(found[1]), int(found[2])
        if (month, day) in known:
            continue
        nouns = frozenset(content_nouns(_ANY_DAY.sub("", sentence)))
        others = [
            (share(nouns, frozenset(content_nouns(_ANY_DAY.sub("", told)))), f"{month}月{other}日", told, source)
            for other_month, other, told, source in given
            if other_month == month
        ]
        shared, right, told, source = max(others, key=lambda each: each[0], default=(0.0, "", "", None))
        if shared > SHARED_NOUNS and source is not None:
            yield FigureProblem(
                fault=FigureFault.DIGIT, words=found[0], sentence=sentence, right=right, source=source, quote=told
            )


def wrong_dates(draft: str, sources: Sequence[FigureSource]) -> Iterator[FigureProblem]:
    """Yield the dates of a draft that stand in no source, nor hold or lie in one that does."""
    given = [each for source in sources for each in dates(f"{source.title}。{source.text}")]
    days = [source.day for source in sources if source.day]
    for span in sentences(draft):
        sentence = narrow(span.of(draft))
        yield from _wrong_days(sentence, sources)
        for mention in dates(sentence):
            if any(_touches(mention, each) for each in given) or any(
                mention.start <= day < mention.end for day in days
            ):
                continue
            if given:
                yield FigureProblem(
                    fault=FigureFault.DIGIT,
                    words=mention.span.of(sentence),
                    sentence=sentence,
                )


def _touches(one: DateMention, other: DateMention) -> bool:
    inside = one.start <= other.start and other.end <= one.end
    return inside or (other.start <= one.start and one.end <= other.end)
