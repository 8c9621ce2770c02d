"""What a question asks to be told of its topic: a figure, a reason, a time, whether something will be done."""

from __future__ import annotations

import re
from enum import StrEnum

from rag.japanese.text import narrow

__all__ = ["Facet", "asked", "asks_of_both", "asks_of_effect", "clause_of"]


class Facet(StrEnum):
    """What is asked of a topic, as a message to a person names it."""

    REASON = "理由"
    DIFFERENCE = "違い"
    REQUEST = "国への要望"
    TIME = "時期"
    DECISION = "行うかどうか"
    TARGET = "目標や見通し"
    AHEAD = "今後の進め方"
    FIGURE = "数値"
    MEASURE = "取組"
    VIEW = "県の考え"
    EFFECT = "効果や変化"
    FACT = "問われた事実"
    ISSUES = "課題"
    PRESENT = "現状"


_ASKS = re.compile(
    r"(?:を|について|につき|に関し)?、?(?:知事|県|教育長|警察本部長|県?当局|教育委員会)?の?御?(?P<view>見解を|所見を|考えを)?お?"
    r"(?:伺いたい|伺う|伺います|お伺いする|問う|問います|尋ねる|お尋ねする|聞く|お聞きする|質す|ただす|お示し(?:いただ|くだ|願)[^。]*|お教え[^。]*|示されたい|示せ"
    r"|(?:明らか|明確)に(?:されたい|せよ|すべき)|お聞かせ[^。]*)$"
)
"""How a question ends, whatever it asks."""
_REASON = re.compile(
    r"なぜ|何故|(?:理由|要因|原因)(?!の|者|で|となっ)|どうして(?!い)|(?:どう|どのように)分析|背景(?:は|を|に|$)|根拠(?:は|を|に|$)"
)
_DIFFERENCE = re.compile(
    r"違い|差額|(?:どこ|何)が違|(?:どのような|どれ(?:だけ|ほど|くらい)の?|どの程度の?|の)差(?:が|は|を|$)|(?:どう|どのように|どれ(?:だけ|ほど|くらい))(?:異な|違)|場合と[^、]*場合と|差がある|開きが|(?:上回|下回)って(?:いる)?の?か"
    r"|(?<!前と)(?<!年と)(?<!年度と)(?<!当時と)比べ(?:て|、)?(?:ど|何|高|低|多|少|進|遅|$)|比較(?:し|は|で)|格差は"
)
_REQUEST = re.compile(
    r"国(?:に(?:対(?:し|する))?|へ(?:の)?)[^。]{0,40}?(?:要望|働き?掛?か?け|求め|提案|要請|提言|申し入れ|訴え|要求)"
)
_TIME = re.compile(
    r"いつ|時期(?![にの](?!つ))|スケジュール|日程|工程|何年(?:度)?(?:に|まで|から|ごろ|頃|$)|期限(?:は|を)|め[どド](?:は|を|$)|目途|開始は|着手は|何月"
)
_TARGET = re.compile(
    r"目標(?:は|を|と|値|$)|どこまで(?!進|上が|広が|[^。]{1,8}[てで]いる)|目指す(?:の|水準|姿)|数値目標|(?:推計|将来|今後)[^。]{0,16}(?:何|どの(?:程度|くらい)|数)|見通し|見込み(?:は|を|$)"
    r"|何[^、。]{1,4}(?:にする|に増やす|まで(?:増|減|引))"
)
_WILL = re.compile(
    r"べき(?!り)|(?:考え|覚悟|意思)は(?:ある|ない|$)|つもり|用意[はが]|予定は|意向|(?:でき|られ|れ|し|け|え)ないか|[てで]は(?:どう|いかが)"
    r"|を(?:求める|要望する|望む|お願いする)(?:が|の|$|、|と)|求めるが|可否|願いたい|必要[がは]ある"
)
_DECIDES = re.compile(
    r"(?<!ど)(?<!あ)(?<!見込め)(?<!はい)(?<!がい)(?<!てい)(?<!でい)(?<!でき)(?<!にな)(?<!られ)(?:る|う|く|す|つ|む|[しじきけさせめえられわ]ない)の?か$|約束|確約"
)
"""A verb that is not yet done, asked yes or no."""
_OPEN = re.compile(r"誰|何|どこ|どの|どれ")
_AHEAD = re.compile(
    r"来年度[^。]*(?:取り組|進め|行う|行い)|新たに何|今後|これから|次期|戦略|方針|方向性|展望|[てで]いく(?:のか|考え|か)|予定を|計画を|(?:計画|予定)$"
)
_COUNTED = re.compile(
    r"何(?:人|名|件|校|戸|世帯|頭|台|基|棟|か所|箇所|社|団体|施設|市町|回|本|床|割|%|パーセント|路線|億|万|トン|時間|地区|自治体|市|町|村|ヘクタール|キロ|日|点|倍)"
    r"|いくつ|いくら|幾つ|幾ら|どの(?:程度|くらい|ぐらい)(?!.*(?:どのように|どう))|どれ(?:だけ|くらい|ほど)"
    r"|の数(?=は|を|と|$)|(?<![多少複半])[一-龥]数(?:の推移)?(?:は|を|と|、|に|及び|や|の|$)"
    r"|(?:割合|比率|[^効能確]率|額|実績|推移|利用量|発生量|件数|内訳)(?:は|を|と|、|及び|や|の(?:推移|内訳|状況)|につ|$)|単価|費用は|総額|事業費(?:は|を)|内訳|推移|実績"
)
_HOW_MUCH = re.compile(r"何(?!か|に|を|が|と)|いくつ|いくら|幾つ|幾ら|どれ(?:だけ|くらい|ほど)|どの(?:程度|くらい)")
_IN_NUMBERS = re.compile(r"何(?:番|位|ヘクタール|パーセント|円|倍|割)|差額")
_NO_FIGURE = re.compile(
    r"率を(?:上げ|高め|引き|下げ|伸ば)|誰が|どうあるべき|(?:どう|どのように)考え|推移(?:を)?(?:見|踏)"
)
_COUNTED_AT_END = 14
"""Characters at the end of a question in which the noun stands whose figure is asked."""
_WHOLE = re.compile(r"(?:どうか|いかが|どう推移[^、]*)$")
_HOW = re.compile(
    r"どう(?!減っ|増え|つか[むん]|変化|変わ|推移|把握|か$|か、|あるべき|なっ|分析|考え|認識|受け|捉え|見て|評価|異な|違|いう|であ|だ)"
    r"|どのように(?!変化|変わ|減っ|増え|把握|推移|考え|認識|受け|捉え|評価|分析|見て|なっ|異な|違)|いかに|どのような(?:[手対取支施策方措工体指働]|[一-龥]{2,4}を(?:行|実施|講|進|設))"
)
_COUNTED_HOW = re.compile(r"何(?!か)|数(?:は|と)")
_VIEW = re.compile(
    r"見解|所見|認識|受け止め|どう(?:考え|思|見て|捉え|とらえ)|どのように(?:考え|思|見て|捉え|とらえ|受け)|所感|思い|考えを|評価|あるべき|賛成|反対|立場"
)
_EFFECT = re.compile(
    r"(?<!温室)効果|成果|評価|検証|影響|(?:増え|減っ|減り|伸び|改善|向上|定着|回復|戻っ|伸ばし|高まっ|下がっ|上がっ|広がっ|つながっ|短縮|[くに]なっ)[てで]?(?:いる?|た|だ)の?か"
)
_SPREADS = re.compile(r"どこまで(?:広が|進|[^。]{1,8}[てで]いる)")
_FACT = re.compile(r"(?:る|た|だ|ない|である|う|す|く)の?か$")
_ISSUES = re.compile(r"(?:課題|問題点|懸念|支障|弊害)(?:は|を|に|が|と|、|$)")
_PRESENT = re.compile(
    r"現状|実態|状況|進捗|進み具合|内容|傾向|特徴|概要|仕組み|基準|役割|条件|要件|規模|動向|結果|手順"
)
_PLAN = re.compile(
    r"取組|取り組|対策|対応|方策|支援|具体的|体制|手立て|措置|工夫|策(?:を|は|に|$)|指導|促進|確保|啓発|周知|育成|改善|保護|解消|拡大|推進|普及"
)
_CAME_OF = re.compile(r"(?<!温室)効果|成果")
_BOTH = re.compile(r"(?:現状|件数|数|実績|課題|状況|割合|率|額|目標|倍率|内容|概要|効果|成果)(?:と|及び|、|や)")


