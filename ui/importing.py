"""A notice that a person hands over: read in a child process, like any file that somebody else wrote."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePath

from ingest.readers.sandbox import read_in_child
from rag.assembly.item import Notice
from rag.drafting.notice import read_notice
from rag.japanese.times import times
from rag.settings import IngestSettings

SUFFIXES = ("xlsx", "csv", "docx", "txt")
MEGABYTES = 20
"""A notice is text: what is larger is another file. Streamlit says the number, so ui/words/server.py has it too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """A notice as it was handed over and read."""

    name: str
    """Of its file."""
    content: bytes
    notice: Notice


def read_imported(name: str, content: bytes, settings: IngestSettings) -> Imported:
    """Return the items of a notice; raises DocumentError and NoticeError."""
    with tempfile.TemporaryDirectory(prefix="kotae-notice-") as folder:
        file = Path(folder) / f"notice{PurePath(name).suffix.lower()}"
        file.write_bytes(content)
        return Imported(
            name=name, content=content, notice=read_notice(read_in_child(file, name=name, settings=settings))
        )


def probable_day(notice: Notice, today: date) -> date:
    """Return the day that a person is offered: that of the notice, else the first of the sitting's month, never one that is over."""
    if notice.day is not None:
        return max(today, notice.day)
    starts = [each.period.start for each in times(f"{notice.sitting} {notice.title}", today) if each.period.start]
    return max([today, *starts[:1]])
