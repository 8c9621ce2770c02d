"""Who starts to speak in meeting notes: 【見本委員】, （見本委員）, ○ 委員：, or 問 and 答 under the member's name.

A file keeps to some of these ways (`Manner`); what looks like another one in it is no speaker.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.structure.lines import Line
from ingest.structure.minute_posts import is_post, split_post
from rag.japanese.text import narrow

__all__ = ["Manner", "Start", "heads_questions", "is_record", "manner_of", "post_of", "role_of", "start_of"]

_WHO = r"[^【】。、]{1,24}"
_BRACKETED = re.compile(rf"(?P<mark>[・○◯●] ?)?【(?P<who>{_WHO})】[ :]*(?P<words>.*)$")
_PARENTHESISED = re.compile(
    r"(?:[・○◯●] ?)?[(\[〔〈《<](?P<who>[^()\[\]〔〕〈〉《》<>【】。、:： ]{0,16}(?:委員|委員長|座長|会長|議長|[市町村区]長|知事|事務局|構成員|参考人|オブザーバー|氏|委員会|[部局課室係]長?))[)\]〕〉》>] *"
    r"(?P<words>(?![のをがへはにと]|から|より|及び|並びに)\S.*)?$"
)
_COLON = re.compile(
    r"(?:[・○◯●◎◆-] ?)?(?P<who>[^\s。、:()【】]{0,16}(?:委員長|委員|座長|会長|部会長|事務局|議長|課長|部長|氏|構成員|参考人|オブザーバー)[A-Z]?) ?: ?(?P<words>\S.*)$"
)
_MARKED = re.compile(r"[○◯●◎◆] ?(?P<who>[^\s。、:()【】「」]{1,20}(?: ?\([^()。、:]{1,14}\))?) ?: ?(?P<words>\S.*)?$")
_PERSON = re.compile(
    r"委員|座長|会長|議長|事務局|課長|部長|局長|[課室係]$|氏|構成員|会員|議員|参考人|オブザーバー|県|市|町|村|住民|参加者|質問者|代表|理事"
)
_CHAIR = re.compile(r"(?:座長|会長|部会長|委員長|議長)$")
_DEPUTY = re.compile(r"副(?:座長|会長|部会長|委員長|議長)$")
_OFFICIAL = re.compile(
    r"事務局|[課部局室係館場所]長$|[課室係局]$|事務所$|委員会$|^県|県$|市$|町$|村$|[市町村区]長$|知事$|教育長$|主幹$|主査$|参事$"
)
_MEMBER = re.compile(r"(?P<name>.*?)(?P<post>委員|構成員|会員|議員|参考人|オブザーバー|氏)[A-Z]?$")
_CAPACITY = re.compile(r" ?\([^()]*\)$")
"""In what capacity somebody speaks: 県土木事務所（オブザーバー）."""

_ASKS = re.compile(r"(?:【?(?:質?問|質疑|Q)】?)(?:[.:、 ]|(?<=】)) *(?P<words>\S.*)$")
_REPLIES = re.compile(
    r"【?(?:答弁?|回答|A)】?(?: ?\((?P<who>[^()。、]{1,20})\)(?: *[.:、 ]|(?=\S))|[.:、 ]|(?<=】)) *(?P<words>\S.*)$"
)
_TELLS = re.compile(r"[^\s()。、]{1,6} ?\((?P<who>[^()。、]{2,20})\) +(?P<words>\S.*)$")
"""補足（総務課長）　…"""
_STANDS_APART = re.compile(r"(?P<who>[^\s()。、「」:\d]{2,16}) +(?P<words>\S.*。.*)$")
_HEADED = re.compile(
    r"(?:[・○◯●◎◆■□◇] ?)?[(\[〔〈《<【]?(?P<who>[^()\[\]〔〕〈〉《》<>【】。、: ]{1,12}(?:副?委員長?|議員))[)\]〕〉》>】]?(?: ?(?:の|による)?(?:質疑|質問)(?:及び答弁|・答弁|応答)?)?$"
)
_MEETING = re.compile(r"(?:委員会|審議会|協議会|懇談会|検討会|部会|会議|議会)")
_RECORD = re.compile(r"(?:概要|要旨|要点|記録|会議録|議事録|質疑(?:応答)?)(?: ?\(.*\)| ?第.{1,6})?$")
_NO_MEETING = re.compile(r"よくある|FAQ|Q ?& ?A|想定問答|想定質問|答弁書|手引|マニュアル")
_NEAR_THE_TOP = 4
_FEWEST = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Somebody starts to speak."""

    who: str
    """As the notes name the person; empty where they do not."""
    words: str
    role: str = ""
    """'member' or 'official' where a word (問, 答) says it; empty where the name has to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How a file marks who speaks, besides 【】 and colons."""

    rounded: bool
    """（見本委員）, ［見本委員］"""
    circled: bool
    """● 商工振興課：…, beside speakers whose name alone tells that they are ones."""
    asked: bool
    """問　… and 答（建設課長）　…"""


