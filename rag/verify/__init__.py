"""Draft sentences against evidence: quotes, clauses, figures, dates, names, negation; pure code, no model."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from rag.domain import Evidence, Office, Part, Period, Problem, Question, Sentence
from rag.japanese.dates import DateMention, Precision
from rag.japanese.orders import gives_orders, says_orders
from rag.japanese.text import Span
from rag.verify.altered import alterations
from rag.verify.claims import relative_dates, wrong_clauses, wrong_dates, wrong_figures, wrong_names
from rag.verify.copies import miscopied, misquoted
from rag.verify.force import flips
from rag.verify.foreign import wrong_foreign
from rag.verify.joined import joins_clauses
from rag.verify.sources import Source
from rag.verify.support import supported

CITED_PARTS = frozenset({Part.CONCLUSION, Part.BASIS, Part.PROCEDURE, Part.EXCEPTIONS})
"""Parts whose every sentence rests on a quote; contact and as_of are written by code."""
SHORTEST_QUOTE = 4
"""Characters below which a quote proves nothing, unless it holds a figure."""


def verify(
    sentences: Iterable[Sentence],
    evidence: Sequence[Evidence],
    question: Question,
    *,
    offices: Sequence[Office] = (),
    versions: Sequence[Period] = (),
) -> tuple[Sentence, ...]:
    """Return the sentences with `verified` and `problems` set, citations cut down to those whose quote was found.

    `offices` are those that the organisation table names for this question: only they may stand under contact. `versions`
    are the periods of other versions of what is cited: their dates may stand under as_of.
    """
    sources = {item.number: Source.of(item) for item in evidence}
    asked = Source(question.text)
    checked = []
    for sentence in sentences:
        if sentence.part is Part.CONTACT and not sentence.citations:
            checked.append(_finish(sentence, _check_contact(sentence, offices)))
        elif sentence.part is Part.AS_OF and not sentence.citations:
            checked.append(_finish(sentence, _check_as_of(sentence, list(sources.values()), question, versions)))
        else:
            checked.append(_check(sentence, sources, asked=asked, as_of=question.as_of))
    return tuple(checked)


def _check(sentence: Sentence, sources: dict[int, Source], *, asked: Source, as_of: date) -> Sentence:
    if not sentence.citations:
        return _finish(sentence, [Problem.UNCITED])
    cited = [sources[number] for number in sentence.citations if number in sources]
    if len(cited) < len(sentence.citations):
        return _finish(sentence, [Problem.UNKNOWN_CITATION])
    quoted = [source for source in cited if any(source.holds(quote) for quote in sentence.quotes)]
    if not quoted or not all(_proves(quote, quoted) for quote in sentence.quotes):
        return _finish(sentence, [Problem.QUOTE_NOT_FOUND])
    ordered = any(says_orders(line) for source in quoted for line in source.lines(sentence.quotes))
    if ordered or any(map(gives_orders, sentence.quotes)):
        return _finish(sentence, [Problem.QUOTE_NOT_FOUND])
    quoted = [source.trusted for source in quoted]
    numbers = tuple(source.evidence.number for source in quoted if source.evidence is not None)
    problems = _wrong(sentence, quoted, asked=asked, as_of=as_of)
    return _finish(replace(sentence, citations=numbers), problems)


def _wrong(sentence: Sentence, quoted: Sequence[Source], *, asked: Source, as_of: date) -> list[Problem]:
    """Return what is wrong with a sentence beside the sources in which its quotes stand."""
    narrow = [source.narrowed(sentence.quotes) for source in quoted]
    touched = [source.narrowed(sentence.quotes, whole=True) for source in quoted]
    said = [source.text for source in narrow]
    whole = [source.text for source in touched]
    lines = [line for text in whole for line in text.splitlines()]
    known = asked.words.union(*(source.words for source in quoted))
    around = "\n".join(source.names for source in [*quoted, asked])
    problems: dict[Problem, None] = {}
    if wrong_clauses(sentence.text, quoted, asked, quotes=sentence.quotes):
        problems[Problem.CLAUSE_NOT_IN_SOURCE] = None
    if wrong_figures(sentence.text, touched, asked, around=quoted):
        problems[Problem.FIGURE_NOT_IN_SOURCE] = None
    if wrong_names(sentence.text, narrow, asked, around=quoted):
        problems[Problem.NAME_NOT_IN_SOURCE] = None
    if wrong_dates(sentence.text, quoted, asked, known=_known_dates(quoted, as_of)):
        problems[Problem.DATE_NOT_IN_SOURCE] = None
    found = (
        *misquoted(sentence.text, [*quoted, asked]),
        *miscopied(sentence.text, sentence.quotes),
        *alterations(sentence.text, lines, known, around=around),
        *(problem for problem in flips(sentence.text, said) if problem in flips(sentence.text, whole)),
    )
    problems |= dict.fromkeys(found)
    if wrong_foreign(sentence.text, touched, asked, around=quoted):
        problems[Problem.NAME_NOT_IN_SOURCE] = None
    if any(source.evidence is not None and not source.evidence.chunk.period.contains(as_of) for source in quoted):
        problems[Problem.NOT_IN_FORCE] = None
    if not supported(sentence.text, whole, sources=quoted, asked=asked) or joins_clauses(sentence.text, quoted):
        problems[Problem.UNSUPPORTED] = None
    return list(problems)


def _finish(sentence: Sentence, problems: Sequence[Problem]) -> Sentence:
    return replace(sentence, verified=not problems, problems=tuple(problems))


def _proves(quote: str, sources: Sequence[Source]) -> bool:
    bare = "".join(quote.split())
    if len(bare) < SHORTEST_QUOTE and not Source(bare).figures:
        return False
    return any(source.holds(quote) for source in sources)


def _check_contact(sentence: Sentence, offices: Sequence[Office]) -> list[Problem]:
    if any(sentence.text == contact_line(office) for office in offices):
        return []
    return [Problem.NAME_NOT_IN_SOURCE]


def _check_as_of(
    sentence: Sentence, sources: Sequence[Source], question: Question, versions: Sequence[Period]
) -> list[Problem]:
    known = [*_known_dates(sources, question.as_of), *map(_day, _days(versions))]
    wrong = wrong_dates(sentence.text, sources, Source(""), known=known)
    return [Problem.DATE_NOT_IN_SOURCE] if wrong else []


def contact_line(office: Office) -> str:
    """Write an office as it stands in an answer."""
    return f"{office.department}（内線 {office.extension}）" if office.extension else office.department


def _known_dates(sources: Sequence[Source], as_of: date) -> list[DateMention]:
    """Return dates from outside the texts: when a rule holds, and which year a speaker means by 本年 and 来年2月."""
    spoken = [each for source in sources for each in relative_dates(source)]
    return [*spoken, *_stated_dates(sources, as_of)]


def _stated_dates(sources: Sequence[Source], as_of: date) -> list[DateMention]:
    periods = [source.evidence.chunk.period for source in sources if source.evidence is not None]
    return [_day(day) for day in [*_days(periods), as_of]]


def _days(periods: Sequence[Period]) -> list[date]:
    return [day for period in periods for day in (period.start, period.end) if day is not None]


def _day(day: date) -> DateMention:
    return DateMention(start=day, end=day + timedelta(days=1), precision=Precision.DAY, span=Span(0, 0))
