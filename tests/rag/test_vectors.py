"""The vector index: what it finds, who may see it, and that it goes on answering while a generation is built."""

from __future__ import annotations

import json
import logging
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.adapters import generation_build
from rag.adapters import seal as seal_module
from rag.adapters import shelf as shelf_module
from rag.adapters.catalogue import SqlCatalogue, open_catalogue
from rag.adapters.coded import Coded
from rag.adapters.generations import Generation, Pointer
from rag.adapters.nearest import Rows
from rag.adapters.seal import is_intact, seal
from rag.adapters.shelf import Shelf
from rag.adapters.vectors import POINTER, ChromaVectors
from rag.domain import Audience, Chunk, DocumentRecord, Kind, Period, RemarkFilter, Scope
from rag.errors import HomeError, StorageError
from rag.ports import Matrix, VectorIndex
from rag.wiring import open_home

DIMENSION = 24
MODEL = "試験用 24次元"
TODAY = date(2026, 11, 1)
ALWAYS = Period()
STAFF = Audience(level="2")
SECRET = Audience(level="3A", groups=frozenset({"秘書課"}))


@dataclass
class House:
    """A home with a catalogue whose chunks have the vectors that the test gives."""

    home: Path
    catalogue: SqlCatalogue
    model: str = MODEL
    known: dict[str, Matrix] = field(default_factory=dict)
    audiences: dict[str, Audience] = field(default_factory=dict)

    def index(self, *, delta_share: float = 0.2, model: str = MODEL) -> ChromaVectors:
        return ChromaVectors(
            self.catalogue, model, dimension=DIMENSION, directory=self.home / "vectors", delta_share=delta_share
        )

    def put(
        self,
        name: str,
        matrix: Matrix,
        *,
        audience: Audience = STAFF,
        kind: Kind = Kind.RULES,
        period: Period | Sequence[Period] = ALWAYS,
        posts: Sequence[str] = (),
    ) -> list[str]:
        """Store a document with one chunk a row of `matrix` and return their ids."""
        record = DocumentRecord(
            id=f"doc-{name}", source="/共有", path=f"{name}.docx", content_hash="h", title=name, kind=kind
        )
        periods = [period] * len(matrix) if isinstance(period, Period) else period
        chunks = [
            Chunk(
                id=f"{name}-{number}",
                document_id=record.id,
                ordinal=number,
                locator=f"第{number + 1}条",
                header=name,
                text=f"{name}の第{number + 1}条の規定による。",
                kind=kind,
                audience=audience,
                period=periods[number],
                labels={"post": posts[number % len(posts)], "date": "2025-09-17"} if posts else {},
            )
            for number in range(len(matrix))
        ]
        given_vectors = dict(zip((one.id for one in chunks), matrix, strict=True))
        self.catalogue.put_document(record, chunks, vectors=given_vectors, model=self.model)
        self.known = {key: value for key, value in self.known.items() if not key.startswith(f"{name}-")}
        self.known |= given_vectors
        self.audiences |= dict.fromkeys(given_vectors, audience)
        return list(given_vectors)

    def nearest(self, question: Matrix, *audiences: Audience, limit: int = 10) -> dict[str, float]:
        """Compare the question with everything that was put, one by one."""
        scores = {
            key: float(value @ question / np.linalg.norm(value) / np.linalg.norm(question))
            for key, value in self.known.items()
            if self.audiences[key] in audiences and value.any()
        }
        return dict(sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:limit])

    def generations(self) -> list[str]:
        return sorted(place.name for place in (self.home / "vectors").iterdir())

    def pointer(self) -> Pointer:
        return Pointer.of_json(self.catalogue.facts()[POINTER])