def manner_of(lines: Sequence[Line]) -> Manner:
    """Tell how this file marks who speaks."""
    texts = [narrow(line.body) for line in lines if not line.rows]
    colons = sum(1 for text in texts if _MARKED.match(text) and _COLON.match(text))
    return Manner(rounded=_is_rounded(texts), circled=colons >= _FEWEST, asked=_is_asked(texts))


def is_record(lines: Sequence[Line]) -> bool:
    """Tell whether a title says that these are the words of a meeting."""
    texts = [narrow(line.body) for line in lines[:_NEAR_THE_TOP]]
    return _names_record(texts) and not any(_NO_MEETING.search(text) for text in texts)


def start_of(line: Line, manner: Manner) -> Start | None:
    """Return who starts to speak here and the first words; None when nobody does."""
    if line.rows:
        return None
    text = narrow(line.body)
    if manner.asked and (start := _of_asked(line.body, text)):
        return start
    found = _BRACKETED.match(text)
    if found is None or not _PERSON.search(found["who"]):
        found = _COLON.match(text) or (_PARENTHESISED.match(text) if manner.rounded else None)
    if found is None and manner.circled:
        found = _MARKED.match(text)
        found = found if found and _is_somebody(found["who"]) else None
    return _start(line.body, found) if found else None


def heads_questions(line: Line, below: Line | None, manner: Manner) -> str:
    """Return the member whose questions stand below this line (〈見本委員〉 above 問); empty where it is no such heading."""
    if not manner.asked or below is None or line.rows or _ASKS.match(narrow(below.body)) is None:
        return ""
    found = _HEADED.match(narrow(line.body))
    return line.body[found.start("who") : found.end("who")].strip() if found else ""


def role_of(who: str, *, chaired: bool) -> str:
    """Return the role of a speaker; a deputy asks like a member where somebody else presides (`chaired`)."""
    who = _bare(who)
    if not who or (chaired and _DEPUTY.search(who)):
        return "member" if who else ""
    if _CHAIR.search(who):
        return "chair"
    return "official" if _OFFICIAL.search(who) else "member"


def post_of(who: str) -> str:
    """Return the post in '見本委員', '組立座長', '事務局', '県土木事務所（オブザーバー）'."""
    who = _bare(who)
    found = _MEMBER.match(narrow(who))
    return who[found.start("post") : found.end("post")] if found else split_post(who)[1]


def _bare(who: str) -> str:
    found = _CAPACITY.search(narrow(who))
    return who[: found.start()] if found else who


def _is_somebody(who: str) -> bool:
    """Tell the name of an office or a person from that of a matter (日時, 場所, 市民の意見)."""
    who = _bare(who)
    return bool(_OFFICIAL.search(who) or _CHAIR.search(who) or _MEMBER.match(who)) or is_post(who)


def _start(body: str, found: re.Match[str], role: str = "") -> Start:
    parts = {name: body[slice(*found.span(name))].strip() if found[name] else "" for name in ("who", "words")}
    return Start(who=parts["who"], words=parts["words"], role=role)


def _of_asked(body: str, text: str) -> Start | None:
    """Read a line of notes in which words say who asks and who answers."""
    if found := _ASKS.match(text):
        return Start(who="", words=body[slice(*found.span("words"))].strip(), role="member")
    if found := _REPLIES.match(text):
        return _start(body, found, "official")
    found = _TELLS.match(text) or _STANDS_APART.match(text)
    if found is None or not (is_post(found["who"]) or _CHAIR.search(found["who"])):
        return None
    return _start(body, found, "chair" if _CHAIR.search(found["who"]) else "official")


def _is_rounded(texts: Sequence[str]) -> bool:
    """Tell whether speakers stand in （）: several times, and not only offices, which other documents name in the same way."""
    found = [match["who"] for text in texts if (match := _PARENTHESISED.match(text))]
    people = {who for who in found if _MEMBER.match(who) or _CHAIR.search(who)}
    return len(people) > 1 and len(found) > len(people)


def _is_asked(texts: Sequence[str]) -> bool:
    """Tell whether 問 and 答 are those of a meeting: its title says so, or a member's name stands over questions.

    Frequent questions of the public, and papers that prepare for a meeting, are marked in the same way.
    """
    asks = sum(1 for text in texts if _ASKS.match(text))
    replies = sum(1 for text in texts if _REPLIES.match(text))
    if min(asks, replies) < _FEWEST or any(_NO_MEETING.search(text) for text in texts[:_NEAR_THE_TOP]):
        return False
    headed = any(_HEADED.match(text) and _ASKS.match(below) for text, below in pairwise(texts))
    return headed or _names_record(texts)


def _names_record(texts: Sequence[str]) -> bool:
    return any(_MEETING.search(text) and _RECORD.search(text) for text in texts[:_NEAR_THE_TOP])
