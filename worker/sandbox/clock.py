"""Server time of the sandbox: the real clock plus what a test or the demo has moved it on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class Clock:
    """The product's own clock; it never goes back, and two readings never give the same instant."""

    def __init__(self) -> None:
        self._offset = timedelta()
        self._last = datetime.min.replace(tzinfo=UTC)

    def start_at(self, moment: datetime) -> None:
        """Sets the clock, before anything is stored: a sample world plays on a day of its own."""
        self._offset = moment - datetime.now(UTC)
        self._last = datetime.min.replace(tzinfo=UTC)

    def now(self) -> datetime:
        """Server time, aware, in UTC."""
        reading = datetime.now(UTC) + self._offset
        self._last = max(reading, self._last + timedelta(microseconds=1))
        return self._last

    def advance(self, **span: float) -> None:
        """Moves the clock on by the parts of a ``timedelta``, so that lags and tokens run out without waiting."""
        self._offset += timedelta(**span)
