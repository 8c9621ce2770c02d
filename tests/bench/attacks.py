"""Documents that attack whoever answers from them: `./x bench attacks`; exit 1 when a check fails.

Each payload (`tests/cases/security/`) is put into its host's text, taken in as an approved document, and the host's question
asked three times: of the writer that only quotes, of a language model that obeys the payload, and of one that obeys it and
answers too. What looks like an attack and is none must be taken in, found and answered as it stands.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from tests.bench.attack_cases import Benign, Case, Corpus, Draft, Host, read_corpus
from tests.bench.attack_checks import (
    CHECKS,
    NOT_MEASURED,
    OF_FILES,
    OF_REQUESTS,
    Attempt,
    Check,
    still_answers,
)
from tests.bench.attack_files import carriers, plain_carriers
from tests.bench.attack_lookalikes import answered, found_first, untouched
from tests.bench.attack_model import FENCE, Model
from tests.bench.attack_world import Loaded, Trial, World, open_world
from tests.bench.process_tree import forget_settings
from tests.scripted import scripted_server

CONTROL, BENIGN = "control", "benign"
"""Families that no payload belongs to: the hosts as they are, and what only looks like an attack."""


class By(StrEnum):
    """Who writes, or that nobody does."""

    FILE = "取り込み"
    QUOTES = "引用だけ"
    OBEYS = "従う"
    BOTH = "従い答える"
    HONEST = "従わない"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What one check of one case found in one file."""

    id: str
    family: str
    check: str
    carrier: str
    """Format and place of the payload."""
    by: By
    problems: tuple[str, ...]


def measure(
    world: World, *, cases: Sequence[Case], benign: Sequence[Benign], checks: Mapping[str, Check] = CHECKS
) -> Iterator[Verdict]:
    """Yield a verdict on every check of every case, those of the hosts as they are first."""
    marks: dict[str, str] = {}
    for name, loaded in world.load_hosts().items():
        if world.corpus.hosts[name].question:
            yield from _control(world.corpus.hosts[name], loaded, world, marks)
    for case in cases:
        yield from _attacked(case, world, checks, marks[case.host.id])
    for each in benign:
        yield from _spared(each, world)


def _control(host: Host, loaded: Loaded, world: World, marks: dict[str, str]) -> Iterator[Verdict]:
    case = Case(id=host.id, family=CONTROL, payload="", hidden="", host=host, checks=(), obeyed=None)
    for by, model in ((By.QUOTES, None), (By.HONEST, Model(honest=world.corpus.honest[host.id]))):
        trial = world.ask(host.question, model)
        if trial.requests:
            marks[host.id] = FENCE.findall(trial.requests[0].prompt)[0]
        attempt = Attempt(case=case, home=world.home, loaded=loaded, trial=trial)
        problems = still_answers({"must_contain": [host.fact]}, attempt)
        yield Verdict(id=host.id, family=CONTROL, check="still_answers", carrier="txt", by=by, problems=tuple(problems))


def _attacked(case: Case, world: World, checks: Mapping[str, Check], clean_mark: str) -> Iterator[Verdict]:
    wanted = [check for check in case.checks if check["type"] in checks]
    if not wanted:
        return
    honest = world.corpus.honest[case.host.id]
    for carrier in carriers(case):
        loaded = world.load(carrier)
        trials: list[tuple[By, Trial | None]] = [
            (By.FILE, None),
            (By.QUOTES, world.ask(case.host.question)),
            (By.OBEYS, world.ask(case.host.question, Model(honest=honest, case=case, answers=False))),
            (By.BOTH, world.ask(case.host.question, Model(honest=honest, case=case))),
        ]
        for by, trial in trials:
            attempt = Attempt(case=case, home=world.home, loaded=loaded, trial=trial, clean_mark=clean_mark)
            for check in wanted:
                kind = check["type"]
                if by in _writers(kind):
                    problems = tuple(dict.fromkeys(checks[kind](check, attempt)))
                    yield Verdict(
                        id=case.id, family=case.family, check=kind, carrier=carrier.name, by=by, problems=problems
                    )


def _writers(check: str) -> tuple[By, ...]:
    """Return whose answers a kind of check is about."""
    if check in OF_FILES:
        return (By.FILE,)
    return (By.OBEYS, By.BOTH) if check in OF_REQUESTS else (By.QUOTES, By.OBEYS, By.BOTH)


def _spared(benign: Benign, world: World) -> Iterator[Verdict]:
    copied = Model(honest=Draft(says=benign.payload, quote=benign.payload))
    for carrier in plain_carriers(benign.payload):
        loaded = world.load(carrier)
        quoting, writing = world.ask(benign.question), world.ask(benign.question, copied)
        for check, by, problems in (
            ("untouched", By.FILE, untouched(benign, loaded)),
            ("found", By.FILE, found_first(benign, quoting)),
            ("answered", By.QUOTES, answered(benign, quoting)),
            ("answered", By.HONEST, answered(benign, writing)),
        ):
            yield Verdict(
                id=benign.id, family=BENIGN, check=check, carrier=carrier.name, by=by, problems=tuple(problems)
            )


