"""How a whole search, its memory and a change go with the size of a home: `./x bench search --data DIR`.

Each size is a home of made chunks with real vectors, a file of figures once it is measured, and is not measured again. Three users
may read 1 %, 50 % and all of it. Up to 100,000 chunks the plain LangChain stack is measured over the same texts.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from ingest.split import INDEX_VERSION
from rag.adapters.chive import open_word_vectors
from rag.adapters.generations import FORMAT
from rag.adapters.lexical import VERSION
from tests.bench.ingest_scale import disk_of
from tests.bench.made_chunks import CHUNKS, read_originals
from tests.bench.process_tree import Watched, forget_settings, watch
from tests.bench.search_ask import READERS, questions

ROOT = Path(__file__).resolve().parents[2]
SIZES = (10_000, 100_000, 1_000_000)
PLAIN_UP_TO = 100_000
DEFAULT_OUT = Path(".kotae-search")
STEPS = {"make": "作成・埋め込みの待ち", "catalogue": "台帳", "words": "語の索引", "vectors": "ベクトルの索引"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """What a home of a size must not exceed."""

    size: int
    figure: str
    words: str
    most: float
    unit: str


BARS = (
    Bar(size=100_000, figure="p95_ms", words="検索のp95", most=60, unit="ミリ秒"),
    Bar(size=1_000_000, figure="p95_ms", words="検索のp95", most=250, unit="ミリ秒"),
    Bar(size=1_000_000, figure="resident_mb", words="常駐メモリ", most=3 * 1024, unit="MB"),
    Bar(size=100_000, figure="change_seconds", words="変更が見つかるまで", most=2, unit="秒"),
)


def figures(measured: Mapping[str, Any]) -> dict[str, float]:
    """Return what bars are held against: the worst user, the worst change."""
    asked, change = measured["questions"], measured["change"]
    return {
        "p95_ms": max(asked[share]["p95_ms"] for share in READERS),
        "resident_mb": asked["resident_mb"],
        "change_seconds": max(change["seconds"]),
    }


def judged(measured: Mapping[int, Mapping[str, Any]]) -> list[tuple[Bar, float, bool]]:
    """Return each bar of a measured size with its figure and whether it is met."""
    found = [(bar, figures(measured[bar.size])[bar.figure]) for bar in BARS if bar.size in measured]
    return [(bar, figure, figure <= bar.most) for bar, figure in found]


def measure(size: int, data: Path, place: Path) -> dict[str, Any]:
    """Build a home of this size, or go on building it, and measure it; raises RuntimeError when a process fails."""
    load = os.getloadavg()[0]
    home = place / "home"
    built = run("search_home", data, size, place)
    found: dict[str, Any] = {"size": size, "built": json.loads(built.out), "build_peak_mb": built.peak_mb}
    found["disk_mb"] = disk_of(home)
    for what in ("questions", "recall", "change"):
        found[what] = json.loads(run("search_ask", what, data, home).out)
    if size <= PLAIN_UP_TO:
        shutil.rmtree(place / "plain", ignore_errors=True)
        found["plain"] = json.loads(run("search_plain", data, home / "models", size, place / "plain").out)
    return found | {"cores": os.cpu_count(), "load": [round(load, 1), round(os.getloadavg()[0], 1)]}


def run(module: str, *arguments: object) -> Watched:
    """Run a module of this folder in a process of its own; raises RuntimeError with what it said."""
    command = [sys.executable, "-P", "-m", f"tests.bench.{module}", *map(str, arguments)]
    ended = watch(command, cwd=ROOT)
    if ended.status:
        raise RuntimeError(f"{module}: {ended.status} {ended.err[-500:]}")
    print(f"  {module} {' '.join(map(str, arguments[:2]))}: {ended.seconds:.0f}秒", file=sys.stderr, flush=True)
    return ended


def measure_sizes(data: Path, sizes: Sequence[int], out: Path) -> dict[int, dict[str, Any]]:
    """Measure each size that is not finished, the smallest first; raises ValueError and RuntimeError."""
    of = stamp(data)
    measured: dict[int, dict[str, Any]] = {}
    for size in sorted(set(sizes)):
        file, place = out / f"{size}.json", out / f"{size}"
        found = json.loads(file.read_text(encoding="utf-8")) if file.exists() else None
        if found and found["of"] != of:
            raise ValueError(f"{file}: 別のデータか別の版で測ったものです。別のフォルダーを --out に指定してください。")
        if not found:
            _begin(place, of)
            found = measure(size, data, place) | {"of": of}
            draft = file.with_suffix(".new")
            draft.write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")
            draft.replace(file)
            shutil.rmtree(place)
        measured[size] = found
    return measured


def stamp(data: Path) -> dict[str, Any]:
    """Return what figures are of: the texts, the questions, and the versions of the indexes; raises ValueError without texts."""
    originals = read_originals(data)
    body = json.dumps([list(originals.passages.items()), questions(data, 1 << 20)], ensure_ascii=False, default=str)
    digest = sha256(body.encode()).hexdigest()
    return {"data": digest, "index": INDEX_VERSION, "words": VERSION, "vectors": FORMAT}


def _begin(place: Path, of: Mapping[str, Any]) -> None:
    """Keep a home that was being built of the same texts by the same version; begin another anew."""
    file = place / "of.json"
    if not file.exists() or json.loads(file.read_text(encoding="utf-8")) != of:
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        file.write_text(json.dumps(of), encoding="utf-8")
    open_word_vectors(place / "home/models")


def table(measured: Mapping[int, Mapping[str, Any]]) -> Iterator[str]:
    """Write the figures for a person."""
    for found in measured.values():
        asked, change = found["questions"], found["change"]
        steps = found["built"]["seconds"]
        yield f"検索単位 {found['built']['documents'] * CHUNKS:,}件（{found['cores']}コア、負荷 {found['load'][0]} → {found['load'][1]}）"
        seconds = "、".join(f"{STEPS[name]} {each:.0f}秒" for name, each in steps.items())
        yield f"  構築 {sum(steps.values()):.0f}秒（{seconds}）、最大メモリ {found['build_peak_mb']:,}MB"
        yield "  ディスク " + "、".join(f"{name} {each:,.0f}MB" for name, each in found["disk_mb"].items())
        for share in READERS:
            times = asked[share]
            yield (
                f"  {share}を読める人: p50 {times['p50_ms']:.0f}ミリ秒、p95 {times['p95_ms']:.0f}ミリ秒、"
                f"最大 {times['max_ms']:.0f}ミリ秒（CPU時間の中央値 {times['cpu_p50_ms']:.0f}ミリ秒）、ベクトルの再現率@10 {found['recall'][share]:.3f}"
            )
        yield (
            f"  常駐メモリ {asked['resident_mb']:,}MB（うちファイルの写し {asked['of_files_mb']:,}MB、最大 {asked['peak_mb']:,}MB）、"
            f"開く {asked['opened_seconds']:.1f}秒、はじめの検索 {asked['first_seconds']:.1f}秒"
        )
        yield f"  変更が見つかるまで {'・'.join(f'{each:g}' for each in change['seconds'])}秒"
        if plain := found.get("plain"):
            own = plain["built"]
            yield (
                f"  LangChainの素の構成: 構築 {own['split'] + own['chroma'] + own['bm25']:.0f}秒（Chroma {own['chroma']:.0f}秒、"
                f"BM25 {own['bm25']:.0f}秒）、p50 {plain['asked']['p50_ms']:.0f}ミリ秒、p95 {plain['asked']['p95_ms']:.0f}ミリ秒、"
                f"常駐メモリ {plain['resident_mb']:,}MB"
            )
    for bar, figure, met in judged(measured):
        yield f"{'✓' if met else '✗'} {bar.size:,}件の{bar.words}: {figure:g}{bar.unit}（基準 {bar.most:g}{bar.unit}以下）"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 1 when a bar is missed, 2 when the input is unusable."""
    parser = argparse.ArgumentParser(prog="./x bench search", description="件数ごとの検索の速さ・メモリ・構築の時間")
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="判定つきデータと会議録のフォルダ")
    parser.add_argument("--scale", type=int, nargs="+", default=SIZES, metavar="N", help="検索単位の数")
    parser.add_argument(
        "--out", type=Path, default=DEFAULT_OUT, metavar="DIR", help="測り終えたものと途中のホームを置く場所"
    )
    parser.add_argument("--json", action="store_true", help="結果をJSONで出します")
    given = parser.parse_args(arguments)
    if any(size < 1 for size in given.scale):
        parser.error("--scale: 1以上の数を指定してください。")
    forget_settings()
    try:
        measured = measure_sizes(given.data.absolute(), given.scale, given.out.absolute())
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    if given.json:
        print(json.dumps(measured, ensure_ascii=False))
    else:
        print("\n".join(table(measured)))
    return 0 if all(met for _, _, met in judged(measured)) else 1


if __name__ == "__main__":
    sys.exit(main())
