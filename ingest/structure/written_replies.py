"""One written answer as it is printed: number, question printed again, words, and who gives it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.structure.paragraphs import Paragraph
from ingest.structure.written_numbers import Mark, Number
from ingest.structure.written_outline import Node
from ingest.structure.written_papers import Official
from rag.japanese.text import narrow

__all__ = ["Reply", "begun_reply", "names_post", "puts_off"]

_POST = re.compile(
    r"(?:知事|市長|町長|村長|区長|教育長|[部局課室所館園院署庁]|[^員議]長|委員会|事務局|本部|センター|監|管理者)$"
)

_PUT_OFF = re.compile(r"\([^()]*(?:追って|後日|別途|改めて)[^()]{0,12}(?:回答|答弁|お答え|報告)[^()。]{0,12}。?\)$")
_POST_BEHIND = re.compile(r"\((?P<post>[^()。、]{2,20})\)(?=[ :]|$)")
"""Who answers, behind a number alone: 1-1　（都市整備部）　…"""


@dataclass(slots=True, kw_only=True)
class Reply:
    """An answer as it is printed."""

    questions: list[Node]
    """Those that its number names; empty where none is clear."""
    number: Number = ()
    """Of a paper whose questions are not printed; empty elsewhere."""
    official: Official | None = None
    """None: the paper names nobody."""
    lead: list[Paragraph] = field(default_factory=list)
    """Headings printed above it."""
    restated: list[Paragraph] = field(default_factory=list)
    """The question as the answer's paper prints it again; empty where it does not."""
    mark: list[Paragraph] = field(default_factory=list)
    """The line that holds its number and nothing else."""
    words: list[Paragraph] = field(default_factory=list)
    offset: int = 0
    """Where the words of its first paragraph, restated or not, start behind a number; 0 where no number stands there."""
    told: bool = False
    """A word (回答, 答) says that `words` are the answer."""
    sure: bool = True
    """The number fits."""


def begun_reply(paragraph: Paragraph, mark: Mark, questions: Sequence[Node], official: Official | None) -> Reply:
    """Return an answer that begins with a mark: the words behind the number are its first ones."""
    behind = _POST_BEHIND.match(narrow(paragraph.text), mark.words)
    named = mark.inside if names_post(mark) else behind["post"] if behind and _POST.search(behind["post"]) else ""
    reply = Reply(
        questions=list(questions),
        official=Official(post=named) if named else official,
        told=mark.key == "reply",
    )
    if mark.words < len(paragraph.text):
        reply.words.append(paragraph)
        reply.offset = mark.words
    else:
        reply.mark.append(paragraph)
    return reply


def names_post(mark: Mark) -> bool:
    """Tell whether a word for an answer names who gives it in brackets: 答（建設課長）."""
    return mark.key == "reply" and _POST.search(mark.inside) is not None


def puts_off(reply: Reply) -> bool:
    """Tell whether a remark in brackets stands in place of the answer: （追って回答します。）."""
    if reply.mark:
        return _PUT_OFF.search(narrow(reply.mark[0].text)) is not None
    return _PUT_OFF.match(narrow(reply.words[0].text[reply.offset :]).strip()) is not None
