"""Decides when a request to one product may go out and how many at once, by what the product said to all threads."""

from __future__ import annotations

import math
import threading
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from worker.remote.limits import Limits
from worker.remote.pace import CALM, Pace

UNTOLD = 1.0
"""Seconds that everybody waits after a refusal that does not say how long."""


@dataclass(slots=True)
class Place:
    """Where one request stands, over all its attempts; it belongs to one thread."""

    method: str
    moment: float | None = None
    """When it goes out, as reserved; None before that."""
    waited: float = -math.inf
    """The latest moment it has waited for; none is waited for twice, however long the wait really took."""
    congestions: int = 0
    """How many there had been when it was sent."""


@dataclass(frozen=True, slots=True)
class Wait:
    """What has to pass before the request may go out."""

    seconds: float
    asked: bool
    """Whether the product asked for it: then it is a minimum. Otherwise it only spaces requests out."""


@dataclass(slots=True)
class Budget:
    """One product's, shared by all threads. It knows no sleep: whoever asks it waits by itself.

    Requests at once: halved by a refusal, once for all requests that were under way together, and one more after a calm
    streak, from 1 to ``most``. It begins at ``most``, so that a calm pass is not slowed down.
    """

    most: int
    clock: Callable[[], float]
    jitter: Callable[[], float]
    """A factor around 1; only what lies above 1 is used, because what a product asks for is a minimum."""
    at_once: int = field(init=False)
    """How many requests may be under way at present."""
    _under_way: int = 0
    _not_before: float = -math.inf
    _congestions: int = 0
    _calm: int = 0
    _paces: defaultdict[str, Pace] = field(default_factory=lambda: defaultdict(Pace))
    _free: threading.Condition = field(default_factory=threading.Condition)

    def __post_init__(self) -> None:
        """Begins with all that the setting allows."""
        self.at_once = self.most

    def enter(self, place: Place) -> Wait | None:
        """None when the request may go out now, and ``leave`` has to follow; otherwise what to wait for before asking
        again. Blocks as long as too many requests are under way.
        """
        with self._free:
            while True:
                wait = self._wait(place)
                if wait is not None:
                    return wait
                if self._under_way < self.at_once:
                    break
                self._free.wait()
            self._under_way += 1
            place.congestions = self._congestions
            return None

    def leave(self) -> None:
        """The request was answered, or will not be."""
        with self._free:
            self._under_way -= 1
            self._free.notify_all()

    def served(self, place: Place, said: Limits) -> None:
        """An answer that is no refusal for too many requests."""
        with self._free:
            place.moment = None
            self._paces[place.method].served(said.spacing)
            self._calm += 1
            if self._calm >= CALM and self.at_once < self.most:
                self.at_once, self._calm = self.at_once + 1, 0
                self._free.notify_all()

    def refused(self, place: Place, said: Limits) -> None:
        """A 429: everybody waits, unless it concerns one ticket. The request itself is repeated by who sent it, no
        sooner than it was asked to.
        """
        with self._free:
            place.moment = None
            if said.one_ticket:
                return
            now = self.clock()
            own = now + (said.wait or UNTOLD)
            self._not_before = max(self._not_before, own)
            place.waited = own  # others may have been told to wait for longer, and then so is this one
            self._calm = 0
            if place.congestions == self._congestions:
                self._congestions += 1
                self.at_once = max(1, self.at_once // 2)
                self._paces[place.method].refused(now)

    def _wait(self, place: Place) -> Wait | None:
        now = self.clock()
        if place.moment is None or place.moment < self._not_before:
            place.moment = self._paces[place.method].reserve(max(now, self._not_before))
        if place.moment <= max(now, place.waited):
            return None
        asked = self._not_before > max(now, place.waited)
        seconds = (place.moment - now) * (max(1.0, self.jitter()) if asked else 1.0)
        place.waited = place.moment
        return Wait(seconds, asked)
