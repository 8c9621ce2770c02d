"""A draft beside what was answered before: the same, a step forward or back on the ladder, or a contradiction."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import product

from rag.drafting.figure_reading import Placed, alike, placed_figures
from rag.drafting.ladder import LEVELS, Ladder, Reading
from rag.japanese.text import narrow, sentences
from rag.japanese.times import times
from rag.japanese.words import content_nouns
from rag.verify.force import flips

__all__ = ["Relation", "RelationKind", "compare"]

RELATED = 0.3
"""Share of the shorter text's topic words from which both speak of one thing."""
SAME_STATEMENT = 0.5
"""The same for two sentences."""
SAME_FIGURE = 0.6
"""Likeness of two figures from which they count the same thing."""


class RelationKind(StrEnum):
    """How a draft stands to a past answer."""

    SAME = "same"
    FORWARD = "forward"
    BACK = "back"
    CONTRADICTION = "contradiction"
    UNRELATED = "unrelated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """How a draft stands to a past answer, and the words that show it."""

    kind: RelationKind
    quotes: tuple[str, ...] = ()
    """The sentence of the draft, then that of the past answer; empty where they are unrelated."""
    reason: str = ""
    """In Japanese, in few words."""


_LIGHT = frozenset(
    "県 本県 県内 御 議員 質問 答弁 お尋ね 取組 取り組み 推進 実施 支援 対応 対策 検討 研究 努力 必要 重要 課題 今後 引き続き 現在 状況 認識 考え 考え方 事業 整備 充実 強化 年度 年 月 日"
    " 令和 平成 国 動向 注視 市町村 関係 連携 方 等 者 化 的 点 性 上 中 内 向上 確保 促進 活用 効果 県民 皆様 地域 制度 導入 時期 尚早 予定 計画 昨年 本年 昨年度 本年度 来年度 約 件 人 円 万 億 千 割 所存 一層"
    " 指摘 とおり 通り 為 中 初め ところ 次第 方針 時点 段階 現時点 現段階 利用 設置 開設 完成 完了 着手 開始 目標 目途 末 以降 適切 適当 困難 不可能 可能".split()
)
"""Words of every answer, that say nothing of its topic."""
_OPPOSITES = (
    ("賛成", "反対"),
    ("必要", "不要"),
    ("有効", "無効"),
    ("可能", "不可能"),
    ("可能", "困難"),
    ("公開", "非公開"),
    ("義務", "任意"),
    ("無料", "有料"),
    ("無償", "有償"),
    ("直営", "委託"),
    ("存続", "廃止"),
    ("継続", "廃止"),
    ("継続", "終了"),
    ("維持", "廃止"),
    ("拡大", "縮小"),
    ("対象", "対象外"),
    ("増設", "統合"),
    ("県が", "国が"),
    ("十分", "不十分"),
    ("適切", "不適切"),
)
_EXPLAINS = re.compile(
    r"(?:として|と申し上げて|とお答えして|考えて|見込んで|予定して|答弁して)(?:まいり|おり|い)ました(?:が|けれども|ところ)|としてきました(?:が|ところ)"
    r"|(?:変更|見直|改め|修正|訂正|転換|前倒し|延期)(?:する|し|た|い|す)|これまで[^。]{0,30}(?:ましたが|おりましたが)"
)
"""Words by which a draft itself says that something is otherwise than before."""
_FIXED = re.compile(r"目標|計画|上限|下限|補助率|定員|基準|単価|期限|限度|総額|総事業費|料金|対象")
"""What has one value until it is changed on purpose."""
_PLANS = re.compile(
    r"完成|完了|開設|開所|開始|開業|供用|策定|制定|実施|導入|達成|予定|目途|目指|終了|廃止|整備|設置|公表|改正|施行|改定|移転"
)
_DONE = re.compile(
    r"(?:完了|完成|開始|設置|整備|実施|導入|策定|制定|着手|開設|達成|終了|公表|廃止|創設|締結|配置|稼働|供用)[^、。]{0,10}(?:しました|いたしました|した(?:ところ|もの)|しております|済み|したところ)"
)
_NOT_BEGUN = re.compile(
    r"(?:未着手|未整備|未設置|未実施|未定|これから|まだ)|(?:して|されて|至って|行って|持って|ついて|設けて|始めて|なって)(?:は|も)?(?:おり|い)ま(?:せん)|(?:おりません|ございません)"
)
_ACTS = re.compile(
    r"完了|完成|開始|設置|整備|実施|導入|策定|制定|着手|開設|達成|終了|公表|廃止|創設|締結|配置|稼働|供用"
)
_DOING = re.compile(r"(?:まし|おりま|いま|きまし)た?す?(?:ところ)?[^、。]{0,10}。?$")


def compare(
    past_text: str, draft_text: str, past_day: date | None, draft_day: date | None, *, ladder: Ladder
) -> Relation:
    """Say how a draft stands to a past answer, with the sentences of both that show it."""
    past, draft = _sentences(past_text), _sentences(draft_text)
    if _share(_topic(past_text), _topic(draft_text)) < RELATED:
        return Relation(kind=RelationKind.UNRELATED, reason="話題が異なります")
    days = (past_day, draft_day)
    if not _EXPLAINS.search(draft_text):
        for found in (*_other_figures(past_text, draft_text, days), *_turned(past, draft, ladder, days)):
            return found
    return _moved(ladder.readings(past_text), ladder.readings(draft_text))


def _other_figures(past: str, draft: str, days: tuple[date | None, date | None]) -> Iterator[Relation]:
    """Yield a figure that was another one for the same thing at the same time."""
    theirs, ours = placed_figures(past, days[0]), placed_figures(draft, days[1])
    for our in ours:
        same = [each for each in theirs if each.unit == our.unit and alike(our, each) >= SAME_FIGURE]
        best = max(same, key=lambda each: alike(our, each), default=None)
        if best is None or any(each.value == our.value for each in same) or _fits(our, best):
            continue
        if any(each.value == best.value and each.unit == best.unit for each in ours):
            continue
        if _is_of_one_time(our, best):
            yield Relation(
                kind=RelationKind.CONTRADICTION,
                quotes=(our.sentence, best.sentence),
                reason=f"同じことの数値が異なります（{best.words}→{our.words}）",
            )


def _fits(our: Placed, their: Placed) -> bool:
    return our.low <= their.value <= our.high or their.low <= our.value <= their.high


def _is_of_one_time(our: Placed, their: Placed) -> bool:
    """Tell whether two figures are of one time, or of something that stays as it is until it is changed."""
    if our.periods and their.periods:
        return our.periods == their.periods
    return not (our.periods or their.periods) and bool(_FIXED.search(our.sentence) and _FIXED.search(their.sentence))


def _turned(
    past: Sequence[str], draft: Sequence[str], ladder: Ladder, days: tuple[date | None, date | None]
) -> Iterator[Relation]:
    """Yield a statement that is turned round, a deadline that is another one, and what was done and now is not begun."""
    pairs = sorted(product(draft, past), key=lambda pair: -_share(_topic(pair[0]), _topic(pair[1])))
    for ours, theirs in pairs:
        if _share(_topic(ours), _topic(theirs)) < SAME_STATEMENT:
            return
        if reason := _clash(ours, theirs, ladder, days):
            yield Relation(kind=RelationKind.CONTRADICTION, quotes=(ours, theirs), reason=reason)


def _clash(ours: str, theirs: str, ladder: Ladder, days: tuple[date | None, date | None]) -> str:
    """Return why two sentences on one thing cannot both hold; empty where they can."""
    if _other_deadline(ours, theirs, days):
        return "時期が異なります"
    if _acts(_DONE, theirs) & _acts(_NOT_BEGUN, ours):
        return "済んだと答えたことを、まだとしています"
    our_level, their_level = ladder.level(ours), ladder.level(theirs)
    if their_level in (1, 2) and our_level == 7:
        return "実施すると答えたことを、実施しないとしています"
    if our_level in (0, 7) and their_level in (0, 7) and (flips(ours, [theirs]) or _opposed(ours, theirs)):
        return "答えの向きが逆です"
    return ""


def _other_deadline(ours: str, theirs: str, days: tuple[date | None, date | None]) -> bool:
    """Tell whether both say when something is to be, and the times do not meet."""
    if not (_PLANS.search(ours) and _PLANS.search(theirs)):
        return False
    our_days, their_days = (
        [each.period for each in times(narrow(text), day or date(1900, 1, 1)) if each.period.start]
        for text, day in ((ours, days[1]), (theirs, days[0]))
    )
    acts = set(_PLANS.findall(ours)) & set(_PLANS.findall(theirs))
    ahead = [each for each in their_days if days[0] and each.end and each.end > days[0]]
    return bool(acts and ahead and our_days) and not any(
        (one.start or date.min) < (other.end or date.max) and (other.start or date.min) < (one.end or date.max)
        for one in our_days
        for other in ahead
    )


def _acts(kind: re.Pattern[str], sentence: str) -> set[str]:
    return set(_ACTS.findall(sentence)) if kind.search(sentence) else set()


def _opposed(ours: str, theirs: str) -> bool:
    return any(
        (one in ours and other in theirs and other not in ours and one not in theirs.replace(other, ""))
        or (other in ours and one in theirs and other not in theirs and one not in ours.replace(other, ""))
        for one, other in _OPPOSITES
    )


def _moved(past: Sequence[Reading], draft: Sequence[Reading]) -> Relation:
    """Return the move on the ladder between the last sentences that commit; what is being done stands with what will be."""
    theirs, ours = _stance(past), _stance(draft)
    quotes = (ours.sentence, theirs.sentence)
    if not theirs.level or not ours.level or theirs.level == ours.level:
        return Relation(kind=RelationKind.SAME, quotes=quotes, reason="言い回しの強さは同じです")
    kind = RelationKind.FORWARD if ours.level < theirs.level else RelationKind.BACK
    return Relation(kind=kind, quotes=quotes, reason=f"「{LEVELS[theirs.level]}」→「{LEVELS[ours.level]}」")


def _stance(readings: Sequence[Reading]) -> Reading:
    committing = [each for each in readings if each.level]
    if committing:
        return committing[-1]
    doing = [each for each in readings if _ACTS.search(each.sentence) and _DOING.search(each.sentence)]
    return Reading(level=1, sentence=doing[-1].sentence) if doing else readings[-1]


def _sentences(text: str) -> list[str]:
    return [span.of(text).strip() for span in sentences(text)]


def _topic(text: str) -> frozenset[str]:
    return frozenset(word for word in content_nouns(text) if not word.isdigit()) - _LIGHT


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / min(len(one), len(other)) if one and other else 0.0
