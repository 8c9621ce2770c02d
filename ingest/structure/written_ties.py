"""Tie written answers to written questions: by number, checked against what the answer's paper restates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from ingest.structure.paragraphs import Paragraph
from ingest.structure.written_answers import read_answers
from ingest.structure.written_items import read_questions
from ingest.structure.written_numbers import Number, Step, read_mark
from ingest.structure.written_outline import Node, Outline
from ingest.structure.written_papers import Paper, is_formal
from ingest.structure.written_replies import Reply
from ingest.structure.written_wording import core, end_of_question, is_heading, overlap

__all__ = ["Question", "Sheet", "Tie", "read_sheets"]

_UNLIKE = 0.3
"""Share of a restated question's character pairs below which it is not the question of that number."""
_STRANGE = 0.15
"""The same below which what is restated counts as the question, whatever its number."""
_LIKE = 0.5
_SAME = 0.8
"""The same from which on no number is needed to be sure."""
_AROUND = 10
"""Questions on each side of a number among which the one that was meant is looked for."""
_SHORTEST = 40
"""Characters from which on a paper without any number is a question or an answer as a whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question as the member wrote it."""

    number: Number
    own: tuple[Paragraph, ...]
    offset: int
    """Where the words of its first paragraph start."""
    lead: tuple[Paragraph, ...] = ()
    """Headings and background above it, and above no question before it."""
    headings: tuple[str, ...] = ()
    """Those that it stands under, outermost first."""
    restated: bool = False
    """Known from the answer's paper alone."""

    @property
    def words(self) -> list[str]:
        """Return its paragraphs without the number."""
        return [self.own[0].text[self.offset :], *(paragraph.text for paragraph in self.own[1:])]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """An answer and the questions that it answers."""

    reply: Reply
    questions: tuple[Question, ...]
    """Empty where no question is clear."""
    sure: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What a paper says, with the answers of the same paper or of another one."""

    paper: Paper
    member: Paper
    """The paper that names the member; the same one where no other does."""
    questions: tuple[Question, ...]
    ties: tuple[Tie, ...]


@dataclass(slots=True, kw_only=True)
class _Asked:
    """A paper of questions whose answers may be still to come."""

    paper: Paper
    outline: Outline
    questions: dict[Number, Question]


def read_sheets(papers: Sequence[Paper]) -> list[Sheet]:
    """Read papers in order; those with answers find the questions by number of the paper, else by member."""
    sheets: list[Sheet] = []
    asked: dict[str, _Asked] = {}
    last: _Asked | None = None
    for paper in papers:
        to = None if paper.side == "ask" else _asked_in(paper, asked, last)
        if to is None or (not to.outline.nodes and _prints_both(paper)):
            outline, replies = read_questions(paper)
            if not outline.nodes and not replies and (whole := _whole(paper)):
                outline.add(Node(number=(Step("counted", 1),), own=whole))
                outline.lead = []
            last = _Asked(paper=paper, outline=outline, questions=_questions(outline))
            if outline.nodes:
                asked |= dict.fromkeys(_keys(paper), last)
            ties = tuple(_ties(replies, last))
            sheets.append(Sheet(paper=paper, member=paper, questions=tuple(last.questions.values()), ties=ties))
            continue
        member = to.paper if to.paper.asker else paper
        sheets.append(Sheet(paper=paper, member=member, questions=(), ties=tuple(_ties(_replies(paper, to), to))))
    return sheets


def _prints_both(paper: Paper) -> bool:
    """Tell whether a paper of answers says 質問 and 回答 itself."""
    keys = {mark.key for paragraph in paper.body if (mark := read_mark(paragraph.text))}
    return {"ask", "reply"} <= keys


def _keys(paper: Paper) -> list[str]:
    return [f"第{paper.series}号"] * bool(paper.series) + [paper.asker] * bool(paper.asker)


def _asked_in(paper: Paper, asked: dict[str, _Asked], last: _Asked | None) -> _Asked:
    """Return the questions that a paper answers; none where it names another member than any paper of questions does."""
    found = next((asked[key] for key in _keys(paper) if key in asked), None)
    if found is None and last is not None and last.outline.nodes:
        named = bool(paper.asker and last.paper.asker)
        found = last if not named or last.paper.asker.startswith(paper.asker) else None
    return found or _Asked(paper=replace(paper, asker=""), outline=Outline(), questions={})


def _whole(paper: Paper) -> list[Paragraph]:
    """Return the sentences of a paper without any number."""
    free = [paragraph for paragraph in (*paper.cover, *paper.body) if not is_formal(paragraph.text)]
    return free if sum(len(paragraph.text) for paragraph in free) >= _SHORTEST else []


def _replies(paper: Paper, to: _Asked) -> list[Reply]:
    replies = read_answers(paper, to.outline)
    if not replies and len(to.questions) == 1 and (whole := _whole(paper)):
        node = next(node for node in to.outline.nodes if not node.under)
        return [Reply(questions=[node], official=paper.official or paper.addressed, words=whole, told=True)]
    return replies


def _questions(outline: Outline) -> dict[Number, Question]:
    """Return the questions by number; what stands below a question and does not ask leads to the next one."""
    found: dict[Number, Question] = {}
    lead: list[Paragraph] = list(outline.lead)
    for node, below in zip_longest(outline.nodes, outline.nodes[1:]):
        if node.under:
            lead += node.own
            continue
        words = node.words
        end = end_of_question(words) if below is not None and len(below.number) >= len(node.number) else len(words)
        headings = [each.words[0] for each in outline.above(node) if is_heading(each.words[0])]
        if len(words) > 1 and is_heading(words[0]):
            headings.append(words[0])
        found.setdefault(
            node.number,
            Question(
                number=node.number,
                own=tuple(node.own[:end]),
                offset=node.offset,
                lead=tuple(lead),
                headings=tuple(headings),
            ),
        )
        lead = list(node.own[end:])
    return found


def _ties(replies: Sequence[Reply], to: _Asked) -> Iterator[Tie]:
    numbers = {node.number: at for at, node in enumerate(to.outline.nodes)}
    at = 0
    for reply in replies:
        named = [to.questions[node.number] for node in reply.questions if node.number in to.questions]
        restated = [paragraph.text for paragraph in reply.restated]
        if not restated:
            yield Tie(reply=reply, questions=tuple(named), sure=reply.sure)
            continue
        at = numbers[named[0].number] if named else at
        restated[0] = restated[0][reply.offset :]
        shared = max((_shared(restated, each) for each in named), default=0.0)
        if shared >= _UNLIKE:
            yield Tie(reply=reply, questions=tuple(named), sure=reply.sure)
            continue
        around = to.outline.nodes[max(0, at - _AROUND) : at + _AROUND]
        near = [to.questions[node.number] for node in around if node.number in to.questions]
        best = max(near, key=lambda each: _shared(restated, each), default=None)
        likeness = _shared(restated, best) if best is not None else 0.0
        if best is not None and likeness >= _LIKE:
            yield Tie(reply=reply, questions=(best,), sure=not named and likeness >= _SAME)
        elif shared >= _STRANGE:
            yield Tie(reply=reply, questions=tuple(named), sure=False)
        else:
            yield Tie(reply=reply, questions=(_restated(reply, restated),), sure=not to.questions)


def _restated(reply: Reply, words: Sequence[str]) -> Question:
    """Make the question that only the answer's paper prints."""
    leading = [each.text for each in reply.lead]
    headings = [text[mark.words :] if (mark := read_mark(text)) else text for text in leading]
    if len(words) > 1 and is_heading(words[0]):
        headings.append(words[0])
    return Question(
        number=reply.number,
        own=tuple(reply.restated),
        offset=reply.offset,
        headings=tuple(headings),
        restated=True,
    )


def _shared(restated: Sequence[str], question: Question) -> float:
    """Return how much of a restated question the question, its headings and its background hold."""
    whole = [*question.headings, *(paragraph.text for paragraph in question.lead), *question.words]
    return overlap("".join(map(core, restated)), "\n".join(whole))
