"""Jira Cloud: tickets read in bulk from the store, searched with page tokens, created in bulk (REST v3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from worker.errors import Missing
from worker.jira import asking, convert, origin
from worker.jira.adf import document, text_document
from worker.jira.dialect import Dialect
from worker.jira.writer import JiraTicketWriter
from worker.model.page import Account
from worker.model.ticket import CreateForm, Ticket, Transition
from worker.remote.gateway import Gateway
from worker.remote.paging import by_token, unique
from worker.remote.reading import understood

_TOGETHER = 100
"""Tickets a bulkfetch takes (Jira Cloud platform v3)."""
_FEW = 4
"""Keys left for each moved ticket up to which they are read one by one, since halving them again would cost as much."""
DIALECT = Dialect("rest/api/3", "accountId", "issueTypes", "fields", document, text_document)
_READ: Mapping[str, Any] = {"fields": list(convert.FIELDS), "properties": [origin.PROPERTY]}


def people_address(gateway: Gateway) -> str:
    """The address people use for this Jira: needed where calls go to the API gateway."""
    answer = gateway.get("rest/api/3/serverInfo").body
    with understood("the address of the site"):
        return str(answer["baseUrl"]).rstrip("/")


class CloudTicketReader:
    """``TicketReader`` on Jira Cloud."""

    def __init__(self, gateway: Gateway, site: str) -> None:
        self._gateway = gateway
        self._site = site.rstrip("/")

    @property
    def site(self) -> str:
        """The address people use for this Jira, without a slash at the end."""
        return self._site

    def now(self) -> datetime:
        """Server time, aware."""
        return self._gateway.now()

    @property
    def longest_scan(self) -> int:
        """A hundred requests of a hundred keys."""
        return 10_000

    def whoami(self) -> Account:
        """The account of the credentials; AccessError when they are nobody's or may not use Jira."""
        return asking.whoami(self._gateway, DIALECT)

    def closed(self) -> str | None:
        """Cloud has no read-only mode."""
        return None

    def tickets(self, refs: Sequence[str]) -> Mapping[str, Ticket]:
        """Tickets by numeric id or key, under the names they were asked by; missing or hidden ones are left out.

        bulkfetch reads the store and leaves out what it cannot show without a word. It gives a moved ticket under its
        new key only, so the keys nobody matched are asked for again in halves as long as an answer bears a key nobody
        asked for, and singly where few are left for each such ticket. Where the new key was asked for too, nothing
        shows that: keys left over are asked for once more without it, if a ticket of another project was answered, for
        a ticket keeps its key unless it changes its project. An entry of ``issueErrors`` is trouble, not absence, and
        is read singly too.
        """
        found: dict[str, Ticket] = {}
        asked = list(dict.fromkeys(refs))
        for start in range(0, len(asked), _TOGETHER):
            found.update(self._together(asked[start : start + _TOGETHER]))
        return found

    def _together(self, refs: Sequence[str]) -> dict[str, Ticket]:
        body = {"issueIdsOrKeys": list(refs), **_READ}
        answer = self._gateway.send("POST", "rest/api/3/issue/bulkfetch", body=body, repeatable=True).body
        with understood("tickets"):
            issues = list(answer["issues"])
            troubled = {str(error.get("id", "")).upper() for error in answer.get("issueErrors") or ()}
        tickets = [self._ticket(issue) for issue in issues]
        by_name = {name: ticket for ticket in tickets for name in (ticket.id, ticket.key)}
        found = {ref: by_name[ref.upper()] for ref in refs if ref.upper() in by_name}
        found.update(self._singly([ref for ref in refs if ref not in found and ref.upper() in troubled]))
        unmatched = [ref for ref in refs if ref not in found and not ref.isdigit() and ref.upper() not in troubled]
        asked = {ref.upper() for ref in refs}
        strangers = [ticket for ticket in tickets if ticket.key not in asked]
        if strangers:
            nameless = {ticket.id for ticket in strangers} - asked
            found.update(self._narrowed(unmatched, len(strangers), nameless))
        elif former := _maybe_former(unmatched, found):
            found.update(self._together(former))
        return found

    def _narrowed(self, unmatched: Sequence[str], strangers: int, nameless: set[str]) -> dict[str, Ticket]:
        """Under which of these keys so many tickets, which bear others by now, were found.

        A half that is answered with nothing holds none of them, so one moved ticket among a hundred keys takes some
        fourteen requests. Both halves are asked, for a ticket that was moved twice may have two of the keys. The
        ``nameless`` (ids) were found by nothing but one of these keys: where no half gives such a ticket, it changed in
        between, and the halves' silence proves nothing.
        """
        if len(unmatched) > _FEW * strangers:
            middle = len(unmatched) // 2
            halves = {**self._together(unmatched[:middle]), **self._together(unmatched[middle:])}
            if nameless <= {ticket.id for ticket in halves.values()}:
                return halves
        return self._singly(unmatched)

    def _singly(self, refs: Sequence[str]) -> dict[str, Ticket]:
        alone = ((ref, self._alone(ref)) for ref in refs)
        return {ref: ticket for ref, ticket in alone if ticket is not None}

    def _alone(self, ref: str) -> Ticket | None:
        """One ticket, by an old key too (Jira Cloud platform v3: an issue that was moved is found by its old key)."""
        params = {"fields": ",".join(convert.FIELDS), "properties": origin.PROPERTY}
        try:
            return self._ticket(self._gateway.get(f"rest/api/3/issue/{quote(ref, safe='')}", params).body)
        except Missing:
            return None

    def search(self, project: str | None, label: str, since: date) -> Iterator[Ticket]:
        """Tickets of the project (or of all) with that label created since a day, oldest first; from the index."""
        jql = asking.created_since(project, label, since)
        parts = by_token(self._gateway, "rest/api/3/search/jql", {"jql": jql, "maxResults": 100, **_READ})
        for issue in unique((issue for part in parts for issue in _issues(part)), lambda issue: str(issue.get("id"))):
            yield self._ticket(issue)

    def open_ids(self, labels: Sequence[str], since: date) -> frozenset[str]:
        """Ids of tickets with any of the labels that are not done, 5,000 a request; from the index.

        A search that asks for nothing but ids is answered with up to 5,000 of them, with fields it is 100 (Jira Cloud
        platform v3, search/jql, ``maxResults``).
        """
        jql = asking.open_since(labels, since)
        parts = by_token(self._gateway, "rest/api/3/search/jql", {"jql": jql, "maxResults": 5000, "fields": ["id"]})
        with understood("a search for ids"):
            return frozenset(str(int(issue["id"])) for part in parts for issue in _issues(part))

    def newest_number(self, project: str) -> int:
        """The highest number in the keys that search knows in the project; 0 when there is none."""
        body = {"jql": asking.newest_first(project), "maxResults": 1, "fields": ["created"]}
        answer = self._gateway.send("POST", "rest/api/3/search/jql", body=body, repeatable=True).body
        issues = _issues(answer)
        with understood("the newest ticket"):
            return max((convert.number(issue["key"]) for issue in issues), default=0)

    def create_form(self, project: str, type_name: str) -> CreateForm:
        """What creating such a ticket takes; the type is named by its name in any case, or by its id."""
        return asking.create_form(self._gateway, DIALECT, project, type_name)

    def transitions(self, ticket: str) -> tuple[Transition, ...]:
        """The transitions open to us now; without the right to move the ticket Jira gives an empty list."""
        return asking.transitions(self._gateway, DIALECT, ticket)

    def assignable(self, project: str, account: str) -> Account | None:
        """Who is assigned a ticket of the project under this account; None when nobody may be.

        Asked by ``accountId``: only that is an exact answer, a search by name looks at the first 1,000 users.
        """
        params = {"project": project, "accountId": account}
        people = self._gateway.get("rest/api/3/user/assignable/search", params).body
        with understood("who may be assigned"):
            found = [each for each in people if each["accountId"] == account and each.get("active", True)]
            return Account(account, found[0].get("displayName") or "") if found else None

    def _ticket(self, issue: Any) -> Ticket:
        return convert.ticket(issue, self._site, "accountId")


class CloudTicketWriter(JiraTicketWriter):
    """``TicketWriter`` on Jira Cloud."""

    def __init__(self, gateway: Gateway) -> None:
        super().__init__(gateway, DIALECT)


def _maybe_former(unmatched: Sequence[str], found: Mapping[str, Ticket]) -> list[str]:
    """Keys without an answer that a found ticket may have borne before it came into its project."""
    projects = {ticket.project for ticket in found.values()}
    return [ref for ref in unmatched if projects - {_project(ref)}]


def _project(key: str) -> str:
    return key.rpartition("-")[0].upper()


def _issues(part: Any) -> list[Any]:
    with understood("a search for tickets"):
        return list(part["issues"])
