"""Tell the running of a meeting (procedure) from what is said on a matter (substance), paragraph by paragraph.

Who presides runs the meeting unless the words show otherwise; everybody else says something unless the words are those
with which a speech opens and closes. What is neither (a name, a heading, a line of a list) goes with the words before it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.japanese.numerals import NUMBER
from rag.japanese.text import narrow, sentences

__all__ = ["Part", "is_clerk", "parts"]

_BUSINESS = (
    "(?:会議|委員会|部会|審議会|協議会|定例会|臨時会|議会|会期|議事|次第|審議|審査|調査|協議|質疑|質問|討論|採決|表決|説明|報告|答弁|発言|朗読|紹介"
    "|挨拶|あいさつ|陳述|日程|議題|案件|休憩|選挙|投票|開票|点呼|指名|選任|互選|動議)"
)
"""What is opened, gone on with, asked for and closed in a meeting."""
_CARRY = "(?:開[きくい]|始め|行[いうわ]|続け|続行|進め|再開|閉じ|終わ|終了|終結|打ち?切|省略|許し|許可|求め|願[いうえ]|お願い|入[りる]|移[りる]|受け)(?!たところ)"
_DO = "(?:いたし|致し|し|させていただき)"
_END = "[^、。]{0,18}[.?]?$"
_POST = "(?:知事|[都道府県市区町村]長|[部局課室所次係館校院]長|教育長|総監|技監|管理監|管理者|主幹|主査|参事)"
_PERSON = f"(?:君|さん|氏|殿|議員|委員|議長|委員長|座長|会長|{_POST}|参考人|公述人)"
_LEAD = (
    "(?:それでは|では|次に|次は|続いて|続きまして|引き続き|まず|初めに|最後に|ここで|この際|念のため|はい|なお|以上で)"
)
_COURTESY = (
    "次(?:回|の会議|の委員会)[^。]{0,60}(?:開催|開会|開き|開く|予定)",
    "おはようござい",
    "こんにちは",
    "お疲れ",
    "おめでとう",
    "(?:ありがとう|有難う)ござい[^。]{0,6}$",
    "(?:ご|御)?(?:苦労|協力|[静清]聴|参集|出席)[^。]{0,12}(?:様|さま|ありがと|願い|感謝)",
    "^[^。]{0,30}よろしく[^。]{0,12}お願い[^。]{0,10}$",
    "弔意|哀悼|冥福|黙[祷禱]",
    "お(?:祝い|慶び|喜び)を?申し",
)
_ANYBODY = "(?:(?:あり|ござい)ま(?:せん|すか|したら)|(?:ない|い)(?:です|ません)か|なしと|なければ|ないよう|ない(?:もの)?と|よろしい)"
_RUNNING = (
    # the meeting and its business open, go on and close
    f"{_BUSINESS}[^、。]{{0,14}}[をはにもへ][^、。]{{0,14}}{_CARRY}{_END}",
    f"(?:開会|開議|閉会|閉議|散会|延会|休憩|再開|休会|流会|終了|終結|議了|続行)(?:と|を)?{_DO}?{_END}",
    "(?:明後?日|明[^、。]{1,6}日|来る|本日|午前|午後)[^。]{0,60}(?:会議を開|委員会を開|再開|開会|開催|開き|休会|休憩|散会)",
    # the agenda and where its matters go
    "議題[とに]|議題は以上|上程|付託|付議|日程に追加|一括して|継続(?:審査|調査)|を省略|を招集|朗読|署名|会期|議席|定足数|報告に代え",
    "(?:お手元|別紙|別冊|末尾)[^。]{0,40}(?:配[付布]|とおり|ご覧|掲載|参照)|(?:別冊|別紙|議案の部)参照",
    "(?:それぞれ|議員より|委員会より|知事より|文書を?(?:もって|により))[^。]{0,80}(?:提出され|提出をされ|送付いたし|通知が)|(?:辞職|辞任|退職)[^。]{0,20}(?:届け?出|願が?提出|者と)",
    # who may speak
    f"(?:発言|質問|質疑|説明|答弁|討論|挨拶|あいさつ|これ|順次)[^。]{{0,16}}(?:許し|許可|通告|申し?出|求め|願[いえ]|お願い|あります){_END}",
    f"^(?:{_LEAD}、?)*[^、。「」はがを]{{0,28}}{_PERSON}の(?:質問|質疑|発言|説明|答弁|登壇)(?:どうぞ|お願い)?[^、。]{{0,8}}$",
    # whether anybody has something to say or against it
    f"(?:異議|質疑|質問|発言|討論|意見|漏れ|補足|ほか|他に|希望|申し?出)[^。]{{0,14}}{_ANYBODY}",
    "よろしい(?:でしょう|です)か$",
    # the vote
    "お?諮り(?:いた|し|たい)|と認め(?:、|ます|る$)|採決|表決|可否同数|全員賛成|原案(?:のとおり|に賛成)",
    "(?:起立|挙手|賛成)[^。]{0,10}(?:を(?:求め|願|お願い)|多数|全員|少数|総員|なし)",
    f"(?:そのように|さよう|さように|とおり|ように|ことに|べきもの|承認|同意|可決|否決|採択|許可|選任|当選)[^。]{{0,10}}(?:決定|決し|決ま|進め|され|{_DO}ま|する){_END}",
    # elections, seats, people brought in
    "投票|開票|立会人|点呼|当選され|被選挙人|指名推選|議場[のを]?(?:閉鎖|開鎖)|議長席|委員長席|自席|席に?お?着",
    "(?:指名|紹介|指定|選任|選出|補充)[^。]{0,10}(?:いたし|します|しま|申し上げ|願|終わ)",
    "(?:議長|委員長|座長|会長)の?(?:職務|職)?を?、?[^、。]{0,8}(?:交代|代行|代わ|務め)",
    "(?:説明員|理事者|執行部|当局|事務局|局長|部長|傍聴)[^。]{0,20}(?:退席|入室|退室|入れ替|交代|着席|異動|報告いた|報告を|連絡)",
    "出席(?:委員|議員|者)[^。]{0,20}(?:過半数|定数|達し|全員|[名人]で)|(?:会議|委員会|議会)は、?成立",
    # order, time, notices
    "(?:申合せ|申し合わせ|残り|発言|制限|持ち)の?時間|時間[がもは][^。]{0,10}(?:押し|迫|超|なく|参り|まい|過ぎ|経過)|(?:簡潔|簡明)に|まとめて(?:くだ|願)|静粛",
    "(?:注意|一任)(?:願|くだ|を?お?願い|いただ)|欠席|遅参|早退|遅刻",
    "了承(?:願|くだ|を?お?願い)|ご?承知おき|お(?:申し?出|取り計らい)(?:を|くだ|願)",
    f"^(?:{_LEAD}、?)*[^、。]{{0,40}}(?:について)?(?:一言)?、?(?:ご報告)?申し上げ(?:ます|たいと(?:思|存じ)います)$",
)
_ANSWERS = "(?:お?答え|答弁|行い|行わ|いたし|し|させて|続け|始め|入り)"
_WHOSE = (
    f"(?:{_LEAD}、?|ただいまの?)*(?:[^、。]{{0,24}}{_PERSON}(?:から)?の?、?)?"
    f"(?:{NUMBER}点(?:の|について)?|再度の?|再|順次|一般|代表|緊急|ただいまの)*"
)
_FORMAL = (
    # of an answer: whose questions it answers, and nothing else
    f"^{_WHOSE}(?:ご|御)?(?:質問|質疑|お尋ね)(?:に対しまして|に対し|に|へ|を|の)[^。]{{0,20}}{_ANSWERS}[^。]{{0,12}}$",
    "^その(?:他|ほか)の?[^。]{0,40}(?:答弁|お答え|説明)を?(?:いたさせ|させ)",
    # of a question: on whose behalf, by what notice, who asks
    "^(?:私は、?|私から、?)?[^、。]{2,24}を代表(?:し|いたし)(?:まし)?て、?[^。]{0,16}(?:質問|質疑|討論)[^。]{0,14}$",
    "^(?!.*(?:について|につきまして|に関))[^。]*通告(?:書)?[^。]{0,40}(?:質問|質疑|発言|伺)[^。]{0,12}$",
    f"^(?:皆(?:さん|様)、?)?(?:(?:議席(?:番号)?)?{NUMBER}番|[^。、は]{{2,20}}(?:(?<![議員合社])会|党|会派|クラブ|議員団|ネット)の)[^。はもをが]{{2,24}}(?:です|でございます|であります)$",
    "^[^。、]{0,12}自席[^。]{0,12}(?:質問|質疑|答弁|失礼)[^。]{0,14}$",
    # of the end
    "^(?:以上|これ)(?:で|をもちまして|をもって)?、?[^。]{0,24}(?:終わ|終了)[^。]{0,10}$",
    "^(?:以上、?答弁と[^。]{0,6}|私(?:から)?の(?:一般)?質問は以上(?:です|でございます))$",
    "^(?:以上|お?答え(?:いたし|し|申し上げ)ます|失礼[^。]{0,12})(?:です|でございます|だ)?$",
    # of a motion, an explanation, a ceremony
    "動議を提出|議題となって[^。]{2,60}(?:望み|説明|申し上げ)|(?:上程|議題)[^。]{0,60}ご?説明を?(?:申し上げ|いたし)",
    "(?:開会|閉会|就任|退任)に(?:当た|あた|際し)[^。]{0,30}(?:挨拶|あいさつ)",
)


def _any(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


_PRESIDING = _any((*_RUNNING, *_COURTESY))
_SPEAKING = _any((*_FORMAL, *_COURTESY))
_DIRECTION = re.compile(
    rf"[〔\[(（][^〔〕()（）]{{0,60}}[〕\])）]|(?:午前|午後){NUMBER}時.{{0,24}}(?:開|閉|憩|散会|延会).{{0,4}}"
)
_COMMA = re.compile("(?<![0-9]),|,(?![0-9])")
_BULLET = re.compile(r"^[・○◯●◆■*→-] ?")
_CLERK = re.compile(
    r"^(?:[^、。]{0,8}議会)?(?:事務局|局)(?:次?長)$|議会(?:事務)?局.{0,8}$|^(?:議事|議会)[^、。]{0,6}(?:部|課|係|室)[^、。]{0,4}$|^書記長?$"
)
_NAMES = re.compile(
    rf"^(?:{_LEAD}、?)*(?:{NUMBER}番、?)?[^はがを「」]{{0,30}}{_PERSON}(?:(?:、)?(?:どうぞ|お願い|登壇|質問席|発言席).*)?$"
)
_FEWEST = 30
"""Characters besides its acts below which a paragraph of the chair says nothing of its own."""
_PREDICATE = 40
"""Characters at the end of a sentence in which its predicate stands with what belongs to it."""
_SHORTEST = 60
"""Characters below which words of form stay in the speech around them, so that a section is worth its own place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Neighbouring paragraphs of one speech that are all procedure or all substance."""

    paragraphs: tuple[str, ...]
    procedure: bool


def is_clerk(post: str) -> bool:
    """Tell whether a post is one of the assembly's own office, which runs the meeting too (議会局長, 議事課主査)."""
    return _CLERK.search(post) is not None


