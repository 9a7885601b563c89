"""What is to be done on one page, and how far it has come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from threading import Lock

from worker.claimbook import Book
from worker.document.document import Document
from worker.mapping.model import TeamMapping
from worker.model.claim import Claim, Claims
from worker.model.finding import Finding
from worker.model.page import Page
from worker.model.plan import Change, Create, PagePlan
from worker.model.ticket import NotMade, Ticket
from worker.reconcile.decide import Known, PageDecision
from worker.reconcile.desire import Where
from worker.reconcile.extract import Extraction


@dataclass(frozen=True, slots=True)
class Job:
    """One page's plan with everything it was decided on."""

    plan: PagePlan
    where: Where
    mapping: TeamMapping
    book: Book
    claims: Claims
    known: Known
    newest: int
    """Number of the newest ticket known in the project."""
    findings: tuple[Finding, ...] = ()
    """What the survey found about the page as a whole."""
    approved: bool = False


@dataclass(slots=True)
class Brakes:
    """What all pages of a pass share: projects in which no further ticket is made, and whether we are let in at all."""

    refused: str | None = None
    """What a product said when it refused us in mid-pass."""
    _stopped: set[str] = field(default_factory=set)
    _lock: Lock = field(default_factory=Lock)

    def stop(self, project: str) -> None:
        """A ticket just made there could not be read back, so a lost one could not be found again either."""
        with self._lock:
            self._stopped.add(project)

    def stopped(self, project: str) -> bool:
        """Whether creating has ended in this project for this pass."""
        with self._lock:
            return project in self._stopped


@dataclass(frozen=True, slots=True)
class Reading:
    """A page as just read by id, and what is decided on it."""

    page: Page
    document: Document
    extraction: Extraction
    decision: PageDecision


class _Seen(Mapping[str, Ticket]):
    """Tickets of one job before those of the pass, without copying either."""

    def __init__(self, first: Mapping[str, Ticket], then: Mapping[str, Ticket]) -> None:
        self._first = first
        self._then = then

    def __getitem__(self, name: str) -> Ticket:
        return self._first[name] if name in self._first else self._then[name]

    def __iter__(self) -> Iterator[str]:
        yield from self._first
        yield from (name for name in self._then if name not in self._first)

    def __len__(self) -> int:
        return len(set(self._first) | set(self._then))


@dataclass(slots=True)
class Progress:
    """How far one page has come; lives for one job on one thread."""

    book: Book
    claims: Claims
    known: Known
    page: Page | None = None
    """The page as read last in this job."""
    understood: tuple[Document, Extraction] | None = None
    """The newest body that was read, and what it says."""
    busy: bool = False
    """A person saved since the plan was made, too recently to touch the page."""
    made: dict[str, tuple[Create, str]] = field(default_factory=dict)
    """Item id to what was created and the key it got."""
    failed: dict[str, str] = field(default_factory=dict)
    """Item id to what Jira said when it refused for good."""
    turned_down: dict[str, NotMade] = field(default_factory=dict)
    """Item id to why its create was turned down with the whole request; nothing was made."""
    own: set[str] = field(default_factory=set)
    """Nonces of all attempts that this pass wrote."""
    unanswered: set[str] = field(default_factory=set)
    """Items whose create got no answer: whether it happened is found out in a later pass."""
    learned: dict[str, Claim] = field(default_factory=dict)
    """Entries that this pass knows better than what is stored, until they are recorded."""
    birth: dict[str, tuple[Finding, ...]] = field(default_factory=dict)
    """Findings about how a row was read when its ticket was made."""
    findings: list[Finding] = field(default_factory=list)
    forestalled: set[str] = field(default_factory=set)
    """Items for which another worker was faster in storing that Jira is asked for done."""
    tried: set[str] = field(default_factory=set)
    """Ids of tickets whose edit was tried in this pass."""
    asked_for_done: set[str] = field(default_factory=set)
    """Ids of tickets that were to be moved to done in this pass, whatever came of it."""
    instead: dict[str, Change] = field(default_factory=dict)
    """Ticket id to what became of its edit or move."""
    seen: dict[str, Ticket] = field(default_factory=dict)
    """Tickets read in this job, by every name they were asked by."""
    asked: set[str] = field(default_factory=set)
    """Keys that were asked for on the way, seen or not."""

    def learn(self, claim: Claim) -> None:
        """Keeps an entry that is to be stored with the next write of the claims."""
        self.learned[claim.item] = claim
        self.claims = replace(
            self.claims, items=tuple(claim if each.item == claim.item else each for each in self.claims.items)
        )

    def drop_ways(self, tickets: Iterable[str]) -> None:
        """Forgets which transitions are open on these tickets (numeric ids), for they were moved."""
        moved = frozenset(tickets)
        facts = self.known.facts
        ways = {ticket: each for ticket, each in facts.ways.items() if ticket not in moved}
        self.known = replace(self.known, facts=replace(facts, ways=ways))

    def __post_init__(self) -> None:
        """Lays what this job sees over what the pass knows, which all jobs share."""
        self.known = replace(self.known, tickets=_Seen(self.seen, self.known.tickets))

    def see(self, tickets: Iterable[Ticket]) -> None:
        """Adds tickets that were read meanwhile, findable by key and by id."""
        self.seen.update({name: ticket for ticket in tickets for name in (ticket.id, ticket.key)})
