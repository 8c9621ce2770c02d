"""Speeches to sections: a member's by topics, an official's by the questions that each passage answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ingest.structure.minute_exchange import Tie, Ties, tie_questions
from ingest.structure.minute_gist import gist_of
from ingest.structure.minute_procedure import is_clerk
from ingest.structure.minute_procedure import parts as cut_procedure
from ingest.structure.minute_sitting import Sitting
from ingest.structure.minute_speech import LONGEST_BACKGROUND, Speech, led_up
from ingest.structure.minute_topics import Topic, cut_topics
from ingest.structure.paragraphs import lines_of_range, lines_of_sentences
from rag.domain import Section

__all__ = ["asked_labels", "known_labels", "sections_of", "unanswered_labels"]

_SHORT_TURN = 4
"""Paragraphs up to which a turn belongs to a dialogue where no heading says so."""


def sections_of(speeches: Sequence[Speech], sitting: Sitting) -> Iterator[Section]:
    """Turn speeches into sections: a member's by topics, an official's by the questions that they answer."""
    ties = tie_questions(speeches)
    topics: dict[int, list[_Part]] = {}
    last: int | None = None
    for at, speech in enumerate(speeches):
        if speech.speaker.role == "official":
            parts = list(_answers(at, speech, ties, topics))
        else:
            parts = list(_parts(cut_topics(speech.texts, short_turns=bool(speech.exchange))))
        if speech.speaker.role == "member":
            if last is not None and _goes_on(speeches[last], speech, parts):
                for part in parts:
                    part.topic = part.topic or topics[last][-1].topic
                ties.before[at] = last
            topics[at], last = parts, at if parts else last
        for part in parts:
            for piece in _judged(speech, part):
                asked = (
                    asked_labels(piece.ties, piece.topic, ties, speeches)
                    if piece.ties
                    else unanswered_labels(at, piece.first, piece.last, ties)
                )
                yield _section(speech, piece, sitting, asked)


def _goes_on(before: Speech, speech: Speech, parts: Sequence[_Part]) -> bool:
    """Tell whether a turn of a dialogue goes on with the topic of the member's turn before it: it names no other one."""
    same = (before.speaker.called, before.exchange) == (speech.speaker.called, speech.exchange)
    short = bool(speech.exchange) or max(len(before.paragraphs), len(speech.paragraphs)) <= _SHORT_TURN
    return same and short and bool(parts) and not parts[0].topic


@dataclass(slots=True, kw_only=True)
class _Part:
    """Paragraphs of a speech that make one section."""

    first: int
    last: int
    """Both ends."""
    topic: str
    ties: Sequence[Tie] = ()
    """The questions that they answer."""
    procedure: bool = False


def _parts(topics: Sequence[Topic], start: int = 0) -> Iterator[_Part]:
    """Yield the paragraphs of each topic, the first of which is paragraph `start` of the speech."""
    for topic in topics:
        end = start + len(topic.paragraphs)
        if topic.text.strip():
            yield _Part(first=start, last=end - 1, topic=topic.name)
        start = end


def _answers(at: int, speech: Speech, ties: Ties, topics: Mapping[int, Sequence[_Part]]) -> Iterator[_Part]:
    """Yield the passages of an official: those that answer a question, and what stands around them."""
    for first, last, tied in ties.passages(at, len(speech.paragraphs)):
        texts = speech.texts[first : last + 1]
        if tied:
            heading = cut_topics(texts)[0].name
            yield _Part(first=first, last=last, topic=heading or _topic_of(tied[0], topics), ties=tied)
        elif speech.exchange and len(texts) == len(speech.paragraphs):
            yield from _parts([Topic(name="", paragraphs=texts)])
        else:
            yield from _parts(cut_topics(texts), first)


