"""Time, memory and disk of an ingest by size, on made rules; a second run, and one after a change of 1 %."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.made_rules import make_rule
from tests.bench.process_tree import Watched, watch

ROOT = Path(__file__).resolve().parents[2]
SIZES = (1_000, 3_000, 10_000, 30_000, 100_000)
ARTICLES = 40
CHANGED_SHARE = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Took:
    """What one run took."""

    seconds: float
    """From the start of the program to its end."""
    cpu_seconds: float
    """Processor time of the program and of the children that read for it."""
    ingest_seconds: float
    """What the run itself says: listing, comparing, reading, embedding and storing, without the indexes."""
    peak_mb: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Grown:
    """One size."""

    documents: int
    chunks: int
    first: Took
    again: Took
    """Nothing had changed."""
    changed: Took
    """1 % of the documents had."""
    megabytes: Mapping[str, float]
    """On disk after the first run: documents, catalogue, words, vectors."""

    def summary(self) -> str:
        """Return the figures for people."""
        disk = "、".join(f"{name} {size:g}MB" for name, size in self.megabytes.items())
        rate = self.chunks / self.first.seconds
        runs = "、".join(
            f"{name} {took.seconds:.1f}秒（最大 {took.peak_mb}MB）"
            for name, took in (("はじめ", self.first), ("変更なし", self.again), ("1%変更", self.changed))
        )
        return f"文書 {self.documents}件、検索単位 {self.chunks}件: {runs}、毎秒 {rate:.0f}件、ディスク: {disk}"


def grow(size: int, models: Path) -> Grown:
    """Ingest made rules of about `size` chunks in a temporary home; raises RuntimeError when a run fails."""
    with tempfile.TemporaryDirectory(prefix="kotae-scale-") as folder:
        place, home = Path(folder) / "documents", Path(folder) / "home"
        shutil.copytree(models, home / "models")
        documents = max(1, round(size / ARTICLES))
        for number in range(documents):
            write(place, number, version=1)
        first, report = run(home, place)
        disk = {"文書": megabytes(place)} | disk_of(home)
        again, _ = run(home, place)
        for number in range(max(1, round(documents * CHANGED_SHARE))):
            write(place, number * round(1 / CHANGED_SHARE) % documents, version=2)
        changed, _ = run(home, place)
    return Grown(
        documents=report["documents"],
        chunks=report["chunks"],
        first=first,
        again=again,
        changed=changed,
        megabytes=disk,
    )


def write(place: Path, number: int, *, version: int) -> None:
    """Write one document."""
    file = place / f"{number // 100:03}" / f"規程{number:05}.txt"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(make_rule(f"{number}-{version}", articles=ARTICLES), encoding="utf-8")


def run(home: Path, place: Path) -> tuple[Took, dict[str, Any]]:
    """Run `kotae ingest`, watched; return what it took and its report."""
    command = [sys.executable, "-m", "ui.cli", "--home", str(home), "--json", "ingest", str(place)]
    ended: Watched = watch(command, cwd=ROOT)
    if ended.status:
        raise RuntimeError(f"kotae ingest: {ended.status} {ended.err[-500:]}")
    report: dict[str, Any] = json.loads(ended.out)
    print(f"  {len(report['added'])}＋{len(report['changed'])}件: {ended.seconds:.1f}秒", file=sys.stderr, flush=True)
    took = Took(
        seconds=round(ended.seconds, 1),
        cpu_seconds=round(ended.cpu_seconds, 1),
        ingest_seconds=round(report["seconds"], 1),
        peak_mb=ended.peak_mb,
    )
    return took, report


def disk_of(home: Path) -> dict[str, float]:
    """Return the megabytes that a home takes on disk: catalogue, words, vectors."""
    return {
        "台帳": megabytes(home / "catalogue.sqlite3"),
        "語の索引": megabytes(home / "words"),
        "ベクトルの索引": megabytes(home / "vectors"),
    }


def megabytes(place: Path) -> float:
    """Return what a file, or all below a folder, takes on disk."""
    files = [file for file in place.rglob("*") if file.is_file()] if place.is_dir() else [place]
    return round(sum(file.stat().st_blocks * 512 for file in files) / 1e6, 1)
