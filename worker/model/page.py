"""What Confluence gave us about one page, at one version."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Account:
    """Who a product says we are, or whom it knows under an id."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Version:
    """One saved state of a page; ``number`` is the position that a save must name plus one."""

    number: int
    at: datetime
    """When it was saved: server time, aware."""
    by: str | None
    """Account id of the author, where Confluence tells."""
    message: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page as read by id or found by search: the body belongs to exactly this version."""

    id: str
    title: str
    url: str
    """Address for people (the site's, never the API gateway's)."""
    status: str
    """``current``, ``archived``, ``trashed``, ``draft`` … as Confluence says it."""
    created_at: datetime
    version: Version
    body: str
    """Storage format, byte for byte as Confluence sent it."""


@dataclass(frozen=True, slots=True)
class Property:
    """One content property of a page: the JSON value and what a compare-and-swap needs."""

    id: str
    key: str
    value: Any
    version: int


@dataclass(frozen=True, slots=True)
class FoundPage:
    """A search result: may be stale, so it decides what to look at and never what to write."""

    page: Page
    space: str
    labels: frozenset[str]
    restricted: bool
    """Whether reading the page is restricted to some people or groups."""
    claims: Property | None
    """The page's ``postmortem-sync`` property as the search knew it."""
    editable: bool = True
    """False where Confluence says that our account may not edit the page."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A search result of which no more is known: the rest was refused, or is of an unexpected shape."""

    page_id: str
    title: str
    url: str
    reason: str


def readable(found: Iterable[FoundPage | Unread]) -> Iterator[FoundPage]:
    """The search results that could be read, for those who look at pages and promise nothing about each."""
    return (each for each in found if isinstance(each, FoundPage))
