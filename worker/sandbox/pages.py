"""What a Confluence page consists of: its versions, properties, labels and restrictions, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(slots=True)
class Space:
    """A space; ``viewers`` and ``editors`` are account ids, or None for everyone who can sign in."""

    id: str
    key: str
    name: str
    created_at: datetime
    author: str
    viewers: set[str] | None = None
    editors: set[str] | None = None


@dataclass(frozen=True, slots=True)
class PageVersion:
    """One saved state of a page."""

    number: int
    at: datetime
    by: str
    title: str
    body: str
    message: str = ""
    minor: bool = False


@dataclass(frozen=True, slots=True)
class PageProperty:
    """One content property: its JSON value and the version that a compare-and-swap names plus one."""

    id: str
    key: str
    value: Any
    version: int
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class PageSnapshot:
    """A page as it was at one moment, which is what a search index holds."""

    id: str
    space: str
    parent: str | None
    ancestors: tuple[str, ...]
    status: str
    created_at: datetime
    author: str
    version: PageVersion
    labels: tuple[str, ...]
    properties: tuple[PageProperty, ...]
    readers: frozenset[str] | None
    reader_groups: frozenset[str]
    editors: frozenset[str] | None


@dataclass(slots=True)
class StoredPage:
    """A page with all its versions, oldest first; ``readers`` and ``editors`` are restrictions, None for none."""

    id: str
    space: str
    parent: str | None
    created_at: datetime
    author: str
    versions: list[PageVersion]
    status: str = "current"
    labels: list[str] = field(default_factory=list)
    properties: dict[str, PageProperty] = field(default_factory=dict)
    readers: set[str] | None = None
    reader_groups: set[str] = field(default_factory=set)
    editors: set[str] | None = None
    watchers: set[str] = field(default_factory=set)

    @property
    def version(self) -> PageVersion:
        """The newest version."""
        return self.versions[-1]

    @property
    def title(self) -> str:
        """The title of the newest version."""
        return self.version.title

    @property
    def body(self) -> str:
        """The storage body of the newest version."""
        return self.version.body

    def with_key(self, key: str) -> tuple[PageProperty, ...]:
        """The properties of that key, lowest id first; a known fault can leave several (CONFCLOUD-72142)."""
        return tuple(sorted((p for p in self.properties.values() if p.key == key), key=lambda p: int(p.id)))


@dataclass(frozen=True, slots=True)
class Mail:
    """A notification that went out; the text is what it was about."""

    to: str
    about: str
    subject: str