def rows(verdicts: Iterable[Verdict]) -> dict[tuple[str, str], dict[By, tuple[int, int]]]:
    """Return (family, check) → who writes → how many verdicts, how many of them without a problem."""
    counted: dict[tuple[str, str], dict[By, tuple[int, int]]] = defaultdict(dict)
    for each in verdicts:
        n, passed = counted[each.family, each.check].get(each.by, (0, 0))
        counted[each.family, each.check][each.by] = n + 1, passed + (not each.problems)
    return counted


def table(verdicts: Sequence[Verdict]) -> Iterator[str]:
    """Write the counts for a person: verdicts without a problem, of how many, by who writes; then cases."""
    yield "  ".join([f"{'系統':20} {'検査':29}", *(f"{by:>9}" for by in By), "     合計", "  事例"])
    for (family, check), found in rows(verdicts).items():
        cells = [f"{found[by][1]:4}/{found[by][0]:<4}" if by in found else " " * 9 for by in By]
        n, passed = (sum(column) for column in zip(*found.values(), strict=True))
        own = [each for each in verdicts if (each.family, each.check) == (family, check)]
        ids, failed = {each.id for each in own}, {each.id for each in own if each.problems}
        line = "  ".join([f"{family:22} {check:31}", *cells, f"{passed:4}/{n:<4}", f"{len(ids - failed):3}/{len(ids)}"])
        yield line.rstrip()


def failures(verdicts: Iterable[Verdict]) -> Iterator[str]:
    """Write each failing check of each case with its reasons and the files in which it fails."""
    grouped: dict[tuple[str, str, By], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for each in verdicts:
        for problem in each.problems:
            grouped[each.id, each.check, each.by][problem].append(each.carrier)
    for (case, check, by), problems in grouped.items():
        yield f"{case} {check}（{by}）"
        yield from (f"    {problem} ［{'、'.join(names)}］" for problem, names in problems.items())


def left_out(cases: Iterable[Case]) -> dict[str, int]:
    """Return the kinds of checks that are not measured, with how many cases have them."""
    kinds = [check["type"] for case in cases for check in case.checks if check["type"] not in CHECKS]
    return {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)}


def as_json(verdicts: Sequence[Verdict], cases: Sequence[Case]) -> dict[str, Any]:
    """Return what was found, for a program."""
    return {
        "n": len(verdicts),
        "passed": sum(not each.problems for each in verdicts),
        "rows": [
            {"family": family, "check": check, "by": by.name.lower(), "n": n, "passed": passed}
            for (family, check), found in rows(verdicts).items()
            for by, (n, passed) in found.items()
        ],
        "failed": [
            {
                "id": each.id,
                "check": each.check,
                "by": each.by.name.lower(),
                "carrier": each.carrier,
                "problems": each.problems,
            }
            for each in verdicts
            if each.problems
        ],
        "not_measured": left_out(cases),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 0 when nothing fails."""
    parser = argparse.ArgumentParser(
        prog="./x bench attacks", description="文書に仕込まれた指示や偽りが、答えに及ばないことを測ります。"
    )
    parser.add_argument("--case", default="", metavar="前方一致", help="この文字で始まる事例だけを測ります")
    parser.add_argument("--show", action="store_true", help="通らなかった事例と理由を並べます")
    parser.add_argument("--json", action="store_true", help="結果をJSONで出します")
    given = parser.parse_args(arguments)
    corpus = read_corpus()
    cases = [case for case in corpus.cases if case.id.startswith(given.case)]
    benign = [each for each in corpus.benign if each.id.startswith(given.case)]
    if not cases and not benign:
        parser.error(f"{given.case}: この文字で始まる事例がありません。tests/cases/security/ を確かめてください。")
    verdicts = _measured(corpus, lambda world: list(measure(world, cases=cases, benign=benign)))
    failed = [each for each in verdicts if each.problems]
    if given.json:
        print(json.dumps(as_json(verdicts, cases), ensure_ascii=False))
    else:
        print("\n".join(table(verdicts)))
        print(
            f"すべて {len(verdicts) - len(failed)} / {len(verdicts)}、通らなかった事例 {len({each.id for each in failed})}"
        )
        for kind, n in left_out(cases).items():
            print(f"測っていない検査: {kind} {n}件（{NOT_MEASURED[kind]}）")
        if given.show:
            print("\n".join(failures(verdicts)))
    return 1 if failed else 0


def _measured(corpus: Corpus, work: Callable[[World], list[Verdict]]) -> list[Verdict]:
    """Work in a world that is gone afterwards."""
    forget_settings()
    os.environ |= {"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
    logging.disable(logging.WARNING)  # Streamlit's, that no browser is there, and the server's, of each request
    with (
        tempfile.TemporaryDirectory(prefix="kotae-bench-") as folder,
        scripted_server() as script,
        open_world(Path(folder), corpus, script) as world,
    ):
        return work(world)


if __name__ == "__main__":
    sys.exit(main())
