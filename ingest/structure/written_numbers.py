"""How the items of written questions and answers are numbered: 一の1のイ, (2), 問3及び問4について, 回答1（福祉部）, 答."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from rag.japanese.numerals import read_integer, to_kanji
from rag.japanese.text import narrow

__all__ = ["KANA", "Mark", "Number", "Step", "alike", "following", "read_mark", "shown"]

KANA = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン"
_KANJI = "[一二三四五六七八九十]"
_COUNT = rf"(?:(?<![0-9])[0-9]{{1,3}}(?![0-9])|(?<!{_KANJI}){_KANJI}{{1,4}}(?!{_KANJI}))"
"""All digits that stand together: were they parted, a line that begins with many would be tried in every way."""
_STEP = rf"(?:\((?:{_COUNT}|[{KANA}]|[a-z])\)|第?{_COUNT}(?:問目?|番目?|項目?|点目?)?|[①-⑳]|[{KANA}](?![ァ-ヶー])|[a-z](?![a-z]))"
_PATH = rf"{_STEP}(?:[の\-.・]?{_STEP})*"
_ASK = r"(?:質問|問い?|Q)"
_REPLY = r"(?:回答|答弁|お答え|答え|答|A)"
_AND = rf" ?(?:及び|および|並びに|と|、|,|から|~|ないし|乃至|(?<= )[・-]|[・-](?= |{_ASK})) ?"
"""Where - or ・ stands directly between two steps, it is part of a path."""
_LIST = rf"{_PATH}(?:{_AND}{_ASK}? ?{_PATH})*(?: ?まで)?"
_SPEAKS_OF = r"(?:で[お述はも、]|の(?:とおり|ほか|うち|場合|答)|に[つ述お]|と[同お]|[はがも]、|及び|から)"
"""What follows a number in brackets that a sentence speaks of (（1）で述べたとおり)."""
_OPEN, _CLOSE = r"[【\[〔《<(■□◆◇○◎●▼・]", r"[】\]〕》>)]"
_INSIDE = r"(?: ?\((?P<inside>[^()]{1,40})\))?"
_TAIL = (
    r"(?:(?P<about> ?(?:について|に対する|の)(?:の?(?:回答|答弁|質問))?(?:について)?(?=[ :.、,。]|$|お答え|回答|答弁))"
    rf"|{_CLOSE}|(?P<stop>[ :.、,])|$|(?<=[)】①-⑳])(?!{_SPEAKS_OF}))[ :.、,】]*"
)
_KEYED = re.compile(
    rf"{_OPEN}? ?(?:(?P<ask>{_ASK})|(?P<reply>{_REPLY}))(?:の?(?:要旨|内容|趣旨|事項|本文|文|部))? ?(?P<list>{_LIST})?"
    rf"{_CLOSE}?{_INSIDE}{_TAIL}"
)
_BARE = re.compile(rf"(?P<list>{_LIST}){_INSIDE}{_TAIL}")
_ONE = re.compile(_PATH)
_PIECE = re.compile(rf"{_PATH}|から|~|ないし|乃至|-")
_RANGES = frozenset(("から", "~", "ないし", "乃至", "-"))
_MOST = 50
"""Numbers to which a range (1から3まで) is written out."""

Style = Literal[
    "kanji", "arabic", "kana", "latin", "circled", "(kanji", "(arabic", "(kana", "(latin", "asked", "counted", "heading"
]


class Step(NamedTuple):
    """One step of a number: 一, 1, (1), ①, ア, 問1 (style 'asked'), or the place of a question or heading that bears none."""

    style: Style
    value: int


Number = tuple[Step, ...]
"""一の1のイ is three steps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What stands in front of an item's words."""

    key: Literal["ask", "reply", ""]
    """Whether a word says question (問, 質問) or answer (答, 回答); empty for a number alone."""
    numbers: tuple[Number, ...]
    """Several for 問3及び問4について; empty for a word alone."""
    inside: str
    """Words in brackets behind it: '福祉部', '費用の比較'; empty where there are none."""
    about: bool
    """について follows: what stands below is an answer."""
    words: int
    """Offset at which the item's own words start; the length of the text where it has none on this line."""


def read_mark(text: str) -> Mark | None:
    """Return the mark with which a text begins; None where it begins with none."""
    narrowed = narrow(text)
    found = _KEYED.match(narrowed)
    if found is not None and _is_keyed(found):
        asks = found["ask"] and (found["list"] or not found["about"])
        mark = _mark(found, "ask" if asks else "reply")
        if mark.numbers and _ONE.fullmatch(mark.inside):
            return replace(mark, numbers=((*mark.numbers[0], *_steps(f"({mark.inside})")),), inside="")
        return mark
    found = _BARE.match(narrowed)
    if found is None or (_ONE.fullmatch(found["list"]) is None and not found["about"]):
        return None
    mark = _mark(found, "")
    if mark.inside and mark.words < len(narrowed):
        mark = replace(mark, inside="", words=found.start("inside") - 1)
    return None if found["stop"] in (".", ",") and narrowed[mark.words : mark.words + 1].isdigit() else mark


