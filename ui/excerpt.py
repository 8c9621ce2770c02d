"""The part of a text that speaks of a question, with the question's words marked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from rag.japanese.text import Span, sentences
from rag.japanese.words import content_words, placed_words

CHARACTERS = 160
"""Of a text in a list."""
LEAD = 40
"""Characters before the first word that are kept when its sentence begins there."""
CUT = "…"
NUMBERING = frozenset("第条項号章節年月日")
"""Words that stand in every clause and date: marked only beside another one, as in 第16条 and 9月."""
ORDINAL = "第"

Piece = tuple[str, bool]
"""Words as they stand, and whether they are the question's."""


def asked_words(question: str, official: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """Return the content words of a question, and of the official words that stand for its everyday ones."""
    texts = [question, *(word for words in official.values() for word in words)]
    return frozenset(word for text in texts for word in content_words(text))


def excerpt(text: str, wanted: Collection[str], *, characters: int = CHARACTERS) -> list[Piece]:
    """Return so many characters, where most different words of the question stand, the earliest such place; one line."""
    flat = " ".join(text.split())
    spans = [(word, span) for word, span in placed_words(flat) if word in wanted]
    start = _start(flat, spans, characters)
    end = min(start + characters, len(flat))
    pieces: list[Piece] = [(CUT, False)] if start else []
    at = start
    for span in _joined([each for each in spans if start <= each[1].start and each[1].end <= end]):
        pieces += [(flat[at : span.start], False), (span.of(flat), True)]
        at = span.end
    pieces += [(flat[at:end], False), (CUT if end < len(flat) else "", False)]
    return [piece for piece in pieces if piece[0]]


def telling_sentence(text: str, wanted: Collection[str]) -> str:
    """Return the sentence with most different words of the question, the first of them; empty where none has any."""
    placed = [(word, span) for word, span in placed_words(text) if word in wanted]
    best, most = "", 0
    for sentence in sentences(text):
        held = len({word for word, span in placed if sentence.start <= span.start < sentence.end} - NUMBERING)
        if held > most:
            best, most = sentence.of(text), held
    return best


def _start(flat: str, spans: Sequence[tuple[str, Span]], characters: int) -> int:
    """Return where to begin: with the sentence of the first word where that begins shortly before it."""
    if len(flat) <= characters or not spans:
        return 0
    begins = [sentence.start for sentence in sentences(flat)]
    best, most = 0, 0
    for _, first in spans:
        near = [begin for begin in begins if first.start - LEAD <= begin <= first.start]
        start = near[-1] if near else max(first.start - LEAD // 2, 0)
        held = len({word for word, span in spans if start <= span.start and span.end <= start + characters} - NUMBERING)
        if held > most:
            best, most = start, held
    return best


def _joined(spans: Sequence[tuple[str, Span]]) -> list[Span]:
    """Make one of words that touch (第, 16 and 条), and leave out what is numbering alone."""
    joined: list[tuple[set[str], Span]] = []
    starts = {span.start for _, span in spans}
    for word, span in spans:
        if word == ORDINAL and span.end not in starts:
            continue
        if joined and span.start <= joined[-1][1].end:
            words, before = joined.pop()
            joined.append((words | {word}, Span(before.start, max(span.end, before.end))))
        else:
            joined.append(({word}, span))
    return [span for words, span in joined if not words <= NUMBERING]