@pytest.fixture(params=["graph", "exact"])
def house(home: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """A home whose audiences are searched by graphs, or are so small that every chunk is compared."""
    if request.param == "graph":
        monkeypatch.setattr(shelf_module, "EXACT_BELOW", 0)
    catalogue = open_catalogue(home)
    yield House(home, catalogue)
    catalogue.close()


def matrix(rows: int, seed: int = 0) -> Matrix:
    return np.random.default_rng(seed).standard_normal((rows, DIMENSION)).astype(np.float32)


def ask(index: VectorIndex, question: Matrix, *audiences: Audience, **asked: Any) -> dict[str, float]:
    limit = asked.pop("limit", 10)
    scope = Scope(**({"as_of": TODAY} | asked))
    return index.search(question.tolist(), audiences or [STAFF], scope=scope, limit=limit)


def same(found: Mapping[str, float], expected: Mapping[str, float]) -> bool:
    return list(found) == list(expected) and found == pytest.approx(expected, abs=1e-4)


def test_it_finds_what_comparing_with_every_chunk_finds(house: House) -> None:
    house.put("旅費条例", matrix(300))
    index = house.index()
    index.update(revision=house.catalogue.revision())
    for question in matrix(20, seed=1):
        assert same(ask(index, question), house.nearest(question, STAFF))
    assert house.pointer().counts == {STAFF.key: 300}


def test_it_answers_before_any_generation_was_built(house: House) -> None:
    house.put("旅費条例", matrix(40))
    question = matrix(1, seed=1)[0]
    assert same(ask(house.index(), question), house.nearest(question, STAFF))


def test_an_empty_catalogue_finds_nothing(house: House) -> None:
    index = house.index()
    assert ask(index, matrix(1)[0]) == {}
    index.update(revision=0)
    assert ask(index, matrix(1)[0]) == {}


def test_an_audience_that_is_not_asked_for_is_not_touched(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.put("旅費条例", matrix(30))
    house.put("秘書事務の手引", matrix(30, seed=2), audience=SECRET)
    index = house.index()
    index.update(revision=house.catalogue.revision())
    house.put("秘書事務の通知", matrix(3, seed=3), audience=SECRET)
    house.put("旅費の通知", matrix(3, seed=4))
    touched: list[Audience] = []
    search = Generation.search

    def watched(self: Generation, vector: Matrix, audience: Audience, **options: Any) -> dict[str, float]:
        touched.append(audience)
        return search(self, vector, audience, **options)

    monkeypatch.setattr(Generation, "search", watched)
    question = matrix(1, seed=5)[0]
    assert same(ask(index, question, STAFF, limit=50), house.nearest(question, STAFF, limit=50))
    assert set(touched) == {STAFF}
    assert same(ask(index, question, SECRET, limit=50), house.nearest(question, SECRET, limit=50))
    assert same(ask(index, question, STAFF, SECRET), house.nearest(question, STAFF, SECRET))
    assert ask(index, question, Audience(level="1")) == {}
    assert index.search(question.tolist(), [], scope=Scope(as_of=TODAY), limit=10) == {}


TEXTS = st.lists(st.sampled_from(["", "知事", "副知事", "教育長", "令和7年9月定例会"]), max_size=12)


@given(st.lists(TEXTS, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_a_coded_column_says_of_each_row_what_its_text_says(parts: list[list[str]], chance: random.Random) -> None:
    texts = [text for part in parts for text in part]
    keep = [chance.random() < 0.5 for _ in texts]
    joined = Coded.joined([Coded.of(part) for part in parts])
    kept = joined.take(np.array(keep, dtype=np.bool_))
    for meets in (bool, "知事".__eq__, lambda text: text.endswith("知事")):
        assert joined.meeting(meets).tolist() == [meets(text) for text in texts]
        assert kept.meeting(meets).tolist() == [
            meets(text) for text, is_kept in zip(texts, keep, strict=True) if is_kept
        ]


DAYS = st.none() | st.dates(date(1890, 1, 1), date(2030, 12, 31)) | st.sampled_from([date.min, date.max])


@given(start=DAYS, end=DAYS, day=st.dates())
def test_a_day_is_judged_as_the_period_judges_it(start: date | None, end: date | None, day: date) -> None:
    period = Period(start=start, end=end)
    chunk = Chunk(id="c", document_id="d", ordinal=0, locator="", header="", text="", kind=Kind.FAQ, period=period)
    assert Rows.of([chunk]).shown(Scope(as_of=day)).tolist() == [period.contains(day)]
    assert Rows.of([chunk]).shown(Scope(as_of=day, kinds=frozenset({Kind.FAQ, Kind.NOTES}))).tolist() == [
        period.contains(day)
    ]
    assert Rows.of([chunk]).shown(Scope(as_of=day, kinds=frozenset({Kind.NOTES}))).tolist() == [False]


@pytest.mark.parametrize("built", [True, False])
@pytest.mark.parametrize("share", [0.02, 0.5])
def test_only_chunks_in_force_on_the_day_are_found(house: House, built: bool, share: float) -> None:
    amended = date(2026, 4, 1)
    old, new = Period(end=amended), Period(start=amended)
    rows = matrix(200)
    few = int(200 * share)
    house.put("旅費条例", rows, period=[old] * few + [new] * (200 - few))
    index = house.index()
    if built:
        index.update(revision=house.catalogue.revision())
    question = matrix(1, seed=1)[0]
    all_near = house.nearest(question, STAFF, limit=200)
    was = {key: score for key, score in all_near.items() if int(key.split("-")[1]) < few}
    is_now = {key: score for key, score in all_near.items() if key not in was}
    assert same(ask(index, question, as_of=date(2026, 3, 31), limit=200), was)
    assert same(ask(index, question, as_of=amended, limit=200), is_now)
    assert same(ask(index, question, as_of=amended, limit=5), dict(list(is_now.items())[:5]))


def test_only_the_kinds_asked_for_are_found(house: House) -> None:
    faq = house.put("よくある質問", matrix(3), kind=Kind.FAQ)
    notes = house.put("議事要旨", matrix(4, seed=1), kind=Kind.NOTES)
    rules = house.put("旅費条例", matrix(120, seed=2))
    index = house.index()
    index.update(revision=house.catalogue.revision())
    question = matrix(1, seed=3)[0]
    assert set(ask(index, question, kinds=frozenset({Kind.FAQ}))) == set(faq)
    assert set(ask(index, question, kinds=frozenset({Kind.FAQ, Kind.NOTES}))) == {*faq, *notes}
    assert set(ask(index, question, limit=500)) == {*faq, *notes, *rules}
    assert ask(index, question, kinds=frozenset({Kind.MINUTES})) == {}


GOVERNOR = (RemarkFilter(post="知事"),)


def test_the_remarks_asked_for_are_found_whole_in_generation_and_delta(house: House) -> None:
    rules = house.put("旅費条例", matrix(400, seed=2))
    minutes = house.put(
        "会議録", matrix(200, seed=3), kind=Kind.MINUTES, posts=["知事", "副知事", "教育長", "財政課長"]
    )
    question = matrix(1, seed=4)[0]
    index = house.index(delta_share=1.0)
    governor = set(minutes[::4])
    nearest = [key for key in house.nearest(question, STAFF, limit=600) if key in governor]
    for _ in range(2):  # from the catalogue alone, then from a generation
        assert list(ask(index, question, remarks=GOVERNOR, limit=20)) == nearest[:20]
        assert set(ask(index, question, remarks=GOVERNOR, limit=600)) == governor
        assert ask(index, question, remarks=(RemarkFilter(post="議長"),)) == {}
        index.update(revision=house.catalogue.revision())
    later = house.put("後の会議録", matrix(8, seed=5), kind=Kind.MINUTES, posts=["知事", "教育長"])
    house.catalogue.remove_document("doc-会議録")
    assert set(ask(index, question, remarks=GOVERNOR, limit=600)) == set(later[::2])
    assert len(ask(index, question, limit=600)) == len(rules) + len(later)


def test_a_change_is_found_at_once_without_a_new_generation(house: House) -> None:
    house.put("旅費条例", matrix(100))
    house.put("文書管理規程", matrix(100, seed=1))
    index = house.index()
    index.update(revision=house.catalogue.revision())
    before = house.generations()
    house.put("新しい通知", matrix(5, seed=2))
    house.put("文書管理規程", matrix(100, seed=1)[:96])
    question = house.known["新しい通知-3"]
    assert same(ask(index, question, limit=300), house.nearest(question, STAFF, limit=300))
    assert next(iter(ask(index, question))) == "新しい通知-3"
    index.update(revision=house.catalogue.revision())
    assert house.generations() == before
    house.put("新しい通知", matrix(4, seed=2))
    house.put("さらに新しい通知", matrix(3, seed=3))
    assert same(ask(index, question, limit=300), house.nearest(question, STAFF, limit=300))


def test_a_chunk_that_was_replaced_is_found_with_its_new_vector_only(house: House) -> None:
    house.put("旅費条例", matrix(60))
    index = house.index(delta_share=1.0)
    index.update(revision=house.catalogue.revision())
    record = house.catalogue.document("doc-旅費条例")
    kept = house.catalogue.chunks_of(record.id)
    new = Chunk(
        id=kept[0].id,
        document_id=record.id,
        ordinal=0,
        locator="第1条",
        header="改めた見出し",
        text=kept[0].text,
        kind=Kind.RULES,
        audience=STAFF,
    )
    vector = -house.known[new.id]
    house.catalogue.put_document(record, [new, *kept[1:]], vectors={new.id: vector}, model=MODEL)
    assert ask(index, vector)[new.id] == pytest.approx(1.0, abs=1e-4)
    assert new.id not in ask(index, -vector)


def test_a_new_generation_is_built_when_the_changes_pass_the_share(house: House) -> None:
    house.put("旅費条例", matrix(100))
    index = house.index(delta_share=0.1)
    index.update(revision=house.catalogue.revision())
    first = house.pointer()
    house.put("通知", matrix(10, seed=1))
    index.update(revision=house.catalogue.revision())
    assert house.pointer() == first
    house.put("通知", matrix(20, seed=1))
    index.update(revision=house.catalogue.revision())
    second = house.pointer()
    assert second.counts == {STAFF.key: 120}
    assert (second.previous, second.revision) == (first.id, 3)
    house.put("通知2", matrix(50, seed=2))
    index.update(revision=house.catalogue.revision())
    assert house.generations() == sorted([second.id, house.pointer().id])
    question = matrix(1, seed=3)[0]
    assert same(ask(index, question), house.nearest(question, STAFF))


def test_what_a_run_left_that_was_killed_after_the_switch_is_cleared_away_without_a_build(house: House) -> None:
    house.put("旅費条例", matrix(10))
    house.index().update(revision=house.catalogue.revision())
    (house.home / "vectors/g00000000-deadbeef").mkdir()
    house.index().update(revision=house.catalogue.revision())
    assert house.generations() == [house.pointer().id]


def test_an_update_without_a_change_builds_nothing(house: House) -> None:
    house.put("旅費条例", matrix(10))
    index = house.index()
    for _ in range(2):
        index.update(revision=house.catalogue.revision())
    assert len(house.generations()) == 1


def test_a_revision_that_the_catalogue_has_not_reached_is_refused(house: House) -> None:
    house.put("旅費条例", matrix(10))
    with pytest.raises(StorageError, match="変更1までで、変更9はありません"):
        house.index().update(revision=9)


def test_another_embedder_rebuilds(house: House) -> None:
    house.put("旅費条例", matrix(20))
    house.index().update(revision=house.catalogue.revision())
    other = house.index(model="別の埋め込み")
    with pytest.raises(StorageError, match=r"20件のチャンクのベクトルが台帳にありません.*kotae ingest"):
        ask(other, matrix(1)[0])
    with pytest.raises(StorageError, match="20件のチャンクのベクトルが台帳にありません"):
        other.update(revision=house.catalogue.revision())
    house.model = "別の埋め込み"
    house.put("旅費条例", matrix(20, seed=9))
    question = matrix(1, seed=1)[0]
    assert same(ask(other, question), house.nearest(question, STAFF))
    other.update(revision=house.catalogue.revision())
    assert house.pointer().embedder == "別の埋め込み"
    assert same(ask(other, question), house.nearest(question, STAFF))


def test_vectors_that_came_after_their_chunks_are_taken_in_by_the_next_update(house: House) -> None:
    house.put("旅費条例", matrix(20))
    index = house.index(delta_share=1.0)
    index.update(revision=house.catalogue.revision())
    house.model = "まだ使わない埋め込み"
    house.put("通知", matrix(2, seed=1))
    house.model = MODEL
    assert "通知-0" not in ask(index, matrix(2, seed=1)[0], limit=50)
    with pytest.raises(StorageError, match="2件のチャンクのベクトルが台帳にありません"):
        index.update(revision=house.catalogue.revision())
    house.put("通知", matrix(2, seed=1))
    index.update(revision=house.catalogue.revision())
    assert "通知-0" in ask(index, matrix(2, seed=1)[0], limit=50)


def test_a_text_without_a_known_word_is_counted_and_never_found(house: House) -> None:
    rows = matrix(20)
    rows[3] = 0
    house.put("旅費条例", rows)
    index = house.index(delta_share=1.0)
    index.update(revision=house.catalogue.revision())
    assert house.pointer().without_vector == 1
    assert house.pointer().counts == {STAFF.key: 19}
    house.put("空の通知", np.zeros((2, DIMENSION), dtype=np.float32))
    assert set(ask(index, matrix(1, seed=1)[0], limit=50)) == {f"旅費条例-{n}" for n in range(20) if n != 3}
    assert ask(index, np.zeros(DIMENSION, dtype=np.float32)) == {}


def test_a_vector_of_another_length_is_refused(house: House) -> None:
    house.put("旅費条例", matrix(3))
    with pytest.raises(StorageError, match="質問のベクトルは3次元で、索引の24次元と合いません"):
        ask(house.index(), matrix(1)[0][:3])
    house.put("旅費条例", matrix(3)[:, :5])
    house.put("通知", matrix(3)[:, :5])
    with pytest.raises(StorageError, match="台帳のベクトルは5次元で、設定の24次元と合いません"):
        house.index().update(revision=house.catalogue.revision())


def test_a_build_that_fails_leaves_the_old_generation_serving(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.put("旅費条例", matrix(50))
    index = house.index()
    index.update(revision=house.catalogue.revision())
    serving = house.generations()
    house.put("通知", matrix(50, seed=1))
    question = matrix(1, seed=2)[0]
    with monkeypatch.context() as patch:
        patch.setattr(Generation, "open", lambda *_: (_ for _ in ()).throw(StorageError("検査に通りません")))
        with pytest.raises(StorageError, match="検査に通りません"):
            index.update(revision=house.catalogue.revision())
    assert house.generations() == serving == [house.pointer().id]
    assert same(ask(index, question), house.nearest(question, STAFF))
    index.update(revision=house.catalogue.revision())
    assert house.pointer().counts == {STAFF.key: 100}


KILLED = f"""
from rag.adapters import shelf
shelf.EXACT_BELOW = 0
import os, signal, sys
from pathlib import Path
from rag.adapters import generation_build
from rag.adapters.catalogue import open_catalogue
from rag.adapters.vectors import ChromaVectors
home = Path(sys.argv[1])
generation_build.seal = lambda place: os.kill(os.getpid(), signal.SIGKILL)
catalogue = open_catalogue(home)
index = ChromaVectors(catalogue, {MODEL!r}, dimension={DIMENSION}, directory=home / "vectors", delta_share=0.2)
index.update(revision=catalogue.revision())
"""


def test_a_killed_build_leaves_the_old_generation_and_is_cleared_away(house: House) -> None:
    house.put("旅費条例", matrix(50))
    house.index().update(revision=house.catalogue.revision())
    serving = house.pointer().id
    house.put("通知", matrix(50, seed=1))
    killed = subprocess.run([sys.executable, "-c", KILLED, str(house.home)], check=False)
    assert killed.returncode == -9
    assert len(house.generations()) == 2
    assert house.pointer().id == serving
    index = house.index()
    question = matrix(1, seed=2)[0]
    assert same(ask(index, question), house.nearest(question, STAFF))
    index.update(revision=house.catalogue.revision())
    assert house.generations() == sorted([serving, house.pointer().id])
    assert house.pointer().counts == {STAFF.key: 100}


def damage_nothing_left(place: Path) -> None:
    shutil.rmtree(place)


def damage_database(place: Path) -> None:
    (place / "chroma.sqlite3").write_bytes("壊れたファイル".encode() * 500)


def damage_graph_with_zeros(place: Path) -> None:
    links = next(place.glob("*/data_level0.bin"))
    links.write_bytes(bytes(links.stat().st_size))


def damage_graph_gone(place: Path) -> None:
    shutil.rmtree(next(place.glob("*/")))


def damage_rows(place: Path) -> None:
    next(place.glob("*.npz")).write_bytes(b"")


def damage_vectors(place: Path) -> None:
    file = next(place.glob("*.f4"))
    file.write_bytes(bytes(file.stat().st_size))


def damage_vectors_gone(place: Path) -> None:
    next(place.glob("*.f4")).unlink()


def damage_rows_and_seal_again(place: Path) -> None:
    """Rows that lack what every version's have, sealed as they are."""
    file = next(place.glob("*.npz"))
    with np.load(file) as body:
        fewer = {name: body[name] for name in ("ids", "starts", "ends")}
    np.savez(file, **fewer)  # type: ignore[arg-type]
    seal(place)


@pytest.mark.parametrize(
    "damage",
    [damage_nothing_left, damage_rows, damage_vectors, damage_vectors_gone, damage_rows_and_seal_again],
)
def test_a_damaged_generation_is_replaced_by_exact_search_and_then_rebuilt(
    house: House, damage: Any, caplog: pytest.LogCaptureFixture
) -> None:
    house.put("旅費条例", matrix(80))
    house.index().update(revision=house.catalogue.revision())
    broken = house.pointer().id
    damage(house.home / "vectors" / broken)
    index = house.index()
    question = matrix(1, seed=1)[0]
    with caplog.at_level(logging.WARNING):
        assert same(ask(index, question), house.nearest(question, STAFF))
        assert same(ask(index, question), house.nearest(question, STAFF))
    assert [broken in line for line in caplog.messages] == [True]
    index.update(revision=house.catalogue.revision())
    assert house.pointer().id != broken
    assert same(ask(index, question), house.nearest(question, STAFF))


@pytest.mark.parametrize("house", ["graph"], indirect=True)
@pytest.mark.parametrize("damage", [damage_database, damage_graph_with_zeros, damage_graph_gone])
def test_a_damaged_graph_is_replaced_by_exact_search_and_then_rebuilt(
    house: House, damage: Any, caplog: pytest.LogCaptureFixture
) -> None:
    test_a_damaged_generation_is_replaced_by_exact_search_and_then_rebuilt(house, damage, caplog)


def test_of_large_files_that_nobody_wrote_to_only_a_part_is_read_at_opening(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.put("旅費条例", matrix(2000))
    house.index().update(revision=house.catalogue.revision())
    place = house.home / "vectors" / house.pointer().id
    monkeypatch.setattr(seal_module, "BLOCK", 4096)
    monkeypatch.setattr(seal_module, "CHECKED_BYTES", 4096 * 5)
    seal(place)
    read: list[Path] = []
    read_sum = seal_module._sum
    monkeypatch.setattr(seal_module, "_sum", lambda file, number: read.append(file) or read_sum(file, number))
    assert is_intact(place)
    assert len(read) == 5
    vectors = next(place.glob("*.f4"))
    blocks = sum(-(-file.stat().st_size // 4096) for file in seal_module._files(place))
    os.utime(vectors)  # as a copy or a backup does
    read.clear()
    assert is_intact(place)
    assert len(read) == blocks
    with vectors.open("r+b") as body:  # a single number that is another one
        body.seek(100_000)
        body.write(b"\0\0\x80\x3f")
    assert not is_intact(place)


def test_a_generation_of_another_version_is_as_good_as_none(house: House, caplog: pytest.LogCaptureFixture) -> None:
    house.put("旅費条例", matrix(80))
    index = house.index()
    index.update(revision=house.catalogue.revision())
    older = replace(house.pointer(), format=1)
    house.catalogue.put_fact(POINTER, older.to_json())
    assert index.generation() == ""
    question = matrix(1, seed=1)[0]
    with caplog.at_level(logging.WARNING):
        assert same(ask(index, question), house.nearest(question, STAFF))
    assert "前の版の形式" in caplog.text
    index.update(revision=house.catalogue.revision())
    assert index.generation() == house.pointer().id != older.id


def test_a_home_of_another_version_builds_its_vectors_anew_when_it_is_opened(tmp_path: Path) -> None:
    home = open_home(tmp_path / "ホーム")
    record = DocumentRecord(
        id="d", source="/共有", path="旅費.txt", content_hash="h", title="旅費条例", kind=Kind.RULES
    )
    chunk = Chunk(
        id="c", document_id="d", ordinal=0, locator="第1条", header="旅費条例", text="旅費を支給する。", kind=Kind.RULES
    )
    vector = np.asarray(home.embedder.embed_query(chunk.search_text), dtype=np.float32)
    home.catch_up()
    assert not home.vectors.generation()  # nothing was taken in yet
    home.catalogue.put_document(record, [chunk], vectors={"c": vector}, model=home.embedder.name)
    home.catch_up()
    built = Pointer.of_json(home.catalogue.facts()[POINTER])
    home.catch_up()
    assert home.vectors.generation() == built.id
    home.catalogue.put_fact(POINTER, replace(built, format=1).to_json())
    assert not home.vectors.generation()
    home.catch_up()
    assert home.vectors.generation() not in ("", built.id)


def test_only_many_chunks_have_a_graph(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf_module, "EXACT_BELOW", 50)
    house.put("旅費条例", matrix(60))
    house.put("秘書事務の手引", matrix(50, seed=1), audience=SECRET)
    index = house.index()
    index.update(revision=house.catalogue.revision())
    assert house.pointer().graphs == [STAFF.key]
    question = matrix(1, seed=2)[0]
    assert same(ask(index, question, STAFF, SECRET), house.nearest(question, STAFF, SECRET))


@pytest.mark.parametrize("house", ["graph"], indirect=True)
@pytest.mark.parametrize("rows", [1, 2, 203, 600])
def test_a_graph_is_on_disk_to_the_last_vector(house: House, rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not would be put into the graph again at every opening: 0.4 ms each."""
    monkeypatch.setattr(generation_build, "_PERSIST_EVERY", 100)
    monkeypatch.setattr(generation_build, "_ADD_BATCH", 40)
    house.put("旅費条例", matrix(rows))
    index = house.index()
    index.update(revision=house.catalogue.revision())
    place = house.home / "vectors" / house.pointer().id
    with closing(sqlite3.connect(place / "chroma.sqlite3")) as database:
        [(waiting,)] = database.execute("SELECT count(*) FROM embeddings_queue")
    assert waiting <= 2
    question = matrix(1, seed=2)[0]
    assert same(ask(index, question, STAFF), house.nearest(question, STAFF))


@pytest.mark.parametrize("house", ["graph"], indirect=True)
def test_a_scope_that_shows_few_of_many_asks_no_graph(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf_module, "EXACT_BELOW", 50)
    house.put(
        "旅費条例", matrix(300), period=[Period(start=date(2026, 4, 1))] * 250 + [Period(end=date(2026, 4, 1))] * 50
    )
    index = house.index()
    index.update(revision=house.catalogue.revision())
    asked: list[int] = []
    nearest = Shelf.nearest
    monkeypatch.setattr(Shelf, "nearest", lambda self, *given: asked.append(1) or nearest(self, *given))
    question = matrix(1, seed=2)[0]
    assert len(ask(index, question)) == 10
    assert asked
    asked.clear()
    assert len(ask(index, question, as_of=date(2026, 3, 31))) == 10
    assert not asked


def test_a_generation_that_fails_in_use_is_given_up(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.put("旅費条例", matrix(30))
    index = house.index()
    index.update(revision=house.catalogue.revision())

    def fail(*_: Any, **__: Any) -> dict[str, float]:
        raise StorageError("ベクトルの索引を扱えません")

    monkeypatch.setattr(Generation, "search", fail)
    question = matrix(1, seed=1)[0]
    assert same(ask(index, question), house.nearest(question, STAFF))


def test_an_unreadable_pointer_is_as_good_as_none(house: House) -> None:
    house.put("旅費条例", matrix(30))
    house.catalogue.put_fact(POINTER, '{"id": 1')
    index = house.index()
    question = matrix(1, seed=1)[0]
    assert same(ask(index, question), house.nearest(question, STAFF))
    index.update(revision=house.catalogue.revision())
    assert house.pointer().counts == {STAFF.key: 30}


READER = f"""
from rag.adapters import shelf
shelf.EXACT_BELOW = 0
import json, sys
from datetime import date
from pathlib import Path
from rag.adapters.catalogue import open_catalogue
from rag.adapters.vectors import ChromaVectors
from rag.domain import Audience, Scope
home = Path(sys.argv[1])
index = ChromaVectors(open_catalogue(home), {MODEL!r}, dimension={DIMENSION}, directory=home / "vectors", delta_share=0.2)
for line in sys.stdin:
    question = json.loads(line)
    found = index.search(question, [Audience(level="2")], scope=Scope(as_of=date(2026, 11, 1)), limit=10)
    print(json.dumps(found), flush=True)
"""


class ReaderProcess:
    """A process of its own that searches the home for one question."""

    def __init__(self, home: Path, question: Matrix) -> None:
        self.line = json.dumps(question.tolist()) + "\n"
        self.process = subprocess.Popen(
            [sys.executable, "-c", READER, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def answer(self) -> dict[str, float]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(self.line)
        self.process.stdin.flush()
        found: dict[str, float] = json.loads(self.process.stdout.readline())
        return found


def test_another_process_goes_on_answering_while_generations_come_and_go(house: House) -> None:
    house.put("旅費条例", matrix(200))
    index = house.index(delta_share=0.01)
    index.update(revision=house.catalogue.revision())
    question = matrix(1, seed=1)[0]
    reader = ReaderProcess(house.home, question)
    assert same(reader.answer(), house.nearest(question, STAFF))
    for number in range(3):
        house.put(f"通知{number}", matrix(50, seed=number + 2))
        assert same(reader.answer(), house.nearest(question, STAFF))
        builder = threading.Thread(target=index.update, kwargs={"revision": house.catalogue.revision()})
        builder.start()
        asked = 0
        while builder.is_alive() or not asked:
            assert same(reader.answer(), house.nearest(question, STAFF))
            asked += 1
        assert same(reader.answer(), house.nearest(question, STAFF))
    reader.process.communicate()
    assert reader.process.returncode == 0
    assert house.pointer().counts == {STAFF.key: 350}


def test_threads_of_one_process_search_while_it_builds(house: House) -> None:
    house.put("旅費条例", matrix(200))
    index = house.index(delta_share=0.01)
    index.update(revision=house.catalogue.revision())
    question = matrix(1, seed=1)[0]
    house.put("通知", matrix(20, seed=2))
    expected = house.nearest(question, STAFF)
    done = threading.Event()
    answers: list[dict[str, float]] = []

    def search() -> None:
        answers.append(ask(index, question))
        while not done.is_set():
            answers.append(ask(index, question))

    threads = [threading.Thread(target=search) for _ in range(3)]
    for thread in threads:
        thread.start()
    index.update(revision=house.catalogue.revision())
    done.set()
    for thread in threads:
        thread.join()
    assert len(answers) >= 3
    assert all(same(found, expected) for found in answers)


def test_recall_is_measured_against_exact_search(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    index = house.index()
    assert index.measure_recall(10) == 1.0
    house.put("旅費条例", matrix(300))
    house.put("秘書事務の手引", matrix(5, seed=1), audience=SECRET)
    index.update(revision=house.catalogue.revision())
    assert index.measure_recall(30) == 1.0
    monkeypatch.setattr(Shelf, "nearest", lambda *_: (np.arange(10), np.full(10, -1.0)))
    assert index.measure_recall(30) == 0.0


def test_a_folder_that_cannot_be_made_is_named(house: House) -> None:
    house.put("旅費条例", matrix(3))
    (house.home / "vectors").write_text("", encoding="utf-8")
    with pytest.raises(HomeError, match="ベクトルの索引のフォルダーを作れません"):
        house.index().update(revision=house.catalogue.revision())


def test_a_closed_index_opens_again(house: House) -> None:
    house.put("旅費条例", matrix(30))
    index = house.index()
    index.update(revision=house.catalogue.revision())
    question = matrix(1, seed=1)[0]
    found = ask(index, question)
    index.close()
    assert ask(index, question) == found


CHANGES = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 6), st.sampled_from([STAFF, SECRET]), st.booleans()), max_size=8
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=CHANGES, share=st.sampled_from([0.1, 1.0]))
def test_generation_and_changes_together_are_what_the_catalogue_holds(
    house: House, changes: list[tuple[int, int, Audience, bool]], share: float
) -> None:
    for record in house.catalogue.documents():
        house.catalogue.remove_document(record.id)
    house.known.clear()
    index = house.index(delta_share=share)
    question = matrix(1, seed=99)[0]
    for number, rows, audience, update in changes:
        secret = audience == SECRET
        name = f"通知{number}{'秘' if secret else ''}"
        house.put(name, matrix(rows, seed=number + 10 * secret), audience=audience)
        if update:
            index.update(revision=house.catalogue.revision())
        for asked in ((STAFF,), (SECRET,), (STAFF, SECRET)):
            assert same(ask(index, question, *asked, limit=100), house.nearest(question, *asked, limit=100))
