"""The file that a reader is given, with the limits it must keep."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from rag.errors import DocumentBusyError, DocumentError

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much one file may cost."""

    file_bytes: int = 200 * MEGABYTE
    unpacked_bytes: int = 1024 * MEGABYTE
    """Sum of the declared sizes inside a package."""
    part_bytes: int = 64 * MEGABYTE
    """A part or stream larger than this must not be packed tighter than `ratio`."""
    ratio: int = 100
    parts: int = 20_000
    """Files inside a package."""
    cells: int = 5_000_000
    """Cells of one sheet."""
    table_seconds: float = 20.0
    """Time for finding ruled tables in one PDF; what is left over is read as lines. 0: none are looked for, nor missed."""
    convert_seconds: float = 50.0
    """Time for LibreOffice to convert one old file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file, what people call it, and its limits."""

    path: Path
    name: str
    """Path inside its source folder: what error messages and the document say."""
    limits: Limits = field(default_factory=Limits)
    started: float = field(default_factory=monotonic)

    def check_size(self) -> None:
        """Raise DocumentError unless this is a file of a size that may be read."""
        try:
            size = self.path.stat().st_size
        except OSError as error:
            reason = error.strerror or str(error)
            raise self.busy_error(
                f"ファイルを開けません（{reason}）。ファイルの場所と読み取りの許可を確かめてください。"
            ) from error
        if not self.path.is_file():
            raise self.error("ファイルではありません。ファイルを指定してください。")
        if size == 0:
            raise self.error("空のファイルです。中身のあるファイルに差し替えてください。")
        if size > self.limits.file_bytes:
            most = self.limits.file_bytes // MEGABYTE
            raise self.error(
                f"大きすぎます（{size // MEGABYTE}MB、上限は{most}MB）。分けるか、設定の ingest.file_mb を大きくしてください。"
            )

    def read_bytes(self) -> bytes:
        """Return the whole file; raises DocumentError where the system refuses."""
        try:
            return self.path.read_bytes()
        except OSError as error:
            reason = error.strerror or str(error)
            raise self.busy_error(
                f"ファイルを開けません（{reason}）。ファイルの場所と読み取りの許可を確かめてください。"
            ) from error

    def error(self, finding_and_remedy: str) -> DocumentError:
        """Make the one-line error whose subject is this file."""
        return DocumentError(f"{self.name}: {finding_and_remedy}")

    def busy_error(self, finding_and_remedy: str) -> DocumentBusyError:
        """Make such an error for a failure that may pass."""
        return DocumentBusyError(f"{self.name}: {finding_and_remedy}")

    @property
    def stem(self) -> str:
        """Return the file's own name without folder and suffix."""
        last = self.name.replace("\\", "/").rsplit("/", 1)[-1]
        return last.rsplit(".", 1)[0] or last