def _judged(speech: Speech, part: _Part) -> Iterator[_Part]:
    """Yield a part cut at the changes between procedure and substance; what answers a question is substance."""
    if part.ties:
        yield part
    elif is_clerk(speech.speaker.post):
        yield replace(part, procedure=True)
    else:
        start = part.first
        for run in cut_procedure(speech.texts[start : part.last + 1], presides=speech.speaker.role == "chair"):
            end = start + len(run.paragraphs)
            yield replace(part, first=start, last=end - 1, procedure=run.procedure)
            start = end


def _topic_of(tie: Tie, topics: Mapping[int, Sequence[_Part]]) -> str:
    """Return the topic under which a question was asked."""
    return next(
        (part.topic for part in topics.get(tie.asking, ()) if part.first <= tie.asked.paragraph <= part.last), ""
    )


def unanswered_labels(at: int, first: int, last: int, ties: Ties) -> dict[str, str]:
    """Return what a part of a member's speech asks in vain."""
    found = [asked.text for asking, asked in ties.unanswered if asking == at and first <= asked.paragraph <= last]
    return {"unanswered": "\n".join(found)}


def asked_labels(tied: Sequence[Tie], topic: str, ties: Ties, speeches: Sequence[Speech]) -> dict[str, str]:
    """Return what a passage says of the questions that it answers: where there are several, one a line."""
    askers = [speeches[tie.asking] for tie in tied]
    asked = [asker.paragraphs[tie.asked.paragraph] for asker, tie in zip(askers, tied, strict=True)]
    return {
        "question": "\n".join(tie.asked.text.replace("\n", "") for tie in tied),
        "gist": "\n".join(gist_of(tie.asked.text, topic) for tie in tied),
        "member": "、".join(dict.fromkeys(asker.speaker.called for asker in askers)),
        "party": "、".join(dict.fromkeys(asker.speaker.party for asker in askers if asker.speaker.party)),
        "asked_lines": "\n".join(
            lines_of_sentences(paragraph, tie.asked.parts) for paragraph, tie in zip(asked, tied, strict=True)
        ),
        "asked_page": "\n".join(str(paragraph.page or "") for paragraph in asked),
        "background": "\n".join(dict.fromkeys(_background(tie, ties, speeches) for tie in tied)),
        "pair": str(tied[0].number),
        "certain": "" if all(tie.certain for tie in tied) else "no",
    }


def _background(tie: Tie, ties: Ties, speeches: Sequence[Speech]) -> str:
    """Return what leads up to a question and holds it, the last words of many.

    In a speech from the question before it on; in a dialogue with the member's turns before it on the same topic.
    """
    start = max((at for at in ties.asked_in(tie.asking) if at < tie.asked.paragraph), default=-1) + 1
    texts = speeches[tie.asking].texts[start : tie.asked.paragraph + 1]
    at = ties.before.get(tie.asking) if start == 0 else None
    while at is not None and sum(map(len, texts)) < LONGEST_BACKGROUND:
        texts = [*speeches[at].texts, *texts]
        at = ties.before.get(at)
    return led_up(texts)


def _section(speech: Speech, part: _Part, sitting: Sitting, asked: Mapping[str, str]) -> Section:
    speaker = speech.speaker
    paragraphs = speech.paragraphs[part.first : part.last + 1]
    text = "\n".join(paragraph.text for paragraph in paragraphs)
    offsets = tuple(found.end() for found in re.finditer("\n", text))
    labels = {
        "speaker": speaker.name,
        "post": speaker.post,
        "role": speaker.role,
        "seat": speaker.seat,
        "party": speaker.party,
        "sitting": sitting.name,
        "date": sitting.iso,
        "topic": part.topic,
        "lines": lines_of_range(paragraphs),
        "procedure": "yes" if part.procedure else "",
        **asked,
    }
    return Section(
        locator=sitting.locator(speaker.called),
        text=text,
        path=(speech.exchange,) if speech.exchange else (),
        caption=labels["topic"],
        page=paragraphs[0].page,
        breaks=offsets,
        labels=known_labels(labels),
    )


def known_labels(labels: dict[str, str]) -> dict[str, str]:
    """Leave out what is not known."""
    return {name: value for name, value in labels.items() if value.strip()}
