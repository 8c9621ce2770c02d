"""What was read is put in at one stroke: the older text until then, the newer one from then on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.batch import Batch
from ingest.failing import RESTRICTED
from rag.domain import State
from rag.errors import StorageError
from rag.settings import Settings
from tests.ingest.conftest import Office

SETTINGS = Settings.model_validate({"ingest": {"refresh_documents": 3, "refresh_seconds": 3600}})


def put(office: Office, version: str, *, count: int = 7) -> None:
    for number in range(count):
        office.put(f"{number}.txt", f"第{number}号の通知、{version}です。")


def texts(office: Office) -> list[str]:
    return sorted(chunk.text for chunk in office.catalogue.all_chunks())


def sizes(office: Office, **ways: object) -> list[int]:
    """How many documents were new each time that the word index was brought up."""
    seen: list[int] = []

    def refresh() -> None:
        seen.append(sum("新" in text for text in texts(office)))

    office.sync(refresh=refresh, **ways)
    return [now - before for before, now in zip([0, *seen], seen, strict=False)]


def test_documents_are_put_in_together_and_the_rest_at_the_end(office: Office) -> None:
    office.settings = SETTINGS
    put(office, "旧")
    office.sync()
    put(office, "新")
    assert sizes(office) == [3, 3, 1]


def test_a_document_does_not_wait_for_ever_for_others(office: Office) -> None:
    seconds = iter([0.0, 1.0, 2.0, 29.0, 30.0, 31.0])
    refreshed: list[bool] = []
    batch = Batch(
        catalogue=office.catalogue,
        refresh=lambda: refreshed.append(True),
        documents=100,
        seconds=30,
        clock=lambda: next(seconds),
    )
    put(office, "旧", count=3)
    office.sync()
    first, *others = office.catalogue.documents()
    for record in (first, *others):
        batch.add(record, office.catalogue.chunks_of(record.id))
    assert refreshed == []
    batch.add(first, office.catalogue.chunks_of(first.id))
    assert refreshed == [True]


def test_an_index_that_cannot_be_written_leaves_the_catalogue_as_it_was(office: Office) -> None:
    def refuse() -> None:
        raise StorageError("words: 語の索引を書けませんでした。空き容量を確かめて、もう一度実行してください。")

    office.settings = SETTINGS
    put(office, "旧")
    office.sync()
    before, revision = texts(office), office.catalogue.revision()
    put(office, "新")
    with pytest.raises(StorageError, match="空き容量"):
        office.sync(refresh=refuse)
    assert (texts(office), office.catalogue.revision()) == (before, revision)


def test_what_was_read_before_an_error_is_put_in(office: Office) -> None:
    put(office, "旧", count=2)

    def interrupt(done: int, _every: int, _name: str) -> None:
        if done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        office.sync(tell=interrupt)
    assert office.records() == [("文書", "0.txt")]


def restricted(office: Office, tell: Callable[[int, int, str], None]) -> None:
    """Two documents that are searched, then labels that keep the second one to fewer people."""
    office.label("0.txt,,,1,,,,,", "1.txt,,,1,,,,,")
    put(office, "旧", count=2)
    office.sync()
    office.label("0.txt,,旅費課,1,,,,,", "1.txt,,,3A,,,,,")
    office.sync(tell=tell)


def test_a_label_that_restricts_acts_before_any_file_is_read(office: Office) -> None:
    searched: list[list[str]] = []
    restricted(office, lambda _done, _every, _name: searched.append(texts(office)))
    assert searched[0] == ["第0号の通知、旧です。"]
    assert office.record("1.txt").audience.level == "3A"
    assert len(texts(office)) == 2


def test_a_document_that_was_hidden_in_a_killed_run_comes_back_with_the_next(office: Office) -> None:
    def kill(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restricted(office, kill)
    hidden = office.record("1.txt")
    assert (hidden.state, hidden.reason, hidden.audience.level) == (State.QUARANTINED, RESTRICTED, "3A")
    office.label("0.txt,,,1,,,,,", "1.txt,,,1,,,,,")
    assert office.sync().changed == ["1.txt"]
    assert (office.record("1.txt").audience.level, len(texts(office))) == ("1", 2)


def test_of_a_thousand_documents_only_what_changed_is_read_and_embedded(tmp_path: Path) -> None:
    office = Office(tmp_path)
    for number in range(1000):
        office.put(f"{number % 10}/{number}.txt", f"第{number}号の通知です。")
    assert office.sync().embedded == 1000
    changed = sorted(f"{number % 10}/{number}.txt" for number in range(0, 1000, 100))
    for path in changed:
        office.put(path, f"{path}の改正通知です。")
    report = office.sync()
    assert (sorted(report.changed), len(report.unchanged)) == (changed, 990)
    assert (report.embedded, sorted(office.read)) == (10, changed)
    office.catalogue.close()
