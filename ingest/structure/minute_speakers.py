"""Who speaks in minutes: ◯知事（氏名君）, ○7番　氏名議員, ○標木総務部長, （見本委員） or 見本委員 at the start of a line.

A file keeps to one way (`Layout`); what looks like another one in it is no speaker.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from ingest.structure.lines import Line
from ingest.structure.minute_posts import ends_in_post, is_post, split_post
from ingest.structure.minute_roster import Roster, read_roster, seat_of
from rag.domain import CELL_SEPARATOR
from rag.japanese.numerals import NUMBER
from rag.japanese.text import narrow

__all__ = ["Layout", "Roster", "Speaker", "count_speakers", "layout_of", "presiding", "read_roster", "speaker_of"]

_HONORIFIC = "(?:君|さん|氏|議員|委員)"
_MARK = "(?:[0-9]{1,4}[:.]? ?)?[◯○〇●◎◆] ?"
"""Search systems of assemblies number the turns in front of the circle."""
_WORD = "[^() 。、「」]"
_SEAT = re.compile(f"{NUMBER}番")
_TITLED = re.compile(
    rf"(?P<mark>{_MARK})?(?P<post>{_WORD}{{1,30}}) *\((?P<name>[^()。、]{{1,24}}?)(?P<honorific>{_HONORIFIC})?\)(?P<gap> +|$)?"
)
_APART = re.compile(
    rf"(?P<mark>{_MARK})?(?P<post>{_WORD}{{1,30}}) +(?P<name>{_WORD}{{1,8}}?(?: +{_WORD}{{1,6}}?)?)(?P<honorific>{_HONORIFIC})?(?: +(?=\S)|$)"
)
_CALLED = re.compile(rf"{_MARK}(?P<who>{_WORD}{{2,24}}?)(?P<honorific>(?<!諸)君)?(?: +(?=\S)|$)")
_SPACED = re.compile(rf"{_MARK}(?P<who>{_WORD}{{1,4}} {_WORD}{{2,16}})(?: +(?=\S)|$)")
_BRACKETED = re.compile(
    rf"(?:{_MARK})?[(\[【〔]?(?P<who>[^()\[\]【】〔〕 。、]{{1,24}}?)(?P<honorific>(?<!諸)君)?[)\]】〕] *"
)
_NAMED = re.compile(rf"{_MARK}\((?P<who>[^()。、]{{2,24}}?)(?P<honorific>(?<!諸)君|さん)\)")
_PLAIN = re.compile(r"(?P<who>[^() 。、「」・:：\d【】]{2,24}) +(?=\S)")
_PLAIN_NAME = re.compile("[\u4e00-\u9fff々ヶァ-ヴー]{3,8}|[^ はをがで]{1,4} +[^ はをがで]{1,4}")
_GOES_ON = re.compile("(?:[のをがへはにと]|から|より|まで|及び|並びに|ほか)(?=[\u4e00-\u9fffァ-ヴ「0-9０-９、])")
_MEMBERS = ("議員", "委員")
_RANK = re.compile("(?:副|臨時|仮)?(?:主査|会長)")
"""Alone or behind a body that meets these preside; behind an office or a society (土木事務所主査, 自治会長) they answer."""
_CHAIR = re.compile(
    rf"議長$|委員長$|座長$|部会長$|^{_RANK.pattern}$|(?:分科会|小委員会|特別委員会|部会)副?主査$"
    r"|(?:委員会|分科会|部会|(?:審議|協議|検討|懇談|調査|研究)会)副?会長$|(?:審議|協議|検討|懇談|調査|研究)会長$"
)
_MEMBER = re.compile(rf"^(?:{NUMBER}番|議員|委員)$|(?:委員|議員)$")
_EXECUTIVE = re.compile(
    r"(?:教育|公安|選挙管理|人事|公平|労働|収用|農業|監査|固定資産評価審査|漁業調整|漁場管理)委員(?:会委員)?(?:長|会会長|会長)?$"
)
"""Members and heads of the boards of the executive, who answer in an assembly."""
_NOBODY = re.compile(
    r"^(?:出席|欠席|遅参|早退|列席|説明|会議録|署名|傍聴|紹介|提出|委員外|当選|常任|特別|関係|各|全|両|同|本)+(?:委員|議員|部長|課長|局長)$"
)
"""Titles of lists (出席委員) and words for many (各部長)."""
_FEWEST_WORDS = 8
_FEWEST_TURNS = 2


class Layout(Enum):
    """How a file marks who speaks."""

    CIRCLES = "circles"
    """◯議長（見本太郎君）, ○（見本太郎君）, ○想田委員長, ◆12番（…）."""
    BRACKETS = "brackets"
    """（見本委員）, ［議長］, 見本委員）."""
    PLAIN = "plain"
    """見本委員　…, 議長（見本太郎君）　…"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """A person at the moment of speaking."""

    name: str
    """Full name where the minutes or their roster give it, else what they give."""
    post: str
    """'知事', '危機管理課長', '議長'; '議員' or '委員' for a member."""
    role: str
    """'official', 'member' or 'chair'."""
    called: str
    """How a person would call the speaker in a citation: '知事', '添付委員', '想定健議員'."""
    seat: str = ""
    """Number of a member's seat ('12'); empty where the minutes give none."""
    party: str = ""
    """Group (会派) of a member; empty where the minutes do not tell it."""


