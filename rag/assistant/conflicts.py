"""Sources that say different things on one point: both are shown with date and standing, and none wins silently."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from rag.domain import CELL_SEPARATOR, SPOKEN_KINDS, Evidence, Kind, Part, Question, Sentence
from rag.japanese.dates import dates
from rag.japanese.numerals import Figure, figures
from rag.japanese.references import references
from rag.japanese.text import Span, find_quote, narrow, sentences
from rag.japanese.words import content_nouns

DIFFER = "資料によって違います。{first}は「{said}」、{second}は「{other}」です。どちらが当てはまるかを、所管課に確かめてください。"
SHOWN = 2
"""At most so many other statements are shown beside an answer: more would bury it."""
OF_CHANGING = frozenset(
    "改正 改定 変更 訂正 正誤 表 誤 正 旧 新 最新 規定 拡大 廃止 引き上げ 引き下げ 令和 平成 年 年度 度".split()
)
"""Nouns by which a text speaks of what it changes: they do not make its subject another one."""
EMPTY = frozenset("額 月 日 時 間 範囲 旨 等 毎年 つき 以内 以上 以下 内".split())
"""Nouns that stand beside a value and do not say of what it is."""
_BRACKETS = re.compile(r"[（(][^（）()]*[）)]")
_NUMBERING = re.compile(r"^\s*(?:[0-9]{1,2}[.\s]|[一二三四五六七八九十]{1,3}\s|\([0-9一二三四五六七八九十]+\)|[・○●])")
_CONDITION = re.compile("[^、。]{0,14}?(?:場合|とき|時は|者|職員)")
_CHANGES = re.compile("改正|改定|改め|変更|訂正|正誤|誤り|拡大|廃止|引き?上げ|引き?下げ|最新")
_DIGITS = re.compile("[0-9]")


@dataclass(frozen=True, eq=False)
class Statement:
    """A sentence of the evidence, read for what it says of what."""

    evidence: Evidence
    span: Span
    """Where it stands in the text of the evidence."""

    @cached_property
    def text(self) -> str:
        """The words as they stand."""
        return self.span.of(self.evidence.chunk.text)

    @cached_property
    def flat(self) -> str:
        """The sentence in half-width without brackets, its number and the clauses that it names."""
        text = _NUMBERING.sub("", _BRACKETS.sub("", narrow(self.text)))
        for found in reversed(references(text)):
            text = text[: found.span.start] + text[found.span.end :]
        return text.strip("　 はの")

    @cached_property
    def values(self) -> dict[str, frozenset[Decimal]]:
        """Unit → the values that it states in it; those of a condition (八日以上となる場合) are not stated."""
        found: dict[str, set[Decimal]] = {}
        for figure in self._figures:
            found.setdefault(figure.unit, set()).add(figure.value)
        return {unit: frozenset(values) for unit, values in found.items()}

    @cached_property
    def _figures(self) -> tuple[Figure, ...]:
        return tuple(
            each for each in figures(self.flat) if each.unit and not _CONDITION.match(self.flat, each.span.end)
        )

    @cached_property
    def subject(self) -> frozenset[str]:
        """The nouns of its subject: 夏季休暇 of 規則により、夏季休暇は5日とする."""
        topic, _, _ = self.flat.partition("は" if "は" in self.flat else "を")
        return _nouns(topic.rpartition("、")[2])

    def before(self, unit: str) -> frozenset[str]:
        """Return the nouns in front of its first value in this unit: of what it is the value."""
        return _nouns(self.flat[: next(each.span.start for each in self._figures if each.unit == unit)])

    def after(self, unit: str) -> frozenset[str]:
        """Return the nouns behind its last value in this unit: what is to be done by then, or with it."""
        return _nouns(self.flat[max(each.span.end for each in self._figures if each.unit == unit) :])

    @cached_property
    def days(self) -> frozenset[tuple[object, object]]:
        """The times that it speaks of."""
        return frozenset((found.start, found.end) for found in dates(self.text))


def _nouns(text: str) -> frozenset[str]:
    return frozenset(word for word in content_nouns(text) - OF_CHANGING - EMPTY if not _DIGITS.search(word))


def conflicts(
    kept: Sequence[Sentence], evidence: Sequence[Evidence], question: Question
) -> tuple[tuple[Sentence, ...], tuple[str, ...]]:
    """Return the other statements on the points of an answer, each as a sentence that quotes it, and a warning for each.

    A point is a value of something: two sentences that give other values in one unit of what they name by the same nouns,
    for no times that differ. What is said at different sittings is no conflict, and no article contradicts itself.
    """
    asked = content_nouns(question.text)
    statements = [each for item in evidence for each in _statements(item)]
    quoted = [each for each in statements if _is_quoted(each, kept)]
    told: dict[Statement, str] = {}
    for own in quoted:
        for other in statements:
            if (
                other.text != own.text
                and other not in told
                and sum(map(bool, told.values())) < SHOWN
                and _differ(own, other, asked)
            ):
                told[other] = DIFFER.format(
                    first=_described(own.evidence), said=own.text, second=_described(other.evidence), other=other.text
                )
                told.setdefault(own, "")  # seen from the other side it is the same conflict
    added = tuple(_as_sentence(each) for each in told if each not in quoted)
    return added, tuple(filter(None, told.values()))


def _statements(item: Evidence) -> Iterator[Statement]:
    for span in sentences(item.chunk.text):
        if CELL_SEPARATOR not in span.of(item.chunk.text):
            yield Statement(item, span)


def _is_quoted(statement: Statement, kept: Sequence[Sentence]) -> bool:
    """Tell whether the conclusion or a basis of an answer rests on a statement."""
    return any(
        (found := find_quote(quote, statement.evidence.chunk.text)) is not None and _touch(statement.span, found)
        for sentence in kept
        if sentence.part in (Part.CONCLUSION, Part.BASIS) and statement.evidence.number in sentence.citations
        for quote in sentence.quotes
    )


def _touch(span: Span, other: Span) -> bool:
    return span.start < other.end and other.start < span.end


def _differ(own: Statement, other: Statement, asked: frozenset[str]) -> bool:
    """Tell whether two statements give other values for the same."""
    mine, theirs = own.evidence.chunk, other.evidence.chunk
    spoken = mine.kind in SPOKEN_KINDS, theirs.kind in SPOKEN_KINDS
    if spoken[0] != spoken[1] or (all(spoken) and mine.labels.get("date") != theirs.labels.get("date")):
        return False
    if own.days and other.days and not own.days & other.days:
        return False
    is_changed = bool(_CHANGES.search(own.text) or _CHANGES.search(other.text))
    if mine.id == theirs.id and mine.kind is Kind.RULES and not is_changed:  # an article does not contradict itself
        return False
    return any(
        own.values[unit] != other.values[unit]
        and (is_changed or not own.values[unit] & other.values[unit])
        and _of_the_same(own, other, unit, asked)
        for unit in own.values.keys() & other.values.keys()
    )


def _of_the_same(own: Statement, other: Statement, unit: str, asked: frozenset[str]) -> bool:
    """Tell whether two values are stated of one thing: one is named with no more than the other, and with all that was asked for."""
    mine, theirs = own.before(unit), other.before(unit)
    if not mine & asked or mine & asked - theirs or not (mine <= theirs or theirs <= mine):
        return False
    if (own.subject ^ other.subject) - asked and own.subject and other.subject:
        return False
    after, after_theirs = own.after(unit), other.after(unit)
    return 2 * len(after & after_theirs) >= min(len(after), len(after_theirs))


def _described(item: Evidence) -> str:
    """Name a source with the day from which it holds, or with who keeps it."""
    start = item.chunk.period.start
    if item.chunk.kind is Kind.RULES and start:
        standing = f"{start.isoformat()}施行"
    else:
        standing = "、".join(
            part for part in (item.department, start.isoformat() if start else "日付の記載なし") if part
        )
    return f"「{item.title}」{item.chunk.locator}（{standing}）"


def _as_sentence(statement: Statement) -> Sentence:
    return Sentence(
        part=Part.BASIS,
        text=f"{statement.evidence.title} {statement.evidence.chunk.locator}「{' '.join(statement.text.split())}」",
        citations=(statement.evidence.number,),
        quotes=(statement.text,),
    )
