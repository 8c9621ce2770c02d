"""Dates of a draft against its sources."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from rag.drafting.figure_nouns import FigureFault, FigureProblem, FigureSource
from rag.japanese.dates import DateMention, dates
from rag.japanese.text import narrow, sentences

__all__ = ["wrong_ages", "wrong_dates"]


_DAY = re.compile(r"(?<![0-9年])([0-9]{1,2})月([0-9]{1,2})日")
"""A day whose year is not said."""
_AGE = re.compile(r"(?:から|以来、?|して)[^。、]{0,8}?(?:今年|本年)?で?(?P<years>[0-9]{1,3})年(?=目|が経|とな|を迎)")
ROUNDING_YEARS = 1
"""Years by which a time may be counted otherwise (45年目)."""


def wrong_ages(draft: str, day: date | None) -> Iterator[FigureProblem]:
    """Yield how long something is said to have lasted, where the year in which it began says otherwise."""
    for span in sentences(draft):
        sentence = narrow(span.of(draft))
        for age in _AGE.finditer(sentence) if day is not None else ():
            begun = [each for each in dates(sentence) if each.span.end <= age.start()]
            if day is None or not begun:
                continue
            lasted = day.year - begun[-1].start.year
            if abs(lasted - int(age["years"])) > ROUNDING_YEARS:
                words = f"{age['years']}年"
                yield FigureProblem(fault=FigureFault.SUM, words=words, sentence=sentence, right=f"{lasted}年")


def _wrong_days(sentence: str, sources: Sequence[FigureSource]) -> Iterator[FigureProblem]:
    """Yield the days without a year that stand in no source, where one has another day of that month."""
    given = {
        (int(month), int(day))
        for source in sources
        for month, day in re.findall(r"([0-9]{1,2})月([0-9]{1,2})日", narrow(f"{source.title} {source.text}"))
    }
    for found in _DAY.finditer(sentence):
        month, day = int(found[1]), int(found[2])
        if (month, day) not in given and any(each[0] == month for each in given):
            yield FigureProblem(fault=FigureFault.DIGIT, words=found[0], sentence=sentence)


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
