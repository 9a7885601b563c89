"""What a pass is given: the world it may read and write, its scope, and whom it tells."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Protocol

from worker.document.ticket_links import SmartLinks, TicketLinks
from worker.model.report import PageReport
from worker.ports import PageReader, PageSurroundings, PageWriter, TicketReader, TicketSurroundings, TicketWriter
from worker.reconcile.shards import WHOLE, Shard


@dataclass(frozen=True, slots=True)
class Readers:
    """The world as ``plan`` is given it: nothing here can write."""

    pages: PageReader
    tickets: TicketReader


@dataclass(frozen=True, slots=True)
class Writers:
    """What ``sync`` is given on top."""

    pages: PageWriter
    tickets: TicketWriter


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What ``check --live`` and ``init`` are given beside the readers: it only reads, too."""

    pages: PageSurroundings
    tickets: TicketSurroundings


@dataclass(frozen=True, slots=True)
class Scope:
    """What of the mappings' pages this pass looks at, and how."""

    teams: frozenset[str] = frozenset()
    """Names of teams; empty means all. Selects after it is decided whose page a page is."""
    pages: frozenset[str] = frozenset()
    """Page ids; empty means all."""
    approve: frozenset[str] = frozenset()
    """Pages whose limits and shrink guard are lifted in this pass."""
    adopt: frozenset[str] = frozenset()
    """Copied pages that become the home of the tickets their rows name."""
    since: date | None = None
    """Only pages whose newest version is of this day or later, in the time zone of their team."""
    concurrency: int = 4
    deadline: timedelta = timedelta(seconds=840)
    delay: timedelta = timedelta(0)
    """How long ``sync`` waits before it begins; part of the deadline."""
    search_lag: timedelta = timedelta(seconds=300)
    shard: Shard = WHOLE
    """Which part of the pages falls to this worker."""
    links: TicketLinks = field(default_factory=SmartLinks)
    """How a ticket's key is written on a page."""


class Progress(Protocol):
    """Told what happens, for a progress bar and the canonical log lines."""

    def read(self, pages: int) -> None:
        """So many pages have been read so far."""

    def begin(self, pages: int) -> None:
        """So many pages are about to be worked on."""

    def start(self, page: str) -> None:
        """Work on a page begins, on the thread that will call ``done``; calls may overlap."""

    def done(self, page: PageReport) -> None:
        """A page is finished (called from worker threads, one call at a time)."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """Tells nobody."""

    def read(self, pages: int) -> None:
        """Ignored."""

    def begin(self, pages: int) -> None:
        """Ignored."""

    def start(self, page: str) -> None:
        """Ignored."""

    def done(self, page: PageReport) -> None:
        """Ignored."""
