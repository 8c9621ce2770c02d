"""Turns of meeting notes: what one speaker says on one item of the agenda."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ingest.structure.lines import Line, join_wrapped
from ingest.structure.note_arrows import BULLET, Arrows, arrows_of
from ingest.structure.note_speakers import Manner, Start, heads_questions, role_of, start_of
from ingest.structure.paragraphs import Paragraph, paragraph_of
from rag.japanese.text import narrow

__all__ = ["BULLET", "Turn", "cut_turns", "head_end"]

_AGENDA = re.compile(
    r"(?:\([0-9一二三四五六七八九十]{1,2}\) ?|[0-9]{1,2}[ .](?! ?[0-9]) ?|議題[0-9一二三四五六七八九十]* ?|[①-⑳] ?)\S.{0,60}$"
)
_REMARKS = re.compile(r"議事|発言|意見|質疑|概要|要旨|内容")
_ASIDE = re.compile(r"\([^()]*(?:\([^()]*\)[^()]*)*\)$")
"""（討論なし。採決の結果、…）"""


@dataclass(slots=True)
class Turn:
    """What one speaker says on one item."""

    who: str
    agenda: tuple[str, ...]
    page: int | None
    remarks: list[Paragraph] = field(default_factory=list)
    role: str = ""
    """'member' or 'official' where the layout says it; empty where the name has to."""


@dataclass(slots=True)
class _Reading:
    """How far the notes are read."""

    manner: Manner
    arrows: Arrows
    turns: list[Turn] = field(default_factory=list)
    agenda: tuple[str, ...] = ()
    asker: str = ""
    """Whose questions stand below."""
    floor: str = ""
    """Who speaks by name, between arrows; empty where remarks bear no name."""
    above: frozenset[str] = frozenset()
    """Shapes of the headings over the asker: the next one of them ends his questions."""

    def begin(self, start: Start, line: Line) -> None:
        """Begin the turn of a speaker with the first words."""
        who = start.who or (self.asker if start.role == "member" else "")
        self.turns.append(Turn(who=who, agenda=self.agenda, page=line.page, role=start.role))
        if start.words:
            self.turns[-1].remarks.append(paragraph_of(start.words, line))

    def across(self, at: int, line: Line) -> Start | None:
        """Return what an arrow begins: an answer, or below one the next remark of who had the floor."""
        above = self.turns[-1]
        if not above.role:
            self.floor = above.who  # nobody has it beyond a remark that names its speaker at the end
        if self.floor and role_of(self.floor, chaired=True) != "member":
            return None
        if at in self.arrows.replies:
            return Start(who=self.arrows.named(line.body), words=self.arrows.words(line.body), role="official")
        asked = at in self.arrows.asked
        if asked or (above.role == "official" and BULLET.match(line.body)):
            who = self.arrows.named(line.body) or self.floor
            return Start(who=who, words=line.body, role="member" if asked or who else "")
        return None

    def enter(self, line: Line) -> None:
        """Begin an item of the agenda."""
        self.agenda = _deeper(self.agenda, line)
        if _shape(line.body) in self.above:
            self.asker = ""
        self.turns.append(Turn(who="", agenda=self.agenda, page=line.page))


def head_end(lines: Sequence[Line], manner: Manner) -> int:
    """Return where the agenda of the remarks begins: one heading of each depth directly above the first speaker.

    Where words say who asks, the explanation of an item may stand between.
    """
    end = len(lines)
    if manner.asked:
        end = next((at + 1 for at in reversed(range(end)) if _is_agenda(lines[at])), end)
    taken: set[str] = set()
    while end > 0 and _is_agenda(lines[end - 1]) and _shape(lines[end - 1].body) not in taken:
        end -= 1
        taken.add(_shape(lines[end].body))
    return end


def _shape(text: str) -> str:
    """Return how a heading is numbered: 'n ' for '5　議事', '(n' for '（1）税率'."""
    return re.sub(r"[0-9一二三四五六七八九十]+", "n", narrow(text))[:2]


def _is_agenda(line: Line) -> bool:
    return (
        not line.rows
        and line.body[-1:] not in "。、"
        and (line.heading > 0 or _AGENDA.match(narrow(line.body)) is not None)
    )


def cut_turns(lines: Sequence[Line], manner: Manner) -> list[Turn]:
    """Cut the lines below the head into turns."""
    reading = _Reading(manner=manner, arrows=arrows_of(lines))
    turns = reading.turns
    for at, line in enumerate(lines):
        start = start_of(line, manner)
        runs_on = at > 0 and lines[at - 1].runs_on
        said = runs_on and bool(turns) and bool(turns[-1].remarks)
        if asker := heads_questions(line, lines[at + 1] if at + 1 < len(lines) else None, manner):
            reading.asker, reading.above = asker, frozenset(map(_shape, reading.agenda))
        elif start is not None:
            reading.begin(start, line)
        elif _is_agenda(line) and not BULLET.match(line.body) and not said:
            reading.enter(line)
        elif manner.asked and not said and _ASIDE.match(narrow(line.body)):
            reading.begin(Start(who="", words=line.body), line)
        elif turns and (start := reading.across(at, line)):
            reading.begin(start, line)
        elif turns:
            _add(turns[-1], line, runs_on=runs_on)
        else:
            reading.begin(Start(who="", words=line.body), line)
    return turns


def _deeper(agenda: tuple[str, ...], line: Line) -> tuple[str, ...]:
    """Put a heading under the one above, or in its place when it has the same shape."""
    kept = agenda
    for at, step in enumerate(agenda):
        if _shape(step) == _shape(line.body):
            kept = agenda[:at]
            break
    if kept == agenda and kept and not _REMARKS.search(kept[-1]):
        kept = kept[:-1]
    return (*kept, line.body)


def _add(turn: Turn, line: Line, *, runs_on: bool) -> None:
    if turn.remarks and runs_on and not BULLET.match(line.body) and not line.rows:
        last = turn.remarks[-1]
        turn.remarks[-1] = replace(last, text=join_wrapped(last.text, line.body), last_line=line.line)
    else:
        turn.remarks.append(paragraph_of(line.text if line.rows else line.body, line))
