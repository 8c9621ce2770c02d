"""A question that names only a kind of thing, of which the documents know several: it is asked back, with those to choose from."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.domain import PATH_SEPARATOR, Hit, Kind
from rag.japanese.text import narrow
from rag.japanese.words import content_nouns, content_words
from rag.ranking.judge import COVERAGE

LOOKED_AT = 10
"""Hits in whose words kinds are looked for."""
FEWEST, MOST = 2, 4
COVERED = 0.95
"""Share of the question's words at which a text speaks of all of it."""
ALIKE = 5
"""So many of the hits looked at speak of all of it …"""
LEVEL = 0.85
"""… and the fourth has this share of the first one's score: none is ahead."""
OF_ASKING = frozenset(
    "取る 取れる 貰える 出る 受ける 受け取る 使う 使える 書く 出す 見る 聞く 言う 幾ら 何 日 円 月 年 時間 回 人 必要 どう どの 様 如何 方法 手続き 手続 金額 額 種類"
    " 日数 期間 期限 上限 内容 詳細 概要 制度 規定 規程 規則 説明 支給 対象 条件 申請 取得 利用 教える 調べる 今 現在 職員 県".split()
)
"""Words that ask something of a thing and do not say which one."""
NO_KIND = ("当該", "各", "同", "本", "前", "次", "諸", "全", "他", "その他", "等", "以外", "新", "旧")
"""What stands in front of a thing and makes no kind of it."""
_RUN = re.compile("[一-龥々ァ-ヴー]{2,}")


def to_choose(question: str, hits: Sequence[Hit]) -> tuple[str, ...]:
    """Return the questions that may be meant; empty where there is nothing to ask back."""
    return kinds_to_choose(question, hits) or texts_to_choose(question, hits)


def kinds_to_choose(question: str, hits: Sequence[Hit]) -> tuple[str, ...]:
    """Return the question once for each of the two to four kinds that it may mean; empty where it is clear enough.

    手当はいくらですか may mean 住居手当, 扶養手当 or 通勤手当: Japanese names a kind by what it sets in front. Clear enough is a
    question that names anything else, or that a text is about as it stands.
    """
    runs = [run for run in _RUN.findall(narrow(question)) if run not in OF_ASKING and not run.startswith("何")]
    if len(runs) != 1 or set(content_words(question.replace(runs[0], ""))) - OF_ASKING:
        return ()
    [thing] = runs
    if any(_is_about(hit, thing) for hit in hits[:LOOKED_AT]):
        return ()
    found: dict[str, int] = {}
    for hit in hits[:LOOKED_AT]:
        for kind in dict.fromkeys(_RUN.findall(narrow(hit.chunk.search_text))):
            if kind.endswith(thing) and kind != thing and not kind.startswith(NO_KIND):
                found[kind] = found.get(kind, 0) + 1
    kinds = sorted(found, key=lambda kind: -found[kind])[:MOST]
    return tuple(question.replace(thing, kind) for kind in kinds) if len(kinds) >= FEWEST else ()


def texts_to_choose(question: str, hits: Sequence[Hit]) -> tuple[str, ...]:
    """Return two to four questions to choose from where a question has one word and many texts speak of it alike; else empty.

    区分を教えてください: each of the best hits covers all of it and none is ahead of the others. A text is chosen by the question of
    its FAQ, or by its name, which leads straight to it.
    """
    found = hits[:LOOKED_AT]
    covering = [hit for hit in found if hit.leg_scores.get(COVERAGE, 0.0) >= COVERED]
    if len(set(content_words(question)) - OF_ASKING) != 1 or len(covering) < ALIKE or covering[0] is not found[0]:
        return ()
    if found[MOST - 1].score < LEVEL * found[0].score or not content_nouns(question):
        return ()
    named = dict.fromkeys(name for hit in covering if (name := _chosen_by(hit)))
    return tuple(named)[:MOST] if len(named) >= FEWEST else ()


def _chosen_by(hit: Hit) -> str:
    chunk = hit.chunk
    if chunk.kind is Kind.FAQ:
        return chunk.labels.get("question", "")
    heading = chunk.header.rpartition(PATH_SEPARATOR)[2]
    is_captioned = heading.startswith(chunk.locator) and heading != chunk.locator
    return f"{hit.title}{heading}" if chunk.kind is Kind.RULES and is_captioned else ""


def _is_about(hit: Hit, thing: str) -> bool:
    """Tell whether the heading of a text is the thing itself: 第9条（病気休暇）."""
    name = narrow(hit.chunk.header).rpartition(PATH_SEPARATOR)[2].strip()
    return name == thing or name.endswith(f"({thing})")
