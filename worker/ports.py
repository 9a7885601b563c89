"""All that the worker asks of the world: readers and writers apart, so that ``plan`` can be handed readers only.

Terminology: a **page** is named by Confluence's id, a **ticket** by Jira's numeric id or key. *Server time* is the
product's own clock (``Date`` header), because claims are compared between machines.

Errors every method may raise: ``AccessError`` (stop the pass), ``RemoteError`` and its children (this page fails).
Reads are retried inside the adapter; writes are sent once unless the answer proves that nothing happened (429).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from worker.model.page import Account, FoundPage, Page, Property, Unread
from worker.model.surroundings import Headroom, Named, Parent, Permission, Person, Project
from worker.model.ticket import Answer, CreateForm, Draft, NotMade, Refused, Ticket, TicketEdit, Transition


class PageReader(Protocol):
    """Confluence, as far as reading goes."""

    @property
    def site(self) -> str:
        """The address people use for this Confluence, without a slash at the end."""

    def whoami(self) -> Account:
        """The account we are signed in as; AccessError when it is nobody."""

    def search(self, cql: str) -> Iterator[FoundPage | Unread]:
        """Every current page the query matches, each once, fetched 50 at a time while it is consumed.

        A page that cannot be read or understood is given as such, and the others follow; RemoteError where the search
        itself fails, or a result does not tell which page it is.
        Search answers come from an index and may be stale or incomplete.
        """

    def page(self, page_id: str) -> Page:
        """The page as it is now: the only read that sees every write. Missing when gone or hidden."""

    def properties(self, page_id: str, key: str) -> tuple[Property, ...]:
        """All properties of that key (a known fault can leave several), lowest id first."""

    def accounts(self, mentioned: Collection[str]) -> Mapping[str, str]:
        """The accounts, as Jira names them, of people as pages mention them; whoever is unknown is left out.

        Asked once a pass for each person at most. On Cloud a mention is the account; on Data Center it is a key that
        only Confluence knows, and the account is the user name.
        """

    def names(self, accounts: Sequence[str]) -> Mapping[str, str]:
        """Display names of these accounts; whoever is unknown or hidden is left out."""

    def closed(self) -> str | None:
        """The beginning of a sentence that says so, while Confluence is in its read-only mode; else None."""

    def now(self) -> datetime:
        """Server time, aware, as of the latest answer plus what has passed since."""


class PageWriter(Protocol):
    """Confluence, as far as writing goes."""

    def save(self, page: Page, body: str, message: str) -> Page | None:
        """Saves ``body`` as the version after ``page.version``; the title is sent back unchanged.

        Gives the saved page where the answer holds its body, else None.
        Stale when anyone saved since; Missing or Forbidden when the page cannot be written; NoAnswer when unknown.
        """

    def add_property(self, page_id: str, key: str, value: Any) -> Property:
        """Creates the property. Stale when the key exists; NoAnswer when unknown."""

    def replace_property(self, page_id: str, prop: Property, value: Any) -> Property:
        """Compare-and-swap from ``prop.version``. Stale when somebody was faster; NoAnswer when unknown."""

    def withdraw_property(self, page_id: str, prop: Property) -> None:
        """Removes a property of our own that lost a race; one that is gone already is no error."""


class TicketReader(Protocol):
    """Jira, as far as reading goes."""

    @property
    def site(self) -> str:
        """The address people use for this Jira, without a slash at the end."""

    @property
    def longest_scan(self) -> int:
        """How many tickets a look beyond those of the pages may read, one by one where that is the only way."""

    def whoami(self) -> Account:
        """The account we are signed in as; AccessError when it is nobody."""

    def closed(self) -> str | None:
        """The beginning of a sentence that says so, while Jira is in its read-only mode; else None."""

    def tickets(self, refs: Sequence[str]) -> Mapping[str, Ticket]:
        """Tickets by numeric id or key (upper case); what is missing or hidden is left out.

        A moved ticket is found under its old key too. Read from the store, not from the search index.
        """

    def search(self, project: str | None, label: str, since: date) -> Iterator[Ticket]:
        """Tickets of the project (None: of all) with that label created since a day; from the index, so absence proves
        nothing.
        """

    def open_ids(self, labels: Sequence[str], since: date) -> frozenset[str]:
        """Numeric ids of the tickets of all projects that bear any of the labels, were created since a day and are not
        done; from the index, so what is named proposes and what is missing proves nothing.
        """

    def newest_number(self, project: str) -> int:
        """Number in the key of the newest ticket that search knows in the project; 0 when there is none."""

    def create_form(self, project: str, type_name: str) -> CreateForm:
        """What creating such a ticket takes; ConfigurationError when the project or type is not there for us."""

    def transitions(self, ticket: str) -> tuple[Transition, ...]:
        """The transitions open to us on this ticket (numeric id) now."""

    def assignable(self, project: str, account: str) -> Account | None:
        """Who is assigned a ticket of the project under this account; None when nobody may be.

        The name is the one that Jira shows, and empty where it does not tell.
        """

    def now(self) -> datetime:
        """Server time, aware."""


class TicketWriter(Protocol):
    """Jira, as far as writing goes."""

    def create(self, drafts: Sequence[Draft], form: CreateForm, *, within: float) -> tuple[Answer, ...]:
        """One bulk request of at most 50 drafts; one answer a draft, in their order.

        No request goes out later than ``within`` seconds from now, not even one that the server asked to send later:
        by then another worker may conclude that nothing was made.

        Never raises for a lost answer: every draft of the request is then Unknown. A request that was turned down as a
        whole makes every draft NotMade; sent alone, a draft that Jira objects to is Refused.
        """

    def edit(self, edit: TicketEdit) -> Refused | NotMade | None:
        """Changes the named fields and stores the origin in the same request; None when done.

        Refused when Jira objects to what it says, NotMade when it was turned down for another reason: in both cases
        nothing was changed. NoAnswer when unknown: the next pass reads what became of it.
        """

    def move(self, ticket: str, transition: str) -> Refused | NotMade | None:
        """Does a transition, by id, on a ticket, by numeric id; None when done. Else as ``edit``."""


class PageSurroundings(Protocol):
    """Confluence around the pages: spaces, and what our account may do. Reads only."""

    def space(self, key: str) -> Named | None:
        """The space of that key; None when there is none, or none for us."""

    def spaces(self) -> Iterator[Named]:
        """Every space that we may view, fetched while it is consumed."""

    def may_edit(self, page_id: str) -> bool:
        """Whether our account may save this page and its properties: space and restrictions together."""

    def headroom(self) -> Headroom | None:
        """What is left of the rate limit; None when Confluence does not tell."""


class TicketSurroundings(Protocol):
    """Jira around the tickets: projects, people, and what our account may do. Reads only."""

    def project(self, key: str) -> Project | None:
        """The project of that key; None when there is none, or none for us."""

    def projects(self) -> Iterator[Named]:
        """Every project that we may browse, fetched while it is consumed."""

    def permissions(self, project: str) -> frozenset[Permission]:
        """The permissions that our account holds in the project; none in one that is hidden from us."""

    def parent(self, key: str) -> Parent | None:
        """The ticket of that key, as far as it matters to tickets below it; None when it is not there for us."""

    def person(self, account: str) -> Person | None:
        """Whom Jira knows under that account, active or not; None when nobody."""

    def headroom(self) -> Headroom | None:
        """What is left of the rate limit; None when Jira does not tell."""
