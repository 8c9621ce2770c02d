"""Why two answers on one thing cannot both hold: figures, times, what is done, what is so, and who does it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from rag.domain import Period
from rag.drafting.figure_reading import Placed, alike, placed_figures
from rag.drafting.ladder import Ladder
from rag.japanese.text import narrow, sentences
from rag.japanese.times import times
from rag.japanese.words import content_nouns

__all__ = ["Clash", "Side", "clashes", "share", "speaks_of_other_times", "topic"]

SAME_FIGURE = 0.4
"""Likeness of two figures from which they count the same thing."""
ON_TOPIC = 0.25
"""Share of topic words from which a sentence is on the other text's topic."""
_LIGHT = frozenset(
    "県 本県 県内 御 議員 質問 答弁 お尋ね 取組 取り組み 推進 実施 支援 対応 対策 検討 研究 努力 必要 重要 課題 今後 引き続き 現在 状況 認識 考え 考え方 事業 整備 充実 強化 年度 年 月 日"
    " 令和 平成 国 動向 注視 市町村 関係 連携 方 等 者 化 的 点 性 上 中 内 向上 確保 促進 活用 効果 県民 皆様 地域 制度 導入 時期 尚早 予定 計画 昨年 本年 昨年度 本年度 来年度 約 件 人 円 万 億 千 割 所存 一層"
    " 指摘 とおり 通り 為 中 初め ところ 次第 方針 時点 段階 現時点 現段階 利用 設置 開設 完成 完了 着手 開始 目標 目途 末 以降 適切 適当 困難 不可能 可能 全て 全体 前 後 間 其の 此の 際 独自 都道府県".split()
)
"""Words of every answer, that say nothing of its topic."""
_NO = re.compile(r"(?:ません|ない(?!か))[^、。]{0,25}。?$|禁じ(?:て|る)[^、。]{0,10}。?$")
_NO_INSIDE = re.compile(
    r"(?:ておらず|ことはなく|はなく|ではなく|ないことを|ないこととし|ないよう定め|には?至っておらず|ことなく決め)(?!.*だけで)"
)
_NO_DENIAL = re.compile(
    r"だけでな[くい]|のみならず|に違いない|欠かせ|かもしれ|しか(?:ない|ありません)|待ったなし|絶え|なければ|わけではない|不思議では|過言では|問わず|ざるを得"
)
_REFUSES = re.compile(r"(?:予定|考え)は(?:なく|ございませんで)、|考えておらず、|採らないこと|行わないこと")
"""A refusal that something else follows in the same sentence."""
_GIVEN_UP = re.compile(r"見送|見合わせ|取りやめ|中止|断念|延期|ことといたしました|こととしました|尚早|当面")
"""A change that is told as one, and so a step back."""
_AFFIRMS = re.compile(r"(?:ます|ました|たい|おります|ございます|であります|です|ところ)[^、。]{0,20}。?$")
_DONE = re.compile(
    r"(?:完了|完成|終え|済ませ|決定|締結|制定|開設|設置|達成|売却|始め)[^、。]{0,12}(?:ました|ております|たところ|済み)|(?:定めて|結んで)おります"
)
_ALL = re.compile(
    r"全て|すべて|全(?:[0-9,]+|市町|校|県|路線|施設|地区)|1[本件人校社つか]+も[^。]*(?:ない|ませ)|欠けることのない|遅れる団体はございません"
)
_PART = re.compile(
    r"のうち[^。]{0,30}(?:[0-9]|残)|残る|残り|を残して|[0-9一][本件人校社]も|半数|一部|間に合わな|まだ|いまだ|未|これから|候補|現在は[0-9]|どうか"
)
_OPEN = re.compile(r"候補|どうか|比較|絞り込|話し合|意見を伺|定めたことはな|方針を定め|検討")
_PRETENDS = re.compile(
    r"以前から(?:申|一貫|お答)|かねて(?:より|から)(?!の?[ご御]?(?:要望|お願い|懸案|課題))|一貫して|当初から|早くから|最初から|従来から|これまで(?:も|数年|一貫)|申し上げてまいりましたとおり"
)
"""The draft says that it was always so."""
_OPPOSITES = tuple(
    (re.compile(one), re.compile(other))
    for one, other in (
        (r"賛成", r"反対"),
        (r"(?<!不)必要(?!な|と)", r"不要|必要は?な"),
        (r"減ら|減額|削減|下回", r"増やし|増額|増加|上回"),
        (r"据え置|引上げは[^。]*(?:行わ|しな)|引き上げな", r"引上げを|引き上げ(?!な)|値上げ"),
        (r"維持", r"削減|廃止|縮小|減ら"),
        (r"保存|残すこと|存続", r"解体|取り壊|廃止|切り替え"),
        (r"赤字|損失", r"黒字|損失がなく|赤字がなく|解消"),
        (
            r"禁じ|禁止|認め(?:て|る考えは)?(?:おりません|ない|いません|ず)",
            r"(?:する|入力する|用いる)ことができ|認め(?:ます|ており|る(?:こと|もの))",
        ),
        (r"単独", r"共同|共有"),
        (r"が直接|自らの事業|県が自ら|県であり", r"市町村が|市町村の責任|自らの判断|窓口となって|責任において"),
        (r"任意", r"義務付け|義務と(?!するこ)"),
        (r"(?<!非)公表(?!し?な)", r"公表しな|非公開|公開しな"),
        (r"無償|無料", r"有償|有料"),
        (r"直営", r"委託|民営"),
        (r"全額", r"うち[^。]{0,20}(?:一般財源|負担)"),
        (r"上限|限度", r"上限(?:は|を|も)[^。]{0,4}(?:設けて|定めて)(?:い|お)"),
        (r"継続", r"終了|廃止"),
        (r"拡大", r"縮小"),
        (r"増設", r"統合|閉鎖"),
    )
)


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
        self.levels = {sentence: 7 if _REFUSES.search(sentence) else ladder.level(sentence) for sentence in self.said}
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


