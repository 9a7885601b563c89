"""How the sandbox behaves where the real products differ from site to site and from minute to minute."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class RateLimit:
    """At most so many requests in so many seconds, for each product and kind of method; more are answered 429."""

    requests: int
    seconds: float
    retry_after: int = 1


@dataclass(slots=True)
class Settings:
    """All of it may be changed while the sandbox runs."""

    confluence_lag_seconds: float = 0.0
    """How far Confluence's search index is behind."""
    jira_lag_seconds: float = 0.0
    """How far Jira's search index is behind."""
    latency_seconds: float = 0.0
    """Added to every answer."""
    wrong_token: Literal["refuse", "anonymous"] = "refuse"  # noqa: S105 — what to do about one, not a secret
    """``anonymous``: reads that need no account answer 200 and nothing, with ``x-seraph-loginreason``."""
    rate_limit: RateLimit | None = None
    body_limit: int = 5_242_880
    """Most bytes of a request to Confluence (CONFCLOUD-73881)."""
    property_limit: int = 32_768
    """Most bytes of JSON in one property."""
    search_answers_expands: bool = True
    """Whether Confluence's search answers the expand of properties and restrictions, which it may drop."""
