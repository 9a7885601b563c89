"""Jira Data Center's REST v2 for issues: what it has in common with Cloud, and its own search."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from worker.sandbox import asked, jql
from worker.sandbox.face import DATACENTER
from worker.sandbox.jira_answers import answering
from worker.sandbox.jira_datacenter_beans import DatacenterBeans
from worker.sandbox.jira_dialects import DatacenterDialect
from worker.sandbox.jira_issues import JiraIssues
from worker.sandbox.jira_state import Jira
from worker.sandbox.nodes import Nodes
from worker.sandbox.people import Person
from worker.sandbox.query import BadQuery
from worker.sandbox.refusals import Invalid, NotAllowed, ReadOnly
from worker.sandbox.settings import Settings
from worker.sandbox.wire import asking

API = f"{DATACENTER.jira}/rest/api/2"

_SEARCH_KEYS = frozenset({"jql", "startAt", "maxResults", "validateQuery", "fields", "expand"})


class JiraDatacenter(JiraIssues):
    """Routes for issues below ``/jira/rest/api/2`` over one state."""

    def __init__(self, state: Jira, settings: Settings) -> None:
        super().__init__(state, API, DatacenterDialect(), None)
        self._settings = settings
        self._nodes = Nodes(settings)

    def routes(self) -> list[Route]:
        """All routes."""
        return [
            *self.issue_routes(),
            Route(f"{API}/search", answering(self.search), methods=["GET", "POST"]),
        ]

    def beans(self, request: Request) -> DatacenterBeans:
        """What writes answers to this request."""
        return beans(self._state, request)

    def writer(self, request: Request) -> Person:
        """Who asks for a change. Raises Nobody, and ReadOnly during maintenance."""
        caller = asked.person(request)
        if self._settings.jira_read_only:
            raise ReadOnly("Jira is in read-only mode.")
        return caller

    async def edit(self, request: Request) -> Response:
        """Changes fields and properties; only an admin may keep Jira from telling people."""
        if request.query_params.get("notifyUsers", "true") != "true":
            self.writer(request)
            self.visible(request)
            raise NotAllowed("To discard the user notification either admin or project admin permissions are required.")
        return await super().edit(request)

    async def search(self, request: Request) -> Response:
        """Issues that a query matches, as the index of the answering node knows them.

        One key that does not exist refuses the whole query; with ``validateQuery`` false it becomes a warning.
        More than the site's maximum is cut without a word (Jira Data Center REST 10.3, "search"). Entity properties
        are not among what can be asked for.
        """
        body = await asked.json_object(request) if request.method == "POST" else _from_query(request)
        unknown = body.keys() - _SEARCH_KEYS
        if unknown:
            raise Invalid(f'Unrecognized field "{min(unknown)}" (Class SearchRequestBean), not marked as ignorable')
        query, fields = body.get("jql", ""), body.get("fields") or ["*navigable"]
        start, most = body.get("startAt", 0), body.get("maxResults", 50)
        validate = body.get("validateQuery", True)
        if not isinstance(query, str) or not isinstance(fields, list) or not isinstance(validate, bool):
            raise Invalid("The jql is text, fields are a list, and validateQuery is true or false.")
        if not isinstance(start, int) or not isinstance(most, int) or start < 0:
            raise Invalid("startAt and maxResults are whole numbers, and startAt is not negative.")
        most = min(self._settings.jira_most_found if most < 0 else most, self._settings.jira_most_found)
        caller, now = asking(request.scope), self._state.clock.now()
        warnings: list[str] = []
        try:
            asked_for = jql.read(
                query, self._state, caller, now, account_of=self._account, warnings=None if validate else warnings
            )
        except BadQuery as error:
            raise Invalid(str(error)) from error
        lag = self._nodes.lag(request, self._settings.jira_lag_seconds)
        account = asked.account(request)
        matching = [each for each in self._state.index.seen(now, lag) if asked_for.matches(each)]
        found = [each for each in asked_for.arranged(matching) if self._state.can_find(account, each)]
        writer = self.beans(request)
        answer: dict[str, Any] = {
            "expand": "names,schema",
            "startAt": start,
            "maxResults": most,
            "total": len(found),
            "issues": [writer.issue(each, [str(name) for name in fields]) for each in found[start : start + most]],
        }
        if warnings:
            answer["warningMessages"] = list(dict.fromkeys(warnings))
        return JSONResponse(answer)

    def _account(self, name: str) -> str | None:
        people = self._state.people
        person = people.by_username(name) or people.by_jira_key(name)
        return None if person is None else person.account_id


def beans(state: Jira, request: Request) -> DatacenterBeans:
    """What writes answers to this request."""
    return DatacenterBeans(state, f"{asked.site(request)}{DATACENTER.jira}", "/rest/api/2")


def _from_query(request: Request) -> dict[str, Any]:
    body: dict[str, Any] = {"jql": request.query_params.get("jql", "")}
    if fields := asked.listed(request, "fields"):
        body["fields"] = fields
    body["startAt"] = asked.number(request, "startAt", 0, 0, 10**9)
    body["maxResults"] = asked.number(request, "maxResults", 50, -1, 10**9)
    body["validateQuery"] = asked.flag(request, "validateQuery", default=True)
    return body
