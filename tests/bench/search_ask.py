"""One measurement of a built home, in a process of its own: `python -m tests.bench.search_ask WHAT DATA HOME`.

WHAT is `questions` (time and memory of whole searches), `recall` (what the vector index misses) or `change` (seconds until a
changed document is found, which `rewrite` writes in a process of its own). Prints one JSON object.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import islice, zip_longest
from pathlib import Path
from random import Random
from subprocess import PIPE, Popen
from typing import Any

import numpy as np

from rag.domain import Audience, Question, Reader, Scope
from rag.wiring import Home, open_home
from tests.bench.made_chunks import AUDIENCES, CHUNKS, LEVEL, make_document, read_originals

TODAY = date(2026, 11, 26)
READERS: Mapping[str, frozenset[str]] = {
    "1%": frozenset({"班"}),
    "50%": frozenset({"本庁"}),
    "100%": frozenset(AUDIENCES),
}
"""Share of the chunks that a user may read → the user's groups."""
QUESTIONS = 150
WARM = 10
LIMIT = 10
ASKED_OF_RECALL = 100
CHANGES = 3
PATIENCE = 60
"""Seconds after which a change is not found any more."""
PAGE = 2000
_EQUAL = 1e-4
_NOTHING = -2.0
"""Less than every cosine."""


def reader(share: str) -> Reader:
    """Return the user who may read this share."""
    return Reader(user=share, name=share, groups=READERS[share], max_level=LEVEL)


def questions(data: Path, count: int) -> list[tuple[str, date]]:
    """Return so many different real questions, as many of each set, each with its day; raises ValueError without any."""
    random, sets = Random("questions"), []
    for name in ("jsquad", "lawqa_jp", "laws_asof"):
        file = data / name / "queries.jsonl"
        lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
        found = {entry["text"]: _day(entry) for entry in map(json.loads, lines)}
        sets.append(random.sample(sorted(found.items()), len(found)))
    mixed = [each for row in zip_longest(*sets) for each in row if each is not None]
    if not mixed:
        raise ValueError(f"{data}: 質問がありません。jsquad・lawqa_jp・laws_asof のあるフォルダを指定してください。")
    return mixed[:count]


def _day(entry: Mapping[str, Any]) -> date:
    given = entry.get("metadata", {}).get("as_of")
    return date.fromisoformat(given) if given else TODAY


def ask(home: Home, data: Path) -> dict[str, Any]:
    """Time whole searches, analysis and embedding of the question included, for each of the three users."""
    asked = questions(data, WARM + QUESTIONS)
    found: dict[str, Any] = {}
    started = time.perf_counter()
    home.retriever.search(Question(text=asked[0][0], as_of=TODAY, reader=reader("100%")), limit=LIMIT)
    found["first_seconds"] = round(time.perf_counter() - started, 2)
    for share in READERS:
        seconds, cpu_seconds = [], []
        for text, day in asked:
            question = Question(text=text, as_of=day, reader=reader(share))
            started, used = time.perf_counter(), time.process_time()
            home.retriever.search(question, limit=LIMIT)
            seconds.append(time.perf_counter() - started)
            cpu_seconds.append(time.process_time() - used)
        found[share] = percentiles(seconds[WARM:]) | {"cpu_p50_ms": percentiles(cpu_seconds[WARM:])["p50_ms"]}
    return found | memory()


def percentiles(seconds: Sequence[float]) -> dict[str, float]:
    """Return p50, p95 and the most, in milliseconds."""
    taken = np.percentile(np.array(seconds) * 1000, [50, 95, 100])
    return dict(zip(("p50_ms", "p95_ms", "max_ms"), taken.round(1).tolist(), strict=True))


def memory() -> dict[str, int]:
    """Return the megabytes that this process holds, of which mapped from files, and the most it held."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    held = {name: round(int(kb) / 1024) for name, kb in re.findall(r"^(\w+):\s+(\d+) kB$", status, re.MULTILINE)}
    return {"resident_mb": held["VmRSS"], "of_files_mb": held["RssFile"], "peak_mb": held["VmHWM"]}


def recall(home: Home, data: Path) -> dict[str, float]:
    """Return for each user the share of the ten nearest chunks, by the catalogue's vectors, that the index finds."""
    asked = [home.embedder.embed_query(text) for text, _ in questions(data, ASKED_OF_RECALL)]
    vectors = np.array([vector for vector in asked if any(vector)], dtype=np.float32)
    best = {audience: np.full((len(vectors), LIMIT), _NOTHING, dtype=np.float32) for audience in AUDIENCES.values()}
    chunks = home.catalogue.all_chunks()
    while page := list(islice(chunks, PAGE)):
        shown = {chunk.id: chunk.audience for chunk in page if chunk.period.contains(TODAY)}
        stored = home.catalogue.vectors([*shown], model=home.embedder.name)
        for audience in AUDIENCES.values():
            rows = [stored[name] for name, own in shown.items() if own == audience]
            if rows:
                scores = np.concatenate([best[audience], vectors @ np.array(rows).T], axis=1)
                best[audience] = np.partition(scores, -LIMIT, axis=1)[:, -LIMIT:]
    return {share: _found(home, vectors, best, groups) for share, groups in READERS.items()}


