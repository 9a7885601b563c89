"""Reads from an answer how much of the rate limit is left."""

from __future__ import annotations

from collections.abc import Mapping

from worker.model.surroundings import Headroom


def headroom(headers: Mapping[str, str]) -> Headroom | None:
    """What ``X-RateLimit-Limit`` and ``X-RateLimit-Remaining`` say; None unless both hold a number.

    Data Center sends both with every answer when its rate limiting is on (Atlassian, "Improving instance stability with
    rate limiting"); Cloud promises them with refusals only (developer documentation, rate limiting).
    """
    limit, remaining = headers.get("X-RateLimit-Limit", ""), headers.get("X-RateLimit-Remaining", "")
    if not (limit.isdecimal() and remaining.isdecimal()):
        return None
    return Headroom(int(limit), int(remaining))
