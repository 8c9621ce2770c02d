"""Who answers an item and which office writes it: proposed from the organisation table and from past answers, for a person to decide (割り振り)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rag.assembly.item import Item
from rag.japanese.words import content_nouns
from rag.ports import OfficeFinder

__all__ = ["PastLine", "Proposal", "propose"]

_LEAST_SHARE = 0.25
"""Share of what an item speaks of that a past answer must speak of to say who answers."""
_MOST = 5
"""Past answers that are counted, nearest first."""
_LONGEST_DUTIES = 40
_AND = re.compile(r"[、,／/]|及び|並びに")
_HEADED = re.compile(r"(?:.*(?:知事|長|監|者)・)?(?P<body>.{2,}(?:部|局))長")
_SPEAKS_FOR = {"教育委員会": "教育長", "警察本部": "警察本部長"}
"""Bodies that another post than their name with 長 speaks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastLine:
    """A past answer on the topic of an item, as far as it says who answers."""

    post: str
    """Who gave it: '知事'; empty where the minutes do not say."""
    keeper: str
    """Department that keeps the text; empty where nobody does."""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Who is proposed for an item."""

    office: str
    """Department that writes the answer; empty: nothing tells."""
    post: str
    """Who answers: as the notice names, else as proposed; empty: nothing tells."""
    reason: str
    """One Japanese line: on what the proposal rests, or what to do where there is none."""


def propose(item: Item, finder: OfficeFinder, past: Sequence[PastLine] = ()) -> Proposal:
    """Return the office and the post for an item; `past` holds past answers on its topic, nearest first.

    The notice has the last word on the post, and the bureau of that post on the office. Else the duties of the offices (分掌)
    decide together with who keeps the past answers, and the post is that of most of them, or the head of the office's bureau.
    """
    near = _near(item, past)
    keepers = _shares(line.keeper for line in near)
    office = finder.find(item.topic, department=_bureau_of(item.answerer), keepers=keepers)
    department = office.department if office else max(keepers, key=keepers.__getitem__, default="")
    reasons: list[str] = []
    if office is not None:
        reasons.append(
            f"分掌「{_shortened(office.duties)}」が{office.department}にあります"
            if office.duties
            else f"組織表に{office.department}があります"
        )
    elif department:
        reasons.append(f"過去の答弁{len(near)}件の文書を主に{department}が所管しています")
    post, why = _post(item, department, _shares(line.post for line in near), len(near))
    reasons += [why] if why else []
    if not department:
        reasons.append("分掌にも過去の答弁にも担当の手掛かりがありません。担当課を決めて入力してください")
    elif item.answerer and _bureau_of(item.answerer) not in "".join(department.split()):
        reasons.append(f"通告の答弁者は{item.answerer}なので、部局の割り振りを確かめてください")
    return Proposal(office=department, post=post, reason="。".join(reasons) + "。")


def _near(item: Item, past: Sequence[PastLine]) -> list[PastLine]:
    """Return the past answers that speak of what the item speaks of."""
    asked = content_nouns(item.topic)
    return [line for line in past if asked and len(asked & content_nouns(line.text)) >= _LEAST_SHARE * len(asked)][
        :_MOST
    ]


def _shares(names: Iterable[str]) -> dict[str, float]:
    """Return the share of each name; nameless ones count for nobody."""
    counts = Counter(filter(None, names))
    return {name: count / counts.total() for name, count in counts.most_common()}


def _post(item: Item, department: str, posts: Mapping[str, float], count: int) -> tuple[str, str]:
    """Return the post that answers, and why."""
    if item.answerer:
        return item.answerer, ""
    if posts:
        post = next(iter(posts))
        return post, f"似た質問への過去の答弁{count}件のうち{round(posts[post] * count)}件を{post}が答えています"
    body = next((each for each in _SPEAKS_FOR if department.startswith(each)), department.split(" ", maxsplit=1)[0])
    if not body.endswith(("部", "局")) and body not in _SPEAKS_FOR:
        return "", ""
    post = _SPEAKS_FOR.get(body, f"{body}長")
    return post, f"通告に答弁者がないので、{body}の{post}としました"


def _bureau_of(answerer: str) -> str:
    """Return the bureau of the first official who is named with one: 総務部 for 総務部長; empty for 知事."""
    for each in _AND.split(answerer):
        if each in _SPEAKS_FOR.values():
            return next(body for body, post in _SPEAKS_FOR.items() if post == each)
        if found := _HEADED.fullmatch(each):
            return found["body"]
    return ""


def _shortened(duties: str) -> str:
    return duties if len(duties) <= _LONGEST_DUTIES else f"{duties[:_LONGEST_DUTIES]}…"
