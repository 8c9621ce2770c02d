"""kill -9 in the middle of an ingest, again and again: `./x kill`; the next run must leave what a fresh build gives.

The work folder holds the documents, the home and `rounds.jsonl`, a line a round: an interrupted job goes on from there.
"""

from __future__ import annotations

import argparse
import io
import json
import shutil
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random

from rag.adapters.lock import holder
from tests.bench.home_differences import differences
from tests.bench.home_state import State, read_state
from tests.bench.kill_folder import Change, Folder, change_of, folder_before, lay
from tests.bench.process_tree import end_tree, forget_settings
from ui.cli import main as kotae

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "ingest/samples/mihon"
RULES = 200
PATIENCE_SECONDS = 600.0
ENDED_WELL = (0, 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What happened in one round."""

    number: int
    change: Change
    run_seconds: float
    """What a whole run of this kind took last: the moments of the kills lie in it."""
    moments: Sequence[float]
    """Seconds after the start of each run that was to be killed."""
    killed: Sequence[bool]
    """False: that run had ended before."""
    stages: Sequence[str]
    """How far each run had come: `imports`, `catalogue` (some documents stored), `words` (in step with the catalogue) or more."""
    repair_seconds: float
    """The run after the last kill."""
    seconds: float
    differences: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """The work folder of one job."""

    place: Path
    seed: int
    rules: int
    sample: Path | None = SAMPLE

    @property
    def documents(self) -> Path:
        """Return the folder that is ingested."""
        return self.place / "documents"

    @property
    def home(self) -> Path:
        """Return the home whose runs are killed."""
        return self.place / "home"

    @property
    def fresh(self) -> Path:
        """Return the home that is built anew in every round."""
        return self.place / "fresh"

    @property
    def log(self) -> Path:
        """Return the file of the rounds."""
        return self.place / "rounds.jsonl"

    def lay(self, number: int) -> Folder:
        """Bring the documents into the state of a round."""
        folder = folder_before(number, seed=self.seed, rules=self.rules)
        lay(folder, self.documents, sample=self.sample)
        return folder

    def rounds(self) -> list[dict[str, object]]:
        """Return the rounds so far; raises ValueError for a job with another seed or size."""
        if not self.log.exists():
            self.place.mkdir(parents=True, exist_ok=True)
            self.note({"seed": self.seed, "rules": self.rules})
        lines = self.log.read_text(encoding="utf-8").split("\n")[:-1]  # a line that was cut short is no round
        head, *rounds = [json.loads(line) for line in lines]
        if head != {"seed": self.seed, "rules": self.rules}:
            raise ValueError(f"{self.log}: 別の --seed か --rules で始めた仕事です（{head}）。")
        return rounds

    def note(self, line: Mapping[str, object]) -> None:
        """Add a line to the file of the rounds."""
        body = self.log.read_text(encoding="utf-8") if self.log.exists() else ""
        draft = self.log.with_suffix(".new")
        draft.write_text(body[: body.rfind("\n") + 1] + json.dumps(line, ensure_ascii=False) + "\n", encoding="utf-8")
        draft.replace(self.log)


def command(work: Work) -> list[str]:
    """Return the run that is killed."""
    return [sys.executable, "-m", "ui.cli", "--home", str(work.home), "ingest", str(work.documents)]


def run_whole(work: Work) -> float:
    """Let a run end and return its seconds; raises RuntimeError when it fails."""
    started = time.monotonic()
    ended = subprocess.run(
        command(work), check=False, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_SECONDS
    )
    if ended.returncode not in ENDED_WELL:
        raise RuntimeError(f"kotae ingest: {ended.returncode} {ended.stderr.strip()[-500:]}")
    return time.monotonic() - started


def run_killed(work: Work, moment: float) -> float:
    """Kill a run with all that it started, this many seconds after its start; return the seconds it lived."""
    started = time.monotonic()
    process = subprocess.Popen(
        command(work), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        process.wait(timeout=moment)
        return time.monotonic() - started
    except subprocess.TimeoutExpired:
        return moment
    finally:
        end_tree(process)


def revision(home: Path) -> int:
    """Return the revision of a catalogue; 0 where there is none."""
    if not (home / "catalogue.sqlite3").is_file():
        return 0
    # Read only: a look must not tidy up what the kill has left.
    connection = sqlite3.connect(f"file:{home / 'catalogue.sqlite3'}?mode=ro", uri=True)
    try:
        return int(connection.execute("SELECT value FROM counters WHERE name = 'revision'").fetchone()[0])
    except sqlite3.OperationalError:  # killed before its tables were made
        return 0
    finally:
        connection.close()


def stage(home: Path, before: int) -> str:
    """Tell how far a killed run had come that began at this revision."""
    reached = revision(home)
    states = [json.loads(state.read_text(encoding="utf-8"))["revision"] for state in home.glob("words/*/state.json")]
    if reached == before:
        return "imports"
    return "words" if reached in states else "catalogue"


def build_fresh(work: Work) -> State:
    """Build another home from the same documents and return what it holds."""
    shutil.rmtree(work.fresh, ignore_errors=True)
    if (work.home / "models").is_dir():
        shutil.copytree(work.home / "models", work.fresh / "models", ignore=shutil.ignore_patterns("*.tmp*"))
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()) as said:
        status = kotae(["--home", str(work.fresh), "ingest", str(work.documents)])
    if status not in ENDED_WELL:
        raise RuntimeError(f"kotae ingest: {status} {said.getvalue().strip()[-500:]}")
    return read_state(work.fresh)


def clear_home(work: Work, change: Change) -> None:
    """Take away what a round builds anew."""
    for entry in list(work.home.iterdir()) if work.home.is_dir() else []:
        if change is Change.BARE or (change is Change.NEW and entry.name != "models"):
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()


def undisturbed_seconds(work: Work, number: int, known: Mapping[Change, float]) -> float:
    """Return how long the run of this round takes: as the last of its kind, the first measured on a copy of the home."""
    change = change_of(number)
    if change in known:
        return known[change]
    copy = Work(place=work.place / "undisturbed", seed=work.seed, rules=work.rules, sample=work.sample)
    shutil.rmtree(copy.place, ignore_errors=True)
    copy.place.mkdir()
    if work.home.is_dir():
        shutil.copytree(work.home, copy.home)
    copy.documents.symlink_to(work.documents)
    seconds = run_whole(copy)
    shutil.rmtree(copy.place)
    return seconds


def play(work: Work, number: int, known: Mapping[Change, float]) -> Round:
    """Play one round; the home holds the state of the round before, or nothing."""
    started, change = time.monotonic(), change_of(number)
    clear_home(work, change)
    folder = work.lay(number)
    seconds = undisturbed_seconds(work, number, known)
    random = Random(f"{work.seed}-{number}-moments")
    kills = 3 if number % 10 == 0 else 2 if number % 5 == 0 else 1
    moments = [random.uniform(0, seconds) for _ in range(kills)]
    before, lived, stages = revision(work.home), [], []
    for moment in moments:
        lived.append(run_killed(work, moment))
        stages.append(stage(work.home, before))
    repair = run_whole(work)
    found = differences(read_state(work.home), build_fresh(work), origins=folder.origins())
    return Round(
        number=number,
        change=change,
        run_seconds=round(seconds, 2),
        moments=[round(moment, 3) for moment in moments],
        killed=[life == moment for life, moment in zip(lived, moments, strict=True)],
        stages=stages,
        repair_seconds=round(repair, 2),
        seconds=round(time.monotonic() - started, 1),
        differences=found,
    )


def play_on(work: Work, rounds: int) -> bool:
    """Play the rounds that are still to be played; tell whether none has differed, ever."""
    past = work.rounds()
    # The run after a kill does what the killed one had to do: the load of the machine is that of now.
    known = {Change(str(each["change"])): float(str(each["repair_seconds"])) for each in past}
    number = len(past)
    if any(each["differences"] for each in past):
        print(f"{work.log}: 違いのあった仕事です。調べてから、別の --dir で始めてください。", file=sys.stderr)
        return False
    if 0 < number < rounds:  # whatever an interruption left, the next round begins where this one ended
        while holder(work.home):  # a run of the interrupted job may still be at work
            time.sleep(0.2)
        work.lay(number)
        run_whole(work)
    while number < rounds:
        number += 1
        played = play(work, number, known)
        known[played.change] = played.repair_seconds
        work.note(asdict(played))
        print(shown(played), file=sys.stderr, flush=True)
        if played.differences:
            print(f"回 {number}: {played.differences[0]}（ほか {len(played.differences) - 1}件）", file=sys.stderr)
            return False
    return True


def shown(played: Round) -> str:
    """Say in a line how a round went."""
    moments = "、".join(
        f"{moment:.2f}秒（{stage if killed else '終わっていました'}）"
        for moment, killed, stage in zip(played.moments, played.killed, played.stages, strict=True)
    )
    return (
        f"回 {played.number}（{played.change}、全体 {played.run_seconds}秒）: 強制終了 {moments}、"
        f"やり直し {played.repair_seconds}秒、違い {len(played.differences)}件、計 {played.seconds}秒"
    )


def summary(rounds: Sequence[Mapping[str, object]]) -> dict[str, object]:
    """Return the figures of all rounds."""
    kills = [killed for each in rounds for killed in list(each["killed"])]  # type: ignore[call-overload]
    return {
        "rounds": len(rounds),
        "kills": sum(kills),
        "ended_before": len(kills) - sum(kills),
        "stages": dict(Counter(stage for each in rounds for stage in list(each.get("stages", [])))),  # type: ignore[call-overload]
        "different_rounds": [each["number"] for each in rounds if each["differences"]],
        "changes": {change: sum(each["change"] == change for each in rounds) for change in Change},
        "seconds": round(sum(float(str(each["seconds"])) for each in rounds)),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Play the rounds, print one JSON line on stdout and a line a round on stderr; 1 for a difference."""
    parser = argparse.ArgumentParser(
        prog="./x kill", description="取り込みの途中で強制終了し、やり直した結果を確かめる"
    )
    parser.add_argument(
        "--dir", type=Path, metavar="DIR", default=Path(".kotae-kill"), help="仕事の置き場所（既定 .kotae-kill）"
    )
    parser.add_argument(
        "--rounds", type=int, default=100, help="回数（既定 100）。前の続きから、この数になるまで行います"
    )
    parser.add_argument("--seed", type=int, default=1, help="乱数の種（既定 1）")
    parser.add_argument("--rules", type=int, default=RULES, help=f"作る文書の数（既定 {RULES}）")
    given = parser.parse_args(arguments)
    if given.rounds < 1 or given.rules < 20:
        parser.error("--rounds は1以上、--rules は20以上にしてください。")
    forget_settings()
    work = Work(place=given.dir.absolute(), seed=given.seed, rules=given.rules)
    try:
        good = play_on(work, given.rounds)
    except ValueError as error:
        parser.error(str(error))
    print(json.dumps(summary(work.rounds()), ensure_ascii=False))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
