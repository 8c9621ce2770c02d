"""Questions of different members that ask the same, so that one line is answered to all of them."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import combinations

from rag.assembly.item import Item
from rag.japanese.words import content_words

__all__ = ["same_questions"]

_LIKE = 0.26
"""Likeness from which on two items that one official answers ask the same …"""
_LIKE_OTHERWISE = 0.45
"""… and two that name different officials, or of which one names none."""
_FRAME = frozenset(
    "伺う 問う 尋ねる 求める 示す 見解 所見 認識 考え 考える 見る 県 本県 今後 現在 取り組み 取り組む 如何 状況 現状 課題 対応 対策 進める 図る 受け止める 知事 "
    "部長 教育 長 願う 頂く 答弁 必要 可き 付く 聞く 明らか 進捗 見通し どう いる".split()
)
"""Words with which anything is asked."""
_KANJI = re.compile("[一-龠々]")


def same_questions(items: Sequence[Item]) -> tuple[tuple[int, ...], ...]:
    """Return the groups of items, by their places, of different members that ask the same; in the order of their first.

    Two items belong together where each is the nearest to the other among that member's, and what they ask is alike, as it
    stands and together with their headings. Members rarely use each other's words: the bound is low, so that it is the
    nearest that decides, and the official who is asked.
    """
    alike = _likenesses(items)
    nearest: dict[tuple[int, str], int] = {}
    for (one, other), likeness in sorted(alike.items(), key=lambda each: -each[1]):
        if likeness > 0:
            nearest.setdefault((one, items[other].member), other)
            nearest.setdefault((other, items[one].member), one)
    pairs = [
        (one, other)
        for (one, other), likeness in alike.items()
        if nearest.get((one, items[other].member)) == other
        and nearest.get((other, items[one].member)) == one
        and likeness >= (_LIKE if _is_same_official(items[one], items[other]) else _LIKE_OTHERWISE)
    ]
    return _groups(pairs)


def _likenesses(items: Sequence[Item]) -> dict[tuple[int, int], float]:
    """Return how much two items of different members have in common, 0 to 1: what they ask, and that with their headings."""
    asked = [_features(item.text) for item in items]
    whole = [asked[at] | _features(" ".join(item.headings)) for at, item in enumerate(items)]
    counts = Counter(word for words in whole for word in words)
    rarity = {word: math.log((len(items) + 1) / count) for word, count in counts.items()}
    return {
        (one, other): (_share(asked[one], asked[other], rarity) + _share(whole[one], whole[other], rarity)) / 2
        for one, other in combinations(range(len(items)), 2)
        if items[one].member != items[other].member
    }


def _is_same_official(one: Item, other: Item) -> bool:
    return bool(one.answerer) and one.answerer == other.answerer


def _features(text: str) -> frozenset[str]:
    """Return the words that say what is asked, and the kanji in which other words for it meet (使途, 使い道)."""
    words = {word for word in content_words(text) if word not in _FRAME}
    return frozenset(words | {f"\u0001{char}" for word in words for char in _KANJI.findall(word)})


def _share(one: frozenset[str], other: frozenset[str], rarity: Mapping[str, float]) -> float:
    """Return how much of the shorter one's information the other one holds, 0 to 1."""
    if not one or not other:
        return 0.0
    shorter = min(sum(rarity[word] for word in each) for each in (one, other))
    return sum(rarity[word] for word in one & other) / shorter if shorter else 0.0


def _groups(pairs: Sequence[tuple[int, int]]) -> tuple[tuple[int, ...], ...]:
    groups: list[set[int]] = []
    for pair in pairs:
        joined = set(pair)
        for group in [group for group in groups if group & joined]:
            joined |= group
            groups.remove(group)
        groups.append(joined)
    return tuple(sorted(tuple(sorted(group)) for group in groups))
