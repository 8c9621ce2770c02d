"""The contract of the catalogue, on SQLite and on PostgreSQL, and what it says when a database fails."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from rag.adapters import database
from rag.adapters.catalogue import SqlCatalogue, open_catalogue
from rag.adapters.tables import METADATA
from rag.domain import Audience, Chunk, DocumentRecord, GivenLabels, Kind, Period, State
from rag.errors import BusyError, HomeError, NotFoundError, StorageError
from rag.ports import Catalogue, Matrix

ENGINES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.needs_postgresql)]
STAFF = Audience(level="2")
NOBODY = 65534


@pytest.fixture(params=ENGINES)
def url(request: pytest.FixtureRequest) -> str:
    """The address of a new catalogue on each engine; empty for SQLite in the home."""
    return "" if request.param == "sqlite" else str(request.getfixturevalue("postgresql_url"))


@pytest.fixture
def catalogue(home: Path, url: str) -> Iterator[SqlCatalogue]:
    opened = open_catalogue(home, url)
    yield opened
    opened.close()


def document(name: str = "旅費条例", **facts: object) -> DocumentRecord:
    record = DocumentRecord(
        id=f"doc-{name}", source="/共有/総務部", path=f"例規/{name}.docx", content_hash="h", title=name, kind=Kind.RULES
    )
    return replace(record, **{"audience": STAFF, **facts})


def chunk(record: DocumentRecord, number: int, words: str = "旅費は、順路により計算する。") -> Chunk:
    return Chunk(
        id=sha256(f"{record.id} {number} {words}".encode()).hexdigest(),
        document_id=record.id,
        ordinal=number,
        locator=f"第{number}条",
        header=f"{record.title} › 第{number}条",
        text=words,
        kind=record.kind,
        audience=record.audience,
        period=record.period,
    )


def chunks(record: DocumentRecord, count: int) -> list[Chunk]:
    return [chunk(record, number) for number in range(1, count + 1)]


def vector(*values: float) -> Matrix:
    return np.array(values, dtype=np.float32)


def ids(found: Iterator[Chunk] | list[Chunk]) -> set[str]:
    return {one.id for one in found}


def test_it_is_a_catalogue(catalogue: SqlCatalogue) -> None:
    socket: Catalogue = catalogue
    assert socket.revision() == 0
    assert socket.documents() == []
    assert list(socket.all_chunks()) == []


def test_every_field_of_a_document_comes_back(catalogue: SqlCatalogue) -> None:
    record = DocumentRecord(
        id="doc-1",
        source="/共有/総務部",
        path="例規/職員等の旅費に関する条例.docx",
        content_hash="c" * 64,
        title="職員等の旅費に関する条例",
        kind=Kind.RULES,
        department="総務部 給与旅費課",
        number="令和8年みほん県条例第7号",
        audience=Audience(level="3B", groups=frozenset({"人事課", "給与旅費課"})),
        period=Period(start=date(2026, 4, 1), end=date(2027, 4, 1)),
        supersedes="doc-0",
        state=State.QUARANTINED,
        warnings=("隠れた文字があります", "文字コードは推定です"),
        file_hash="f" * 64,
        reason="パスワードが付いています",
    )
    catalogue.put_document(record, (), vectors={})
    assert catalogue.document("doc-1") == record
    assert catalogue.documents() == [record]
    catalogue.put_document(document(), (), vectors={})
    assert catalogue.document("doc-旅費条例") == document()


def test_every_field_of_a_chunk_comes_back(catalogue: SqlCatalogue) -> None:
    record = document()
    full = Chunk(
        id="c1",
        document_id=record.id,
        ordinal=3,
        locator="第12条第2項",
        header="旅費条例 › 第3章 › 第12条（宿泊料）",
        text="２　宿泊料は、\n｜甲地方｜乙地方｜ の別に𠮷野で定める。",
        kind=Kind.RULES,
        page=7,
        audience=Audience(level="3A", groups=frozenset({"秘書課"})),
        period=Period(start=date(1950, 1, 1), end=date(2026, 4, 1)),
        labels={"article": "12", "part": "main"},
    )
    plain = Chunk(id="c2", document_id=record.id, ordinal=4, locator="", header="", text="", kind=Kind.PLAIN)
    catalogue.put_document(record, [full, plain], vectors={})
    assert catalogue.chunks(["c1", "c2", "ない"]) == {"c1": full, "c2": plain}
    assert catalogue.chunks_of(record.id) == [full, plain]
    assert sorted(catalogue.all_chunks(), key=lambda one: one.id) == [full, plain]


def test_putting_the_same_document_again_changes_nothing(catalogue: SqlCatalogue) -> None:
    record = document()
    revision = catalogue.put_document(record, chunks(record, 3), vectors={})
    assert revision == catalogue.revision() == 1
    assert catalogue.put_document(record, chunks(record, 3), vectors={}) == 1
    assert list(catalogue.all_chunks(since=1)) == []
    assert catalogue.removed_since(0) == []
    assert catalogue.document(record.id).chunk_count == 3


def test_a_new_version_adds_and_buries_only_the_difference(catalogue: SqlCatalogue) -> None:
    record = document()
    old = chunks(record, 3)
    new = [old[0], chunk(record, 2, "旅費は、最も経済的な経路により計算する。"), old[2]]
    first = catalogue.put_document(record, old, vectors={})
    second = catalogue.put_document(record, new, vectors={})
    assert second == first + 1
    assert ids(catalogue.all_chunks(since=first)) == {new[1].id}
    assert catalogue.removed_since(first) == [(old[1].id, STAFF)]
    assert catalogue.removed_since(second) == []
    assert catalogue.chunks_of(record.id) == new
    assert set(catalogue.chunks([one.id for one in old])) == {old[0].id, old[2].id}


def test_a_chunk_that_comes_back_has_no_tombstone(catalogue: SqlCatalogue) -> None:
    record = document()
    catalogue.put_document(record, chunks(record, 2), vectors={})
    without = catalogue.put_document(record, chunks(record, 1), vectors={})
    again = catalogue.put_document(record, chunks(record, 2), vectors={})
    assert catalogue.removed_since(0) == []
    assert ids(catalogue.all_chunks(since=without)) == {chunk(record, 2).id}
    assert again == without + 1


def test_moved_chunks_keep_their_revision_and_are_read_in_the_new_order(catalogue: SqlCatalogue) -> None:
    record = document()
    old = chunks(record, 2)
    first = catalogue.put_document(record, old, vectors={})
    moved = [replace(old[1], ordinal=1, page=2), replace(old[0], ordinal=2, page=3)]
    assert catalogue.put_document(record, moved, vectors={}) == first
    assert catalogue.chunks_of(record.id) == moved


def test_a_chunk_whose_header_changed_is_given_to_the_indexes_again(catalogue: SqlCatalogue) -> None:
    record = document()
    old = chunk(record, 1)
    first = catalogue.put_document(record, [old], vectors={})
    new = replace(old, header="職員旅費条例 › 第1条")
    catalogue.put_document(record, [new], vectors={})
    assert list(catalogue.all_chunks(since=first)) == [new]
    assert catalogue.removed_since(0) == []


def test_equal_chunks_of_one_document_are_kept_once(catalogue: SqlCatalogue) -> None:
    record = document()
    first = chunk(record, 1)
    catalogue.put_document(record, [first, replace(first, ordinal=9)], vectors={})
    assert catalogue.chunks_of(record.id) == [first]
    assert catalogue.document(record.id).chunk_count == 1


@pytest.mark.parametrize("state", [State.WITHDRAWN, State.QUARANTINED])
def test_a_document_that_is_not_active_is_out_of_every_search(catalogue: SqlCatalogue, state: State) -> None:
    record, other = document(), document("文書管理規程", audience=Audience(level="1"))
    catalogue.put_document(record, chunks(record, 2), vectors={})
    before = catalogue.put_document(other, chunks(other, 1), vectors={})
    catalogue.update_document(replace(record, state=state))
    assert catalogue.revision() == before + 1
    assert ids(catalogue.all_chunks()) == ids(chunks(other, 1))
    assert catalogue.chunks([one.id for one in chunks(record, 2)]) == {}
    assert catalogue.audiences() == [Audience(level="1")]
    assert {key for key, _ in catalogue.removed_since(before)} == ids(chunks(record, 2))
    assert catalogue.chunks_of(record.id) == chunks(record, 2)
    catalogue.update_document(record)
    assert ids(catalogue.all_chunks(since=before)) == ids(chunks(record, 2))
    assert catalogue.removed_since(0) == []


def test_withdrawing_by_putting_no_chunks_buries_them(catalogue: SqlCatalogue) -> None:
    record = document()
    first = catalogue.put_document(record, chunks(record, 2), vectors={})
    catalogue.put_document(replace(record, state=State.WITHDRAWN), (), vectors={})
    assert {key for key, _ in catalogue.removed_since(first)} == ids(chunks(record, 2))
    assert catalogue.document(record.id).state is State.WITHDRAWN


def test_a_rename_keeps_the_chunks_and_their_revision(catalogue: SqlCatalogue) -> None:
    record = document()
    first = catalogue.put_document(record, chunks(record, 2), vectors={})
    catalogue.update_document(replace(record, path="例規/新/旅費条例.docx"))
    assert catalogue.revision() == first
    assert catalogue.document(record.id) == replace(record, path="例規/新/旅費条例.docx", chunk_count=2)


def test_a_removed_document_leaves_only_tombstones(catalogue: SqlCatalogue) -> None:
    record = document()
    first = catalogue.put_document(record, chunks(record, 2), vectors={})
    assert catalogue.remove_document(record.id) == first + 1
    assert catalogue.documents() == []
    assert catalogue.chunks_of(record.id) == []
    assert {key for key, _ in catalogue.removed_since(first)} == ids(chunks(record, 2))


def test_an_unknown_document_is_named(catalogue: SqlCatalogue) -> None:
    for call in (catalogue.document, catalogue.remove_document):
        with pytest.raises(NotFoundError, match="文書 doc-なし: 台帳にありません"):
            call("doc-なし")
    with pytest.raises(NotFoundError, match="台帳にありません"):
        catalogue.update_document(document())


def test_audiences_are_the_exact_pairs_of_level_and_groups(catalogue: SqlCatalogue) -> None:
    pairs = [
        Audience(),
        Audience(level="2"),
        Audience(level="2", groups=frozenset({"人事課"})),
        Audience(level="2", groups=frozenset({"人事課", "財政課"})),
    ]
    for number, audience in enumerate([*pairs, pairs[0]]):
        record = document(f"通知{number}", audience=audience)
        catalogue.put_document(record, chunks(record, 2), vectors={})
    assert sorted(catalogue.audiences(), key=lambda one: (one.level, len(one.groups))) == pairs
    catalogue.remove_document("doc-通知2")
    assert pairs[2] not in catalogue.audiences()


def test_documents_come_by_source_and_path_on_every_engine(catalogue: SqlCatalogue) -> None:
    for name in ("b", "ア", "B", "あ", "a", "亜"):
        catalogue.put_document(document(name), (), vectors={})
    assert [record.title for record in catalogue.documents()] == ["B", "a", "b", "あ", "ア", "亜"]


def test_more_chunks_than_one_statement_or_page_takes_are_all_there(catalogue: SqlCatalogue) -> None:
    record = document()
    many = chunks(record, 4001)
    catalogue.put_document(record, many, vectors={})
    assert [one.id for one in catalogue.all_chunks()] == sorted(one.id for one in many)
    assert len(catalogue.chunks([one.id for one in many])) == 4001
    catalogue.put_document(record, (), vectors={})
    assert len(catalogue.removed_since(0)) == 4001


def test_a_failing_put_changes_nothing(catalogue: SqlCatalogue) -> None:
    record, other = document(), document("服務規程")
    revision = catalogue.put_document(record, chunks(record, 1), vectors={})
    clash = replace(chunk(other, 2), id=chunk(record, 1).id)
    with pytest.raises(StorageError, match="台帳の操作に失敗しました"):
        catalogue.put_document(other, [chunk(other, 1), clash], vectors={})
    assert catalogue.documents() == [replace(record, chunk_count=1)]
    assert catalogue.revision() == revision
    assert ids(catalogue.all_chunks()) == ids(chunks(record, 1))


def test_a_chunk_of_another_document_is_refused(catalogue: SqlCatalogue) -> None:
    with pytest.raises(StorageError, match="別の文書"):
        catalogue.put_document(document("服務規程"), chunks(document(), 1), vectors={})
    assert catalogue.documents() == []


@pytest.mark.parametrize("words", ["本文\0続き", "本文\ud83d続き"])
def test_text_that_an_engine_cannot_keep_is_refused_by_both(catalogue: SqlCatalogue, words: str) -> None:
    record = document()
    broken = replace(chunk(record, 1), text=words)
    with pytest.raises(StorageError, match="文字として保存できない符号") as caught:
        catalogue.put_document(record, [broken], vectors={broken.id: vector(1.0)}, model="試験")
    str(caught.value).encode()
    assert catalogue.documents() == []


def test_an_error_that_leaves_a_batch_undoes_all_of_it(catalogue: SqlCatalogue) -> None:
    def fail_half_way() -> None:
        with catalogue.batch():
            catalogue.put_document(document(), chunks(document(), 2), vectors={})
            catalogue.put_fact("版", "1")
            assert catalogue.revision() == 1
            assert catalogue.audiences() == [STAFF]
            raise KeyError("途中")

    with pytest.raises(KeyError):
        fail_half_way()
    assert (catalogue.revision(), catalogue.documents(), catalogue.facts()) == (0, [], {})
    other = document("服務規程", audience=Audience(level="1"))
    assert catalogue.put_document(other, chunks(other, 1), vectors={}) == 1
    assert catalogue.audiences() == [Audience(level="1")]


def test_a_document_that_fails_inside_a_batch_is_undone_alone(catalogue: SqlCatalogue) -> None:
    record, other = document(), document("服務規程")
    with catalogue.batch():
        catalogue.put_document(record, chunks(record, 2), vectors={})
        with pytest.raises(StorageError):
            catalogue.put_document(other, [replace(chunk(other, 1), id=chunk(record, 1).id)], vectors={})
        catalogue.put_source("/共有/総務部")
    assert [one.id for one in catalogue.documents()] == [record.id]
    assert catalogue.sources() == ["/共有/総務部"]


def test_another_thread_reads_the_old_state_while_a_batch_is_open(catalogue: SqlCatalogue) -> None:
    record = document()
    seen: list[int] = []
    with catalogue.batch():
        catalogue.put_document(record, chunks(record, 2), vectors={})
        reader = threading.Thread(target=lambda: seen.extend([catalogue.revision(), len(catalogue.documents())]))
        reader.start()
        reader.join()
    assert seen == [0, 0]
    assert catalogue.revision() == 1


def test_vectors_are_found_by_chunk_and_by_text(catalogue: SqlCatalogue) -> None:
    record = document()
    one, two = chunks(record, 2)
    catalogue.put_document(record, [one, two], vectors={one.id: vector(0.6, 0.8)}, model="試験")
    digest = sha256(one.search_text.encode()).hexdigest()
    assert {key: value.tolist() for key, value in catalogue.vectors([one.id, two.id], model="試験").items()} == {
        one.id: vector(0.6, 0.8).tolist()
    }
    cached = catalogue.cached_vectors([digest, "ない"], model="試験")
    assert list(cached) == [digest]
    assert cached[digest].dtype == np.float32
    assert catalogue.vectors([one.id], model="別の埋め込み") == {}
    assert catalogue.cached_vectors([digest], model="別の埋め込み") == {}


def test_a_text_seen_before_needs_no_new_vector(catalogue: SqlCatalogue) -> None:
    record = document()
    one = chunk(record, 1)
    catalogue.store_vectors({sha256(one.search_text.encode()).hexdigest(): vector(1.0, 0.0)}, model="試験")
    catalogue.put_document(record, [one], vectors={})
    assert catalogue.vectors([one.id], model="試験")[one.id].tolist() == [1.0, 0.0]
    catalogue.remove_document(record.id)
    catalogue.put_document(record, [one], vectors={})
    assert catalogue.vectors([one.id], model="試験")[one.id].tolist() == [1.0, 0.0]


def test_what_lacks_a_vector_is_counted_and_found_for_each_embedder(catalogue: SqlCatalogue) -> None:
    record = document()
    parts = chunks(record, 3)
    with_one, with_zeros, without = parts
    made = {with_one.id: vector(0.6, 0.8), with_zeros.id: vector(0.0, 0.0)}
    catalogue.put_document(record, parts, vectors=made, model="試験")
    withdrawn = document("廃止", state=State.WITHDRAWN)
    catalogue.put_document(withdrawn, chunks(withdrawn, 1), vectors={})

    def lacking(model: str, dimension: int = 0) -> set[str]:
        return {each.id for each in catalogue.chunks_without_vector(model=model, dimension=dimension)}

    assert lacking("試験") == {without.id}
    assert lacking("試験", 2) == {with_zeros.id, without.id}
    assert lacking("試験", 3) == {without.id}
    assert lacking("別の埋め込み") == {each.id for each in parts}
    assert [catalogue.count_without_vector(model=model) for model in ("試験", "別の埋め込み")] == [1, 3]
    assert catalogue.has_vectors(model="試験", dimension=2)
    assert not catalogue.has_vectors(model="別の埋め込み", dimension=2)


def test_zeros_alone_are_no_vector_to_compare_with(catalogue: SqlCatalogue) -> None:
    record = document()
    (one,) = chunks(record, 1)
    catalogue.put_document(record, [one], vectors={one.id: vector(0.0, 0.0)}, model="試験")
    assert not catalogue.has_vectors(model="試験", dimension=2)


def test_pages_of_what_lacks_a_vector_stay_whole_while_vectors_come(
    catalogue: SqlCatalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.adapters.catalogue._PAGE", 2)
    record = document()
    parts = chunks(record, 7)
    catalogue.put_document(record, parts, vectors={})
    seen = []
    for each in catalogue.chunks_without_vector(model="試験"):
        seen.append(each.id)
        catalogue.store_vectors({each.text_hash: vector(1.0, 0.0)}, model="試験")
    assert sorted(seen) == sorted(each.id for each in parts)
    assert catalogue.count_without_vector(model="試験") == 0


def test_storing_a_vector_again_replaces_it(catalogue: SqlCatalogue) -> None:
    catalogue.store_vectors({}, model="試験")
    catalogue.store_vectors({"a": vector(1.0), "b": vector(2.0)}, model="試験")
    catalogue.store_vectors({"a": vector(3.0)}, model="試験")
    assert catalogue.cached_vectors(["a", "b"], model="試験") == {"a": vector(3.0), "b": vector(2.0)}


def test_a_vector_that_is_no_number_or_has_no_name_is_refused(catalogue: SqlCatalogue) -> None:
    with pytest.raises(StorageError, match="数でない値"):
        catalogue.store_vectors({"a": vector(float("nan"))}, model="試験")
    record = document()
    with pytest.raises(StorageError, match="埋め込みの名前がなく"):
        catalogue.put_document(record, chunks(record, 1), vectors={chunk(record, 1).id: vector(1.0)})
    assert catalogue.documents() == []


def test_sources_and_facts_are_kept_once_each(catalogue: SqlCatalogue) -> None:
    for root in ("/共有/総務部", "/共有/会計課", "/共有/総務部"):
        catalogue.put_source(root)
    catalogue.put_fact("索引の版", "1")
    catalogue.put_fact("索引の版", "2")
    assert catalogue.sources() == ["/共有/会計課", "/共有/総務部"]
    assert catalogue.facts() == {"索引の版": "2"}
    assert catalogue.revision() == 0


def test_what_was_stored_is_there_after_reopening(home: Path, url: str) -> None:
    record = document()
    first = open_catalogue(home, url)
    first.put_document(record, chunks(record, 2), vectors={})
    first.close()
    second = open_catalogue(home, url)
    assert second.chunks_of(record.id) == chunks(record, 2)
    assert second.revision() == 1
    second.close()


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["旅費条例", "服務規程"]),
        st.frozensets(st.integers(1, 4)),
        st.sampled_from([*State, None]),
        st.booleans(),
    ),
    max_size=12,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_an_index_that_follows_at_any_pace_holds_what_is_active(
    catalogue: SqlCatalogue, steps: list[tuple[str, frozenset[int], State | None, bool]]
) -> None:
    for record in catalogue.documents():
        catalogue.remove_document(record.id)
    index: dict[str, Chunk] = {}
    revision = catalogue.revision()
    model: dict[str, tuple[State, set[str]]] = {}
    for name, numbers, state, follow in steps:
        record = document(name, state=state or State.ACTIVE)
        if state is None and name in model:
            catalogue.remove_document(record.id)
            del model[name]
        elif not numbers and name in model:
            catalogue.update_document(record)
            model[name] = (record.state, model[name][1])
        else:
            given_chunks = [chunk(record, number) for number in sorted(numbers)]
            catalogue.put_document(record, given_chunks, vectors={})
            model[name] = (record.state, ids(given_chunks))
        if follow:
            revision = catch_up(catalogue, index, revision)
    catch_up(catalogue, index, revision)
    active = {key for state, keys in model.values() if state is State.ACTIVE for key in keys}
    assert set(index) == active == ids(catalogue.all_chunks())


def catch_up(catalogue: SqlCatalogue, index: dict[str, Chunk], revision: int) -> int:
    for key, _ in catalogue.removed_since(revision):
        index.pop(key, None)
    index.update((one.id, one) for one in catalogue.all_chunks(since=revision))
    return catalogue.revision()


def test_given_labels_are_kept_replaced_and_forgotten(catalogue: SqlCatalogue) -> None:
    rows = {f"/共有/{number}.txt": GivenLabels(file="ラベル.csv", cells={"level": "2"}) for number in range(600)}
    catalogue.put_given_labels(rows)
    assert catalogue.given_labels() == rows
    newer = GivenLabels(file="新しい.csv", cells={"level": "3A", "audience": "人事課;給与課"})
    catalogue.put_given_labels({**dict.fromkeys(rows), "/共有/1.txt": newer})
    assert catalogue.given_labels() == {"/共有/1.txt": newer}


def test_what_is_known_of_a_failure_is_kept(catalogue: SqlCatalogue) -> None:
    tried = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
    record = document(reason="読めません", attempts=2, tried_at=tried, may_pass=True)
    catalogue.put_document(record, [], vectors={})
    assert catalogue.document(record.id) == record


@pytest.mark.parametrize("version", database.CATALOGUE.versions[:-1])
def test_a_catalogue_of_an_earlier_version_is_upgraded_and_keeps_what_it_holds(
    home: Path, url: str, version: str
) -> None:
    store = database.open_store(home, url, replace(database.CATALOGUE, versions=(version,)))
    with store.writer.begin() as connection:
        connection.execute(text("INSERT INTO sources VALUES ('/共有/総務部')"))
    store.engine.dispose()
    opened = open_catalogue(home, url)
    assert opened.sources() == ["/共有/総務部"]
    assert opened.given_labels() == {}
    opened.close()


def test_the_migrations_make_the_tables_of_the_code(home: Path, url: str) -> None:
    engine = database.open_store(home, url, database.CATALOGUE).engine
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    engine.dispose()


def test_the_known_versions_are_the_migrations() -> None:
    script = ScriptDirectory(str(Path(database.__file__).parent / "migrations"))
    assert [version.revision for version in reversed(list(script.walk_revisions()))] == list(
        database.CATALOGUE.versions
    )


def test_processes_that_make_one_catalogue_at_the_same_time_all_succeed(home: Path, url: str) -> None:
    program = (
        "import sys; from pathlib import Path; from rag.adapters.catalogue import open_catalogue;"
        "opened = open_catalogue(Path(sys.argv[1]), sys.argv[2]); opened.put_source(sys.argv[3])"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", program, str(home), url, name], stderr=subprocess.PIPE, text=True)
        for name in ("甲", "乙", "丙")
    ]
    assert [process.communicate()[1] for process in started] == ["", "", ""]
    catalogue = open_catalogue(home, url)
    assert catalogue.sources() == ["丙", "乙", "甲"]
    catalogue.close()


def test_a_catalogue_of_a_newer_version_is_refused_unchanged(home: Path, url: str) -> None:
    engine = database.open_store(home, url, database.CATALOGUE).engine
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'v9999'"))
    engine.dispose()
    with pytest.raises(StorageError, match="新しい版のこたえが作った台帳です（版 v9999）"):
        open_catalogue(home, url)


def test_a_database_that_is_gone_is_said_in_one_line(catalogue: SqlCatalogue, home: Path, url: str) -> None:
    catalogue.close()
    engine = database.open_store(home, url, database.CATALOGUE).engine
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE facts"))
    engine.dispose()
    with pytest.raises(StorageError, match=r"台帳の操作に失敗しました|応答がありません") as caught:
        catalogue.facts()
    assert "\n" not in str(caught.value)


def test_a_home_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "ファイル").write_text("これはフォルダーではない", encoding="utf-8")
    with pytest.raises(HomeError, match=r"ホームのフォルダーを作れません.*--home"):
        open_catalogue(tmp_path / "ファイル" / "home")


@contextmanager
def without_the_rights_of_root() -> Iterator[None]:
    """Permissions bind this process too, as they bind the product's users."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.parametrize(("folder_mode", "file_mode"), [(0o555, 0o444), (0o555, 0o644), (0o755, 0o444)])
