"""What was paid for is kept: vectors are stored part by part, and only what is missing is sent."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.embed import embed_chunks
from rag.adapters.catalogue import SqlCatalogue, open_catalogue
from rag.adapters.embeddings import RemoteEmbeddings
from rag.domain import Audience, Chunk
from rag.errors import ModelBusyError, ModelSetupError
from rag.settings import EmbeddingSettings
from tests.builders import chunk
from tests.scripted import Fault, Script

CHUNKS = [chunk(f"第{number}条の規定による。", ordinal=number) for number in range(10)]


@pytest.fixture
def catalogue(home: Path) -> Iterator[SqlCatalogue]:
    opened = open_catalogue(home)
    yield opened
    opened.close()


def embedder(script: Script, **changes: object) -> RemoteEmbeddings:
    settings = {"provider": "openai", "base_url": f"{script.url}/v1", "dimension": 8, "batch_size": 3, "attempts": 1}
    return RemoteEmbeddings(EmbeddingSettings.model_validate(settings | changes), environment={"OPENAI_API_KEY": "k"})


def is_open(audience: Audience) -> bool:
    return audience.level == "1"


def embed(catalogue: SqlCatalogue, script: Script, chunks: list[Chunk] = CHUNKS, **changes: object) -> int:
    return embed_chunks(chunks, catalogue=catalogue, embedder=embedder(script, **changes), may_embed=is_open)


@pytest.mark.parametrize(
    ("fault", "error"), [(Fault.RATE_LIMIT, ModelBusyError), (Fault.INSUFFICIENT_QUOTA, ModelSetupError)]
)
def test_a_run_that_fails_in_the_middle_sends_only_the_rest_again(
    catalogue: SqlCatalogue, script: Script, fault: Fault, error: type[Exception]
) -> None:
    script.says("")
    script.says("")
    script.fails(fault)
    with pytest.raises(error):
        embed(catalogue, script)
    script.forget()
    assert embed(catalogue, script) == 4
    assert script.embedded() == [[each.search_text for each in CHUNKS[6:9]], [CHUNKS[9].search_text]]
    script.forget()
    assert embed(catalogue, script) == 0
    assert script.requests == []


def test_a_run_that_is_interrupted_keeps_every_part_that_came_back(
    catalogue: SqlCatalogue, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = SqlCatalogue.store_vectors

    def interrupt(self: SqlCatalogue, *given: object, **named: object) -> None:
        store(self, *given, **named)  # type: ignore[arg-type]
        if len(script.embedded()) == 2:
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(SqlCatalogue, "store_vectors", interrupt)
        with pytest.raises(KeyboardInterrupt):
            embed(catalogue, script)
    assert embed(catalogue, script) == 4


def test_another_model_or_dimension_is_asked_anew(catalogue: SqlCatalogue, script: Script) -> None:
    embed(catalogue, script)
    assert embed(catalogue, script, dimension=4) == 10
    assert embed(catalogue, script) == 0


def test_what_may_not_leave_is_not_sent_until_it_may(catalogue: SqlCatalogue, script: Script) -> None:
    kept = chunk("秘密の規定による。", level="3A")
    assert embed(catalogue, script, [kept]) == 0
    assert script.requests == []
    (vector,) = catalogue.cached_vectors([kept.text_hash], model=embedder(script).name).values()
    assert not vector.any()
    assert embed(catalogue, script, [chunk("秘密の規定による。")]) == 1