def clause_of(question: str) -> str:
    """Return the last sentence of a question without the words that only ask; what asks for a view keeps 見解."""
    text = narrow(question).strip().rstrip("。?？ ")
    text = _ASKS.sub(lambda found: " 見解" if found["view"] else "", text)
    return text.rpartition("。")[2]


def asked(question: str) -> tuple[Facet, ...]:
    """Return what a question asks to be told, the most particular first; how things stand where it does not say."""
    clause = clause_of(question)
    is_how = _HOW.search(clause) is not None
    is_counted = _COUNTED.search(clause) is not None
    is_timed = _TIME.search(clause) is not None
    decides = _DECIDES.search(clause) is not None and not (
        is_counted or is_timed or any(each.search(clause) for each in (_EFFECT, _VIEW, _OPEN))
    )
    will = _WILL.search(clause) is not None or decides
    in_figures = _asks_figure(clause, is_how=is_how)
    found = (
        (Facet.REASON, _REASON.search(clause)),
        (Facet.DIFFERENCE, _DIFFERENCE.search(clause)),
        (Facet.REQUEST, _REQUEST.search(clause)),
        (Facet.TIME, is_timed),
        (Facet.DECISION, will and not is_how and "どうあるべき" not in clause),
        (Facet.TARGET, _TARGET.search(clause)),
        (Facet.AHEAD, _AHEAD.search(clause) and (is_how or not is_counted)),
        (Facet.FIGURE, in_figures),
        (Facet.MEASURE, is_how),
        (Facet.VIEW, _VIEW.search(clause)),
        (Facet.PRESENT, _SPREADS.search(clause)),
        (Facet.EFFECT, not will and _EFFECT.search(clause)),
        (Facet.FACT, not (is_how or will or in_figures or is_timed) and _FACT.search(clause)),
        (Facet.ISSUES, _ISSUES.search(clause)),
        (Facet.PRESENT, _PRESENT.search(clause)),
        (Facet.MEASURE, _PLAN.search(clause)),
    )
    return tuple(dict.fromkeys(facet for facet, holds in found if holds)) or (Facet.PRESENT,)


def asks_of_both(question: str) -> bool:
    """Tell whether a question names two things of its topic in one breath (現状と目標): either is an answer to it."""
    return _BOTH.search(narrow(question)) is not None


def asks_of_effect(question: str) -> bool:
    """Tell whether a question asks what came of something, in whatever words it asks for a view of it."""
    return _CAME_OF.search(narrow(question)) is not None


def _asks_figure(clause: str, *, is_how: bool) -> bool:
    end = clause if _WHOLE.search(clause) else clause[-_COUNTED_AT_END:]
    is_named = (_COUNTED.search(end) or _HOW_MUCH.search(clause)) and not _NO_FIGURE.search(clause)
    if not is_named and not _IN_NUMBERS.search(clause):
        return False
    return not is_how or _COUNTED_HOW.search(clause) is not None
