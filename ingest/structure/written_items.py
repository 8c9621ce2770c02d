"""Read a paper of written questions, and the answers that it prints below them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from ingest.structure.paragraphs import Paragraph
from ingest.structure.written_numbers import Mark, Number, Step, following, read_mark
from ingest.structure.written_outline import Lists, Node, Outline
from ingest.structure.written_papers import Official, Paper, is_formal, official_of
from ingest.structure.written_replies import Reply, begun_reply, names_post, puts_off
from ingest.structure.written_wording import is_heading, overlap
from rag.japanese.text import narrow

__all__ = ["read_questions"]

_SAME = 0.6
"""Share of the characters of two headings from which on one is the other, printed again."""
_HEADS = ("について", "に関して", "に関すること", "の件")
_MOST_AT_ONCE = 5
"""Questions above an answer without a number beyond which nobody knows which ones it answers."""
_FIRST_KANA = re.compile(r"(?<=[。、?!])ア ")


@dataclass(slots=True, kw_only=True)
class _Reading:
    """How far a paper is read."""

    outline: Outline
    signed: Official | None
    """Who signs, or is named on a line of its own."""
    official: Official | None
    """Who answers below the last 回答."""
    node: Node | None = None
    """The question that goes on; None in an answer and in front of the first question."""
    reply: Reply | None = None
    """The answer that goes on; None in a question."""
    replies: list[Reply] = field(default_factory=list)
    waiting: dict[Number, Node] = field(default_factory=dict)
    """Questions since the last answer."""
    near: Number = ()
    """What the last answer was about."""
    all_below: bool = False
    """回答 stood alone: a number below it may name any question above."""
    free: bool = False
    """質問 stood alone: the next paragraph is a question even without a number."""
    may_ask: frozenset[int] = frozenset()
    """Places of the numbers below an answer that may begin a question."""
    lists: Lists = field(default_factory=lambda: Lists(()))


def read_questions(paper: Paper) -> tuple[Outline, list[Reply]]:
    """Return the outline of the questions and, where the paper prints them too, the answers."""
    marks = [read_mark(paragraph.text) for paragraph in paper.body]
    signed = paper.official or paper.addressed
    reading = _Reading(outline=Outline(), signed=signed, official=signed, lists=Lists(marks))
    reading.may_ask = frozenset(_may_ask(paper.body, marks))
    _read_cover(reading, paper)
    left = list(reversed(paper.body))
    while left:
        paragraph = left.pop()
        if reading.replies and (official := official_of(paragraph.text)):
            reading.signed = reading.official = official
            reading.reply = None
            continue
        mark = read_mark(paragraph.text)
        if mark is not None:
            reading.lists.see(mark)
        if mark is None or not _begins(reading, paragraph, mark):
            _goes_on(reading, paragraph)
        rest = _rest(reading, paragraph)
        if rest is not None:
            left.append(rest)
    return reading.outline, list(_kept(reading))


def _kept(reading: _Reading) -> Iterator[Reply]:
    """Yield the answers that say something; the number of one without words leads to the next."""
    lead: list[Paragraph] = []
    for reply in reading.replies:
        reply.official = reply.official or reading.signed
        if reply.words and puts_off(reply):
            continue
        if reply.words:
            reply.lead = lead
            yield reply
        lead = [] if reply.words else reply.mark


def _read_cover(reading: _Reading, paper: Paper) -> None:
    """Take what the cover says of all questions: a heading without number, and prose."""
    last = paper.cover[-1] if paper.cover else None
    if last is not None and is_heading(last.text) and last.text.endswith(_HEADS):
        _add_heading(reading.outline, last)
    reading.outline.lead = [each for each in paper.cover if each.text.endswith("。") and not is_formal(each.text)]


def _may_ask(body: Sequence[Paragraph], marks: Sequence[Mark | None]) -> Iterator[int]:
    """Yield the places of the numbers that may begin a question though they stand below an answer.

    An answer must still come, and in front of it no such number again: that would be a list inside an answer. Where
    questions stand under 質問 or 問, only a heading directly above one does.
    """
    keyed = sum(mark is not None and mark.key == "ask" for mark in marks) > 1
    lowest: dict[str, int] = {}
    answered = asked = False
    for paragraph, mark in zip(reversed(body), reversed(marks), strict=True):
        if mark is not None and mark.key == "reply":
            lowest, answered = {}, True
        elif mark is not None and mark.numbers:
            step = mark.numbers[-1][-1]
            if (asked or not keyed) and answered and lowest.get(step.style, step.value + 1) > step.value:
                yield paragraph.order
            lowest[step.style] = min(step.value, lowest.get(step.style, step.value))
        asked = mark is not None and mark.key == "ask"


def _begins(reading: _Reading, paragraph: Paragraph, mark: Mark) -> bool:
    """Begin what a mark begins; False where it begins nothing."""
    alone = mark.words >= len(paragraph.text)
    if mark.key == "reply":
        _answer(reading, paragraph, mark, _named(reading, mark))
        reading.all_below = reading.all_below or (alone and not mark.numbers)
        return True
    if mark.key == "ask" and not mark.numbers:
        _lift_heading(reading)
        reading.node, reading.reply, reading.free = None, None, True
        return alone or _ask(reading, paragraph, None, offset=mark.words)
    if reading.reply is not None:
        named = [] if reading.lists.holds(mark) else _named(reading, mark)
        if named and (mark.about or not mark.key or reading.all_below):
            _answer(reading, paragraph, mark, named)
            return True
        if mark.about or (not mark.key and paragraph.order not in reading.may_ask):
            reading.lists.begin(mark)
            return False
    if len(mark.numbers) != 1 or mark.about:
        return False
    if mark.key:
        _lift_heading(reading)
    number = _again(reading, paragraph, mark) or reading.outline.next(mark.numbers[0])
    return number is not None and _ask(reading, paragraph, number, offset=mark.words)


def _named(reading: _Reading, mark: Mark) -> list[Node]:
    """Return the items still without an answer that a mark names."""
    outline = reading.outline
    found = [outline.find(number, reading.near, usable=outline.is_open) for number in mark.numbers]
    if mark.key or mark.about or not reading.near:
        written = zip(mark.numbers, found, strict=True)
        found = [node or outline.find_alike(number, reading.near, usable=outline.is_open) for number, node in written]
    return [node for node in found if node is not None]


def _ask(reading: _Reading, paragraph: Paragraph, number: Number | None, *, offset: int) -> bool:
    """Begin a question or a heading; one without a number is counted."""
    node = Node(number=number or reading.outline.counted(), own=[paragraph], offset=offset)
    reading.outline.add(node)
    reading.node, reading.reply, reading.free = node, None, False
    reading.waiting[node.number] = node
    return True


def _answer(reading: _Reading, paragraph: Paragraph, mark: Mark, named: Sequence[Node]) -> None:
    """Begin an answer: to the questions that its number names, else to those asked since the last answer."""
    named = _first_part(paragraph, mark, named)
    if mark.numbers:
        questions = [each for node in named for each in reading.outline.questions(node)]
    else:
        questions = [node for node in reading.waiting.values() if not node.under]
        questions = questions or (reading.replies[-1].questions if reading.replies else [])
        questions = questions if len(questions) <= _MOST_AT_ONCE else []
    if mark.key == "reply" and not names_post(mark):
        reading.official = reading.signed
    reply = begun_reply(paragraph, mark, questions, reading.official)
    reply.sure = len(questions) == 1 or bool(mark.numbers)
    if not mark.numbers and not mark.inside:
        reply.mark = []
    reading.official = reply.official
    reading.near = named[-1].number if named else reading.near
    reading.node, reading.reply, reading.free = None, reply, False
    reading.replies.append(reply)
    if reply.words:
        _settle(reading, reply)


def _first_part(paragraph: Paragraph, mark: Mark, named: Sequence[Node]) -> Sequence[Node]:
    """Return the part of a question that an answer names behind the question's number: 回答2　ア　…, and イ stands below."""
    inner = read_mark(paragraph.text[mark.words :]) if mark.key == "reply" and len(named) == 1 else None
    if inner is None or inner.key or inner.about or len(inner.numbers) != 1:
        return named
    whole = (*named[0].number, *inner.numbers[0])
    return next(([node] for node in named[0].under if node.number == whole), named)


