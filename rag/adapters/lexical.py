"""Word and character search with tantivy: one index per audience, scored with statistics of what the reader may see.

tantivy weighs a term by its rarity inside one index. A search over several audiences corrects each weight to the rarity
over exactly these audiences, so scores compare between them and no other audience can change them.
"""

from __future__ import annotations

import json
import math
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import tantivy

from rag.adapters.coverage import Coverage
from rag.adapters.expansion import Expansion
from rag.domain import Audience, Chunk, Kind
from rag.errors import StorageError
from rag.japanese.references import share_of_title
from rag.japanese.words import character_grams, content_words
from rag.ports import Catalogue

VERSION = 3
"""Raised when fields or analysis change: what another version wrote is never opened, but built anew."""
FIRST_DAY = 0
LAST_DAY = 10**6
HEAP_BYTES = 64_000_000
OFFICIAL_WEIGHT = 0.5
"""Weight of a word that may stand for an everyday one of the question."""
COMMIT_EVERY = 20_000
FIELDS = {"words": content_words, "characters": character_grams}


class TantivyIndex:
    """The LexicalIndex of a home, below `directory`."""

    def __init__(self, catalogue: Catalogue, directory: Path, *, expansion: Expansion, coverage: Coverage) -> None:
        """Index this catalogue below a folder."""
        self._catalogue = catalogue
        self._parent = directory
        self._directory = directory / f"v{VERSION}"
        self._expansion = expansion
        self._coverage = coverage
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
            shutil.rmtree(self._parent, ignore_errors=True)
            reached = 0
        self._directory.mkdir(parents=True, exist_ok=True)
        writers: dict[str, tantivy.IndexWriter] = {}
        try:
            for chunk_id, audience in self._catalogue.removed_since(reached) if reached else []:
                self._writer(writers, audience).delete_documents_by_term("id", chunk_id)
            for number, chunk in enumerate(self._catalogue.all_chunks(since=reached), start=1):
                writer = self._writer(writers, chunk.audience)
                writer.delete_documents_by_term("id", chunk.id)
                writer.add_document(_entry(chunk))
                if number % COMMIT_EVERY == 0:
                    writer.commit()
            for writer in writers.values():
                writer.commit()
                writer.wait_merging_threads()
        except (ValueError, OSError) as error:
            shutil.rmtree(self._directory, ignore_errors=True)
            raise StorageError(
                f"{self._directory}: 語の索引を書けませんでした（{error}）。空き容量を確かめて、もう一度実行してください。索引は台帳から作り直します。"
            ) from error
        state = self._directory / "state.tmp"
        state.write_text(json.dumps({"revision": revision}), encoding="utf-8")
        state.replace(self._directory / "state.json")

    def search(
        self,
        question: str,
        official: Sequence[str],
        audiences: Sequence[Audience],
        *,
        as_of: date,
        kinds: frozenset[Kind],
        limit: int,
    ) -> dict[str, dict[str, float]]:
        """Return, for each leg ('words', 'characters'), chunk id → score of at most `limit` chunks in force on that day.

        `official` are words that may stand for the question's everyday ones: searched with less weight, by words only.
        """
        searchers = self._searchers(audiences)
        found: dict[str, dict[str, float]] = {}
        for field, analyse in FIELDS.items():
            terms = dict(Counter(analyse(question)))
            groups = {term: {term: 1.0} for term in terms}
            if field == "words":
                groups = self._expansion.expand(list(terms), self._vocabularies(searchers))
                for term in {term for each in official for term in content_words(each)} - terms.keys():
                    groups[term] = {term: OFFICIAL_WEIGHT}
            scores: dict[str, float] = {}
            rarities = _Rarity(field, list(searchers.values()))
            for searcher in searchers.values():
                query = _query(field, groups, rarities.factors(searcher, groups))
                if query is not None:
                    limited = tantivy.Query.boolean_query(
                        [(tantivy.Occur.Must, query), *_filters(as_of=as_of, kinds=kinds)]
                    )
                    for score, address in searcher.search(limited, limit, count=False).hits:
                        scores[str(searcher.doc(address)["id"][0])] = float(score)
            best = sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:limit]
            found[field] = dict(best)
        return found

    def find_clause(
        self,
        name: str,
        article: str,
        audiences: Sequence[Audience],
        *,
        as_of: date,
        kinds: frozenset[Kind],
        limit: int,
    ) -> dict[str, float]:
        """Return chunk id → 0 to 1 for the chunks of this article of the document with this, or a like, name.

        The score is the share of the title that the name gives, so the closest title wins.
        """
        wanted = [
            (tantivy.Occur.Should, tantivy.Query.term_query(_SCHEMA, "title", word, "basic"))
            for word in dict.fromkeys(content_words(name))
        ]
        if not wanted:
            return {}
        clause = tantivy.Query.term_query(_SCHEMA, "article", article, "basic")
        query = tantivy.Query.boolean_query(
            [
                (tantivy.Occur.Must, tantivy.Query.const_score_query(clause, 0.0)),
                (tantivy.Occur.Must, tantivy.Query.boolean_query(wanted)),
                *_filters(as_of=as_of, kinds=kinds),
            ]
        )
        found: dict[str, float] = {}
        for searcher in self._searchers(audiences).values():
            for _, address in searcher.search(query, limit, count=False).hits:
                entry = searcher.doc(address)
                if share := share_of_title(name, str(entry["name"][0])):
                    found[str(entry["id"][0])] = share
        return found

    def coverage(
        self,
        question: str,
        official: Mapping[str, tuple[str, ...]],
        chunk_ids: Sequence[str],
        audiences: Sequence[Audience],
    ) -> dict[str, float]:
        """Return chunk id → 0 to 1: the share of the question's words, weighted by rarity, of which the chunk speaks.

        `official` maps everyday phrases of the question to the official words that may stand for them.
        """
        searchers = list(self._searchers(audiences).values())
        total = sum(searcher.num_docs for searcher in searchers)
        weights = {
            word: math.log(1 + total / max(sum(each.doc_freq("words", word) for each in searchers), 1))
            for word in dict.fromkeys(content_words(question))
        }
        return self._coverage.shares(weights, official, self._held_words(chunk_ids, searchers))

    def _held_words(self, chunk_ids: Sequence[str], searchers: Sequence[tantivy.Searcher]) -> dict[str, list[str]]:
        query = tantivy.Query.term_set_query(_SCHEMA, "id", list(chunk_ids))
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
            writers[audience.key] = tantivy.Index(_schema(), str(path)).writer(HEAP_BYTES, 1)
        return writers[audience.key]

    def _searchers(self, audiences: Sequence[Audience]) -> dict[str, tantivy.Searcher]:
        revision = self.revision()
        if revision != self._opened_at:
            self._open.clear()
            self._opened_at = revision
        searchers = {}
        for audience in audiences:
            path = self._directory / audience.key
            if audience.key not in self._open and path.is_dir():
                try:
                    self._open[audience.key] = tantivy.Index.open(str(path))
                except ValueError as error:
                    raise StorageError(
                        f"{path}: 語の索引を開けません（{error}）。{self._parent} を消して kotae ingest を実行すると、台帳から作り直します。"
                    ) from error
            if audience.key in self._open:
                searchers[audience.key] = self._open[audience.key].searcher()
        return searchers

    def _vocabularies(self, searchers: dict[str, tantivy.Searcher]) -> dict[tuple[str, int], list[str]]:
        """Return the words of each audience, read only where the expansion does not know them yet."""
        names = {(key, self._opened_at): searcher for key, searcher in searchers.items()}
        return {
            name: [] if self._expansion.knows(name) else [word for word, _ in searcher.terms_with_prefix("words", "")]
            for name, searcher in names.items()
        }


