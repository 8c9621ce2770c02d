"""The organisation table: which office a question belongs to."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.domain import Chunk, Office, Reader
from rag.japanese.synonyms import Synonyms
from rag.japanese.words import content_words
from rag.ports import Catalogue
from rag.safety.authorise import may_read

FACT = "offices"
"""Name of the catalogue fact that lists the ids of the documents that are organisation tables, as JSON."""
_BRACKETS = re.compile(r"[（(][^（）()]*[）)]")
LEAST_SHARE = 0.2
"""Under this share of the question's weight found in an office's duties, no office is named …"""
TELLING_OFFICES = 2
"""… nor for a single word that stands in the duties of more offices than this."""


def is_office(chunk: Chunk) -> bool:
    """Tell whether a chunk is a row of an organisation table."""
    return "duties" in chunk.labels and "department" in chunk.labels


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeTable:
    """The OfficeFinder over what is loaded."""

    offices: tuple[Office, ...]
    synonyms: Synonyms

    def find(self, question: str, *, department: str = "") -> Office | None:
        """Return the office for a question, preferring `department`; None when nothing fits."""
        held = {office: _words_of(f"{office.department} {office.duties}") for office in self.offices}
        counts = Counter(word for words in held.values() for word in words)
        rarities = {word: math.log(1 + len(self.offices) / count) for word, count in counts.items()}
        asked = set(content_words(question))
        official = (word for words in self.synonyms.find(question).values() for word in words)
        wanted = asked.union(*(content_words(each) for each in official))
        shared = {office: wanted & words for office, words in held.items()}
        scores = {office: sum(rarities[word] for word in words) for office, words in shared.items()}
        own = [office for office in self.offices if department and _joined(department) in _joined(office.department)]
        if own:
            return max(own, key=lambda office: scores[office])
        unknown = math.log(1 + len(self.offices))
        least = LEAST_SHARE * sum(rarities.get(word, unknown) for word in asked)
        fitting = [
            office
            for office, words in shared.items()
            if scores[office] >= least and (len(words) > 1 or any(counts[word] <= TELLING_OFFICES for word in words))
        ]
        return max(fitting, key=lambda office: scores[office], default=None)


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
    chunks = [chunk for document in documents for chunk in catalogue.chunks_of(document)]
    return OfficeTable(
        synonyms=synonyms,
        offices=tuple(
            Office(
                department=chunk.labels["department"],
                duties=chunk.labels["duties"],
                extension=chunk.labels.get("extension", ""),
            )
            for chunk in chunks
            if is_office(chunk) and may_read(reader, chunk.audience, levels=levels)
        ),
    )
