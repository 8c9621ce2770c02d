"""How exactly rules are recognised and cut: `./x bench structure --data DIR`; exit 1 where a bar is missed.

DIR is searched for 例規 pages of the 'joubun' system (HTML), laws (法令標準XML) and passages (corpus.jsonl); each page and
law is also written as wrapped text in many notations. The sample prefecture is always measured with it. What is right is
read from the mark-up by `rule_truth`, apart from the code that is measured.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from eval.beir import load_passages
from eval.passages import recognise_passage
from ingest.readers import SUFFIXES, read_document
from ingest.split import longest_whole, split
from ingest.structure import recognise
from rag.domain import Chunk, DocumentRecord, Kind, Structure
from rag.settings import Settings
from tests.bench.cuts import check, lines_of_sections
from tests.bench.rule_truth import Piece, Truth, place_name, read_truth
from tests.bench.wrapped_text import notations, write

SAMPLE = Path(__file__).resolve().parents[2] / "ingest/samples/mihon"
LEAST_RIGHT = 0.99
"""Share of the articles of wrapped text that must be found under their own number, and that may not be exceeded."""
SHOWN = 12
PAGES, LAWS, WRAPPED, SAMPLES, PASSAGES = "例規HTML", "法令XML", "折り返した文章", "見本の文書", "corpus.jsonl"


@dataclass(slots=True, kw_only=True)
class Tally:
    """What was counted over one group of documents."""

    group: str
    documents: int = 0
    articles: int = 0
    right: int = 0
    missed: int = 0
    invented: int = 0
    chunks: int = 0
    unnamed: int = 0
    """Chunks with words of an article, a 附則 or an attachment whose locator or header does not name it."""
    spanning: int = 0
    """Chunks with words of two articles."""
    cut: int = 0
    """Chunks that end inside a sentence, a 号 or a row."""
    forced: int = 0
    """The same, where the sentence alone is longer than a chunk may ever be."""
    lost: int = 0
    """Paragraphs whose words stand in no chunk in their place."""
    torn: int = 0
    """Paragraphs that kept a line break of the wrapping."""
    examples: list[str] = field(default_factory=list)

    def add_articles(self, name: str, truth: Truth, structure: Structure) -> None:
        """Compare the articles found with those published."""
        expected, found = Counter(truth.articles), Counter(articles_of(structure))
        self.articles += expected.total()
        self.right += (expected & found).total()
        for key, more in (("missed", expected - found), ("invented", found - expected)):
            setattr(self, key, getattr(self, key) + more.total())
            self.examples += [f"{name} {key}: {' '.join(one)}" for one in more]

    def add_chunks(self, name: str, pieces: Sequence[Piece], structure: Structure, characters: int) -> None:
        """Follow the paragraphs into the chunks."""
        chunks = chunks_of(structure, characters)
        checked = check(pieces, chunks, longest=longest_whole(characters))
        self.documents += 1
        self.chunks += checked.chunks
        for fault, count in checked.faults.items():
            setattr(self, fault, getattr(self, fault) + count)
        self.examples += [f"{name} {example}" for example in checked.examples]


def articles_of(structure: Structure) -> list[tuple[str, str]]:
    """Return (附則, number) of every article that the product found."""
    found = []
    for section in structure.sections:
        labels = section.labels
        if number := labels.get("article"):
            supplement = re.sub(r" ?その[0-9]+$", "", labels.get("supplement", ""))
            place = place_name(supplement if labels.get("part") == "supplement" else None)
            found.append((place, f"{number}:{labels['last']}" if labels.get("last") else number))
    return found


def chunks_of(structure: Structure, characters: int) -> list[Chunk]:
    """Split a document that has no home."""
    record = DocumentRecord(id="d", source="", path="", content_hash="", title=structure.title, kind=structure.kind)
    return split(structure, record=record, characters=characters)


def measure(folder: Path, characters: int, *, samples: Path = SAMPLE) -> list[Tally]:
    """Measure every file below a folder, in as many ways as it can be written, and the files below `samples` as they are."""
    tallies = {name: Tally(group=name) for name in (PAGES, LAWS, WRAPPED, SAMPLES, PASSAGES)}
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".html", ".htm", ".xml") and (truth := read_truth(path)) is not None:
            structure = recognise(read_document(path, name=path.name))
            tally = tallies[LAWS if path.suffix == ".xml" else PAGES]
            tally.add_articles(path.name, truth, structure)
            tally.add_chunks(path.name, truth.pieces, structure, characters)
            _measure_wrapped(truth, tallies[WRAPPED], characters)
        elif path.name == "corpus.jsonl":
            for passage in load_passages(path.parent):
                structure = recognise_passage(passage)
                if structure.kind is Kind.RULES:
                    tallies[PASSAGES].add_chunks(passage.id, lines_of_sections(structure), structure, characters)
    for path in sorted(samples.rglob("*")):
        if path.suffix in SUFFIXES and path.name != "labels.csv":
            structure = recognise(read_document(path, name=str(path.relative_to(samples))))
            tallies[SAMPLES].add_chunks(path.name, lines_of_sections(structure), structure, characters)
    return list(tallies.values())


def _measure_wrapped(truth: Truth, tally: Tally, characters: int) -> None:
    with tempfile.TemporaryDirectory(prefix="kotae-bench-") as folder:
        for notation in notations():
            text, pieces = write(truth, notation)
            path = Path(folder) / "本文.txt"
            path.write_text(text, encoding="utf-8", newline="")
            structure = recognise(read_document(path, name=path.name))
            name = f"{truth.name} {notation.width}字 {notation.digits} {notation.hanging:d}{notation.caption_after:d}"
            tally.add_articles(name, truth, structure)
            tally.add_chunks(name, pieces, structure, characters)


def bars(tallies: Iterable[Tally]) -> list[tuple[str, bool]]:
    """Return each bar with whether it is met."""
    by = {tally.group: tally for tally in tallies}
    exact = [(f"{name}: 見落とした条0、余計な条0", by[name].missed + by[name].invented == 0) for name in (PAGES, LAWS)]
    wrapped = by[WRAPPED]
    allowed = (1 - LEAST_RIGHT) * wrapped.articles
    return [
        *exact,
        (f"{WRAPPED}: 正しい番号の条が99%以上、余計な条が1%以下", max(wrapped.missed, wrapped.invented) <= allowed),
        ("番号のない条の断片0", not any(tally.unnamed for tally in by.values())),
        ("2つの条にまたがる断片0", not any(tally.spanning for tally in by.values())),
        ("文の途中の切れ目0", not any(tally.cut for tally in by.values())),
    ]


_COLUMNS = {
    "documents": "文書",
    "articles": "条",
    "right": "正しい",
    "missed": "見落とし",
    "invented": "余計",
    "chunks": "断片",
    "unnamed": "番号なし",
    "spanning": "またがり",
    "cut": "文の途中",
    "forced": "上限超え",
    "lost": "失われた段落",
    "torn": "つながらない段落",
}


def table(tallies: Sequence[Tally], met: Sequence[tuple[str, bool]]) -> Iterator[str]:
    """Write the counts and the bars for a person."""
    for tally in tallies:
        counts = asdict(tally)
        yield f"{tally.group}  " + "  ".join(f"{name} {counts[key]:,}" for key, name in _COLUMNS.items())
        yield from (f"    {example}" for example in tally.examples[:SHOWN])
    yield from (f"{'✓' if ok else '✗'} {name}" for name, ok in met)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 0 when every bar is met."""
    parser = argparse.ArgumentParser(prog="./x bench structure", description="条文の構造の読み取りと分割を測ります。")
    parser.add_argument("--data", type=Path, required=True, metavar="フォルダ", help="例規HTML・法令XMLのあるフォルダ")
    parser.add_argument("--json", action="store_true", help="結果をJSONで出します")
    chosen = parser.parse_args(arguments)
    if not chosen.data.is_dir():
        parser.error(f"{chosen.data}: フォルダがありません。例規HTMLか法令XMLのあるフォルダを指定してください。")
    tallies = measure(chosen.data, Settings().ingest.chunk_characters)
    met = bars(tallies)
    ok = all(one for _, one in met) and any(tally.articles for tally in tallies)
    if chosen.json:
        shown = {"groups": [asdict(tally) for tally in tallies], "bars": dict(met), "ok": ok}
        print(json.dumps(shown, ensure_ascii=False))
    else:
        print("\n".join(table(tallies, met)))
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