def _goes_on(reading: _Reading, paragraph: Paragraph) -> None:
    """Take a paragraph without a mark to what it stands under; in front of everything it is left to the cover."""
    if reading.reply is not None:
        reading.reply.words.append(paragraph)
        _settle(reading, reading.reply)
    elif reading.node is not None:
        reading.node.own.append(paragraph)
    elif reading.free:
        _ask(reading, paragraph, None, offset=0)


def _settle(reading: _Reading, reply: Reply) -> None:
    """Count the questions of an answer that has words as answered."""
    for node in reply.questions:
        node.answered = True
        reading.waiting.pop(node.number, None)


def _again(reading: _Reading, paragraph: Paragraph, mark: Mark) -> Number | None:
    """Return the number of an item with which a series begins again; None where none does.

    It does below a list of contents, which is dropped, and below a heading without a number, which becomes an item.
    """
    outline, number = reading.outline, mark.numbers[0]
    if not outline.nodes or number[-1].value != 1 or len(number) != 1 or mark.key:
        return None
    first = outline.nodes[0]
    words = paragraph.text[mark.words :]
    if (
        first.number == number
        and all(len(node.own) == 1 for node in outline.nodes)
        and overlap(first.words[0], words) >= _SAME
    ):
        reading.outline = Outline()
        reading.waiting = {}
        return number
    node = reading.node
    if node is None or len(node.own) < 2 or number[0].style not in {step.style for step in outline.at}:
        return None
    if not is_heading(node.own[-1].text):
        return None
    above = _add_heading(outline, node.own.pop())
    return (*above.number, number[0])


def _lift_heading(reading: _Reading) -> None:
    """Make an item of a heading without number that stands between an answer and the next question."""
    reply = reading.reply
    above = reply.words if reply is not None else reading.node.own if reading.node is not None else []
    if len(above) > 1 and above[-1].text.endswith(_HEADS) and is_heading(above[-1].text):
        _add_heading(reading.outline, above.pop())


def _add_heading(outline: Outline, paragraph: Paragraph) -> Node:
    before = outline.at[0].value if outline.at and outline.at[0].style == "heading" else 0
    value = max(before + 1, 2) if outline.nodes else 1
    return outline.add(Node(number=(Step("heading", value),), own=[paragraph]))


def _rest(reading: _Reading, paragraph: Paragraph) -> Paragraph | None:
    """Cut off the next question where it stands inside the line of the one before; None where none does."""
    node = reading.node
    if node is None or node.own[-1] is not paragraph or not node.number:
        return None
    narrowed = narrow(paragraph.text)
    start = node.offset if len(node.own) == 1 else 0
    found = following(node.number[-1]).search(narrowed, start)
    if found is None and not any(step.style == "kana" for step in node.number):
        found = _FIRST_KANA.search(narrowed, start)
    if found is None:
        return None
    node.own[-1] = replace(paragraph, text=paragraph.text[: found.start()], breaks=())
    return replace(paragraph, text=paragraph.text[found.start() :], breaks=())
