"""What of a question an answer does not speak of: its words that stand nowhere in the cited passages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rag.domain import Evidence
from rag.japanese.text import Span, normalise
from rag.japanese.words import content_nouns, content_words, placed_words

SHOWN = 4
"""More of them say no more."""
_EMPTY = frozenset(
    "者 先 分 次 前 後 上 下 中 内 外 事 物 件 点 場合 際 程度 頻度 関係 該当 適用 事項 内容 種類 方法 手続き 必要 職員 自分 今 今年 今日 本年 両方 全部 何 幾ら"
    " 年 月 日 時 円 人 回 額 金額 定め 規定 規程 条例 規則 措置 扱い 取り扱い 質問 答弁 令和 平成 県 課 様 皆 何処 何時 誰 計算 同じ 他 別 例 こと もの 二人 一人 金 週 届 利用 対象 時期 余所".split()
)
"""Words whose absence says nothing."""


def missing_words(question: str, cited: Sequence[Evidence], official: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the nouns of a question that no cited passage holds, as they are written, with the compound they belong to.

    `official` maps its everyday phrases to the official words that may stand for them: these count as held where one is.
    """
    texts = [
        f"{item.title}\n{item.chunk.header}\n{item.chunk.text}\n{' '.join(item.chunk.labels.values())}"
        for item in cited
    ]
    held, flat = set(content_words("\n".join(texts))), normalise("\n".join(texts))
    nouns = content_nouns(question) - held - _EMPTY - _said_officially(official, held)
    named = content_nouns(question)
    placed = [(word, span) for word, span in placed_words(question) if word in named]
    found: dict[str, None] = {}
    for at, (word, span) in enumerate(placed):
        written = span.of(question)
        if word in nouns and normalise(written) not in flat and not any(map(str.isdigit, written)):
            found[_compound(question, [span for _, span in placed], at)] = None
    return tuple(found)[:SHOWN]


def _said_officially(official: Mapping[str, tuple[str, ...]], held: set[str]) -> set[str]:
    return {
        word
        for phrase, alternatives in official.items()
        if any(set(content_words(each)) <= held for each in alternatives)
        for word in content_words(phrase)
    }


def _compound(text: str, spans: Sequence[Span], at: int) -> str:
    """Return the nouns that stand together with this one: 平均取得日数 for 平均."""
    first = last = at
    while first > 0 and spans[first - 1].end == spans[first].start:
        first -= 1
    while last + 1 < len(spans) and spans[last].end == spans[last + 1].start:
        last += 1
    return text[spans[first].start : spans[last].end]
