"""The figures of a text with what each of them counts, for when, and in which base unit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from rag.domain import CELL_SEPARATOR, Period
from rag.japanese.numerals import Figure, figures
from rag.japanese.text import narrow, sentences
from rag.japanese.times import times
from rag.japanese.words import content_nouns

__all__ = ["FigureSource", "Placed", "alike", "placed_figures"]

_BASES = {
    "km": ("m", Decimal(1000)),
    "cm": ("m", Decimal("0.01")),
    "mm": ("m", Decimal("0.001")),
    "ha": ("m2", Decimal(10000)),
    "km2": ("m2", Decimal(1000000)),
    "t": ("kg", Decimal(1000)),
}
_IN_UNITS = re.compile(r"単位[ :]*(?P<scale>[百千]?[万億]?|十)(?P<unit>円|人|件|%|トン|世帯)")
_SCALES = {"": 1, "百": 100, "千": 1000, "万": 10**4, "百万": 10**6, "千万": 10**7, "億": 10**8}
_COUNTED = re.compile(r"の?([一-龥ァ-ヶー]{1,3})")
_SAYS_NOTHING = re.compile(
    r"[0-9一二三四五六七八九]{1,2}(?:点目|つ目|点(?:につ|お|申|あ|で)|点、|人ひとり|人一人|人1台|例)|24時間|365日|(?:第|約束の)$|(?<![0-9])1(?:[^0-9、。]{1,4}(?:当たり|あたり|につき)|人ひとり|日も早)"
)
"""Numbers that count nothing of which a source speaks (2点目, 24時間)."""
_LIGHT = frozenset(
    "年度 年 月 日 時点 現在 前年 前年度 昨年 昨年度 今年 今年度 本年 本年度 来年度 合計 約 計 数 令和 平成 県 本県 県内 議員 前 後 末 等 率 額 値 実績 総数 全体 件数 人数"
    " 状況 今後 以上 程度 結果 回 人 件 円 億 万 千 百 者 先 昨 末現在 当初 推計 最新 直近".split()
)
"""Nouns that do not tell one thing counted from another."""
_CUT = re.compile(r"[、。:()（）「」]")


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureSource:
    """A text from which figures may be taken."""

    title: str
    day: date | None
    """Of which day it is; None: not known, older than every other."""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A figure where it stands."""

    words: str
    """As written: '1,234千円'."""
    value: Decimal
    """In the base unit."""
    unit: str
    """Base unit; the noun that follows, for a figure without a known unit ('事業')."""
    written: Decimal
    """Without the scale behind it: 1234 of 1,234千円."""
    sentence: str
    start: int
    """Offset in the sentence."""
    near: frozenset[str]
    """Nouns of its own part of the sentence."""
    around: frozenset[str]
    """Nouns of the whole sentence, of the row and its head."""
    periods: tuple[Period, ...]
    """Times that the sentence names before it or right behind it; empty where it names none."""
    step: Decimal
    """Place of the last digit that is not 0, to which a rounded figure is exact."""
    is_about: bool
    """Whether it is given as rounded (約, 余り, 程度)."""

    @property
    def prose(self) -> str:
        """Return the part of the sentence up to it."""
        return self.sentence[: self.start]


def placed_figures(text: str, day: date | None = None, *, title: str = "") -> list[Placed]:
    """Return the figures of a text in order; relative times (昨年度) are seen from `day`, else not read."""
    found: list[Placed] = []
    head = ""
    scale = _IN_UNITS.search(narrow(text))
    for span in sentences(text):
        sentence = narrow(span.of(text))
        if CELL_SEPARATOR in sentence and not figures(sentence):
            head = sentence
        found.extend(
            _of_sentence(sentence, day, head=head if CELL_SEPARATOR in sentence else "", title=title, scale=scale)
        )
    return found


def alike(one: Placed, other: Placed) -> float:
    """Return how much two figures seem to count the same thing, 0 to 1: shared nouns, those beside the figure above all."""
    return 0.6 * _overlap(one.near or one.around, other.near or other.around) + 0.4 * _overlap(one.around, other.around)


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    shared = len(one & other)
    return shared / min(len(one), len(other)) if one and other else 0.0


