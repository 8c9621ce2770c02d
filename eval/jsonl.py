"""Files of one JSON object a line, read with an error that names the line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rag.errors import CasesError


def read_rows(path: Path, *, remedy: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield where an object stands ('cases.jsonl: 3行目') and the object, blank lines left out; raises CasesError.

    `remedy` is the Japanese sentence that says what to do when there is no such file.
    """
    for line, text in enumerate(read_text(path, remedy=remedy).split("\n"), start=1):
        if not text.strip():
            continue
        place = f"{path}: {line}行目"
        try:
            row = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise CasesError(f"{place}をJSONとして読めません。1行に1件のJSONにしてください。") from error
        if not isinstance(row, dict):
            raise CasesError(f'{place}が {{"名前": 値}} の形ではありません。1行に1件のJSONにしてください。')
        yield place, row


def read_text(path: Path, *, remedy: str) -> str:
    """Return the text of a UTF-8 file without its byte order mark; raises CasesError ending in `remedy`."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CasesError(f"{path}: 読めません。{remedy}") from error
