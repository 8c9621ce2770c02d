"""How fast documents are taken in: `./x bench ingest`, beside the stack of the tutorials, and by size.

Two bars hold over the same files in one run: the text alone at least 3 times as fast as pypdf, a recursive splitter
and Chroma with our embedder; the whole ingest, with tables, structure, catalogue and both indexes, at least as fast.
The PDF files decide, since pypdf reads nothing else; the other formats, which the tutorials read in a line each, are
shown with them.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from ingest.readers import SUFFIXES
from rag.adapters.chive import open_word_vectors
from tests.bench.ingest_scale import SIZES, Grown, grow
from tests.bench.process_tree import forget_settings

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "ingest/samples/mihon"
OFFICE = frozenset({".doc", ".xls", ".ppt", ".rtf", ".odt", ".ods", ".odp", ".jtd", ".pptx", ".docm", ".xlsm"})
"""Formats for which the tutorials know no plain way."""
BARS: Mapping[str, float] = {"text": 3.0, "whole": 1.0}
NAMES = {
    "tutorial": "チュートリアルの構成",
    "text": "こたえ（文字だけ）",
    "whole": "こたえ（表・構造・台帳・索引まで）",
}
STEPS = {"read": "読み取り", "split": "分割", "embed": "埋め込み", "store": "保存"}
SETS = {"pdf": "PDF", "all": "すべて"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What one side took, each figure the median of its runs."""

    seconds: float
    cpu_seconds: float
    """Of its process and of the children that read for it."""
    steps: Mapping[str, float]
    """Kotae's children read on during the other steps: `read` is what was waited for."""
    texts: int
    characters: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All sides over one set of files."""

    files: int
    megabytes: float
    sides: Mapping[str, Side]
    ratios: Mapping[str, tuple[float, float, float]]
    """Side of Kotae → how many times as fast as the tutorial: median, least and most over the pairs of runs."""
    cpu_ratios: Mapping[str, float]
    """The same of the processor time, median against median."""

    def missed(self) -> list[str]:
        """Name the sides whose bar is missed."""
        return [side for side, bar in BARS.items() if self.ratios[side][0] < bar]


def usable_files(data: Path) -> list[Path]:
    """Return the files below a folder, or the one file, that both sides can read."""
    files = sorted(file for file in data.rglob("*") if file.is_file()) if data.is_dir() else [data]
    return [file for file in files if file.suffix.lower() in SUFFIXES - OFFICE and file.stat().st_size]


def compare(files: Sequence[Path], models: Path, repeats: int) -> Comparison:
    """Let the sides take in the files in turn, each in a process of its own, this many times."""
    runs: list[dict[str, dict[str, Any]]] = [
        {name: run_side(name, files, models) for name in NAMES} for _ in range(repeats)
    ]
    sides = {name: _medians([run[name] for run in runs]) for name in NAMES}
    ratios = {name: sorted(run["tutorial"]["seconds"] / run[name]["seconds"] for run in runs) for name in BARS}
    return Comparison(
        files=len(files),
        megabytes=round(sum(file.stat().st_size for file in files) / 1e6, 1),
        sides=sides,
        ratios={name: (round(median(all_), 2), round(all_[0], 2), round(all_[-1], 2)) for name, all_ in ratios.items()},
        cpu_ratios={name: round(sides["tutorial"].cpu_seconds / sides[name].cpu_seconds, 2) for name in BARS},
    )


def run_side(name: str, files: Sequence[Path], models: Path) -> dict[str, Any]:
    """Run one side in an empty folder; raises CalledProcessError with what it said."""
    with tempfile.TemporaryDirectory(prefix="kotae-bench-") as folder:
        work = Path(folder)
        (work / "models").symlink_to(models)
        (work / "files").write_text("".join(f"{file}\n" for file in files), encoding="utf-8")
        command = [sys.executable, "-m", "tests.bench.ingest_sides", name, str(work / "files"), folder]
        ended = subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(ended.stdout)
    print(f"  {NAMES[name]}: {found['seconds']:.2f}秒", file=sys.stderr, flush=True)
    return found


def _medians(runs: Sequence[Mapping[str, Any]]) -> Side:
    def middle(key: str) -> float:
        return round(median(float(run[key]) for run in runs), 3)

    return Side(
        seconds=middle("seconds"),
        cpu_seconds=middle("cpu_seconds"),
        steps={step: round(median(run["steps"].get(step, 0.0) for run in runs), 3) for step in STEPS},
        texts=runs[0]["texts"],
        characters=runs[0]["characters"],
    )


def summary(compared: Mapping[str, Comparison], grown: Sequence[Grown], machine: Mapping[str, Any]) -> str:
    """Return the figures for people."""
    lines = [f"測った機械: {machine['cores']}コア、負荷 {machine['load'][0]} → {machine['load'][1]}"]
    for name, found in compared.items():
        lines.append(f"{SETS[name]}: {found.files}ファイル、{found.megabytes}MB")
        for side, took in found.sides.items():
            steps = "、".join(f"{STEPS[step]} {seconds:.2f}" for step, seconds in took.steps.items())
            lines.append(
                f"  {NAMES[side]}: {took.seconds:.2f}秒（{steps}。CPU {took.cpu_seconds:.2f}秒、"
                f"{took.texts}件、{took.characters}字）"
            )
        for side, bar in BARS.items():
            middle, least, most = found.ratios[side]
            lines.append(
                f"  {'✗' if side in found.missed() else '✓'} {NAMES[side]}は{middle}倍の速さ（{least}～{most}倍、CPU時間では"
                f"{found.cpu_ratios[side]}倍。基準 {bar:g}倍以上）"
            )
    lines += [each.summary() for each in grown]
    return "\n".join(lines)


def sizes(text: str) -> list[int]:
    """Read '1000,10000'; raises ValueError."""
    found = [int(word) for word in text.split(",") if word]
    if any(size < 1 for size in found):
        raise ValueError(text)
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 1 when a bar is missed over the PDF files."""
    parser = argparse.ArgumentParser(prog="./x bench ingest", description="取り込みの速さと、件数ごとの時間とメモリ")
    parser.add_argument("--data", type=Path, metavar="DIR", default=SAMPLE, help="比べる文書のフォルダ（既定は見本）")
    parser.add_argument("--repeats", type=int, default=3, help="交互に測る回数（既定 3）。0なら比べません")
    parser.add_argument(
        "--scale",
        type=sizes,
        default=[],
        metavar="N,N",
        help=f"この数の検索単位まで増やして測ります（例: {','.join(map(str, SIZES))}）",
    )
    parser.add_argument("--json", action="store_true", help="結果をJSONで出します")
    given = parser.parse_args(arguments)
    forget_settings()
    files = usable_files(given.data.absolute())
    sets = {"pdf": [file for file in files if file.suffix.lower() == ".pdf"], "all": files}
    if given.repeats and not files:
        parser.error(f"--data: {given.data} に、測れる文書がありません。")
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="kotae-models-") as folder:
        open_word_vectors(Path(folder))
        compared = {
            name: compare(chosen, Path(folder), given.repeats)
            for name, chosen in sets.items()
            if chosen and given.repeats
        }
        grown = [grow(size, Path(folder)) for size in given.scale]
    machine = {"cores": os.cpu_count(), "load": [round(load, 1), round(os.getloadavg()[0], 1)]}
    if given.json:
        found = {"machine": machine, "compared": compared, "scale": grown}
        print(json.dumps(found, ensure_ascii=False, default=asdict))
    else:
        print(summary(compared, grown, machine))
    return 1 if "pdf" in compared and compared["pdf"].missed() else 0


if __name__ == "__main__":
    sys.exit(main())
