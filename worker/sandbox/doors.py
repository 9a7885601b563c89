"""What stands between a request and the products: who is asking, where the request leads, and who is turned away."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from worker.sandbox.answers import Answer
from worker.sandbox.people import Person
from worker.sandbox.settings import RateLimit


@dataclass(frozen=True, slots=True)
class Admitted:
    """The request is served at ``path``, which differs from the one asked for where it came through a gateway."""

    path: str
    person: Person | None
    """None for an anonymous visitor."""
    reason: str = ""
    """What ``X-Seraph-LoginReason`` says beside the answer; empty where the product does not send it."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """What else is said beside the answer."""


class Doors(Protocol):
    """One deployment's ways in. A request that is turned away is answered here and never reaches a product."""

    def enter(self, method: str, path: str, headers: dict[str, str]) -> Admitted | Answer:
        """Judges one request to an API; the names of ``headers`` are in lower case."""
        ...

    def bucket(self, method: str, path: str, headers: dict[str, str]) -> tuple[str, ...]:
        """What a rate limit is counted for."""
        ...

    def left(self, limit: RateLimit, requests: int) -> dict[str, str]:
        """What every answer says of a limit that leaves so many requests."""
        ...

    def too_many(self, path: str, limit: RateLimit) -> Answer:
        """The 429 that says when to come back."""
        ...


def basic(authorization: str) -> tuple[str, str] | None:
    """User name and secret of a Basic ``Authorization`` header (RFC 7617), None when it is none."""
    kind, _, credentials = authorization.partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        user, _, secret = base64.b64decode(credentials, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return user, secret


def bearer(authorization: str) -> str | None:
    """The token of a Bearer ``Authorization`` header (RFC 6750), None when it is none."""
    kind, _, token = authorization.partition(" ")
    return token.strip() if kind.lower() == "bearer" else None
