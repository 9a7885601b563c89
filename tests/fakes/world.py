"""Both fakes under one clock, and the four ports as one worker process is connected to them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from tests.fakes import jira
from tests.fakes.clock import Clock
from tests.fakes.confluence import WORKER, FakeConfluence
from tests.fakes.jira import FakeJira
from tests.fakes.wire import Wire
from worker.errors import AccessError, NoAnswer, RemoteError
from worker.model.page import Account, FoundPage, Page, Property
from worker.model.ticket import Answer, CreateForm, Draft, NotMade, Refused, Ticket, TicketEdit, Transition, Unknown
from worker.terms import Readers, Writers

ALICE, BOB, NOOR = "557058:alice", "557058:bob", "557058:noor"
"""Noor may not be assigned."""


class FakeWorld:
    """Both products; ``late`` is how many ticks a create without answer may take."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.confluence = FakeConfluence(self.clock)
        self.jira = FakeJira(self.clock)
        self.late = 5
        self.confluence.people |= {ALICE: "Alice Moreau", BOB: "Bob Lindqvist", NOOR: "Noor Visiting"}
        self.jira.assignable |= {ALICE, BOB}

    def connect(self, wire: Wire | None = None) -> Connection:
        """A worker process' own way to both products."""
        return Connection(self, wire or Wire())


class Connection:
    """The four ports over one wire."""

    def __init__(self, world: FakeWorld, wire: Wire) -> None:
        self.wire = wire
        self.readers = Readers(FakePageReader(world, wire), FakeTicketReader(world, wire))
        self.writers = Writers(FakePageWriter(world, wire), FakeTicketWriter(world, wire))

    def requests(self) -> int:
        """How many calls were made."""
        return len(self.wire.calls)


class _View:
    def __init__(self, world: FakeWorld, wire: Wire) -> None:
        self._world = world
        self._confluence = world.confluence
        self._jira = world.jira
        self._wire = wire

    def now(self) -> datetime:
        return self._world.clock.now()

    def whoami(self) -> Account:
        try:
            return self._wire("whoami", lambda: Account(WORKER, "Post-mortem sync"))
        except RemoteError as error:
            raise AccessError("signing in failed") from error


class FakePageReader(_View):
    """``PageReader`` on the fake."""

    @property
    def site(self) -> str:
        """The address under which this worker knows Confluence."""
        return self._confluence.site

    def search(self, cql: str) -> Iterator[FoundPage]:
        yield from self._wire("search_pages", lambda: self._confluence.search(cql))

    def page(self, page_id: str) -> Page:
        return self._wire("page", lambda: self._confluence.page(page_id))

    def properties(self, page_id: str, key: str) -> tuple[Property, ...]:
        return self._wire("properties", lambda: self._confluence.properties(page_id, key))

    def accounts(self, mentioned: Collection[str]) -> Mapping[str, str]:
        return {account: account for account in mentioned}

    def closed(self) -> str | None:
        return None

    def names(self, accounts: Sequence[str]) -> Mapping[str, str]:
        people = self._confluence.people
        return self._wire("names", lambda: {each: people[each] for each in accounts if each in people})


class FakePageWriter(_View):
    """``PageWriter`` on the fake."""

    def save(self, page: Page, body: str, message: str) -> Page | None:
        return self._wire("save", lambda: self._confluence.save(page, body, message))

    def add_property(self, page_id: str, key: str, value: Any) -> Property:
        return self._wire("add_property", lambda: self._confluence.add_property(page_id, key, value))

    def replace_property(self, page_id: str, prop: Property, value: Any) -> Property:
        return self._wire("replace_property", lambda: self._confluence.replace_property(page_id, prop, value))

    def withdraw_property(self, page_id: str, prop: Property) -> None:
        self._wire("withdraw_property", lambda: self._confluence.withdraw_property(page_id, prop))


class FakeTicketReader(_View):
    """``TicketReader`` on the fake."""

    site = jira.SITE
    longest_scan = 10_000

    def closed(self) -> str | None:
        return None

    def tickets(self, refs: Sequence[str]) -> Mapping[str, Ticket]:
        self._jira.settle()
        return self._wire("tickets", lambda: self._jira.read(refs))

    def search(self, project: str | None, label: str, since: date) -> Iterator[Ticket]:
        self._jira.settle()
        yield from self._wire("search_tickets", lambda: self._jira.search(project, label, since))

    def open_ids(self, labels: Sequence[str], since: date) -> frozenset[str]:
        self._jira.settle()
        return self._wire("open_ids", lambda: self._jira.open_ids(labels, since))

    def newest_number(self, project: str) -> int:
        self._jira.settle()
        return self._wire("newest_number", lambda: self._jira.newest_number(project))

    def create_form(self, project: str, type_name: str) -> CreateForm:
        return self._wire("create_form", lambda: self._jira.form(project, type_name))

    def transitions(self, ticket: str) -> tuple[Transition, ...]:
        return self._wire("transitions", lambda: self._jira.ways(ticket))

    def assignable(self, project: str, account: str) -> Account | None:
        names = self._world.confluence.people
        known = self._jira.assignable
        return self._wire("assignable", lambda: Account(account, names.get(account, "")) if account in known else None)


class FakeTicketWriter(_View):
    """``TicketWriter`` on the fake."""

    def create(self, drafts: Sequence[Draft], form: CreateForm, *, within: float) -> tuple[Answer, ...]:
        clock, late = self._world.clock, self._world.late
        asked = clock.ticks

        def in_time(act: Callable[[], tuple[Answer, ...]]) -> tuple[Answer, ...]:
            if clock.ticks - asked > within:
                return tuple(NotMade("it would have gone out too late", 429) for _ in drafts)
            return act()

        try:
            return self._wire(
                "create",
                lambda: in_time(lambda: self._jira.create(drafts)),
                late=lambda: in_time(lambda: self._jira.create_late(drafts, late)),
            )
        except NoAnswer as error:
            return tuple(Unknown(str(error)) for _ in drafts)

    def edit(self, edit: TicketEdit) -> Refused | None:
        return self._wire("edit", lambda: self._jira.edit(edit))

    def move(self, ticket: str, transition: str) -> Refused | None:
        return self._wire("move", lambda: self._jira.move(ticket, transition))
