"""Count tokens without ever downloading a table."""

from __future__ import annotations

import hashlib
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

import tiktoken
from tiktoken.model import encoding_name_for_model

CACHE_VARIABLE = "TIKTOKEN_CACHE_DIR"
DEFAULT_TABLE = "o200k_base"
"""Used for a model name that tiktoken does not know (a deployment name, a model of one's own)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A token table as tiktoken keeps it in its cache folder."""

    file: str
    sha256: str
    per_character: float
    """Tokens that a character of Japanese office text takes at most: what is counted where the table is not at hand."""


TABLES: Mapping[str, Table] = MappingProxyType(
    {
        "o200k_base": Table(
            file="fb374d419588a4632f3f557e76b4b70aebbca790",
            sha256="446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
            per_character=1.0,
        ),
        "cl100k_base": Table(
            file="9b5ad71b2ce5302211f9c61530b329a4922fc6a4",
            sha256="223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
            per_character=1.3,
        ),
    }
)
"""Where tiktoken looks for each table below its cache folder, and the hash it insists on: with another hash it would download."""


def count_tokens(text: str, model: str) -> int:
    """Return the number of tokens of `text`, exact where the table is at hand, else an over-estimate by its length."""
    name = _table_name(model)
    encoding = _encoding(name, os.environ.get(CACHE_VARIABLE, ""))
    if encoding is None:
        return math.ceil(len(text) * TABLES[name].per_character)
    return len(encoding.encode_ordinary(text))


def cut_tokens(text: str, model: str, limit: int) -> str:
    """Return the beginning of `text` that has at most `limit` tokens, as `count_tokens` counts, in whole characters."""
    if count_tokens(text, model) <= limit:
        return text
    name = _table_name(model)
    encoding = _encoding(name, os.environ.get(CACHE_VARIABLE, ""))
    if encoding is None:
        return text[: int(limit / TABLES[name].per_character)]
    beginning = encoding.decode_bytes(encoding.encode_ordinary(text)[:limit])
    return beginning.decode(errors="ignore")  # the last character may have lost some of its bytes


def counting_method(model: str) -> str:
    """Name in Japanese how `count_tokens` counts for this model."""
    name = _table_name(model)
    if _encoding(name, os.environ.get(CACHE_VARIABLE, "")) is None:
        return f"概算（1字を{TABLES[name].per_character:g}トークンと数えます。正確に数えるには、{CACHE_VARIABLE}に{name}の表を置いてください）"
    return f"tiktokenの{name}の表"


def _table_name(model: str) -> str:
    try:
        name = encoding_name_for_model(model)
    except KeyError:
        return DEFAULT_TABLE
    return name if name in TABLES else DEFAULT_TABLE


@lru_cache(maxsize=8)
def _encoding(name: str, folder: str) -> tiktoken.Encoding | None:
    """Return the encoding, or None when its table is not in the folder unharmed."""
    table = TABLES[name]
    path = Path(folder) / table.file
    if not folder or not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != table.sha256:
        return None
    return tiktoken.get_encoding(name)
