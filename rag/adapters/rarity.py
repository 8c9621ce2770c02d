"""How rare terms are over exactly the indexes that a search may see, and which of a question's are worth looking for."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

import tantivy

MOST_OF_TERM = 2.2
"""k1 + 1 of tantivy's BM25: what a term's rarity is multiplied by at most."""
MOST_ENTRIES = 600_000
"""Entries that one leg of a search looks through, those of the rarest terms first: the others cost most and tell least.

Up to 100,000 chunks it concerns the characters alone. Of four sets, nDCG@10 stays within .006 down to a fortieth of their
entries, and within .009 down to a tenth of those of the words (`kotae eval retrieval`, chiVe).
"""


class Rarity:
    """Term weights over several indexes: factors that turn each index's own weight into the common one."""

    def __init__(self, field: str, searchers: Sequence[tantivy.Searcher]) -> None:
        """Weigh the terms of a field over these indexes."""
        self._field = field
        self._searchers = searchers
        self._total = sum(searcher.num_docs for searcher in searchers)
        self._holding: dict[str, list[int]] = {}
        self._common: dict[str, float] = {}

    def rarest(self, terms: Iterable[str]) -> list[str]:
        """Return the rarest of these terms, at least one, that together stand in at most MOST_ENTRIES entries."""
        left, kept = MOST_ENTRIES, list[str]()
        for holding, term in sorted((sum(self._held_by(term)), term) for term in terms):
            left -= holding
            if kept and left < 0:
                break
            kept.append(term)
        return kept

    def common(self, term: str) -> float:
        """Return the weight of a term over all the indexes; reckoned once."""
        if term not in self._common:
            self._common[term] = _weight(self._total, sum(self._held_by(term)))
        return self._common[term]

    def factors(self, place: int, groups: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
        """Return a factor for each term that the index at this place of the searchers holds."""
        if len(self._searchers) == 1:
            return {}
        documents = self._searchers[place].num_docs
        factors = {}
        for term in {term for group in groups.values() for term in group}:
            if own := self._held_by(term)[place]:
                factors[term] = self.common(term) / _weight(documents, own)
        return factors

    def _held_by(self, term: str) -> list[int]:
        """Return in how many entries of each index a term stands; looked up once."""
        if term not in self._holding:
            self._holding[term] = [each.doc_freq(self._field, term) for each in self._searchers]
        return self._holding[term]


def _weight(documents: int, holding: int) -> float:
    """Return BM25's inverse document frequency as tantivy computes it."""
    return math.log(1 + (max(documents - holding, 0) + 0.5) / (holding + 0.5))
