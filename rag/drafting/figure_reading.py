"""The figures of a text with what each of them counts, for when, and in which base unit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from rag.domain import CELL_SEPARATOR, Period
from rag.drafting.overlap import share
from rag.japanese.numerals import Figure, figures
from rag.japanese.text import narrow, sentences
from rag.japanese.times import times
from rag.japanese.words import content_nouns

__all__ = ["Placed", "alike", "placed_figures"]

_BASES = {
    "km": ("m", Decimal(1000)),
    "cm": ("m", Decimal("0.01")),
    "mm": ("m", Decimal("0.001")),
    "ha": ("m2", Decimal(10000)),
    "km2": ("m2", Decimal(1000000)),
    "t": ("kg", Decimal(1000)),
    "メガワット時": ("キロワット時", Decimal(1000)),
    "ギガワット時": ("キロワット時", Decimal(1000000)),
    "メガワット": ("キロワット", Decimal(1000)),
}
_UNIT_NAMES = "円|人|件|%|トン|t(?![A-Za-z])|世帯|ha|戸|台|校|か所|施設|頭|回|㎥|m³|m3|km|kWh|MWh"
_IN_UNITS = re.compile(rf"単位[ :]*(?P<scale>[百千]?[万億]?|十)(?P<unit>{_UNIT_NAMES})")
_IN_BRACKETS = re.compile(rf"\((?P<scale>[百千]?[万億]?|十)(?P<unit>{_UNIT_NAMES})\)")
"""The unit of a column or a row (農業産出額(億円) 1,563)."""
_IN_SCALE = re.compile(r"\((?P<scale>千|百万|億)(?P<unit>)[一-龥]{1,2}(?:・|\))")
"""The same where only the power of ten is of use ((千個・千尾))."""
_OF_WHICH = re.compile(r"^\s*(?:うち|内訳)")
"""A line that goes on with the unit of the one before it."""
_BARE = re.compile(r"[\s()]|$")
_SCALES = {"": 1, "百": 100, "千": 1000, "万": 10**4, "百万": 10**6, "千万": 10**7, "億": 10**8}
_COUNTED = re.compile(r"(?:の?([ァ-ヶー]{2,8}|[一-龥]{1,3})| ?([A-Za-z]{1,3})(?![A-Za-z0-9]))")
_LETTERS = {
    "kw": "キロワット",
    "mw": "メガワット",
    "kwh": "キロワット時",
    "mwh": "メガワット時",
    "gwh": "ギガワット時",
    "g": "グラム",
    "mg": "ミリグラム",
    "ng": "ナノグラム",
    "l": "リットル",
    "t": "t",
    "ha": "ha",
    "m3": "m3",
    "㎥": "m3",
    "m³": "m3",
    "か国": "国",
    "トン": "t",
}
_LONGER = re.compile(r"[泊団]|ワット時?|カロリー|リットル")
"""What makes another unit of the one before it (人泊, 分団, キロワット)."""
_SAYS_NOTHING = re.compile(
    r"[0-9一二三四五六七八九]{1,2}(?:点目|つ目|点(?:につ|お|申|あ|で)|点、|例)|24時間|365日|(?<![0-9.])(?:1|一)(?![0-9.,万億兆千百十割])"
)
"""Numbers that count nothing of which a source speaks (2点目, 24時間)."""
_LIGHT = frozenset(
    "年度 年 月 日 時点 現在 前年 前年度 昨年 昨年度 今年 今年度 本年 本年度 来年度 合計 約 計 数 令和 平成 県 本県 県内 議員 前 後 末 等 率 額 値 実績 総数 全体 件数 人数"
    " 状況 今後 以上 程度 結果 回 人 件 円 億 万 千 百 者 先 昨 末現在 当初 推計 最新 直近".split()
)
"""Nouns that do not tell one thing counted from another."""
_ABOUT = re.compile(r"(?:約|およそ|おおよそ|おおむね|ほぼ|概ね)$")
_AROUND = re.compile(r"程度|前後|ほど|くらい")
_OVER = re.compile(r"余|あまり|強|を?超|以上|台|を突破")
_UNDER = re.compile(r"弱|近|未満|以下|に満た|を切|に達しな|には?届")
_EITHER = re.compile(r"を(?:上|下)回")
"""What may stand behind a figure that is not exact."""
_COMPARED = re.compile(r"末?(?:より|に比べ|と比べ|を(?:上|下)回|比|に対し|並み)")
"""What makes of a time one with which something is compared."""
_OF_BEFORE = re.compile(r"(?:前年度?|前回|前期|昨年度?)[\s:]*$")
_BASIS = re.compile(r"年額|月額|日額")
_EACH = re.compile(r"1(時間|日|月|年)当たり")
_SLASH = re.compile(r"/(時間|日|月|年)")
_BASIS_CHARACTERS = 14
_CUT = re.compile(r"[、。:()（）「」]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A figure where it stands."""

    words: str
    """As written: '1,234千円'."""
    value: Decimal
    """In the base unit."""
    unit: str
    """Base unit; the noun that follows, for a figure without a known unit ('事業')."""
    digits: tuple[int, ...]
    """Without zeros at the end: the same for 24,500千円 and 2,450万円."""
    sentence: str
    start: int
    """Offset in the sentence."""
    near: frozenset[str]
    """Nouns of its own part of the sentence."""
    around: frozenset[str]
    """Nouns of the whole sentence, of the row and its head."""
    periods: tuple[Period, ...]
    """Times that the sentence names before it or right behind it; empty where it names none."""
    low: Decimal
    """The least exact value for which it may stand: its own, less where it is given as rounded (約, 弱, 割)."""
    high: Decimal
    """The greatest one (余り, 超)."""

    @property
    def is_of_before(self) -> bool:
        """Tell whether it is told as that of the year or time before (58人(前年 71人))."""
        return _OF_BEFORE.search(self.prose) is not None

    @property
    def basis(self) -> str:
        """Return by the month, day or year for which it is paid (月額); empty where that is not said."""
        before = self.prose[-_BASIS_CHARACTERS:]
        behind = self.sentence[self.start + len(self.words) :]
        own = [
            each
            for pattern in (_EACH, _BASIS)
            for each in pattern.finditer(before)
            if not re.search("[0-9]", before[each.end() :])
        ]
        found = own[-1] if own else _SLASH.match(behind)
        return {"月額": "月", "年額": "年", "日額": "日"}.get(found[0], found[found.lastindex or 0]) if found else ""

    @property
    def prose(self) -> str:
        """Return the part of the sentence up to it."""
        return self.sentence[: self.start]


