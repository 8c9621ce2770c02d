"""Read a paper of written answers (答弁書): which number each names, what it restates, and where the answer itself begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ingest.structure.paragraphs import Paragraph
from ingest.structure.written_numbers import Mark, Number, read_mark
from ingest.structure.written_outline import Lists, Node, Outline
from ingest.structure.written_papers import Official, Paper, official_of
from ingest.structure.written_replies import Reply, begun_reply
from ingest.structure.written_wording import asks, is_heading, overlap
from rag.japanese.text import narrow

__all__ = ["read_answers"]

_RESTATED = 0.6
"""Share of a paragraph's character pairs that the question holds from which on it is the question, printed again."""
_RESTATED_ASKING = 0.25
"""The same for a paragraph that asks itself."""
_ALONE = 0.8
"""The same for a lone one, which leaves no answer."""


@dataclass(slots=True, kw_only=True)
class _Reading:
    """How far a paper of answers is read."""

    known: Outline
    """The questions as their own paper prints them; without items where it is not at hand."""
    official: Official | None
    told: bool
    """Each answer stands under 回答; numbers inside it name nothing."""
    lists: Lists
    own: Outline = field(default_factory=Outline)
    """The numbers of this paper, where the questions are not at hand."""
    reply: Reply | None = None
    replies: list[Reply] = field(default_factory=list)
    near: Number = ()
    """What the last number named."""
    named: set[Number] = field(default_factory=set)
    """Numbers that an answer has had."""
    exact: bool = False
    """A number was written as in the questions: one without 問 or について that is not names nothing."""
    written: dict[str, str] = field(default_factory=dict)
    """How this paper writes numbers of a style."""
    above: bool = False
    """The last number is that of a heading."""
    lead: list[Paragraph] = field(default_factory=list)
    headings: Mapping[str, Number] = field(default_factory=dict)
    """Headings of the questions that bear no number."""


def read_answers(paper: Paper, known: Outline) -> list[Reply]:
    """Return the answers of a paper in order; `known` holds the questions, and its answered ones are marked."""
    marks = [read_mark(paragraph.text) for paragraph in paper.body]
    told = any(mark is not None and mark.key == "reply" and not mark.numbers for mark in marks)
    headings = {_plain(node.words[0]): node.number for node in known.nodes if node.number[-1].style == "heading"}
    reading = _Reading(
        known=known, official=paper.official or paper.addressed, told=told, lists=Lists(marks), headings=headings
    )
    for paragraph, mark in zip(paper.body, marks, strict=True):
        if mark is not None:
            reading.lists.see(mark)
        if official := official_of(paragraph.text):
            _close(reading)
            reading.official = official
            reading.lead.append(paragraph)
        elif mark is None or not _begins(reading, paragraph, mark):
            _goes_on(reading, paragraph)
    _close(reading)
    for reply in reading.replies:
        reply.official = reply.official or reading.official
        _part_restated(reply)
        for node in reply.questions:
            node.answered = node.answered or bool(reply.words)
    return [reply for reply in reading.replies if reply.words]


def _begins(reading: _Reading, paragraph: Paragraph, mark: Mark) -> bool:
    """Begin what a mark begins; False where it begins nothing."""
    reply = reading.reply
    if mark.key == "reply" and (not mark.numbers or _is_of(reading, mark)):
        return _tell(reading, paragraph, mark)
    if mark.key == "ask" and not mark.numbers:
        _close(reading)
        if mark.words < len(paragraph.text):
            _open(reading, begun_reply(paragraph, mark, (), reading.official))
        return True
    if reading.told and reply is not None and reply.told and not mark.key:
        above = _find(reading, mark.numbers[0], mark)
        named = above is not None and above.under and _names(above, paragraph, mark)
        return bool(named) and above is not None and _answer(reading, paragraph, mark, [above])
    if reply is not None and reading.lists.holds(mark):
        return False
    found = [node for number in mark.numbers if (node := _find(reading, number, mark))]
    if found and not (mark.key or mark.about) and _is_left(reading, paragraph, mark, found[0]):
        found = []
    elif found:
        return _answer(reading, paragraph, mark, found)
    if reading.told or mark.key or not reading.known.nodes:
        return _answer_unknown(reading, paragraph, mark)
    reading.lists.begin(mark)
    return False


def _find(reading: _Reading, number: Number, mark: Mark) -> Node | None:
    """Return the item that a number names; a paper that writes a level otherwise (1 as (1)) does so all through."""

    def usable(node: Node) -> bool:
        return node.number not in reading.named

    node = reading.known.find(number, reading.near, usable=usable)
    if node is None and (mark.key or mark.about or not reading.exact):
        node = reading.known.find_alike(number, reading.near, usable=usable)
    elif node is not None:
        reading.exact = True
    if node is None or reading.written.setdefault(node.number[-1].style, number[-1].style) != number[-1].style:
        return None
    return node


