"""Server time of the fakes, counted in ticks, and an index that is so many ticks behind."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Generic, TypeVar

T = TypeVar("T")
START = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)


class Clock:
    """The products' own clock: a tick is a second of server time, and it moves only when it is told to."""

    def __init__(self) -> None:
        self.ticks = 0

    def now(self) -> datetime:
        """Server time, aware."""
        return START + timedelta(seconds=self.ticks)

    def tick(self, count: int = 1) -> None:
        """Time passes."""
        self.ticks += count


class Index(Generic[T]):
    """What search knows: of each document the newest state that is ``lag`` ticks old."""

    def __init__(self, clock: Clock) -> None:
        self.lag = 0
        self._clock = clock
        self._states: dict[str, list[tuple[int, T | None]]] = {}

    def record(self, name: str, state: T | None) -> None:
        """Notes what a write made of a document; None when it is gone."""
        self._states.setdefault(name, []).append((self._clock.ticks, state))

    def seen(self) -> list[T]:
        """The documents as search knows them now, in the order they were first written."""
        horizon = self._clock.ticks - self.lag
        newest = (
            next((state for at, state in reversed(states) if at <= horizon), None) for states in self._states.values()
        )
        return [state for state in newest if state is not None]
