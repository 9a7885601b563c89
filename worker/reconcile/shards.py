"""Decides which pages of a divided pass fall to which part of it."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b


@dataclass(frozen=True, slots=True)
class Shard:
    """One of ``count`` workers that share a pass; ``index`` counts from 0.

    Pages are divided by rendezvous hashing: when the count changes, only the pages of the workers that came or went
    change hands. Nothing relies on the division, for claims decide who creates; it only saves work.
    """

    index: int = 0
    count: int = 1

    def holds(self, page: str) -> bool:
        """Whether the page with that id falls to this worker; every page falls to exactly one."""
        return self.count == 1 or self.index == max(range(self.count), key=lambda index: _weight(index, page))

    def share(self, limit: int) -> int:
        """This worker's part of a limit for the whole pass: all parts together make the limit.

        At least 1, since the pages of a worker without a part would wait for ever: a limit below the count is thereby
        passed, up to the count.
        """
        return max(1, limit // self.count + (self.index < limit % self.count))


WHOLE = Shard()
"""The part of a pass that is not divided."""


def _weight(index: int, page: str) -> bytes:
    return blake2b(f"{index}:{page}".encode(), digest_size=8).digest()
