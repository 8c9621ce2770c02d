"""Titles of written questions (文書質問趣意書) and answers (答弁書), and what ends their part of the minutes."""

from __future__ import annotations

import re
from typing import Literal

from ingest.structure.written_numbers import read_mark
from rag.japanese.text import narrow

__all__ = ["Side", "ends_part", "is_title", "title_side"]

Side = Literal["ask", "reply", "both"]

_ASKED = r"(?:文書質問|質問|文書による質問)(?:趣意書|主意書|通告書|要旨|書)?"
_BEHIND = r"(?:の?写し)?(?: ?\([^()]{1,24}\)| ?第[0-9一二三四五六七八九十百]{1,4}号)?"
_BOTH = re.compile(rf".{{0,40}}{_ASKED}(?:及び|並びに|と|・|、)(?:その)?(?:答弁|回答)(?:書|文|内容)?{_BEHIND}")
_REPLY = re.compile(rf".{{0,40}}(?:答弁書|回答書|質問(?:趣意書|主意書)?に(?:対する|係る)(?:答弁|回答)){_BEHIND}")
_ASK = re.compile(rf".{{0,40}}(?:質問(?:趣意|主意)書|文書質問(?:通告書|要旨|書)?|文書による質問){_BEHIND}")
_WRITTEN = re.compile(r"文書(?:質問|による質問)|趣意書|主意書")
_NO_TITLE = re.compile(
    r"[。〔〕]|^(?:日程|[0-9一二三四五六七八九十]+[ 、.])|送付|提出|掲載|[.…‥・]{3}|[0-9]$|頁|ページ|について$"
)
_REFERENCE = re.compile(r"^\(?(?:参照|参考|別紙|資料)[0-9]{0,2}\)? ?|^[【\[<〈] ?| ?[】\]>〉]$")
_LONGEST_TITLE = 60
_ENDS = re.compile(
    r"\(?参照\)?(?:$| )|.{0,20}署名(?:議員|する).{0,16}|.{0,14}(?:請願|陳情)[^。]{0,14}(?:表|書|一覧)|.{0,16}(?:審査|調査)報告書|(?:出席|欠席)(?:議員|者).{0,10}"
    r"|.{0,10}(?:議案|付託|議決)[^。]{0,12}(?:表|一覧|結果|目録)|地方自治法第(?:123|百二十三)条.*"
)


def is_title(text: str) -> bool:
    """Tell whether a line is the title of written questions or answers; 答弁書 alone does not say that they are written ones."""
    return title_side(text) is not None and _WRITTEN.search(text) is not None


def ends_part(text: str) -> bool:
    """Tell whether a line begins another appendix of the minutes, or the signatures; the heading of a numbered item (二　議決結果の公表一覧) does not."""
    narrowed = narrow(text)
    if len(narrowed) > _LONGEST_TITLE or title_side(text) is not None or _ENDS.fullmatch(narrowed) is None:
        return False
    mark = read_mark(text)
    return mark is None or not mark.numbers


def title_side(text: str) -> Side | None:
    """Return which side a title announces; None for a line that is no title."""
    if len(text) > _LONGEST_TITLE:
        return None
    narrowed = _REFERENCE.sub("", narrow(text))
    if _NO_TITLE.search(narrowed):
        return None
    if _BOTH.fullmatch(narrowed):
        return "both"
    if _REPLY.fullmatch(narrowed):
        return "reply"
    return "ask" if _ASK.fullmatch(narrowed) else None
