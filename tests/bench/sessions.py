"""Many people at the page at once: `./x bench sessions`; nothing may go wrong, and nobody may see another's question."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from websockets.exceptions import WebSocketException

from rag.domain import AnswerStatus
from tests.bench.process_tree import cpu_seconds, forget_settings
from tests.bench.streamlit_client import ProtocolError, Screen, Visitor, plain, visit
from tests.scripted import Script, scripted_server
from tests.ui.browsing import page_server
from tests.ui.conftest import copy_home
from ui.words import ask as words
from ui.words import cli

T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "ingest/samples/mihon"
QUESTIONS = (
    "自家用車で出張したときの車賃は1キロメートルいくらですか。",
    "宿泊費の基準額はいくらですか。",
    "夏季休暇はいつまでに取ればよいですか。",
    "病気休暇に診断書は必要ですか。",
    "物品の購入で随意契約にできるのはいくらまでですか。",
    "見積書は何者から取る必要がありますか。",
    "契約書を省略できるのはどんなときですか。",
    "契約保証金が免除されるのはどんな場合ですか。",
    "入札の公告は何日前までに行いますか。",
    "橋梁の老朽化対策について県土整備部長は何と答えましたか。",
)
PATIENCE_SECONDS = 120.0
"""How long a session waits for one answer before that is an error."""
LINGER_SECONDS = 0.3
"""How long a session stays after its last answer, for what comes late."""
MOST_SESSIONS = 999
"""A canary names its session in three digits."""
IN_TEXT = re.compile(r"CANARY-([0-9]{3})-[0-9]{4}")
IN_BYTES = re.compile(rb"CANARY-([0-9]{3})-[0-9]{4}")
ENVIRONMENT: Mapping[str, str] = {
    "KOTAE_CHAT__PROVIDER": "openai",
    "OPENAI_API_KEY": "test",
    "KOTAE_EGRESS__LEVEL": "3A",
    "KOTAE_ANSWER__COVERAGE": "0",  # a canary is a word that no document knows
    "NO_PROXY": "localhost,127.0.0.1",
    "no_proxy": "localhost,127.0.0.1",
}
ANSWERED = frozenset({cli.STATUSES[AnswerStatus.ANSWERED], cli.STATUSES[AnswerStatus.PARTIAL]})
_EVIDENCE = re.compile(r"^\[(\d+)\] .+\n((?:(?!\[\d+\] |（前後の定め).+\n?)+)", re.MULTILINE)
"""A piece of evidence in the prompt: its number, and its text up to an empty line or its context (prompts/answer_evidence.md)."""
_BREAK = re.compile(r"(?<=。)|\n")
_QUESTION = re.compile(r'<h2 class="kotae-question">.*?</h2>', re.DOTALL)


def canary(session: int, number: int) -> str:
    """Return a word that stands in one question of one session and nowhere else."""
    return f"CANARY-{session:03}-{number:04}"


def question(session: int, number: int) -> str:
    """Return a question about the sample with its canary."""
    return f"{QUESTIONS[(session + number) % len(QUESTIONS)]}（整理番号 {canary(session, number)}）"


def write_answer(body: Mapping[str, Any]) -> str:
    """Answer a chat request as a language model would: copied sentences with their quotes, and the question's canary."""
    prompt = "\n".join(str(message["content"]) for message in body["messages"][1:])
    found = IN_TEXT.search(prompt)
    number = found[0] if found else "CANARY"
    lines = []
    for part, (source, text) in zip(("結論", "根拠", "根拠"), _EVIDENCE.findall(prompt), strict=False):
        sentence = max(_BREAK.split(text), key=len).strip()
        lines.append(f"【{part}】{sentence.rstrip('。')}（{number}）[{source}]「{sentence}」")
    return "\n".join(lines)


