"""How often a reference is led to the clause that it means: `./x bench references --data DIR`; exit 1 below the bar.

The labels (`tests/cases/references.jsonl`) were written by people who had not seen the resolver. Those of the sample
prefecture are always measured; those of the files in DIR, where they are there.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from eval.metrics import wilson
from ingest.reading import read_many
from ingest.sync import Sync
from rag.domain import DocumentRecord, Reader
from rag.japanese.text import Span, narrow
from rag.rules.outline import Unit
from rag.rules.rulebook import Rulebook
from rag.rules.targets import Rule
from rag.wiring import Home, open_home

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "ingest/samples/mihon"
LABELS = ROOT / "tests/cases/references.jsonl"
BAR = 0.95
DAY = date(2026, 11, 26)
"""The day on which the labels were written."""
_HEADING = re.compile(r"第[^ (]{1,14}[条項]?(?:の[^ (]{1,3})*[ (]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of one label."""

    id: str
    kind: str
    file: str
    where: str
    """'第12条「同条第二項」'."""
    wanted: tuple[str, ...]
    found: tuple[str, ...]
    """'職員の旅費に関する条例 第12条'; what is not loaded has no name. A reason in words where nothing was found."""

    @property
    def right(self) -> bool:
        """Tell whether exactly the wanted clauses were found."""
        return set(self.wanted) == set(self.found)


def judge(home: Home, reader: Reader, labels: Sequence[Mapping[str, Any]]) -> list[Verdict]:
    """Return a verdict on each label whose files are loaded."""
    book = home.rulebook(reader, DAY)
    records = {record.path: record for record in book.records}
    return [_verdict(label, records, book) for label in labels if _files(label) <= records.keys()]


def _files(label: Mapping[str, Any]) -> set[str]:
    return {label["file"], *(each["document"] for each in label["targets"] if each["document"])}


def read_labels(path: Path = LABELS) -> list[dict[str, Any]]:
    """Return the labels in the order of the file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _verdict(label: Mapping[str, Any], records: Mapping[str, DocumentRecord], book: Rulebook) -> Verdict:
    resolver = book.resolver(records[label["file"]].id)
    if resolver is None:
        raise ValueError(f"{label['file']}: no rule")
    wanted = [(records[each["document"]].id if each["document"] else "", each["locator"]) for each in label["targets"]]
    found: list[tuple[str, str]] = []
    reason = "?"
    unit, inside = _place(resolver.rule, label["at"])
    at = _nth(unit.text, label["mention"], label["nth"], inside, has_heading=unit.is_article) if unit else -1
    if unit is not None and at >= 0:
        end = at + len(label["mention"])
        pointers = [each for each in resolver.pointers(unit) if each.reference.span.end == end]
        reason = "" if pointers else "no reference"
        found = [
            (target.rule.document_id if target.rule else "", target.locator)
            for pointer in pointers[:1]
            for target in pointer.targets
        ]
    return Verdict(
        id=label["id"],
        kind=label["kind"],
        file=label["file"],
        where=f"{label['at']}「{label['mention']}」",
        wanted=tuple(f"{document} {_plain(locator)}" for document, locator in wanted),
        found=tuple(f"{document} {_plain(locator)}" for document, locator in found) or ((reason,) if reason else ()),
    )


def _place(rule: Rule, at: str) -> tuple[Unit | None, Span]:
    """Return the unit that a label names and the range that it means; None where the rule has no such unit."""
    for unit in rule.outline.units:
        if _plain(unit.locator) == _plain(at):
            return unit, Span(0, len(unit.text))
    if number := re.fullmatch(r"(附則.*?)第([0-9]+)項", _plain(at)):
        unit, _ = _place(rule, number[1])
        paragraph = unit.paragraph(int(number[2])) if unit else None
        if paragraph is not None:
            return unit, paragraph.span
    return None, Span(0, 0)


def _nth(text: str, mention: str, nth: int, inside: Span, *, has_heading: bool) -> int:
    """Return where a mention begins, its article's own number not counted; -1 where it does not stand so often."""
    heading = _HEADING.match(narrow(text)) if has_heading else None
    at = inside.start + (heading.end() if heading else 0) - 1
    for _ in range(nth):
        at = text.find(mention, at + 1)
        if not 0 <= at < inside.end:
            return -1
    return at


def _plain(locator: str) -> str:
    """Return a locator without width and white space; of a rule that is not loaded nobody can count the 号."""
    return "".join(narrow(locator).split()).removesuffix("各号")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 0 when the bar is met."""
    parser = argparse.ArgumentParser(
        prog="./x bench references", description="「前条」「同条第二項」などの参照が、正しい条を指す割合を測ります。"
    )
    parser.add_argument(
        "--data",
        type=Path,
        metavar="フォルダ",
        help="正解を付けた規程・法令のあるフォルダ（なければ見本だけを測ります）",
    )
    parser.add_argument("--labels", type=Path, default=LABELS, metavar="FILE", help="正解のファイル（JSON Lines）")
    parser.add_argument("--json", action="store_true", help="結果をJSONで出します")
    given = parser.parse_args(arguments)
    if given.data is not None and not given.data.is_dir():
        parser.error(f"{given.data}: フォルダがありません。正解を付けた規程・法令のあるフォルダを指定してください。")
    verdicts = list(_measured(given.data, read_labels(given.labels)))
    if not verdicts:
        parser.error(f"{given.labels}: 測れる参照がありません。正解のある文書のフォルダを --data で指定してください。")
    right = sum(each.right for each in verdicts)
    low, high = wilson(right, len(verdicts))
    rate = right / len(verdicts)
    kinds: dict[str, list[bool]] = defaultdict(list)
    for each in verdicts:
        kinds[each.kind].append(each.right)
    if given.json:
        value = {
            "n": len(verdicts),
            "right": right,
            "rate": round(rate, 4),
            "low": round(low, 4),
            "high": round(high, 4),
            "kinds": {kind: {"n": len(found), "right": sum(found)} for kind, found in sorted(kinds.items())},
            "wrong": [{"id": each.id, "found": each.found} for each in verdicts if not each.right],
        }
        print(json.dumps(value, ensure_ascii=False))
    else:
        for kind, found in sorted(kinds.items()):
            print(f"{kind:20} {sum(found):4} / {len(found)}")
        print(f"{'すべて':17} {right:4} / {len(verdicts)}  {rate:.3f}［{low:.3f}, {high:.3f}］、基準 {BAR}以上")
        for each in verdicts:
            if not each.right:
                print(f"{each.id} {each.file} {each.where}: 正しくは {each.wanted}、答えは {each.found}")
    return 0 if rate >= BAR else 1


def _measured(data: Path | None, labels: Sequence[Mapping[str, Any]]) -> Iterator[Verdict]:
    with tempfile.TemporaryDirectory() as folder:
        home = open_home(Path(folder))
        sync = Sync(
            catalogue=home.catalogue,
            embedder=home.embedder,
            may_embed=lambda _audience: False,  # nothing is searched here
            settings=home.settings,
            read_many=lambda files: read_many(files, settings=home.settings.ingest),
        )
        names = {label["file"] for label in labels}
        files = [path for path in sorted(data.rglob("*")) if path.name in names] if data else []
        sync.run([SAMPLE, *files])
        yield from judge(home, Reader(user="bench", name="bench", reads_all=True), labels)


if __name__ == "__main__":
    sys.exit(main())
