"""Which paragraphs of a draft answer which of the questions of an item: by its topic, and by what is asked of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from rag.drafting.asking import sub_questions
from rag.drafting.facets import Facet, asked, asks_of_both, asks_of_effect
from rag.drafting.saying import Saying
from rag.drafting.sections import Section, sections_of
from rag.drafting.telling import tells
from rag.drafting.topics import topic_shares
from rag.japanese.synonyms import Synonyms, load_synonyms
from rag.japanese.text import narrow
from rag.ports import Matrix

__all__ = ["Covered", "Meaning", "coverage", "sub_questions"]

Meaning: TypeAlias = Callable[[Sequence[str], Sequence[str]], Matrix]
"""How alike in meaning each question and each passage are, −1 to 1; (questions, passages)."""
WORDS, MEANING, ORDER, TOLD = 2.5, 25.0, 1.0, 0.8
"""What shared words, likeness in meaning, standing at another place and telling what is asked count, in nats of `SHARPNESS`.

All weights and bounds here are fitted on the sets tests/cases/drafts/omissions.jsonl and omissions_seen.jsonl; docs/drafts.md has what they find elsewhere.
"""
NEAR = 0.15
"""How far from its place in the order, of the whole, a sentence stands as well as at it."""
SHARPNESS = 2.0
AROUND = 0.5
"""What the whole section counts for a sentence that is less alike."""
OWN = 0.5, 0.5
"""Share of a sentence among the questions, and likeness, from which it is on a question."""
TOLD_OWN = (0.25, 1.0), (0.5, -0.2)
"""The same where it tells what is asked: plainly on the topic, or of no other question."""
DEALT = 0.1, 0.8
"""The same for a section that is left over for the question."""
MOST = 12
"""Questions beyond which the sections are dealt out one by one."""
_SHIFT = 1.5
"""What makes likeness positive for dealing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """What becomes of one question."""

    wants: Facet
    """What it asks to be told."""
    answered_by: tuple[int, ...]
    """Paragraphs that tell it; empty: it is left unanswered."""
    touched_by: tuple[int, ...]
    """Paragraphs that are on its topic and do not tell it."""


def coverage(
    questions: Sequence[str],
    paragraphs: Sequence[str],
    *,
    synonyms: Synonyms | None = None,
    meaning: Meaning | None = None,
) -> tuple[Covered, ...]:
    """Return for each question by which paragraphs it is answered.

    A paragraph answers where a sentence of it is on the question's topic and tells what is asked; that the topic is
    mentioned is no answer. `synonyms`: the packaged ones where None is given; `meaning`: words alone where None is given.
    """
    wanted = [asked(each) for each in questions]
    sections = sections_of(paragraphs)
    if not questions or not sections:
        return tuple(Covered(wants=each[0], answered_by=(), touched_by=()) for each in wanted)
    places = [at for at, section in enumerate(sections) for _ in section.sentences]
    sayings = [saying for section in sections for saying in section.sayings]
    told = np.array(
        [
            [_tells(facets, question, saying) for saying in sayings]
            for question, facets in zip(questions, wanted, strict=True)
        ]
    )
    alike = _likeness([narrow(each) for each in questions], sections, places, synonyms, meaning)
    on_topic = _on_topic(alike, told, np.array(places))
    paragraph_of = [sections[place].paragraph for place in places]
    return tuple(
        Covered(
            wants=facets[0],
            answered_by=(answered := _paragraphs(paragraph_of, row & tells_it)),
            touched_by=tuple(each for each in _paragraphs(paragraph_of, row) if each not in answered),
        )
        for facets, row, tells_it in zip(wanted, on_topic, told, strict=True)
    )


def _tells(facets: Sequence[Facet], question: str, saying: Saying) -> bool:
    first, *more = facets
    if tells(first, question, saying):
        return True
    if first is Facet.VIEW and Facet.EFFECT in more and asks_of_effect(question):
        return tells(Facet.EFFECT, question, saying)
    return bool(more) and asks_of_both(question) and tells(more[0], question, saying)


