"""An embedder by the name under which its vectors are kept: only where the settings still lead to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.adapters.embedders import open_named
from rag.errors import ModelSetupError
from rag.settings import EmbeddingSettings

OPENAI = EmbeddingSettings(provider="openai", model="new", dimension=8)


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    monkeypatch.setenv("AZURE_OPENAI_API_KEY", "sk-test")


@pytest.mark.parametrize("name", ["openai:old:16", "openai:nomic-embed-text:latest:768"])
def test_another_model_of_the_same_provider_is_opened(name: str, tmp_path: Path) -> None:
    found = open_named(name, tmp_path, OPENAI)
    assert (found.name, found.dimension) == (name, int(name.rpartition(":")[2]))


@pytest.mark.parametrize("name", ["azure:old:16", "openai:old:viele", "openai::8", ":old:8", "elsewhere:old:8"])
def test_what_the_settings_do_not_lead_to_is_not_opened(name: str, tmp_path: Path) -> None:
    with pytest.raises(ModelSetupError, match="いまの設定では使えません"):
        open_named(name, tmp_path, OPENAI)


def test_a_provider_that_was_turned_off_is_not_opened_although_its_key_is_still_there(tmp_path: Path) -> None:
    with pytest.raises(ModelSetupError):
        open_named("openai:old:8", tmp_path, EmbeddingSettings())


def test_without_its_key_a_model_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    with pytest.raises(ModelSetupError, match="OPENAI_API_KEY"):
        open_named("openai:old:8", tmp_path, OPENAI)
