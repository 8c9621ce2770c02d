"""All that a home holds and answers, in a form in which two homes over the same folder can be compared."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import tantivy

from ingest.listing import document_id
from rag.domain import Audience, Chunk, DocumentRecord, Scope
from rag.offices import FACT as OFFICES
from rag.wiring import Home, open_home

QUESTIONS = (
    "自家用車で出張したときの車賃は1キロメートルいくらですか。",
    "夏季休暇はいつまでに取ればよいですか。",
    "物品の購入で随意契約にできるのはいくらまでですか。",
    "橋梁の老朽化対策について県土整備部長は何と答えましたか。",
    "備蓄食料の更新に要する費用が予定額を超えるときの手続",
    "公印の使用の記録は何日間保存しますか。",
    "家畜の防疫で虚偽の記載があったとき",
    "給食の調理の領収書を添えて会計課の長に協議する",
)
CLAUSES = (("旅費条例", "16"), ("財務規則", "3"))
DAYS = (date(2025, 6, 1), date(2026, 11, 26))
EVERY, NEAREST = 100_000, 50
NEAR = 1e-5
"""Two sums of the same numbers in another order differ by less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What a home holds; a chunk is named by its document's path and its place there."""

    documents: Mapping[str, Mapping[str, Any]]
    chunks: Mapping[str, Mapping[str, Any]]
    vectors: Mapping[str, bytes]
    entries: Mapping[str, tuple[str, str, str]]
    """Audience, title and words of each entry of the word index that counts."""
    matches: Mapping[str, Mapping[str, float]]
    """Leg, day and question → chunk → score, of all that the word index finds."""
    indexed: Mapping[str, str]
    """Chunks that the vector index compares a question with → audience."""
    neighbours: Mapping[str, Mapping[str, float]]
    """Day and question → chunk → similarity, of the nearest."""
    buried: bool
    """The word index still counts removed entries in the rarity of words, so that its scores are not a fresh one's."""
    facts: Mapping[str, Any]
    files: tuple[str, ...]
    """What lies in the home, one generation aside."""
    problems: tuple[str, ...]
    """What no home may have after a run: a lock, a generation too many, an index that is behind."""


def read_state(place: Path) -> State:
    """Read all of a home."""
    with opened(place) as home:
        records = home.catalogue.documents()
        moved = {record.id: record.id != document_id(record.path) for record in records}
        chunks = [(record, chunk) for record in records for chunk in home.catalogue.chunks_of(record.id)]
        names = {chunk.id: f"{record.path}#{chunk.ordinal}" for record, chunk in chunks}
        vectors = home.catalogue.vectors(list(names), model=home.embedder.name)
        audiences = home.catalogue.audiences()
        return State(
            documents={record.path: _document(record) for record in records},
            chunks={names[chunk.id]: _chunk(chunk, moved=moved[record.id]) for record, chunk in chunks},
            vectors={names[key]: vector.tobytes() for key, vector in vectors.items()},
            entries=dict(_entries(home, audiences, names)),
            matches=dict(_matches(home, audiences, names)),
            indexed=dict(_indexed(home, names)),
            neighbours=dict(_neighbours(home, audiences, names)),
            buried=_buried(place),
            facts=_facts(home, {record.id: record.path for record in records}),
            files=_files(place),
            problems=tuple(_problems(home, place)),
        )


@contextmanager
def opened(place: Path) -> Iterator[Home]:
    """Open a home for the length of the block."""
    home = open_home(place)
    try:
        yield home
    finally:
        home.vectors.close()  # type: ignore[attr-defined]
        home.catalogue.close()  # type: ignore[attr-defined]
        home.journal.close()  # type: ignore[attr-defined]


def _document(record: DocumentRecord) -> dict[str, Any]:
    body = asdict(record)
    body["audience"] = record.audience.key
    return body


def _chunk(chunk: Chunk, *, moved: bool) -> dict[str, Any]:
    body = asdict(replace(chunk, id="", document_id="") if moved else chunk)
    body["audience"] = chunk.audience.key
    body["labels"] = dict(chunk.labels)
    return body


def _entries(
    home: Home, audiences: Sequence[Audience], names: Mapping[str, str]
) -> Iterator[tuple[str, tuple[str, str, str]]]:
    every = tantivy.Query.all_query()
    for (key, _), searcher in home.lexical._searchers(audiences).items():  # type: ignore[attr-defined]
        for number, (_, address) in enumerate(searcher.search(every, EVERY, count=False).hits):
            entry = searcher.doc(address)
            found = str(entry["id"][0])
            name = names.get(found, f"{found}: 台帳にない検索単位")
            held = (key, str(entry["name"][0]), str(entry["held"][0]))
            yield name, held
            if number >= EVERY - 1:
                raise ValueError("too many entries to compare")


