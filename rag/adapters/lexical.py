"""Word and character search with tantivy: one index per audience, scored with statistics of what the reader may see.

tantivy weighs a term by its rarity inside one index. A search over several audiences corrects each weight to the rarity
over exactly these audiences, so scores compare between them and no other audience can change them.
"""

from __future__ import annotations

import json
import logging
import math
import os
import shutil
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import tantivy

from rag.adapters.coverage import Coverage
from rag.adapters.expansion import Expansion
from rag.adapters.lexical_schema import FIELDS, SCHEMA, any_of, entry_of, filters, make_schema
from rag.adapters.rarity import MOST_OF_TERM, Rarity
from rag.domain import Audience, Scope
from rag.errors import StorageError
from rag.japanese.references import share_of_title
from rag.japanese.referring import carries_out, keys_of
from rag.japanese.words import content_words
from rag.ports import Catalogue

VERSION = 6
"""Raised when fields or analysis change: what another version wrote is never opened, but built anew."""
HEAP_BYTES = 64_000_000
SEEN = 1000
"""Clauses of whatever rules that are looked through for those that rest on a named one."""
OFFICIAL_WEIGHT = 0.5
"""Weight of a word that may stand for an everyday one of the question."""
COMMIT_EVERY = 20_000
Name = tuple[str, int]
"""Key of an audience, and the revision at which its index was opened."""
_log = logging.getLogger(__name__)


