"""Choose a document's title among words that a person can see in it.

What a file's properties say is used only when the same words stand near its head: properties are invisible, often
left over from another file ('Microsoft Word - 文書1'), and a place to hide words. A sentence names nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import takewhile

from rag.domain import Block

_HEAD = 40
"""Blocks from the top among which a title is looked for."""
_LONGEST = 80
_MARK = re.compile(r"^[○◯〇●◎■□◆◇★☆※\s]+")
_ENDS_LIKE_TITLE = re.compile(
    r"(?:条例|規則|規程|規定|要綱|要領|要項|訓令|告示|法律|政令|省令|憲章|協定|指針|ガイドライン|方針|計画|マニュアル|手引|手引き|"
    r"手順書|会議録|議事録|議事要旨|速記録|概要|答弁書|答弁|通告書|質問通告|一覧|一覧表|台帳|名簿|通知|について|"
    r"解説書|ガイドブック|Q&A|Q＆A|FAQ|報告書|案内|お知らせ|しおり|利用規約|規約|仕様書|説明書|調書|基準|表)"
    r"(?:\s*[（(][^（()）]{1,30}[)）]|\s*第[0-9０-９一二三四五六七八九十]{1,4}[号回日])?$"
)
_DOCUMENT_NUMBER = re.compile(
    r"(?:明治|大正|昭和|平成|令和).{1,12}年.{0,20}(?:法律|政令|省令|府令|条例|規則|規程|訓令|告示|達)第[0-9０-９〇一二三四五六七八九十百千]+号$"
)
_ADDRESS = re.compile(
    r"^(?:出席|欠席|説明|日時|場所)|(?:様|殿|御中|各位|長|あて|宛)$|[第]?\S{0,12}号$|^(?:令和|平成|昭和|\d{4}年)|\d+年\d+月\d+日|。$|^[-－—\d\s./]+$"
)
_SAYS = re.compile(
    r"。|://|[<>{}]|[.．!！?？:：]$|"
    r"(?:です|ます|ません|ました|でした|ましょう|ください|下さい|こと|せよ|しろ|する|した|いる|いた|ある|れる|える|なる|なった|ない|べし)[」』）)]*$"
)
"""What a sentence, an order or a piece of mark-up has and a title has not."""
_LONGEST_FOREIGN = 40
_JAPANESE = re.compile("[ぁ-ゖァ-ヺ\u3400-\u9fff]")


def choose_title(blocks: Sequence[Block], stem: str, *, candidates: Sequence[str] = ()) -> str:
    """Return the first of: a tagged title, a candidate seen in the text, the first heading, a title-like line, the stem."""
    head = [block for block in blocks[:_HEAD] if not block.rows and block.tag != "toc"]
    first = next((at for at, block in enumerate(head) if block.tag == "title"), None)
    if first is not None:
        joined = [block.text for block in takewhile(lambda block: block.tag == "title", head[first : first + 3])]
        return _trim(" ".join(dict.fromkeys(map(_trim, joined))))
    seen = [_plain(block.text) for block in head]
    for candidate in candidates:
        wanted = _plain(candidate)
        if 2 <= len(wanted) <= _LONGEST and any(wanted in text and len(text) <= 2 * len(wanted) + 10 for text in seen):
            return _trim(candidate)
    highest = min((block.heading for block in head if block.heading and _fits(block.text)), default=0)
    for block in head:
        if highest and block.heading == highest and _fits(block.text):
            return _trim(block.text)
    for block in head[:12]:
        line = _trim(block.text)
        if (
            _fits(line)
            and _ENDS_LIKE_TITLE.search(line)
            and not _DOCUMENT_NUMBER.match(line)
            and not says_something(line)
        ):
            return line
    for block in head[:1]:
        line = _trim(block.text)
        if _fits(line) and not _ADDRESS.search(line) and not says_something(line):
            return line
    return stem


def says_something(line: str) -> bool:
    """Tell a sentence, an order or mark-up from words that name a thing."""
    text = _plain(line)
    return bool(_SAYS.search(text)) or (len(line) > _LONGEST_FOREIGN and _JAPANESE.search(line) is None)


def _fits(text: str) -> bool:
    return 2 <= len(_trim(text)) <= _LONGEST


def _trim(text: str) -> str:
    return re.sub(r"\s*\n\s*", " ", _MARK.sub("", text.strip()))


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", _MARK.sub("", text)))