def _matches(
    home: Home, audiences: Sequence[Audience], names: Mapping[str, str]
) -> Iterator[tuple[str, dict[str, float]]]:
    for day in DAYS:
        given: dict[str, Any] = {"scope": Scope(as_of=day), "limit": EVERY}
        for question in QUESTIONS:
            for leg, found in home.lexical.search(question, ["復路"], audiences, **given).items():
                yield f"{leg} {day} {question}", _named(found, names)
        for name, article in CLAUSES:
            found = home.lexical.find_clause(name, article, audiences, **given)
            yield f"reference {day} {name}{article}", _named(found, names)


def _indexed(home: Home, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield what generation and delta hold together; a vector that is not the catalogue's is named as such."""
    snapshot = home.vectors._current()  # type: ignore[attr-defined]
    for key, shelf in snapshot.base.shelves.items() if snapshot.base else ():
        ids = shelf.rows.names(slice(None))
        graph = {
            place: vector for places, stored in shelf.stored() for place, vector in zip(places, stored, strict=True)
        }
        kept = home.catalogue.vectors(ids, model=home.embedder.name)
        for place, chunk_id in enumerate(ids):
            for vector in (shelf.matrix[place], graph.get(place, shelf.matrix[place])):
                if chunk_id not in snapshot.hidden:
                    same = chunk_id in kept and np.allclose(kept[chunk_id], vector, atol=NEAR)
                    yield names.get(chunk_id, f"{chunk_id}: 台帳にない検索単位"), key if same else "違うベクトル"
    for audience, part in snapshot.delta.items():
        for chunk_id in part.rows.names(slice(None)):
            yield names.get(chunk_id, f"{chunk_id}: 台帳にない検索単位"), audience.key


def _neighbours(
    home: Home, audiences: Sequence[Audience], names: Mapping[str, str]
) -> Iterator[tuple[str, dict[str, float]]]:
    for question in QUESTIONS:
        vector = home.embedder.embed_query(question)
        for day in DAYS:
            found = home.vectors.search(vector, audiences, scope=Scope(as_of=day), limit=NEAREST)
            yield f"vectors {day} {question}", _named(found, names)


def _named(found: Mapping[str, float], names: Mapping[str, str]) -> dict[str, float]:
    return {names.get(key, f"{key}: 台帳にない検索単位"): score for key, score in found.items()}


def _buried(place: Path) -> bool:
    metas = [json.loads(meta.read_text(encoding="utf-8")) for meta in (place / "words").glob("*/*/meta.json")]
    return any(segment["deletes"] for meta in metas for segment in meta["segments"])


def _facts(home: Home, paths: Mapping[str, str]) -> dict[str, Any]:
    facts: dict[str, Any] = {name: value for name, value in home.catalogue.facts().items() if not _is_pointer(name)}
    facts[OFFICES] = sorted(paths.get(each, each) for each in json.loads(facts.get(OFFICES, "[]")))
    return facts | {"sources": home.catalogue.sources()}


def _is_pointer(name: str) -> bool:
    return name == "vectors.generation"


def _files(place: Path) -> tuple[str, ...]:
    """Name what lies in the home; databases may have their journals beside them, indexes are looked at elsewhere."""
    names = {file.relative_to(place).as_posix() for file in [*place.glob("*"), *place.glob("models/*")]}
    return tuple(sorted(name for name in names if not name.endswith(("-wal", "-shm", "-journal"))))


def _problems(home: Home, place: Path) -> Iterator[str]:
    if holder := home.writer():
        yield f"書き込み中の印が残っています（{holder}）"
    if (place / "writer.json").exists():
        yield "writer.json が残っています"
    pointer = json.loads(home.catalogue.facts()["vectors.generation"])
    kept = {pointer["id"], pointer["previous"]} - {""}
    there = {each.name for each in (place / "vectors").iterdir()}
    if not {pointer["id"]} <= there <= kept:
        yield f"ベクトルの索引の世代 {sorted(there)} が、残すはずの {sorted(kept)} と合いません"
    if home.lexical.revision() != home.catalogue.revision():
        yield f"語の索引は変更{home.lexical.revision()}まで、台帳は{home.catalogue.revision()}です"
