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
    reason: str = "burst-based"
    """How Cloud names the limit, behind the product's name."""


def quota(seconds: int) -> RateLimit:
    """An hour's points, used up, and given anew in so many seconds (Cloud, rate limiting)."""
    return RateLimit(requests=65_000, seconds=3600, retry_after=seconds, reason="quota-tenant-based")


def per_issue(seconds: int) -> RateLimit:
    """The writes to one issue: 20 in two seconds (Cloud, rate limiting)."""
    return RateLimit(requests=20, seconds=2, retry_after=seconds, reason="per-issue-on-write")


@dataclass(slots=True)
class Settings:
    """All of it may be changed while the sandbox runs."""

    confluence_lag_seconds: float = 0.0
    """How far Confluence's search index is behind."""
    jira_lag_seconds: float = 0.0
    """How far Jira's search index is behind."""
    latency_seconds: float = 0.0
    """Added to every answer."""
    wrong_token: Literal["refuse", "anonymous", "login page", "redirect"] = "refuse"  # noqa: S105 — what to do about one, not a secret
    """``anonymous``: reads that need no account answer 200 and nothing, with ``x-seraph-loginreason``. The other two
    are what single sign-on in front of Data Center does: a login page with status 200, or the way to one."""
    rate_limit: RateLimit | None = None
    body_limit: int = 5_242_880
    """Most bytes of a request to Confluence (CONFCLOUD-73881)."""
    property_limit: int = 32_768
    """Most bytes of JSON in one property."""
    basic_auth: bool = True
    """Whether Data Center takes user name and password at all."""
    captcha_after: int = 3
    """Wrong passwords in a row after which Data Center wants a CAPTCHA; tokens are not affected."""
    confluence_read_only: bool = False
    """Data Center's maintenance: Confluence can be read and not written."""
    jira_read_only: bool = False
    """Data Center's maintenance: Jira can be read and not written."""
    taken_property_status: Literal[400, 409] = 400
    """What Confluence Data Center answers when a property is created that exists: 400 is described, 409 was seen."""
    save_answers_body: bool = True
    """Whether Confluence Data Center gives the stored body back where a page was saved; no description says."""
    jira_most_found: int = 1000
    """Most issues in one answer of Jira Data Center's search (``jira.search.views.default.max``)."""
    nodes: int = 1
    """How many nodes Data Center has; a session cookie keeps a caller on one of them."""
    other_nodes_lag_seconds: float = 0.0
    """How much further the search indexes of all nodes but the first are behind."""
    search_answers_expands: bool = True
    """Whether Confluence's search answers the expand of properties, restrictions and operations, which it may drop."""
