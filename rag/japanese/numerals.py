"""Read numbers in every notation that offices use, and find the figures of a text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from rag.japanese.text import Span, narrow

__all__ = ["NUMBER", "Figure", "clause_key", "figures", "key_order", "read_integer", "read_number", "to_kanji"]

_DIGITS = {char: value for value, char in enumerate("〇一二三四五六七八九")}
_DIGITS |= {"零": 0, "○": 0, "壱": 1, "弐": 2, "参": 3, "元": 1}
_SMALL = {"十": 10, "拾": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10**4, "億": 10**8, "兆": 10**12}
_KANJI = "〇零一二三四五六七八九十百千壱弐参拾"
NUMBER = rf"(?:[0-9]{{1,9}}|[{_KANJI}]{{1,9}})"
"""Pattern of a plain whole number in text that went through `narrow`; bounded, so that a search stays linear."""

_AMOUNT = rf"(?:[0-9]+(?:,[0-9]{{3}})*(?:\.[0-9]+)?|[{_KANJI}]+)"
_QUANTITY = rf"{_AMOUNT}(?:[百千]?[万億兆](?:{_AMOUNT})?)*[百千]?"

_UNITS = {
    "円": "円",
    "%": "%",
    "パーセント": "%",
    "ポイント": "ポイント",
    "倍": "倍",
    "人": "人",
    "名": "人",
    "件": "件",
    "時間": "時間",
    "時": "時",
    "分間": "分",
    "分": "分",
    "秒": "秒",
    "週間": "週",
    "週": "週",
    "日間": "日",
    "日": "日",
    "年間": "年",
    "年": "年",
    "か月間": "か月",
    "か月": "か月",
    "カ月": "か月",
    "ヶ月": "か月",
    "ケ月": "か月",
    "ヵ月": "か月",
    "箇月": "か月",
    "月": "月",
    "歳": "歳",
    "回": "回",
    "泊": "泊",
    "夜": "夜",
    "箇所": "か所",
    "か所": "か所",
    "カ所": "か所",
    "ヶ所": "か所",
    "ヵ所": "か所",
    "平方キロメートル": "km2",
    "平方メートル": "m2",
    "㎡": "m2",
    "m²": "m2",
    "m³": "m3",
    "km²": "km2",
    "㎥": "m3",
    "㎢": "km2",
    "立方メートル": "m3",
    "キロメートル": "km",
    "キロ": "km",
    "㎞": "km",
    "km": "km",
    "メートル": "m",
    "m": "m",
    "cm": "cm",
    "㎝": "cm",
    "センチメートル": "cm",
    "mm": "mm",
    "㎜": "mm",
    "ミリメートル": "mm",
    "ヘクタール": "ha",
    "ha": "ha",
    "キログラム": "kg",
    "kg": "kg",
    "㎏": "kg",
    "トン": "t",
    "度": "度",
} | {
    unit: unit
    for unit in (
        "市町村 都道府県 世帯 施設 区域 文字 団体 事業所 種類 項目 議席 台 校 橋 課 部 局 係 冊 通 枚 者 社 店 棟 戸 床 個 本 点 "
        "票 席 室 室 字 県 市 町 村 区 か国 拠点 地区 例 組 段階 級 隻 頭 羽 株 口 便 路線 河川 箱 匹 行 列 代"
    ).split()
}
_KANJI_UNITS = frozenset(
    "円 % パーセント 倍 人 名 件 時間 分間 秒 週間 日間 日 年間 年 か月 カ月 ヶ月 箇月 月 歳 回 箇所 か所 キロメートル メートル".split()
)
"""Units after which a kanji numeral is a figure; with others it is mostly part of a word (一部, 十分, 三者)."""
_KANJI_UNITS |= frozenset(
    "平方メートル 泊 夜 世帯 施設 台 校 橋 冊 枚 棟 戸 床 票 ポイント トン ヘクタール 市町村 団体 区域 事業所 か月間".split()
)
_KANJI_UNITS_OF_MANY = frozenset("頭 羽 隻 社 者 店 個 席 室 株 便 路線 組 拠点 地区 項目 種類 議席".split())
"""The same for a numeral of two kanji and more (四百頭, but 一社)."""
_LARGE_KANJI = re.compile(r"[一二三四五六七八九十百]+千?[万億](?!十[一-龥]|都市|人都市)")
"""三十万, whatever it counts; 四万十 is a name."""
_NUMBERED = re.compile(r"[条項号章節款編目番](?!目|的|所)")
_UNITS |= {"t": "t"}
_UNIT = re.compile(
    "|".join(
        f"{re.escape(each)}{'(?![A-Za-z])' if each == 't' else ''}" for each in sorted(_UNITS, key=len, reverse=True)
    )
)
_DECIMAL = re.compile(rf"([{_KANJI}]+)・([〇一二三四五六七八九]+)(%|パーセント|ポイント|倍|件|人)")
"""四一・〇七％, 約一・五件; with other units, and without 約, two numbers side by side look the same (二・三人)."""
_ROUNDED = re.compile(r"(?:約|およそ|平均)$")
_COUNTS = frozenset("件人")
_FRACTION = re.compile(rf"({_AMOUNT})分の({_AMOUNT})(?![年月日人])")
_TENTHS = re.compile(rf"({_AMOUNT})割(?:({NUMBER})分)?(?:({NUMBER})厘)?(?![引合増減り当])")
_FIGURE = re.compile(_QUANTITY)
_CALENDAR = re.compile(
    rf"(?:(?:明治|大正|昭和|平成|令和|[㍾㍽㍼㍻㋿])(?:{NUMBER}|元)年度?(?:{NUMBER}月(?:{NUMBER}日)?)?"
    rf"|(?<![0-9.,])[12][0-9]{{3}}年度?(?:{NUMBER}月(?:{NUMBER}日)?)?"
    rf"|[二一][〇一二三四五六七八九]{{3}}年度?(?:{NUMBER}月(?:{NUMBER}日)?)?"
    rf"|{NUMBER}年{NUMBER}月{NUMBER}日|{NUMBER}月{NUMBER}日"
    r"|(?<![A-Za-z0-9])[MTSHR][0-9]{1,2}\.[0-9]{1,2}(?:\.[0-9]{1,2})?(?![0-9.])"
    r"|(?<![0-9])[12][0-9]{3}([-/.])[0-9]{1,2}\1[0-9]{1,2}(?![0-9]))"
)
_BEFORE_PART_OF_WORD = re.compile(r"[数何幾]$|[県市町村区域内]$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number with its unit; equal when value and unit are, whatever the notation."""

    value: Decimal
    unit: str
    """Folded: 円, %, 人, 日, か月, km, …; empty where none of the known units follows."""
    span: Span = field(compare=False)


