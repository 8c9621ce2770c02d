"""Minutes of an assembly (会議録): one section is one remark on one topic by one speaker.

The speaker stands in locator and labels, not in the text, which holds spoken words only. Stage directions (〔…登壇〕)
are left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from ingest.structure.lines import Line, join_wrapped, lines_of
from ingest.structure.minute_speakers import Speaker, count_speakers, has_circles, read_roster, speaker_of
from ingest.structure.minute_topics import Topic, asked, cut_topics, matching
from rag.domain import Document, Kind, Section, Structure
from rag.japanese.dates import Precision, dates
from rag.japanese.numerals import NUMBER
from rag.japanese.rule_numbers import arabic
from rag.japanese.text import narrow

__all__ = ["Sitting", "count_speakers", "read_sitting", "recognise"]

_DIRECTION = re.compile(
    r"[〔\[].*[〕\]]$|[-―─━=＝*＊・\s]{3,}$|\((?:拍手|登壇|降壇|退場|着席|起立|発言する者あり).{0,30}\)$"
)
_EXCHANGE = re.compile(
    r"(?P<who>[^ 。]{2,16}(?:委員|議員))の(?:質疑|質問)(?:・質問)?(?:及び|と|並びに)答弁$|(?:質疑|質問)(?:及び|と)答弁$"
)
_SITTING = re.compile(
    rf"(?P<year>(?:明治|大正|昭和|平成|令和)(?:元|{NUMBER})年)(?P<month>{NUMBER}月)?(?:度)? ?(?P<turn>第{NUMBER}回)?(?P<whose>[^()0-9 ]*?議会)? ?(?P<turn2>第{NUMBER}回)?"
    r" ?(?P<month2>[0-9一二三四五六七八九十]{1,3}月)? ?(?P<body>定例会|臨時会|定例議会|臨時議会|[^()0-9 ]{0,16}?(?:委員会|協議会|審議会|分科会|部会))"
)
_ROUTINE = re.compile(
    r"異議|議題|日程|開会|閉会|休憩|散会|採決|指名|許します|発言を|会議を(?:開|閉)|朗読|付託|報告|当選|投票|選挙|着席|起立|登壇|議席|会期|延会|再開|君。$|委員。$|質疑を終"
)
_TITLE = re.compile(r"会議録|議事録|速記録|委員会記録")
_CLERK = re.compile(r"(?:議会局長|議事部長|議会事務局長|事務局長|議事課長|書記長?|議会局次長)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """Which meeting on which day."""

    name: str
    """'令和5年9月定例会', '令和8年予算特別委員会'; the document's title when the head names no meeting."""
    day: date | None = None
    """None: the head gives no date."""

    def locator(self, called: str) -> str:
        """Write '令和5年9月定例会 9月15日 知事'."""
        shown = f"{self.day.month}月{self.day.day}日" if self.day else ""
        return " ".join(part for part in (self.name, shown, called) if part)


@dataclass(slots=True)
class _Speech:
    """One turn of one speaker."""

    speaker: Speaker
    page: int | None
    paragraphs: list[str] = field(default_factory=list)
    exchange: str = ""
    """Heading of the exchange in a committee ('添付委員の質疑及び答弁'); empty elsewhere."""


def recognise(document: Document) -> Structure:
    """Cut minutes into remarks with speaker, post, role, sitting, date, topic and the question that is answered."""
    lines = lines_of(document.blocks)
    head, speeches = _speeches(lines)
    sitting = read_sitting([document.title, *(line.body for line in head[:12])], document.title)
    sections: list[Section] = []
    if head:
        text = "\n".join(line.body for line in head)
        labels = _known({"sitting": sitting.name, "date": _iso(sitting), "procedure": "yes"})
        breaks = tuple(found.end() for found in re.finditer("\n", text))
        locator = sitting.locator("出席者・議事日程")
        sections.append(Section(locator=locator, text=text, page=head[0].page, breaks=breaks, labels=labels))
    sections.extend(_sections(speeches, sitting))
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


def read_sitting(texts: Sequence[str], title: str) -> Sitting:
    """Read the meeting's name and day from the head."""
    name = ""
    day: date | None = None
    for text in texts:
        found = _SITTING.search(narrow(text))
        if found and not name:
            name = arabic(
                found["year"]
                + (found["month"] or found["month2"] or "")
                + (found["turn"] or found["turn2"] or "")
                + found["body"].removeprefix("議会")
            )
        if day is None:
            day = next((mention.start for mention in dates(text) if mention.precision is Precision.DAY), None)
    return Sitting(name=name or title, day=day)


