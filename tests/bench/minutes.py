"""How exactly minutes are read: `./x bench minutes --data DIR`; nothing is a bar yet, so exit 0 unless the input is unusable.

The labels (`tests/cases/minutes/`) were written by people who had not seen the code and point at lines of files in DIR,
which is searched by name. The aim: every speaker; substance in .97 of the lines; F1 of the pairs .92, spoken and written;
the answer first for .60 and among the first three for .80 of the questions. With --scale it measures an ingest of many megabytes
instead (tests/bench/minutes_scale.py).
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from eval.metrics import wilson
from ingest.reading import read_many
from ingest.sync import Sync
from rag.domain import SPOKEN_KINDS, Question, Reader
from rag.errors import KotaeError
from rag.japanese.text import narrow
from rag.wiring import open_home
from tests.bench import minutes_scale
from tests.bench.minute_pairs import PairTally, predicted_pairs, score_sampled, score_spoken, span
from tests.bench.minute_places import Minutes, numbers, place, read_minutes

LABELS = Path(__file__).resolve().parents[1] / "cases/minutes"
DAY = date(2026, 11, 26)
"""The day on which the labels were written."""
BEST = 3
Labels = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What was counted over the labels whose files are there."""

    files: int
    lost: int
    """Sections that stand on no line of their file; what they say is counted nowhere."""
    rates: Mapping[str, tuple[int, int]]
    """Name → right ones and how many."""
    pairs: Mapping[str, PairTally]
    wrong_speakers: tuple[str, ...]
    """file:line of each."""


AIMS = {
    "speakers": 1.0,
    "chairs": 1.0,
    "substance": 0.97,
    "success@1": 0.60,
    "success@3": 0.80,
    "spoken": 0.92,
    "written": 0.92,
}
NAMES = {
    "speakers": "議長以外の発言者",
    "chairs": "議長",
    "substance": "実質と進行の区別",
    "success@1": "検索で1位に答弁",
    "success@3": "検索で3位までに答弁",
    "spoken": "質問と答弁の組（口頭）",
    "written": "質問と答弁の組（文書）",
}


def read_labels(folder: Path, name: str) -> list[dict[str, Any]]:
    """Return the labels of one file in its order; none where the folder has no such file."""
    path = folder / f"{name}.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def measure(files: Sequence[Path], labels: Path = LABELS) -> Measured:
    """Measure the labels whose files are given; raises KotaeError."""
    minutes = {path.name: read_minutes(path) for path in files}

    def of(name: str) -> list[dict[str, Any]]:
        return [label for label in read_labels(labels, name) if label["file"] in minutes]

    wrong = [label for label in of("speakers") if not speaks(minutes[label["file"]], label)]
    chairs = [label for label in of("speakers") if label["kind"] == "chair"]
    others = [label for label in of("speakers") if label["kind"] != "chair"]
    substance = [
        is_substance(minutes[label["file"]], label["line"]) == (label["label"] == "substance")
        for label in of("substance")
    ]
    ranks = list(ranks_of(of("gists"), files, minutes))
    return Measured(
        files=len(minutes),
        lost=sum(not placed.lines for each in minutes.values() for placed in each.placed),
        rates={
            "speakers": (sum(label not in wrong for label in others), len(others)),
            "chairs": (sum(label not in wrong for label in chairs), len(chairs)),
            "substance": (sum(substance), len(substance)),
            "success@1": (sum(rank == 1 for rank in ranks), len(ranks)),
            f"success@{BEST}": (sum(0 < rank <= BEST for rank in ranks), len(ranks)),
        },
        pairs=pairs_of(minutes, spoken=[*of("pairs_spoken"), *of("pairs")], written=of("pairs_written")),
        wrong_speakers=tuple(f"{label['file']}:{label['line']}" for label in wrong),
    )


def speaks(minutes: Minutes, label: Mapping[str, Any]) -> bool:
    """Tell whether a speech of the labelled person starts on the labelled line, or below where the name stands alone."""
    placed = minutes.section(label["line"]) or minutes.section(label["line"] + 1)
    if placed is None or placed.lines[0] not in (label["line"], label["line"] + 1):
        return False
    found = placed.section.labels
    if not plain(found.get("speaker", "")).startswith(plain(label["name"])):  # minutes may print the surname alone
        return False
    if label["kind"] != "member":
        return plain(found.get("post", "")) == plain(label["post"])
    seat = found.get("seat", "")
    return found.get("role") == "member" and seat in ("", str(label["seat"]))


def plain(text: str) -> str:
    """Return a name without width and white space."""
    return "".join(narrow(text).split())


def is_substance(minutes: Minutes, line: int) -> bool:
    """Tell whether the product takes a line for more than the running of the meeting; one that it left out is not."""
    placed = minutes.section(line)
    return placed is not None and placed.section.labels.get("procedure") != "yes"


def pairs_of(minutes: Mapping[str, Minutes], *, spoken: Labels, written: Labels) -> dict[str, PairTally]:
    """Count the pairs: the sittings of `spoken` are labelled as a whole, of those of `written` only a sample."""
    tallies = {"spoken": PairTally(), "written": PairTally()}
    for file, labels in by_file(spoken).items():
        score_spoken(tallies["spoken"], file, predicted_pairs(minutes[file].structure, minutes[file].lines), labels)
    for file, labels in by_file(written).items():
        score_sampled(tallies["written"], predicted_pairs(minutes[file].structure, minutes[file].lines), labels)
    return tallies