def _found(
    home: Home, vectors: np.typing.NDArray[np.float32], best: Mapping[Audience, Any], groups: frozenset[str]
) -> float:
    audiences = [audience for audience in best if audience.groups <= groups]
    near = np.concatenate([best[audience] for audience in audiences], axis=1)
    least, there = np.sort(near, axis=1)[:, -LIMIT], min(LIMIT, int((near[0] > _NOTHING).sum()))
    shares = []
    for vector, lowest in zip(vectors, least, strict=True):
        found = home.vectors.search(vector.tolist(), audiences, scope=Scope(as_of=TODAY), limit=LIMIT)
        # Several texts may be equally near: what counts is how near the found ones are, not which.
        shares.append(sum(score >= lowest - _EQUAL for score in found.values()) / there if there else 1.0)
    return round(float(np.mean(shares)), 4)


def change(home: Home, data: Path) -> dict[str, Any]:
    """Give documents other words, one after the other, and return the seconds until each is found by them.

    Another process writes, as `kotae ingest` does beside the page; time runs from when the file is read and embedded until a search
    of this process finds the new text. `written_seconds` is how long the writer went on.
    """
    originals = read_originals(data)
    seconds, written = [], []
    total = len(home.catalogue.documents())
    home.retriever.search(Question(text="始め", as_of=TODAY, reader=reader("100%")), limit=LIMIT)
    for number in range(CHANGES):
        place, version = total // 2 + number, 2 + time.time_ns()
        title, chunks = make_document(originals, place, version=version)
        wanted = chunks[CHUNKS // 2]
        day = TODAY if wanted.period.contains(TODAY) else wanted.period.start or TODAY
        question = Question(text=wanted.text[:200], as_of=day, reader=reader("100%"))
        command = [sys.executable, "-P", "-m", "tests.bench.search_ask", "rewrite", str(data), str(home.path)]
        with Popen([*command, f"{place}", f"{version}"], stdout=PIPE, text=True) as writer:
            started = float(_said(writer))
            while wanted.id not in {hit.chunk.id for hit in home.retriever.search(question, limit=LIMIT).hits}:
                if time.time() - started > PATIENCE:
                    raise RuntimeError(f"{title.title}: 改めた文書が検索で見つかりません")
            seconds.append(round(time.time() - started, 2))
            written.append(round(float(_said(writer)) - started, 2))
    return {"seconds": seconds, "written_seconds": written}


def _said(writer: Popen[str]) -> str:
    """Return the next line of a process; raises RuntimeError when it has ended without one."""
    line = writer.stdout.readline() if writer.stdout else ""
    if not line:
        raise RuntimeError("改める処理が終わってしまいました")
    return line


def rewrite(data: Path, place: Path, number: int, version: int) -> None:
    """Write one document anew into a home, and print when that begins and ends."""
    home = open_home(place)
    made, chunks = make_document(read_originals(data), number, version=version)
    matrix = np.asarray(home.embedder.embed_documents([each.search_text for each in chunks]), dtype=np.float32)
    vectors = {each.id: vector for each, vector in zip(chunks, matrix, strict=True)}
    print(time.time(), flush=True)
    with home.writing("bench"):
        home.catalogue.put_document(made, chunks, vectors=vectors, model=home.embedder.name)
        home.refresh_indexes()
    print(time.time(), flush=True)


WHATS: Mapping[str, Callable[[Home, Path], dict[str, Any]]] = {"questions": ask, "recall": recall, "change": change}


def main(arguments: Sequence[str]) -> int:
    """Measure and print."""
    if arguments[0] == "rewrite":
        data, place, number, version = arguments[1:]
        rewrite(Path(data), Path(place), int(number), int(version))
        return 0
    what, data, place = arguments
    started = time.perf_counter()
    home = open_home(Path(place))
    opened = round(time.perf_counter() - started, 2)
    print(json.dumps({"opened_seconds": opened} | WHATS[what](home, Path(data)), ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
