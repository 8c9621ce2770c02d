"""Whether a person whom somebody names is the one in the minutes."""

from __future__ import annotations

import re

from rag.japanese.text import narrow

__all__ = ["is_member", "is_post"]


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