@dataclass(slots=True)
class Record:
    """What one session went through."""

    session: int
    times_ms: list[float] = field(default_factory=list)
    """Question sent → answer whole, of each question that was answered without an error."""
    asked: int = 0
    errors: list[str] = field(default_factory=list)
    foreign: set[str] = field(default_factory=set)
    """Canaries of other sessions that came to this one."""

    def witness(self, message: bytes) -> None:
        """Look through a message for what belongs to somebody else."""
        own = f"{self.session:03}".encode()
        self.foreign |= {found[0].decode() for found in IN_BYTES.finditer(message) if found[1] != own}

    def leaks(self) -> list[str]:
        """Return what this session should not have seen."""
        return [f"セッション{self.session:03}に {each} が届きました" for each in sorted(self.foreign)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What was measured; times are from the sending of a question until its answer stands whole on the page."""

    sessions: int
    seconds: float
    """From the first connection until the last answer."""
    questions: int
    errors: Sequence[str]
    leaks: Sequence[str]
    p50_ms: int
    p95_ms: int
    peak_rss_mb: int
    """Of the page's process since it started."""
    cpu_ms_per_question: int
    """Of the page's process, in all its threads."""
    rate_per_second: float
    machine: Mapping[str, Any]
    """`load`: the machine's load of one minute, before and after."""

    def is_good(self) -> bool:
        """Tell whether nothing went wrong and nothing leaked."""
        return not self.errors and not self.leaks

    def summary(self) -> str:
        """Return the outcome for people."""
        before, after = self.machine["load"]
        lines = [
            f"{self.sessions}セッションで{self.seconds:.0f}秒: 質問 {self.questions}件（毎秒 {self.rate_per_second}件）",
            f"誤り {len(self.errors)}件、他人の質問の混入 {len(self.leaks)}件",
            f"答えがそろうまで: 中央値 {self.p50_ms / 1000:.1f}秒、95% {self.p95_ms / 1000:.1f}秒",
            f"画面のプロセス: 最大メモリ {self.peak_rss_mb}MB、CPU 1問あたり {self.cpu_ms_per_question}ミリ秒",
            f"測った機械: {self.machine['cores']}コア、負荷 {before} → {after}",
        ]
        lines += [f"  ✗ 誤り {each}" for each in self.errors[:20]]
        lines += [f"  ✗ 混入 {each}" for each in self.leaks[:20]]
        return "\n".join(lines)


def problems(screen: Screen, asked: str, mark: str) -> list[str]:
    """Return what is wrong with the page on which this question should now stand answered, alerts aside."""
    shown = "\n".join(screen.html())
    pieces = _QUESTION.split(shown)
    headings = [plain(each) for each in _QUESTION.findall(shown)]
    at = next((at for at, heading in enumerate(headings) if heading.endswith(asked)), None)
    if at is None:
        return ["質問が見出しにありません"]
    answer = plain(pieces[at + 1])
    if not any(status in answer for status in ANSWERED):
        return [f"答えがありません「{' '.join(answer.split())[:80]}」"]
    if mark not in answer:
        return ["この質問への答えではありません"]
    if words.open_source(1) not in screen.labels():
        return ["出典がありません"]
    return []


async def use_page(url: str, record: Record, ends: float) -> None:
    """Ask question after question until the time is up; whatever goes wrong is noted, and a lost connection ends it."""
    number = 0
    try:
        async with visit(url, record.witness) as visitor:
            record.errors += [f"{record.session:03}: {alert}" for alert in visitor.screen.alerts()]
            while number == 0 or time.monotonic() < ends:
                number += 1
                await ask_once(visitor, record, number)
            await visitor.linger(LINGER_SECONDS)
    except TimeoutError:
        record.errors.append(f"{canary(record.session, number)}: {PATIENCE_SECONDS:.0f}秒たっても答えがありません")
    except (OSError, WebSocketException, ProtocolError) as error:
        record.errors.append(f"{canary(record.session, number)}: 接続が切れました（{type(error).__name__}: {error}）")


async def ask_once(visitor: Visitor, record: Record, number: int, *, text: str = "") -> None:
    """Ask one question (`text`; empty: the session's own next one) and note how it went; raises TimeoutError."""
    asked = text or question(record.session, number)
    before = Counter(visitor.screen.alerts())
    record.asked += 1
    started = time.monotonic()
    async with asyncio.timeout(PATIENCE_SECONDS):
        await visitor.ask(asked)
    took_ms = (time.monotonic() - started) * 1000
    mark = canary(record.session, number)
    wrong = [f"警告の表示「{alert}」" for alert in Counter(visitor.screen.alerts()) - before]
    wrong += problems(visitor.screen, asked, mark)
    record.errors += [f"{mark}: {problem}" for problem in wrong]
    if not wrong:
        record.times_ms.append(took_ms)


async def use_together(url: str, sessions: int, seconds: float) -> list[Record]:
    """Let all sessions come at the same time."""
    records = [Record(session) for session in range(1, sessions + 1)]
    ends = time.monotonic() + seconds
    await asyncio.gather(*(use_page(url, record, ends) for record in records))
    return records


def run_apart(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine in a thread of its own: the browser of other tests may hold a loop in this one."""
    with ThreadPoolExecutor(max_workers=1) as apart:
        return apart.submit(asyncio.run, work).result()


def measure(url: str, script: Script, sessions: int, seconds: float) -> Outcome:
    """Warm the page up with one question, then measure; `script` is the model that the page asks."""
    warm = Record(0)
    run_apart(use_page(url, warm, 0.0))
    process = page_process(url)
    load = os.getloadavg()[0]
    cpu, started = cpu_seconds([int(process.name)]), time.monotonic()
    records = run_apart(use_together(url, sessions, seconds))
    took = time.monotonic() - started
    cpu = cpu_seconds([int(process.name)]) - cpu
    records.append(warm)
    times = sorted(each for record in records if record is not warm for each in record.times_ms)
    asked = sum(record.asked for record in records if record is not warm)
    return Outcome(
        sessions=sessions,
        seconds=round(took, 1),
        questions=asked,
        errors=[error for record in records for error in record.errors],
        leaks=[leak for record in records for leak in record.leaks()] + mixed_prompts(script),
        p50_ms=percentile(times, 50),
        p95_ms=percentile(times, 95),
        peak_rss_mb=peak_rss_mb(process),
        cpu_ms_per_question=round(cpu * 1000 / max(1, asked)),
        rate_per_second=round(asked / took, 2),
        machine={"cores": os.cpu_count(), "load": [round(load, 1), round(os.getloadavg()[0], 1)]},
    )


def mixed_prompts(script: Script) -> list[str]:
    """Return the requests to the model in which the questions of two sessions stand."""
    found = []
    for received in script.requests:
        owners = set(IN_TEXT.findall(received.prompt))
        if len(owners) > 1:
            found.append(f"言語モデルへの1つの依頼に、セッション{'と'.join(sorted(owners))}の質問が入りました")
    return found


def percentile(times: Sequence[float], share: int) -> int:
    """Return the nearest-rank percentile of sorted times; 0 for none."""
    return round(times[max(0, -(-len(times) * share // 100) - 1)]) if times else 0


def page_process(url: str) -> Path:
    """Return the folder in /proc of the process that serves this address."""
    ending = f"--port\0{urlsplit(url).port}\0".encode()
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # a process that has just ended
            if (folder / "cmdline").read_bytes().endswith(ending):
                return folder
    raise LookupError(f"{url}: no process serves it")


def peak_rss_mb(process: Path) -> int:
    """Return the most memory that a process has held."""
    found = re.search(r"VmHWM:\s+(\d+) kB", (process / "status").read_text(encoding="ascii", errors="replace"))
    return int(found[1]) // 1024 if found else 0


@contextmanager
def served_page(home: Path, log: Path, *, delay_seconds: float) -> Iterator[tuple[str, Script]]:
    """The page on this home with a scripted model behind it; its address and the script."""
    with scripted_server() as script:
        script.writer, script.delay_seconds = write_answer, delay_seconds
        with page_server(home, log, **ENVIRONMENT, KOTAE_CHAT__BASE_URL=f"{script.url}/v1") as url:
            yield url, script


def prepare_home(given: str | None, home: Path) -> None:
    """Copy the home that was given, or make one of the sample prefecture."""
    if given:
        copy_home(Path(given).resolve(), home)
        return
    command = [sys.executable, "-m", "ui.cli", "--home", str(home), "ingest", str(SAMPLE)]
    subprocess.run(command, check=True, cwd=ROOT, stdout=sys.stderr)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print one JSON line on stdout and a summary on stderr; 1 for an error or a leak."""
    parser = argparse.ArgumentParser(prog="./x bench sessions", description="画面を大勢が同時に使ったときの誤りと速さ")
    parser.add_argument("--sessions", type=int, default=50, help="同時に使う人数（既定 50）")
    parser.add_argument("--seconds", type=float, default=120.0, help="続ける秒数（既定 120）")
    parser.add_argument("--delay", type=float, default=2.0, help="言語モデルの代役が1つの答えにかける秒数（既定 2）")
    parser.add_argument("--home", metavar="DIR", help="見本を取り込んだホーム。写しを使います（既定は新しく作ります）")
    given = parser.parse_args(arguments)
    if not 1 <= given.sessions <= MOST_SESSIONS:
        parser.error(f"--sessions: 1から{MOST_SESSIONS}までの数を指定してください。")
    forget_settings()
    os.environ |= {name: value for name, value in ENVIRONMENT.items() if name.lower() == "no_proxy"}
    with tempfile.TemporaryDirectory(prefix="kotae-sessions-") as folder:
        home, log = Path(folder) / "home", Path(folder) / "server.log"
        prepare_home(given.home, home)
        with served_page(home, log, delay_seconds=given.delay) as (url, script):
            outcome = measure(url, script, given.sessions, given.seconds)
        print(json.dumps(asdict(outcome), ensure_ascii=False))
        print(outcome.summary(), file=sys.stderr)
        if not outcome.is_good():
            for file in (log, home / "errors.log"):
                if file.exists() and (text := file.read_text(encoding="utf-8", errors="replace")).strip():
                    print(f"--- {file.name}\n{text[-6000:]}", file=sys.stderr)
    return 0 if outcome.is_good() else 1


if __name__ == "__main__":
    sys.exit(main())
