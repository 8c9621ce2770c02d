"""Question to hits: rights and dates first, then references, words, characters and vectors, fused and judged."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date

from rag.domain import Audience, Chunk, Hit, Kind, Question, QuestionVector, Scope, SearchResult
from rag.japanese.alike import wording
from rag.japanese.questions import split_questions
from rag.japanese.references import Place, Reference, references
from rag.japanese.synonyms import Synonyms
from rag.japanese.usual_names import UsualNames
from rag.ports import Catalogue, LexicalIndex, VectorSearch
from rag.ranking.fusion import VECTORS, calibrated
from rag.ranking.judge import COVERAGE, JUDGES, REFERENCE, RESTING, Judge
from rag.ranking.learned import Reorder, as_fused
from rag.remarks import Meant, facts_of, fits_any
from rag.safety.authorise import readable_audiences
from rag.settings import Settings

LEAST_NAMED = 0.2
"""A name that gives less than this share of every title's words (法, 条例) names no document."""
NEAR_MISSES = 5
_OF_QUESTIONS = re.compile(r"(?:質問|質疑|要望|尋ね|提案|指摘)(?:し|を|は|が|した|され)|何を(?:聞|求め)")
"""Questions about what members said."""
_BESIDE = ThreadPoolExecutor(32, thread_name_prefix="vectors")
"""A question is embedded, and its vector searched, beside words and characters: all let go of Python for most of their time, and an
embedding model outside answers whenever it does. What waits for a vector stands behind it in the queue."""
Written = Callable[[], QuestionVector]
"""Waits for the vector of a question; raises what the embedding model raised."""
COVERAGE_HITS = 5
"""The best hits among which the one that speaks most of the question is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retriever:
    """The legs of a search over one catalogue."""

    catalogue: Catalogue
    lexical: LexicalIndex
    vectors: VectorSearch
    synonyms: Synonyms
    usual: UsualNames
    settings: Settings
    reorder: Reorder = as_fused
    """Puts the best `search.judged` hits into a learned order."""

    def search(self, question: Question, *, limit: int) -> SearchResult:
        """Return the best `limit` hits that the reader may read and that are in force on the day asked for.

        What asks several things is looked for as a whole and one by one: a hit has the best of its scores.
        """
        asked = [question, *(replace(question, text=part) for part in split_questions(question.text))]
        written = [(each, _BESIDE.submit(self.vectors.embed, each.text).result) for each in asked]
        return self._search(written, limit=limit)

    def _search(self, asked: Sequence[tuple[Question, Written]], *, limit: int) -> SearchResult:
        """Return hits for a question and its parts, each with its vector; all are of one reader, day and scope."""
        question = asked[0][0]
        audiences = readable_audiences(question.reader, self.catalogue.audiences(), levels=self.settings.levels.order)
        if not audiences:
            return SearchResult(hits=())
        legs: dict[str, dict[str, float]] = {}
        scores: dict[str, float] = {}
        for each, vector in asked:
            found, ranked = self._ranked(each, vector, audiences)
            _keep_best(scores, ranked)
            for leg, values in found.items():
                _keep_best(legs.setdefault(leg, {}), values)
        judged, shown = self.settings.search.judged, limit + NEAR_MISSES
        hits = self._hits(scores, legs, question, audiences, max(shown, judged if self.reorder is not as_fused else 0))
        closest = sorted(hits[:shown], key=lambda hit: (-scores[hit.chunk.id], hit.chunk.id))[:COVERAGE_HITS]
        hits = self.reorder(question.text, hits[:judged]) + hits[judged:]  # whether to answer does not depend on it
        return SearchResult(
            hits=tuple(hits[:limit]),
            near_misses=tuple(hits[limit : limit + NEAR_MISSES]),
            audiences=len(audiences),
            coverage=max((hit.leg_scores.get(COVERAGE, 0.0) for hit in closest), default=0.0),
            warnings=tuple(dict.fromkeys(warning for _, vector in asked if (warning := vector().warning))),
            vector=asked[0][1](),
        )

    def _ranked(
        self, question: Question, vector: Written, audiences: Sequence[Audience]
    ) -> tuple[dict[str, dict[str, float]], dict[str, float]]:
        """Return what each leg found, and chunk id → 0 to 1."""
        official = self.synonyms.find(question.text)
        meant = Meant.of(question)
        legs = self._legs(question, vector, official, audiences, meant)
        judge = Judge(lexical=self.lexical, catalogue=self.catalogue, search=self.settings.search)
        return legs, judge.scores(legs, official, audiences, meant, embedder=vector().embedder)

    def on_other_days(self, question: Question, days: Sequence[date]) -> Hit | None:
        """Return the best hit that answers on one of these days and is not in force on the day asked for; None: none does.

        By words and characters alone: what is only told beside a decline asks no embedding model.
        """
        for day in days:
            for hit in self._search([(replace(question, as_of=day), QuestionVector)], limit=COVERAGE_HITS).hits:
                covered = hit.leg_scores.get(COVERAGE, 0.0) >= self.settings.answer.coverage
                if covered and not hit.chunk.period.contains(question.as_of):
                    return hit
        return None

    def _legs(
        self,
        question: Question,
        vector: Written,
        official: Mapping[str, tuple[str, ...]],
        audiences: Sequence[Audience],
        meant: Meant,
    ) -> dict[str, dict[str, float]]:
        legs = self._found(question, vector, official, audiences)
        more = () if question.remarks else meant.candidates()
        if more:  # what the question names is among the candidates, however many others there are
            for leg, scores in self._found(replace(question, remarks=more), vector, official, audiences).items():
                legs[leg] = scores | legs.get(leg, {})
        named = [reference for reference in references(question.text) if reference.law]
        legs[REFERENCE] = self._named_clauses(named, question, audiences)
        legs[RESTING] = self._resting_on(named, question, audiences) if legs[REFERENCE] else {}
        return legs

    def _found(
        self,
        question: Question,
        vector: Written,
        official: Mapping[str, tuple[str, ...]],
        audiences: Sequence[Audience],
    ) -> dict[str, dict[str, float]]:
        scope, limit = question.scope, self.settings.search.candidates
        words = list(dict.fromkeys(word for alternatives in official.values() for word in alternatives))
        nearest = _BESIDE.submit(self._nearest, vector, audiences, scope=scope, limit=limit)
        legs = self.lexical.search(question.text, words, audiences, scope=scope, limit=limit)
        return legs | nearest.result()

    def _nearest(
        self, written: Written, audiences: Sequence[Audience], *, scope: Scope, limit: int
    ) -> dict[str, dict[str, float]]:
        """Return what the vectors found as a leg; none for a question without a vector."""
        vector = written()
        if not any(vector.values):
            return {}
        cosines = self.vectors.search(vector, audiences, scope=scope, limit=limit)
        return {VECTORS: calibrated(cosines, vector.embedder)}

    def _named_clauses(
        self, named: Sequence[Reference], question: Question, audiences: Sequence[Audience]
    ) -> dict[str, float]:
        found: dict[str, float] = {}
        for reference in named:
            if clause := _looked_up(reference):
                found |= self.lexical.find_clause(
                    self.usual.title(reference.law),
                    clause,
                    audiences,
                    scope=question.scope,
                    limit=self.settings.search.candidates,
                )
        best = max(found.values(), default=0.0)
        return {chunk_id: share / best for chunk_id, share in found.items()} if best >= LEAST_NAMED else {}

    def _resting_on(
        self, named: Sequence[Reference], question: Question, audiences: Sequence[Audience]
    ) -> dict[str, float]:
        """Return the clauses of other rules that carry out an article which the question names, 1 each."""
        found: set[str] = set()
        for reference in named:
            if reference.article and reference.place is Place.MAIN:
                name, limit = self.usual.title(reference.law), self.settings.search.judged
                found |= self.lexical.find_resting_on(
                    name, reference.article, audiences, scope=question.scope, limit=limit
                )
        return dict.fromkeys(sorted(found), 1.0)

    def _hits(
        self,
        scores: Mapping[str, float],
        legs: Mapping[str, Mapping[str, float]],
        question: Question,
        audiences: Sequence[Audience],
        limit: int,
    ) -> list[Hit]:
        ranked = sorted(scores, key=lambda chunk_id: (-scores[chunk_id], chunk_id))
        allowed = frozenset(audiences)
        judged = self.settings.search.judged
        hits: list[Hit] = []
        for start in range(0, len(ranked), judged):
            wanted = ranked[start : start + judged]
            chunks = self.catalogue.chunks(wanted)
            found = [
                self._hit(chunks[chunk_id], scores[chunk_id], legs, question)
                for chunk_id in wanted
                if chunk_id in chunks and chunks[chunk_id].audience in allowed and _fits(chunks[chunk_id], question)
            ]
            hits = folded([*hits, *sorted(found, key=lambda hit: (-hit.score, hit.chunk.id))])
            if len(hits) >= limit:
                break
        return hits[:limit]

    def _hit(self, chunk: Chunk, score: float, legs: Mapping[str, Mapping[str, float]], question: Question) -> Hit:
        found = {leg: each[chunk.id] for leg, each in legs.items() if chunk.id in each}
        return Hit(
            chunk=chunk,
            title=chunk.title,
            score=score * self._standing(chunk, question),
            found_by=tuple(leg for leg in found if leg not in JUDGES),
            leg_scores=found,
        )

    def _standing(self, chunk: Chunk, question: Question) -> float:
        """Return what a remark of minutes is worth to a question: what runs the meeting and what only asks are seldom wanted."""
        if chunk.kind is not Kind.MINUTES:
            return 1.0
        if chunk.labels.get("procedure"):
            return self.settings.search.procedure_weight
        asks = chunk.labels.get("role") == "member" and _OF_QUESTIONS.search(question.text) is None
        return self.settings.search.asking_weight if asks else 1.0


def folded(hits: Sequence[Hit]) -> list[Hit]:
    """Return the hits, best first, without those that only say what a better one of another document says; that one names them.

    Copies of one text: title and heading count as words of it, and what was said at another sitting is another text.
    """
    kept: list[Hit] = []
    places: dict[tuple[str, frozenset[tuple[str, str]]], int] = {}
    for hit in hits:
        key = wording(hit.chunk.search_text), frozenset(facts_of(hit.chunk).items())
        place = places.setdefault(key, len(kept))
        if place == len(kept) or kept[place].chunk.document_id == hit.chunk.document_id:
            kept.append(hit)
        else:
            again = (*kept[place].repeated_in, hit.chunk, *hit.repeated_in)
            kept[place] = replace(kept[place], repeated_in=again)
    return kept


def _looked_up(reference: Reference) -> str:
    """Return the key of the article, 別表 or 様式 that a reference names in a rule; empty for another clause."""
    if reference.place in (Place.TABLE, Place.FORM):
        return reference.key
    return reference.article if reference.place is Place.MAIN else ""


def _keep_best(kept: dict[str, float], scores: Mapping[str, float]) -> None:
    for chunk_id, score in scores.items():
        kept[chunk_id] = max(score, kept.get(chunk_id, 0.0))


def _fits(chunk: Chunk, question: Question) -> bool:
    kinds: frozenset[Kind] = question.kinds
    return (
        chunk.period.contains(question.as_of)
        and (not kinds or chunk.kind in kinds)
        and fits_any(question.remarks, facts_of(chunk))
    )
