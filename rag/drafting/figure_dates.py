"""Dates of a draft against its sources."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rag.drafting.figure_reading import FigureFault, FigureProblem, FigureSource
from rag.japanese.dates import DateMention, dates
from rag.japanese.text import narrow, sentences

__all__ = ["wrong_dates"]


def wrong_dates(draft: str, sources: Sequence[FigureSource]) -> Iterator[FigureProblem]:
    """Yield the dates of a draft that stand in no source, nor hold or lie in one that does."""
    given = [each for source in sources for each in dates(f"{source.title}。{source.text}")]
    days = [source.day for source in sources if source.day]
    for span in sentences(draft):
        sentence = narrow(span.of(draft))
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
