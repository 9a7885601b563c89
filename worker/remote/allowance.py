"""Knows whether a pass may send anything more: a cap on its requests, and products whose quota is used up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from worker.errors import Exhausted


@dataclass(slots=True)
class Allowance:
    """Shared by both products and all threads of a pass."""

    requests: Callable[[], int] = int
    """Attempts over the wire so far."""
    most: int | None = None
    """After so many the pass begins nothing more."""
    _finishing: bool = False
    _used_up: dict[str, Exhausted] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def check(self, product: str) -> None:
        """Raises Exhausted where the product may not be asked anything more.

        What is begun is finished beyond the cap: half a page's work costs the next pass more than its end costs now.
        """
        with self._lock:
            used_up = self._used_up.get(product)
        if used_up is None and not self._finishing:
            used_up = self._capped()
        if used_up is not None:
            raise used_up

    def use_up(self, product: str, why: Exhausted) -> Exhausted:
        """The product takes nothing more for longer than the pass waits; gives what to raise, of several the first."""
        with self._lock:
            return self._used_up.setdefault(product, why)

    def finish(self) -> None:
        """Everything is read, and single pages are worked on from here."""
        self._finishing = True

    def used_up(self) -> Exhausted | None:
        """Why a product takes nothing more; None as long as both do."""
        with self._lock:
            return next(iter(self._used_up.values()), None)

    def ended(self) -> Exhausted | None:
        """Why no further page may be begun; None as long as one may."""
        return self.used_up() or self._capped()

    def _capped(self) -> Exhausted | None:
        if self.most is None or self.requests() < self.most:
            return None
        return Exhausted(f"the pass has sent the {self.most} requests that MAX_REQUESTS_PER_PASS allows")
