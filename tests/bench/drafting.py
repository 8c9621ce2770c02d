"""A whole sitting in one night: `./x bench drafting [--items 350] [--seconds 2] [--kills 3]`.

A notice of so many items, no two alike, made from the subjects of the sample's minutes, is drafted by `kotae draft` in a home with the sample:
with a scripted language model that takes so many seconds for an answer, killed (kill -9) so many times on the way; through a batch, killed as often;
and without a language model. Counted are the time over all starts, the requests sent, what is in the folder at the end, and
the most memory of the process. Ends with 1 where the time passes 30 minutes, an item or a file is missing, more was asked again than was on its
way at the kills, or the memory of the second half of a run passes that of the first by a quarter.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eval.passages import temporary_home
from rag.wiring import home_path
from tests.bench.declining import sample_home
from tests.scripted import Script, scripted_server
from tests.ui.test_draft import honest
from ui.draft_state import STATE

ROOT = Path(__file__).resolve().parents[2]
DAY = "2026-12-10"
CONCURRENCY = 8
MOST_SECONDS, MOST_GROWTH = 1800.0, 1.25
SUBJECTS = (
    "宿泊税 避難所の冷房 橋梁の老朽化 生成AIの活用 教員の働き方改革 保育士の確保 医師の偏在 地域公共交通 観光の振興 農業の担い手"
    " 介護人材の確保 電子申請 県立高校の再編 河川の改修 空き家の対策 再生可能エネルギー 移住の促進 商店街の活性化 いじめの対策 防災訓練"
).split()
ASKED = (
    "現状をどのように認識しているか",
    "今後の取組を問う",
    "これまでの成果と課題を問う",
    "国の動きを踏まえた県の考えを問う",
    "市町村との連携をどのように進めるのか",
    "財源の見通しを問う",
    "目標の達成の見込みを問う",
)


@dataclass(slots=True, kw_only=True)
class Ran:
    """What a run over all its starts came to."""

    name: str
    seconds: float = 0.0
    starts: int = 0
    requests: int = 0
    items: int = 0
    files: int = 0
    failed: int = 0
    memory_mb: list[float] = field(default_factory=list)
    """Resident, twice a second, of the last start that was not killed."""

    @property
    def growth(self) -> float:
        """Return the most memory of the second half as a share of that of the first."""
        half = len(self.memory_mb) // 2
        return max(self.memory_mb[half:], default=0.0) / max(self.memory_mb[:half], default=1.0) if half else 1.0


def write_notice(file: Path, count: int, seed: int = 1) -> None:
    """Write a notice of so many items as a sheet of rows."""
    picked = random.Random(seed)
    with file.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(("議員", "会派", "大項目", "番号", "質問の要旨", "答弁者"))
        for number in range(count):
            subject = SUBJECTS[number % len(SUBJECTS)]
            place = f"第{number // len(SUBJECTS) + 1}地区"
            asked = picked.choice(ASKED)
            rows.writerow(
                (
                    f"議員{number // 20 + 1}",
                    "会派",
                    f"{subject}について",
                    number % 20 + 1,
                    f"{place}の{subject}について、{asked}。",
                    "知事",
                )
            )


def command(home: Path, notice: Path, out: Path) -> list[str]:
    """Return the command line of one start."""
    options = ["--json", "--home", str(home), "draft", str(notice), "--out", str(out), "--day", DAY]
    return [sys.executable, "-P", "-m", "ui.cli", *options]


def done(out: Path) -> int:
    """Count the items that are drafted."""
    file = out / STATE
    lines = file.read_bytes().splitlines() if file.exists() else []
    return len({line.split(b'"key"', 1)[0] for line in lines})


def resident_mb(pid: int) -> float:
    """Return the memory of a process; 0 where it is over."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS")), 0.0)


def start(
    ran: Ran, given: Sequence[str], out: Path, environment: Mapping[str, str], kill_at: int | None
) -> dict[str, Any] | None:
    """Run once; None where it was killed, when so many items were done."""
    begun = time.monotonic()
    ran.starts += 1
    memory: list[float] = []
    with tempfile.TemporaryFile() as said:  # a pipe would be full before the report is out
        running = subprocess.Popen(
            given,
            cwd=ROOT,
            env={**os.environ, **environment, "PYTHONPATH": str(ROOT)},
            stdout=said,
            stderr=subprocess.DEVNULL,
        )
        while kill_at is not None and running.poll() is None:
            if done(out) >= kill_at:
                running.send_signal(signal.SIGKILL)
                break
            time.sleep(0.1)
        while kill_at is None and running.poll() is None:
            memory.append(resident_mb(running.pid))
            with suppress(subprocess.TimeoutExpired):
                running.wait(0.5)
        running.wait()
        said.seek(0)
        told = said.read()
    ran.seconds += time.monotonic() - begun
    if running.returncode == -signal.SIGKILL:
        return None
    ran.memory_mb = [each for each in memory if each]
    value: dict[str, Any] = json.loads(told)
    return value


