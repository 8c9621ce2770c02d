"""Folder rules of the settings: labels for files of which labels.csv says nothing, and the level scheme of a folder."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ingest.listing import SourceFile
from rag.domain import Labels
from rag.settings import FolderSettings, LabelSettings, LevelSettings

_WILD = {"*": "[^/]*", "?": "[^/]"}


@dataclass(frozen=True, kw_only=True)
class FolderRules:
    """The rules in their order: of those that fit a file, the last one that states a value counts."""

    labels: LabelSettings
    levels: LevelSettings
    sources: frozenset[Path] = frozenset()
    """Every source: a file also has a path inside those around its own, where a rule may be about it."""

    def labels_of(self, file: SourceFile) -> Labels:
        """Return what the folder of a file says of it."""
        department, level, groups = "", "", frozenset[str]()
        for rule in self._fitting(file):
            department = rule.department or department
            level = self.levels.names(rule.scheme).get(rule.level, level)
            groups = frozenset(rule.audience) or groups
        return Labels(
            department=department or None,
            level=level or None,
            groups=groups if groups or level else None,
        )

    def scheme_of(self, file: SourceFile) -> str:
        """Return the scheme in which the levels of a file are written; empty: that of `levels.order`."""
        schemes = [rule.scheme for rule in self._fitting(file) if rule.scheme]
        return schemes[-1] if schemes else ""

    def level_names(self, file: SourceFile) -> Mapping[str, str]:
        """Return what may be written for the level of a file, with the level that it means."""
        return self.levels.names(self.scheme_of(file))

    def _fitting(self, file: SourceFile) -> Iterator[FolderSettings]:
        places = list(self._places(file))
        for rule, pattern in self._patterns:
            if any(
                pattern.fullmatch(path) and (not rule.source or _is_named(source, rule.source))
                for source, path in places
            ):
                yield rule

    def _places(self, file: SourceFile) -> Iterator[tuple[Path, str]]:
        """Yield each source around a file with the path of the file inside it."""
        yield file.source, _composed(file.path)
        full = _composed(file.full.as_posix())
        for source in self.sources - {file.source}:
            start = _composed(source.as_posix()).rstrip("/") + "/"
            if full.startswith(start):
                yield source, full.removeprefix(start)

    @cached_property
    def _patterns(self) -> list[tuple[FolderSettings, re.Pattern[str]]]:
        return [(rule, _pattern(rule.path)) for rule in self.labels.folders]


def _is_named(source: Path, name: str) -> bool:
    given = _composed(name).rstrip("/")
    return given in {_composed(str(source)), _composed(source.name)}


def _pattern(text: str) -> re.Pattern[str]:
    """Return the pattern of a path: '*' and '?' stay inside a name, '**' spans folders."""
    parts = [part for part in _composed(text.replace("\\", "/")).split("/") if part not in {"", "."}]
    body = ""
    for number, part in enumerate(parts):
        is_last = number == len(parts) - 1
        if part == "**":
            body += ".*" if is_last else "(?:.*/)?"
        else:
            body += "".join(_WILD.get(each, re.escape(each)) for each in part) + ("" if is_last else "/")
    return re.compile(body, re.DOTALL)


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)
