"""Why two answers on one thing cannot both hold: facts that differ, what is done, what is so, and who does it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.drafting.clash_facts import deadlines, events, figures, fits, places
from rag.drafting.overlap import share
from rag.drafting.sides import Clash, Side, topic

__all__ = ["clashes"]

ON_MATTER = 0.4
"""Share of topic words from which a denial is of the past answer."""

_NO = re.compile(r"(?:ません|(?<!少)(?<!危)ない(?!か|よう))[^、。]{0,25}。?$|禁じ(?:て|る)[^、。]{0,10}。?$")
_NO_INSIDE = re.compile(
    r"(?:ておらず|ことは[^、。]{0,10}なく|一度もなく|[一1]つもなく|によらず|ないことは|(?:例|こと)[がは][^、。]{0,6}なく|はなく|ではなく|ないことを|ないこととし|ないよう定め|には?至っておらず|ことなく決め)(?!.*だけで)"
)
_NO_DENIAL = re.compile(
    r"だけでな[くい]|のみならず|に違いない|欠かせ|かもしれ|しか(?:ない|ありません)|待ったなし|絶え|なければ|わけではない|不思議では|過言では|問わず|ざるを得|未[一-龥]{2}の[^。]{0,8}は(?:ございません|ありません)|ほか(?:ない|ありません|ございません)"
)
_GIVEN_UP = re.compile(r"見送|見合わせ|取りやめ|中止|断念|延期|ことといたしました|こととしました|尚早|当面")
"""A change that is told as one, and so a step back."""
_AFFIRMS = re.compile(r"(?:ます|ました|たい|おります|ございます|であります|です|ところ)[^、。]{0,20}。?$")
_DONE = re.compile(
    r"(?:完了|完成|終え|済ませ|決定|締結|制定|開設|設置|達成|売却|始め)(?![^、。]{0,12}(?:検討|予定|目指|準備|計画|要望|促))[^、。]{0,12}(?:ました|ております|たところ|済み)|(?:定めて|結んで)おります"
)
_ALL = re.compile(
    r"全て|すべて|全(?:[0-9,]+|市町|校|県|路線|施設|地区)|1[本件人校社つか]+も[^。]*(?:ない|ませ)|欠けることのない|遅れる団体はございません"
)
_PART = re.compile(
    r"のうち[^。]{0,30}(?:[0-9]|残)|残る|残り|を残して|[0-9一][本件人校社]も|半数|一部|だけ[^。]{0,12}(?:ておらず|ない|ません)|間に合わな|まだ|いまだ|未|これから|候補|現在は[0-9]|どうか"
)
_OPEN = re.compile(r"候補|どうか|比較|絞り込|話し合|意見を伺|定めたことはな|方針を定め|検討")
_PRETENDS = re.compile(
    r"以前から(?:申|一貫|お答)|かねて(?:より|から)(?!の?[ご御]?(?:要望|お願い|懸案|課題))|一貫して|(?<!年度の)(?<!年度)当初から|早くから|最初から|従来から|これまで(?:も|数年|一貫)|申し上げてまいりましたとおり"
)
"""The draft says that it was always so."""
_OPPOSITES = tuple(
    (re.compile(one), re.compile(other))
    for one, other in (
        (r"賛成|(?:される|する|すべき)べきもの", r"反対"),
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
        (r"直営", r"委託|民営|指定管理"),
        (r"全額", r"うち[^。]{0,20}(?:一般財源|負担)"),
        (r"上限|限度", r"上限(?:は|を|も)[^。]{0,4}(?:設けて|定めて)(?:い|お)"),
        (r"継続", r"終了|廃止"),
        (r"拡大", r"縮小"),
        (r"増設", r"統合|閉鎖"),
        (r"所得(?:にかかわらず|を問わず)|所得制限(?:は|を)?(?:設けず|設けない|なく|撤廃)", r"所得制限を設け(?!ず|な)"),
        (r"(?:河口|下流)側?から", r"上流[^、。]{0,10}から"),
    )
)
_FROM_CHILD = re.compile(r"第[一二三四五1-5][子学年]以降")
_REACHES = re.compile(r"届い|及ん|達し|満た|足り")


_NEVER_SAID = re.compile(
    r"(?:申し上げ|お示しし|お約束し|約束し|お答えし|答弁し|表明し|求める立場を取っ)た(?:こと|例)は[^。]*(?:ません|なく|ない)"
)
"""A draft that denies what was said."""


def clashes(ours: Side, theirs: Side) -> Iterator[Clash]:
    """Yield why a draft and a past answer on one thing cannot both hold."""
    for sentence in ours.said:
        if _NEVER_SAID.search(sentence) and share(topic(sentence), theirs.topic) >= ON_MATTER:
            yield Clash(ours=sentence, theirs=theirs.on(ours.topic)[0], reason="答えたことを、答えていないとしています")
    yield from figures(ours, theirs)
    mine, their = ours.on(theirs.topic), theirs.on(ours.topic)[0]
    yield from events(ours, theirs)
    yield from places(ours, theirs)
    yield from deadlines(ours, theirs, mine, their)
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


def _turned(ours: Side, theirs: Side, our: str, their: str) -> str:
    """Return why two sentences cannot both hold; empty where they can."""
    our_level, their_level = ours.levels[our], theirs.levels[their]
    is_denied = any(map(_denies, ours.said))
    is_of_one_figure = any(
        fits(one, other)
        for one in ours.figures
        for other in theirs.figures
        if one.sentence == our and other.sentence == their and one.unit == other.unit
    )
    if _PRETENDS.search(our) and their_level and our_level != their_level and not (is_denied and _denies(their)):
        return "以前からの考えとしていますが、前の答えと異なります"
    is_of_amount = is_of_one_figure and _REACHES.search(our + their) is not None  # that it is little is no denial
    if not is_of_amount and _denies(their) and not is_denied and _AFFIRMS.search(our) and our_level in (0, 1, 2, 3):
        return "しない、ないと答えたことを、する、あるとしています"
    if (
        not is_of_amount
        and not _denies(their)
        and _denies(our)
        and their_level < 3
        and not _GIVEN_UP.search(our)
        and our_level in (0, 1, 7)
    ):
        return "する、あると答えたことを、しない、ないとしています"
    if (_DONE.search(their) or _ALL.search(their)) and (
        _PART.search(our) or (_DONE.search(their) and _OPEN.search(our))
    ):
        return "済んだ、全てと答えたことを、まだ、一部としています"
    one, other = (frozenset(_FROM_CHILD.findall(each)) for each in (our, their))
    if one and other and not one & other:
        return "対象が異なります"
    for one_way, other_way in _OPPOSITES:
        if (one_way.search(their) and other_way.search(our) and not other_way.search(their)) or (
            other_way.search(their) and one_way.search(our) and not one_way.search(their)
        ):
            return "答えの向きが逆です"
    return ""


def _denies(sentence: str) -> bool:
    return bool((_NO.search(sentence) and not _NO_DENIAL.search(sentence)) or _NO_INSIDE.search(sentence))
