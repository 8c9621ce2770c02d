"""What a question wants to be told (a figure, a time, a reason, a view, a plan …), and which sentences tell it."""

from __future__ import annotations

import re
from enum import StrEnum

from rag.japanese.numerals import figures
from rag.japanese.text import narrow

__all__ = ["Facet", "asked", "tells"]


class Facet(StrEnum):
    """What is asked of a topic."""

    PRESENT = "現状"
    FIGURE = "件数"
    ISSUES = "課題"
    REASON = "理由"
    TIME = "時期"
    MONEY = "財源"
    EFFECT = "評価"
    STATE = "国への要望"
    PLAN = "今後の取組"
    PAST = "これまでの取組"
    VIEW = "見解"
    DECISION = "可否"


_ASKED: tuple[tuple[Facet, re.Pattern[str]], ...] = tuple(
    (facet, re.compile(pattern))
    for facet, pattern in (
        (Facet.TIME, r"いつ|時期|スケジュール|日程|工程|何年|期限|めど|目途|目処|開始は|着手は"),
        (Facet.MONEY, r"財源|予算(?!編成|案への)|費用|経費|総額|いくら|事業費|負担額|財政負担"),
        (Facet.REASON, r"なぜ|何故|理由|要因|原因|背景|根拠|どうして"),
        (Facet.STATE, r"国(?:に対(?:し|する)|へ(?:の)?|に)[^、。]{0,30}(?:要望|働き?か?け|求め|提案|要請|提言)"),
        (Facet.EFFECT, r"効果|成果|評価|検証|総括"),
        (Facet.ISSUES, r"課題|問題点|懸念|支障|弊害"),
        (
            Facet.FIGURE,
            r"何(?:人|件|校|か所|箇所|台|割|%|パーセント|市町|施設|世帯|戸|回)|件数|人数|割合|どの(?:程度|くらい)|どれ(?:だけ|くらい|ほど)|推移|利用者数|実績|(?:進捗|率)(?:は|と|、|を|につ)|数は|数を|数に",
        ),
        (Facet.PRESENT, r"現状|実態|状況|現在"),
        (Facet.PAST, r"これまで(?:の|に|どの)[^。]{0,20}(?:取組|取り組|対応|対策|実績|経緯|検討)|経緯"),
        (Facet.PRESENT, r"(?:て|で)いる(?:の)?か(?:[。?？]|$)"),
        (
            Facet.DECISION,
            r"(?:べき|ては|考えは|予定は|つもりは|用意は|必要が?)[^。]{0,16}(?:か|ないか|どうか|いかが|ある)|できないか|しないのか|する(?:の)?か(?:[。?、]|$)|するのか|導入(?:は|を)|可否|どうか",
        ),
        (
            Facet.PLAN,
            r"今後|どのように|どう(?!し[てか])|取組|取り組|方針|対策|対応|方策|支援策|具体的|進め|図っ|見通し|方向性|体制",
        ),
        (Facet.VIEW, r"見解|所見|認識|考え(?!は[^。]{0,3}(?:ある|ない))|受け止め|所感|思い|決意"),
    )
)
_TELLS: dict[Facet, re.Pattern[str]] = {
    Facet.TIME: re.compile(
        r"(?:[0-9]+年度?|[0-9]+月|年度|来年|本年|来春|今秋|年内|夏|秋|春|冬)[^。]{0,12}(?:から|まで|に|中|内|末|目途|めど|予定|頃)|時期(?:を|は|に)[^。]{0,20}(?:申し上げ|決ま|お示し|未定|示)|早期|速やか|できるだけ早|目途|段階"
    ),
    Facet.MONEY: re.compile(
        r"[0-9]円|[万億千]円|財源|事業債|交付税|経費|賄|予算|交付金|基金|起債|県債|国庫|一般財源|補助金|負担金|ふるさと納税|税収"
    ),
    Facet.REASON: re.compile(
        r"(?<!この)ため(?:で|に(?!は)|、)|ことから|こと(?:に|が)(?:よる|要因|原因)|要因|理由|原因|背景|によるもの|ことなど|からで"
    ),
    Facet.STATE: re.compile(
        r"国(?:に|へ|や|等|及び|・)[^。]{0,60}(?:要望|働き?か?け|求め|提案|要請|提言|申し入れ)|知事会"
    ),
    Facet.EFFECT: re.compile(r"効果|成果|評価|つなが|寄与|改善|向上|増加|減少|増え|減|図られ|好評|進ん|検証|伸び|上昇"),
    Facet.ISSUES: re.compile(
        r"課題|問題|不足|難し|困難|懸念|支障|偏|十分で(?:は)?な|遅れ|進んでいな|にとどま|負担|ばらつき|追い付|追いつ|低い|厳しい"
    ),
    Facet.PRESENT: re.compile(
        r"(?:おります|います|ございます|あります|ました|でした|なっている|です)[^。]{0,12}$|現在|現状"
    ),
    Facet.PAST: re.compile(
        r"これまで|昨年|平成|令和|まいりました|ました|きたところ|てきました|実施しており|取り組んで(?:おり|いる)"
    ),
    Facet.DECISION: re.compile(
        r"まいり(?:ます|たい)|いたします|こと(?:と|に)(?:して|いたし|し)|予定|考えて(?:おり|い)|検討|研究|注視|見守|困難|難し|べき|いたしました|できるよう|新設|見送"
    ),
    Facet.PLAN: re.compile(
        r"まいり(?:ます|たい)|いきます|いたします(?!.*お答え)|こと(?:と|に)(?:して|いたし|し)|予定|検討|努め|取り組|進め|図っ|図る|強化(?:し|を|す)|支援し|推進し|方針|目指|計画"
    ),
    Facet.VIEW: re.compile(
        r"考え|認識|受け止め|重要|必要|べき|思|存じ|大切|不可欠|課題|期待|尊重|望まし|まいり(?:ます|たい)"
    ),
}


def asked(question: str) -> tuple[Facet, ...]:
    """Return what a question wants to be told, the most particular first; a plan where it does not say."""
    text = narrow(question)
    found = tuple(facet for facet, pattern in _ASKED if pattern.search(text))
    return found or (Facet.PLAN,)


def tells(facet: Facet, sentence: str) -> bool:
    """Tell whether a sentence gives what is wanted, whatever its topic."""
    text = narrow(sentence).rstrip("。 ")
    if facet is Facet.FIGURE:
        return bool(figures(text)) or re.search(r"把握して(?:おり|い)ま?せん|集計", text) is not None
    return _TELLS[facet].search(text) is not None
