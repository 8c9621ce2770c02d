"""How much a question and a passage of an answer speak of the same, in the words of one document."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from rag.japanese.words import content_words

__all__ = ["Weighted", "Words", "alike"]

Likenesses = npt.NDArray[np.float32]
"""Of questions (rows) and passages (columns), 0 to 1."""
Weighted = Mapping[str, float]
"""Word → how much it counts, 0 to 1."""

_OF_ASKING = frozenset(
    "質問 御質問 伺う お伺い 知事 市長 町長 村長 区長 教育長 部長 局長 課長 見解 所見 答弁 認識 今後 対応 取り組み 取組 議員 委員 尋ねる お尋ね 示す 考える 改めて 求める 点".split()
)
"""Words that stand in every question or answer, whatever it is about."""
_LONGEST_HEADING = 120


class Words:
    """The words of one document's speeches, with how rare each is among its paragraphs."""

    def __init__(self, paragraphs: Iterable[str]) -> None:
        self._kept: dict[str, tuple[str, ...]] = {}
        counts: Counter[str] = Counter()
        for paragraph in paragraphs:
            counts.update(set(self.of(paragraph)))
        self._counts = counts
        self._paragraphs = len(self._kept)

    def of(self, text: str) -> tuple[str, ...]:
        """Return the words that say what a text is about."""
        found = self._kept.get(text)
        if found is None:
            found = tuple(word for word in content_words(text) if word not in _OF_ASKING and _says(word))
            self._kept[text] = found
        return found

    def rarity(self, word: str) -> float:
        """Return idf: the logarithm of paragraphs per paragraph with the word."""
        return math.log(1 + self._paragraphs / (1 + self._counts[word]))

    def weighted(self, parts: Iterable[tuple[str, float]]) -> dict[str, float]:
        """Return the words of several texts, each with the highest weight of a text in which it stands."""
        found: dict[str, float] = {}
        for text, weight in parts:
            for word in self.of(text):
                found[word] = max(found.get(word, 0.0), weight)
        return found


def alike(
    words: Words,
    questions: Sequence[tuple[Weighted, Weighted]],
    passages: Sequence[tuple[Weighted, Weighted]],
) -> Likenesses:
    """Return an array (questions, passages, 4) of likenesses, each 0 to 1.

    A question is what is asked and that with what leads up to it; a passage is its heading and the whole. The four:
    cosine of the wholes; share of the heading that the question speaks of; share of what is asked that the passage
    speaks of; cosine of what is asked and the heading.
    """
    vocabulary = {
        word: at for at, word in enumerate({word for pair in (*questions, *passages) for bag in pair for word in bag})
    }
    rarity = np.array([words.rarity(word) for word in vocabulary], dtype=np.float32)

    def rows(bags: Sequence[Weighted]) -> Likenesses:
        made = np.zeros((len(bags), len(vocabulary)), dtype=np.float32)
        for row, bag in enumerate(bags):
            for word, weight in bag.items():
                made[row, vocabulary[word]] = weight
        return made

    asked, contexts = rows([asked for asked, _ in questions]), rows([context for _, context in questions])
    headings, wholes = rows([heading for heading, _ in passages]), rows([whole for _, whole in passages])
    return np.stack(
        [
            _cosines(contexts * rarity, wholes * rarity),
            _shares(headings, contexts, rarity).T,
            _shares(asked, wholes, rarity),
            _cosines(asked * rarity, headings * rarity),
        ],
        axis=2,
    )


def _says(word: str) -> bool:
    return len(word) > 1 or not word.isascii()


def _cosines(first: Likenesses, second: Likenesses) -> Likenesses:
    return _lengthened(first) @ _lengthened(second).T


def _lengthened(rows: Likenesses) -> Likenesses:
    """Return the rows with length 1; a row of zeros stays."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return (rows / np.where(lengths > 0, lengths, 1)).astype(np.float32)


def _shares(parts: Likenesses, wholes: Likenesses, rarity: Likenesses) -> Likenesses:
    """Return for each part the share of its rarity that each whole speaks of; a light mention counts in part."""
    present = (parts > 0) * rarity
    totals = present.sum(axis=1, keepdims=True)
    shares: Likenesses = (present @ np.minimum(1.0, wholes * 1.5).T) / np.where(totals > 0, totals, 1)
    return shares
