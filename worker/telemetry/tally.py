"""Counts what a pass sends and waits for, by product and by thread."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from threading import Lock, local

from worker.model.report import Traffic
from worker.remote.gateway import Exchange, Pause


class Tally:
    """Hears of every attempt and every wait, from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._requests: Counter[str] = Counter()
        self._waits: Counter[str] = Counter()
        self._waited: Counter[str] = Counter()
        self._here = local()

    def exchange(self, exchange: Exchange) -> None:
        """One more attempt."""
        self._here.requests = self.here() + 1
        with self._lock:
            self._requests[exchange.product] += 1

    def pause(self, pause: Pause) -> None:
        """One more wait; its milliseconds are kept, since counters add whole numbers."""
        with self._lock:
            self._waits[pause.product] += 1
            self._waited[pause.product] += round(pause.seconds * 1000)

    def here(self) -> int:
        """Attempts of the thread that asks, so far."""
        return int(getattr(self._here, "requests", 0))

    def traffic(self) -> tuple[Traffic, ...]:
        """What was sent so far, both products in one order, also where one was asked nothing."""
        with self._lock:
            return tuple(
                Traffic(
                    product,
                    self._requests[product],
                    self._waits[product],
                    timedelta(milliseconds=self._waited[product]),
                )
                for product in ("Confluence", "Jira")
            )
