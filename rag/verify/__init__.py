"""Draft sentences against evidence: quotes, clauses, figures, dates, names, negation; pure code, no model."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from rag.domain import Evidence, Office, Part, Period, Problem, Question, Sentence
from rag.japanese.dates import DateMention, Precision
from rag.japanese.text import Span
from rag.verify.claims import wrong_clauses, wrong_dates, wrong_figures, wrong_names
from rag.verify.copies import miscopied
from rag.verify.force import flips
from rag.verify.sources import Source, all_words

CITED_PARTS = frozenset({Part.CONCLUSION, Part.BASIS, Part.PROCEDURE, Part.EXCEPTIONS})
"""Parts whose every sentence rests on a quote; contact and as_of are written by code."""
QUOTED_SHARE = 0.5
"""A sentence needs this share of its content words in its quotes and their heading …"""
FOUND_SHARE = 0.7
"""… and this share in the cited chunks."""
SHORTEST_QUOTE = 4
"""Characters below which a quote proves nothing, unless it holds a figure."""
EMPTY = frozenset(
    "必要 規定 定める 定め 内容 次 上記 以下 対象 可能 出来る 有無 事項 旨 等 該当 点 際 時 此方 記載 通り 関する 係る"
    " 答える 答弁 述べる 発言 説明 示す".split()
)
"""Words that a paraphrase adds without adding a claim."""


ABSOLUTE = re.compile("必ず|常に|一律|無条件|例外なく|いつでも|誰でも|どんな場合でも|すべて|全て")
"""Words that take away every condition: a source must say so itself."""


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
    numbers = tuple(source.evidence.number for source in quoted if source.evidence is not None)
    narrow = [source.narrowed(sentence.quotes) for source in quoted]
    problems: list[Problem] = []
    if wrong_clauses(sentence.text, quoted, asked):
        problems.append(Problem.CLAUSE_NOT_IN_SOURCE)
    if wrong_figures(sentence.text, [source.narrowed(sentence.quotes, whole=True) for source in quoted], asked):
        problems.append(Problem.FIGURE_NOT_IN_SOURCE)
    if wrong_names(sentence.text, narrow, asked):
        problems.append(Problem.NAME_NOT_IN_SOURCE)
    if wrong_dates(sentence.text, quoted, asked, known=_known_dates(quoted, as_of)):
        problems.append(Problem.DATE_NOT_IN_SOURCE)
    problems.extend(problem for problem in miscopied(sentence.text, sentence.quotes) if problem not in problems)
    said = [source.text for source in narrow]
    problems.extend(flips(sentence.text, said))
    if any(source.evidence is not None and not source.evidence.chunk.period.contains(as_of) for source in quoted):
        problems.append(Problem.NOT_IN_FORCE)
    if not _supported(sentence.text, said, sources=quoted, asked=asked):
        problems.append(Problem.UNSUPPORTED)
    return _finish(replace(sentence, citations=numbers), problems)


def _finish(sentence: Sentence, problems: Sequence[Problem]) -> Sentence:
    return replace(sentence, verified=not problems, problems=tuple(problems))


def _proves(quote: str, sources: Sequence[Source]) -> bool:
    bare = "".join(quote.split())
    if len(bare) < SHORTEST_QUOTE and not Source(bare).figures:
        return False
    return any(source.holds(quote) for source in sources)


def _supported(text: str, quotes: Sequence[str], *, sources: Sequence[Source], asked: Source) -> bool:
    """Tell whether enough of the sentence's words stand in its quotes, and more of them in the cited chunks."""
    folded = "".join(source.plain for source in sources)
    if any(word not in folded for word in ABSOLUTE.findall(text)):
        return False
    words = {word for word in all_words([text]) - EMPTY if not word.isdigit()}
    quoted = all_words([*quotes, *(source.heading for source in sources)])
    if not words:
        return bool(asked.words & quoted)
    found = {word for word in words if any(word in source.words for source in sources) or word in folded}
    return len(words & quoted) >= QUOTED_SHARE * len(words) and len(found) >= FOUND_SHARE * len(words)


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
    periods = [source.evidence.chunk.period for source in sources if source.evidence is not None]
    return [_day(day) for day in [*_days(periods), as_of]]


def _days(periods: Sequence[Period]) -> list[date]:
    return [day for period in periods for day in (period.start, period.end) if day is not None]


def _day(day: date) -> DateMention:
    return DateMention(start=day, end=day + timedelta(days=1), precision=Precision.DAY, span=Span(0, 0))
