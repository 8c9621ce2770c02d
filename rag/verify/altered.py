"""A sentence that repeats a sentence of its source but for a few words: what those words change."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise

from rag.domain import Problem
from rag.japanese.dates import common_era
from rag.japanese.words import morphemes
from rag.verify.copies import NUMBER, canonical, told, value
from rag.verify.sources import statements

REPEATED = 0.7
"""Share of a source sentence's morphemes from which a sentence repeats it."""
COPIED = 0.85
"""The same from which it is a copy, in which another name is no other word for the same."""
SHORTEST_TOLD = 12
"""Characters between 「 and 」 below which they are a term."""
SHORTEST_NAME = 2
"""Characters below which a noun is no name."""
LONGEST = 8
"""Morphemes on one side of a place where two texts differ, beyond which it is another statement and no altered word."""
LONGER = 1.4
"""Times the source's length beyond which a text says more than that source alone."""
ENDING = 3
"""Morphemes at the end of a sentence that another tone changes."""
SHORT = 3
"""Morphemes of an addition that only turns round what it is added to."""
ADDED = 3
"""Names that an addition brings in, none of them known to the source, from which it states something of its own."""
_MASK = "#"
GAP = "…"
"""Marks words that were left out: nouns on both sides of it are no name."""
_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
_NEGATIONS = frozenset({"ない", "無い", "ず", "ぬ", "ん", "まい"})
_NO_OBJECTION = frozenset({"支える", "構う"})
"""Words that with a negation allow something: 差し支えない, 構わない."""
_LEVELS = {
    "以上": "at least",
    "以下": "at most",
    "以内": "at most",
    "未満": "under",
    "満たない": "under",
    "越える": "over",
    "経過": "over",
    "過ぎる": "over",
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
_IN_OR_OUT = (("含む", "除く"), ("含み", "除き"), ("含め", "除い"))
_OPENING = re.compile(
    r"^[ \t　]*(?:第?[0-9０-９〇一二三四五六七八九十百千]+(?:条(?:の[0-9０-９一二三四五六七八九十]+)*)?|[（(][0-9０-９一二三四五六七八九十]+[)）])[ \t　]+"
)
"""The number of a clause before its text."""
_LEAD = re.compile(r"^[^、。「]{0,60}?[条項号](?:の規定)?によ(?:り|ると|れば)、")
"""Words that say in which clause stands what follows."""
_PLAIN = frozenset(
    "条 項 号 第 為る 有る 居る です ます だ 成る 事 物 の 様 等 其の 此の 当該 同 者 場合 時 よる つく 対する".split()
)
"""Words whose exchange says nothing."""

_NOUNS = frozenset({"名詞", "接頭辞", "接尾辞"})
Morphemes = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    """A text without what stands in brackets, and without punctuation."""

    morphemes: Morphemes
    """Numbers masked."""
    numbers: Mapping[int, Decimal | str]
    """Place among the morphemes → number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a text differs from its source."""

    before: Morphemes
    after: Morphemes
    name: Morphemes
    """The run of nouns in the text in which it differs; empty where it is in no such run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Closest:
    """The source that a text repeats most."""

    share: float = 0.0
    """How much of the source it repeats."""
    places: Sequence[_Place] = ()
    places_inside: int = 0
    """How many of them are not in the ending."""
    misread: Sequence[str] = ()
    """What stands behind the numbers that differ."""


def alterations(sentence: str, sources: Sequence[str], known: Set[str], *, around: str) -> tuple[Problem, ...]:
    """Return what is wrong where a sentence differs from a sentence of its source that it else repeats.

    `sources` are the sentences that the quotes touch; `known` the content words of passages, headings and question: a name put in
    the place of another one must be among them, and in a copy stand so in `around`, the same texts as morphemes in a row (`Source.names`).
    """
    problems = dict.fromkeys(_turned_brackets(sentence, sources))
    for closest in _repeated(sentence, [_read(source) for source in sources]):
        copied = closest.share >= COPIED
        problems |= dict.fromkeys(each for place in closest.places for each in _changed(place, known, copied=copied))
        if (copied or closest.places_inside <= 1) and any(_is_other_name(each, around) for each in closest.places):
            problems[Problem.NAME_NOT_IN_SOURCE] = None
        if copied:
            problems |= dict.fromkeys(map(_misread, closest.misread))
    return tuple(problems)


def _repeated(sentence: str, sources: Sequence[_Text]) -> list[_Closest]:
    """Return what a sentence repeats between 「 and 」, or as a whole, or else what each of its statements repeats."""
    handed_on = [_closest(_read(text), sources) for text in told(sentence) if len(text) >= SHORTEST_TOLD]
    if any(each.share >= REPEATED for each in handed_on):
        return [each for each in handed_on if each.share >= REPEATED]
    for text in (_LEAD.sub("", sentence), sentence):
        closest = _closest(_read(text), sources)
        if closest.share >= REPEATED:
            return [closest]
    parts = [_closest(_read(_LEAD.sub("", part)), sources) for part in statements(sentence)]
    return [part for part in parts if part.share >= REPEATED]


def _misread(unit: str) -> Problem:
    return Problem.CLAUSE_NOT_IN_SOURCE if unit in ("条", "項", "号") else Problem.FIGURE_NOT_IN_SOURCE


def _closest(mine: _Text, sources: Sequence[_Text]) -> _Closest:
    best = _Closest()
    said = [word for word, _ in mine.morphemes]
    for source in sources:
        theirs = [word for word, _ in source.morphemes]
        if len(said) > LONGER * len(theirs):
            continue
        matcher = SequenceMatcher(None, theirs, said, autojunk=False)
        blocks = matcher.get_matching_blocks()
        share = sum(block.size for block in blocks) / (len(theirs) or 1)
        if share > best.share:
            pairs = [(block.a + step, block.b + step) for block in blocks for step in range(block.size)]
            wrong = [one for other, one in pairs if source.numbers.get(other) != mine.numbers.get(one)]
            codes = [code for code in matcher.get_opcodes() if code[0] != "equal"]
            best = _Closest(
                share=share,
                places_inside=sum(code[4] <= len(said) - ENDING for code in codes),
                misread=["".join(said[one + 1 : one + 2]) for one in wrong],
                places=[
                    _Place(
                        before=source.morphemes[a:b],
                        after=mine.morphemes[c:d],
                        name=_name(mine.morphemes, c, d)
                        if _nouns(source.morphemes[a:b] or mine.morphemes[c:d])
                        else (),
                    )
                    for _, a, b, c, d in codes
                ],
            )
    return best


def _nouns(found: Morphemes) -> bool:
    return any(kind in _NOUNS for _, kind in found)


def _name(text: Morphemes, start: int, end: int) -> Morphemes:
    """Return the run of nouns around a place, nothing where the place is not inside one or one itself."""
    first, last = start, end
    while first and text[first - 1][1] in _NOUNS and text[first - 1][0] != _MASK:
        first -= 1
    while last < len(text) and text[last][1] in _NOUNS and text[last][0] != _MASK:
        last += 1
    inside = start < end or first < start < last
    return text[first:last] if inside and all(kind in _NOUNS for _, kind in text[start:end]) else ()


def _turned_brackets(sentence: str, sources: Sequence[str]) -> Iterator[Problem]:
    """Yield where a bracket says 除く of what the same one of a source says 含む, or the other way."""
    theirs = {canonical(each) for source in sources for each in _BRACKETS.findall(source)}
    for each in _BRACKETS.findall(sentence):
        mine = canonical(each)
        turned = {mine.replace(one, other) for pair in _IN_OR_OUT for one, other in (pair, pair[::-1])} - {mine}
        if mine not in theirs and turned & theirs:
            yield Problem.NEGATION_FLIPPED


def _changed(place: _Place, known: Set[str], *, copied: bool) -> Iterator[Problem]:
    before, after = place.before, place.after
    names = [word for word, kind in after if kind == "名詞" and word not in _PLAIN and word != _MASK]
    unknown = [word for word in names if word not in known]
    if not before:
        if len(unknown) >= ADDED and len(unknown) * 2 > len(names):
            yield Problem.UNSUPPORTED
        if copied and len(after) <= SHORT and _negations(after) % 2:
            yield Problem.NEGATION_FLIPPED
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


def _is_other_name(place: _Place, around: str) -> bool:
    name = "".join(word for word, _ in place.name).lower()
    if len(place.after) > LONGEST or len(name) < SHORTEST_NAME or not _nouns(place.before):
        return False
    return not {word for word, _ in place.name} <= _PLAIN and name not in around


def _crosses(pair: tuple[str, str], words: Set[str], said: Set[str]) -> bool:
    one, other = pair
    return (one in words and other in said - words) or (other in words and one in said - words)


def _negations(found: Morphemes) -> int:
    count = sum(word in _NEGATIONS for word, _ in found)
    return count - (count > 0 and any(word in _NO_OBJECTION for word, _ in found))


def _levels(found: Morphemes) -> set[str]:
    words = [word for word, _ in found]
    pairs = ["".join(pair) for pair in pairwise(words)]
    return {_LEVELS[word] for word in [*words, *pairs] if word in _LEVELS}


@lru_cache(maxsize=1024)
def _read(text: str) -> _Text:
    flat = common_era(_BRACKETS.sub("", "".join(_OPENING.sub("", text).split())))
    numbers = [value(each) for each in NUMBER.findall(flat)]
    found = [
        each
        for each in morphemes(NUMBER.sub(_MASK, flat))
        if each[1] not in ("補助記号", "空白") or each[0] in (_MASK, GAP)
    ]
    places = [place for place, (word, _) in enumerate(found) if word == _MASK]
    return _Text(
        morphemes=tuple(found),
        numbers=dict(zip(places, numbers, strict=True)) if len(places) == len(numbers) else {},
    )
