"""Keeps time: the server's, by which claims of different machines are compared, and one that no sleep halts."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

_CLOCK = getattr(time, "CLOCK_BOOTTIME", None)


def steady() -> float:
    """Seconds since some moment in the past, those included in which the machine was suspended.

    Linux halts its monotonic clock meanwhile, and not the one that counts from boot (clock_gettime(2)).
    """
    return time.monotonic() if _CLOCK is None else time.clock_gettime(_CLOCK)


class ServerClock:
    """Server time as of the latest ``Date`` header, plus what has passed since on a steady clock."""

    def __init__(self, monotonic: Callable[[], float] = steady) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._heard: tuple[datetime, float] | None = None

    def hear(self, date: datetime) -> None:
        """Takes over what the server just said (whole seconds, RFC 9110)."""
        with self._lock:
            self._heard = (date, self._monotonic())

    def now(self) -> datetime:
        """Server time, aware, in UTC; before the first answer the local clock has to do."""
        with self._lock:
            heard = self._heard
        if heard is None:
            return datetime.now(UTC)
        date, at = heard
        return date.astimezone(UTC) + timedelta(seconds=self._monotonic() - at)
