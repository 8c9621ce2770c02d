"""Write Word and Excel files: fit texts, the same bytes for the same content, never half a file."""

from __future__ import annotations

import io
import re
import zipfile
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from rag.errors import StorageError

_UNFIT = re.compile(
    # XML has no way to write these; …
    "[\x00-\x08\x0e-\x1f\ud800-\udfff\ufffe\uffff"
    # … these are not seen, or turn the direction of the text that follows.
    "\x7f-\x84\x86-\x9f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ufeff]+"
)
_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)
"""The first moment that a zip file can name."""


def fit(text: str) -> str:
    r"""Leave out what an Office file cannot hold; every line break becomes '\n'."""
    return _UNFIT.sub("", _BREAKS.sub("\n", text))


def freeze(package: bytes, made_at: datetime) -> bytes:
    """Rewrite an Office file so that nothing in it but its content and `made_at` decides its bytes."""
    at = max(made_at.astimezone(UTC), _EARLIEST)
    stamp = at.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    frozen = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as source, zipfile.ZipFile(frozen, "w") as target:
        for name in _ordered(source.namelist()):
            content = source.read(name)
            member = zipfile.ZipInfo(name, (at.year, at.month, at.day, at.hour, at.minute, at.second))
            member.compress_type, member.create_system = zipfile.ZIP_DEFLATED, 0
            target.writestr(member, _STAMP.sub(rb"\g<1>" + stamp, content) if name == "docProps/core.xml" else content)
    return frozen.getvalue()


def put(data: bytes, path: Path) -> None:
    """Write a file whole or not at all; raise StorageError naming it."""
    beside = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(data)
        beside.replace(path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        raise StorageError(
            f"{path}: 書き込めません（{error.strerror or error}）。WordやExcelで開いていれば閉じ、フォルダの権限と空き容量を確かめて、もう一度実行してください。"
        ) from error


def _ordered(names: list[str]) -> list[str]:
    """Put the list of contents first, where readers look for it, and each name once."""
    return sorted(dict.fromkeys(names), key=lambda name: (name != "[Content_Types].xml", not name.startswith("_rels/")))
