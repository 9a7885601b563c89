"""Jira Cloud's REST v3 for issues: what it has in common with Data Center, and reading and searching many."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from worker.sandbox import asked, jql
from worker.sandbox.bookmarks import Bookmarks
from worker.sandbox.issues import Issue
from worker.sandbox.jira_answers import answering
from worker.sandbox.jira_beans import Beans
from worker.sandbox.jira_dialects import CloudDialect
from worker.sandbox.jira_issues import JiraIssues
from worker.sandbox.jira_state import Jira, frozen_copy
from worker.sandbox.query import BadQuery
from worker.sandbox.refusals import Invalid
from worker.sandbox.settings import Settings
from worker.sandbox.wire import asking

_MOST_CREATED = 50
_MOST_FETCHED = 100
_MOST_RECONCILED = 50
_MOST_PROPERTIES = 5
_MOST_IDS_FOUND = 5000
_MOST_FOUND = 100


class JiraCloud(JiraIssues):
    """Routes for issues below ``/rest/api/3`` over one state; ``notifyUsers`` is ignored, as for all but admins."""

    def __init__(self, state: Jira, settings: Settings) -> None:
        super().__init__(state, "/rest/api/3", CloudDialect(), _MOST_CREATED)
        self._settings = settings
        self._bookmarks = Bookmarks()

    def routes(self) -> list[Route]:
        """All routes, the removed search included."""
        return [
            Route(f"{self._api}/issue/bulkfetch", answering(self.fetch_many), methods=["POST"]),
            *self.issue_routes(),
            Route(f"{self._api}/search/jql", answering(self.search), methods=["GET", "POST"]),
            *(Route(f"/rest/api/{n}/search", _gone, methods=["GET", "POST"]) for n in (2, 3)),
        ]

    async def fetch_many(self, request: Request) -> Response:
        """Up to 100 issues by id or key from the store, by ascending id; missing and hidden ones are left out."""
        body = await asked.json_object(request)
        wanted = body.get("issueIdsOrKeys")
        if not isinstance(wanted, list) or not 1 <= len(wanted) <= _MOST_FETCHED:
            raise Invalid(f"The number of issues to fetch must be from 1 to {_MOST_FETCHED}.")
        fields, properties = _names(body, "fields", ["*navigable"]), _properties(body)
        account = asked.account(request)
        found = {issue.id: issue for each in wanted if (issue := self._state.find(str(each))) is not None}
        beans = self.beans(request)
        shown = [
            beans.issue(found[each], fields, properties)
            for each in sorted(found)
            if self._state.can_see(account, found[each])
        ]
        return JSONResponse({"issues": shown, "issueErrors": []})

    async def search(self, request: Request) -> Response:
        """Issues that a bounded query matches, as the index knows them; ids only unless fields are asked for."""
        body = await asked.json_object(request) if request.method == "POST" else _from_query(request)
        query, most = body.get("jql"), body.get("maxResults", 50)
        fields, properties = _names(body, "fields", ["id"]), _properties(body)
        reconciled = body.get("reconcileIssues", [])
        if not isinstance(query, str) or not isinstance(most, int) or not isinstance(reconciled, list):
            raise Invalid("Invalid request payload. Refer to the REST API documentation and try again.")
        if len(reconciled) > _MOST_RECONCILED:
            raise Invalid(f"At most {_MOST_RECONCILED} issues can be reconciled.")
        caller = asking(request.scope)
        if caller is None:
            return JSONResponse({"issues": [], "isLast": True})
        now = self._state.clock.now()
        try:
            asked_for = jql.read(query, self._state, caller, now)
        except BadQuery as error:
            raise Invalid(str(error)) from error
        if not asked_for.bounded:
            raise Invalid("Unbounded JQL queries are not allowed here. Please add a search restriction to your query.")
        index = {issue.id: issue for issue in self._state.index.seen(now, self._settings.jira_lag_seconds)}
        for each in reconciled:
            fresh = self._state.find(str(each))
            if fresh is not None:
                index[fresh.id] = frozen_copy(fresh)
        token = body.get("nextPageToken")
        if token is None:
            matching = [issue for issue in index.values() if asked_for.matches(issue)]
            ids = tuple(
                str(issue.id)
                for issue in asked_for.arranged(matching)
                if self._state.can_find(caller.account_id, issue)
            )
        else:
            continued = self._bookmarks.rest(str(token), query)
            if continued is None:
                raise Invalid("The provided next page token is invalid or expired.")
            ids = continued
        bare = set(fields) <= {"id", "key"} and not properties
        most = max(1, min(most, _MOST_IDS_FOUND if bare else _MOST_FOUND))
        beans = self.beans(request)
        shown = [
            self._found(beans, index[int(each)], fields, properties)
            for each in ids[:most]
            if int(each) in index and self._state.can_find(caller.account_id, index[int(each)])
        ]
        answer: dict[str, Any] = {"issues": shown, "isLast": not ids[most:]}
        if ids[most:]:
            answer["nextPageToken"] = self._bookmarks.put(query, ids[most:])
        return JSONResponse(answer)

    @staticmethod
    def _found(beans: Beans, issue: Issue, fields: list[str], properties: list[str]) -> dict[str, Any]:
        bean = beans.issue(issue, fields, properties)
        if set(fields) == {"id"}:
            return {"id": bean["id"], **{name: bean[name] for name in ("properties",) if name in bean}}
        return bean


def _names(body: dict[str, Any], name: str, default: list[str]) -> list[str]:
    names = body.get(name)
    if names is None:
        return default
    if not isinstance(names, list) or not all(isinstance(each, str) for each in names):
        raise Invalid(f"'{name}' is a list of texts.")
    return names or default


def _properties(body: dict[str, Any]) -> list[str]:
    names = _names(body, "properties", [])
    if len(names) > _MOST_PROPERTIES:
        raise Invalid(f"At most {_MOST_PROPERTIES} properties can be asked for.")
    return names


def _from_query(request: Request) -> dict[str, Any]:
    body: dict[str, Any] = {
        name: request.query_params[name] for name in ("jql", "nextPageToken") if name in request.query_params
    }
    body |= {
        name: listed for name in ("fields", "properties", "reconcileIssues") if (listed := asked.listed(request, name))
    }
    body["maxResults"] = asked.number(request, "maxResults", 50, 0, 10**9)
    return body


async def _gone(_request: Request) -> Response:
    """The old search was removed from Cloud (change notice CHANGE-2046)."""
    text = "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API."
    return Response(json.dumps({"errorMessages": [text], "errors": {}}), 410, media_type="application/json")