def _paragraphs(paragraph_of: Sequence[int], holds: Sequence[bool]) -> tuple[int, ...]:
    return tuple(sorted({paragraph for paragraph, each in zip(paragraph_of, holds, strict=True) if each}))


def _likeness(
    questions: Sequence[str],
    sections: Sequence[Section],
    places: Sequence[int],
    synonyms: Synonyms | None,
    meaning: Meaning | None,
) -> Matrix:
    """Return how much each sentence is on each question, around 0; (questions, sentences)."""
    known = synonyms or load_synonyms(Path())
    said = [sentence for section in sections for sentence in section.sentences]
    whole = [section.text for section in sections]
    words = _with_section(topic_shares(questions, said, known), topic_shares(questions, whole, known)[:, places])
    alike = WORDS * words
    if meaning is not None:
        means = _with_section(meaning(questions, said), meaning(questions, whole)[:, places])
        own = means.mean(axis=1, keepdims=True) - means.mean()
        alike = alike + MEANING * (means - means.mean(axis=0, keepdims=True) - own / 2)
    return alike - ORDER * (_distance(len(questions), len(said)) - NEAR)


def _with_section(sentence: Matrix, section: Matrix) -> Matrix:
    return np.maximum(sentence, AROUND * section + (1 - AROUND) * sentence)


def _distance(questions: int, said: int) -> Matrix:
    """Return the square of how far apart question and sentence stand in their texts: an answer mostly follows the questions."""
    if questions == 1:
        return np.zeros((1, said), dtype=np.float32)
    asked_at = np.arange(questions) / (questions - 1)
    said_at = np.arange(said) / max(1, said - 1)
    return np.asarray((asked_at[:, None] - said_at[None, :]) ** 2, dtype=np.float32)


def _on_topic(alike: Matrix, told: NDArray[np.bool_], places: NDArray[np.int_]) -> NDArray[np.bool_]:
    """Tell which sentences are on which question: plainly, or because their section is left over for it."""
    likely = alike + TOLD * told
    share = np.exp(SHARPNESS * (likely - likely.max(axis=0, keepdims=True)))
    share = share / share.sum(axis=0, keepdims=True)
    found: NDArray[np.bool_] = (share >= OWN[0]) & (alike >= OWN[1])
    for least_share, least_alike in TOLD_OWN:
        found |= told & (share >= least_share) & (alike >= least_alike)
    columns = [places == at for at in range(int(places.max()) + 1)]
    best = np.stack([likely[:, each].max(axis=1) for each in columns], axis=1)
    largest = np.stack([share[:, each].max(axis=1) for each in columns], axis=1)
    for number, section in _dealt(np.maximum(best + _SHIFT, 0.0)):
        if largest[number, section] >= DEALT[0] and best[number, section] >= DEALT[1]:
            found[number] |= columns[section]
    return found


def _dealt(weights: Matrix) -> list[tuple[int, int]]:
    """Return pairs of question and section, each at most once, that together weigh most."""
    if len(weights) > MOST:
        return _dealt_one_by_one(weights)
    best: dict[int, tuple[float, list[tuple[int, int]]]] = {0: (0.0, [])}
    for at in range(weights.shape[1]):
        after = dict(best)
        for taken, (score, pairs) in best.items():
            for number in range(len(weights)):
                gained = score + float(weights[number, at])
                key = taken | 1 << number
                if not taken >> number & 1 and weights[number, at] > 0 and gained > after.get(key, (-1.0, []))[0]:
                    after[key] = (gained, [*pairs, (number, at)])
        best = after
    return max(best.values(), key=lambda each: each[0])[1]


def _dealt_one_by_one(weights: Matrix) -> list[tuple[int, int]]:
    """Return such pairs, the heaviest first: for more questions than can be tried together."""
    ranked = sorted(
        ((float(weight), number, at) for number, row in enumerate(weights) for at, weight in enumerate(row)),
        reverse=True,
    )
    pairs: list[tuple[int, int]] = []
    for weight, number, at in ranked:
        if weight > 0 and all(number != one and at != other for one, other in pairs):
            pairs.append((number, at))
    return pairs
