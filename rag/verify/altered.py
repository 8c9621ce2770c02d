"""A sentence that repeats a sentence of its source but for a few words: what those words change."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from difflib import SequenceMatcher
from itertools import pairwise

from rag.domain import Problem
from rag.japanese.words import morphemes
from rag.verify.copies import NUMBER

REPEATED = 0.7
"""Share of a source sentence's morphemes from which a sentence repeats it."""
COPIED = 0.85
"""The same from which it is a copy, in which another name is no other word for the same."""
SHORTEST_TOLD = 12
"""Characters between 「 and 」 below which they are a term."""
LONGEST = 8
"""Morphemes on one side of a place where two texts differ, beyond which it is another statement and no altered word."""
ADDED = 3
"""Names that an addition brings in, none of them known to the source, from which it states something of its own."""
_MASK = "#"
_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
_NEGATIONS = frozenset({"ない", "無い", "ず", "ぬ", "ん", "まい"})
_LEVELS = {
    "以上": "at least",
    "以下": "at most",
    "以内": "at most",
    "未満": "under",
    "満たない": "under",
    "超える": "over",
    "超過": "over",
    "下回る": "under",
    "上回る": "over",
}
_OPPOSITES = (
    ("含む", "除く"),
    ("含める", "除く"),
    ("前", "後"),
    ("以前", "以後"),
    ("内", "外"),
    ("増加", "減少"),
    ("増える", "減る"),
    ("上げる", "下げる"),
    ("開始", "終了"),
    ("始まる", "終わる"),
    ("有る", "無い"),
)
_OPENING = re.compile(
    r"^[ \t　]*(?:第?[0-9０-９〇一二三四五六七八九十百千]+(?:条(?:の[0-9０-９一二三四五六七八九十]+)*)?|[（(][0-9０-９一二三四五六七八九十]+[)）])[ \t　]+"
)
"""The number of a clause before its text."""
_PLAIN = frozenset(
    "条 項 号 第 為る 有る 居る です ます だ 成る 事 物 の 様 等 其の 此の 当該 同 者 場合 時 よる つく 対する".split()
)
"""Words whose exchange says nothing."""

Morphemes = Sequence[tuple[str, str]]


def alterations(sentence: str, sources: Sequence[str], known: Set[str]) -> tuple[Problem, ...]:
    """Return what is wrong where a sentence differs from a sentence of its source that it else repeats.

    `sources` are the sentences that the quotes touch; `known` the content words of passages, headings and question: a name put in
    the place of another one must be among them. Numbers are looked at elsewhere.
    """
    for text in (*_told(sentence), sentence):
        share, places = _closest(_read(text), sources)
        if share >= REPEATED:
            copied = share >= COPIED
            changed = (each for before, after in places for each in _changed(before, after, known, copied=copied))
            return tuple(dict.fromkeys(changed))
    return ()


def _closest(mine: Morphemes, sources: Sequence[str]) -> tuple[float, list[tuple[Morphemes, Morphemes]]]:
    """Return how much of the source that a text repeats most it repeats, and where the two differ, source first."""
    best: tuple[float, list[tuple[Morphemes, Morphemes]]] = (0.0, [])
    for source in sources:
        theirs = _read(source)
        matcher = SequenceMatcher(None, [word for word, _ in theirs], [word for word, _ in mine], autojunk=False)
        repeated = sum(block.size for block in matcher.get_matching_blocks()) / (len(theirs) or 1)
        if repeated > best[0]:
            best = repeated, [(theirs[a:b], mine[c:d]) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal"]
    return best


def _told(sentence: str) -> tuple[str, ...]:
    """Return what a sentence hands on between 「 and 」, behind where it stands; nothing where that is only a term."""
    start, end = sentence.find("「") + 1, sentence.rfind("」")
    return (sentence[start:end],) if start and end - start >= SHORTEST_TOLD else ()


def _changed(before: Morphemes, after: Morphemes, known: Set[str], *, copied: bool) -> Iterator[Problem]:
    names = [word for word, kind in after if kind == "名詞" and word not in _PLAIN and word != _MASK]
    unknown = [word for word in names if word not in known]
    if not before:
        if len(unknown) >= ADDED and len(unknown) * 2 > len(names):
            yield Problem.UNSUPPORTED
        return
    if len(before) > LONGEST or len(after) > LONGEST:
        return
    if _negations(before) % 2 != _negations(after) % 2:
        yield Problem.NEGATION_FLIPPED
    levels, own = _levels(before), _levels(after)
    if levels and own and levels != own:
        yield Problem.FIGURE_NOT_IN_SOURCE
    words, said = {word for word, _ in before}, {word for word, _ in after}
    if any(_crosses(pair, words, said) for pair in _OPPOSITES):
        yield Problem.NEGATION_FLIPPED
    replaced = [word for word, kind in before if kind == "名詞" and word not in _PLAIN and word != _MASK]
    if copied and replaced and unknown:
        yield Problem.NAME_NOT_IN_SOURCE


def _crosses(pair: tuple[str, str], words: Set[str], said: Set[str]) -> bool:
    one, other = pair
    return (one in words and other in said - words) or (other in words and one in said - words)


def _negations(found: Morphemes) -> int:
    return sum(word in _NEGATIONS for word, _ in found)


def _levels(found: Morphemes) -> set[str]:
    words = [word for word, _ in found]
    pairs = ["".join(pair) for pair in pairwise(words)]
    return {_LEVELS[word] for word in [*words, *pairs] if word in _LEVELS}


def _read(text: str) -> Morphemes:
    """Return the morphemes of a text without what stands in brackets, numbers masked, punctuation left out."""
    flat = NUMBER.sub(_MASK, _BRACKETS.sub("", "".join(_OPENING.sub("", text).split())))
    return [(word, kind) for word, kind in morphemes(flat) if kind not in ("補助記号", "空白")]
