"""The wording of a notice's lines: which one goes on with the one before, which is a label, a note or a background."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.drafting.notice_lines import Line
from rag.drafting.notice_marks import Mark, follows, read_marks
from rag.japanese.text import narrow

__all__ = ["Remarks", "asks", "goes_on", "hangs", "join", "label_of_line", "without_background_label"]

_SHORTEST_WRAP = 12
"""Full-width characters below which a line is whole, however it ends."""
_SLACK = 4
"""Characters by which the rest of a cell may be wider than its first line: a longer text is no rest."""
_FULL = 4
"""Characters by which a wrapped line may be shorter than the widest one."""
_NEARLY_FULL = 0.7
"""Share of the widest line that a line takes at least which goes on though nothing else says so."""
_FULL_LINE = 26
"""Full-width characters that a line has at least where lines are broken for width."""
_WHOLE = re.compile(r"(?:について|伺う|問う|伺います)$")
_ENDS = re.compile(
    r"(?:[。！？!?]|について|に関して|に関すること|の件|こと|(?:伺|問|うかが)(?:う|います)|か|べき|たい|ます|です|ない|[）)】」])$"
)
_HANGS = re.compile(r"(?:[、,，・をはがのにへとでもやり「（(]|による|及び|また|から|まで|として|において)$")
_GOES_ON = re.compile(
    r"[、。，）)」』をるれっんーゃゅょぁぃぅぇぉ]|は(?!じめ|た|か)|の(?!ち|り)|が(?!ん|け|れ)|に(?!つ|ほ)"
)
"""Letters with which no entry and no paragraph begins."""
_NOTE = re.compile(r"^(?:※|＊|\*|[（(〔]注[）)0-9０-９：:〕 　]|注[ 　:：）)]|注記|備考[ 　:：]|[（(]備考[）)])")
_BACKGROUND = re.compile(
    r"^※?[（(【〔［\[<＜■○・]?(?:背景|質問の(?:背景|趣旨)|経緯|提案理由|理由|説明|参考|前提|趣旨)(?:[）)】〕］\]>＞]|[:：]|[ 　]{1,})[ 　:：]*"
)
_LABEL = re.compile(
    r"^[【〔［\[（(<＜■◆●○]?(?P<title>(?:質問|発言)(?:項目|事項|件名)|大項目|中項目|件名|項目|題名|標題|表題|テーマ)?(?P<text>(?:質問|発言)?(?:の)?(?:要旨|内容|本文)|質問文|小項目|質問)?[】〕］\])）>＞]?[ 　]*(?:[:：]|[ 　]+|(?<=[】〕］\])）>＞])|$)[ 　]*"
)


def asks(text: str) -> bool:
    """Tell whether a line ends like a question or a topic."""
    return _ENDS.search(text) is not None


def hangs(text: str) -> bool:
    """Tell whether a line ends where no entry ends."""
    return _HANGS.search(text) is not None


@dataclass(slots=True)
class Remarks:
    """The remarks of a form (※…, （注）１ …), which may go on with numbers of their own."""

    last: Mark | None = None
    """The number of the last one; None: the last line was none, or bore no number."""

    def take(self, text: str) -> bool:
        """Tell whether a line is a remark, or the next one of numbered ones."""
        marked = read_marks(text)
        if marked is not None and self.last is not None and follows(marked.marks[0], self.last):
            self.last = marked.marks[0]
            return True
        found = _NOTE.match(text)
        inner = read_marks(re.sub(r"^[※＊*(（〔]?注?記?[)）〕:： ]*", "", text)) if found else None
        self.last = inner.marks[0] if inner else None
        return found is not None


def without_background_label(text: str) -> str | None:
    """Return a background without the word that says that it is one (【背景】); None: no word says so."""
    found = _BACKGROUND.match(text)
    return text[found.end() :] if found else None


def join(text: str, more: str) -> str:
    """Join two lines; words of Latin letters keep the space between them."""
    spaced = text[-1:].isascii() and text[-1:].isalnum() and more[:1].isascii() and more[:1].isalpha()
    return f"{text} {more}" if spaced else text + more


def goes_on(before: Line, line: Line, *, widest: float, strict: bool = False) -> bool:
    """Tell whether a line goes on with the one before, which was broken for width only.

    `widest` is the width of the widest line of running text. `strict`: only where the line before cannot be whole.
    """
    text = before.text
    narrowed = narrow(text)
    if any(narrowed.count(left) > narrowed.count(right) for left, right in ("()", "「」", "【】", "〔〕")):
        return True
    if not text or text[-1] in "。！？!?":
        return False
    if _GOES_ON.match(line.text) or hangs(text):
        return True
    if line.in_cell and before.width >= _SHORTEST_WRAP:
        return not _WHOLE.search(text)
    full = before.width >= max(widest - _FULL, _FULL_LINE) and not _WHOLE.search(text) and not before.in_table
    if full or strict:
        return full
    if before.in_table:
        fits = before.width >= _SHORTEST_WRAP and line.width <= before.width + _SLACK
    else:
        fits = before.width >= max(_SHORTEST_WRAP, _NEARLY_FULL * widest)
    return fits and not asks(text) and not line.heading


def label_of_line(text: str) -> tuple[str, str] | None:
    """Return what a label says that its words are ('title' or 'text'), and the words; None: there is no label."""
    found = _LABEL.match(text)
    if found is None or not (found["title"] or found["text"]):
        return None
    return ("title" if found["title"] else "text"), text[found.end() :]