class _Rarity:
    """Term weights over several indexes: factors that turn each index's own weight into the common one."""

    def __init__(self, field: str, searchers: Sequence[tantivy.Searcher]) -> None:
        self._field = field
        self._searchers = searchers
        self._total = sum(searcher.num_docs for searcher in searchers)

    def factors(self, searcher: tantivy.Searcher, groups: dict[str, dict[str, float]]) -> dict[str, float]:
        if len(self._searchers) == 1:
            return {}
        factors = {}
        for term in {term for group in groups.values() for term in group}:
            own = searcher.doc_freq(self._field, term)
            if own:
                every = sum(each.doc_freq(self._field, term) for each in self._searchers)
                factors[term] = _weight(self._total, every) / _weight(searcher.num_docs, own)
        return factors


def _weight(documents: int, holding: int) -> float:
    """Return BM25's inverse document frequency as tantivy computes it."""
    return math.log(1 + (max(documents - holding, 0) + 0.5) / (holding + 0.5))


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    for field in FIELDS:
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("held", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("name", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("title", tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field("article", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("kind", tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("start", indexed=True, fast=True)
    builder.add_integer_field("end", indexed=True, fast=True)
    return builder.build()


def _entry(chunk: Chunk) -> tantivy.Document:
    entry = tantivy.Document(id=chunk.id, kind=chunk.kind.value)
    for field, analyse in FIELDS.items():
        entry.add_text(field, " ".join(analyse(chunk.search_text)))
    entry.add_text("held", " ".join(dict.fromkeys(content_words(chunk.search_text))))
    entry.add_text("name", chunk.title)
    entry.add_text("title", " ".join(content_words(chunk.title)))
    if article := chunk.labels.get("article"):
        entry.add_text("article", article)
    entry.add_integer("start", chunk.period.start.toordinal() if chunk.period.start else FIRST_DAY)
    entry.add_integer("end", chunk.period.end.toordinal() if chunk.period.end else LAST_DAY)
    return entry


def _query(field: str, groups: dict[str, dict[str, float]], factors: dict[str, float]) -> tantivy.Query | None:
    clauses = []
    for group in groups.values():
        members = [
            tantivy.Query.boost_query(
                tantivy.Query.term_query(_SCHEMA, field, term, "freq"), weight * factors.get(term, 1.0)
            )
            for term, weight in group.items()
        ]
        clauses.append(
            (tantivy.Occur.Should, members[0] if len(members) == 1 else tantivy.Query.disjunction_max_query(members))
        )
    return tantivy.Query.boolean_query(clauses) if clauses else None


def _filters(*, as_of: date, kinds: frozenset[Kind]) -> list[tuple[tantivy.Occur, tantivy.Query]]:
    integer = tantivy.FieldType.Integer
    day = as_of.toordinal()
    filters = [
        tantivy.Query.range_query(_SCHEMA, "start", integer, FIRST_DAY, day),
        tantivy.Query.range_query(_SCHEMA, "end", integer, day + 1, LAST_DAY),
    ]
    if kinds:
        filters.append(tantivy.Query.term_set_query(_SCHEMA, "kind", sorted(kind.value for kind in kinds)))
    return [(tantivy.Occur.Must, tantivy.Query.const_score_query(each, 0.0)) for each in filters]


_SCHEMA = _schema()
