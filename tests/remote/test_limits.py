"""What the headers of an answer say of a rate limit."""

from __future__ import annotations

import pytest
from requests.structures import CaseInsensitiveDict

from worker.remote.limits import GENTLEST, NEAR, limits

NOW = {"Date": "Wed, 25 Nov 2026 08:00:00 GMT"}


@pytest.mark.parametrize(
    ("headers", "wait", "one_ticket"),
    [
        ({}, 0.0, False),
        ({"Retry-After": "7"}, 7.0, False),
        ({"Retry-After": "7", "X-RateLimit-Reset": "2026-11-25T08:59:00Z"}, 7.0, False),
        ({"X-RateLimit-Reset": "2026-11-25T08:00:30Z"}, 30.0, False),
        ({"X-RateLimit-Reset": "2026-11-25T07:00:00Z"}, 0.0, False),
        ({"X-RateLimit-Reset": "1764057600"}, 0.0, False),
        (
            {
                "Retry-After": "7",
                "X-RateLimit-Reset": "2026-11-25T09:00:00Z",
                "RateLimit-Reason": "jira-quota-tenant-based",
            },
            3600.0,
            False,
        ),
        ({"Retry-After": "2", "RateLimit-Reason": "jira-per-issue-on-write"}, 2.0, True),
    ],
)
def test_how_long_to_wait_and_whom_it_concerns(headers: dict[str, str], wait: float, one_ticket: bool) -> None:
    """Retry-After counts; the reset counts for a quota, and where nothing else is said."""
    said = limits(CaseInsensitiveDict({**NOW, **headers}))
    assert (said.wait, said.one_ticket) == (wait, one_ticket)


@pytest.mark.parametrize(
    ("headers", "spacing"),
    [
        ({}, 0.0),
        ({"X-RateLimit-NearLimit": "true"}, NEAR),
        ({"X-RateLimit-NearLimit": "false"}, 0.0),
        ({"X-RateLimit-Limit": "100", "X-RateLimit-Remaining": "21"}, 0.0),
        ({"X-RateLimit-Limit": "100", "X-RateLimit-Remaining": "20", "X-RateLimit-Reset": "2026-11-25T08:00:10Z"}, 0.5),
        (
            {"X-RateLimit-Limit": "65000", "X-RateLimit-Remaining": "9", "X-RateLimit-Reset": "2026-11-25T09:00:00Z"},
            GENTLEST,
        ),
        (
            {
                "X-RateLimit-Limit": "50",
                "X-RateLimit-Remaining": "5",
                "X-RateLimit-Interval-Seconds": "1",
                "X-RateLimit-FillRate": "10",
            },
            0.1,
        ),
        ({"X-RateLimit-Limit": "0", "X-RateLimit-Remaining": "0"}, 0.0),
    ],
)
def test_little_that_is_left_is_spread_over_the_time_it_has_to_last(headers: dict[str, str], spacing: float) -> None:
    """Nothing is spaced out while there is plenty, and nothing further apart than a second."""
    assert limits(CaseInsensitiveDict({**NOW, **headers})).spacing == spacing
