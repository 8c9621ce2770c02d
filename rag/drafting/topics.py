"""What a text is about, by its words and letters, and how much of a question's topic a passage has."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from rag.japanese.synonyms import Synonyms
from rag.japanese.text import narrow
from rag.japanese.words import content_nouns
from rag.ports import Matrix

__all__ = ["letters", "topic_shares", "words"]

NOUNS, LETTERS = 0.4, 0.6
"""What shared nouns, and shared kanji and katakana, count."""
SINGLE = 0.5
"""What one kanji counts beside a pair."""
_LIGHT = frozenset(
    "県 本県 県内 県民 御 議員 質問 答弁 お尋ね 知事 部長 教育長 見解 所見 認識 考え 考え方 所感 思い 今後 現状 現在 状況 課題 取組 取り組み 対応 対策 方針 方向 方策 件数 推移 実績 効果 成果 評価"
    " 時期 理由 要因 原因 背景 財源 予算 費用 必要 重要 具体 的 性 等 者 数 率 年 年度 月 日 令和 平成 点 上 中 内 為 其の 此の 何 どう 如何 進め方 見通し 内容 これまで 此れ 実施 推進 事 所 次 初め 最後 一 二 三 万 億 千 円 人 件 割 %".split()
)
"""Words of every question, that tell no topic."""
_LIGHT_LETTERS = frozenset(
    "県知事伺問聞答示進取組対応支援状況現今後何考見解所見認識度年月日数計画推移実績行者人中内外上下的性等化策体制向手法方針具目標市町村国全員用地域活動充強確保促会議学校生業者大小本"
)
_UNITS = re.compile("パーセント|ヘクタール|キロメートル|センチメートル")
"""Long units, whose letters tell no topic."""


def words(text: str, synonyms: Synonyms | None = None) -> frozenset[str]:
    """Return the nouns that tell what a text is about, with the official words for what it says in everyday ones."""
    official = [word for words in synonyms.find(text).values() for word in words] if synonyms else []
    return frozenset(word for word in content_nouns(" ".join([text, *official])) if not word.isdigit()) - _LIGHT


def letters(text: str) -> frozenset[str]:
    """Return the kanji of a text, their pairs, and threes of its katakana: other words for a thing often share some (藻場, 海藻)."""
    text = narrow(text)
    katakana = [run[at : at + 3] for run in re.findall(r"[ァ-ヶー]{3,}", text) for at in range(len(run) - 2)]
    pairs = [run[at : at + 2] for run in re.findall(r"[一-龥]{2,}", text) for at in range(len(run) - 1)]
    kept = [pair for pair in pairs if not set(pair) <= _LIGHT_LETTERS]
    return frozenset([*re.findall(r"[一-龥]", text), *kept, *katakana]) - _LIGHT_LETTERS


def topic_shares(questions: Sequence[str], passages: Sequence[str], synonyms: Synonyms) -> Matrix:
    """Return how much of each question's words each passage has, 0 to 1; (questions, passages).

    What other questions have too tells less of one, and so does what many passages have.
    """
    asked = [_UNITS.sub("", each) for each in questions]
    said = [_UNITS.sub("", each) for each in passages]
    nouns = _shares(list(map(words, asked)), [words(each, synonyms) for each in said], weight=lambda _: 1.0)
    shared = _shares(
        list(map(letters, asked)), list(map(letters, said)), weight=lambda each: SINGLE if len(each) == 1 else 1.0
    )
    return NOUNS * nouns + LETTERS * shared


def _shares(
    asked: Sequence[frozenset[str]], said: Sequence[frozenset[str]], *, weight: Callable[[str], float]
) -> Matrix:
    found = np.zeros((len(asked), len(said)), dtype=np.float32)
    for row, own in enumerate(asked):
        weights: Mapping[str, float] = {
            each: weight(each)
            / sum(each in other for other in asked)
            / (1 + sum(each in other for other in said)) ** 0.5
            for each in own
        }
        whole = sum(weights.values())
        for column, held in enumerate(said):
            found[row, column] = sum(weights[each] for each in own & held) / whole if whole else 0.0
    return found
