"""The folder whose ingest is killed: the sample prefecture and made rules, changed a little before every round."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from random import Random

from tests.bench.made_rules import make_rule

MADE = "規程集"
LABELS = ("1,", "2,", "2,総務課;人事課", "3C,人事課", "3C,財政課;会計課")
HEAD = "path,level,audience,effective_from\n"
FEW, MANY_SHARE = 3, 0.3
"""Documents added, changed, renamed, relabelled and removed in an ordinary round; share changed where the index is built anew."""


class Change(StrEnum):
    """What happens between two rounds."""

    FEW = "few"
    MANY = "many"
    """More than `search.delta_share`: the run builds a generation of the vector index."""
    NEW = "new"
    """The home is gone, save for its word vectors: the run builds all of it."""
    BARE = "bare"
    """The home is gone."""


def change_of(number: int) -> Change:
    """Return what comes before this round, counted from 1."""
    if number % 20 == 11:
        return Change.BARE
    if number % 10 == 1:
        return Change.NEW
    return Change.MANY if number % 4 == 0 else Change.FEW


@dataclass(slots=True, kw_only=True)
class Made:
    """One made rule."""

    seed: str
    """Decides its words; a changed document has another."""
    labels: str
    origin: str
    """The path that it had first: its id is made of it."""
    articles: int


@dataclass(slots=True, kw_only=True)
class Folder:
    """What lies in the folder before a round."""

    made: dict[str, Made] = field(default_factory=dict)
    """Path inside the folder of the made rules → rule."""
    born: int = 0

    def origins(self) -> dict[str, str]:
        """Return path → first path of every made rule, inside the whole folder."""
        return {f"{MADE}/{path}": f"{MADE}/{made.origin}" for path, made in self.made.items()}

    def add(self, random: Random, count: int) -> None:
        """Make new rules."""
        for _ in range(count):
            self.born += 1
            path = f"{random.choice('甲乙丙')}/規程{self.born:05}.txt"
            seed = f"{random.random()}"
            self.made[path] = Made(
                seed=seed, labels=random.choice(LABELS), origin=path, articles=random.randrange(1, 6)
            )

    def change(self, random: Random, count: int) -> None:
        """Add, rewrite, rename, relabel and remove as many rules each; no rule has two of these at once."""
        chosen = random.sample(sorted(self.made), 4 * count)
        rewritten, renamed, relabelled, removed = (chosen[at::4] for at in range(4))
        for path in rewritten:
            self.made[path].seed = f"{random.random()}"
        for path in renamed:
            self.born += 1
            self.made[f"改名/規程{self.born:05}.txt"] = self.made.pop(path)
        for path in relabelled:
            self.made[path].labels = random.choice([each for each in LABELS if each != self.made[path].labels])
        for path in removed:
            del self.made[path]
        self.add(random, count)


def folder_before(number: int, *, seed: int, rules: int) -> Folder:
    """Return the folder of a round: the same for the same seed, however often the job was interrupted."""
    folder = Folder()
    folder.add(Random(f"{seed}"), rules)
    for each in range(2, number + 1):
        random = Random(f"{seed}-{each}")
        many = max(FEW, int(rules * MANY_SHARE / 4))
        folder.change(random, min(rules // 5, many if change_of(each) is Change.MANY else FEW))
        if change_of(each) in {Change.NEW, Change.BARE}:  # a home that begins anew has seen no renames
            for path, made in folder.made.items():
                made.origin = path
    return folder


def lay(folder: Folder, place: Path, *, sample: Path | None) -> None:
    """Bring a place on disk in step with a folder; `sample` is copied in once, None: none."""
    if sample is not None and not (place / sample.name).is_dir():
        shutil.copytree(sample, place / sample.name)
    texts: dict[str, Callable[[], str]] = {
        path: lambda made=made: make_rule(made.seed, articles=made.articles) for path, made in folder.made.items()
    }
    rows = [f"{path},{made.labels},2026-04-01\n" for path, made in sorted(folder.made.items())]
    _write_all(place / MADE, texts | {"labels.csv": lambda: HEAD + "".join(rows)})


def _write_all(place: Path, texts: Mapping[str, Callable[[], str]]) -> None:
    for file in [file for file in place.rglob("*") if file.is_file()] if place.is_dir() else []:
        if file.relative_to(place).as_posix() not in texts:
            file.unlink()
    for path, text in texts.items():
        file, body = place / path, text().encode()
        if not file.is_file() or file.read_bytes() != body:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(body)