def _is_keyed(found: re.Match[str]) -> bool:
    """Tell a word that marks an item from one that begins a sentence or a heading: A and Q need a number or a colon."""
    word = found["ask"] or found["reply"]
    if word in ("A", "Q"):
        return bool(found["list"]) or found["stop"] in (":", ".") or narrow(found[0]).rstrip()[-1] in "】)]"
    return True


def _mark(found: re.Match[str], key: Literal["ask", "reply", ""]) -> Mark:
    return Mark(
        key=key,
        numbers=tuple(_numbers(found["list"] or "", asked=bool(key))),
        inside=(found["inside"] or "").strip(),
        about=bool(found["about"]),
        words=found.end(),
    )


def _numbers(listed: str, *, asked: bool) -> Iterator[Number]:
    """Write out a list of numbers; one that is cut short (一の1及び2) takes the steps before it from the first."""
    first: Number = ()
    last: Number = ()
    ranged = False
    for piece in _pieces(re.sub(_ASK, "", listed)):
        if piece in _RANGES:
            ranged = True
            continue
        number = tuple(_steps(piece))
        if asked:
            number = (Step("asked", number[0].value), *number[1:])
        at = next((at for at, step in enumerate(first) if step.style == number[0].style), 0)
        number = (*first[:at], *number)
        if ranged and last[:-1] == number[:-1] and 0 < number[-1].value - last[-1].value <= _MOST:
            for value in range(last[-1].value + 1, number[-1].value):
                yield (*number[:-1], Step(number[-1].style, value))
        yield number
        first, last, ranged = first or number, number, False


def _pieces(listed: str) -> Iterator[str]:
    """Take a list apart; 3-1・3-2 are two numbers of one shape, 一・1 is one."""
    for piece in _PIECE.findall(listed):
        halves = piece.split("・")
        shapes = {tuple(step.style for step in _steps(half)) for half in halves}
        if len(halves) > 1 and len(shapes) == 1 and len(next(iter(shapes))) > 1:
            yield from halves
        else:
            yield piece


def _steps(path: str) -> Iterator[Step]:
    for piece in re.findall(_STEP, path):
        bare = piece.strip("()").removeprefix("第")
        bare = re.sub(r"(?:問|番|項|点)目?$", "", bare)
        style, value = _read(bare)
        yield Step(f"({style}" if piece[0] == "(" else style, value)  # type: ignore[arg-type]


def _read(label: str) -> tuple[str, int]:
    if label in KANA:
        return "kana", KANA.index(label) + 1
    if "①" <= label <= "⑳":
        return "circled", ord(label) - ord("①") + 1
    if "a" <= label <= "z":
        return "latin", ord(label) - ord("a") + 1
    return ("arabic" if label.isascii() else "kanji"), read_integer(label)


def alike(number: Number) -> Number:
    """Return a number as it compares where papers write it otherwise: 問1, 1, 一 and (1) are one, ア and (ア) another."""
    return tuple(
        Step("kana" if "kana" in step.style else "latin" if "latin" in step.style else "arabic", step.value)
        for step in number
    )


def following(step: Step) -> re.Pattern[str]:
    """Return what finds the next number of a series inside a line, behind the end of a sentence."""
    following_value = step.value + 1
    written = {
        "arabic": str(following_value),
        "kana": KANA[following_value - 1 : following_value],
        "(arabic": rf"\({following_value}\)",
        "circled": chr(ord("①") + step.value) if step.value < 20 else "",
    }.get(step.style, "")
    return re.compile(rf"(?<=[。?!]){written} ?(?<=[ )①-⑳])" if written else r"(?!)")


def shown(number: Number) -> str:
    """Write a number as a person would: '一の1のア', '1(2)', '問8'."""
    text = ""
    for step in number[_start(number) :]:
        label = _label(step)
        text += f"の{label}" if text and not label.startswith("(") and label[0] not in "①②③④⑤⑥⑦⑧⑨" else label
    return text


def _start(number: Sequence[Step]) -> int:
    """Return the step from which on a number says all: 問8 is counted through the whole paper, a heading may bear none."""
    return max(
        (at + (step.style == "heading") for at, step in enumerate(number) if step.style in ("asked", "heading")),
        default=0,
    )


def _label(step: Step) -> str:
    style = step.style.removeprefix("(")
    if style == "kanji":
        label = to_kanji(step.value)
    elif style == "kana":
        label = KANA[step.value - 1]
    elif style == "latin":
        label = chr(ord("a") + step.value - 1)
    elif style == "circled":
        label = chr(ord("①") + step.value - 1)
    else:
        label = str(step.value)
    if style in ("asked", "counted"):
        return f"問{label}"
    return f"({label})" if step.style.startswith("(") else label
