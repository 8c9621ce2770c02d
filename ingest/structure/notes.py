"""Meeting notes (議事要旨): one section is what one speaker (【…委員】) says in one turn, or the part of it that answers a question.

The speaker stands in locator and labels; the text holds the remarks (・), with wrapped lines joined again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ingest.structure.lines import Line, join_wrapped, lines_of
from ingest.structure.minute_exchange import Ties
from ingest.structure.minute_procedure import parts
from ingest.structure.minute_sections import asked_labels, known_labels, unanswered_labels
from ingest.structure.minute_speakers import Speaker
from ingest.structure.minute_speech import Speech
from ingest.structure.note_arrows import BULLET, arrows_of
from ingest.structure.note_speakers import is_record, manner_of, post_of, role_of, start_of
from ingest.structure.note_ties import tie_notes
from ingest.structure.note_turns import Turn, cut_turns, head_end
from ingest.structure.paragraphs import Paragraph, lines_of_range
from rag.domain import PATH_SEPARATOR, Document, Kind, Section, Structure
from rag.japanese.dates import Precision, dates

__all__ = ["count_turns", "is_questioned", "recognise"]

_NO_BULLET = re.compile("(?!)")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """Remarks of one turn that make a section."""

    remarks: Sequence[Paragraph]
    labels: Mapping[str, str]
    """What they answer, ask in vain, or that they only run the meeting."""


def count_turns(lines: Sequence[Line]) -> int:
    """Count the lines on which a speaker starts, and in the record of a meeting the answers behind an arrow."""
    manner = manner_of(lines)
    arrows = len(arrows_of(lines).replies) if is_record(lines) else 0
    return arrows + sum(1 for line in lines if start_of(line, manner) is not None)


def is_questioned(lines: Sequence[Line]) -> bool:
    """Tell whether questions and answers stand behind 問 and 答 as in an FAQ, but are those of a meeting."""
    return manner_of(lines).asked


def recognise(document: Document) -> Structure:
    """Cut notes into turns; what stands before the first (date, place, people) and after the last is kept as plain sections."""
    lines = lines_of(document.blocks)
    title = " ".join(document.title.split())
    manner = manner_of(lines)
    begins = (at for at, line in enumerate(lines) if start_of(line, manner) is not None)
    first = min(next(begins, len(lines)), *arrows_of(lines).asked, len(lines))
    end = head_end(lines[:first], manner)
    turns = cut_turns(lines[end:], manner)
    day = next(
        (found.start for line in lines[:first] for found in dates(line.body) if found.precision is Precision.DAY), None
    )
    held = day.isoformat() if day else ""
    chaired = any(role_of(turn.who, chaired=True) == "chair" for turn in turns)
    said = [turn for turn in turns if turn.remarks]
    speeches = [_speech(turn, turn.role or role_of(turn.who, chaired=chaired)) for turn in said]
    ties = tie_notes(speeches, said)
    sections = [
        _section(said[at], piece, title, speech.speaker.role, held)
        for at, speech in enumerate(speeches)
        for piece in _pieces(at, said[at], ties, speeches)
    ]
    lead = _lead(lines[:end], title, held)
    return Structure(kind=Kind.NOTES, title=title, sections=(*lead, *sections), effective_from=day)


def _speech(turn: Turn, role: str) -> Speech:
    """Return a turn as pairing reads it: within its item of the agenda, questions without bullets, which may start an answer."""
    speaker = Speaker(name=turn.who, post=post_of(turn.who) if turn.who else "", role=role, called=turn.who)
    bullet = BULLET if role == "member" else _NO_BULLET
    spoken = [replace(remark, text=bullet.sub("", remark.text, count=1).strip()) for remark in turn.remarks]
    return Speech(speaker=speaker, page=turn.page, paragraphs=spoken, exchange=PATH_SEPARATOR.join(turn.agenda))


def _pieces(at: int, turn: Turn, ties: Ties, speeches: Sequence[Speech]) -> Iterator[_Piece]:
    """Yield the passages of a turn that answer questions, and the rest cut where it changes to mere procedure."""
    role = speeches[at].speaker.role
    for first, last, tied in ties.passages(at, len(turn.remarks)):
        if tied:
            labels = asked_labels(tied, _topic(turn), ties, speeches)
            yield _Piece(remarks=turn.remarks[first : last + 1], labels=labels)
            continue
        start = first
        texts = [remark.text for remark in turn.remarks[first : last + 1]]
        for part in parts(texts, presides=role == "chair", summary=True):
            end = start + len(part.paragraphs)
            labels = unanswered_labels(at, start, end - 1, ties)
            labels["procedure"] = "yes" if part.procedure else ""
            yield _Piece(remarks=turn.remarks[start:end], labels=labels)
            start = end


def _topic(turn: Turn) -> str:
    """Return the item of the agenda without its number."""
    number = r"^(?:[(（][0-9０-９一二三四五六七八九十]+[)）]|[0-9０-９]+[ 　.．]|議題[0-9０-９]*|[①-⑳])[ 　]*"
    return re.sub(number, "", turn.agenda[-1]) if turn.agenda else ""


def _section(turn: Turn, piece: _Piece, title: str, role: str, day: str) -> Section:
    text = "\n".join(remark.text for remark in piece.remarks)
    topic = _topic(turn)
    who = f"【{turn.who}】" if turn.who else topic
    page = f"p.{turn.page}" if turn.page else ""
    labels = {
        "speaker": turn.who,
        "post": post_of(turn.who) if turn.who else "",
        "role": role,
        "topic": topic,
        "date": day,
        "lines": lines_of_range(piece.remarks),
        **piece.labels,
    }
    return Section(
        locator=" ".join(part for part in (title, who, page) if part),
        text=text,
        path=turn.agenda,
        caption=turn.who,
        page=turn.page,
        breaks=tuple(found.end() for found in re.finditer("\n", text)),
        labels=known_labels(labels),
    )


def _lead(lines: Sequence[Line], title: str, day: str) -> Iterator[Section]:
    """Keep the head (date, place, people) as one section."""
    texts: list[str] = []
    previous: Line | None = None
    for line in lines:
        if texts and previous is not None and previous.runs_on and not line.rows:
            texts[-1] = join_wrapped(texts[-1], line.body)
        else:
            texts.append(line.text if line.rows else line.body)
        previous = line
    if texts:
        text = "\n".join(texts)
        breaks = tuple(found.end() for found in re.finditer("\n", text))
        labels = {"procedure": "yes"} | ({"date": day} if day else {})
        yield Section(locator=f"{title} 開催概要", text=text, page=lines[0].page, breaks=breaks, labels=labels)
