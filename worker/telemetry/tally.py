"""Counts what a pass sends and waits for, by product and by page."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from threading import Lock

from worker.model.report import Traffic
from worker.remote.gateway import Exchange, Pause


@dataclass(slots=True)
class Errand:
    """What was sent and waited for on behalf of one page."""

    requests: int = 0
    waits: int = 0
    waited: float = 0.0
    """Seconds."""


_ERRAND: ContextVar[Errand | None] = ContextVar("errand", default=None)
"""On whose behalf requests are sent here; threads that help with a page are given its context."""


class Tally:
    """Hears of every attempt and every wait, from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._products = {"Confluence": Errand(), "Jira": Errand()}

    def exchange(self, exchange: Exchange) -> None:
        """One more attempt."""
        with self._lock:
            for errand in self._concerned(exchange.product):
                errand.requests += 1

    def pause(self, pause: Pause) -> None:
        """One more wait."""
        with self._lock:
            for errand in self._concerned(pause.product):
                errand.waits += 1
                errand.waited += pause.seconds

    def begin(self) -> Errand:
        """What this thread sends from now on is counted here too, until it begins another errand."""
        errand = Errand()
        _ERRAND.set(errand)
        return errand

    def traffic(self) -> tuple[Traffic, ...]:
        """What was sent so far, both products in one order, also where one was asked nothing."""
        with self._lock:
            return tuple(
                Traffic(product, errand.requests, errand.waits, timedelta(seconds=errand.waited))
                for product, errand in self._products.items()
            )

    def _concerned(self, product: str) -> tuple[Errand, ...]:
        here = _ERRAND.get()
        return (self._products[product], here) if here is not None else (self._products[product],)
