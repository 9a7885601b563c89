"""A search index that learns of each write only after a while, as both products' indexes do."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from typing import Generic, TypeVar

T = TypeVar("T")
_KEPT = timedelta(days=1)


class LaggingIndex(Generic[T]):
    """For each id the snapshots of its latest writes; a reader sees the newest one that is old enough.

    Writes older than a day are forgotten but for the last of them, so a lag is shorter than that.
    Search on Cloud is eventually consistent, from seconds to minutes (Jira Cloud REST reference, "Search for issues";
    Confluence connectors report the same).
    """

    def __init__(self) -> None:
        self._written: dict[str, deque[tuple[datetime, T | None]]] = {}

    def record(self, id: str, snapshot: T | None, at: datetime) -> None:
        """Notes what a write made of the document; None when the write removed it."""
        writes = self._written.setdefault(id, deque())
        writes.append((at, snapshot))
        while len(writes) > 1 and writes[1][0] < at - _KEPT:
            writes.popleft()

    def seen(self, now: datetime, lag_seconds: float) -> list[T]:
        """What the index holds at this moment, in the order the documents were first written."""
        horizon = now - timedelta(seconds=lag_seconds)
        found = []
        for writes in self._written.values():
            snapshot = next((value for at, value in reversed(writes) if at <= horizon), None)
            if snapshot is not None:
                found.append(snapshot)
        return found
