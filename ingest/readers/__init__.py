"""Read a file of any supported format as a Document: a table of readers by suffix, checked against the content.

The signature of the content decides where it contradicts the suffix: a Word file named .pdf is read as Word with a
warning, a program named .pdf is refused. Every failure is a DocumentError, one Japanese line with its remedy.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import cast

from ingest.readers.signature import recognise
from ingest.readers.source import Limits, Source
from ingest.readers.tables import TableTooLargeError
from ingest.readers.tidy import tidy, visible
from rag.domain import Document

__all__ = ["SUFFIXES", "Limits", "read_document"]

_MODULES = {
    ".pdf": "pdf",
    ".docx": "docx",
    ".docm": "docx",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".pptx": "pptx",
    ".csv": "delimited",
    ".tsv": "delimited",
    ".txt": "plain",
    ".text": "plain",
    ".md": "plain",
    ".markdown": "plain",
    ".html": "html",
    ".htm": "html",
    ".xml": "law_xml",
    ".doc": "legacy",
    ".xls": "legacy",
    ".ppt": "legacy",
    ".rtf": "legacy",
    ".odt": "legacy",
    ".ods": "legacy",
    ".odp": "legacy",
    ".jtd": "legacy",
}
"""The module of this package that reads each suffix; loaded when first needed, because the engines are heavy."""

SUFFIXES = frozenset(_MODULES)


def read_document(path: Path, *, name: str, limits: Limits | None = None) -> Document:
    """Read a file that is called `name` inside its source; raises DocumentError."""
    source = Source(path=path, name=name, limits=limits or Limits())
    source.check_size()
    suffix, warning = recognise(source, SUFFIXES)
    try:
        document = reader_of(suffix)(source)
    except TableTooLargeError as error:
        raise source.error(f"表が大きすぎます（{error}）。使っていない行や列を消すか、表を分けてください。") from error
    except RecursionError as error:
        raise source.error("中の入れ子が深すぎます。元のソフトで開いて保存し直してください。") from error
    document = tidy(document)
    if not document.blocks:
        raise source.error(
            "読み取れる文字がありません。スキャンした画像だけのファイルなら、文字認識（OCR）をかけたものにしてください。"
        )
    warnings = (*((warning,) if warning else ()), *document.warnings)
    return replace(document, title=document.title or visible(source.stem), warnings=warnings)


def reader_of(suffix: str) -> Callable[[Source], Document]:
    """Return the reader of a suffix, loading its engine."""
    return cast("Callable[[Source], Document]", import_module(f"ingest.readers.{_MODULES[suffix]}").read)