Turn = tuple[Speaker, str]
"""Who starts to speak, and the first words."""


def layout_of(lines: Sequence[Line]) -> Layout:
    """Tell how this file marks its speakers."""
    nobody = Roster()
    texts = [line for line in lines if not _is_table(line)]
    if sum(1 for line in texts if _marked(line.body, nobody)) >= _FEWEST_TURNS:
        return Layout.CIRCLES
    turns = Counter(turn[0].called for line in texts if (turn := _bracketed(line.body, nobody)))
    repeated = len(turns) >= _FEWEST_TURNS and turns.total() > len(turns)
    return Layout.BRACKETS if repeated else Layout.PLAIN


def speaker_of(line: Line, roster: Roster, layout: Layout) -> Turn | None:
    """Return who starts to speak on this line and the first words; None when nobody does."""
    if _is_table(line):
        return None
    if turn := _marked(line.body, roster):
        return turn
    if layout is Layout.BRACKETS:
        return _bracketed(line.body, roster)
    return _plain(line.body, roster) if layout is Layout.PLAIN and not line.indent else None


def count_speakers(lines: Sequence[Line]) -> int:
    """Count the lines on which somebody starts to speak; without a circle only where several people speak more than once."""
    nobody = Roster()
    layout = layout_of(lines)
    marked = 0
    turns: Counter[str] = Counter()
    for line in lines:
        found = speaker_of(line, nobody, layout)
        if found is None:
            continue
        if _marked(line.body, nobody):
            marked += 1
        elif found[1] and found[1][-1] in "。！？" and not line.body.startswith("【"):
            turns[found[0].called] += 1
    return marked + (turns.total() if len(turns) > 1 and turns.total() > len(turns) else 0)


def presiding(speakers: Sequence[Speaker]) -> list[Speaker]:
    """Return the same speakers, heads of committees as members where the chair of the assembly presides (総務委員長 reports)."""
    chairs = [speaker.post.endswith("議長") for speaker in speakers if speaker.role == "chair"]
    if 2 * sum(chairs) < len(chairs) or not any(chairs):
        return list(speakers)
    return [
        replace(speaker, role="member") if speaker.role == "chair" and not speaker.post.endswith("議長") else speaker
        for speaker in speakers
    ]


def _is_table(line: Line) -> bool:
    return bool(line.rows) or CELL_SEPARATOR in line.text


def _marked(text: str, roster: Roster) -> Turn | None:
    """Read a line that begins with a circle."""
    narrowed = narrow(text)
    if (found := _TITLED.match(narrowed)) and found["mark"] and _is_titled(found):
        return _titled(found["post"], found["name"], roster), text[found.end() :].strip()
    if (found := _APART.match(narrowed)) and found["mark"] and _is_apart(found, roster):
        return _titled(found["post"], found["name"], roster), text[found.end() :].strip()
    patterns = (_NAMED, _CALLED, _SPACED)
    return next((turn for each in patterns if (turn := _called(each.match(narrowed), text, roster))), None)