def by_file(labels: Labels) -> dict[str, list[Mapping[str, Any]]]:
    """Group labels."""
    grouped: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for label in labels:
        grouped[label["file"]].append(label)
    return grouped


def ranks_of(labels: Labels, files: Sequence[Path], minutes: Mapping[str, Minutes]) -> Iterator[int]:
    """Yield for each question the rank of the first hit that holds a line of its answer; 0: none of the first three.

    As `kotae search --kind minutes --kind notes` with default settings searches a home of these files and nothing else.
    """
    with tempfile.TemporaryDirectory(prefix="kotae-bench-") as folder:
        home = open_home(Path(folder))
        sync = Sync(
            catalogue=home.catalogue,
            embedder=home.embedder,
            may_embed=home.may_embed,
            settings=home.settings,
            read_many=lambda named: read_many(named, settings=home.settings.ingest),
        )
        with home.writing("bench"):
            sync.run(files)
            home.refresh_indexes()
        stands: dict[str, tuple[str, tuple[int, ...]]] = {}
        for record in home.catalogue.documents():
            chunks = home.catalogue.chunks_of(record.id)
            by_words = place([chunk.text for chunk in chunks], minutes[record.path].lines)
            places = [
                found or tuple(numbers(chunk.labels.get("lines", "")))
                for chunk, found in zip(chunks, by_words, strict=True)
            ]
            stands |= {chunk.id: (record.path, lines) for chunk, lines in zip(chunks, places, strict=True)}
        reader = Reader(user="bench", name="bench", reads_all=True)
        for label in labels:
            question = Question(text=label["question"], as_of=DAY, reader=reader, kinds=SPOKEN_KINDS)
            hits = [stands[hit.chunk.id] for hit in home.retriever.search(question, limit=BEST).hits]
            right = (
                rank for rank, (file, lines) in enumerate(hits, 1) if file == label["file"] and answers(lines, label)
            )
            yield next(right, 0)


def answers(lines: Iterable[int], label: Mapping[str, Any]) -> bool:
    """Tell whether one of the lines belongs to the labelled answer or to another one that says the same."""
    wanted = {line for ends in (label["answer"], *label.get("also", ())) for line in span(ends)}
    return not wanted.isdisjoint(lines)


def value(measured: Measured) -> dict[str, Any]:
    """Return the figures for JSON."""
    found: dict[str, Any] = {"files": measured.files, "lost": measured.lost}
    for name, (right, n) in measured.rates.items():
        interval = [round(end, 4) for end in wilson(right, n)]
        found[name] = {"n": n, "right": right, "rate": round(right / n, 4) if n else None, "interval": interval}
    found["pairs"] = {name: tally.value() for name, tally in measured.pairs.items()}
    return found | {"wrong_speakers": measured.wrong_speakers}


def table(measured: Measured) -> Iterator[str]:
    """Write the figures for a person."""
    yield f"会議録 {measured.files}件、本文での位置が分からなかった節 {measured.lost}件"
    for name, right_of in measured.rates.items():
        yield f"{NAMES[name]}  {shown(*right_of)}  目標 {AIMS[name]:.2f}"
    for name, tally in measured.pairs.items():
        yield (
            f"{NAMES[name]}  F1 {tally.f1:.3f}  目標 {AIMS[name]:.2f}"
            f"  適合率 {shown(tally.right, tally.predicted)}  再現率 {shown(tally.right, tally.labelled)}"
        )
        for speech, each in tally.speeches.items():
            yield f"    {speech}  F1 {each.f1:.3f}  組 {each.predicted}  正解 {each.labelled}  一致 {each.right}"
    yield from (f"発言者が違う: {place}" for place in measured.wrong_speakers)


def shown(right: int, n: int) -> str:
    """Write '228 / 228 1.000 [0.983, 1.000]'."""
    low, high = wilson(right, n)
    return f"{right} / {n} {right / n:.3f} [{low:.3f}, {high:.3f}]" if n else "0 / 0"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="./x bench minutes", description="会議録の読み取りを測ります。")
    parser.add_argument(
        "--data", type=Path, required=True, metavar="フォルダ", help="会議録の文章ファイルのあるフォルダ"
    )
    parser.add_argument("--labels", type=Path, default=LABELS, metavar="フォルダ", help="正解のフォルダ")
    minutes_scale.add_arguments(parser)
    parser.add_argument("--json", action="store_true", help="結果をJSONで出します")
    given = parser.parse_args(arguments)
    if given.scale:
        return minutes_scale.main(given)
    wanted = {label["file"] for label in read_labels(given.labels, "speakers")}
    files = {path.name: path for path in sorted(given.data.rglob("*.txt")) if path.name in wanted}
    if not files:
        print(f"{given.data}: 正解のある会議録がありません。会議録のあるフォルダを指定してください。", file=sys.stderr)
        return 2
    try:
        measured = measure(list(files.values()), given.labels)
    except KotaeError as error:
        print(error, file=sys.stderr)
        return 2
    print(json.dumps(value(measured), ensure_ascii=False) if given.json else "\n".join(table(measured)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
