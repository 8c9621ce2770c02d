"""Tell whether two questions ask the same thing, whatever their politeness, spelling and marks; in doubt they do not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from rag.japanese.words import Morpheme, fold, read_morphemes

_POINTING = frozenset(
    "其れ 此れ 彼れ 其の 此の 彼の 其処 此処 其方 此方 そんな こんな そう こう 其の様 此の様 先程 上記 下記 前記 前述 当該 同条 同項 同号 前条 "
    "前項 前号 次条 次項 本件 右記 左記 同様".split()
)
"""Words whose sense is told by what was said before."""
_PASSING = frozenset(
    "今 本日 昨日 明日 明後日 一昨日 昨年 去年 一昨年 来年 再来年 本年 今年 今年度 昨年度 来年度 本年度 前年度 翌年度 先月 今月 来月 先週 今週 来週 "
    "今日 現在 最近 直近 最新 今回 前回 次回 先日 今度 今期 前期 来期 現行 今夏 今冬 今春 今秋".split()
)
"""Words whose sense passes with the days."""
_LIGHT = frozenset({"は", "が", "を", "の", "って"})
"""Particles that may be left out or stand for each other; what they tell is compared by `_fits`."""
_BEGS = frozenset({"教える", "教示", "知る", "願う", "下さる", "頂く", "貰う", "欲しい", "致す"})
"""A question may end with a request to be told."""
_ASKS_TO_BE_TOLD = frozenset({"教える", "教示", "知る"})
_TAIL_PARTICLES = frozenset(
    {"か", "かな", "かしら", "ね", "よ", "の", "と", "が", "を", "は", "けど", "けれど", "て", "です"}
)
_POLITE = frozenset({"です", "ます", "だ"})
_NOT = frozenset({"ない", "無い", "ず", "ぬ"})
_MARKS = frozenset("、。，．,?!「」『』")
"""Marks that change nothing; every other one counts as a word."""
_PERSON = re.compile(r"(?:者|員|長|人|官|事|師|士|課|部|局|室|係|庁|県|市|町|村|国|会|さん|氏|様)$")
"""Who can do something as well as have it done: 職員を処分する and 職員が処分する."""
_THOUSANDS = re.compile(r"(?<=[0-9])[,，](?=[0-9]{3}(?![0-9]))")
_SPACE = re.compile(r"\s+")


class _Reading(NamedTuple):
    """A question as it is compared."""

    words: tuple[str, ...]
    links: tuple[str, ...]
    """The light particle behind each word; empty where none is."""


def asks_the_same(one: str, other: str) -> bool:
    """Tell whether two questions have the same words in the same order, with the same figures, names and clause numbers.

    Particles that carry a sense (から, まで, に, で, も …) are words; は, が, を, の may be left out, and が and を are never
    taken for each other. A question that `lacks_sense_alone` is the same as none.
    """
    first, second = _read(one), _read(other)
    if not first.words or first.words != second.words or lacks_sense_alone(one) or lacks_sense_alone(other):
        return False
    return all(map(_fits, first.words, first.links, second.links))


@lru_cache(maxsize=8192)
def lacks_sense_alone(text: str) -> bool:
    """Tell whether a question means something else beside other words or on another day (それは, 前条, 去年, 今月)."""
    found = read_morphemes(_plain(text))
    names = {morpheme.normal for morpheme in found} | {one.surface + two.surface for one, two in pairwise(found)}
    return bool(names & (_POINTING | _PASSING))


def _fits(word: str, one: str, other: str) -> bool:
    """Tell whether two light particles behind a word may say the same."""
    if one == other:
        return True
    pair = {one, other} - {"", "は"}
    if len(pair) > 1:
        return pair == {"が", "の"}
    return "を" not in pair or _PERSON.search(word) is None


@lru_cache(maxsize=8192)
def _read(text: str) -> _Reading:
    words: list[str] = []
    links: list[str] = []
    for morpheme in _without_request(read_morphemes(_plain(text))):
        if _is_light(morpheme):
            if links:
                links[-1] = _light(morpheme.normal)
        elif word := _word(morpheme):
            words.append(word)
            links.append("")
    return _Reading(tuple(words), tuple(links))


def _plain(text: str) -> str:
    return _THOUSANDS.sub("", _SPACE.sub("", text)).rstrip("。．？?！!")


def _is_light(morpheme: Morpheme) -> bool:
    return morpheme.kind == "助詞" and morpheme.normal in _LIGHT and morpheme.finer != "終助詞"


def _light(particle: str) -> str:
    return "は" if particle == "って" else particle


def _word(morpheme: Morpheme) -> str:
    """Return a morpheme as it is compared; empty for one that says nothing."""
    surface, normal, kind, finer = morpheme
    if surface in _MARKS or (kind == "助詞" and finer == "終助詞") or (kind == "接頭辞" and normal == "御"):
        return ""
    if kind == "助動詞" and normal in _POLITE:
        return ""
    if normal in _NOT:
        return "ない"
    return fold(surface if finer == "固有名詞" else normal)


def _without_request(morphemes: Sequence[Morpheme]) -> Sequence[Morpheme]:
    """Cut off how a question ends: 「…ですか」「…か教えてください」「…を知りたいのですが」."""
    end = len(morphemes)
    begged = end
    while end and _closes(morphemes[end - 1]):
        end -= 1
        if morphemes[end].normal in _ASKS_TO_BE_TOLD:
            begged = end
    while begged and _ends(morphemes[begged - 1]):
        begged -= 1
    return morphemes[:begged]


def _closes(morpheme: Morpheme) -> bool:
    return _ends(morpheme) or morpheme.normal in _BEGS or morpheme.normal in {"たい", "御", "事", "為る"}


def _ends(morpheme: Morpheme) -> bool:
    return (
        morpheme.surface in _MARKS
        or (morpheme.kind == "助動詞" and morpheme.normal in _POLITE)
        or (morpheme.kind == "助詞" and morpheme.normal in _TAIL_PARTICLES)
    )
