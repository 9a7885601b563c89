"""Decides how far apart requests of one method go out, by what the product took before it refused one."""

from __future__ import annotations

from dataclasses import dataclass

CALM = 20
"""Answers in a row without a refusal after which more is tried."""
MEMORY = 30.0
"""Seconds: a refusal this soon after another means that waiting alone is not enough."""
SLOWEST, FASTEST = 5.0, 0.005
"""Seconds between requests: never further apart, and closer is as good as free."""
_BELOW = 0.9
"""Share of what was taken that is sent at first, since a limit that is met exactly is met too often."""
_STEP = 0.02


@dataclass(slots=True)
class Pace:
    """One method's, since Cloud counts bursts for each (rate limiting); nothing is spaced out until it has to be.

    The first refusal only makes everybody wait. A second one soon after shows what is taken between two refusals, and
    that becomes the pace. It grows while all is calm, by small steps at first and then by larger ones, so that a limit
    that stays is met seldom and one that is gone does not slow the rest of the pass.
    """

    interval: float = 0.0
    """Seconds between two requests as learned from refusals; 0 while none is needed."""
    spacing: float = 0.0
    """Seconds between two requests as the latest answer asks for by what it says is left."""
    _next: float = 0.0
    _refused: float | None = None
    _served: int = 0
    _streaks: int = 0

    def reserve(self, earliest: float) -> float:
        """The moment at which the next request goes out, ``earliest`` or later; it is taken by that."""
        at = max(earliest, self._next)
        self._next = at + max(self.interval, self.spacing)
        return at

    def served(self, spacing: float) -> None:
        """One more answer that was no refusal."""
        self.spacing = spacing
        self._served += 1
        if self._served % CALM == 0 and self.interval:
            self.interval /= 1 + min(_STEP * 2**self._streaks, 1.0)
            self._streaks += 1
            if self.interval < FASTEST:
                self.interval = 0.0

    def refused(self, now: float) -> None:
        """The first refusal of a congestion."""
        if self.interval:
            self.interval = min(self.interval / _BELOW, SLOWEST)
        elif self._refused is not None and self._served and now - self._refused <= MEMORY:
            self.interval = min((now - self._refused) / self._served / _BELOW, SLOWEST)
        self._refused, self._served, self._streaks = now, 0, 0