def parts(paragraphs: Sequence[str], *, presides: bool, summary: bool = False) -> list[Part]:
    """Cut a speech where it changes between procedure and substance: all its paragraphs in their order.

    In a `summary` what the chair says in few words is written down for its substance.
    """
    runs: list[Part] = []
    procedure = presides and not summary
    for paragraph in paragraphs:
        verdict = _is_procedure(paragraph, presides=presides)
        procedure = procedure if verdict is None else verdict
        _append(runs, Part(paragraphs=(paragraph,), procedure=procedure))
    made: list[Part] = []
    for at, run in enumerate(runs):
        inside = 0 < at < len(runs) - 1
        stays = run.procedure and len(runs) > 1 and (inside or not presides) and _length(run) < _SHORTEST
        _append(made, Part(paragraphs=run.paragraphs, procedure=run.procedure and not stays))
    return made


def _append(made: list[Part], part: Part) -> None:
    """Put a part behind the last one, or into it when both are of one kind."""
    if made and made[-1].procedure is part.procedure:
        part = Part(paragraphs=made.pop().paragraphs + part.paragraphs, procedure=part.procedure)
    made.append(part)


def _length(part: Part) -> int:
    return sum(map(len, part.paragraphs))


def _is_form(sentence: str, pattern: re.Pattern[str]) -> bool:
    """Tell whether a sentence only names people or ends in words of form: a Japanese predicate stands at the end."""
    if all(_NAMES.match(piece) for piece in re.split("、|及び|並びに", sentence) if piece):
        return True
    return any(found.end() >= len(sentence) - _PREDICATE for found in pattern.finditer(sentence))


def _is_procedure(paragraph: str, *, presides: bool) -> bool | None:
    """Judge one paragraph; None where its words say neither."""
    text = _COMMA.sub("、", _BULLET.sub("", narrow(paragraph).strip()))
    if _DIRECTION.fullmatch(text):
        return None if presides else True
    pattern = _PRESIDING if presides else _SPEAKING
    said = [re.sub(r"\s+", "", span.of(text)).rstrip("。") for span in sentences(text)]
    own = [sentence for sentence in said if not _is_form(sentence, pattern)]
    if not own or not presides:
        return not own
    length = sum(map(len, own))
    if length >= _FEWEST and text[-1] in "。?":
        return 2 * length <= len(text)
    return True if len(own) < len(said) else None
