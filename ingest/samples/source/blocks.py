"""Hold what every sample document is made of, and the one moment that all built files carry."""

import re
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

FROZEN = datetime(2026, 4, 1, tzinfo=UTC)
"""The one moment that every built file carries, so that a rebuild makes no difference."""

RUBY = re.compile(r"｜([^《]+)《([^》]+)》")
"""A word with its reading, written ｜漢字《かんじ》."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """Name a part of the document; level 1 is the title."""

    level: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Hold one paragraph; ruby is written ｜漢字《かんじ》."""

    text: str
    indent: int = 0
    """Full-width characters before every line."""
    align: Literal["left", "center", "right"] = "left"
    role: str = "hon"
    """Class name in HTML; it changes nothing in the other formats."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Hold a table of text; the first row is the head."""

    rows: tuple[tuple[str, ...], ...]


Block = Heading | Paragraph | Table


def without_ruby(text: str) -> str:
    """Keep the base text of ｜漢字《かんじ》 and drop the reading."""
    return RUBY.sub(r"\1", text)


def freeze_zip(path: Path) -> None:
    """Rewrite an Office file with one fixed time for every member and in the core properties."""
    stamp = FROZEN.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(path) as source:
        members = [(name, source.read(name)) for name in source.namelist()]
    with zipfile.ZipFile(path, "w") as target:
        for name, content in members:
            is_core = name == "docProps/core.xml"
            kept = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, content) if is_core else content
            member = zipfile.ZipInfo(name, (FROZEN.year, FROZEN.month, FROZEN.day, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(member, kept)
