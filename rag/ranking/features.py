"""What a learned ranking sees of a candidate: numbers in a fixed order, never words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from rag.domain import Hit, Kind
from rag.japanese.words import content_words, fold

FEATURES_VERSION = 1
"""Raised whenever a feature is added, dropped, moved or measured differently: what was learned before is then not used."""
LEGS = ("words", "characters", "vectors", "reference")
"""The legs that are looked at; another one that finds chunks changes nothing here until it is named and the version raised."""
JUDGES = ("coverage", "topic", "remark")
"""What hits are judged by without being found by it."""
PLACES = ("title", "header", "text")
_REMEMBERED = 8_192
"""Texts that are kept folded, some 10 MB of them: most of the time goes into this."""
KINDS = tuple(Kind)

FEATURES = (
    *(f"{leg}_{measure}" for leg in LEGS for measure in ("score", "scaled", "rank", "found")),
    *(f"{judge}_{measure}" for judge in JUDGES for measure in ("score", "scaled")),
    *(f"fused_{measure}" for measure in ("score", "share", "rank")),
    "legs_found",
    *(f"words_in_{place}" for place in PLACES),
    *(f"rare_words_in_{place}" for place in PLACES),
    "pairs_in_title",
    "pairs_in_text",
    "title_in_question",
    "question_characters",
    "question_words",
    "text_characters",
    "title_characters",
    "document_hits",
    *(f"kind_{kind.value}" for kind in KINDS),
    "asks",
    "procedure",
)
"""Names in the order of the columns."""

Features = NDArray[np.float64]


def measure(question: str, hits: Sequence[Hit]) -> Features:
    """Return one row a hit, in order, with the columns of FEATURES; `hits` are the candidates, best first.

    Ranks are 1/1, 1/2, … and 0 for what was not found; scores are scaled to 0 to 1 over these candidates. How rare a word is
    counts among these candidates alone, so nothing that the reader may not see moves a number.
    """
    columns = [*_found(hits), *_judged(hits), *_fused(hits), *_worded(question, hits), *_described(question, hits)]
    return np.array(columns, dtype=np.float64).reshape(len(FEATURES), len(hits)).T


def _found(hits: Sequence[Hit]) -> Iterator[list[float]]:
    for leg in LEGS:
        scores = {place: hit.leg_scores[leg] for place, hit in enumerate(hits) if leg in hit.leg_scores}
        ordered = sorted(scores, key=lambda place: (-scores[place], place))
        ranks = {place: 1 / rank for rank, place in enumerate(ordered, start=1)}
        every = range(len(hits))
        yield [scores.get(place, 0.0) for place in every]
        yield _scaled(scores, len(hits))
        yield [ranks.get(place, 0.0) for place in every]
        yield [float(place in scores) for place in every]


def _judged(hits: Sequence[Hit]) -> Iterator[list[float]]:
    for judge in JUDGES:
        scores = {place: hit.leg_scores.get(judge, 0.0) for place, hit in enumerate(hits)}
        yield list(scores.values())
        yield _scaled(scores, len(hits))


def _scaled(scores: Mapping[int, float], count: int) -> list[float]:
    low, high = min(scores.values(), default=0.0), max(scores.values(), default=0.0)
    return [
        0.0 if place not in scores else (scores[place] - low) / (high - low) if high > low else 1.0
        for place in range(count)
    ]


def _fused(hits: Sequence[Hit]) -> Iterator[list[float]]:
    best = max((hit.score for hit in hits), default=0.0)
    yield [hit.score for hit in hits]
    yield [hit.score / best if best else 0.0 for hit in hits]
    yield [1 / rank for rank in range(1, len(hits) + 1)]
    yield [float(sum(leg in hit.leg_scores for leg in LEGS)) for hit in hits]


def _worded(question: str, hits: Sequence[Hit]) -> Iterator[Sequence[float]]:
    """Yield how much of the question's words, of its rare words and of its pairs of characters stands in each place."""
    words = list(dict.fromkeys(content_words(question)))
    asked, folded = _pairs(fold(question)), fold(question)
    titles, headers, texts = (
        [_folded(text) for text in place]
        for place in (
            [hit.title for hit in hits],
            [hit.chunk.header for hit in hits],
            [hit.chunk.text for hit in hits],
        )
    )
    held = [_held(words, place) for place in (titles, headers, texts)]
    spread = np.logical_or.reduce(held).sum(axis=0)
    for weights in (np.ones(len(words)), np.log((len(hits) + 1) / (spread + 0.5))):
        yield from (_shares(place, weights) for place in held)
    yield from (_shares(_held(asked, place), np.ones(len(asked))) for place in (titles, texts))
    yield [sum(pair in folded for pair in pairs) / len(pairs) if pairs else 0.0 for pairs in map(_pairs, titles)]


def _held(parts: Sequence[str], texts: Sequence[str]) -> NDArray[np.bool_]:
    """Return one row a text: which of the parts it holds."""
    held = [part in text for text in texts for part in parts]
    return np.array(held, dtype=np.bool_).reshape(len(texts), len(parts))


def _shares(held: NDArray[np.bool_], weights: Features) -> Sequence[float]:
    total = weights.sum()
    shares: list[float] = (held @ weights / total).tolist() if total else [0.0] * len(held)
    return shares


def _pairs(folded: str) -> list[str]:
    return list(dict.fromkeys(folded[start : start + 2] for start in range(len(folded) - 1)))


@lru_cache(maxsize=_REMEMBERED)
def _folded(text: str) -> str:
    return fold(text)


def _described(question: str, hits: Sequence[Hit]) -> Iterator[list[float]]:
    documents = [hit.chunk.document_id for hit in hits]
    yield [float(len(question))] * len(hits)
    yield [float(len(set(content_words(question))))] * len(hits)
    yield [float(len(hit.chunk.text)) for hit in hits]
    yield [float(len(hit.title)) for hit in hits]
    yield [float(documents.count(document)) for document in documents]
    for kind in KINDS:
        yield [float(hit.chunk.kind is kind) for hit in hits]
    yield [float(hit.chunk.labels.get("role") == "member") for hit in hits]
    yield [float(bool(hit.chunk.labels.get("procedure"))) for hit in hits]
