"""Which sentences tell what is asked, whatever their topic."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from rag.drafting.amounts import has_asked_unit
from rag.drafting.facets import Facet, clause_of
from rag.drafting.saying import Saying
from rag.drafting.topics import letters
from rag.japanese.dates import dates
from rag.japanese.text import narrow

__all__ = ["tells"]

_CAUSE = re.compile(
    r"(?:た|いる|ある|なる|れる|い|な|である|だった)ため(?!に?、?[^。]{0,60}(?:補助|助成|支援|整備|設け|実施|行っ|行う|検討|進め|求め|まいります|こととし|いたします))"
    r"|こと(?:に|が)(?:よる|要因|原因|影響|大き|挙げ)|要因|理由|原因|背景|による(?:もの|ところ|影響)|影響[しにが]|からで[あごす]|挙げら|挙が|障壁|妨げ|可能性が高|考えられ|推定|主因|起因|ことで、|[たる]ことにより"
    r"|と(?:分析|見て)|た結果|ことから(?:、)?[^。]{0,40}(?:なっ|減|増|遅|困難|難|たもの|ござい)|ことが(?:大き|響)|に根[がざ]|に(?:原因|問題)が"
)
_LEADS_TO = re.compile(r"ことから|(?:る|い|た|の)ため、|ので、|によ(?:り|って)、")
_COMPARES = re.compile(
    r"比べ|比し|一方|他方|[のにが]差|上回|下回|(?<!何)より(?:も)?(?:高|低|多|少|大き|小さ)|異な|違|これに対|それぞれ|ポイント|平均(?:を|より|と)|同程度|並み|位[でと]|に対し、[^。]*[はが]"
)
_SIDES = re.compile(r"([^、とは]{2,16})と(?!比べ)([^、と]{2,16}?)(?:と)?(?:で|の|では|を|、)")
_ASKS_STATE = re.compile(
    r"国(?:に|へ)(?:対し(?:て|まして)?|は|も)?[^。]{0,60}?(?:要望|働き?掛?か?け|求め|提案|要請|提言|申し入れ|訴え|要求)|知事会[^。]*(?:要望|求め|提言|要請|訴え|提案)"
    r"|(?:大臣|省|庁)(?:に|へ)[^。]{0,30}(?:要望|申し入|求め|提言|要請|訴え|提案|働き)|(?:要望|提案|要請|提言|働き?掛?か?け)(?:して(?:おり|まい|いる)|を(?:行|重ね|続け)|いたし(?:ました|ており))"
)
_STATE_ACTS = re.compile(r"^(?:なお、)?国(?:において|では|は)")
_WHEN = re.compile(
    r"(?:年度?|月|春|夏|秋|冬|年内|年明け|年末|議会|定例会|中旬|上旬|下旬)[^。]{0,14}(?:から|まで|に|中|内|末|目途|めど|予定|頃|以降|決定|開始|を目指)"
    r"|時期[をはにが][^。]{0,20}(?:申し上げ|決ま|お示し|未定|示)|早期|速やか|できるだけ早|未定|時点で(?:は)?(?:お示し|申し上げ|決ま)"
)
_RECKONS = re.compile(r"(?:推計|試算|見積)(?:し|さ)")
_PAST = re.compile(r"(?:ました|でした|おります|ところで(?:あり|ござい)ます)$")
_COMES = re.compile(
    r"[てで](?:まいり(?:ます|たい)|いき(?:ます|たい))|(?<!お答え)(?<!答弁)いたします|こと[とに](?:して(?:おり|い)|いたし(?:ます|ており|ました)|し(?:ました|たところ))|計上|提案し|提出し|予定"
    r"|計画(?:で(?:あり|す|ござい)|を(?:策定|作|定|まとめ|取りまとめ)|が|と)|目指し|来年|来春|翌年|再来年|次年度|今後|これから|見込[みまん]|たいと考え|検討|準備(?:を|し)|研究|方針|方向で|見通し|調整[しをが]|目標|決ま[りっ]|合意"
    r"|[度月年末春夏秋冬](?:中)?(?:まで)?に(?:は)?[^。]{0,30}[るうす](?:予定|こと|計画|考え|方針)|年後|推計|試算|見積|(?:来年度|次年度|令和[0-9]+年度?)以降|までに[^。]{0,60}(?:いたします|こととし|計画|予定|方針)|(?<!おり)(?<!ござい)(?<!あり)(?<!とい)(?<!なり)(?<!れ)(?<!でき)(?<!存じ)(?<!考え)(?<!思い)(?<!えて)ます$"
    r"|(?:考え|もの)で(?:あり|ござい)ます$|見送|なじま|困難|考えておりません|予定はありません"
)
"""What is to come, or will not come."""
_REFUSES = re.compile(
    r"考えて(?:おり|い)ま?せん|(?:考え|予定)は(?:ありません|ございません)|(?:困難|難し)(?:[^。、]{0,18}$|い(?:とのこと|もの|状況))|なじま|適当でな|慎重[にな]|見送|見合わせ|時期尚早|必要はない|行わない|いたしません|しないこと|できません"
)
_CONSIDERS = re.compile(
    r"検討(?!委員会|会議|会|部会|チーム)|研究[しを]|見極め|注視|見守|判断して(?:まいり|いく|いき)|参考にし(?:ながら|つつ|て)"
)
_MEANS_TO = re.compile(
    r"(?<!ばなら)(?<!欠かせ)(?:たい|べき(?:もの)?(?:である)?|ない|必要が(?:ある|あろう)|必要(?:である)?|方向[でが])(?:もの)?と(?:考え|認識|存じ|思)"
)
_CHANGES = re.compile(
    r"効果|成果|手応え|実感|削減|節減|結果が得|確認(?:され|でき)|評価|つなが(?:り|って|っている)|寄与|改善[しがさ]|向上|増加|減少|増え|増や|減(?:り|っ|少|ら)|図られ|好評|進ん|検証|伸び|上昇|低下|下が|上が|回復"
    r"|上回|下回|広が|縮(?:小|ま)|達し|割を占|有効|影響|高ま|倍[にと増]|(?:に|まで)戻[りっ]|解消(?:し|され|が)|定着|意義|役立|目立|抑え|短く|短縮|変わら|横ばい|とどま|負担[はが]|失[うわ]|懸念|届(?:いて|き)"
)
_HOLDS = re.compile(
    r"(?:考え|認識|受け止め|思[いう]|存じ|捉え|期待[しを]|評価|手応え|実感|感じて|懸念|危惧|憂慮|案じ|痛感|尊重|歓迎)[^。]{0,16}$"
    r"|(?:重要|必要|べき|大切|不可欠|望まし|深刻|危機感|意義|遺憾|残念|有効|有益|妥当|適切)[^。]{0,24}$"
)
"""What the speaker thinks of it."""
_UNKNOWN = re.compile(
    r"把握(?:して|いたして|でき)(?:おり|い)ま?せん|把握[はが](?:して|でき)|集計|統計[はが](?:ご|あり)|数字は持ち|承知して(?:おり|い)ません"
)
_FORETOLD = re.compile(r"目標|方針が示|見通しが示")
_TARGETS = re.compile(r"全て|年度|[0-9一二三四五六七八九]月|目標|検討|予定|見込|目指|見通|困難|難し|試算")
_ASKS_AHEAD = re.compile(
    r"方針|今後|見込(?!額)|これから|将来|年後|[0-9〇一二三四五六七八九十]+年度(?:に[^、]*(?:する|高め|引き|増や|広げ|減ら)|までに[^。]*[るうくす]の?か$)|広げるの|にするの|まで(?:増|広|減|引|高)|増やすの|減らすの|推計|予測|になると|変わるの|なるの"
)
_OUTCOME = re.compile(r"成果|実績|水準|戻っ|届い|達し")
_BECOMES = re.compile(r"([一-龥ァ-ヶー]{2,8})[はが]どうなる")
_DONE = re.compile(r"([一-龥]{2})[はを]?(?:し|行っ|行な|実施し|され)(?:た|てい[るた])の?か$")
_DOINGS: Mapping[str, str] = {
    "調査": "調査|調べ|把握|アンケート",
    "点検": "点検|調べ|確認|調査",
    "検証": "検証|調べ|分析",
    "確認": "確認|点検|調べ",
    "公表": "公表|公開|ホームページ|お示し",
    "協議": "協議|話し合|検討",
}
"""What is asked to have been done → the words by which it is told."""
_PROBLEM = re.compile(
    r"課題|問題|不足|難し|困難|懸念|支障|偏|十分で(?:は)?な|遅れ|進んでいな|とどま|負担|ばらつき|追い付|追いつ|低い|厳しい|足り|限り|危機"
)
_RULE = re.compile(r"基準|手順|条件|要件|役割")
_RULE_AT_END = 8
_SAYS_RULE = re.compile(r"場合|以上|以下|未満|満た")
_BEFORE_WILL = re.compile(
    r"べき|考え[はがを]|つもり|用意|予定|[てで]は(?:どう|いかが)|(?:でき|られ|れ|し|け|え)ないか|を?求め|を要望|の?か$"
)
_CHUNK = re.compile(r"[一-龥ァ-ヶーA-Za-z0-9]+(?:[り-ん](?=[一-龥]))?[一-龥ァ-ヶー]*")
_GENERAL = frozenset(
    "支援 補助 助成 対応 実施 改善 強化 拡充 導入 検討 見直し 制度 整備 制定 策定 創設 設置 新設 実現 推進 拡大 充実 配置 仕組み 体制 活用 確保 増額 追加".split()
)
"""What may be done with anything: the word before says with what."""
_MOST_CHUNKS = 3
_DEED = re.compile(
    r"(?:支援|補助|助成|交付|支給|負担|貸与|上乗せ|創設|新設|整備|導入|制定|開設|配備|拡充|拡大|増額|増員|延長|運行|配置|容認|許可|実施|委託|義務化|支払い?|補塡|提出|提案|計上)"
    r"(?:し(?!た[^、。]{0,4}(?:例|事例|場合))|を(?:行|始|開始|実施|拡|増)|いたし)|設け(?!、[^。]*(?:関係づくり|意見交換|連携))|始め|開始|取り入れ|採り入れ|立ち上げ|引き上げ|増やし|広げ|改め|認め"
    r"|義務付け|盛り込|切り替え|貸し出|対応させ|無料で"
)
"""A deed that settles what was asked for."""
_TURNS = (
    (
        re.compile(r"(?:広げ|拡大|拡充|延長|延ば|増や|増額|引き上げ|引上げ|上乗せ|前倒し)[^、]{0,12}$"),
        re.compile(r"広げ|拡大|拡充|延長|延ば|増や|増額|引き上げ|引上げ|上乗せ|前倒し|早め|強化|倍|加え|改め"),
    ),
    (
        re.compile(r"(?:やめ|廃止|撤廃|無償|無料|免除|引き下げ)[^、]{0,12}$"),
        re.compile(r"やめ|廃止|撤廃|見直|改め|引き下げ|免除|無償|無料|求めない|不要|徴収しない"),
    ),
)
"""A turn that is asked for → what tells that it was taken; that the thing goes on as before does not."""


def tells(facet: Facet, question: str, saying: Saying) -> bool:
    """Tell whether a sentence gives what a question asks of its topic."""
    if not saying.says_something or not _names_what_becomes(question, saying):
        return False
    if facet not in {Facet.VIEW, Facet.EFFECT, Facet.REASON, Facet.ISSUES} and saying.is_platitude:
        return False
    return _TELLS[facet](narrow(question), saying)


def _names_what_becomes(question: str, saying: Saying) -> bool:
    """Tell whether what is asked to become of stands in a sentence (補償はどうなるのか); True where nothing such is asked."""
    found = _BECOMES.search(narrow(question))
    return found is None or any(found[1][at : at + 2] in saying.text for at in range(len(found[1]) - 1))


def _reason(_question: str, saying: Saying) -> bool:
    """A cause; ことから and ため give one where what follows is no deed, for which they would give the aim."""
    return _CAUSE.search(saying.text) is not None or (not saying.acts and _LEADS_TO.search(saying.text) is not None)


def _difference(question: str, saying: Saying) -> bool:
    """A comparison in which both sides stand, where the question names two."""
    if not _COMPARES.search(saying.text):
        return False
    sides = _SIDES.search(question)
    if sides is None:
        return True
    first, second = (frozenset(re.findall("[一-龥ァ-ヶ]", each)) for each in sides.groups())
    only = [each for each in (first - second, second - first) if each]
    return len(only) < len(sides.groups()) or all(any(letter in saying.text for letter in each) for each in only)


def _request(_question: str, saying: Saying) -> bool:
    text = saying.text
    is_asked = _ASKS_STATE.search(text) is not None and _STATE_ACTS.search(text) is None
    return is_asked or _REFUSES.search(text) is not None


def _time(_question: str, saying: Saying) -> bool:
    """A time to come; that of what is done already is none."""
    is_past = _PAST.search(saying.text) is not None and not _comes(saying)
    return not is_past and (_WHEN.search(saying.text) is not None or (bool(dates(saying.text)) and _comes(saying)))


def _decision(question: str, saying: Saying) -> bool:
    """What will be done, will not be done or is thought over; what is done already, where it is what was asked for."""
    if saying.describes:
        return False
    if any(each.search(saying.text) for each in (_REFUSES, _CONSIDERS, _MEANS_TO, _COMES)):
        return True
    for asked, done in _TURNS:
        if asked.search(clause_of(question)):
            return saying.acts and done.search(saying.text) is not None
    return saying.acts and (_DEED.search(saying.text) is not None or _names(_wanted_deed(question), saying))


def _names(wanted: Sequence[str], saying: Saying) -> bool:
    """Tell whether what is wanted stands in a sentence, as it is called or by letters of it."""
    pairs = frozenset(pair for word in wanted for pair in letters(word) if len(pair) > 1)
    return any(word in saying.text for word in wanted) or bool(pairs & letters(saying.text))


def _target(_question: str, saying: Saying) -> bool:
    comes = _comes(saying) or _FORETOLD.search(saying.text) is not None
    return comes and (saying.has_amount or _TARGETS.search(saying.text) is not None or bool(dates(saying.text)))


def _ahead(_question: str, saying: Saying) -> bool:
    return _comes(saying) and not saying.describes and _RECKONS.search(saying.text) is None


def _figure(question: str, saying: Saying) -> bool:
    """An amount in the unit that is asked for, of what is to come where that is asked; or that it is not known."""
    if _UNKNOWN.search(saying.text):
        return True
    return has_asked_unit(saying.text, question) and (_ASKS_AHEAD.search(question) is None or _comes(saying))


def _measure(_question: str, saying: Saying) -> bool:
    if saying.describes:
        return False
    does = saying.acts or (saying.is_cut and saying.is_specific)
    return does or any(each.search(saying.text) for each in (_REFUSES, _CONSIDERS, _MEANS_TO))


def _view(_question: str, saying: Saying) -> bool:
    if saying.describes:
        return False
    if any(each.search(saying.text) for each in (_HOLDS, _REFUSES, _CONSIDERS, _MEANS_TO)):
        return True
    return saying.acts and _comes(saying)


def _effect(question: str, saying: Saying) -> bool:
    changes = _CHANGES.search(saying.text) or _UNKNOWN.search(saying.text)
    return changes is not None or (saying.has_amount and _OUTCOME.search(question) is not None)


def _fact(question: str, saying: Saying) -> bool:
    done = _DONE.search(clause_of(question))
    if done is not None and done[1] in _DOINGS and not re.search(_DOINGS[done[1]], saying.text):
        return False
    return not saying.only_weighs


def _issues(_question: str, saying: Saying) -> bool:
    return _PROBLEM.search(saying.text) is not None


def _present(question: str, saying: Saying) -> bool:
    """How things stand; a rule only where it is named or has conditions."""
    rule = _RULE.search(clause_of(question)[-_RULE_AT_END:])
    if rule is not None and rule[0] not in saying.text and not _SAYS_RULE.search(saying.text):
        return False
    return not saying.only_weighs


_TELLS: Mapping[Facet, Callable[[str, Saying], bool]] = {
    Facet.REASON: _reason,
    Facet.DIFFERENCE: _difference,
    Facet.REQUEST: _request,
    Facet.TIME: _time,
    Facet.DECISION: _decision,
    Facet.TARGET: _target,
    Facet.AHEAD: _ahead,
    Facet.FIGURE: _figure,
    Facet.MEASURE: _measure,
    Facet.VIEW: _view,
    Facet.EFFECT: _effect,
    Facet.FACT: _fact,
    Facet.ISSUES: _issues,
    Facet.PRESENT: _present,
}


def _comes(saying: Saying) -> bool:
    return _COMES.search(saying.text) is not None


def _wanted_deed(question: str) -> tuple[str, ...]:
    """Return the words that name what is asked to be done, the last first: 24時間化; of a general one (補助) also what it is for."""
    clause = clause_of(question)
    found = _BEFORE_WILL.search(clause)
    chunks = [each for each in _CHUNK.findall(clause[: found.start()] if found else clause) if len(each) > 1]
    wanted: list[str] = []
    for chunk in reversed(chunks):
        wanted.append(chunk)
        if chunk not in _GENERAL or len(wanted) == _MOST_CHUNKS:
            break
    return tuple(wanted)
