"""The organisation table: which office a question belongs to."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from rag.domain import Chunk, Office, QuestionVector, Reader
from rag.japanese.synonyms import Synonyms
from rag.japanese.words import content_words
from rag.ports import NOBODY, UNWRITTEN, Catalogue, Matrix
from rag.ranking.fusion import calibrated
from rag.safety.authorise import may_read

FACT = "offices"
"""Name of the catalogue fact that lists the ids of the documents that are organisation tables, as JSON."""
_BRACKETS = re.compile(r"[（(][^（）()]*[）)]")
LEAST_SHARE = 0.2
"""Under this share of the question's weight found in an office's duties, no office is named …"""
TELLING_OFFICES = 2
"""… nor for a single word that stands in the duties of more offices than this …"""
LEAST_ALIKE = 0.35
"""… unless the vectors of duties and question are as near as this: of questions on anything else nineteen in twenty are not."""
KEEPERS_SHARE = 0.3
"""What keeping all of the nearest texts counts, against all words of the question in the duties."""
ALIKE_SHARE, ALIKE_RANGE = 0.5, 0.2
"""What being the office of the nearest vector counts, and how much farther counts nothing."""


def is_office(chunk: Chunk) -> bool:
    """Tell whether a chunk is a row of an organisation table."""
    return "duties" in chunk.labels and "department" in chunk.labels


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeTable:
    """The OfficeFinder over what is loaded."""

    offices: tuple[Office, ...]
    synonyms: Synonyms
    alike: Callable[[QuestionVector], Mapping[Office, float]] = lambda _vector: {}
    """Question → office → 0 to 1: how near their vectors are."""

    def find(
        self,
        question: str,
        *,
        department: str = "",
        keepers: Mapping[str, float] = NOBODY,
        vector: QuestionVector = UNWRITTEN,
    ) -> Office | None:
        """Return the office for a question, of `department` where one is given; None when nothing fits.

        Else the words of its duties decide together with who keeps the nearest texts, and how near the vectors of duties and
        question are.
        """
        words = _Words.of(question, self.offices, self.synonyms)
        own = [office for office in self.offices if department and _joined(department) in _joined(office.department)]
        if own:
            return max(own, key=lambda office: words.shares[office])
        alike = self.alike(vector)
        nearest = max(alike.values(), default=0.0)

        def score(office: Office) -> float:
            kept = sum(share for name, share in keepers.items() if _joined(name) in _joined(office.department))
            farther = nearest - alike.get(office, 0.0)
            near = max(0.0, 1 - farther / ALIKE_RANGE) if office in alike else 0.0
            return words.shares[office] + KEEPERS_SHARE * kept + ALIKE_SHARE * near

        if nearest >= LEAST_ALIKE:
            return max(self.offices, key=score, default=None)
        return max(filter(words.fits, self.offices), key=score, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """The words that a question shares with the duties of each office."""

    shares: Mapping[Office, float]
    """How much of the question's information they are, 0 to 1 and beyond where official words stand for everyday ones."""
    shared: Mapping[Office, frozenset[str]]
    counts: Mapping[str, int]
    """In how many offices' duties a word stands."""

    @classmethod
    def of(cls, question: str, offices: Sequence[Office], synonyms: Synonyms) -> _Words:
        held = {office: _words_of(f"{office.department} {office.duties}") for office in offices}
        counts = Counter(word for words in held.values() for word in words)
        rarities = {word: math.log(1 + len(offices) / count) for word, count in counts.items()}
        asked = set(content_words(question))
        official = (word for words in synonyms.find(question).values() for word in words)
        wanted = frozenset(asked).union(*(content_words(each) for each in official))
        shared = {office: words & wanted for office, words in held.items()}
        whole = sum(rarities.get(word, math.log(1 + len(offices))) for word in asked) or 1.0
        shares = {office: sum(rarities[word] for word in words) / whole for office, words in shared.items()}
        return cls(shares=shares, shared=shared, counts=counts)

    def fits(self, office: Office) -> bool:
        words = self.shared[office]
        telling = len(words) > 1 or any(self.counts[word] <= TELLING_OFFICES for word in words)
        return self.shares[office] >= LEAST_SHARE and telling


def _joined(department: str) -> str:
    """Return a name without what one list adds and another does not: spaces, an extension in brackets."""
    return "".join(_BRACKETS.sub("", department).split())


@lru_cache(maxsize=4096)
def _words_of(text: str) -> frozenset[str]:
    """Return the words of an office's line, analysed once: they change only with the table."""
    return frozenset(content_words(text))


def load_offices(catalogue: Catalogue, reader: Reader, *, levels: Sequence[str], synonyms: Synonyms) -> OfficeTable:
    """Return the offices of the organisation tables that this reader may read."""
    documents: list[str] = json.loads(catalogue.facts().get(FACT, "[]"))
    offices = {
        chunk.id: Office(
            department=chunk.labels["department"],
            duties=chunk.labels["duties"],
            extension=chunk.labels.get("extension", ""),
        )
        for document in documents
        for chunk in catalogue.chunks_of(document)
        if is_office(chunk) and may_read(reader, chunk.audience, levels=levels)
    }

    def alike(vector: QuestionVector) -> dict[Office, float]:
        if not any(vector.values):
            return {}
        asked = np.array(vector.values, dtype=np.float32)
        found = catalogue.vectors(list(offices), model=vector.embedder)
        cosines = {name: _cosine(each, asked) for name, each in found.items()}
        return {offices[name]: score for name, score in calibrated(cosines, vector.embedder).items()}

    return OfficeTable(synonyms=synonyms, offices=tuple(offices.values()), alike=alike)


def _cosine(one: Matrix, other: Matrix) -> float:
    lengths = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float(one @ other) / lengths if lengths else 0.0
