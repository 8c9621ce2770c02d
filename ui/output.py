"""Where results, progress and warnings of the command line go."""

from __future__ import annotations

import json
import sys
import traceback
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

DONE, FAILED, WRONG_USAGE, SET_ASIDE = 0, 1, 2, 3
"""Exit statuses; SET_ASIDE: done, but part of the input was left out and named."""


def keep_traceback(home: Path, error: Exception) -> str:
    """Append an error to the log of the home and return its path; empty where it cannot be written."""
    file = home / "errors.log"
    try:
        with file.open("a", encoding="utf-8") as log:
            told = "".join(traceback.format_exception(error))
            log.write(f"{datetime.now().astimezone().isoformat()}\n{told}\n")
    except OSError:
        return ""
    return str(file)


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """Prints for people, or, with `as_json`, one JSON value on stdout and everything else on stderr."""

    as_json: bool

    def result(self, value: Any, text: str) -> None:
        """Print the result of a command, once; of a command that goes on, once for each of its runs."""
        print(json.dumps(value, ensure_ascii=False) if self.as_json else text, flush=True)

    def note(self, text: str) -> None:
        """Print a line of progress or warning on stderr."""
        print(text, file=sys.stderr, flush=True)

    def progress(self, text: str) -> None:
        """Show a line that the next one overwrites, only where a person is looking."""
        if sys.stderr.isatty():
            print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)
