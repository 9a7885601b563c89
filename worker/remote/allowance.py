"""Knows whether a pass may send anything more: its cap on requests, its end, and products whose quota is used up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from worker.errors import Exhausted, LimitTooLow


def _never() -> None:
    """Nothing ends the pass but its requests."""


@dataclass(slots=True)
class Allowance:
    """Shared by both products and all threads of a pass."""

    requests: Callable[[], int] = int
    """Attempts over the wire so far."""
    most: int | None = None
    """After so many the pass begins nothing more."""
    _ends: Callable[[], Exhausted | LimitTooLow | None] = _never
    _finishing: bool = False
    _used_up: dict[str, Exhausted] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def check(self, product: str) -> None:
        """Raises Exhausted where the product may not be asked anything more, and, while the pass still reads, what ends
        it; LimitTooLow where that is its cap.

        What is begun is finished beyond that: half a page's work costs the next pass more than its end costs now.
        """
        with self._lock:
            used_up = self._used_up.get(product)
        if used_up is not None:
            raise used_up
        if not self._finishing and (ended := self._too_low() if self._capped() else self._ends()) is not None:
            raise ended

    def read_until(self, ends: Callable[[], Exhausted | LimitTooLow | None]) -> None:
        """From here to ``finish`` the pass reads, and what ``ends`` gives ends it before its next request."""
        self._ends = ends

    def use_up(self, product: str, why: Exhausted) -> Exhausted:
        """The product takes nothing more for longer than the pass waits; gives what to raise, of several the first."""
        with self._lock:
            return self._used_up.setdefault(product, why)

    def finish(self) -> None:
        """Everything is read, and single pages are worked on from here. LimitTooLow where not one may be begun."""
        if isinstance(ended := self._too_low() if self._capped() else self._ends(), LimitTooLow):
            raise ended
        self._finishing = True

    def used_up(self) -> Exhausted | None:
        """Why a product takes nothing more; None as long as both do."""
        with self._lock:
            return next(iter(self._used_up.values()), None)

    def ended(self) -> Exhausted | None:
        """Why no further page may be begun; None as long as one may."""
        if (used_up := self.used_up()) is not None or not self._capped():
            return used_up
        return Exhausted(f"the pass has sent the {self.most} requests that MAX_REQUESTS_PER_PASS allows")

    def _capped(self) -> bool:
        return self.most is not None and self.requests() >= self.most

    def _too_low(self) -> LimitTooLow:
        met = f"the pass had sent {self.requests()} requests when it met MAX_REQUESTS_PER_PASS ({self.most})"
        why = "all of them to read, so no page could be begun, and a pass that reads as much ends like this again"
        return LimitTooLow(f"{met}, {why}: raise MAX_REQUESTS_PER_PASS; a “plan” without it tells what reading takes")
