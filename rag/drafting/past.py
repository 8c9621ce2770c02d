"""What officials answered before on the topic of an item, of all loaded years."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date

from rag.assembly.item import Item, PastAnswer
from rag.domain import Chunk, Citation, Hit, Kind, Question, Reader, SearchResult
from rag.japanese.text import narrow, sentences
from rag.japanese.words import content_nouns, content_words
from rag.pairs import Pair, pairs_of

KINDS = frozenset({Kind.MINUTES, Kind.ANSWERS})
"""What is said in the chamber and its committees; notes of other meetings are documents."""
FOUND = 40
"""Hits that are looked through for answers."""
LEAST_SHARE = 0.55
"""An answer is on the topic if its score has this share of the best one's …"""
LEAST_SAID = 0.34
"""… and its question and it hold this share of the nouns of the item."""
MOST = 8

Search = Callable[[Question, int], SearchResult]


def past_answers(
    item: Item,
    *,
    search: Search,
    chunks_of: Callable[[str], Sequence[Chunk]],
    level: Callable[[str], int],
    reader: Reader,
    day: date,
) -> tuple[PastAnswer, ...]:
    """Return at most eight answers on the topic that the reader may read, the newest first.

    A pair of minutes is taken whole; an answer sheet gives its answer; of a sitting that has both, the minutes stand. `level` tells how
    strongly a sentence commits.
    """
    found = search(Question(text=item.topic, as_of=day, reader=reader, kinds=KINDS), FOUND)
    wanted = content_nouns(item.topic)
    on_topic = _on_topic(found.hits, wanted)
    taken: list[PastAnswer] = []
    for hit in sorted(
        on_topic, key=lambda hit: hit.chunk.kind is not Kind.MINUTES
    ):  # what was said goes before its sheet
        answer = _answer(hit, chunks_of, level, wanted)
        if not any(_is_the_same(answer, other) for other in taken):
            taken.append(answer)
    places = {hit.chunk.document_id: at for at, hit in reversed(list(enumerate(on_topic)))}
    best = sorted(taken, key=lambda each: places[each.citation.document_id])[:MOST]
    return tuple(sorted(best, key=lambda each: str(each.day or ""), reverse=True))


def _is_the_same(one: PastAnswer, other: PastAnswer) -> bool:
    """Tell whether two texts are one answer: most sentences of the one stand in the other, of the same sitting."""
    if one.sitting != other.sitting:
        return False
    said = "".join(narrow(other.text).split())
    own = ["".join(narrow(span.of(one.text)).split()) for span in sentences(one.text)]
    return 2 * sum(each in said for each in own) > len(own)


def _on_topic(hits: Iterable[Hit], wanted: frozenset[str]) -> list[Hit]:
    """Return the hits that answer something on the topic, best first."""
    answering = [hit for hit in hits if _is_answer(hit.chunk)]
    best = max((hit.score for hit in answering), default=0.0)
    return [
        hit
        for hit in answering
        if hit.score >= LEAST_SHARE * best and len(_said(hit.chunk) & wanted) >= LEAST_SAID * len(wanted)
    ]


def _is_answer(chunk: Chunk) -> bool:
    if chunk.kind is Kind.ANSWERS:
        return chunk.labels.get("part") == "answer"
    return chunk.labels.get("role") == "official" and not chunk.labels.get("procedure")


def _said(chunk: Chunk) -> frozenset[str]:
    labels = chunk.labels
    return frozenset(content_words(" ".join([labels.get("topic", ""), labels.get("question", ""), chunk.text])))


def _answer(
    hit: Hit, chunks_of: Callable[[str], Sequence[Chunk]], level: Callable[[str], int], wanted: frozenset[str]
) -> PastAnswer:
    chunk = hit.chunk
    pair = _pair(chunk, chunks_of)
    whole = [each for each in chunks_of(chunk.document_id) if pair and each.id in pair.chunk_ids] or [chunk]
    text = pair.text if pair else chunk.text
    labels = chunk.labels
    where, quote, strength = _stance(whole, level, wanted)
    return PastAnswer(
        day=date.fromisoformat(labels["date"]) if labels.get("date") else chunk.period.start,
        sitting=labels.get("sitting") or hit.title,
        official=_called(labels.get("post", "") or labels.get("answerer", ""), labels.get("speaker", "")),
        question=pair.gist if pair else labels.get("gist") or labels.get("question", ""),
        text=text.strip(),
        citation=Citation.of(where, quote, title=hit.title, number=1),
        level=strength,
    )


def _pair(chunk: Chunk, chunks_of: Callable[[str], Sequence[Chunk]]) -> Pair | None:
    if not chunk.labels.get("pair"):
        return None
    return next((pair for pair in pairs_of(chunks_of(chunk.document_id)) if chunk.id in pair.chunk_ids), None)


def _stance(chunks: Sequence[Chunk], level: Callable[[str], int], wanted: frozenset[str]) -> tuple[Chunk, str, int]:
    """Return the sentence by which an answer stands: the last one that commits to something, else the one most about the topic."""
    said = [(chunk, span.of(chunk.text)) for chunk in chunks for span in sentences(chunk.text)]
    committing = [(chunk, text, strength) for chunk, text in said if (strength := level(text))]
    if committing:
        return committing[-1]
    chunk, text = max(said, key=lambda each: len(content_nouns(each[1]) & wanted), default=(chunks[0], chunks[0].text))
    return chunk, text, 0


def _called(post: str, name: str) -> str:
    return f"{post}（{name}）" if post and name and name != post else post or name


def numbered(answers: Sequence[PastAnswer]) -> tuple[PastAnswer, ...]:
    """Return the answers with citations numbered from 1 in their order."""
    return tuple(replace(each, citation=replace(each.citation, number=at)) for at, each in enumerate(answers, 1))
