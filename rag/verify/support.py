"""Whether a sentence says no more than what it cites: its words, statement by statement, against the sources'."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set

from rag.japanese.words import content_nouns
from rag.verify.sources import Source, all_words, statements

QUOTED_SHARE = 0.5
"""A sentence needs this share of its content words in its quotes and their heading …"""
FOUND_SHARE = 0.7
"""… and this share in the cited chunks."""
STATED_SHARE = 0.5
"""Of what one statement of a sentence names, and of all its words, more than this share must be known."""
FEWEST_NAMES = 2
"""Names below which a statement is too short to be told from a paraphrase."""
EMPTY = frozenset(
    "必要 規定 定める 定め 内容 次 上記 以下 対象 可能 出来る 有無 事項 旨 等 該当 点 際 時 此方 記載 通り 関する 係る"
    " 答える 答弁 述べる 発言 説明 示す 原則 自分 人 全部 別 方 それぞれ 御 金 物 合計 合わせる 差額 割合".split()
)
"""Words that a paraphrase adds without adding a claim."""
ABSOLUTE = re.compile(
    "いかなる|どのような場合|必ず|常に|一律|無条件|例外なく|いつでも|誰でも|どんな場合でも|すべて|全て"
)
"""Words that take away every condition: a source must say so itself."""

_JAPANESE = re.compile("[\u3040-\u30ff\u3400-\u9fff]")


def supported(text: str, quotes: Sequence[str], *, sources: Sequence[Source], asked: Source) -> bool:
    """Tell whether enough of the sentence's words stand in its quotes, and more of them in the cited chunks."""
    if _JAPANESE.search(text) is None:  # an answer is in Japanese, whatever a document says
        return False
    folded = "".join(source.plain for source in sources)
    if any(word not in folded for word in ABSOLUTE.findall(text)):
        return False
    if any(_is_unknown(part, sources, asked, folded) for part in statements(text)):
        return False
    words = {word for word in all_words([text]) - EMPTY if not word.isdigit()}
    named = words & content_nouns(text)
    quoted = all_words([*quotes, *(source.heading for source in sources)])
    if not words:
        return bool(asked.words & quoted)
    found = {word for word in words if any(word in source.words for source in sources) or word in folded}
    # Other verbs than the source's (見てもらう for 閲覧を受ける) say nothing against a sentence, the same ones for it.
    return _share(named, quoted & words) >= QUOTED_SHARE and _share(named, found) >= FOUND_SHARE


def _share(named: Set[str], held: Set[str]) -> float:
    """Return how much of what a sentence names, and of its other words that are held, is held."""
    return len(held) / (len(named | held) or 1)


def _is_unknown(statement: str, sources: Sequence[Source], asked: Source, folded: str) -> bool:
    """Tell whether most of what a statement says and names is known neither to the passages nor to the question."""
    words = {word for word in all_words([statement]) - EMPTY if not word.isdigit()}
    named = words & content_nouns(statement)
    held = asked.words.union(*(source.words for source in sources))
    known = {word for word in words if word in held or word in folded}
    if len(named) < FEWEST_NAMES:
        return False
    return max(len(known) / len(words), len(known & named) / len(named)) <= STATED_SHARE
