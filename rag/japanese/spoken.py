"""What a question about minutes says of the remarks it asks for: at which sitting, when, by whom, to whom.

Nothing is found in a question about procedure that only mentions them (9月議会に提出する議案, 総務部長の専決).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rag.domain import Period, RemarkFilter
from rag.japanese.numerals import NUMBER, read_integer
from rag.japanese.sittings import sittings
from rag.japanese.text import Span, narrow
from rag.japanese.times import TimeMention, times

__all__ = ["Facet", "Mention", "rest", "spoken"]

_TA = r"た(?!ら|い|ほう|方が|場合)"
_TOLD = r"(?:説明|報告|表明|指摘|主張|約束|整理|要求)し|示し|求め|まとめ|触れ"
"""Verbs of which a question about work also makes use (課長に報告したあと)."""
_PAST = re.compile(
    rf"(?:答弁|発言|質問|要望|回答)し(?:{_TA}|て|まし)|(?:答え|述べ|話し)(?:{_TA}|まし|て(?:い[るたま]|き))|言(?:っ{_TA}|ってい[るたま]|いまし)"
    r"|語っ|説明され|会議録|議事録"
    r"|(?:答弁|発言|見解|所見|質疑)(?:は|内容|の(?:内容|要旨)|を(?:教え|知り|見た|探|調|確))"
    rf"|(?:と|どう|何を)[^、。]{{0,8}}(?:{_TOLD})(?:{_TA}|てい|まし)|(?:{_TOLD})(?:た|まし|てい)[^、。]{{0,4}}(?:か|[?？])(?:$|[。?？])"
    rf"|(?:知事|長|監|議員|委員)が[^、。]{{0,10}}(?:{_TOLD})た"
)
"""Words of those who want to know what was said, whatever else stands there."""
_SAID = re.compile(
    rf"{_PAST.pattern}|答弁(?!書?案|書の(?:様式|書式|作成|提出|期限|締)|者|の(?:準備|作成|割り?振り|担当|様式|期限|締))"
    r"|発言|見解|所見|(?:再|一般|代表)質問|質疑|質問(?:への|に対)|要望|議論|言い方"
)
"""Words that ask what was said, unless others say that the question is about work."""
_PROCEDURE = re.compile(
    r"様式|書式|書き方|手続|手順|締め?切|期限|期日|提出する|提出し|提出先|までに|作成|割り?振り|日程|会期|通告|質問に立|質問取り|何日前|起案|決裁|専決|権限|窓口|係はどこ|保存期間|機密性|間に合|準備|想定再質問|(?:質問さ|聞か|問わ)れたら"
)
"""Words of questions about the work around a sitting."""
_AND = re.compile(r" ?(?:と|及び|、|や|・|並びに) ?")
_HELD_THERE = re.compile(
    r" ?(?:で(?!き)|では|での|における|において|にて|に(?:付い|載|掲載|収め|添え)|の(?!提出|前|後|ため|資料|議案|準備|日|会期|開)|、|,|$|[?？])"
)
"""What follows a sitting at which something was said, and not one for which something is to be done."""

_WORD = "一-龠々〆ヵヶァ-ヴー"
_POST = re.compile(
    rf"[{_WORD}]{{0,14}}?(?:知事|市長|町長|村長|区長|教育長|警察本部長|本部長|(?:部|局|課|室|所|院|場|館|校|次)長|事務局|理事|技監|統括監|管理監|審議監|政策監|会計管理者|座長|議長|委員長|部会長)(?![{_WORD}])"
)
_SPEAKS = re.compile(
    r" ?(?:、|が(?:[^、。]{0,20})?(?:答|述|示|説明|報告|話し|言|表明)|の(?:答弁|見解|発言|説明|考え|所見|答え|回答|姿勢|認識)|による|から(?:の|どの)|に(?:聞|尋|質問))"
)
"""What follows the post of somebody who speaks."""
_MEMBER = re.compile(rf"(?P<name>[{_WORD}]{{1,8}}(?:[ぁ-ん]{{2,4}})?) ?(?P<honorific>議員|委員)(?![{_WORD}])")
_OF_NOTICE = re.compile(r" ?の[^、。]{0,12}通告")
"""What follows a member of whom the notice of questions is meant, and not what was said."""
_NO_NAME = re.compile(
    r"(?:県|市|町|村|区|都|道|府|国会|与党|野党|会派|女性|全|各|他の|同僚|若手|担当|議会|という|といった|する|ような|などの|による|からの|における|[っしいんれきえけ][ただ]|てい[るた])$"
)
_HOW = r"(?:どう|何と|どのように|何を|どんな)?"
_DID = r"(?:し|さ?れ)?(?:て(?:い|き)?|た|まし|る|ます|です|の)*か?"
_ANSWERED = re.compile(
    rf"{_HOW}(?:答弁(?!書?案|書|者){_DID}|(?:答え|(?:説明|報告)し)(?:た|まし|て(?:い[るたま]|き))(?:た|し|す|の)*か?)|の?(?:見解|所見)"
)
_ASKED = re.compile(rf"{_HOW}(?:質問|質疑|要望|指摘|主張)(?=し){_DID}")
_LAST_YEARS = re.compile(
    rf"(?:この|ここ|過去|直近|最近|直近の|最近の)(?P<years>{NUMBER})(?:年|か年|カ年|ヵ年|ケ年|箇年)(?:間)?"
)
_SINCE = re.compile(r"(?:以降|以後|以来|から(?:後|今|現在)?(?!の?補|の?支))")
_UNTIL = re.compile(r"(?:以前|まで|より前)")
_RANGE = re.compile(r" ?(?:から|~|-|より) ?$")
_SPOKEN = r"(?:議会|答弁|質問|質疑|会議録|議事録|発言|委員会|定例会|議論)"
_OF_WHEN = re.compile(rf" ?(?:[、,]|の[^、。]{{0,12}}{_SPOKEN}|に(?:開かれた|行われた)?{_SPOKEN})")
"""What follows a time in which things were said, and not one of which they speak."""


class Facet(StrEnum):
    """What a mention says of a remark."""

    SITTING = "sitting"
    PERIOD = "period"
    POST = "post"
    MEMBER = "member"
    ROLE = "role"
    """Whether an answer is asked for or a question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """Words of a question that say which remarks are meant."""

    facet: Facet
    wanted: RemarkFilter
    span: Span


