"""How fast a long run goes, and how long it will still take."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

ENOUGH_SECONDS = 5.0
ENOUGH_FILES = 5
"""Before both have passed a pace would be a guess, and nothing is said."""
WINDOW = 200
"""Files over which the pace is measured: it follows a folder of large files."""


@dataclass(slots=True, kw_only=True)
class Pace:
    """The pace of one run, from what it tells of itself."""

    clock: Callable[[], float] = time.monotonic
    _seen: deque[tuple[float, int]] = field(default_factory=lambda: deque(maxlen=WINDOW))

    def per_minute(self, done: int) -> float | None:
        """Return files a minute, as seen over the last ones; None: too early to say."""
        now = self.clock()
        if self._seen and done < self._seen[-1][1]:
            self._seen.clear()
        self._seen.append((now, done))
        start, before = self._seen[0]
        if done - before < ENOUGH_FILES or now - start < ENOUGH_SECONDS:
            return None
        return (done - before) / (now - start) * 60

    @staticmethod
    def minutes_left(per_minute: float | None, left: int) -> float | None:
        """Return how many minutes the rest will take; None: nothing can be said, or nothing is left."""
        return left / per_minute if per_minute and left else None
