"""Whether a person whom somebody names is the one in the minutes."""

from __future__ import annotations

import re

from rag.japanese.text import narrow

__all__ = ["is_any_member", "is_member", "is_post", "members_of"]

_AND = "、"


def is_post(wanted: str, post: str) -> bool:
    """Tell whether a post is the one meant: 部長 means every 部長, 知事 no 副知事, 標本知事 the 知事."""
    one, other = ("".join(narrow(each).split()) for each in (wanted, post))
    longer, shorter = (one, other) if len(one) > len(other) else (other, one)
    if not shorter or not longer.endswith(shorter):
        return False
    before = longer[: -len(shorter)]
    return not before.endswith(("副", "次", "元", "前"))


def is_member(wanted: str, member: str) -> bool:
    """Tell whether a member is the one meant, by surname or full name, with or without 議員."""
    one, other = (re.sub(r"(?:議員|委員|君|氏|さん)$", "", "".join(narrow(each).split())) for each in (wanted, member))
    return bool(one) and other.startswith(one)


def members_of(called: str) -> tuple[str, ...]:
    """Return who asked what one passage answers: '想定健議員、例示花子議員' are two."""
    return tuple(each for each in called.split(_AND) if each)


def is_any_member(wanted: str, called: str) -> bool:
    """Tell whether one of those who asked is the member meant."""
    return any(is_member(wanted, each) for each in members_of(called))
