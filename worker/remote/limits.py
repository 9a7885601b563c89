"""Reads out of an answer's headers what its rate limit asks for: how long to wait, whom it concerns, what is left."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from worker.remote.headroom import headroom
from worker.remote.patience import asked_wait, http_date

LITTLE = 0.2
"""Share of a limit below which Cloud says that it is near (``X-RateLimit-NearLimit``, rate limiting)."""
NEAR = 0.1
"""Seconds between requests where only that is said."""
GENTLEST = 1.0
"""Seconds: what is left is never spread further than this, or a pass would stand still for an hour's quota."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one answer says of its rate limit."""

    wait: float
    """Seconds that must pass before the next request; 0 where nothing is asked."""
    reason: str
    """Cloud's name of the limit, as in ``jira-burst-based``; empty where none is given."""
    spacing: float
    """Seconds between two requests by which what is left lasts; 0 while there is plenty."""

    @property
    def one_ticket(self) -> bool:
        """Whether the refusal concerns the writes to a single ticket, and nothing else has to slow down."""
        return "per-issue" in self.reason


def limits(headers: Mapping[str, str]) -> Limits:
    """What the headers say (names in any case); everything that cannot be read counts as not said.

    Cloud names the limit in ``RateLimit-Reason`` and the end of an exhausted quota in ``X-RateLimit-Reset``, an ISO
    8601 time (developer documentation, rate limiting). Data Center tells the tokens that come back in
    ``X-RateLimit-FillRate`` and ``X-RateLimit-Interval-Seconds`` (Atlassian, "Improving instance stability with rate
    limiting").
    """
    reason = headers.get("RateLimit-Reason", "").strip().lower()
    wait, reset = asked_wait(headers), _until_reset(headers)
    if "quota" in reason or not headers.get("Retry-After"):
        wait = max(wait, reset)
    return Limits(wait, reason, _spacing(headers, reset))


def _spacing(headers: Mapping[str, str], reset: float) -> float:
    near = headers.get("X-RateLimit-NearLimit", "").strip().lower() == "true"
    left = headroom(headers)
    if left is None or left.limit == 0:
        return NEAR if near else 0.0
    if not near and left.remaining > left.limit * LITTLE:
        return 0.0
    fill, interval = (headers.get(f"X-RateLimit-{name}", "") for name in ("FillRate", "Interval-Seconds"))
    if fill.isdecimal() and interval.isdecimal() and int(fill) > 0:
        return min(int(interval) / int(fill), GENTLEST)
    return min(reset / max(left.remaining, 1), GENTLEST) or NEAR


def _until_reset(headers: Mapping[str, str]) -> float:
    """Seconds until ``X-RateLimit-Reset`` by the answer's own ``Date``; 0 where it is no time or in the past."""
    try:
        reset = datetime.fromisoformat(headers.get("X-RateLimit-Reset", "").strip())
    except ValueError:
        return 0.0
    reset = reset if reset.tzinfo else reset.replace(tzinfo=UTC)
    now = http_date(headers.get("Date", "")) or datetime.now(UTC)
    seconds = (reset - now).total_seconds()
    return max(seconds, 0.0) if math.isfinite(seconds) else 0.0
