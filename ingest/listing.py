"""Which files a run is about: the paths that were given, as files inside sources."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from ingest.labels import FILE_NAME as LABELS_FILE
from rag.errors import DocumentBusyError, DocumentError

IGNORED_NAMES = frozenset({LABELS_FILE, "settings.toml", "directory.csv", "Thumbs.db", "desktop.ini"})
IGNORED_STARTS = (".", "~$")
HOME_MARK = "catalogue.sqlite3"
"""A folder with this file in it is a home of Kotae: what it keeps are no documents."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """A file and its place inside its source."""

    source: Path
    path: str
    """Path inside the source, with '/'."""

    @property
    def full(self) -> Path:
        """Return where the file lies."""
        return self.source / self.path


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The files of a run and the folders that were listed whole."""

    files: tuple[SourceFile, ...]
    scopes: tuple[tuple[str, str], ...]
    """(source, path inside it, '' for all): what vanished from here was removed by its owner."""
    given: frozenset[tuple[str, str]]
    """(source, path) of the files that were named themselves: a withdrawn one comes back."""
    sources: frozenset[Path]
    """Every source: those known before and those of this run."""
    folders: tuple[Path, ...]
    """The folders that were given, or that hold the files that were given."""
    label_files: tuple[Path, ...]
    """The labels files that count here, a folder's before those of the folders inside it."""
    closed: dict[SourceFile, str]
    """What could not be listed, with the reason: nothing below it is known to have vanished."""


def list_files(paths: Sequence[Path], *, known_sources: Sequence[str]) -> Listing:
    """Return every file below these paths; raises DocumentError for a path that is not there.

    A file belongs to the innermost source around it: a folder that was given before, else the outermost one given now (a
    single file stands for its folder). So its place does not depend on the path by which it was reached.
    """
    found = [_found(path) for path in paths]
    folders = tuple(dict.fromkeys(path if path.is_dir() else path.parent for path in found))
    walk = _Walk(sources=_sources(folders, known_sources))
    for path in found:
        walk.visit(path)
        if walk.place(path) in walk.closed:
            raise DocumentError(walk.closed[walk.place(path)])
    whole = [path for path in found if path.is_dir()]
    whole += [source for source in walk.sources if any(source.is_relative_to(path) for path in whole)]
    return Listing(
        files=tuple(sorted(walk.files, key=lambda file: (str(file.source), file.path))),
        scopes=tuple(dict.fromkeys(_scope(walk.place(path)) for path in whole)),
        given=frozenset((str(at.source), at.path) for at in (walk.place(path) for path in found if path.is_file())),
        sources=walk.sources,
        folders=folders,
        label_files=tuple(_label_files(walk.folders.union(folders), walk.sources)),
        closed=walk.closed,
    )


@dataclass(slots=True, kw_only=True)
class _Walk:
    """A walk over what was given."""

    sources: frozenset[Path]
    files: set[SourceFile] = field(default_factory=set)
    folders: set[Path] = field(default_factory=set)
    closed: dict[SourceFile, str] = field(default_factory=dict)

    def place(self, path: Path) -> SourceFile:
        source = max((each for each in self.sources if path.is_relative_to(each)), key=lambda each: len(each.parts))
        return SourceFile(source=source, path=path.relative_to(source).as_posix())

    def visit(self, path: Path) -> None:
        if path.is_dir():
            self._enter(path)
        elif path.name not in IGNORED_NAMES:  # `ingest 例規/*` names labels.csv too
            self.files.add(self.place(path))

    def _enter(self, folder: Path) -> None:
        try:
            entries = [(entry, entry.is_symlink(), entry.is_dir()) for entry in sorted(folder.iterdir())]
        except OSError as error:
            at = self.place(folder)
            name = folder if at.path == "." else at.path
            self.closed[at] = f"{name}: フォルダを開けません（{error.strerror}）。読み取りの権限を確かめてください。"
            return
        self.folders.add(folder)
        for entry, is_link, is_folder in entries:
            if entry.name in IGNORED_NAMES or entry.name.startswith(IGNORED_STARTS):
                continue
            if not _is_text(entry.name):
                name = os.fsencode(entry.name).decode("cp932", errors="replace")
                at = self.place(folder / name)
                self.closed[at] = f"{at.path}: 名前の文字コードがUTF-8ではありません。UTF-8の名前に変えてください。"
            elif is_link:
                self._note_link(entry)
            elif is_folder and not _is_home(entry):
                self._enter(entry)
            elif entry.is_file():
                self.files.add(self.place(entry))

    def _note_link(self, link: Path) -> None:
        """Name a link that leads elsewhere: following it would take in what nobody gave."""
        target = Path(os.path.realpath(link))
        if not any(target.is_relative_to(source) for source in self.sources):
            at = self.place(link)
            self.closed[at] = f"{at.path}: ほかの場所へのリンクです。リンク先を指定して取り込んでください。"


def _found(path: Path) -> Path:
    """Return the one absolute path of what was given; raises DocumentError."""
    shown = os.fsencode(path).decode(errors="replace")
    if not _is_text(str(path)):
        raise DocumentError(f"{shown}: 名前の文字コードがUTF-8ではありません。UTF-8の名前に変えてください。")
    try:
        return path.resolve(strict=True)
    except FileNotFoundError as error:
        raise DocumentError(f"{shown}: ファイルもフォルダもありません。場所を確かめてください。") from error
    except (OSError, RuntimeError) as error:  # RuntimeError: a link that leads to itself
        reason = getattr(error, "strerror", None) or "リンクが輪になっています"
        raise DocumentError(f"{shown}: 開けません（{reason}）。場所と権限を確かめてください。") from error


def _sources(folders: Iterable[Path], known_sources: Sequence[str]) -> frozenset[Path]:
    sources = {Path(source) for source in known_sources}
    for folder in sorted(folders, key=lambda each: len(each.parts)):
        if not any(folder.is_relative_to(source) for source in sources):
            sources.add(folder)
    return frozenset(sources)


def _scope(at: SourceFile) -> tuple[str, str]:
    return str(at.source), "" if at.path == "." else f"{at.path}/"


def _label_files(folders: Iterable[Path], sources: frozenset[Path]) -> Iterator[Path]:
    """Yield the labels files of these folders and of those around them, up to the outermost source."""
    around = {
        each
        for folder in folders
        for each in (folder, *folder.parents)
        if any(each.is_relative_to(source) for source in sources)
    }
    for folder in sorted(around, key=lambda each: (len(each.parts), each)):
        if (folder / LABELS_FILE).is_file():
            yield folder / LABELS_FILE


def _is_text(name: str) -> bool:
    """Tell whether a name of the file system is UTF-8."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def file_hash(path: Path) -> str:
    """Return sha256 (hex) of a file's bytes; raises DocumentBusyError."""
    digest = sha256()
    try:
        with path.open("rb") as stream:
            while piece := stream.read(1 << 20):
                digest.update(piece)
    except OSError as error:
        raise DocumentBusyError(
            f"{path.name}: 読めません（{error.strerror}）。読み取りの権限を確かめてください。"
        ) from error
    return digest.hexdigest()


def document_id(path: str) -> str:
    """Return the id of a document, the same in every home: a hash of its path inside its source."""
    return sha256(unicodedata.normalize("NFC", path).encode()).hexdigest()[:16]


def _is_home(folder: Path) -> bool:
    """Tell whether a folder is a home of Kotae; one that cannot be looked into is listed, which says so."""
    try:
        return (folder / HOME_MARK).exists()
    except OSError:
        return False
