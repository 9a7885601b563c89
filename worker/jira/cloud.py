"""Jira Cloud: tickets read in bulk from the store, searched with page tokens, created in bulk (REST v3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote

from worker.errors import AccessError, Forbidden, Missing, NoAnswer, RemoteError
from worker.jira import bulk, convert, origin
from worker.jira.cloud_fields import changed_fields, issue_update
from worker.jira.form import choose_type, no_project
from worker.model.page import Account
from worker.model.ticket import Answer, CreateForm, Draft, NotMade, Refused, Ticket, TicketEdit, Transition, Unknown
from worker.remote.gateway import Gateway
from worker.remote.paging import by_start, by_token, unique
from worker.remote.query import quoted
from worker.remote.reading import understood

_TOGETHER = 100
"""Tickets a bulkfetch takes (Jira Cloud platform v3)."""
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

    def whoami(self) -> Account:
        """The account of the credentials; AccessError when they are nobody's or may not use Jira."""
        credentials = self._gateway.account.credentials
        try:
            answer = self._gateway.get("rest/api/3/myself").body
        except RemoteError as error:
            raise AccessError(f"Signing in to Jira with {credentials} failed: {error}") from error
        if not isinstance(answer, dict) or not answer.get("accountId"):
            raise AccessError(
                f"Jira takes {credentials} for an anonymous visitor; check JIRA_USERNAME and JIRA_TOKEN, the token "
                "may have expired"
            )
        return Account(id=answer["accountId"], name=answer.get("displayName") or "")

    def tickets(self, refs: Sequence[str]) -> Mapping[str, Ticket]:
        """Tickets by numeric id or key, under the names they were asked by; missing or hidden ones are left out.

        bulkfetch reads the store and leaves out what it cannot show without a word. It gives a moved ticket under its
        new key only, so a key nobody matched is read singly as long as an answer bears a key nobody asked for. An
        entry of ``issueErrors`` is trouble, not absence, and is read singly too.
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
        strangers = any(ticket.key not in {ref.upper() for ref in refs} for ticket in tickets)
        for ref in refs:
            if ref not in found and (ref.upper() in troubled or (strangers and not ref.isdigit())):
                alone = self._alone(ref)
                if alone is not None:
                    found[ref] = alone
        return found

    def _alone(self, ref: str) -> Ticket | None:
        """One ticket, by an old key too (Jira Cloud platform v3: an issue that was moved is found by its old key)."""
        params = {"fields": ",".join(convert.FIELDS), "properties": origin.PROPERTY}
        try:
            return self._ticket(self._gateway.get(f"rest/api/3/issue/{quote(ref, safe='')}", params).body)
        except Missing:
            return None

    def search(self, project: str | None, label: str, since: date) -> Iterator[Ticket]:
        """Tickets of the project (or of all) with that label created since a day, oldest first; from the index.

        JQL reads a day in the zone of our account's profile, which nobody told us, so the day before is asked too and
        its tickets are given as well: the caller looks for an origin, and one too many does no harm.
        """
        where = f"project = {quoted(project)} AND " if project is not None else ""
        jql = f"{where}labels = {quoted(label)} AND {_created(since)} ORDER BY created ASC"
        parts = by_token(self._gateway, "rest/api/3/search/jql", {"jql": jql, "maxResults": 100, **_READ})
        for issue in unique((issue for part in parts for issue in _issues(part)), lambda issue: str(issue.get("id"))):
            yield self._ticket(issue)

    def open_ids(self, labels: Sequence[str], since: date) -> frozenset[str]:
        """Ids of tickets with any of the labels that are not done, 5,000 a request; from the index.

        A search that asks for nothing but ids is answered with up to 5,000 of them, with fields it is 100 (Jira Cloud
        platform v3, search/jql, ``maxResults``).
        """
        named = ", ".join(quoted(label) for label in labels)
        jql = f"labels in ({named}) AND statusCategory != Done AND {_created(since)} ORDER BY created ASC"
        parts = by_token(self._gateway, "rest/api/3/search/jql", {"jql": jql, "maxResults": 5000, "fields": ["id"]})
        with understood("a search for ids"):
            return frozenset(str(issue["id"]) for part in parts for issue in _issues(part))

    def newest_number(self, project: str) -> int:
        """The highest number in the keys that search knows in the project; 0 when there is none.

        Ordered by key and not by creation: a ticket moved into the project takes the next number whatever its age.
        Jira compares the number in a key as a number (JQL, ORDER BY key).
        """
        body = {"jql": f"project = {quoted(project)} ORDER BY key DESC", "maxResults": 1, "fields": ["created"]}
        answer = self._gateway.send("POST", "rest/api/3/search/jql", body=body, repeatable=True).body
        issues = _issues(answer)
        with understood("the newest ticket"):
            return max((convert.number(issue["key"]) for issue in issues), default=0)

    def create_form(self, project: str, type_name: str) -> CreateForm:
        """What creating such a ticket takes; the type is named by its name in any case, or by its id.

        ConfigurationError when the project or type is not there for us: without the right to create issues Jira
        answers 404, 403, 400 or an empty list.
        """
        path = f"rest/api/3/issue/createmeta/{quote(project, safe='')}/issuetypes"
        try:
            types = list(by_start(self._gateway, path, {"maxResults": 200}, "issueTypes"))
        except (Missing, Forbidden) as error:
            raise no_project(project, self._gateway.account.credentials) from error
        except RemoteError as error:
            if error.status == 400:
                raise no_project(project, self._gateway.account.credentials) from error
            raise
        with understood("the ticket types of a project"):
            chosen = choose_type(project, type_name, [(str(kind["id"]), str(kind["name"])) for kind in types])
        fields = by_start(self._gateway, f"{path}/{quote(chosen[0], safe='')}", {"maxResults": 200}, "fields")
        return CreateForm(
            project=project, type=chosen[1], type_id=chosen[0], fields=tuple(convert.form_field(f) for f in fields)
        )

    def transitions(self, ticket: str) -> tuple[Transition, ...]:
        """The transitions open to us now; without the right to move the ticket Jira gives an empty list."""
        answer = self._gateway.get(f"rest/api/3/issue/{quote(ticket, safe='')}/transitions").body
        with understood("the transitions of a ticket"):
            return tuple(convert.transition(each) for each in answer["transitions"])

    def assignable(self, project: str, account: str) -> bool:
        """Whether this account may be assigned tickets of the project.

        Asked by ``accountId``: only that is an exact answer, a search by name looks at the first 1,000 users.
        """
        params = {"project": project, "accountId": account}
        people = self._gateway.get("rest/api/3/user/assignable/search", params).body
        with understood("who may be assigned"):
            return any(person["accountId"] == account and person.get("active", True) for person in people)

    def _ticket(self, issue: Any) -> Ticket:
        return convert.ticket(issue, self._site, "accountId")


class CloudTicketWriter:
    """``TicketWriter`` on Jira Cloud."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def create(self, drafts: Sequence[Draft], form: CreateForm, *, within: float) -> tuple[Answer, ...]:
        """One bulk request of at most 50 drafts, each with its origin in the same request; one answer a draft.

        A lost answer makes every draft Unknown. A refusal of the whole request proves that nothing was made: every
        draft is NotMade, unless it was sent alone and Jira objected to what it says. Only AccessError is raised.
        """
        if not drafts:
            return ()
        body = {"issueUpdates": [issue_update(draft, form) for draft in drafts]}
        try:
            reply = self._gateway.send(
                "POST", "rest/api/3/issue/bulk", body=body, repeatable=False, read=(400,), within=within
            )
        except NoAnswer as error:
            return tuple(Unknown(str(error)) for _ in drafts)
        except RemoteError as error:
            return tuple(NotMade(str(error), error.status) for _ in drafts)
        if reply.status == 400 and not bulk.by_draft(reply.body):
            refusal = bulk.refusal(reply.body)
            return (refusal,) if len(drafts) == 1 else tuple(NotMade(refusal.message, 400) for _ in drafts)
        return bulk.answers(len(drafts), reply.body)

    def edit(self, edit: TicketEdit) -> Refused | NotMade | None:
        """Only the changed fields, and the origin as an entity property in the same request (REST v3, edit issue).

        ``notifyUsers`` is left alone: without admin rights Cloud ignores it.
        """
        body = {
            "fields": changed_fields(edit),
            "properties": [{"key": origin.PROPERTY, "value": origin.to_json(edit.origin)}],
        }
        return self._changed("PUT", f"rest/api/3/issue/{quote(edit.ticket, safe='')}", body)

    def move(self, ticket: str, transition: str) -> Refused | NotMade | None:
        """Does a transition; a 409 means that somebody moved the ticket at the same time (REST v3, transitions)."""
        path = f"rest/api/3/issue/{quote(ticket, safe='')}/transitions"
        return self._changed("POST", path, {"transition": {"id": transition}})

    def _changed(self, method: str, path: str, body: Any) -> Refused | NotMade | None:
        try:
            reply = self._gateway.send(method, path, body=body, repeatable=False, read=(400,))
        except NoAnswer:
            raise
        except RemoteError as error:
            return NotMade(str(error), error.status)
        return bulk.refusal(reply.body) if reply.status == 400 else None


def _created(since: date) -> str:
    """The clause for a day: JQL reads it in the zone of the account's profile, so the day before is asked too."""
    return f"created >= {quoted((since - timedelta(days=1)).isoformat())}"


def _issues(part: Any) -> list[Any]:
    with understood("a search for tickets"):
        return list(part["issues"])
