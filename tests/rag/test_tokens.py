"""Counting tokens: exact with a table at hand, an over-estimate without, and never a download."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType

import pytest
import tiktoken

from rag import tokens
from rag.tokens import CACHE_VARIABLE, TABLES, Table, count_tokens, counting_method, cut_tokens

TABLE = b"a small table"


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    tokens._encoding.cache_clear()
    yield
    tokens._encoding.cache_clear()


@pytest.fixture
def provided(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a table whose encoding counts bytes."""
    table = Table(file="table", sha256=hashlib.sha256(TABLE).hexdigest(), per_character=1.0)
    monkeypatch.setattr(tokens, "TABLES", MappingProxyType(dict.fromkeys(TABLES, table)))
    (tmp_path / table.file).write_bytes(TABLE)
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path))
    encoding = tiktoken.Encoding(
        name="bytes",
        pat_str=r"(?s:.)",
        mergeable_ranks={bytes([n]): n for n in range(256)},
        special_tokens={"<|end|>": 256},
    )
    monkeypatch.setattr(tiktoken, "get_encoding", lambda _name: encoding)
    return tmp_path


def test_without_a_table_every_character_counts_as_one_token() -> None:
    assert count_tokens("旅費条例", "gpt-4.1-mini") == 4
    assert "概算（1字を1トークン" in counting_method("gpt-4.1-mini")


def test_the_older_table_of_embedding_models_takes_more_tokens_a_character() -> None:
    assert count_tokens("旅費条例" * 100, "text-embedding-3-small") == 520
    assert "1字を1.3トークン" in counting_method("text-embedding-3-small")


@pytest.mark.parametrize("limit", [1, 7, 8, 100])
@pytest.mark.parametrize("text", ["", "旅費条例", "職員の旅費に関する条例" * 20])
@pytest.mark.parametrize("model", ["text-embedding-3-small", "gpt-4.1-mini"])
def test_what_is_cut_fits_and_is_the_beginning(text: str, limit: int, model: str) -> None:
    cut = cut_tokens(text, model, limit)
    assert text.startswith(cut)
    assert count_tokens(cut, model) <= limit
    assert cut == text or count_tokens(text[: len(cut) + 1], model) > limit


@pytest.mark.usefixtures("provided")
def test_a_cut_by_the_table_leaves_no_half_character() -> None:
    assert cut_tokens("旅費条例", "gpt-4.1-mini", 7) == "旅費"
    assert cut_tokens("旅費条例", "gpt-4.1-mini", 12) == "旅費条例"


@pytest.mark.usefixtures("provided")
def test_with_a_table_the_count_is_exact() -> None:
    assert count_tokens("旅費", "gpt-4.1-mini") == 6
    assert counting_method("gpt-4.1-mini") == "tiktokenのo200k_baseの表"


@pytest.mark.usefixtures("provided")
def test_text_that_spells_a_special_token_is_counted_as_text() -> None:
    assert count_tokens("<|end|>", "gpt-4.1-mini") == 7


def test_a_damaged_table_is_not_used_since_tiktoken_would_replace_it_from_outside(provided: Path) -> None:
    (provided / "table").write_bytes(b"damaged")
    assert count_tokens("旅費", "gpt-4.1-mini") == 2
    assert (provided / "table").read_bytes() == b"damaged"


def test_an_empty_folder_means_the_estimate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path))
    assert count_tokens("旅費", "gpt-4.1-mini") == 2


@pytest.mark.usefixtures("provided")
@pytest.mark.parametrize(
    ("model", "table"), [("gpt-4", "cl100k_base"), ("gpt-4o", "o200k_base"), ("庁内モデル", "o200k_base")]
)
def test_each_model_has_its_table_and_an_unknown_one_the_newest(model: str, table: str) -> None:
    assert counting_method(model) == f"tiktokenの{table}の表"


def test_the_file_names_are_those_under_which_tiktoken_looks() -> None:
    source = Path(tiktoken.__file__).parent.parent / "tiktoken_ext" / "openai_public.py"
    code = source.read_text(encoding="utf-8")
    assert all(table.sha256 in code for table in TABLES.values())
    addresses = [word for word in code.split('"') if word.endswith(".tiktoken")]
    names = {hashlib.sha1(address.encode()).hexdigest() for address in addresses}
    assert {table.file for table in TABLES.values()} <= names