class TantivyIndex:
    """The LexicalIndex of a home, below `directory`; may be searched by many threads and processes, written by one."""

    def __init__(self, catalogue: Catalogue, directory: Path, *, expansion: Expansion, coverage: Coverage) -> None:
        """Index this catalogue below a folder."""
        self._catalogue = catalogue
        self._parent = directory
        self._directory = directory / f"v{VERSION}"
        self._expansion = expansion
        self._coverage = coverage
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="words")
        self._open: dict[str, tantivy.Index] = {}
        self._opened_at = -1

    def revision(self) -> int:
        """Return the catalogue revision that every audience has reached; 0 before the first update."""
        try:
            state = json.loads((self._directory / "state.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return 0
        return int(state["revision"])

    def update(self, *, revision: int) -> None:
        """Bring every audience from the catalogue to `revision`; repeating an update changes nothing."""
        reached = self.revision()
        if reached == revision:
            return
        if reached == 0 or reached > revision:
            self._clear()
            reached = 0
        try:
            writers = self._write(reached)
        except (ValueError, OSError):
            # What a killed run left half-written may be in the way of the next one: in an empty folder nothing is.
            self._clear()
            writers = self._write_anew()
        state = self._directory / "state.tmp"
        state.write_text(json.dumps({"revision": revision}), encoding="utf-8")
        state.replace(self._directory / "state.json")
        for writer in writers:  # what was written is found from here on, while small parts are joined to larger ones
            try:
                writer.wait_merging_threads()
            except ValueError as error:
                _log.warning(
                    "%s: 語の索引をまとめられませんでした（%s）。検索はできますが、遅くなることがあります。",
                    self._directory,
                    error,
                )

    def _write_anew(self) -> Sequence[tantivy.IndexWriter]:
        try:
            return self._write(0)
        except (ValueError, OSError) as error:
            shutil.rmtree(self._directory, ignore_errors=True)
            raise StorageError(
                f"{self._directory}: 語の索引を書けませんでした（{error}）。空き容量を確かめて、もう一度実行してください。索引は台帳から作り直します。"
            ) from error

    def _clear(self) -> None:
        shutil.rmtree(self._parent, ignore_errors=True)
        with self._lock:  # the revision may stay the same: what is open would be of the index that is gone
            self._open, self._opened_at = {}, -1

    def _write(self, reached: int) -> Sequence[tantivy.IndexWriter]:
        """Write what has changed since a revision; 0: everything, into an empty folder. What is returned may still merge."""
        self._directory.mkdir(parents=True, exist_ok=True)
        writers: dict[str, tantivy.IndexWriter] = {}
        for chunk_id, audience in self._catalogue.removed_since(reached) if reached else []:
            self._writer(writers, audience).delete_documents_by_term("id", chunk_id)
        for number, chunk in enumerate(self._catalogue.all_chunks(since=reached), start=1):
            writer = self._writer(writers, chunk.audience)
            writer.delete_documents_by_term("id", chunk.id)
            writer.add_document(entry_of(chunk))
            if number % COMMIT_EVERY == 0:
                writer.commit()
        for writer in writers.values():
            writer.commit()
        return list(writers.values())

    def search(
        self,
        question: str,
        official: Sequence[str],
        audiences: Sequence[Audience],
        *,
        scope: Scope,
        limit: int,
    ) -> dict[str, dict[str, float]]:
        """Return, for each leg ('words', 'characters'), chunk id → 0 to 1 of at most `limit` chunks in this scope.

        The score (BM25) is told as a share of that of a text which holds every term of the question endlessly often.
        `official` are words that may stand for the question's everyday ones: searched with less weight, by words only.
        A narrower scope finds other chunks, never other scores.
        """
        searchers = self._searchers(audiences)
        limits = {name: filters(scope, searcher) for name, searcher in searchers.items()}
        asked: list[tuple[str, tantivy.Searcher, tantivy.Query]] = []
        most: dict[str, float] = {}
        for field, analyse in FIELDS.items():
            rarities = Rarity(field, list(searchers.values()))
            every = frozenset(analyse(question))
            terms = rarities.rarest(every)
            groups = {term: {term: 1.0} for term in terms}
            if field == "words":
                stands = partial(_stands, list(searchers.values()))
                groups = self._expansion.expand(terms, _vocabularies(searchers), stands=stands)
                for term in {term for each in official for term in content_words(each)} - every:
                    groups[term] = {term: OFFICIAL_WEIGHT}
            most[field] = MOST_OF_TERM * sum(map(rarities.common, terms)) or 1.0
            for place, (name, searcher) in enumerate(searchers.items()):
                query = any_of(field, groups, rarities.factors(place, groups))
                if query is not None:
                    limited = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), *limits[name]])
                    asked.append((field, searcher, limited))
        scores: dict[str, dict[str, float]] = {field: {} for field in FIELDS}
        # tantivy lets go of Python while it searches: fields and audiences side by side take as long as the longest on its own core.
        for (field, _, _), hits in zip(asked, self._pool.map(partial(_hits, limit=limit), asked), strict=True):
            scores[field] |= hits
        return {
            field: {
                chunk_id: min(score / most[field], 1.0)
                for chunk_id, score in sorted(found.items(), key=lambda item: (-item[1], item[0]))[:limit]
            }
            for field, found in scores.items()
        }

    def find_clause(
        self,
        name: str,
        clause: str,
        audiences: Sequence[Audience],
        *,
        scope: Scope,
        limit: int,
    ) -> dict[str, float]:
        """Return chunk id → 0 to 1 for the chunks of this clause of the document with this, or a like, name.

        `clause` is the key of an article ('12_2'), 別表 ('table:1') or 様式 ('form:2').

        The score is the share of the title that the name gives, so the closest title wins.
        """
        wanted = [
            (tantivy.Occur.Should, tantivy.Query.term_query(SCHEMA, "title", word, "basic"))
            for word in dict.fromkeys(content_words(name))
        ]
        if not wanted:
            return {}
        named = tantivy.Query.term_query(SCHEMA, "clause", clause, "basic")
        wanted_clause = [
            (tantivy.Occur.Must, tantivy.Query.const_score_query(named, 0.0)),
            (tantivy.Occur.Must, tantivy.Query.boolean_query(wanted)),
        ]
        found: dict[str, float] = {}
        for searcher in self._searchers(audiences).values():
            query = tantivy.Query.boolean_query([*wanted_clause, *filters(scope, searcher)])
            for _, address in searcher.search(query, limit, count=False).hits:
                entry = searcher.doc(address)
                if share := share_of_title(name, str(entry["name"][0])):
                    found[str(entry["id"][0])] = share
        return found

    def find_resting_on(
        self, name: str, article: str, audiences: Sequence[Audience], *, scope: Scope, limit: int
    ) -> frozenset[str]:
        """Return the chunks of other rules that name this article of the rule with this name, at most `limit`; none of more."""
        named = tantivy.Query.term_set_query(SCHEMA, "rests_on", keys_of(name, article))
        found: set[str] = set()
        for searcher in self._searchers(audiences).values():
            must = [(tantivy.Occur.Must, named), *filters(scope, searcher)]
            for _, address in searcher.search(tantivy.Query.boolean_query(must), SEEN, count=False).hits:
                entry = searcher.doc(address)
                title = str(entry["name"][0])
                if carries_out(title, name) or (f"{name}#{article}" in entry["rests_on"] and title != name):
                    found.add(str(entry["id"][0]))
        return frozenset(found) if len(found) <= limit else frozenset()

    def judge(
        self,
        question: str,
        official: Mapping[str, tuple[str, ...]],
        chunk_ids: Sequence[str],
        audiences: Sequence[Audience],
    ) -> dict[str, dict[str, float]]:
        """Return, for each measure, chunk id → 0 to 1.

        'coverage' is the share of the question's words, weighted by rarity, of which the chunk speaks; `official` maps
        everyday phrases of the question to the official words that may stand for them. 'topic' is how near the words of
        question and chunk are as a whole.
        """
        searchers = list(self._searchers(audiences).values())
        total = sum(searcher.num_docs for searcher in searchers)
        words = content_words(question)
        weights = {
            word: math.log(1 + total / max(sum(each.doc_freq("words", word) for each in searchers), 1))
            for word in dict.fromkeys(words)
        }
        held = self._held_words(chunk_ids, searchers)
        shares, topics = self._coverage.measure(words, weights, official, held)
        return {"coverage": shares, "topic": topics}

    def _held_words(self, chunk_ids: Sequence[str], searchers: Sequence[tantivy.Searcher]) -> dict[str, list[str]]:
        # A query for a set of terms walks the whole dictionary of ids; fifty queries for one take a quarter of the time.
        named = [tantivy.Query.term_query(SCHEMA, "id", chunk_id, "basic") for chunk_id in chunk_ids]
        query = tantivy.Query.boolean_query([(tantivy.Occur.Should, each) for each in named])
        held: dict[str, list[str]] = {}
        for searcher in searchers if chunk_ids else ():
            for _, address in searcher.search(query, len(chunk_ids), count=False).hits:
                entry = searcher.doc(address)
                held[str(entry["id"][0])] = str(entry["held"][0]).split()
        return held

    def _writer(self, writers: dict[str, tantivy.IndexWriter], audience: Audience) -> tantivy.IndexWriter:
        if audience.key not in writers:
            path = self._directory / audience.key
            path.mkdir(exist_ok=True)
            writers[audience.key] = tantivy.Index(make_schema(), str(path)).writer(HEAP_BYTES, 1)
        return writers[audience.key]

    def _searchers(self, audiences: Sequence[Audience]) -> dict[Name, tantivy.Searcher]:
        """Return a searcher for each audience that has an index, all of one revision, whatever other threads open meanwhile."""
        with self._lock:
            revision = self.revision()
            if revision != self._opened_at:
                self._open, self._opened_at = {}, revision
            indexes = {audience.key: self._index(audience) for audience in audiences}
        return {(key, revision): index.searcher() for key, index in indexes.items() if index is not None}

    def _index(self, audience: Audience) -> tantivy.Index | None:
        """Return the index of an audience, opened once a revision; None: it has none. The caller holds the lock."""
        path = self._directory / audience.key
        if audience.key not in self._open and path.is_dir():
            try:
                self._open[audience.key] = tantivy.Index.open(str(path))
            except ValueError as error:
                raise StorageError(
                    f"{path}: 語の索引を開けません（{error}）。{self._parent} を消して kotae ingest を実行すると、台帳から作り直します。"
                ) from error
        return self._open.get(audience.key)


def _hits(asked: tuple[str, tantivy.Searcher, tantivy.Query], *, limit: int) -> dict[str, float]:
    """Return chunk id → score of the best of one field of one audience."""
    _, searcher, query = asked
    found = searcher.search(query, limit, count=False).hits
    return {str(searcher.doc(address)["id"][0]): float(score) for score, address in found}


def _vocabularies(searchers: Mapping[Name, tantivy.Searcher]) -> dict[Name, Callable[[], list[str]]]:
    """Return how the words of each audience are read."""
    return {name: partial(_words_of, searcher) for name, searcher in searchers.items()}


def _words_of(searcher: tantivy.Searcher) -> list[str]:
    return [word for word, _ in searcher.terms_with_prefix("words", "")]


def _stands(searchers: Sequence[tantivy.Searcher], word: str) -> bool:
    """Tell whether a word stands in an entry that counts: an index lists those of removed entries until it merges."""
    query = tantivy.Query.term_query(SCHEMA, "words", word, "basic")
    return any(
        searcher.doc_freq("words", word) and searcher.search(query, 1, count=False).hits for searcher in searchers
    )