def share(one: frozenset[str], other: frozenset[str]) -> float:
    """Return how much of the smaller set both have."""
    return len(one & other) / min(len(one), len(other)) if one and other else 0.0


def clashes(ours: Side, theirs: Side) -> Iterator[Clash]:
    """Yield why a draft and a past answer on one thing cannot both hold."""
    yield from _figures(ours, theirs)
    mine, their = ours.on(theirs.topic), theirs.on(ours.topic)[0]
    yield from _deadlines(ours, theirs, mine, their)
    committing_first = sorted(mine, key=lambda sentence: not (theirs.levels[their] and ours.levels[sentence]))
    for sentence in committing_first:
        if reason := _turned(ours, theirs, sentence, their):
            yield Clash(ours=sentence, theirs=their, reason=reason)
    if _DONE.search(their):
        yield from (
            Clash(ours=sentence, theirs=their, reason="済んだと答えたことを、まだとしています")
            for sentence in ours.said
            if _OPEN.search(sentence) and not _DONE.search(sentence)
        )


def speaks_of_other_times(ours: Side, theirs: Side) -> bool:
    """Tell whether the past answer only gives figures of times of which the draft does not speak."""
    if any(theirs.levels.values()):
        return False
    pairs = [(one, other) for one in ours.figures for other in theirs.figures if one.unit == other.unit]
    pairs = [(one, other) for one, other in pairs if one.periods and other.periods]
    return bool(pairs) and not any(_meet(one.periods[0], other.periods[0]) for one, other in pairs)


def _figures(ours: Side, theirs: Side) -> Iterator[Clash]:
    for our in ours.figures:
        same = [each for each in theirs.figures if each.unit == our.unit and alike(our, each) >= SAME_FIGURE]
        best = max(same, key=lambda each: alike(our, each), default=None)
        if (
            best is None
            or any(_fits(our, each) for each in same)
            or any(_fits(each, best) for each in ours.figures if each.unit == best.unit)
        ):
            continue
        if _of_one_time(our, best):
            reason = f"同じことの数値が異なります（{best.words}→{our.words}）"
            yield Clash(ours=our.sentence, theirs=best.sentence, reason=reason)


