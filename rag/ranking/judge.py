"""Candidates to scores: the legs fused, the best of them judged by their words, and what the question names added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.domain import Audience
from rag.japanese.spoken import Facet, Mention
from rag.ports import Catalogue, LexicalIndex
from rag.ranking.fusion import VECTORS, WORD_VECTORS, fuse
from rag.remarks import Meant, bonus
from rag.settings import SearchSettings

REFERENCE = "reference"
COVERAGE, TOPIC = "coverage", "topic"
"""Not legs that find, but what the best of the others are judged by."""
RESTING = "resting"
"""Not a leg that finds either: a clause of another rule that carries out the one which the question names."""
RESTING_WEIGHT = 0.1
"""Enough to stand before what is about as like the question; the clause that is named stays far ahead."""
REMARK = "remark"
"""Not a leg that finds either: how much of the sitting, time, post and member that the question names a remark fits."""
JUDGES = frozenset({COVERAGE, TOPIC, RESTING, REMARK})
REFERENCE_WEIGHT = 1.2
"""A clause named in the question outweighs every similarity (which all together give at most one)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """What weighs the candidates of one search."""

    lexical: LexicalIndex
    catalogue: Catalogue
    search: SearchSettings

    def scores(
        self,
        legs: dict[str, dict[str, float]],
        official: Mapping[str, tuple[str, ...]],
        audiences: Sequence[Audience],
        meant: Meant,
        *,
        embedder: str,
    ) -> dict[str, float]:
        """Return chunk id → 0 to 1, and add to the legs what the best of the candidates were judged by.

        `official` maps everyday phrases of the question to official words; `embedder` has made its vector.
        """
        weights = self._weights(embedder)
        alike = fuse(legs, weights, limit=self.search.candidates)
        fitting = self._fitting(alike, legs, meant)
        named = {chunk_id: _named(chunk_id, legs) for chunk_id in alike}
        best = sorted(alike, key=lambda chunk_id: (-alike[chunk_id] - named[chunk_id], chunk_id))
        legs |= self._judged(best[: self.search.judged], official, audiences, meant, fitting)
        judges = {COVERAGE: self.search.coverage_weight, TOPIC: self.search.topic_weight}
        share, every = sum(weights.values()), sum(weights.values()) + sum(judges.values())
        most = 1 + bonus(meant.mentions, self._facets()) + (REFERENCE_WEIGHT if legs[REFERENCE] else 0)
        most += RESTING_WEIGHT if legs[RESTING] else 0
        scores: dict[str, float] = {}
        for chunk_id, score in alike.items():
            judged = sum(weight * legs[measure].get(chunk_id, 0.0) for measure, weight in judges.items())
            scores[chunk_id] = ((share * score + judged) / (every or 1.0) + named[chunk_id]) / most
        return scores

    def _fitting(
        self, alike: Mapping[str, float], legs: dict[str, dict[str, float]], meant: Meant
    ) -> dict[str, tuple[Mention, ...]]:
        """Return what of the question's sittings, times and people each remark fits, and note what that adds to its score."""
        legs[REMARK] = {}
        if not meant.mentions:
            return {}
        chunks = self.catalogue.chunks(list(alike))
        fitting = {chunk_id: found for chunk_id, chunk in chunks.items() if (found := meant.fitting(chunk))}
        legs[REMARK] = {chunk_id: bonus(found, self._facets()) for chunk_id, found in fitting.items()}
        return fitting

    def _judged(
        self,
        best: Sequence[str],
        official: Mapping[str, tuple[str, ...]],
        audiences: Sequence[Audience],
        meant: Meant,
        fitting: Mapping[str, tuple[Mention, ...]],
    ) -> dict[str, dict[str, float]]:
        """Return how well the best fit the question; a sitting or a person that a chunk fits is not asked of its words."""
        groups: dict[tuple[Mention, ...], list[str]] = {(): []}
        for chunk_id in best:
            groups.setdefault(fitting.get(chunk_id, ()), []).append(chunk_id)
        judged: dict[str, dict[str, float]] = {COVERAGE: {}, TOPIC: {}}
        for mentions, chunk_ids in groups.items():
            found = self.lexical.judge(meant.rest(mentions), official, chunk_ids, audiences)
            for measure in judged:
                judged[measure] |= found[measure]
        return judged

    def _weights(self, embedder: str) -> dict[str, float]:
        vectors = self.search.word_vectors_weight if embedder in WORD_VECTORS else self.search.vectors_weight
        return {"words": self.search.words_weight, "characters": self.search.characters_weight, VECTORS: vectors}

    def _facets(self) -> dict[Facet, float]:
        search = self.search
        return {
            Facet.SITTING: search.sitting_weight,
            Facet.PERIOD: search.sitting_weight,
            Facet.POST: search.post_weight,
            Facet.MEMBER: search.member_weight,
            Facet.ROLE: search.role_weight,
        }


def _named(chunk_id: str, legs: Mapping[str, Mapping[str, float]]) -> float:
    """Return what a chunk gains because the question names its clause or one that it carries out, its sitting or who spoke."""
    weights = {REFERENCE: REFERENCE_WEIGHT, RESTING: RESTING_WEIGHT, REMARK: 1.0}
    return sum(weight * legs[leg].get(chunk_id, 0.0) for leg, weight in weights.items())
