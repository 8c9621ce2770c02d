"""What the measurements share."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.wiring import open_home


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that holds nothing but the word vectors, which all tests use; a run may be kept in it."""
    home = tmp_path_factory.mktemp("models")
    opened = open_home(home)
    for store in (opened.catalogue, opened.journal):
        store.close()  # type: ignore[attr-defined]
    return home
