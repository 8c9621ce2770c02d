"""Who is named in the head of minutes: posts, full names, seats and groups (会派)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ingest.structure.lines import Line
from ingest.structure.minute_posts import ends_in_post, is_post
from rag.japanese.numerals import NUMBER, read_integer
from rag.japanese.text import narrow

__all__ = ["Roster", "read_roster", "seat_of"]

_SEAT = re.compile(rf"(?P<number>{NUMBER})番")
_MEMBER = re.compile(r"(?:委員|議員|理事)$")
_HONORIFIC = re.compile(r"(?:君|さん|氏|議員|委員)$")
_WORDS = re.compile(r"([ 、|]*)([^ 、|()]*)(?: *\(([^()]*)\))?")
_NAME = re.compile(r"[^\W\d_a-zA-Z]{2,12}")
_NO_NAME = re.compile(r"なし|以下|ほか|関係|欠員|[者名]$|[0-9]")
_LONGEST_SURNAME = 5
_SHORTEST_POST = 3
_SPLIT_NAME = 3
"""Letters from which on two words side by side are two names, not surname and given name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """The people named in the head of the minutes."""

    names: Mapping[str, str] = field(default_factory=dict)
    """Surname and post written together ('標識危機管理課長') → full name."""
    posts: Mapping[str, str] = field(default_factory=dict)
    """The same → post."""
    offices: Mapping[str, str] = field(default_factory=dict)
    """Full name → post, of those who are no members."""
    seats: Mapping[str, str] = field(default_factory=dict)
    """Full name of a member → number of the seat ('12')."""
    groups: Mapping[str, str] = field(default_factory=dict)
    """Full name of a member → what stands in brackets behind it, or under 会派 in a table."""

    def knows(self, surname: str) -> bool:
        """Tell whether somebody's full name begins so."""
        return any(name.startswith(surname) for name in (*self.names.values(), *self.seats))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Person:
    title: str
    """Post, seat ('12番') or 委員."""
    surname: str
    """Empty where the name is written in one."""
    name: str
    group: str = ""


class _Word(NamedTuple):
    gap: int
    """Characters between it and the word before."""
    text: str
    group: str
    """What stands in brackets behind it."""


def seat_of(title: str) -> str:
    """Return the number of a seat ('十二番' → '12'); empty for another title."""
    found = _SEAT.fullmatch(narrow(title))
    number = read_integer(found["number"]) if found else None
    return "" if number is None else str(number)


def read_roster(head: Sequence[Line]) -> Roster:
    """Read lists of people; where a name is written in one, every beginning of it may be the surname."""
    names: dict[str, str] = {}
    posts: dict[str, str] = {}
    offices: dict[str, str] = {}
    seats: dict[str, str] = {}
    groups: dict[str, str] = dict(_tabled(head))
    for person in _people(head):
        if person.group:
            groups.setdefault(person.name, person.group)
        if seat := seat_of(person.title):
            seats.setdefault(person.name, seat)
            continue
        if not _MEMBER.search(person.title):
            offices.setdefault(person.name, person.title)
        lengths = range(1, min(len(person.name), _LONGEST_SURNAME) + 1)
        for surname in [person.surname] if person.surname else [person.name[:length] for length in lengths]:
            names.setdefault(surname + person.title, person.name)
            posts.setdefault(surname + person.title, person.title)
    return Roster(names=names, posts=posts, offices=offices, seats=seats, groups=groups)


def _people(head: Sequence[Line]) -> Iterator[_Person]:
    for line in head:
        for text in ["   ".join(row) for row in line.rows] or [line.body]:
            yield from _listed(narrow(text).strip())


def _listed(text: str) -> Iterator[_Person]:
    """Yield the people of one line ('建設部長　範本　武　　道路課長　雛形　哲', '１番　　仮野　次郎君', '知事石原慎太郎君')."""
    words = _closed([_Word(len(found[1]), found[2], found[3] or "") for found in _WORDS.finditer(text) if found[2]])
    title = ""
    run: list[_Word] = []
    for at, word in enumerate(words):
        after = words[at + 1].text if at + 1 < len(words) else ""
        found, rest = (word.text, "") if word.gap != 1 and _heads(word.text, after) else _titled(word.text)
        if found:
            yield from _named(title, run)
            title, run = found, []
        if rest and title:
            run.append(word._replace(text=rest))
    yield from _named(title, run)


def _closed(words: Sequence[_Word]) -> list[_Word]:
    """Close a post that is spaced out over the width of its column (知　事)."""
    for count in (4, 3, 2):
        joined = "".join(word.text for word in words[:count])
        if len(joined) == count < len(words) and is_post(joined):
            return [words[0]._replace(text=joined), *words[count:]]
    return list(words)


def _heads(word: str, after: str) -> bool:
    """Tell whether a word is a post, of whatever office, in front of a name."""
    return len(word) >= _SHORTEST_POST and ends_in_post(word) and bool(after) and not ends_in_post(after)


def _titled(word: str) -> tuple[str, str]:
    """Return the title with which a word begins and what is left; '' where it begins with none."""
    if is_post(word) or word in ("委員", "議員", "副委員"):
        return word, ""
    if found := _SEAT.match(word):
        return found[0], word[found.end() :]
    ends = range(len(word) - 1, 1, -1)
    end = next((end for end in ends if is_post(word[:end])), 0)
    if not end and _HONORIFIC.search(word):
        end = next((end for end in ends if ends_in_post(word[:end])), 0)
    return word[:end], word[end:]


def _named(title: str, run: Sequence[_Word]) -> Iterator[_Person]:
    """Cut what stands behind a title into names: after 君, else where the gap is wide, else word by word."""
    for words in _names(run):
        name = _HONORIFIC.sub("", "".join(word.text for word in words))
        if _NAME.fullmatch(name) and not _NO_NAME.search(name):
            surname = words[0].text if len(words) > 1 else ""
            yield _Person(title=title, surname=surname, name=name, group=words[-1].group)


def _names(run: Sequence[_Word]) -> Iterator[list[_Word]]:
    words: list[_Word] = []
    addressed = any(_HONORIFIC.search(word.text) for word in run)
    for word in run:
        whole = bool(words) and min(len(each.text) for each in (*words, word)) >= _SPLIT_NAME
        if words and not addressed and (len(words) > 1 or whole or (word.gap > 1 and len(run) > 2)):
            yield words
            words = []
        words.append(word)
        if word.group or _HONORIFIC.search(word.text):
            yield words
            words = []
    if words:
        yield words


def _tabled(head: Sequence[Line]) -> Iterator[tuple[str, str]]:
    """Yield name and group from a table with columns for both (the list of notices, 通告一覧)."""
    for line in head:
        for title, *rows in [line.rows] if len(line.rows) > 1 else []:
            cells = [narrow(cell) for cell in title]
            group = next((at for at, cell in enumerate(cells) if "会派" in cell), None)
            name = next(
                (at for at, cell in enumerate(cells) if re.search("氏名|議員名|質問者|質問議員|発言者", cell)), None
            )
            if group is not None and name is not None:
                yield from _columns(rows, name, group)


def _columns(rows: Iterable[Sequence[str]], name: int, group: int) -> Iterator[tuple[str, str]]:
    for row in rows:
        if len(row) > max(name, group) and row[group].strip():
            yield _HONORIFIC.sub("", re.sub(r"\s+", "", row[name])), row[group].strip()
