"""Numbers that Word computes for list paragraphs ('第1条', '（一）', 'ア'), written out as they are shown.

Formats: ECMA-376 part 1, 17.18.59 (ST_NumberFormat), those that Japanese offices use; others count in digits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from lxml import etree

from ingest.readers.limits import attribute, local

_KANJI = "〇一二三四五六七八九"
_LEGAL_KANJI = {"1": "壱", "2": "弐", "3": "参", "10": "拾"}
_AIUEO = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン"
_IROHA = "イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノオクヤマケフコエテアサキユメミシヱヒモセスン"
_LEVEL = re.compile(r"%([1-9])")
_ROMAN = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)
_PRIVATE = re.compile(r"[\ue000-\uf8ff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One level of a list definition."""

    form: str = "decimal"
    pattern: str = ""
    """'第%1条': %n stands for the number of level n."""
    start: int = 1
    gap: str = "\u3000"
    digits_only: bool = False


@dataclass(slots=True, kw_only=True)
class Numbering:
    """The lists of a document and how far each has been counted."""

    levels: Mapping[str, Mapping[int, Level]]
    """Levels of each list id."""
    families: Mapping[str, str]
    """The definition that a list id shares its count with."""
    counts: dict[str, dict[int, int]] = field(default_factory=dict)

    def label(self, list_id: str, level: int) -> str:
        """Count one paragraph on and return what Word shows before it, gap included; '' where there is nothing."""
        known = self.levels.get(list_id)
        if known is None or level not in known:
            return ""
        counts = self.counts.setdefault(self.families.get(list_id, list_id), {})
        counts[level] = counts.get(level, known[level].start - 1) + 1
        for deeper in [other for other in counts if other > level]:
            del counts[deeper]
        shape = known[level]
        if shape.form == "none" and not shape.pattern:
            return ""
        if shape.form == "bullet":
            return f"{_PRIVATE.sub('・', shape.pattern)}{shape.gap}" if shape.pattern.strip() else ""

        def number(found: re.Match[str]) -> str:
            at = int(found.group(1)) - 1
            one = known.get(at, Level())
            return spell(counts.get(at, one.start), "decimal" if shape.digits_only else one.form)

        text = _LEVEL.sub(number, shape.pattern).rstrip()
        return f"{text}{shape.gap}" if text else ""


def read_numbering(root: etree._Element | None) -> Numbering:
    """Read word/numbering.xml; None: the document has no lists."""
    abstract: dict[str, dict[int, Level]] = {}
    levels: dict[str, dict[int, Level]] = {}
    families: dict[str, str] = {}
    for element in () if root is None else root:
        if local(element) == "abstractNum":
            key = attribute(element, "abstractNumId") or ""
            abstract[key] = {_depth(child): _level(child) for child in element if local(child) == "lvl"}
        elif local(element) == "num":
            list_id = attribute(element, "numId") or ""
            family = next((attribute(child, "val") or "" for child in element if local(child) == "abstractNumId"), "")
            own = dict(abstract.get(family, {}))
            overridden = False
            for child in element:
                if local(child) == "lvlOverride":
                    overridden |= _override(child, own)
            levels[list_id] = own
            families[list_id] = f"num-{list_id}" if overridden else family
    return Numbering(levels=levels, families=families)


def _override(element: etree._Element, levels: dict[int, Level]) -> bool:
    at = _depth(element)
    before = levels.get(at, Level())
    for child in element:
        if local(child) == "lvl":
            levels[at] = before = _level(child)
        elif local(child) == "startOverride":
            start = _whole(attribute(child, "val"), 1)
            levels[at] = Level(
                form=before.form, pattern=before.pattern, start=start, gap=before.gap, digits_only=before.digits_only
            )
    return True


def _depth(element: etree._Element) -> int:
    return _whole(attribute(element, "ilvl"), 0)


def _whole(value: str | None, otherwise: int) -> int:
    return int(value) if value is not None and value.lstrip("-").isdigit() else otherwise


def _level(element: etree._Element) -> Level:
    values = {local(child): attribute(child, "val") or "" for child in element}
    gap = {"nothing": "", "space": " "}.get(values.get("suff", ""), "\u3000")
    return Level(
        form=values.get("numFmt", "decimal"),
        pattern=values.get("lvlText", ""),
        start=_whole(values.get("start"), 1),
        gap=gap,
        digits_only="isLgl" in values,
    )


def spell(number: int, form: str) -> str:
    """Write a number in one of Word's formats; raises nothing: an unknown format counts in digits."""
    writer = _FORMS.get(form)
    return writer(number) if writer is not None and number > 0 else str(number)


def kanji(number: int) -> str:
    """Write 1 to 9999 in positional kanji numerals: 十二, 百二十一."""
    if not 0 < number < 10_000:
        return "".join(_KANJI[int(digit)] for digit in str(number))
    text = ""
    for size, mark in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, size)
        if digit:
            text += (_KANJI[digit] if digit > 1 or size == 1 else "") + mark
    return text


def _full_width(number: int) -> str:
    return str(number).translate({ord(str(digit)): chr(0xFF10 + digit) for digit in range(10)})


def _letters(alphabet: str) -> Callable[[int], str]:
    """Count through an alphabet; past its end Word repeats the letter."""
    return lambda number: alphabet[(number - 1) % len(alphabet)] * ((number - 1) // len(alphabet) + 1)


def _roman(number: int) -> str:
    text = ""
    for size, mark in _ROMAN:
        count, number = divmod(number, size)
        text += mark * count
    return text


def _circled(number: int) -> str:
    if number <= 20:
        return chr(0x2460 + number - 1)
    if number <= 35:
        return chr(0x3251 + number - 21)
    return chr(0x32B1 + number - 36) if number <= 50 else str(number)


def _legal(number: int) -> str:
    return "".join(
        _LEGAL_KANJI.get({"十": "10", "一": "1", "二": "2", "三": "3"}.get(mark, mark), mark) for mark in kanji(number)
    )


_LATIN = "abcdefghijklmnopqrstuvwxyz"
_WIDE_SHIFT = {ord(letter): chr(ord(letter) + 0xFEE0) for letter in _LATIN + _LATIN.upper()}
_FORMS: Mapping[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda number: f"{number:02d}",
    "decimalFullWidth": _full_width,
    "decimalFullWidth2": _full_width,
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalEnclosedParen": lambda number: f"({number})",
    "decimalEnclosedFullstop": lambda number: f"{number}.",
    "aiueo": _letters(_AIUEO),
    "aiueoFullWidth": _letters(_AIUEO),
    "iroha": _letters(_IROHA),
    "irohaFullWidth": _letters(_IROHA),
    "japaneseCounting": kanji,
    "chineseCounting": kanji,
    "chineseCountingThousand": kanji,
    "taiwaneseCounting": kanji,
    "japaneseDigitalTenThousand": kanji,
    "ideographDigital": lambda number: "".join(_KANJI[int(digit)] for digit in str(number)),
    "japaneseLegal": _legal,
    "lowerLetter": _letters(_LATIN),
    "upperLetter": _letters(_LATIN.upper()),
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
    "lowerLetterFullWidth": lambda number: _letters(_LATIN)(number).translate(_WIDE_SHIFT),
    "none": lambda _: "",
}