def measure(
    name: str,
    home: Path,
    notice: Path,
    out: Path,
    *,
    environment: Mapping[str, str],
    kills: Sequence[int],
    server: Script | None,
) -> Ran:
    """Run with these kills, then to the end, and look at what is there."""
    ran = Ran(name=name)
    for kill_at in kills:
        start(ran, command(home, notice, out), out, environment, kill_at)
    value = start(ran, command(home, notice, out), out, environment, None) or {"items": []}
    ran.requests = len([each for each in server.requests if each.path.endswith("/chat/completions")]) if server else 0
    ran.items = len({json.loads(line)["id"] for line in (out / STATE).read_text(encoding="utf-8").splitlines()})
    ran.files = len(list(out.glob("*.docx")))
    ran.failed = sum(each["status"] == "failed" for each in value["items"])
    return ran


def missed(ran: Ran, items: int, kills: int) -> Iterator[str]:
    """Yield what does not hold."""
    if ran.seconds > MOST_SECONDS:
        yield f"{ran.name}: {ran.seconds:.0f}秒（{MOST_SECONDS:.0f}秒まで）"
    if (ran.items, ran.files, ran.failed) != (items, items, 0):
        yield f"{ran.name}: 案 {ran.items}、Word {ran.files}、書けなかったもの {ran.failed}（{items} 問）"
    if ran.requests > items + kills * CONCURRENCY:
        yield f"{ran.name}: {ran.requests} 回頼みました（{items} 問と、{kills} 回の中断で届かなかった分まで）"
    if ran.growth > MOST_GROWTH:
        yield f"{ran.name}: メモリが後半に {ran.growth:.2f} 倍"


def main(given: Sequence[str] | None = None) -> int:
    """Measure the three ways; 1 where something does not hold."""
    parser = argparse.ArgumentParser(prog="./x bench drafting", description="一晩で書く答弁案の時間・中断・メモリ")
    parser.add_argument("--items", type=int, default=350, metavar="N", help="質問の数")
    parser.add_argument("--seconds", type=float, default=2.0, metavar="S", help="言語モデルが1つの答えにかける秒数")
    parser.add_argument("--kills", type=int, default=3, metavar="N", help="途中で止める（kill -9）回数")
    arguments = parser.parse_args(given)
    problems: list[str] = []
    with tempfile.TemporaryDirectory(prefix="kotae-drafting-") as folder, temporary_home(home_path(None)) as opened:
        place = Path(folder)
        sample_home(opened)
        notice = place / "通告.csv"
        write_notice(notice, arguments.items)
        at = [arguments.items * number // (arguments.kills + 1) for number in range(1, arguments.kills + 1)]
        print("書き方\t秒\t起動\t依頼\t案\tWord\t失敗\tメモリ前半/後半（MB）")
        for name, extra in (
            ("言語モデル", {}),
            ("一括", {"KOTAE_DRAFT__BATCH": "true"}),
            ("言語モデルなし", None),
        ):
            with scripted_server() as server:
                server.writer, server.delay_seconds = honest, arguments.seconds
                model = {
                    "KOTAE_CHAT__PROVIDER": "openai",
                    "KOTAE_CHAT__BASE_URL": f"{server.url}/v1",
                    "KOTAE_EGRESS__LEVEL": "3B",
                    "KOTAE_DRAFT__CONCURRENCY": str(CONCURRENCY),
                    "OPENAI_API_KEY": "test",
                }
                ran = measure(
                    name,
                    opened.path,
                    notice,
                    place / name,
                    environment={} if extra is None else model | extra,
                    kills=at,
                    server=server if extra is not None else None,
                )
            half = len(ran.memory_mb) // 2
            memory = f"{max(ran.memory_mb[:half], default=0):.0f}/{max(ran.memory_mb[half:], default=0):.0f}"
            print(
                f"{name}\t{ran.seconds:.0f}\t{ran.starts}\t{ran.requests}\t{ran.items}\t{ran.files}\t{ran.failed}\t{memory}",
                flush=True,
            )
            problems += missed(ran, arguments.items, len(at))
    for problem in problems:
        print(f"目標に届きません: {problem}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
