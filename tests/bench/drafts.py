"""`./x bench drafts`: the checks of drafts of assembly answers on sets by somebody who had not seen the code, against their bars."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from eval.metrics import wilson
from rag.adapters.meaning import LocalMeaning
from rag.drafting.consistency import compare
from rag.drafting.coverage import Meaning, coverage
from rag.drafting.figure_check import FigureSource, check_figures
from rag.drafting.ladder import LEVELS, load_ladder

CASES = Path(__file__).resolve().parents[1] / "cases/drafts"
DAY = date(2026, 12, 1)
"""Of the sitting for which the drafts were written."""
NOWHERE = Path("nowhere")
GROUPS = {"": "", "_seen": "（あとから直すのに使った組）", "_held": "（見ていない組）"}
"""How the file of a set ends → how its figures are called: the first set, those with which a check was mended later on, and those which nobody looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How many of how many."""

    name: str
    hits: int
    n: int
    bar: float | None = None
    """None: it is told and not judged."""
    is_at_most: bool = False
    """Whether the bar is from above."""

    @property
    def value(self) -> float:
        """Return the share; 0 of nothing is 0."""
        return self.hits / self.n if self.n else 0.0

    @property
    def holds(self) -> bool:
        """Tell whether the bar is kept."""
        if self.bar is None:
            return True
        return self.value <= self.bar if self.is_at_most else self.value >= self.bar

    def line(self) -> str:
        """Write it with its 95 % interval (Wilson) and its bar."""
        low, high = wilson(self.hits, self.n)
        bar = (
            "" if self.bar is None else f"\t{'≤' if self.is_at_most else '≥'} {self.bar}{'' if self.holds else ' 未達'}"
        )
        return f"{self.name}\t{self.value:.3f} [{low:.3f}, {high:.3f}]\t{self.hits}/{self.n}{bar}"


def rows(name: str, folder: Path = CASES) -> list[Mapping[str, object]]:
    """Return the cases of a set."""
    lines = (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def strength(cases: Sequence[Mapping[str, object]], group: str = "") -> Iterator[Share]:
    """Yield how often the level of a sentence is right, in all and by level."""
    ladder = load_ladder(NOWHERE)
    right = [(case["level"], ladder.level(str(case["text"])) == case["level"]) for case in cases]
    yield Share(name=f"表現の段階{group}", hits=sum(hit for _, hit in right), n=len(right), bar=0.92)
    for level, title in LEVELS.items():
        of_level = [hit for wanted, hit in right if wanted == level]
        yield Share(name=f"　{level} {title}", hits=sum(of_level), n=len(of_level))


def omissions(
    cases: Sequence[Mapping[str, object]], group: str = "", *, meaning: Meaning | None = None
) -> Iterator[Share]:
    """Yield how many of the questions left out are found, and how many of the answered ones are flagged."""
    missing = found = answered = flagged = 0
    for case in cases:
        questions, paragraphs, left_out = case["questions"], case["answer"], case["missing"]
        assert isinstance(questions, list)
        assert isinstance(paragraphs, list)
        assert isinstance(left_out, list)
        covered = coverage(questions, paragraphs, meaning=meaning)
        empty = {number for number, each in enumerate(covered) if not each.answered_by}
        missing, found = missing + len(left_out), found + len(empty & set(left_out))
        answered, flagged = answered + len(questions) - len(left_out), flagged + len(empty - set(left_out))
    yield Share(name=f"答弁漏れ{group} 再現率", hits=found, n=missing, bar=0.95)
    yield Share(name=f"答弁漏れ{group} 誤報", hits=flagged, n=answered, bar=0.05, is_at_most=True)


def figure_faults(cases: Sequence[Mapping[str, object]], group: str = "") -> Iterator[Share]:
    """Yield how many drafts with a fault are found, by kind, and how many sound ones are flagged."""
    found: dict[str, list[tuple[bool, bool]]] = {}
    for case in cases:
        sources = case["sources"]
        assert isinstance(sources, list)
        given = [
            FigureSource(
                title=each["title"], day=date.fromisoformat(each["date"]) if each["date"] else None, text=each["text"]
            )
            for each in sources
        ]
        problems = check_figures(str(case["draft"]), given, day=DAY)
        fault = str(case["fault"])
        found.setdefault(fault, []).append((bool(problems), any(each.fault == fault for each in problems)))
    sound = found.pop("none", [])
    faulty = [each for of_kind in found.values() for each in of_kind]
    yield Share(name=f"数値の誤り{group} 再現率", hits=sum(hit for hit, _ in faulty), n=len(faulty), bar=0.95)
    yield Share(name=f"数値の誤り{group} 種類", hits=sum(kind for _, kind in faulty), n=len(faulty))
    for fault, of_kind in sorted(found.items()):
        yield Share(name=f"　{fault}", hits=sum(kind for _, kind in of_kind), n=len(of_kind))
    yield Share(
        name=f"数値の誤り{group} 誤報", hits=sum(hit for hit, _ in sound), n=len(sound), bar=0.05, is_at_most=True
    )


def contradictions(cases: Sequence[Mapping[str, object]], group: str = "") -> Iterator[Share]:
    """Yield how many contradictions are found, how many of those told are ones, and how often each relation is right."""
    ladder = load_ladder(NOWHERE)
    pairs: list[tuple[str, str]] = []
    for case in cases:
        past = case["past"]
        assert isinstance(past, dict)
        day = date.fromisoformat(past["date"]) if past["date"] else None
        told = compare(past["text"], str(case["draft"]), day, DAY, ladder=ladder).kind.value
        pairs.append((str(case["relation"]), told))
    both = pairs.count(("contradiction", "contradiction"))
    seeded = sum(wanted == "contradiction" for wanted, _ in pairs)
    flagged = sum(told == "contradiction" for _, told in pairs)
    yield Share(name=f"食い違い{group} 再現率", hits=both, n=seeded, bar=0.90)
    yield Share(name=f"食い違い{group} 適合率", hits=both, n=flagged, bar=0.75)
    for kind in ("same", "forward", "back", "unrelated"):
        of_kind = [told == wanted for wanted, told in pairs if wanted == kind]
        yield Share(name=f"　{kind}", hits=sum(of_kind), n=len(of_kind))


def moves(cases: Sequence[Mapping[str, object]], group: str = "") -> Iterator[Share]:
    """Yield how many steps forward and back are shown as such, and how many of the differences that are shown are right."""
    ladder = load_ladder(NOWHERE)
    pairs: list[tuple[str, str]] = []
    for case in cases:
        past = case["past"]
        assert isinstance(past, dict)
        found = compare(past["text"], str(case["draft"]), date.fromisoformat(past["date"]), DAY, ladder=ladder)
        pairs.append((str(case["relation"]), found.kind.value if found.is_plain else ""))
    for kinds in (("forward", "back"), ("same",)):
        hits = [told == wanted for wanted, told in pairs if wanted in kinds]
        yield Share(name=f"差{group} {'・'.join(kinds)} 再現率", hits=sum(hits), n=len(hits))
        hits = [told == wanted for wanted, told in pairs if told in kinds]
        yield Share(name=f"差{group} {'・'.join(kinds)} 適合率", hits=sum(hits), n=len(hits))


def shares(folder: Path = CASES, *, meaning: Meaning | None = None) -> list[Share]:
    """Return every figure, in the order in which they are printed; `meaning`: as of `coverage`."""
    measured: Mapping[str, Callable[[Sequence[Mapping[str, object]], str], Iterator[Share]]] = {
        "strength": strength,
        "omissions": partial(omissions, meaning=meaning),
        "figures": figure_faults,
        "contradictions": contradictions,
        "moves": moves,
    }
    return [
        share
        for name, measure in measured.items()
        for end, group in GROUPS.items()
        if (folder / f"{name}{end}.jsonl").exists()
        for share in measure(rows(f"{name}{end}", folder), group)
    ]


def main(given: Sequence[str] | None = None) -> int:
    """Print the figures with n and interval; ends with 1 where a bar is missed."""
    parser = argparse.ArgumentParser(prog="./x bench drafts", description=__doc__)
    parser.add_argument("--data", type=Path, default=CASES, metavar="DIR", help="四つの組（.jsonl）のあるフォルダ")
    folder = parser.parse_args(given).data
    with tempfile.TemporaryDirectory(prefix="kotae-models-") as models:
        found = shares(folder, meaning=LocalMeaning(Path(models)))
    for each in found:
        print(each.line())
    return 0 if all(each.holds for each in found) else 1


if __name__ == "__main__":
    sys.exit(main())
