"""A draft and a past answer as they are compared: their sentences with topic, level, figures and times."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from rag.domain import Period
from rag.drafting.figure_reading import Placed, placed_figures
from rag.drafting.ladder import Ladder
from rag.drafting.overlap import share
from rag.japanese.text import narrow, sentences
from rag.japanese.times import times
from rag.japanese.words import content_nouns

__all__ = ["Clash", "Side", "topic"]

REFUSES = re.compile(r"(?:予定|考え)は(?:なく|ございませんで)、|考えておらず、|採らないこと|行わないこと")
"""A refusal that something else follows in the same sentence."""
ON_TOPIC = 0.25
"""Share of topic words from which a sentence is on the other text's topic."""
_LIGHT = frozenset(
    "県 本県 県内 御 議員 質問 答弁 お尋ね 取組 取り組み 推進 実施 支援 対応 対策 検討 研究 努力 必要 重要 課題 今後 引き続き 現在 状況 認識 考え 考え方 事業 整備 充実 強化 年度 年 月 日"
    " 令和 平成 国 動向 注視 市町村 関係 連携 方 等 者 化 的 点 性 上 中 内 向上 確保 促進 活用 効果 県民 皆様 地域 制度 導入 時期 尚早 予定 計画 昨年 本年 昨年度 本年度 来年度 約 件 人 円 万 億 千 割 所存 一層"
    " 指摘 とおり 通り 為 中 初め ところ 次第 方針 時点 段階 現時点 現段階 利用 設置 開設 完成 完了 着手 開始 目標 目途 末 以降 適切 適当 困難 不可能 可能 全て 全体 前 後 間 其の 此の 際 独自 都道府県".split()
)
"""Words of every answer, that say nothing of its topic."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """Two sentences that cannot both hold."""

    ours: str
    theirs: str
    reason: str
    """In Japanese, in few words."""


class Side:
    """One of the two texts, as it is compared."""

    def __init__(self, text: str, day: date | None, ladder: Ladder) -> None:
        """Read a text of a day; None: not known."""
        self.text = narrow(text)
        self.day = day
        self.topic = topic(self.text)
        self.said = [span.of(self.text).strip() for span in sentences(self.text)]
        self.levels = {sentence: 7 if REFUSES.search(sentence) else ladder.level(sentence) for sentence in self.said}
        self.figures: list[Placed] = placed_figures(self.text, day)

    def on(self, other: frozenset[str]) -> list[str]:
        """Return the sentences on the topic of the other text, the closest first; the whole text where none is."""
        ranked = sorted(self.said, key=lambda sentence: -share(topic(sentence), other))
        return [sentence for sentence in ranked if share(topic(sentence), other) >= ON_TOPIC] or ranked

    def times(self, sentence: str) -> list[Period]:
        """Return the times with a year that a sentence names."""
        return [each.period for each in times(sentence, self.day or date(1900, 1, 1)) if each.period.start]


def topic(text: str) -> frozenset[str]:
    """Return the nouns that say what a text is about."""
    return frozenset(word for word in content_nouns(text) if not word.isdigit()) - _LIGHT
