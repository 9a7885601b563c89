"""Projects and people of Jira, and what our account may do there, in both deployments; nothing here writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from worker.errors import Missing
from worker.model.surroundings import Headroom, Named, Parent, Permission, Person, Project, TicketType
from worker.remote.gateway import Gateway
from worker.remote.headroom import headroom
from worker.remote.paging import by_start
from worker.remote.reading import understood


class _TicketSurroundings:
    """What both deployments are asked alike, below ``api``."""

    _api: str
    _account: str
    """The part of a user that identifies it."""
    _person: str
    """The parameter by which a user is asked for."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def project(self, key: str) -> Project | None:
        """The project of that key with its ticket types; Jira answers 404 for one that we may not browse."""
        try:
            answer = self._gateway.get(f"{self._api}/project/{quote(key, safe='')}").body
        except Missing:
            return None
        with understood("a project"):
            types = tuple(_type(each) for each in answer["issueTypes"])
            return Project(str(answer["key"]), str(answer["name"]), types)

    def permissions(self, project: str) -> frozenset[Permission]:
        """What ``mypermissions`` says we hold in the project.

        A permission that depends on the ticket (as of a reporter) counts as held (REST v3, get my permissions).
        """
        asked = {"projectKey": project, **self._permissions_asked()}
        try:
            answer = self._gateway.get(f"{self._api}/mypermissions", asked).body
        except Missing:
            return frozenset()
        with understood("our permissions"):
            held = answer["permissions"]
            return frozenset(each for each in Permission if held[each.value]["havePermission"])

    def _permissions_asked(self) -> Mapping[str, str]:
        return {}

    def parent(self, key: str) -> Parent | None:
        """The ticket of that key, with its type and, where Jira tells, the level of that type."""
        try:
            answer = self._gateway.get(f"{self._api}/issue/{quote(key, safe='')}", {"fields": "issuetype,project"}).body
        except Missing:
            return None
        with understood("a parent"):
            fields = answer["fields"]
            return Parent(str(answer["key"]), str(fields["project"]["key"]), _type(fields["issuetype"]))

    def person(self, account: str) -> Person | None:
        """Whom Jira knows under that account, active or not."""
        try:
            answer = self._gateway.get(f"{self._api}/user", {self._person: account}).body
        except Missing:
            return None
        with understood("a person"):
            return Person(str(answer[self._account]), str(answer.get("displayName") or ""), bool(answer["active"]))

    def headroom(self) -> Headroom | None:
        """What an answer that costs nothing much says about the rate limit."""
        return headroom(self._gateway.get(f"{self._api}/myself").headers)


class CloudTicketSurroundings(_TicketSurroundings):
    """``TicketSurroundings`` on Jira Cloud (REST v3)."""

    _api, _account, _person = "rest/api/3", "accountId", "accountId"

    def _permissions_asked(self) -> Mapping[str, str]:
        """Cloud wants the permissions named (REST v3, get my permissions)."""
        return {"permissions": ",".join(permission.value for permission in Permission)}

    def projects(self) -> Iterator[Named]:
        """Every project that we may browse, by key, 50 a request."""
        path = f"{self._api}/project/search"
        for each in by_start(self._gateway, path, {"maxResults": 50, "orderBy": "key"}, "values"):
            yield _named(each)


class DatacenterTicketSurroundings(_TicketSurroundings):
    """``TicketSurroundings`` on Jira Data Center (REST 2), which names people by their user names.

    It does not tell the level of a ticket type, only which ones are sub-tasks.
    """

    _api, _account, _person = "rest/api/2", "name", "username"

    def projects(self) -> Iterator[Named]:
        """Every project that we may browse, in one request: Data Center gives them all (REST 10.3, get projects)."""
        answer = self._gateway.get(f"{self._api}/project").body
        with understood("the projects"):
            found = list(answer)
        yield from map(_named, found)


def _named(entry: Any) -> Named:
    with understood("the projects"):
        return Named(str(entry["key"]), str(entry["name"]))


def _type(entry: Any) -> TicketType:
    level = entry.get("hierarchyLevel")
    if level is None and entry.get("subtask"):
        level = -1
    return TicketType(str(entry["id"]), str(entry["name"]), level)
