"""So much a minute, and how long to wait before trying again."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

BURST_SECONDS: Final = 10.0
"""What may go out at once after a rest: so many seconds' worth, since servers look at less than a minute."""
LONGEST_PAUSE_SECONDS: Final = 20.0
"""Between two tries where the server asks nothing."""


class Allowance:
    """A bucket that fills evenly; what is more than it holds is taken on credit, and the credit is waited for."""

    def __init__(
        self,
        per_minute: int,
        *,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """Fill at `per_minute`; 0: there is no limit."""
        self._rate = per_minute / 60
        self._clock = clock
        self._pause = pause
        self._left = self._rate * BURST_SECONDS
        self._at = clock()

    def take(self, amount: int) -> None:
        """Wait until `amount` may be spent, and spend it."""
        if not self._rate:
            return
        now = self._clock()
        self._left = min(self._rate * BURST_SECONDS, self._left + (now - self._at) * self._rate) - amount
        self._at = now
        if self._left < 0:
            self._pause(-self._left / self._rate)


def pause_seconds(attempt: int, *, asked: float, chance: float) -> float:
    """Return how long to wait after the first, second, … attempt: what the server asked, else twice as long each time.

    `chance`, 0 to 1, spreads the tries of many programs: up to a tenth above what was asked, else down to half.
    """
    if asked:
        return asked * (1 + chance / 10)
    return min(LONGEST_PAUSE_SECONDS, 2.0 ** (attempt - 1)) * (1 - chance / 2)
