"""Knows when a pass has to end, and what is still waited for then."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from worker.remote.clock import steady

FINISHING = 10.0
"""Seconds by which spacing requests out delays the end of a pass at most; a third of the shortest time that `deploy/`
gives a worker between SIGTERM and SIGKILL."""


@dataclass(slots=True)
class Ending:
    """Of one pass, shared by all its threads: it has to end when it is told to, or at its deadline."""

    stop: threading.Event
    deadline: float
    """A moment of ``clock``."""
    clock: Callable[[], float] = steady
    """Seconds."""
    sleep: Callable[[float], None] = time.sleep
    _met: float | None = None
    """When a request that finishes the work in hand first had to wait for its turn."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def remaining(self) -> float:
        """Seconds left; none once the pass was told to stop."""
        return 0.0 if self.stop.is_set() else self.deadline - self.clock()

    def wait(self, seconds: float) -> None:
        """Waits, and no longer than until the pass is told to stop."""
        self.stop.wait(seconds)

    def space(self, seconds: float) -> None:
        """Waits also while the pass ends, for the product counts those requests too: ``FINISHING`` seconds, from the
        deadline or from the first such wait, and not at all after them.
        """
        until = self.clock() + seconds
        self.stop.wait(min(seconds, max(self.deadline + FINISHING - self.clock(), 0.0)))
        if self.remaining() > 0:
            return
        left = min(until, self._first() + FINISHING) - self.clock()
        if left > 0:
            self.sleep(left)

    def _first(self) -> float:
        with self._lock:
            if self._met is None:
                self._met = min(self.clock(), self.deadline)
            return self._met
