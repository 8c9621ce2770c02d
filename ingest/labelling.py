"""What is known of each file: labels given by hand, now or earlier, before labels.csv, before the rule of its folder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from ingest.failing import audience_of, is_narrower
from ingest.folders import FolderRules
from ingest.labels import Row, file_name, label_key, read_rows, row_labels, successor_starts, with_end
from ingest.listing import Listing, SourceFile
from rag.domain import Audience, GivenLabels, Labels

DIFFERS = (
    "以前に --label（{file}）で渡したラベルを使っていて、labels.csv とは違います。"
    "labels.csv に合わせるには、path だけを書いた行を --label で渡してください。"
)
GAVE_WAY = (
    "名前を変える前に --label（{file}）で渡したラベルは、いまの場所の labels.csv かフォルダの決まりより緩いので、忘れました。"
    "いまの場所のラベルが効きます。"
)
NOBODY = "audience の「{group}」に入っている人は、利用者名簿（directory.csv）にいません。名前を確かめてください。"


@dataclass(slots=True, kw_only=True)
class LabelBook:
    """Labels by `label_key`; those given by hand win as whole rows, those of labels.csv follow.

    What neither states, the rule of the folder states. An empty audience is filled too: nobody opens a folder by silence.
    `supersedes` is the key of a file in here, and a path inside the source in what `labels_of` returns.
    """

    rules: FolderRules
    known_groups: frozenset[str] | None = None
    """The groups that somebody is in; None: there is no directory file."""
    found: Mapping[str, Labels]
    """From labels.csv."""
    given: dict[str, Labels] = field(default_factory=dict)
    """From a --label file, of this run or remembered."""
    memory: dict[str, GivenLabels] = field(default_factory=dict)
    """The rows behind `given`."""
    fresh: set[str] = field(default_factory=set)
    """What was given in this very run."""
    changes: dict[str, GivenLabels | None] = field(default_factory=dict)
    """What the catalogue must remember, or forget, after this run."""
    gave_way: dict[str, GivenLabels] = field(default_factory=dict)
    """Rows given by hand that a move has ended, under the new names of their files."""
    _ends: dict[str, date] | None = None
    """Key of a superseded text → the day on which its successor starts; None: to be found anew."""

    def labels_of(self, file: SourceFile) -> Labels:
        """Return what the office says of a file."""
        key = label_key(file.full)
        labels = _filled(self._stated(key), self.rules.labels_of(file))
        if self._ends is None:
            self._ends = successor_starts([*({**self.found, **self.given}).values()])
        if key in self._ends:
            labels = with_end(labels, self._ends[key])
        if labels.supersedes:
            labels = replace(labels, supersedes=labels.supersedes.removeprefix(f"{label_key(file.source)}/"))
        return labels

    def has_row(self, file: SourceFile) -> bool:
        """Tell whether a labels file speaks of this very file."""
        return label_key(file.full) in self.given or label_key(file.full) in self.found

    def warnings_of(self, file: SourceFile, labels: Labels) -> list[str]:
        """Return what a person should know of the labels of a file."""
        key, warnings = label_key(file.full), []
        if key in self.given and key not in self.fresh and self.found.get(key, self.given[key]) != self.given[key]:
            warnings.append(DIFFERS.format(file=self.memory[key].file))
        if key in self.gave_way:
            warnings.append(GAVE_WAY.format(file=self.gave_way[key].file))
        if self.known_groups is not None:
            unknown = sorted((labels.groups or frozenset()) - self.known_groups)
            warnings += [NOBODY.format(group=group) for group in unknown]
        return warnings

    def move(self, old: Path, new: SourceFile) -> None:
        """Let what was given for a file follow it to its new name, and what it supersedes with it.

        Not to a place for which labels.csv or the rule of its folder states fewer readers: there it was never given.
        """
        was, now = label_key(old), label_key(new.full)
        for key, row in list(self.memory.items()):
            if row.cells.get("supersedes") == was:
                self._remember(key, replace(row, cells={**row.cells, "supersedes": now}))
                self.given[key] = replace(self.given[key], supersedes=now)
        if was in self.memory and now not in self.memory:
            row = self.memory.pop(was)
            labels = self.given.pop(was)
            self.changes[was] = None
            if self._is_wider(labels, _filled(self.found.get(now, Labels()), self.rules.labels_of(new))):
                self.gave_way[now] = row
            else:
                # The scheme of the older place may call it otherwise.
                level = labels.level or row.cells["level"]
                self._remember(now, replace(row, cells={**row.cells, "path": now, "level": level}))
                self.given[now] = labels
        self._ends = None

    def _is_wider(self, given: Labels, found: Labels) -> bool:
        """Tell whether a row lets more people read than what is stated for its place."""
        if given.level is None or (found.level is None and not found.groups):
            return False
        old, levels = audience_of(given), self.rules.levels.order
        new = Audience(level=found.level or old.level, groups=found.groups or frozenset())
        return is_narrower(new, old, levels) and not is_narrower(old, new, levels)

    def _stated(self, key: str) -> Labels:
        return self.given.get(key) or self.found.get(key) or Labels()

    def _remember(self, key: str, row: GivenLabels) -> None:
        self.memory[key] = self.changes[key] = row


def open_book(
    listing: Listing,
    *,
    extra: Path | None,
    memory: Mapping[str, GivenLabels],
    rules: FolderRules,
    known_groups: frozenset[str] | None = None,
) -> LabelBook:
    """Read the labels files of a run, each relative to its folder; raises LabelsError.

    `extra` (the --label file) is relative to each folder that was given. Its rows replace remembered ones; a row with
    nothing but a path forgets one. A group outside of `known_groups` is doubted; None: none is.
    """
    rules = replace(rules, sources=listing.sources)

    def names(key: str) -> Mapping[str, str]:
        """Return what may be written for the level of a file of this key."""
        source = max(_around(key, listing.sources), key=lambda each: len(each.parts), default=Path("/"))
        return rules.level_names(SourceFile(source=source, path=key.removeprefix(label_key(source)).lstrip("/")))

    found: dict[str, Labels] = {}
    for file in listing.label_files:
        for key, row in _absolute(read_rows(file), [file.parent]).items():
            found[key] = row_labels(row, levels=names(key))
    book = LabelBook(found=found, rules=rules, known_groups=known_groups)
    given = _absolute(read_rows(extra), listing.folders) if extra is not None else {}
    for key, kept in memory.items():
        if key not in given and _around(key, listing.sources):
            book.memory[key] = kept
            place = f"{key} のラベル（以前に --label {kept.file} で渡したもの）"
            book.given[key] = row_labels(Row(place=place, cells=kept.cells), levels=names(key))
    for key, row in given.items():
        labels = row_labels(row, levels=names(key))
        if row.is_bare:
            book.changes[key] = None
            continue
        book.memory[key] = book.changes[key] = GivenLabels(file=extra.name if extra else "", cells=row.cells)
        book.given[key] = labels
        book.fresh.add(key)
    return book


def _around(key: str, sources: Iterable[Path]) -> list[Path]:
    """Return the sources in which a file of this key lies."""
    return [source for source in sources if key.startswith(f"{label_key(source)}/")]


def _filled(labels: Labels, rule: Labels) -> Labels:
    """Return labels with what they leave open as the rule says it."""
    return replace(
        labels,
        department=labels.department or rule.department,
        level=labels.level or rule.level,
        groups=labels.groups or rule.groups or labels.groups,
    )


def _absolute(rows: Mapping[str, Row], folders: Iterable[Path]) -> dict[str, Row]:
    """Return key → row, its paths absolute, as seen from each of these folders."""
    placed: dict[str, Row] = {}
    for folder in folders:
        for name, row in rows.items():
            key = label_key(folder / name)
            supersedes = row.cells["supersedes"] and label_key(folder / file_name(row.cells["supersedes"]))
            placed[key] = replace(row, cells={**row.cells, "path": key, "supersedes": supersedes})
    return placed