def read_integer(text: str) -> int:
    """Return the whole number that 千二百三十四, 一〇二, １２, 三億5,000万 or 元 stands for; raises ValueError."""
    number = read_number(text)
    if number != number.to_integral_value():
        raise ValueError(f"{text!r}: not a whole number")
    return int(number)


def read_number(text: str) -> Decimal:
    """Return the number that digits, kanji numerals or a mixture of both stand for; raises ValueError."""
    rest = narrow(text).replace(",", "").strip()
    if not rest:
        raise ValueError(f"{text!r}: no number")
    total = Decimal(0)
    for name, scale in reversed(_LARGE.items()):
        head, found, tail = rest.partition(name)
        if found:
            total += _below_ten_thousand(head or "一", text) * scale
            rest = tail
    return total + (_below_ten_thousand(rest, text) if rest else 0)


def to_kanji(number: int) -> str:
    """Write a whole number as laws do (千二百三十四); raises ValueError below 0."""
    if number < 0:
        raise ValueError(f"{number}: below zero")
    if number == 0:
        return "〇"
    written = ""
    for name, scale in [*reversed(_LARGE.items()), ("", 1)]:
        count, number = divmod(number, scale)
        if count:
            written += _kanji_below(count) + name
    return written


def clause_key(text: str) -> str:
    """Return '24_2' for 第二十四条の二 or 第24条の2, '3' for 第三項 or 三; raises ValueError."""
    numbers = re.findall(NUMBER, narrow(text))
    if not numbers:
        raise ValueError(f"{text!r}: no number")
    return "_".join(str(read_integer(number)) for number in numbers)


def key_order(key: str) -> tuple[int, ...]:
    """Return a key as numbers, to put clauses in order: '12_2' is (12, 2)."""
    return tuple(int(part) for part in key.split("_"))


