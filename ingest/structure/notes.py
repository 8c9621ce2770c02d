"""Meeting notes (議事要旨): one section is what one speaker (【…委員】) says in one turn, or the part of it that answers a question.

The speaker stands in locator and labels; the text holds the remarks (・), with wrapped lines joined again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ingest.structure.lines import Line, join_wrapped, lines_of
from ingest.structure.minute_exchange import Ties, tie_questions
from ingest.structure.minute_posts import split_post
from ingest.structure.minute_procedure import parts
from ingest.structure.minute_sections import asked_labels, known_labels, unanswered_labels
from ingest.structure.minute_speakers import Speaker
from ingest.structure.minute_speech import Paragraph, Speech, lines_of_range, paragraph_of
from rag.domain import PATH_SEPARATOR, Document, Kind, Section, Structure
from rag.japanese.dates import Precision, dates
from rag.japanese.text import narrow

__all__ = ["count_turns", "recognise"]

_WHO = r"[^【】。、]{1,24}"
_BRACKETED = re.compile(rf"(?P<mark>[・○◯●] ?)?【(?P<who>{_WHO})】[ :]*(?P<words>.*)$")
_PARENTHESISED = re.compile(
    r"(?:[・○◯●] ?)?\((?P<who>[^()【】。、:： ]{0,16}(?:委員|委員長|座長|会長|議長|[市町村区]長|知事|事務局|構成員|参考人|オブザーバー|氏|委員会|[部局課室係]長?))\) *"
    r"(?P<words>(?![のをがへはにと]|から|より|及び|並びに)\S.*)?$"
)
_COLON = re.compile(
    r"(?:[・○◯●-] ?)?(?P<who>[^\s。、:()【】]{0,16}(?:委員長|委員|座長|会長|部会長|事務局|議長|課長|部長|氏|構成員|参考人|オブザーバー)[A-Z]?) ?: ?(?P<words>\S.*)$"
)
_PERSON = re.compile(
    r"委員|座長|会長|議長|事務局|課長|部長|局長|[課室係]$|氏|構成員|会員|議員|参考人|オブザーバー|県|市|町|村|住民|参加者|質問者|代表|理事"
)
_CHAIR = re.compile(r"(?:座長|会長|部会長|委員長|議長)$")
_DEPUTY = re.compile(r"副(?:座長|会長|部会長|委員長|議長)$")
_OFFICIAL = re.compile(
    r"事務局|[課部局室係館場所]長$|[課室係局]$|委員会$|^県|県$|市$|町$|村$|[市町村区]長$|知事$|教育長$|主幹$|主査$|参事$"
)
_MEMBER = re.compile(r"(?P<name>.*?)(?P<post>委員|構成員|会員|議員|参考人|オブザーバー|氏)[A-Z]?$")
_AGENDA = re.compile(
    r"(?:\([0-9一二三四五六七八九十]{1,2}\) ?|[0-9]{1,2}[ .](?! ?[0-9]) ?|議題[0-9一二三四五六七八九十]* ?|[①-⑳] ?)\S.{0,60}$"
)
_BULLET = re.compile(r"[・○◯●◆■▼*→-]")
_NO_BULLET = re.compile("(?!)")
_REMARKS = re.compile(r"議事|発言|意見|質疑|概要|要旨|内容")


@dataclass(slots=True)
class _Turn:
    """What one speaker says on one item."""

    who: str
    agenda: tuple[str, ...]
    page: int | None
    remarks: list[Paragraph] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """Remarks of one turn that make a section."""

    remarks: Sequence[Paragraph]
    labels: Mapping[str, str]
    """What they answer, ask in vain, or that they only run the meeting."""


def count_turns(lines: Sequence[Line]) -> int:
    """Count the lines on which a speaker in 【】 (or （）, or before a colon) starts."""
    rounded = _is_rounded(lines)
    return sum(1 for line in lines if _turn(line, rounded=rounded) is not None)


def recognise(document: Document) -> Structure:
    """Cut notes into turns; what stands before the first (date, place, people) and after the last is kept as plain sections."""
    lines = lines_of(document.blocks)
    title = " ".join(document.title.split())
    rounded = _is_rounded(lines)
    first = next((at for at, line in enumerate(lines) if _turn(line, rounded=rounded)), len(lines))
    head_end = _head_end(lines[:first])
    turns = _turns(lines[head_end:], rounded=rounded)
    day = next(
        (found.start for line in lines[:first] for found in dates(line.body) if found.precision is Precision.DAY), None
    )
    held = day.isoformat() if day else ""
    chaired = any(_role(turn.who, chaired=True) == "chair" for turn in turns)
    said = [turn for turn in turns if turn.remarks]
    speeches = [_speech(turn, _role(turn.who, chaired=chaired)) for turn in said]
    ties = tie_questions(speeches)
    sections = [
        _section(said[at], piece, title, speech.speaker.role, held)
        for at, speech in enumerate(speeches)
        for piece in _pieces(at, said[at], ties, speeches)
    ]
    lead = _lead(lines[:head_end], title, held)
    return Structure(kind=Kind.NOTES, title=title, sections=(*lead, *sections), effective_from=day)


def _speech(turn: _Turn, role: str) -> Speech:
    """Return a turn as pairing reads it: within its item of the agenda, questions without bullets, which may start an answer."""
    speaker = Speaker(name=turn.who, post=_post(turn.who) if turn.who else "", role=role, called=turn.who)
    bullet = _BULLET if role == "member" else _NO_BULLET
    spoken = [replace(remark, text=bullet.sub("", remark.text, count=1).strip()) for remark in turn.remarks]
    return Speech(speaker=speaker, page=turn.page, paragraphs=spoken, exchange=PATH_SEPARATOR.join(turn.agenda))


def _pieces(at: int, turn: _Turn, ties: Ties, speeches: Sequence[Speech]) -> Iterator[_Piece]:
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


def _is_rounded(lines: Sequence[Line]) -> bool:
    """Tell whether speakers stand in （）: several times, and not only offices, which other documents name in the same way."""
    found = [match["who"] for line in lines if (match := _PARENTHESISED.match(narrow(line.body)))]
    people = {who for who in found if _MEMBER.match(who) or _CHAIR.search(who)}
    return len(people) > 1 and len(found) > len(people)


def _turn(line: Line, *, rounded: bool) -> tuple[str, str] | None:
    """Return who starts to speak here and the first words; None when nobody does."""
    if line.rows:
        return None
    text = narrow(line.body)
    found = _BRACKETED.match(text)
    if found is None or not _PERSON.search(found["who"]):
        found = _COLON.match(text) or (_PARENTHESISED.match(text) if rounded else None)
    if found is None:
        return None
    body = line.body
    words = body[found.start("words") : found.end("words")] if found["words"] else ""
    return body[found.start("who") : found.end("who")].strip(), words.strip()


def _head_end(lines: Sequence[Line]) -> int:
    """Return where the agenda of the remarks begins: one heading of each depth directly above the first speaker."""
    end = len(lines)
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


def _turns(lines: Sequence[Line], *, rounded: bool) -> list[_Turn]:
    turns: list[_Turn] = []
    agenda: tuple[str, ...] = ()
    previous: Line | None = None
    for line in lines:
        found = _turn(line, rounded=rounded)
        runs_on = previous is not None and previous.runs_on
        if found is not None:
            turns.append(_Turn(who=found[0], agenda=agenda, page=line.page))
            if found[1]:
                turns[-1].remarks.append(paragraph_of(found[1], line))
        elif _is_agenda(line) and not _BULLET.match(line.body) and not (runs_on and turns and turns[-1].remarks):
            agenda = _deeper(agenda, line)
            turns.append(_Turn(who="", agenda=agenda, page=line.page))
        elif turns:
            _add(turns[-1], line, runs_on=runs_on)
        else:
            turns.append(_Turn(who="", agenda=agenda, page=line.page, remarks=[paragraph_of(line.body, line)]))
        previous = line
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


def _add(turn: _Turn, line: Line, *, runs_on: bool) -> None:
    if turn.remarks and runs_on and not _BULLET.match(line.body) and not line.rows:
        last = turn.remarks[-1]
        turn.remarks[-1] = replace(last, text=join_wrapped(last.text, line.body), last_line=line.line)
    else:
        turn.remarks.append(paragraph_of(line.text if line.rows else line.body, line))


def _role(who: str, *, chaired: bool) -> str:
    """Return the role of a speaker; a deputy asks like a member where somebody else presides (`chaired`)."""
    if not who or (chaired and _DEPUTY.search(who)):
        return "member" if who else ""
    if _CHAIR.search(who):
        return "chair"
    return "official" if _OFFICIAL.search(who) else "member"


def _post(who: str) -> str:
    """Return the post in '見本委員', '組立座長', '事務局'."""
    found = _MEMBER.match(narrow(who))
    return who[found.start("post") : found.end("post")] if found else split_post(who)[1]


def _topic(turn: _Turn) -> str:
    """Return the item of the agenda without its number."""
    number = r"^(?:[(（][0-9０-９一二三四五六七八九十]+[)）]|[0-9０-９]+[ 　.．]|議題[0-9０-９]*|[①-⑳])[ 　]*"
    return re.sub(number, "", turn.agenda[-1]) if turn.agenda else ""


def _section(turn: _Turn, piece: _Piece, title: str, role: str, day: str) -> Section:
    text = "\n".join(remark.text for remark in piece.remarks)
    topic = _topic(turn)
    who = f"【{turn.who}】" if turn.who else topic
    page = f"p.{turn.page}" if turn.page else ""
    labels = {
        "speaker": turn.who,
        "post": _post(turn.who) if turn.who else "",
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
