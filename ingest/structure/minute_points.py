"""The points by which a speech counts its questions (一点目は, 第2に, 小問の3), and to whom a call for all of them gives each."""

from __future__ import annotations

import re

from rag.japanese.numerals import read_integer
from rag.japanese.text import narrow

__all__ = ["for_point", "opens_point", "point_of"]

_N = "(?P<n>[0-9]{1,2}|[一二三四五六七八九十]{1,2})"
_POINT = re.compile(
    rf"(?:(?:まず|次に|続いて|最後に|そこで|それと|それから|また)、?)?"
    rf"(?:第{_N}(?:点目?|に|は|の質問)|{_N.replace('<n>', '<m>')}(?:点目|番目|つ目|問目)|小問の?{_N.replace('<n>', '<o>')}|{_N.replace('<n>', '<p>')}番)(?=[のはにで、。])"
)
_ONE_MORE = re.compile(r"(?:それと|それから|もう[1一](?:点|つ))(?:は|です)?、")
_SHARE = re.compile(
    r"(?P<points>[0-9一二三四五六七八九十]+(?:点|番|つ|問)目[^。、]{0,24}?)は、?(?P<who>[^。、]{2,20}?)(?:に|へ)"
)
_NUMBER = re.compile(r"([0-9]+|[一二三四五六七八九十]+)(?:点|番|つ|問)目")


def point_of(sentence: str) -> int:
    """Return the number of the point that a sentence opens (二点目は、…: 2); 0 where it opens none."""
    found = _POINT.match(narrow(sentence))
    number = next(filter(None, found.group("n", "m", "o", "p")), "") if found else ""
    return read_integer(number) or 0 if number else 0


def opens_point(sentence: str) -> bool:
    """Tell whether a sentence goes on to another point, counted or not (それと4番、…; もう1点、…)."""
    return point_of(sentence) > 0 or _ONE_MORE.match(narrow(sentence)) is not None


def for_point(call: str, point: int) -> str:
    """Return what a call says of one point (一点目は土木部長に、二点目は…); the whole call where it parts nothing."""
    shares = list(_SHARE.finditer(narrow(call)))
    for share in shares:
        if point in {read_integer(found[1]) for found in _NUMBER.finditer(share["points"])}:
            return share[0]
    return "" if shares and point else call