def figures(text: str) -> list[Figure]:
    """Return every figure in order: 3億5,000万円 is 350000000 円, 百分の十 and 1割 are 10 %.

    Left out are dates with a year or a day (see `dates`), clause numbers (see `references`), and kanji numerals without a
    usual unit, which are mostly parts of words (一部, 三重).
    """
    narrowed = narrow(text)
    calendar = _CALENDAR.finditer(narrowed)
    taken = next(calendar, None)
    result: list[Figure] = []
    at = 0
    while found := _FIGURE.search(narrowed, at):
        while taken is not None and taken.end() <= found.start():
            taken = next(calendar, None)
        if taken is not None and taken.start() <= found.start():
            at = taken.end()
            continue
        figure = _decimal(narrowed, found.start()) or _ratio(narrowed, found.start()) or _quantity(narrowed, found)
        if figure is not None:
            result.append(figure)
        at = figure.span.end if figure is not None else found.end()
    return result


def _below_ten_thousand(text: str, whole: str) -> Decimal:
    """Read digits, positional kanji (一〇二) or kanji with 十百千, perhaps mixed (5千)."""
    if re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", text):
        return Decimal(text)
    if all(char in _DIGITS or (char.isdigit() and char.isascii()) for char in text):
        return Decimal("".join(str(_DIGITS.get(char, char)) for char in text))
    total = Decimal(0)
    pending = ""
    for char in text:
        if char in _SMALL:
            total += (_below_ten_thousand(pending, whole) if pending else 1) * _SMALL[char]
            pending = ""
        elif char in _DIGITS or char == "." or (char.isascii() and char.isdigit()):
            pending += char
        else:
            raise ValueError(f"{whole!r}: not a number")
    if pending == text:  # points that stand in no number: 1.2.3
        raise ValueError(f"{whole!r}: not a number")
    return total + (_below_ten_thousand(pending, whole) if pending else 0)


def _kanji_below(count: int) -> str:
    """Write 1 to 9999; ten, hundred and thousand stand without 一."""
    written = ""
    for name, scale in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit, count = divmod(count, scale)
        if digit:
            written += ("" if digit == 1 and name else "〇一二三四五六七八九"[digit]) + name
    return written


def _decimal(text: str, at: int) -> Figure | None:
    """Read 四一・〇七％ here; None where no such number stands."""
    found = _DECIMAL.match(text, at)
    if found is None or (found[3] in _COUNTS and not _ROUNDED.search(text[max(0, at - 4) : at])):
        return None
    behind = "".join(str(_DIGITS[char]) for char in found[2])
    value = read_number(found[1]) + Decimal(f"0.{behind}")
    return Figure(value=_plain(value), unit=_UNITS[found[3]], span=Span(*found.span()))


def _ratio(text: str, at: int) -> Figure | None:
    """Read 百分の十 or 二割五分 here as per cent; None where neither stands."""
    if found := _FRACTION.match(text, at):
        below, above = read_number(found[1]), read_number(found[2])
        if below:
            return Figure(value=_plain(above * 100 / below), unit="%", span=Span(*found.span()))
    if found := _TENTHS.match(text, at):
        value = read_number(found[1]) * 10 + read_number(found[2] or "0") + read_number(found[3] or "0") / 10
        return Figure(value=_plain(value), unit="%", span=Span(*found.span()))
    return None


def _plain(value: Decimal) -> Decimal:
    """Drop zeros after the point without falling into exponents."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() and value < 10**20 else value.normalize()


def _quantity(text: str, found: re.Match[str]) -> Figure | None:
    """Read a number with its unit; None for clause numbers and for kanji that are no figure."""
    if _NUMBERED.match(text, found.end()):
        return None
    written = found[0]
    unit = _UNIT.match(text, found.end())
    name = unit[0] if unit else ""
    if not any(char.isascii() and char.isdigit() for char in written):
        is_number = name in _KANJI_UNITS or (
            len(written) > 1 and (name in _KANJI_UNITS_OF_MANY or _LARGE_KANJI.match(text, found.start()) is not None)
        )
        if not is_number or _BEFORE_PART_OF_WORD.search(text[max(0, found.start() - 1) : found.start()]):
            return None
    elif name == "キロ" and text.startswith("グラム", found.end() + 2):
        name = "キログラム"
    try:
        value = read_number(written)
    except ValueError:
        return None
    end = found.end() + len(name)
    return Figure(value=_plain(value), unit=_UNITS.get(name, ""), span=Span(found.start(), end))
