"""What a tantivy index of ours holds, and the queries over it. A change here raises VERSION in `rag/adapters/lexical.py`."""

from __future__ import annotations

from functools import lru_cache

import tantivy

from rag.domain import Chunk, Kind, RemarkFilter, Scope
from rag.japanese.references import Place
from rag.japanese.referring import rests_on
from rag.japanese.words import character_grams, content_words
from rag.remarks import REMARK_FACTS, conditions, facts_of

FIRST_DAY = 0
LAST_DAY = 10**6
ATTACHED = frozenset({Place.TABLE.value, Place.FORM.value})
FIELDS = {"words": content_words, "characters": character_grams}
"""Fields that are searched → how a text is cut for them."""


def make_schema() -> tantivy.Schema:
    """Return the fields of an index."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    for field in FIELDS:
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("held", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("name", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("title", tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field("clause", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("rests_on", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("kind", tokenizer_name="raw", index_option="basic")
    for fact in REMARK_FACTS:
        builder.add_text_field(fact, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("start", indexed=True, fast=True)
    builder.add_integer_field("end", indexed=True, fast=True)
    return builder.build()


def entry_of(chunk: Chunk) -> tantivy.Document:
    """Return what an index keeps of a chunk."""
    entry = tantivy.Document(id=chunk.id, kind=chunk.kind.value)
    pieces = {field: analyse(chunk.search_text) for field, analyse in FIELDS.items()}
    for field, found in pieces.items():
        entry.add_text(field, " ".join(found))
    entry.add_text("held", " ".join(dict.fromkeys(pieces["words"])))
    entry.add_text("name", chunk.title)
    entry.add_text("title", _title_words(chunk.title))
    if clause := _clause(chunk):
        entry.add_text("clause", clause)
    if chunk.kind is Kind.RULES:
        for key in dict.fromkeys(rests_on(chunk.text)):
            entry.add_text("rests_on", key)
    for fact, value in facts_of(chunk).items():
        entry.add_text(fact, value)
    entry.add_integer("start", chunk.period.start.toordinal() if chunk.period.start else FIRST_DAY)
    entry.add_integer("end", chunk.period.end.toordinal() if chunk.period.end else LAST_DAY)
    return entry


def _clause(chunk: Chunk) -> str:
    """Return the key by which a reference names the article, 別表 or 様式 of a chunk; empty for what has none."""
    part = chunk.labels.get("part", "")
    return f"{part}:{chunk.labels.get('number', '')}" if part in ATTACHED else chunk.labels.get("article", "")


@lru_cache(maxsize=256)
def _title_words(title: str) -> str:
    """Return the words of a title: its chunks come one after the other."""
    return " ".join(content_words(title))


def any_of(field: str, groups: dict[str, dict[str, float]], factors: dict[str, float]) -> tantivy.Query | None:
    """Return a query for any of the groups, the best of a group's terms counting; None for no groups."""
    clauses = []
    for group in groups.values():
        members = [
            tantivy.Query.boost_query(
                tantivy.Query.term_query(SCHEMA, field, term, "freq"), weight * factors.get(term, 1.0)
            )
            for term, weight in group.items()
        ]
        clauses.append(
            (tantivy.Occur.Should, members[0] if len(members) == 1 else tantivy.Query.disjunction_max_query(members))
        )
    return tantivy.Query.boolean_query(clauses) if clauses else None


def filters(scope: Scope, searcher: tantivy.Searcher) -> list[tuple[tantivy.Occur, tantivy.Query]]:
    """Return what a chunk of one index must fit, without an influence on its score."""
    integer = tantivy.FieldType.Integer
    day = scope.as_of.toordinal()
    wanted = [
        tantivy.Query.range_query(SCHEMA, "start", integer, FIRST_DAY, day),
        tantivy.Query.range_query(SCHEMA, "end", integer, day + 1, LAST_DAY),
    ]
    if scope.kinds:
        wanted.append(tantivy.Query.term_set_query(SCHEMA, "kind", sorted(kind.value for kind in scope.kinds)))
    if scope.remarks:
        remarks = [(tantivy.Occur.Should, _remark(each, searcher)) for each in scope.remarks]
        wanted.append(tantivy.Query.boolean_query(remarks))
    return [(tantivy.Occur.Must, tantivy.Query.const_score_query(each, 0.0)) for each in wanted]


def _remark(wanted: RemarkFilter, searcher: tantivy.Searcher) -> tantivy.Query:
    """Return a query for the remarks that fit a filter, by those of the index's values that meet its conditions."""
    asked = []
    for fact, meets in conditions(wanted).items():
        values = [value for value, _ in searcher.terms_with_prefix(fact, "") if meets(value)]
        asked.append((tantivy.Occur.Must, tantivy.Query.term_set_query(SCHEMA, fact, values)))
    return tantivy.Query.boolean_query(asked) if asked else tantivy.Query.all_query()


SCHEMA = make_schema()
