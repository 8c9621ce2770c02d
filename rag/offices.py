"""The organisation table: which office a question belongs to."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rag.domain import Chunk, Office, Reader
from rag.japanese.words import content_words
from rag.ports import Catalogue
from rag.safety.authorise import may_read

FACT = "offices"
"""Name of the catalogue fact that lists the ids of the documents that are organisation tables, as JSON."""
_BRACKETS = re.compile(r"[（(][^（）()]*[）)]")
LEAST_SHARE = 0.15
"""Under this share of the question's weight found in an office's duties, no office is named."""


def is_office(chunk: Chunk) -> bool:
    """Tell whether a chunk is a row of an organisation table."""
    return "duties" in chunk.labels and "department" in chunk.labels


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeTable:
    """The OfficeFinder over what is loaded."""

    offices: tuple[Office, ...]

    def find(self, question: str, *, department: str = "") -> Office | None:
        """Return the office for a question, preferring `department`; None when nothing fits."""
        own = [office for office in self.offices if department and _joined(department) in _joined(office.department)]
        asked = set(content_words(question))
        weights = self._rarities()
        scores = {office: self._score(office, asked, weights) for office in self.offices}
        if own:
            return max(own, key=lambda office: scores[office])
        best = max(self.offices, key=lambda office: scores[office], default=None)
        total = sum(weights.get(word, 0.0) for word in asked)
        return best if best and total and scores[best] / total >= LEAST_SHARE else None

    def _rarities(self) -> dict[str, float]:
        counts = Counter(word for office in self.offices for word in set(content_words(_words_of(office))))
        return {word: math.log(1 + len(self.offices) / count) for word, count in counts.items()}

    def _score(self, office: Office, asked: set[str], weights: dict[str, float]) -> float:
        return sum(weights[word] for word in asked & set(content_words(_words_of(office))))


def _joined(department: str) -> str:
    """Return a name without what one list adds and another does not: spaces, an extension in brackets."""
    return "".join(_BRACKETS.sub("", department).split())


def _words_of(office: Office) -> str:
    return f"{office.department} {office.duties}"


def load_offices(catalogue: Catalogue, reader: Reader, *, levels: Sequence[str]) -> OfficeTable:
    """Return the offices of the organisation tables that this reader may read."""
    documents: list[str] = json.loads(catalogue.facts().get(FACT, "[]"))
    chunks = [chunk for document in documents for chunk in catalogue.chunks_of(document)]
    return OfficeTable(
        offices=tuple(
            Office(
                department=chunk.labels["department"],
                duties=chunk.labels["duties"],
                extension=chunk.labels.get("extension", ""),
            )
            for chunk in chunks
            if is_office(chunk) and may_read(reader, chunk.audience, levels=levels)
        )
    )