def test_a_read_only_home_is_named(folder_mode: int, file_mode: int) -> None:
    with TemporaryDirectory(prefix="kotae-home-") as name:  # pytest's own folders are closed to everybody else
        home = Path(name)
        open_catalogue(home).close()
        (home / database.CATALOGUE.file).chmod(file_mode)
        home.chmod(folder_mode)
        with without_the_rights_of_root(), pytest.raises(HomeError, match="台帳を開けないか、書き込めません"):
            open_catalogue(home).put_source("/共有/総務部")
        home.chmod(0o755)


def test_a_broken_file_is_named(home: Path) -> None:
    home.mkdir()
    (home / database.CATALOGUE.file).write_bytes("これはデータベースではありません。".encode() * 100)
    with pytest.raises(StorageError, match="台帳が壊れています"):
        open_catalogue(home)


def test_a_second_writer_of_the_file_is_told_to_wait(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_WAIT_SECONDS", 0.05)
    first, second = open_catalogue(home), open_catalogue(home)
    with first.batch():
        first.put_fact("版", "1")
        with pytest.raises(BusyError, match="ほかの処理が台帳に書き込み中です"):
            second.put_fact("版", "2")
    assert second.facts() == {"版": "1"}
    first.close()
    second.close()


def test_a_postgresql_that_does_not_answer_is_named_without_its_password(home: Path, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="データベースにつながらないか") as caught:
        open_catalogue(home, f"postgresql+psycopg://kotae:himitsu@/kotae?host={tmp_path}")
    assert "himitsu" not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("wrong", ["これはURLではない", "mysql://localhost/kotae"])
def test_an_address_that_cannot_be_used_names_the_setting(home: Path, wrong: str) -> None:
    with pytest.raises(StorageError, match=r"設定 storage\.catalogue_url"):
        open_catalogue(home, wrong)
