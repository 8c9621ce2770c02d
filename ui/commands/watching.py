"""Run again and again while files change, and end cleanly."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from ingest.watch import Watch
from rag.errors import BusyError, KotaeError
from ui.output import Output
from ui.words import cli as words

BUSY_SECONDS = 5.0
"""Between two tries while another process writes."""


def keep_running(run: Callable[[], bool], watch: Watch, output: Output) -> None:
    """Run for every round; the first failure ends it, a later one is said once and tried again.

    `run` tells whether the next look should lead to a run even when nothing has changed. While another process writes,
    wait; the lock is held only inside `run`.
    """
    said = ""
    for number, _ in enumerate(watch.rounds()):
        try:
            if _run_when_free(run, watch, output):
                watch.try_again()
            said = ""
        except KotaeError as error:
            if number == 0:
                raise
            if str(error) != said:
                said = str(error)
                output.note(words.error(said))
            watch.try_again()
        if number == 0 and not watch.stop.is_set():
            output.note(words.WATCHING)
    output.note(words.WATCHED)


def _run_when_free(run: Callable[[], bool], watch: Watch, output: Output) -> bool:
    said = False
    while not watch.stop.is_set():
        try:
            return run()
        except BusyError as error:
            if not said:
                output.note(words.waiting_for(str(error)))
            said = True
            watch.pause(BUSY_SECONDS)
    return False


@contextmanager
def stopping_cleanly(stop: threading.Event) -> Iterator[None]:
    """Let SIGINT and SIGTERM set `stop` inside the block; a second SIGINT interrupts at once."""

    def ask(number: int, _frame: FrameType | None) -> None:
        if stop.is_set() and number == signal.SIGINT:
            raise KeyboardInterrupt
        stop.set()

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
