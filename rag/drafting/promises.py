"""What a draft promises beyond what it may: absolute words, deadlines and amounts, and more than the asked stance allows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from rag.assembly.item import Stance
from rag.drafting.ladder import Ladder
from rag.japanese.numerals import figures
from rag.japanese.text import narrow

__all__ = ["Promise", "PromiseKind", "promises", "strongest_allowed"]

NOTHING_SAID_BEFORE = 3
"""Level that 現状維持 allows where no past answer commits to anything: to consider it binds nobody."""
_LIMITS = {Stance.FORWARD: 1, Stance.CAUTIOUS: 3}
_ABSOLUTE = re.compile(
    r"必ず(?!しも)|絶対に|確実に|間違いなく|全額|無条件|例外なく|いかなる場合も|どのような場合も|直ちに(?!は)|無期限|永久に|未来永劫|一切の?|完全に"
    r"|(?:100|百)(?:%|パーセント)|ゼロに(?:し|いた)|(?:お約束|確約|保証)(?:し|いた|申)"
)
_BY = re.compile(
    r"(?:[0-9〇一二三四五六七八九十元]+(?:年度?|月|日)|今年度|本年度|来年度|再来年度|年度|年|今年|来年|当初|夏|秋|春|冬|末|内|中|頃)"
    r"(?:末|中|内|当初|前半|後半|上旬|中旬|下旬|半ば)?(?:までに(?:は)?|中に|内に|に(?:は)?、?)(?P<act>[^。]{0,60})$"
)
_DONE = re.compile(
    r"完成|完了|完成させ|整備|開設|開所|開始|設置|配置|策定|制定|実施|供用|導入|達成|実現|解消|終え|提出|着手|公表|創設|開業|再開|増員|引き上げ|配備"
)
_GIVES = re.compile(r"補助|支給|助成|計上|措置|交付|投じ|負担|支援|確保|予算|配分|給付|引き上げ|上乗せ|無償|整備")


class PromiseKind(StrEnum):
    """What is promised."""

    ABSOLUTE = "言い切り"
    DEADLINE = "期限"
    AMOUNT = "金額・数量"


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """Words that bind the office."""

    kind: PromiseKind
    words: str
    sentence: str


def promises(text: str, ladder: Ladder) -> tuple[Promise, ...]:
    """Return what the sentences that announce something promise: absolute words, a deadline or an amount, each once a sentence."""
    said = [each.sentence for each in ladder.readings(text) if 0 < each.level <= 2]
    return tuple(promise for sentence in said for promise in _promises(sentence))


def strongest_allowed(stance: Stance | None, newest_level: int) -> int:
    """Return the strongest level that a draft may have: 推進 1, 慎重 3, 現状維持 that of the newest past answer, none asked for 1.

    `newest_level` 0: nothing committed to anything before.
    """
    if stance is Stance.AS_BEFORE:
        return newest_level or NOTHING_SAID_BEFORE
    return _LIMITS.get(stance, 1) if stance else 1


def _promises(sentence: str) -> Iterator[Promise]:
    text = narrow(sentence).rstrip("。 ")
    if absolute := _ABSOLUTE.search(text):
        yield Promise(kind=PromiseKind.ABSOLUTE, words=absolute[0], sentence=sentence)
    deadline = _BY.search(text)
    if deadline and _DONE.search(deadline["act"]):
        yield Promise(
            kind=PromiseKind.DEADLINE, words=text[deadline.start() : deadline.start("act")], sentence=sentence
        )
    last = max(text.rfind("、", 0, max(0, len(text) - 30)), 0)
    amounts = [each for each in figures(text) if each.unit in {"円", "人", "%"} and each.span.end > last]
    if amounts and _GIVES.search(text, amounts[-1].span.end):
        yield Promise(kind=PromiseKind.AMOUNT, words=amounts[-1].span.of(text), sentence=sentence)
