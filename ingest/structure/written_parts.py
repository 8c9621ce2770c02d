"""Where the written questions stand in a document: an appendix of minutes, or all of it."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.structure.lines import Line
from ingest.structure.minute_roster import Roster
from ingest.structure.minute_speakers import Layout, layout_of, speaker_of
from ingest.structure.written_papers import cut_papers, paragraphs_of
from ingest.structure.written_ties import read_sheets
from ingest.structure.written_titles import ends_part, is_title

__all__ = ["cut_written", "is_written"]

_NEAR_THE_TOP = 8
"""Lines among which a document that is nothing but written questions has its title."""


def cut_written(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """Part the lines of what is spoken from those of written questions and answers.

    A part begins at a title behind which nobody takes the floor any more, and ends at another appendix or the next speech.
    """
    titles = [not line.rows and is_title(line.body) for line in lines]
    if not any(titles):
        return list(lines), []
    floor = [] if _is_whole(lines, titles) else _floor(lines)
    taken: set[int] = set()
    ends = iter([*floor, len(lines)])
    end = next(ends)
    at = 0
    while at < len(lines):
        while end <= at and end < len(lines):
            end = next(ends)
        if titles[at] and (not floor or at > floor[0]):
            stop = next((below for below in range(at + 1, end) if ends_part(lines[below].body)), end)
            taken.update(range(at, stop))
            at = stop
        else:
            at += 1
    return [line for at, line in enumerate(lines) if at not in taken], [lines[at] for at in sorted(taken)]


def is_written(lines: Sequence[Line]) -> bool:
    """Tell whether a document is written questions with their member, or minutes that print such ones."""
    titles = [not line.rows and is_title(line.body) for line in lines]
    if not any(titles) or not (any(titles[:_NEAR_THE_TOP]) or _is_spoken(lines)):
        return False
    sheets = read_sheets(cut_papers(paragraphs_of(cut_written(lines)[1])))
    return any(sheet.questions and sheet.member.asker for sheet in sheets)


def _is_whole(lines: Sequence[Line], titles: Sequence[bool]) -> bool:
    """Tell whether a document is written questions and nothing else: nobody presides."""
    return any(titles[:_NEAR_THE_TOP]) and not _is_spoken(lines)


def _is_spoken(lines: Sequence[Line]) -> bool:
    """Tell whether these are minutes in which somebody presides; a name behind a mark (◆模野議員) may also head written questions."""
    layout = layout_of(lines)
    turns = (speaker_of(line, Roster(), layout) for line in lines) if layout is Layout.CIRCLES else ()
    return any(turn is not None and turn[0].role == "chair" for turn in turns)


def _floor(lines: Sequence[Line]) -> list[int]:
    """Return where somebody starts to speak."""
    layout = layout_of(lines)
    return [at for at, line in enumerate(lines) if speaker_of(line, Roster(), layout)]