def _fits(our: Placed, their: Placed) -> bool:
    return our.low <= their.value <= our.high or their.low <= our.value <= their.high


_FIXED = re.compile(r"目標|計画|上限|下限|補助率|定員|定数|基準|単価|期限|限度|総額|総事業費|料金|対象")


def _of_one_time(our: Placed, their: Placed) -> bool:
    """Tell whether two figures are of one time, or of something that stays as it is until it is changed."""
    if our.periods and their.periods:
        one, other = our.periods[0], their.periods[0]
        return _meet(one, other) and _days(one) <= 3 * _days(other) and _days(other) <= 3 * _days(one)
    return not (our.periods or their.periods) and bool(_FIXED.search(our.sentence) or _FIXED.search(their.sentence))


def _days(period: Period) -> int:
    return ((period.end or date.max) - (period.start or date.min)).days


def _meet(one: Period, other: Period) -> bool:
    return (one.start or date.min) < (other.end or date.max) and (other.start or date.min) < (one.end or date.max)


_WHEN = re.compile(
    r"までに|から|に[^、。]{0,20}(?:始|開|完|行|実施|着手|供用|解体|決|改|制|設|提)|予定|目指|入学者|より"
)


_ACTS = re.compile(r"完成|完了|開設|開所|開始|開業|供用|策定|制定|導入|達成|終了|廃止|整備|公表|施行|移転|開館")


def _deadlines(ours: Side, theirs: Side, mine: list[str], their: str) -> Iterator[Clash]:
    """Yield another time for what the past answer announced."""
    ahead = [each for each in theirs.times(their) if theirs.day and each.end and each.end > theirs.day]
    if not ahead or not _WHEN.search(their) or not (theirs.levels[their] in (1, 2) or _WHEN.search(their)):
        return
    acts = set(_ACTS.findall(their))
    for sentence in [*mine, *(each for each in ours.said if each not in mine and acts & set(_ACTS.findall(each)))]:
        when = ours.times(sentence)
        if when and _WHEN.search(sentence) and not any(_meet(one, other) for one in when for other in ahead):
            yield Clash(ours=sentence, theirs=their, reason="時期が異なります")


def _turned(ours: Side, theirs: Side, our: str, their: str) -> str:
    """Return why two sentences cannot both hold; empty where they can."""
    our_level, their_level = ours.levels[our], theirs.levels[their]
    is_denied = any(_denies(sentence) for sentence in ours.on(theirs.topic))
    if _PRETENDS.search(our) and their_level and our_level != their_level and not (is_denied and _denies(their)):
        return "以前からの考えとしていますが、前の答えと異なります"
    if _denies(their) and not is_denied and _AFFIRMS.search(our) and our_level in (0, 1, 2, 3):
        return "しない、ないと答えたことを、する、あるとしています"
    if not _denies(their) and _denies(our) and their_level < 3 and not _GIVEN_UP.search(our) and our_level in (0, 1, 7):
        return "する、あると答えたことを、しない、ないとしています"
    if (_DONE.search(their) or _ALL.search(their)) and (
        _PART.search(our) or (_DONE.search(their) and _OPEN.search(our))
    ):
        return "済んだ、全てと答えたことを、まだ、一部としています"
    for one, other in _OPPOSITES:
        if (one.search(their) and other.search(our) and not other.search(their)) or (
            other.search(their) and one.search(our) and not one.search(their)
        ):
            return "答えの向きが逆です"
    return ""


def _denies(sentence: str) -> bool:
    return bool((_NO.search(sentence) and not _NO_DENIAL.search(sentence)) or _NO_INSIDE.search(sentence))
