"""Faults in what can be counted: digits, units, bounds, dates, clause numbers, sums. Each is guarded to be false."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from random import Random

from rag.japanese.dates import dates
from rag.japanese.numerals import Figure, figures, read_integer, to_kanji
from rag.japanese.text import Span, narrow
from tests.bench.faithful import CLAUSE, MIXED, Draft, sentence_of
from tests.bench.fault import Fault, rewritten
from tests.bench.notation import KANJI, amount
from tests.bench.statements import article_name, plain

_RUN = re.compile(rf"[0-9]+(?:,[0-9]{{3}})*(?:\.[0-9]+)?|[{KANJI}]+")
_UNITS = {
    "億円": ("万円",),
    "万円": ("億円", "千円"),
    "千円": ("万円",),
    "百円": ("万円",),
    "円": ("千円", "万円"),
    "日間": ("か月間", "週間"),
    "日": ("か月", "週間"),
    "週間": ("か月", "日"),
    "箇月": ("年", "週間"),
    "か月": ("年", "週間"),
    "年間": ("か月間",),
    "年": ("か月",),
    "月": ("年",),
    "時間": ("日", "分"),
    "分": ("時間",),
    "%": ("割", "ポイント"),
    "パーセント": ("割",),
    "キロメートル": ("メートル",),
    "メートル": ("キロメートル", "センチメートル"),
    "人": ("世帯",),
    "件": ("人",),
    "泊": ("週間",),
}
"""Unit as it is written → units that make another quantity of it."""
_BOUNDS = {
    "以上": ("以下", "未満"),
    "以下": ("以上",),
    "未満": ("以上",),
    "以内に": ("を経過した後に",),
    "以内": ("以上",),
    "を超えない": ("を下回らない",),
    "を超える": ("に満たない", "以下の"),
    "を超え": ("を下回っ",),
    "に満たない": ("を超える",),
    "前までに": ("後までに",),
}
_BOUND = re.compile("|".join(sorted(_BOUNDS, key=len, reverse=True)))
_MONTH_DAY = re.compile(rf"(?<![0-9{KANJI}])([0-9]{{1,2}}|[{KANJI}]{{1,3}})月([0-9]{{1,2}}|[{KANJI}]{{1,3}})日(?!間)")
_ERAS = {"令和": "平成", "平成": "昭和", "昭和": "平成"}
_LEADING = re.compile(r"第([0-9]+)条((?:の[0-9]+)*)(?:第([0-9]+)項)?(?=に)")
_CITED_CLAUSE = re.compile(rf"第([0-9]+|[{KANJI}]+)(条|項|号)(?!の[0-9{KANJI}])")
SUMMED = ("円", "人", "件", "日", "時間", "年", "km", "施設", "橋")


def digit(draft: Draft, rng: Random) -> Fault | None:
    """Alter a digit of an amount, a count or a rate."""
    text = draft.sentence.text
    options = []
    for figure in figures(text):
        for at, new in _other_numbers(text, figure.span, rng):
            told = text[: at.start] + new + text[at.end :]
            altered = _figure_at(told, figure.span.start)
            if altered and altered.unit == figure.unit and altered.unit and _is_new(altered, draft):
                options.append((told, f"{figure.span.of(text)} → {altered.span.of(told)}"))
    return rewritten(draft, rng.choice(options)) if options else None


def _other_numbers(text: str, span: Span, rng: Random) -> Iterator[tuple[Span, str]]:
    """Yield each number of a figure with one that differs in a digit."""
    for run in _RUN.finditer(narrow(text), span.start, span.end):
        at, said = Span(*run.span()), run[0]
        places = [place for place, character in enumerate(said) if character.isascii() and character.isdigit()]
        if places:
            place = rng.choice(places)
            digits = [each for each in "123456789" if each != said[place]]
            yield at, said[:place] + rng.choice(digits) + said[place + 1 :]
        elif (number := read_integer(said)) and text[at.end : at.end + 2] != "分の":
            yield at, to_kanji(_other_digit(number, rng))


def _other_digit(number: int, rng: Random) -> int:
    written = str(number)
    places = [place for place, character in enumerate(written) if character != "0"]
    place = rng.choice(places)
    digits = [each for each in "123456789" if each != written[place]]
    return int(written[:place] + rng.choice(digits) + written[place + 1 :])


def _figure_at(text: str, start: int) -> Figure | None:
    return next((figure for figure in figures(text) if figure.span.start <= start < figure.span.end), None)


def _is_new(figure: Figure, draft: Draft) -> bool:
    return (figure.value, figure.unit) not in draft.ground.numbers


def unit(draft: Draft, rng: Random) -> Fault | None:
    """Give a number another unit: 30日 → 30か月."""
    text = draft.sentence.text
    options = []
    for figure in figures(text):
        said = figure.span.of(text)
        name = next((each for each in sorted(_UNITS, key=len, reverse=True) if narrow(said).endswith(each)), "")
        others = [said.removesuffix(name) + new for new in _UNITS.get(name, ())]
        others += [re.sub("^(?:百|100)分の", "千分の", said)] if re.match("(?:百|100)分の", said) else []
        for new in others:
            told = text[: figure.span.start] + new + text[figure.span.end :]
            altered = _figure_at(told, figure.span.start)
            if altered and (altered.value, altered.unit) != (figure.value, figure.unit) and _is_new(altered, draft):
                options.append((told, f"{said} → {new}"))
    return rewritten(draft, rng.choice(options)) if options else None


def bound(draft: Draft, rng: Random) -> Fault | None:
    """Turn a bound round: 以上 → 以下."""
    text = draft.sentence.text
    options = []
    for figure in figures(text):
        found = _BOUND.match(text, figure.span.end)
        for new in _BOUNDS[found[0]] if found else ():
            told = text[: figure.span.end] + new + text[found.end() if found else 0 :]
            said = figure.span.of(text)
            if not draft.ground.says(said + new):
                options.append((told, f"{said}{found[0] if found else ''} → {said}{new}"))
    return rewritten(draft, rng.choice(options)) if options else None


def date(draft: Draft, rng: Random) -> Fault | None:
    """Alter an era, a year, a month or a day."""
    text = draft.sentence.text
    spans = [mention.span for mention in dates(text)]
    spans += [Span(*found.span()) for found in _MONTH_DAY.finditer(narrow(text))]
    options = []
    for span in spans:
        said = span.of(text)
        others = [said[: at.start] + new + said[at.end :] for at, new in _other_numbers(said, Span(0, len(said)), rng)]
        others += [said.replace(said[:2], _ERAS[said[:2]])] if said[:2] in _ERAS else []
        options += [
            (text[: span.start] + new + text[span.end :], f"{said} → {new}")
            for new in others
            if _is_other_day(new, said, draft)
        ]
    return rewritten(draft, rng.choice(options)) if options else None


def _is_other_day(new: str, said: str, draft: Draft) -> bool:
    """Tell whether a new date is one of the calendar that the ground does not name."""
    month_day = _MONTH_DAY.search(narrow(new))
    if month_day and not (1 <= read_integer(month_day[1]) <= 12 and 1 <= read_integer(month_day[2]) <= 30):
        return False
    if plain(new) == plain(said) or draft.ground.says(new):
        return False
    if not dates(said):
        return month_day is not None
    return bool(dates(new)) and dates(new)[0] not in draft.ground.days


def article(draft: Draft, rng: Random) -> Fault | None:
    """Alter the number of an article."""
    return _clause(draft, rng, "条")


def paragraph_or_item(draft: Draft, rng: Random) -> Fault | None:
    """Alter the number of a paragraph or an item."""
    return _clause(draft, rng, "項号")


def _clause(draft: Draft, rng: Random, kinds: str) -> Fault | None:
    text = draft.sentence.text
    beside = {item.chunk.labels.get("article", "").split("_")[0] for item in draft.evidence}
    options = []
    for found in _CITED_CLAUSE.finditer(narrow(text)):
        number = read_integer(found[1])
        new = rng.choice([each for each in (number + 1, number + 2, number + 10, number - 1, number * 2) if each > 0])
        written = to_kanji(new) if found[1][0] in KANJI else str(new)
        of_a_rule = found[2] == "号" and re.search(r"[令律例則程示式]$", text[: found.start()])  # 条例第7号 is no item
        if of_a_rule or (found[2] == "条" and str(new) in beside):
            continue
        if found[2] in kinds and not draft.ground.names(f"第{new}{found[2]}"):
            told = text[: found.start(1)] + written + text[found.end(1) :]
            options.append((told, f"{found[0]} → 第{written}{found[2]}"))
    return rewritten(draft, rng.choice(options)) if options else None


def neighbouring_article(draft: Draft, rng: Random) -> Fault | None:
    """Name the article of another clause of the evidence for what this one says."""
    text = draft.sentence.text
    leading = _LEADING.search(narrow(text))
    if leading is None or draft.kind not in (CLAUSE, MIXED):
        return None
    options = []
    for item in draft.evidence:
        other = article_name(item.chunk)
        same_rule = item.chunk.title == draft.statement.chunk.title
        if other and same_rule and other != draft.statement.article and not draft.ground.names(other):
            told = text[: leading.start()] + other + text[leading.end() :]
            options.append((told, f"{leading[0]} → {other}"))
    return rewritten(draft, rng.choice(options)) if options else None


def total(draft: Draft, rng: Random) -> Fault | None:
    """Add two amounts of the cited passage up wrongly."""
    said = draft.statement.text
    found = [figure for figure in figures(said) if figure.unit in SUMMED and figure.value == int(figure.value)]
    for name in dict.fromkeys(figure.unit for figure in found):
        pair = list({figure.value: figure for figure in found if figure.unit == name}.values())[:2]
        if len(pair) == 2:
            right = int(pair[0].value + pair[1].value)
            wrong = _other_digit(right, rng)
            if (Decimal(wrong), name) in draft.ground.numbers or wrong == right:
                continue
            first, second = (figure.span.of(said) for figure in pair)
            written = second[len(second) - len(name) :] if second.endswith(name) else name
            told = f"{_topic(draft)}{first}と{second}を合わせると、{amount(wrong)}{written}です。"
            return Fault(
                before=replace(draft.sentence, text=said),
                after=sentence_of(told, (draft.cited.number, said), part=draft.sentence.part),
                altered=f"正しい和は {amount(right)}{written}",
            )
    return None


def rate(draft: Draft, rng: Random) -> Fault | None:
    """Work out wrongly which share one amount of the cited passage is of another."""
    said = draft.statement.text
    found = [figure for figure in figures(said) if figure.unit in SUMMED and figure.value > 0]
    for one in found:
        for other in found:
            if one.unit != other.unit or one.value >= other.value:
                continue
            right = round(one.value * 100 / other.value, 1)
            wrong = round(right * Decimal(rng.choice(("0.5", "0.8", "1.3", "1.6"))), 1)
            if (wrong, "%") in draft.ground.numbers or abs(wrong - right) < 2:
                continue
            told = f"{_topic(draft)}{one.span.of(said)}は、{other.span.of(said)}の{wrong}パーセントに当たります。"
            return Fault(
                before=replace(draft.sentence, text=said),
                after=sentence_of(told, (draft.cited.number, said), part=draft.sentence.part),
                altered=f"正しい割合は {right}パーセント",
            )
    return None


def _topic(draft: Draft) -> str:
    labels = draft.statement.chunk.labels
    if draft.statement.is_remark:
        return f"{labels['post']}が述べた"
    return f"{draft.statement.article}に定める" if draft.statement.article else "資料にある"
