"""One pass: read, decide, act, write back, report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event
from typing import Protocol

from worker.mapping.model import TeamMapping
from worker.model.report import PageReport, Report
from worker.ports import PageReader, PageWriter, TicketReader, TicketWriter


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
class Team:
    """A mapping and the file it came from (the first file by name wins a page that two match)."""

    mapping: TeamMapping
    file: str


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
    concurrency: int = 4
    deadline: timedelta = timedelta(seconds=840)
    search_lag: timedelta = timedelta(seconds=300)


class Progress(Protocol):
    """Told what happens, for a progress bar and the canonical log lines."""

    def read(self, pages: int) -> None:
        """So many pages have been read so far."""

    def begin(self, pages: int) -> None:
        """So many pages are about to be worked on."""

    def done(self, page: PageReport) -> None:
        """A page is finished (called from worker threads, one call at a time)."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """Tells nobody."""

    def read(self, pages: int) -> None:
        """Ignored."""

    def begin(self, pages: int) -> None:
        """Ignored."""

    def done(self, page: PageReport) -> None:
        """Ignored."""


def plan_pass(
    teams: Sequence[Team],
    readers: Readers,
    scope: Scope,
    *,
    progress: Progress = Quiet(),
    requests: Callable[[], int],
    stop: Event = field(default_factory=Event),
) -> Report:
    """Reads everything and says what ``sync`` would do; cannot write, for it is handed readers only."""
    raise NotImplementedError


def sync_pass(
    teams: Sequence[Team],
    readers: Readers,
    writers: Writers,
    scope: Scope,
    *,
    progress: Progress = Quiet(),
    requests: Callable[[], int],
    stop: Event,
) -> Report:
    """One pass. Ends early in good order when ``stop`` is set or the deadline nears."""
    raise NotImplementedError
