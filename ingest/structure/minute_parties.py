"""Which group (会派) a member belongs to, where the minutes say it: in the head's lists or in the member's opening words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from ingest.structure.minute_roster import Roster
from ingest.structure.minute_speakers import Speaker
from rag.japanese.text import narrow, sentences

__all__ = ["party_of", "with_parties"]

_GROUP = re.compile(
    r"(?:会|党|クラブ|[都道府県市区町村]議団|議員団|ネット|ネットワーク|フォーラム|維新|無所属|同盟|連合|公明|自民|みらい|未来|の風|市民派)$"
    r"|^(?:自由|自民|民主|立憲|公明|新政|創政|創生|改革|維新|れいわ|参政|社民|共産|政和|清和|未来|みらい|会派)[^の]{2,}"
)
_NO_GROUP = re.compile(
    r"^(?:会派|本会|当会|同会)$|(?:議会|委員会|協議会|審議会|分科会|部会|大会|総会|町内会|自治会|町会|連合会|商工会|医師会|社会|機会|今議会|定例会|臨時会)$|^(?:[都道府県市区町村国]民|住民)の?$|皆"
)
_INTRODUCED = re.compile(r"(?:^|、)(?:(?:私は|私)、?)?(?:会派「|「)?(?P<group>[^、。「」]{2,24})」?の$")
_BEHALF = re.compile(r"(?:^|、)(?:私は、?)?(?:会派「|「)?(?P<group>[^、。「」は]{2,24})」?を代表(?:し|いたし|致し)")
_OPENING = 4
"""Sentences in which members say who they are."""


def party_of(text: str) -> str:
    """Return the group that a text names and nothing else; empty where it may be anything."""
    group = text.strip(" 　「」()（）")
    return group if _GROUP.search(group) and not _NO_GROUP.search(group) else ""


def with_parties(turns: Sequence[tuple[Speaker, Sequence[str]]], roster: Roster) -> list[Speaker]:
    """Return the speakers of these turns (speaker, paragraphs), members with their group where it is told without contradiction."""
    parties = _parties(turns, roster)
    return [
        replace(speaker, party=parties.get(speaker.name, "")) if speaker.role == "member" else speaker
        for speaker, _ in turns
    ]


def _parties(turns: Iterable[tuple[Speaker, Sequence[str]]], roster: Roster) -> Mapping[str, str]:
    """Return full name → group."""
    told: dict[str, set[str]] = {}
    for name, listed in roster.groups.items():
        if group := party_of(listed):
            told.setdefault(name, set()).add(group)
    for speaker, paragraphs in turns:
        if speaker.role == "member":
            told.setdefault(speaker.name, set()).update(_introduced(speaker.name, paragraphs))
    return {name: next(iter(groups)) for name, groups in told.items() if len(groups) == 1}


def _introduced(name: str, paragraphs: Sequence[str]) -> Iterator[str]:
    """Yield the groups in whose name a member speaks (みほん創生会の想定健でございます, 公明党を代表して)."""
    text = "\n".join(paragraphs[:_OPENING])
    for span in list(sentences(text))[:_OPENING]:
        sentence = narrow(span.of(text)).strip()
        found = _before(name, sentence) or _BEHALF.search(sentence)
        if found and (group := party_of(found["group"])):
            yield group


def _before(name: str, sentence: str) -> re.Match[str] | None:
    """Find what stands in front of the member's own name or surname, where a sentence ends with it."""
    said = re.search(r"の(?P<name>[^、。のはがを]{1,12}?)(?:です|で(?:ござい|あり)ます|と申します)", sentence)
    if said is None or not said["name"] or not re.sub(r"\s", "", name).startswith(re.sub(r"\s", "", said["name"])):
        return None
    return _INTRODUCED.search(sentence[: said.start("name")])