def spoken(question: str, day: date) -> list[Mention]:
    """Return what the question says of the remarks it asks for, in order; relative times are seen from `day`."""
    narrowed = narrow(question)
    is_told = _PAST.search(narrowed) is not None
    if _PROCEDURE.search(narrowed) and not is_told:
        return []
    periods = list(_periods(narrowed, day))
    found = _free(_sittings(question, narrowed, day), periods)
    if found or is_told or _SAID.search(narrowed):
        found += periods
    if is_told or _SAID.search(narrowed):
        found += _free(_posts(narrowed, is_told=is_told), found)
        found += _free(_members(narrowed), found)
        found += _free(_roles(narrowed), found)
    return sorted(found, key=lambda each: each.span)


def rest(question: str, mentions: Sequence[Mention]) -> str:
    """Return what is asked about: the question without the words of these mentions."""
    kept, at = [], 0
    for mention in sorted(mentions, key=lambda each: each.span):
        kept.append(question[at : mention.span.start])
        at = max(at, mention.span.end)
    return " ".join([*kept, question[at:]]).strip()


def _free(mentions: Iterator[Mention], taken: Sequence[Mention]) -> list[Mention]:
    """Return the mentions that stand over none of those that were found before."""
    return [
        each
        for each in mentions
        if all(each.span.end <= other.span.start or other.span.end <= each.span.start for other in taken)
    ]


def _sittings(question: str, narrowed: str, day: date) -> Iterator[Mention]:
    """Yield the sittings at which something was said, the last first; of 9月議会と6月議会で both."""
    after = -1
    for each in reversed(sittings(question, day)):
        joined = _AND.match(narrowed, each.span.end)
        if _HELD_THERE.match(narrowed, each.span.end) or (joined and joined.end() == after):
            after = each.span.start
            yield Mention(facet=Facet.SITTING, wanted=RemarkFilter(sitting=each.name), span=each.span)


def _posts(text: str, *, is_told: bool) -> Iterator[Mention]:
    """Yield the posts of those who speak (知事は), else of those that may (知事の答弁), else, where something was said, all."""
    found = list(_POST.finditer(text))
    subjects = [each for each in found if text.startswith("は", each.end())]
    speaking = [each for each in found if _SPEAKS.match(text, each.end())]
    for each in subjects or speaking or (found if is_told else []):
        yield Mention(facet=Facet.POST, wanted=RemarkFilter(post=each[0]), span=Span(*each.span()))


def _roles(text: str) -> Iterator[Mention]:
    """Yield the words that ask for an answer (どう答弁したか), else those that ask for what a member said."""
    for pattern, role in ((_ANSWERED, "official"), (_ASKED, "member")):
        if found := pattern.search(text):
            yield Mention(facet=Facet.ROLE, wanted=RemarkFilter(role=role), span=Span(*found.span()))
            return


def _members(text: str) -> Iterator[Mention]:
    for each in _MEMBER.finditer(text):
        if not _NO_NAME.search(each["name"]) and not _OF_NOTICE.match(text, each.end()):
            yield Mention(facet=Facet.MEMBER, wanted=RemarkFilter(member=each["name"]), span=Span(*each.span()))


def _periods(text: str, day: date) -> Iterator[Mention]:
    """Yield the times in which things were said: 令和5年度以降, この3年, 2023年から2024年."""
    for years in _LAST_YEARS.finditer(text):
        if _OF_WHEN.match(text, years.end()):
            yield _period(Period(start=_years_before(day, read_integer(years["years"]))), Span(*years.span()))
    named = [each for each in times(text, day) if each.period != Period()]
    at = 0
    while at < len(named):
        period, span = _joined(text, named, at)
        at += 1 + (span.end > named[at].span.end and at + 1 < len(named) and named[at + 1].span.end <= span.end)
        if period is not None and _OF_WHEN.match(text, span.end):
            yield _period(period, span)


def _joined(text: str, named: Sequence[TimeMention], at: int) -> tuple[Period | None, Span]:
    """Return the period that begins with a time: alone, with 以降 or まで, or to the next one; None: it is none."""
    first = named[at]
    if at + 1 < len(named) and _RANGE.fullmatch(text[first.span.end : named[at + 1].span.start]):
        last = named[at + 1]
        until = _UNTIL.match(text, last.span.end)
        span = Span(first.span.start, until.end() if until else last.span.end)
        return Period(start=first.period.start, end=last.period.end), span
    if since := _SINCE.match(text, first.span.end):
        return Period(start=first.period.start), Span(first.span.start, since.end())
    if until := _UNTIL.match(text, first.span.end):
        return Period(end=first.period.end), Span(first.span.start, until.end())
    return None, first.span


def _period(period: Period, span: Span) -> Mention:
    return Mention(facet=Facet.PERIOD, wanted=RemarkFilter(period=period), span=span)


def _years_before(day: date, years: int) -> date:
    """Return the same day so many years ago."""
    return date(max(day.year - years, 1), day.month, min(day.day, 28))
