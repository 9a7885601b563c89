"""Decides how long to wait before a request is repeated, and when to give up."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt

from worker.errors import WorkerError
from worker.remote.clock import steady

ATTEMPTS = 5
FIRST, LONGEST = 2.0, 30.0
"""Seconds: base and cap of the doubling wait that Atlassian advises, with a jitter factor of 0.7 to 1.3."""
LONGEST_ASKED = 120.0
"""Seconds: a pass does not stand still for longer, whatever ``Retry-After`` says; the next one goes on instead."""


class Again(Exception):
    """This attempt failed in a way that may pass: ``error`` is what to raise when patience ends."""

    def __init__(self, error: WorkerError, at_least: float = 0.0, *, cause: str) -> None:
        """``at_least`` is how many seconds the server asks to wait; ``cause`` is what happened, in a few words."""
        super().__init__(str(error))
        self.error = error
        self.at_least = at_least
        self.cause = cause


def jitter() -> float:
    """A factor from 0.7 to 1.3."""
    return random.uniform(0.7, 1.3)  # noqa: S311 — spreads load, guards nothing


@dataclass(frozen=True, slots=True)
class Patience:
    """How a gateway waits. Tests hand in a ``sleep`` and a ``space`` that take no time."""

    sleep: Callable[[float], None] = time.sleep
    space: Callable[[float], None] = time.sleep
    """Waits for a turn, which only spaces requests out; unlike ``sleep`` it does not end because the pass does."""
    remaining: Callable[[], float] = lambda: math.inf
    """Seconds left for the whole pass; a wait that does not fit is not begun."""
    jitter: Callable[[], float] = jitter
    clock: Callable[[], float] = steady
    attempts: int = ATTEMPTS
    """How often a request is sent at most."""

    def retrying(self, within: float, on_wait: Callable[[Again, float], None]) -> Retrying:
        """Repeats a call as long as it raises ``Again``: so many attempts, never past the deadline, and none that
        would begin later than ``within`` seconds after the first, also where a wait took longer than it was to take.

        ``on_wait`` hears before each wait why it is made and how many seconds it takes.
        """
        began = self.clock()

        def ends(state: RetryCallState) -> bool:
            wait = state.upcoming_sleep
            late = self.clock() - began + wait > within
            return stop_after_attempt(self.attempts)(state) or not self.fits(wait) or late

        def pause(state: RetryCallState) -> None:
            failure = state.outcome.exception() if state.outcome else None
            if not isinstance(failure, Again):
                return
            on_wait(failure, state.upcoming_sleep)
            whole = self.slept(state.upcoming_sleep)
            if not whole or self.clock() - began > within:
                raise failure

        return Retrying(
            retry=retry_if_exception_type(Again),
            wait=self._wait,
            stop=ends,
            sleep=_done_before,
            before_sleep=pause,
            reraise=True,
        )

    def fits(self, seconds: float) -> bool:
        """Whether such a wait may be begun: it ends before the pass has to, and is none for a later pass."""
        return seconds <= min(self.remaining(), LONGEST_ASKED)

    def slept(self, seconds: float) -> bool:
        """Waits; False when the wait was cut short because the pass has to end, so that it proves nothing."""
        until = self.clock() + seconds
        self.sleep(seconds)
        return self.clock() >= until or self.remaining() > 0

    def _wait(self, state: RetryCallState) -> float:
        failure = state.outcome.exception() if state.outcome else None
        asked = failure.at_least if isinstance(failure, Again) else 0.0
        doubled: float = FIRST * 2 ** (state.attempt_number - 1)
        return max(asked, min(LONGEST, doubled) * self.jitter())


def _done_before(_seconds: float) -> None:
    """Tenacity's own wait: the pause is over by then, so that what it made too late is never sent."""


def asked_wait(headers: Mapping[str, str]) -> float:
    """Seconds that ``Retry-After`` asks for (a number or an HTTP date, RFC 9110), at least 0.

    A date is compared with the answer's own ``Date``, so a wrong local clock does no harm.
    """
    value = headers.get("Retry-After", "").strip()
    if not value:
        return 0.0
    try:
        seconds = float(value)
    except ValueError:
        until = http_date(value)
        if until is None:
            return 0.0
        seconds = (until - (http_date(headers.get("Date", "")) or datetime.now(UTC))).total_seconds()
    return max(seconds, 0.0) if math.isfinite(seconds) else 0.0


def http_date(value: str) -> datetime | None:
    """An HTTP date as an aware time, None when it is not one."""
    try:
        found = parsedate_to_datetime(value)
    except (TypeError, ValueError, IndexError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