def _bracketed(text: str, roster: Roster) -> Turn | None:
    """Read a line that begins with a person in brackets."""
    return _called(_BRACKETED.match(narrow(text)), text, roster)


def _plain(text: str, roster: Roster) -> Turn | None:
    """Read a line that begins with a person and a space; what follows must be spoken."""
    narrowed = narrow(text)
    turn = None
    for pattern in (_TITLED, _APART):
        found = pattern.match(narrowed)
        if turn is None and found and found["honorific"] and _names_post(found["post"]):
            turn = _titled(found["post"], found["name"], roster), text[found.end() :].strip()
    turn = turn or _called(_PLAIN.match(narrowed), text, roster)
    return turn if turn and _is_spoken(turn[1]) else None


def _is_spoken(words: str) -> bool:
    """Tell words from the names of a list (委員　見本　康平　　範田　ちづる) and from the rest of a broken sentence."""
    if _GOES_ON.match(words):
        return False
    return words[-1:] in "。！？" if len(words) < _FEWEST_WORDS else "。" in words or len(words.split()) == 1


def _is_titled(found: re.Match[str]) -> bool:
    """Tell '○知事（標本大介君）' from a bullet with brackets, which has neither an honorific nor a post."""
    return bool(found["honorific"]) or (found["gap"] is not None and _names_post(found["post"]))


def _is_apart(found: re.Match[str], roster: Roster) -> bool:
    """Tell '○市長　想田実　…' from '○市長　今回は　…': a post and nothing else, then a name."""
    name = re.sub(" +", "", found["name"])
    known = bool(found["honorific"]) or name in roster.offices or name in roster.seats
    alone = is_post(found["post"]) or _SEAT.fullmatch(found["post"]) is not None or found["post"] in _MEMBERS
    return alone and (known or (found.end() < len(found.string) and _PLAIN_NAME.fullmatch(found["name"]) is not None))


def _names_post(text: str) -> bool:
    return _SEAT.fullmatch(text) is not None or (ends_in_post(text) and not _NOBODY.match(text))


def _titled(post: str, name: str, roster: Roster) -> Speaker:
    """Make the speaker of '◯知事（標本大介君）'."""
    name = re.sub(r"\s+", "", name)
    role = _role(post)
    if role == "member":
        shown = "委員" if post.endswith("委員") else "議員"
        seat = seat_of(post) or roster.seats.get(name, "")
        return Speaker(name=name, post=shown, role=role, called=name + shown, seat=seat)
    return Speaker(name=name, post=post, role=role, called=post)


def _called(found: re.Match[str] | None, text: str, roster: Roster) -> Turn | None:
    """Make the turn of '標識危機管理課長': roster, offices' names or a known post tell surname and post apart."""
    if found is None:
        return None
    who, words = text[found.start("who") : found.end("who")], text[found.end() :].strip()
    if found.groupdict().get("honorific"):
        return _titled(roster.offices.get(who, "議員"), who, roster), words
    surname, _, who = re.sub(r"\s+", " ", who).rpartition(" ")
    if who in roster.posts and not surname:
        name, post = roster.names[who], roster.posts[who]
    elif not _names_post(narrow(who)):
        return None
    elif _role(who) == "member":
        post = "議員" if who.endswith("議員") or seat_of(who) else "委員"
        name = "" if seat_of(who) else who.removesuffix(post)
    else:
        name, post = split_post(who, roster.posts.values())
        if name and (_RANK.fullmatch(post) or post == "議会長") and not roster.knows(name):  # 審議会長
            name, post = "", who
    name = surname + name
    role = _role(post)
    if role == "member":
        seat = seat_of(who) or roster.seats.get(name, "")
        return Speaker(name=name, post=post, role=role, called=surname + who, seat=seat), words
    return Speaker(name=name or post, post=post, role=role, called=post), words


def _role(post: str) -> str:
    if _EXECUTIVE.search(post):
        return "official"
    if _CHAIR.search(post):
        return "chair"
    return "member" if _MEMBER.search(narrow(post)) else "official"
