"""Who speaks in minutes: plenary lines (◯知事（氏名君）) and committee lines (surname and post without a circle)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ingest.structure.lines import Line
from rag.japanese.numerals import NUMBER
from rag.japanese.text import narrow

__all__ = ["Roster", "Speaker", "count_speakers", "has_circles", "read_roster", "speaker_of"]

_HONORIFIC = r"(?:君|さん|氏|議員|委員)"
_CIRCLED = re.compile(
    rf"[◯○〇●◎] ?(?P<post>[^() 。、]{{1,30}}) ?\((?P<name>[^()。、]{{1,24}}?)(?P<honorific>{_HONORIFIC})?\)(?: +|$)"
)
_CIRCLED_PLAIN = re.compile(r"[◯○〇●◎] ?(?P<who>[^() 。、「」]{2,24}?)(?P<honorific>君|さん)? +(?=\S)")
_PLAIN = re.compile(r"(?P<who>[^() 。、「」・:：\d【】]{2,24}) +(?=\S)")
_CHAIR = re.compile(r"(?:臨時|仮|副)?議長$|(?:副|主査|分科)?委員長$|座長$|主査$|(?<!部)会長$")
_MEMBER = re.compile(rf"^(?:{NUMBER}番|議員|委員)$|(?:委員|議員)$")
_POSTS = (
    "知事|市長|町長|村長|区長|教育長|教育委員長|局長|部長|課長|室長|所長|次長|参事|主幹|技監|理事|本部長|総監|管理者|事務局長|委員長|議長|座長|会長|主査"
    "|監|書記|委員|議員|参考人|公述人|係長|課長補佐|担当課長|補佐|監査委員|館長|校長|院長|センター長|政策監|企画監|審議監|統括監|会計管理者"
)
_ENDS_IN_POST = re.compile(rf"(?:{_POSTS})$")
_ROSTER = re.compile(
    rf"(?P<post>[^\d 。、:：]{{0,20}}(?:{_POSTS})) *(?P<name>[^\d。、()（）:：]{{2,12}}?){_HONORIFIC}?$"
)
_SEAT = re.compile(rf"{NUMBER}番")
_FEWEST_WORDS = 8


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """The people named in the head of the minutes."""

    names: Mapping[str, str]
    """Surname and post written together ('標識危機管理課長') → full name."""
    posts: Mapping[str, str]
    """The same → post."""


def read_roster(head: Sequence[Line]) -> Roster:
    """Read '危機管理課長　標識勉' lines; every beginning of a name may be the surname, so each is kept."""
    names: dict[str, str] = {}
    posts: dict[str, str] = {}
    for line in head:
        found = _ROSTER.match(narrow(line.body))
        if found is None:
            continue
        name = re.sub(r"\s+", "", found["name"])
        for length in range(1, min(len(name), 5) + 1):
            key = name[:length] + found["post"]
            names.setdefault(key, name)
            posts.setdefault(key, found["post"])
    return Roster(names=names, posts=posts)


def speaker_of(line: Line, roster: Roster, *, circles_only: bool = False) -> tuple[Speaker, str] | None:
    """Return who starts to speak on this line and the first words; None when nobody does.

    With `circles_only` a line without a circle starts nothing: the layout of a plenary sitting.
    """
    if line.rows:
        return None
    text = line.body
    narrowed = narrow(text)
    if found := _circled(narrowed):
        return _titled(found["post"], re.sub(r"\s+", "", found["name"])), text[found.end() :].strip()
    circled = _CIRCLED_PLAIN.match(narrowed)
    found = circled or (None if circles_only or line.indent else _PLAIN.match(narrowed))
    if found is None:
        return None
    who = text[found.start("who") : found.end("who")]
    known = who in roster.posts
    if not known and not _ENDS_IN_POST.search(who):
        return None
    words = text[found.end() :].strip()
    if not circled and len(words) < _FEWEST_WORDS and words[-1:] not in "。！？":
        return None
    return _called(who, roster), words


def has_circles(lines: Sequence[Line]) -> bool:
    """Tell whether speakers are marked with circles."""
    return sum(1 for line in lines if _circled(narrow(line.body))) > 1


def count_speakers(lines: Sequence[Line]) -> int:
    """Count the lines on which somebody starts to speak; lines without a circle count only where several people speak."""
    empty = Roster(names={}, posts={})
    circled = 0
    plain: list[str] = []
    for line in lines:
        found = speaker_of(line, empty)
        if found is None:
            continue
        if _circled(narrow(line.body)):
            circled += 1
        elif found[1][-1:] in "。！？":
            plain.append(found[0].called)
    return circled + (len(plain) if len(set(plain)) > 1 and len(plain) > len(set(plain)) else 0)


def _circled(text: str) -> re.Match[str] | None:
    """Match '◯知事（標本大介君）'; a bullet with brackets has neither an honorific nor a post."""
    found = _CIRCLED.match(text)
    if found is None or found["honorific"] or _ENDS_IN_POST.search(found["post"]) or _SEAT.fullmatch(found["post"]):
        return found
    return None


def _titled(post: str, name: str) -> Speaker:
    """Make the speaker of '◯知事（標本大介君）'."""
    if _CHAIR.search(post):
        return Speaker(name=name, post=post, role="chair", called=post)
    if _MEMBER.search(post):
        shown = "委員" if post.endswith("委員") else "議員"
        return Speaker(name=name, post=shown, role="member", called=name + shown)
    return Speaker(name=name, post=post, role="official", called=post)


def _called(who: str, roster: Roster) -> Speaker:
    """Make the speaker of '標識危機管理課長': the roster tells surname and post apart, else they stay together."""
    post = roster.posts.get(who, "")
    name = roster.names.get(who, "")
    if _CHAIR.search(who):
        return Speaker(name=name or who, post=post or _last_post(who), role="chair", called=post or _last_post(who))
    if _MEMBER.search(who):
        shown = post or ("議員" if who.endswith("議員") else "委員")
        return Speaker(name=name or who.removesuffix(shown), post=shown, role="member", called=who)
    return Speaker(name=name or who, post=post or who, role="official", called=post or who)


def _last_post(who: str) -> str:
    found = _CHAIR.search(who)
    return found[0] if found else who
