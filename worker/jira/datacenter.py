"""Jira Data Center: tickets read one by one from the store, searched by position, created in bulk (REST 2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import replace
from datetime import date, datetime
from itertools import islice
from typing import Any
from urllib.parse import quote

from worker.errors import Missing, RemoteError
from worker.jira import asking, convert, origin
from worker.jira.dialect import Dialect
from worker.jira.form import with_epic_link
from worker.jira.wiki_markup import document
from worker.jira.writer import JiraTicketWriter
from worker.model.page import Account
from worker.model.ticket import CreateForm, Ticket, Transition
from worker.remote.gateway import Gateway
from worker.remote.paging import by_start_posted, unique
from worker.remote.reading import understood

DIALECT = Dialect("rest/api/2", "name", "values", "values", document, str)
_SEARCH = "rest/api/2/search"
_READ = {"fields": ",".join(convert.FIELDS), "properties": origin.PROPERTY}
_PART = 100
_PEOPLE = 100
"""The most people one search for assignable ones gives (Jira Data Center REST 10.3)."""


def user_name(written: str) -> str:
    """A user name in the one spelling by which names are compared.

    Jira shows a name as the directory spells it, Confluence in lower case, and both find it in any case.
    """
    return written.lower()


class DatacenterTicketReader:
    """``TicketReader`` on Jira Data Center; at most ``concurrency`` requests are under way at once."""

    def __init__(self, gateway: Gateway, site: str, concurrency: int) -> None:
        self._gateway = gateway
        self._site = site.rstrip("/")
        self._concurrency = concurrency

    @property
    def site(self) -> str:
        """The address people use for this Jira, without a slash at the end."""
        return self._site

    @property
    def longest_scan(self) -> int:
        """Three hundred requests, since each reads one key."""
        return 300

    def now(self) -> datetime:
        """Server time, aware."""
        return self._gateway.now()

    def whoami(self) -> Account:
        """The account of the credentials, by its user name; AccessError when they are nobody's."""
        return asking.whoami(self._gateway, DIALECT)

    def closed(self) -> str | None:
        """Why nothing can be written while an administrator keeps Jira read-only (REST, read-only mode).

        Known to 10.3 LTS and 11.3 and later. A Jira that does not tell counts as open; a write is told what is true.
        """
        try:
            mode = self._gateway.get("rest/api/2/readonly-mode").body
        except RemoteError:
            return None
        if not isinstance(mode, dict) or mode.get("enabled") is not True:
            return None
        return "Jira is in read-only mode for maintenance"

    def tickets(self, refs: Sequence[str]) -> Mapping[str, Ticket]:
        """Tickets by numeric id or key, under the names they were asked by; missing or hidden ones are left out.

        One request a ticket: there is no bulk read, and search gives no entity properties, so no origin, and answers
        from an index (Jira Data Center REST 10.3 and 11.2, search). A moved ticket is found under its old key too.
        """
        asked = list(dict.fromkeys(refs))
        if len(asked) <= 1:
            read = [self._one(ref) for ref in asked]
        else:
            contexts = [copy_context() for _ in asked]  # so that who counts requests knows on whose behalf they go out
            with ThreadPoolExecutor(self._concurrency) as pool:
                read = list(pool.map(lambda context, ref: context.run(self._one, ref), contexts, asked))
        return {ref: ticket for ref, ticket in zip(asked, read, strict=True) if ticket is not None}

    def _one(self, ref: str) -> Ticket | None:
        try:
            issue = self._gateway.get(f"rest/api/2/issue/{quote(ref, safe='')}", _READ).body
        except Missing:
            return None
        ticket = convert.ticket(issue, self._site, DIALECT.account)
        return replace(ticket, assignee=ticket.assignee and user_name(ticket.assignee))

    def search(self, project: str | None, label: str, since: date) -> Iterator[Ticket]:
        """Tickets of the project (or of all) with that label created since a day, oldest first.

        The index tells which, and each is read from the store for its origin.
        """
        body = {"jql": asking.created_since(project, label, since), "maxResults": _PART, "fields": ["created"]}
        issues = by_start_posted(self._gateway, _SEARCH, body, "issues")
        ids = unique((self._id(issue) for issue in issues), str)
        while part := list(islice(ids, _PART)):
            yield from self.tickets(part).values()

    def open_ids(self, labels: Sequence[str], since: date) -> frozenset[str]:
        """Ids of tickets with any of the labels that are not done; from the index.

        A thousand a request, unless ``jira.search.views.default.max`` says less.
        """
        body = {"jql": asking.open_since(labels, since), "maxResults": 1000, "fields": ["created"]}
        return frozenset(self._id(issue) for issue in by_start_posted(self._gateway, _SEARCH, body, "issues"))

    @staticmethod
    def _id(issue: Any) -> str:
        with understood("a search for tickets"):
            return str(int(issue["id"]))

    def newest_number(self, project: str) -> int:
        """The highest number in the keys that search knows in the project; 0 when there is none."""
        body = {"jql": asking.newest_first(project), "maxResults": 1, "fields": ["created"]}
        answer = self._gateway.send("POST", _SEARCH, body=body, repeatable=True).body
        with understood("the newest ticket"):
            return max((convert.number(issue["key"]) for issue in answer["issues"]), default=0)

    def create_form(self, project: str, type_name: str) -> CreateForm:
        """What creating such a ticket takes; an Epic Link stands in for a parent that the form has not."""
        return with_epic_link(asking.create_form(self._gateway, DIALECT, project, type_name))

    def transitions(self, ticket: str) -> tuple[Transition, ...]:
        """The transitions open to us now; without the right to move the ticket Jira gives an empty list."""
        return asking.transitions(self._gateway, DIALECT, ticket)

    def assignable(self, project: str, account: str) -> Account | None:
        """Who is assigned a ticket of the project under this user name; None when nobody may be.

        Asked by the beginning of a name, so that only the very name counts. A hundred others are no proof that it is
        not among them: then the create has the last word, and nobody knows the name.
        """
        params = {"project": project, "username": account, "maxResults": _PEOPLE}
        try:
            people = self._gateway.get("rest/api/2/user/assignable/search", params).body
        except Missing:
            return None
        with understood("who may be assigned"):
            named = [person for person in people if person["name"].casefold() == account.casefold()]
            found = [person for person in named if person.get("active", True)]
            if found:
                return Account(account, found[0].get("displayName") or "")
            return None if named or len(people) < _PEOPLE else Account(account, "")


class DatacenterTicketWriter(JiraTicketWriter):
    """``TicketWriter`` on Jira Data Center."""

    def __init__(self, gateway: Gateway) -> None:
        super().__init__(gateway, DIALECT)