def placed_figures(text: str, day: date | None = None, *, title: str = "") -> list[Placed]:
    """Return the figures of a text in order; relative times (昨年度) are seen from `day`, else not read."""
    found: list[Placed] = []
    head, before = "", ""
    declared = _IN_UNITS.search(narrow(text))
    for span in sentences(text):
        sentence = _in_cells(narrow(span.of(text)))
        if CELL_SEPARATOR in sentence and not figures(sentence):
            head = sentence
        row_head = head if CELL_SEPARATOR in sentence else ""
        carried = before if _OF_WHICH.search(sentence) else ""
        found.extend(_of_sentence(sentence, day, head=row_head, title=title, declared=declared, carried=carried))
        before = carried or sentence
    return found


def _in_cells(sentence: str) -> str:
    return re.sub(r"\s*\|\s*", CELL_SEPARATOR, sentence) if "|" in sentence else sentence


def alike(one: Placed, other: Placed) -> float:
    """Return how much two figures seem to count the same thing, 0 to 1: shared nouns, those beside the figure above all."""
    return 0.6 * share(one.near or one.around, other.near or other.around) + 0.4 * share(one.around, other.around)


def _of_sentence(
    sentence: str, day: date | None, *, head: str, title: str, declared: re.Match[str] | None, carried: str
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
        cell = _cell(head, sentence, figure)
        header = f"{carried} {cell}{sentence[: figure.span.start]}"
        brackets = list(_IN_BRACKETS.finditer(header)) or list(_IN_SCALE.finditer(header))
        value, unit = _base(figure, sentence, brackets[-1] if brackets else declared)
        below, above = _room(sentence, figure)
        yield Placed(
            words=words + ("割" if unit == "%" and not figure.unit else ""),
            value=value,
            unit=unit,
            digits=figure.value.normalize().as_tuple().digits,
            sentence=sentence,
            start=figure.span.start,
            near=_nouns(cell + part),
            around=nouns,
            periods=_periods(sentence, figure, day),
            low=value - below,
            high=value + above,
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
    behind = sentence[figure.span.end :]
    if not figure.unit and behind.startswith("割"):
        return figure.value * 10, "%"
    if longer := _LONGER.match(behind):
        return figure.value, figure.span.of(sentence).lstrip("0123456789.,万億千百") + longer[0]
    if figure.unit:
        return _in_base(figure.value, figure.unit)
    if scale is not None and _BARE.match(behind):
        return _in_base(figure.value * _SCALES.get(scale["scale"], 1), scale["unit"])
    counted = _COUNTED.match(sentence, figure.span.end)
    return _in_base(figure.value, counted[1] or counted[2]) if counted else (figure.value, "")


def _in_base(value: Decimal, unit: str) -> tuple[Decimal, str]:
    """Return a value in the base unit of a unit in letters or katakana (MWh, メガワット時)."""
    base, factor = _BASES.get(_LETTERS.get(unit.lower(), unit), (_LETTERS.get(unit.lower(), unit), Decimal(1)))
    return value * factor, base


def _periods(sentence: str, figure: Figure, day: date | None) -> tuple[Period, ...]:
    """Return the last time before a figure in its sentence, with the one that follows it at once (43人(令和6年度))."""
    named = [each for each in times(sentence, day or date.min.replace(year=1900)) if each.period != Period()]
    before = [
        _at_its_end(each.period) if sentence.startswith("末", each.span.end) else each.period
        for each in named
        if each.span.end <= figure.span.start and not _COMPARED.match(sentence, each.span.end)
    ]
    behind = [
        each.period for each in named if each.span.start - figure.span.end == 1 and sentence[figure.span.end] == "("
    ]
    return tuple([*behind[:1], *before[-1:]][:1])


def _at_its_end(period: Period) -> Period:
    """Return the last month of a period (令和6年度末); the period itself where it has no end."""
    if period.end is None:
        return period
    last = period.end - timedelta(days=1)
    return Period(start=max(period.start or date.min, last.replace(day=1)), end=period.end)


def _room(sentence: str, figure: Figure) -> tuple[Decimal, Decimal]:
    """Return how far the exact value may lie below and above a figure, as the words at it say (約, 余り, 弱, 割)."""
    written, behind = figure.span.of(sentence), sentence[figure.span.end :]
    before = sentence[max(0, figure.span.start - 6) : figure.span.start]
    is_share = "割" in written + behind[:1] or "分の" in written
    step = Decimal(10) if is_share else _step(figure)
    if _EITHER.match(behind):
        return step, step
    if _OVER.match(behind):
        return Decimal(0), step
    if _UNDER.match(behind):
        return step, Decimal(0)
    return (
        (step / 2, step / 2) if is_share or _ABOUT.search(before) or _AROUND.match(behind) else (Decimal(0), Decimal(0))
    )


def _step(figure: Figure) -> Decimal:
    """Return the place of the last digit that is not 0, in the base unit."""
    digits, exponent = figure.value.normalize().as_tuple()[1:]
    return (Decimal(1).scaleb(int(exponent)) if digits else Decimal(1)) * _BASES.get(figure.unit, ("", Decimal(1)))[1]