def _speeches(lines: Sequence[Line]) -> tuple[list[Line], list[_Speech]]:
    """Part the head from the speeches; a line that starts no speech belongs to the one above."""
    circles = has_circles(lines)
    nobody = read_roster(())
    first = next((at for at, line in enumerate(lines) if speaker_of(line, nobody, circles_only=circles)), len(lines))
    roster = read_roster(lines[:first])
    first = next((at for at, line in enumerate(lines) if speaker_of(line, roster, circles_only=circles)), len(lines))
    head = [line for line in lines[:first] if not _DIRECTION.fullmatch(narrow(line.body))]
    speeches: list[_Speech] = []
    exchange = ""
    previous: Line | None = None
    for line in lines[first:]:
        turn = speaker_of(line, roster, circles_only=circles)
        if turn is not None:
            speaker, words = turn
            speeches.append(_Speech(speaker=speaker, page=line.page, exchange=exchange))
            if words:
                speeches[-1].paragraphs.append(words)
        elif found := _EXCHANGE.fullmatch(line.body):
            exchange = found[0]
        elif speeches and not _DIRECTION.fullmatch(narrow(line.body)):
            _go_on(speeches[-1], line, previous)
        previous = line
    if head and _EXCHANGE.fullmatch(head[-1].body):
        head = head[:-1]
    return head, speeches


def _go_on(speech: _Speech, line: Line, previous: Line | None) -> None:
    if speech.paragraphs and previous is not None and previous.runs_on and line.indent == 0:
        speech.paragraphs[-1] = join_wrapped(speech.paragraphs[-1], line.body)
    else:
        speech.paragraphs.append(line.body)


def _sections(speeches: Sequence[_Speech], sitting: Sitting) -> list[Section]:
    """Turn speeches into sections, remembering what the last member asked."""
    sections: list[Section] = []
    questions: list[Topic] = []
    current = ""
    exchange = ""
    for speech in speeches:
        if speech.exchange != exchange:
            questions, current, exchange = [], "", speech.exchange
        if exchange and speech.speaker.role == "official":
            cut = [Topic(name="", paragraphs=speech.paragraphs)]
        else:
            cut = cut_topics(speech.paragraphs, short_turns=bool(exchange))
        topics = [topic for topic in cut if topic.text.strip()]
        if speech.speaker.role == "member":
            for topic in topics:
                topic.name = topic.name or current
            current = topics[-1].name if exchange and topics else ""
            questions = topics
        for topic in topics:
            answered = matching(topic.name, questions) if speech.speaker.role == "official" else None
            sections.append(_section(speech, topic, answered, sitting))
    return sections


def _section(speech: _Speech, topic: Topic, answered: Topic | None, sitting: Sitting) -> Section:
    speaker = speech.speaker
    text = topic.text
    offsets = tuple(found.end() for found in re.finditer("\n", text))
    labels = {
        "speaker": speaker.name,
        "post": speaker.post,
        "role": speaker.role,
        "sitting": sitting.name,
        "date": _iso(sitting),
        "topic": topic.name or (answered.name if answered else ""),
        "question": asked(answered.text, post=speaker.post, topic=topic.name) if answered else "",
        "procedure": "yes" if _is_routine(speaker, text) else "",
    }
    return Section(
        locator=sitting.locator(speaker.called),
        text=text,
        path=(speech.exchange,) if speech.exchange else (),
        caption=labels["topic"],
        page=speech.page,
        breaks=offsets,
        labels=_known(labels),
    )


def _is_routine(speaker: Speaker, text: str) -> bool:
    """Tell whether a remark only runs the meeting: what a chair says, what a clerk of the assembly reads out."""
    if speaker.role == "chair":
        return len(text) < 40 or _ROUTINE.search(text) is not None
    return _CLERK.search(speaker.post) is not None


def _iso(sitting: Sitting) -> str:
    return sitting.day.isoformat() if sitting.day else ""


def _known(labels: dict[str, str]) -> dict[str, str]:
    """Leave out what is not known."""
    return {name: value for name, value in labels.items() if value}
