"""Which paragraphs of a draft answer which of the questions of an item; by words and by what is asked, no model."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.drafting.asking import sub_questions
from rag.drafting.facets import Facet, asked, tells
from rag.drafting.passages import COMES, HEADS, MEASURE, Passage, letters, words
from rag.japanese.synonyms import Synonyms, load_synonyms

__all__ = ["coverage", "sub_questions"]

STRONG = 0.5
"""Likeness from which a paragraph answers a question besides the one for which it stands."""
LEFT = 0.05
"""Likeness of a paragraph that tells something to any question: where it stands for no other, it may answer in other words."""
NOUNS, LETTERS, FACET = 0.4, 0.6, 0.05
"""What shared nouns, shared kanji and katakana, and that it tells what is asked count for likeness."""
PLAIN, RIVAL = 0.25, 0.3
"""Share of words from which a passage is plainly on a topic, and the part of it below which it is not on another."""
SINGLE = 0.5
"""What one kanji counts beside a pair."""
UNTOLD = 0.5
"""What likeness counts where no sentence tells what is asked."""
MOST = 12
"""Questions beyond which the paragraphs are dealt out one by one."""
_PARTICULAR = frozenset({Facet.ISSUES, Facet.REASON})
"""What a sentence without figure or measure may tell."""
_HARD = frozenset({Facet.TIME, Facet.REASON, Facet.STATE, Facet.MONEY, Facet.DECISION, Facet.VIEW})
"""What is asked so plainly that a paragraph must tell it."""
_AHEAD = re.compile(r"今後|これから|予定|見通し|来年度以降|将来|どうして?いく|増やす|減らして")
_WANTS_VIEW = re.compile(r"見解|所見|認識|受け止め|考えを(?:伺|問|聞|お)|どう(?:見|考え)|どのように(?:見|考え)")


def coverage(
    questions: Sequence[str], paragraphs: Sequence[str], *, synonyms: Synonyms | None = None
) -> tuple[tuple[int, ...], ...]:
    """Return for each question the indexes of the paragraphs that answer it; empty: it is left unanswered.

    A passage answers where it is on the question's topic and a sentence of it tells what is asked; that the topic is
    mentioned is no answer. `synonyms`: the packaged ones where None is given.
    """
    known = synonyms or load_synonyms(Path())
    asking = [_Asking.of(question, questions) for question in questions]
    heads = ["", *(paragraph if HEADS.search(paragraph) else "" for paragraph in paragraphs)]
    passages = [Passage.of(paragraph, known, head=head) for head, paragraph in zip(heads, paragraphs, strict=False)]
    topical = [[_topical(each, passage, passages) for passage in passages] for each in asking]
    likeness = [
        [
            0.0 if _is_of_another(at, row, topical) else _likeness(each, passage, row[at])
            for at, passage in enumerate(passages)
        ]
        for each, row in zip(asking, topical, strict=True)
    ]
    found = [{at for at, score in enumerate(row) if score >= STRONG} for row in likeness]
    for number, at in _dealt(likeness):
        found[number].add(at)
    return tuple(tuple(sorted(each)) for each in found)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asking:
    """A question as it is compared."""

    text: str
    facets: tuple[Facet, ...]
    is_ahead: bool
    """Whether it asks what is to come."""
    nouns: Mapping[str, float]
    """Noun → how much it tells this question from the others, 1 for one that no other has."""
    letters: Mapping[str, float]
    """The same of kanji and katakana words."""

    @classmethod
    def of(cls, question: str, questions: Sequence[str]) -> _Asking:
        return cls(
            text=question,
            facets=asked(question),
            is_ahead=_AHEAD.search(question) is not None,
            nouns=_weights(words(question), [words(each) for each in questions]),
            letters={
                each: weight if len(each) > 1 else weight * SINGLE
                for each, weight in _weights(letters(question), [letters(each) for each in questions]).items()
            },
        )


def _topical(asking: _Asking, passage: Passage, passages: Sequence[Passage]) -> float:
    """Return how much of a question's words a passage has, whatever it tells of them."""
    nouns = _weighed(asking.nouns, (passage.nouns, passage.around[0]), [each.nouns for each in passages])
    shared = _weighed(asking.letters, (passage.letters, passage.around[1]), [each.letters for each in passages])
    return NOUNS * nouns + LETTERS * shared


def _is_of_another(at: int, row: Sequence[float], topical: Sequence[Sequence[float]]) -> bool:
    """Tell whether a passage is plainly not on a question: it is on another that no other passage is more on, or the question has its own."""
    if max(row) >= PLAIN and row[at] < RIVAL * max(row):
        return True
    return any(
        each[at] >= PLAIN and row[at] < RIVAL * each[at] and each[at] > max([*each[:at], *each[at + 1 :]], default=0.0)
        for each in topical
    )


def _likeness(asking: _Asking, passage: Passage, alike: float) -> float:
    """Return how much a passage seems to answer a question, 0 to 1; 0 where it does not tell what is asked."""
    wants_view = asking.facets == (Facet.VIEW,) or _WANTS_VIEW.search(asking.text) is not None
    telling = passage.said + (passage.views if wants_view else ())
    if asking.facets[0] in _PARTICULAR:
        telling += tuple(sentence for sentence in passage.rest if tells(asking.facets[0], sentence))
    if not telling:
        return 0.0
    told = any(tells(asking.facets[0], sentence) for sentence in telling)
    if asking.facets[0] is Facet.PLAN:
        told = told or any(map(MEASURE.search, telling))
    if (asking.facets[0] in _HARD and not told) or (asking.is_ahead and not any(map(COMES.search, telling))):
        return 0.0
    return LEFT + alike * (1.0 if told else UNTOLD) + FACET * told * (alike > 0)


def _dealt(likeness: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """Return pairs of question and paragraph, each at most once, that together are most alike."""
    if len(likeness) > MOST:
        return _dealt_one_by_one(likeness)
    best: dict[int, tuple[float, list[tuple[int, int]]]] = {0: (0.0, [])}
    for at in range(len(likeness[0]) if likeness else 0):
        after = dict(best)
        for taken, (score, pairs) in best.items():
            for number in range(len(likeness)):
                gained = score + likeness[number][at]
                key = taken | 1 << number
                if not taken >> number & 1 and likeness[number][at] > 0 and gained > after.get(key, (-1.0, []))[0]:
                    after[key] = (gained, [*pairs, (number, at)])
        best = after
    return max(best.values(), key=lambda each: each[0])[1]


def _dealt_one_by_one(likeness: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """Return such pairs, the most alike first: for more questions than can be tried together."""
    ranked = sorted(
        ((score, number, at) for number, row in enumerate(likeness) for at, score in enumerate(row)), reverse=True
    )
    pairs: list[tuple[int, int]] = []
    for score, number, at in ranked:
        if score > 0 and all(number != one and at != other for one, other in pairs):
            pairs.append((number, at))
    return pairs


def _weights(own: frozenset[str], every: Sequence[frozenset[str]]) -> dict[str, float]:
    return {each: 1 / max(1, sum(each in other for other in every)) for each in own}


def _weighed(
    weights: Mapping[str, float], held: tuple[frozenset[str], frozenset[str]], every: Sequence[frozenset[str]]
) -> float:
    """Return the weighed share that is held, half for what only stands around it; what many passages hold tells less."""
    common = {each: weight / (1 + sum(each in other for other in every)) ** 0.5 for each, weight in weights.items()}
    total = sum(common.values())
    near, around = held
    found = sum(
        weight * (1.0 if each in near else 0.5) for each, weight in common.items() if each in near or each in around
    )
    return found / total if total else 0.0
