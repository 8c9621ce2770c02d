"""Minutes of an assembly (会議録): one section is one remark on one topic by one speaker.

The speaker stands in locator and labels, not in the text, which holds spoken words only. Stage directions (〔…登壇〕)
are left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ingest.structure.lines import Line, lines_of
from ingest.structure.minute_parties import with_parties
from ingest.structure.minute_sections import known_labels, sections_of
from ingest.structure.minute_sitting import Sitting, read_sitting
from ingest.structure.minute_speakers import (
    Layout,
    Roster,
    count_speakers,
    layout_of,
    presiding,
    read_roster,
    speaker_of,
)
from ingest.structure.minute_speech import Speech
from ingest.structure.minute_written import Setting, written_sections
from ingest.structure.paragraphs import paragraph_of, wrapped
from ingest.structure.written_parts import cut_written
from rag.domain import Document, Kind, Section, Structure
from rag.japanese.text import narrow

__all__ = ["Sitting", "count_speakers", "read_sitting", "read_speeches", "recognise"]

_DIRECTION = re.compile(
    r"[〔\[][^〔〕\[\]]*[〕\]]$|[-―─━=＝*＊・\s]{3,}$|\((?:拍手|登壇|降壇|退場|着席|起立|発言する者あり).{0,30}\)$"
)
_EXCHANGE = re.compile(
    r"(?P<who>[^ 。]{2,16}(?:委員|議員))の(?:質疑|質問)(?:・質問)?(?:及び|と|並びに)答弁$|(?:質疑|質問)(?:及び|と)答弁$"
)
_CIRCLES = "◯○〇●◎◆"
_ENDS = "。！？!?"
_FEWEST_INDENTED = 3
_INDENTED_SHARE = 0.9
_TITLE = re.compile(r"会議録|議事録|速記録|委員会記録")


def recognise(document: Document) -> Structure:
    """Cut minutes into remarks with speaker, post, role, sitting, date, topic and the question that is answered."""
    lines, written = cut_written(lines_of(document.blocks))
    head, speeches = read_speeches(lines)
    sitting = read_sitting([document.title, *(line.body for line in (head or written)[:12])], document.title)
    sections: list[Section] = []
    if head:
        text = "\n".join(line.body for line in head)
        labels = known_labels({"sitting": sitting.name, "date": sitting.iso, "procedure": "yes"})
        breaks = tuple(found.end() for found in re.finditer("\n", text))
        locator = sitting.locator("出席者・議事日程")
        sections.append(Section(locator=locator, text=text, page=head[0].page, breaks=breaks, labels=labels))
    sections.extend(sections_of(speeches, sitting))
    spoken = max((int(section.labels.get("pair", "0")) for section in sections), default=0)
    setting = Setting(
        sitting=sitting.name, day=sitting.iso, read=lambda text: read_sitting([text], "").name, pairs=spoken
    )
    sections.extend(written_sections(written, setting))
    return Structure(
        kind=Kind.MINUTES,
        title=_title(document.title, head),
        sections=tuple(sections),
        effective_from=sitting.day,
    )


def _title(title: str, head: Sequence[Line]) -> str:
    """Prefer a line of the head that calls itself minutes to a title that does not."""
    if _TITLE.search(title):
        return title
    return next((line.body for line in head[:12] if _TITLE.search(line.body) and len(line.body) <= 60), title)


def read_speeches(lines: Sequence[Line]) -> tuple[list[Line], list[Speech]]:
    """Part the head from the speeches; a line that starts no speech belongs to the one above."""
    layout = layout_of(lines)
    first = next((at for at, line in enumerate(lines) if speaker_of(line, Roster(), layout)), len(lines))
    roster = read_roster(lines[:first])
    first = next((at for at, line in enumerate(lines) if speaker_of(line, roster, layout)), len(lines))
    head = [line for line in lines[:first] if not _DIRECTION.fullmatch(narrow(line.body))]
    speeches: list[Speech] = []
    exchange = ""
    indented = _is_indented(lines[first:])
    previous: Line | None = None
    for line in lines[first:]:
        broken = layout is not Layout.CIRCLES and previous is not None and previous.runs_on
        turn = None if broken else speaker_of(line, roster, layout)
        if turn is not None:
            speaker, words = turn
            speeches.append(Speech(speaker=speaker, page=line.page, exchange=exchange))
            if words:
                speeches[-1].paragraphs.append(paragraph_of(words, line))
        elif found := _EXCHANGE.fullmatch(line.body):
            exchange = found[0]
        elif speeches and not _DIRECTION.fullmatch(narrow(line.body)):
            _go_on(speeches[-1], line, previous, indented=indented)
        previous = line
    if head and _EXCHANGE.fullmatch(head[-1].body):
        head = head[:-1]
    _settle(speeches, roster)
    return head, speeches


def _settle(speeches: Sequence[Speech], roster: Roster) -> None:
    """Correct the speakers by what only all speeches together tell: who presides, and the groups (会派)."""
    people = presiding([speech.speaker for speech in speeches])
    turns = [(speaker, speech.texts) for speaker, speech in zip(people, speeches, strict=True)]
    for speech, speaker in zip(speeches, with_parties(turns, roster), strict=True):
        speech.speaker = speaker


def _is_indented(lines: Sequence[Line]) -> bool:
    """Tell whether paragraphs start with a gap: what stands without one below a full line then goes on, whatever ends above."""
    starts = [below for above, below in pairwise(lines) if not above.full and above.body[-1:] in _ENDS]
    indents = [line.indent > 0 for line in starts if line.body[:1] not in _CIRCLES]
    return len(indents) >= _FEWEST_INDENTED and sum(indents) >= _INDENTED_SHARE * len(indents)


def _go_on(speech: Speech, line: Line, previous: Line | None, *, indented: bool) -> None:
    goes_on = previous is not None and (previous.runs_on or (previous.full and indented))
    if speech.paragraphs and goes_on and line.indent == 0:
        speech.paragraphs[-1] = wrapped(speech.paragraphs[-1], line)
    else:
        speech.paragraphs.append(paragraph_of(line.body, line))
