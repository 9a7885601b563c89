"""Where a paged search goes on: an opaque token for the rest of a result, as it was ordered at the first request."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Sequence


class Bookmarks:
    """Remembers the newest tokens; one is good for its own query only, any number of times."""

    def __init__(self, kept: int = 10_000) -> None:
        self._kept = kept
        self._rest: dict[str, tuple[str, tuple[str, ...]]] = {}

    def put(self, query: str, rest: Sequence[str]) -> str:
        """A token for the ids that are still to come; it goes into a URL as it is."""
        token = base64.urlsafe_b64encode(secrets.token_bytes(18)).decode()
        self._rest[token] = (query, tuple(rest))
        while len(self._rest) > self._kept:
            del self._rest[next(iter(self._rest))]
        return token

    def rest(self, token: str, query: str) -> tuple[str, ...] | None:
        """The ids that the token stands for, or None when it is unknown or belongs to another query."""
        of, rest = self._rest.get(token, ("", ()))
        return rest if token in self._rest and of == query else None
