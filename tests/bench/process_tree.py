"""A process with all that it started: who they are, and the most memory that they held together."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

LOOK_SECONDS = 0.1
MOST_MB = 7_000
"""A tree that holds more is ended, so that a measurement is safe on a machine of 8 GB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """How a program ended."""

    status: int
    out: str
    err: str
    seconds: float
    cpu_seconds: float
    """Processor time of the program and of all that it waited for, in all their threads."""
    peak_mb: int
    """Sum of the resident memory of the tree, shared pages counted for each, at its highest; looked at every 0.1 seconds."""


def forget_settings() -> None:
    """Take out of the environment what the person who measures has set for a Kotae of their own.

    The word vectors embed: what is measured is the rest, beside which multilingual-e5-small would be nearly all of the time.
    """
    for name in [name for name in os.environ if name.startswith("KOTAE_")]:
        del os.environ[name]
    os.environ["KOTAE_EMBEDDING__PROVIDER"] = "chive"


def descendants(parent: int) -> list[int]:
    """Return the processes below one, those of other groups too."""
    below: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, ValueError, IndexError):  # one that has just ended
            words = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            below.setdefault(int(words[1]), []).append(int(stat.parent.name))
    found, waiting = [], [parent]
    while waiting:
        nearest = below.get(waiting.pop(), [])
        found += nearest
        waiting += nearest
    return found


def end_tree(process: subprocess.Popen[bytes]) -> None:
    """Kill a process that was started here, with all that it started (SIGKILL), and wait for it."""
    for one in [process.pid, *descendants(process.pid)] if process.poll() is None else []:
        with suppress(ProcessLookupError):
            os.kill(one, signal.SIGKILL)
    process.wait()


def resident_mb(pids: Sequence[int]) -> float:
    """Return the resident memory of these processes together."""
    pages = 0
    for pid in pids:
        with suppress(OSError, ValueError, IndexError):
            pages += int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1024 / 1024


def cpu_seconds(pids: Sequence[int]) -> float:
    """Return the processor time of these processes together, in all their threads (proc_pid_stat(5), utime and stime)."""
    ticks = 0
    for pid in pids:
        with suppress(OSError, ValueError, IndexError):
            stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
            ticks += sum(int(word) for word in stat.rpartition(")")[2].split()[11:13])
    return ticks / os.sysconf("SC_CLK_TCK")


def ended_cpu_seconds() -> float:
    """Return the processor time of every process that was started here and has ended, with those that it waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def watch(command: Sequence[str], *, cwd: Path) -> Watched:
    """Run a program to its end; raises MemoryError when its tree passes MOST_MB."""
    started, used, peak = time.monotonic(), ended_cpu_seconds(), 0.0
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        process = subprocess.Popen(command, cwd=cwd, stdout=out, stderr=err)
        try:
            while process.poll() is None:
                peak = max(peak, resident_mb([process.pid, *descendants(process.pid)]))
                if peak > MOST_MB:
                    raise MemoryError(f"{peak:.0f}MB")
                with suppress(subprocess.TimeoutExpired):
                    process.wait(timeout=LOOK_SECONDS)
            seconds = time.monotonic() - started
        finally:
            end_tree(process)
        out.seek(0)
        err.seek(0)
        said = out.read(), err.read()
    return Watched(
        status=process.returncode,
        out=said[0],
        err=said[1],
        seconds=seconds,
        cpu_seconds=ended_cpu_seconds() - used,
        peak_mb=round(peak),
    )