def _is_left(reading: _Reading, paragraph: Paragraph, mark: Mark, node: Node) -> bool:
    """Tell whether a number is that of a heading under which the last answer stood, over other words: a list has it."""
    inside = bool(node.under) and reading.near[: len(node.number)] == node.number
    return inside and not _names(node, paragraph, mark)


def _names(node: Node, paragraph: Paragraph, mark: Mark) -> bool:
    """Tell whether the words behind a number are the heading of that number."""
    return overlap(node.words[0], paragraph.text[mark.words :]) >= _RESTATED


def _is_of(reading: _Reading, mark: Mark) -> bool:
    """Tell whether 答1 stands below 問1, which restates the question."""
    reply = reading.reply
    if reply is None or reply.told:
        return False
    found = [node for number in mark.numbers if (node := reading.known.find(number, reading.near))]
    return bool(found) and [each for node in found for each in reading.known.questions(node)] == reply.questions


def _tell(reading: _Reading, paragraph: Paragraph, mark: Mark) -> bool:
    """Begin the words of the answer: what stood under the number before restates the question."""
    reply = reading.reply
    if reply is None or reply.told:
        questions = reply.questions if reply is not None else []
        number = reply.number if reply is not None else ()
        reply = begun_reply(paragraph, mark, questions, reading.official)
        reply.number, reply.mark = number, []
        _open(reading, reply)
        return True
    named = begun_reply(paragraph, mark, (), reply.official)
    reply.official, reply.told = named.official, True
    reply.restated, reply.words = reply.words, named.words
    return True


def _answer(reading: _Reading, paragraph: Paragraph, mark: Mark, found: Sequence[Node]) -> bool:
    """Begin the answer to questions that the outline holds; a heading of it leads to what stands below."""
    questions = [each for node in found for each in reading.known.questions(node)]
    _open(reading, begun_reply(paragraph, mark, questions, reading.official))
    reading.near = found[-1].number
    reading.named.update(node.number for node in found)
    reading.above = any(node.under for node in found)
    return True


def _answer_unknown(reading: _Reading, paragraph: Paragraph, mark: Mark) -> bool:
    """Begin an answer whose number the outline lacks: that of a part of a question, or of a paper whose questions are not at hand."""
    if not mark.numbers:
        return False
    if not reading.known.nodes:
        number = reading.own.next(mark.numbers[0])
        if number is None:
            return False
        reading.own.add(Node(number=number, own=[paragraph], offset=mark.words))
        reply = begun_reply(paragraph, mark, (), reading.official)
        reply.number = number
        _open(reading, reply)
        return True
    for number in mark.numbers:
        whole = (*reading.near, *number) if len(number) == 1 else number
        for length in range(len(whole) - 1, 0, -1):
            node = reading.known.find(whole[:length])
            if node is not None:
                reply = begun_reply(paragraph, mark, [node] if not node.under else (), reading.official)
                reply.number, reply.sure = whole, False
                _open(reading, reply)
                return True
    reply = begun_reply(paragraph, mark, (), reading.official)
    reply.sure = False
    _open(reading, reply)
    return True


def _open(reading: _Reading, reply: Reply) -> None:
    _close(reading)
    reading.reply, reading.above = reply, False
    reading.replies.append(reply)


def _close(reading: _Reading) -> None:
    """End an answer; what only names a heading leads to the next one."""
    reply = reading.reply
    reading.reply = None
    if reply is None:
        return
    only_named = len(reply.words) == 1 and bool(reply.offset) and is_heading(reply.words[0].text)
    if not reply.told and (reading.told or not reply.words or (reading.above and only_named)):
        reading.replies.pop()
        reading.lead.extend([*reply.mark, *reply.words])
    else:
        reply.lead, reading.lead = reading.lead, []


def _goes_on(reading: _Reading, paragraph: Paragraph) -> None:
    """Take a paragraph without a mark to its answer; a heading that the questions have leads to the next one."""
    heading = reading.headings.get(_plain(paragraph.text))
    if heading is not None:
        _close(reading)
        reading.near = heading
        reading.lead.append(paragraph)
    elif reading.reply is not None:
        reading.reply.words.append(paragraph)


def _part_restated(reply: Reply) -> None:
    """Part the question that an answer's paper prints again from the answer."""
    if reply.told or reply.restated:
        return
    question = "\n".join(text for node in reply.questions for text in node.words)
    while reply.words:
        text = reply.words[0].text[0 if reply.restated else reply.offset :]
        shared = overlap(text, question)
        again = shared >= _RESTATED or (asks(text) and (shared >= _RESTATED_ASKING or not question))
        if not again or (len(reply.words) == 1 and not (asks(text) and shared >= _ALONE)):
            return
        reply.restated.append(reply.words.pop(0))


def _plain(text: str) -> str:
    """Return a heading without white space, width and について."""
    return "".join(narrow(text).split()).removesuffix("について").strip("【】[]<>■□◆◇●○")