def _of_sentence(
    sentence: str, day: date | None, *, head: str, title: str, scale: re.Match[str] | None
) -> Iterator[Placed]:
    every = figures(sentence)
    nouns = _nouns(f"{sentence} {head} {title}")
    last = 0
    for at, figure in enumerate(every):
        words = figure.span.of(sentence)
        following = every[at + 1].span.start if at + 1 < len(every) else len(sentence)
        part = sentence[last : figure.span.start] + " " + _CUT.split(sentence[figure.span.end : following])[0]
        last = figure.span.end
        if _says_nothing(sentence, figure):
            continue
        value, unit = _base(figure, sentence, scale if CELL_SEPARATOR in sentence else None)
        yield Placed(
            words=words,
            value=value,
            unit=unit,
            written=_written(words, figure.value),
            sentence=sentence,
            start=figure.span.start,
            near=_nouns(_cell(head, sentence, figure) + part),
            around=nouns,
            periods=_periods(sentence, figure, day),
            step=_step(figure),
            is_about=_is_about(sentence, figure),
        )


def _nouns(text: str) -> frozenset[str]:
    return frozenset(word for word in content_nouns(text) if not word.isdigit()) - _LIGHT


def _cell(head: str, sentence: str, figure: Figure) -> str:
    """Return the first cell of its row and the head of its column; empty outside tables."""
    if CELL_SEPARATOR not in sentence:
        return ""
    heads, column = head.split(CELL_SEPARATOR), sentence.count(CELL_SEPARATOR, 0, figure.span.start)
    above = heads[column] if column < len(heads) else ""
    return f"{sentence.split(CELL_SEPARATOR, maxsplit=1)[0]} {above} "


def _says_nothing(sentence: str, figure: Figure) -> bool:
    start = figure.span.start
    found = _SAYS_NOTHING.match(sentence, start)
    return found is not None or sentence[max(0, start - 1) : start] in ("第", "問") or figure.unit in ("時", "月", "部")


def _base(figure: Figure, sentence: str, scale: re.Match[str] | None) -> tuple[Decimal, str]:
    if figure.unit:
        base, factor = _BASES.get(figure.unit, (figure.unit, Decimal(1)))
        return figure.value * factor, base
    if scale is not None:
        return figure.value * _SCALES.get(scale["scale"], 1), scale["unit"]
    counted = _COUNTED.match(sentence, figure.span.end)
    return figure.value, counted[1] if counted else ""


def _written(words: str, value: Decimal) -> Decimal:
    digits = re.match(r"[0-9,]+(?:\.[0-9]+)?", words)
    return Decimal(digits[0].replace(",", "")) if digits else value


def _periods(sentence: str, figure: Figure, day: date | None) -> tuple[Period, ...]:
    """Return the last time before a figure in its sentence, with the one that follows it at once (43人(令和6年度))."""
    named = [each for each in times(sentence, day or date.min.replace(year=1900)) if each.period != Period()]
    before = [each.period for each in named if each.span.end <= figure.span.start]
    behind = [each.period for each in named if 0 <= each.span.start - figure.span.end <= 2]
    return tuple([*behind[:1], *before[-1:]][:1])


def _step(figure: Figure) -> Decimal:
    digits, exponent = figure.value.normalize().as_tuple()[1:]
    factor = _BASES.get(figure.unit, ("", Decimal(1)))[1]
    return (Decimal(1).scaleb(int(exponent)) if digits else Decimal(1)) * factor


def _is_about(sentence: str, figure: Figure) -> bool:
    before, after = sentence[max(0, figure.span.start - 6) : figure.span.start], sentence[figure.span.end :]
    return bool(
        re.search(r"(?:約|およそ|おおよそ|ほぼ|概ね|おおむね)$", before)
        or re.match(r"(?:余り?|あまり|程度|前後|弱|強|ほど|近|超|を超|を上回|台)", after)
    )


def sources_in_order(sources: Sequence[FigureSource]) -> list[FigureSource]:
    """Return sources oldest first."""
    return sorted(sources, key=lambda each: each.day or date.min)
