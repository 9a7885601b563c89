"""Jira Cloud's REST v3 for issues: create, read, search, edit, assign, transition, properties and comments."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from worker.sandbox import adf, asked, jira_fields, jql
from worker.sandbox.bookmarks import Bookmarks
from worker.sandbox.issues import Issue
from worker.sandbox.jira_answers import answering, collection
from worker.sandbox.jira_beans import Beans
from worker.sandbox.jira_state import Jira, frozen_copy
from worker.sandbox.query import BadQuery
from worker.sandbox.refusals import Invalid, NotAllowed, NotVisible
from worker.sandbox.settings import Settings
from worker.sandbox.wire import asking

_MOST_CREATED = 50
_MOST_FETCHED = 100
_MOST_RECONCILED = 50
_MOST_PROPERTIES = 5
_MOST_IDS_FOUND = 5000
_MOST_FOUND = 100


class JiraCloud:
    """Routes for issues below ``/rest/api/3`` over one state."""

    def __init__(self, state: Jira, settings: Settings) -> None:
        self._state = state
        self._settings = settings
        self._bookmarks = Bookmarks()

    def routes(self) -> list[Route]:
        """All routes, the removed search included."""
        v3 = "/rest/api/3"
        issue = f"{v3}/issue/{{issue}}"
        return [
            Route(f"{v3}/issue", answering(self.create), methods=["POST"]),
            Route(f"{v3}/issue/bulk", answering(self.create_many), methods=["POST"]),
            Route(f"{v3}/issue/bulkfetch", answering(self.fetch_many), methods=["POST"]),
            Route(issue, answering(self.issue), methods=["GET"]),
            Route(issue, answering(self.edit), methods=["PUT"]),
            Route(f"{issue}/assignee", answering(self.assign), methods=["PUT"]),
            Route(f"{issue}/transitions", answering(self.transitions), methods=["GET"]),
            Route(f"{issue}/transitions", answering(self.do_transition), methods=["POST"]),
            Route(f"{issue}/properties", answering(self.property_keys), methods=["GET"]),
            Route(f"{issue}/properties/{{key}}", answering(self.property), methods=["GET"]),
            Route(f"{issue}/properties/{{key}}", answering(self.set_property), methods=["PUT"]),
            Route(f"{issue}/properties/{{key}}", answering(self.remove_property), methods=["DELETE"]),
            Route(f"{issue}/comment", answering(self.comments), methods=["GET"]),
            Route(f"{issue}/comment", answering(self.comment), methods=["POST"]),
            Route(f"{v3}/search/jql", answering(self.search), methods=["GET", "POST"]),
            *(Route(f"/rest/api/{n}/search", _gone, methods=["GET", "POST"]) for n in (2, 3)),
        ]

    # -- creating ----------------------------------------------------------------------------------------------------

    async def create(self, request: Request) -> Response:
        """One issue with its entity properties, atomically; there is no key that makes a repeat harmless."""
        caller = asked.person(request)
        body = await asked.json_object(request)
        project, values, properties = jira_fields.new_issue(self._state, caller.account_id, body)
        made = self._state.create(project, caller.account_id, values, properties)
        return JSONResponse(self._created(request, made), 201)

    async def create_many(self, request: Request) -> Response:
        """Up to 50 issues: 201 with the ones that were made, in order without gaps, and an error for each other one.

        400 only when none was made (Jira Cloud REST reference, "Bulk create issue").
        """
        caller = asked.person(request)
        updates = (await asked.json_object(request)).get("issueUpdates")
        if not isinstance(updates, list) or not 1 <= len(updates) <= _MOST_CREATED:
            raise Invalid(f"The number of issues to create must be from 1 to {_MOST_CREATED}.")
        made: list[Issue] = []
        errors: list[dict[str, Any]] = []
        for place, update in enumerate(updates):
            try:
                project, values, properties = jira_fields.new_issue(self._state, caller.account_id, update)
            except jira_fields.FieldsRefused as refused:
                errors.append({"status": 400, "elementErrors": collection(refused), "failedElementNumber": place})
            else:
                made.append(self._state.create(project, caller.account_id, values, properties))
        created = [self._created(request, each) for each in made]
        return JSONResponse({"issues": created, "errors": errors}, 201 if made else 400)

    def _created(self, request: Request, issue: Issue) -> dict[str, Any]:
        return {"id": str(issue.id), "key": issue.key, "self": f"{_base(request)}/rest/api/3/issue/{issue.id}"}

    # -- reading -----------------------------------------------------------------------------------------------------

    async def issue(self, request: Request) -> Response:
        """One issue by id or key from the store; a moved one by its old key too, under its new one."""
        found = self._visible(request)
        fields = asked.listed(request, "fields") or ["*all"]
        expand, properties = asked.listed(request, "expand"), asked.listed(request, "properties")
        return JSONResponse(Beans(self._state, _base(request)).issue(found, fields, properties, expand))

    async def fetch_many(self, request: Request) -> Response:
        """Up to 100 issues by id or key from the store, by ascending id; missing and hidden ones are left out."""
        body = await asked.json_object(request)
        wanted = body.get("issueIdsOrKeys")
        if not isinstance(wanted, list) or not 1 <= len(wanted) <= _MOST_FETCHED:
            raise Invalid(f"The number of issues to fetch must be from 1 to {_MOST_FETCHED}.")
        fields, properties = _names(body, "fields", ["*navigable"]), _properties(body)
        account = asked.account(request)
        found = {issue.id: issue for each in wanted if (issue := self._state.find(str(each))) is not None}
        beans = Beans(self._state, _base(request))
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
            ids = tuple(str(issue.id) for issue in asked_for.arranged(matching) if self._sees(caller.account_id, issue))
        else:
            continued = self._bookmarks.rest(str(token), query)
            if continued is None:
                raise Invalid("The provided next page token is invalid or expired.")
            ids = continued
        bare = set(fields) <= {"id", "key"} and not properties
        most = max(1, min(most, _MOST_IDS_FOUND if bare else _MOST_FOUND))
        beans = Beans(self._state, _base(request))
        shown = [
            self._found(beans, index[int(each)], fields, properties)
            for each in ids[:most]
            if int(each) in index and self._sees(caller.account_id, index[int(each)])
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

    def _sees(self, account: str, indexed: Issue) -> bool:
        # an issue that was deleted or moved since stays in the index for a while; rights are those of now
        return self._state.can_see(account, self._state.issues.get(indexed.id, indexed))

    # -- changing ----------------------------------------------------------------------------------------------------

    async def edit(self, request: Request) -> Response:
        """Changes fields and properties. ``notifyUsers`` is ignored, as it is for anybody but an admin."""
        caller = asked.person(request)
        found = self._visible(request)
        self._require_editor(request, found)
        values, properties = jira_fields.changes(self._state, found, await asked.json_object(request))
        self._state.edit(found, caller.account_id, values, properties)
        return Response(status_code=204)

    async def assign(self, request: Request) -> Response:
        """Assigns: an account id, null for nobody, ``-1`` for the project's default."""
        caller = asked.person(request)
        found = self._visible(request)
        self._require_editor(request, found)
        body = await asked.json_object(request)
        if "accountId" not in body:
            raise Invalid("An accountId must be given; null is nobody.")
        account = jira_fields.assignee(self._state, self._state.projects[found.project], body["accountId"])
        self._state.edit(found, caller.account_id, {"assignee": account})
        return Response(status_code=204)

    async def transitions(self, request: Request) -> Response:
        """The workflow steps that the caller may take from here."""
        found = self._visible(request)
        beans, project = Beans(self._state, _base(request)), self._state.projects[found.project]
        only = request.query_params.get("transitionId")
        results = [
            {
                "id": step.id,
                "name": step.name,
                "to": beans.status(project.status(step.target)),
                "hasScreen": False,
                "isGlobal": step.sources is None,
                "isInitial": False,
                "isAvailable": True,
                "isConditional": False,
                "isLooped": step.target == found.status,
            }
            for step in self._state.transitions(found, asked.account(request))
            if only in {None, step.id}
        ]
        return JSONResponse({"expand": "transitions", "transitions": results})

    async def do_transition(self, request: Request) -> Response:
        """Takes a workflow step by its id."""
        caller = asked.person(request)
        found = self._visible(request)
        body = await asked.json_object(request)
        wanted = body.get("transition")
        if not isinstance(wanted, dict) or not isinstance(wanted.get("id"), str | int):
            raise Invalid("Missing 'transition' identifier")
        if body.get("fields") or body.get("update"):
            raise jira_fields.FieldsRefused(
                {name: f"Field '{name}' cannot be set. It is not on the appropriate screen, or unknown."
                 for name in (body.get("fields") or body["update"])}
            )  # fmt: skip
        self._state.do_transition(found, caller.account_id, str(wanted["id"]))
        return Response(status_code=204)

    # -- properties and comments -------------------------------------------------------------------------------------

    async def property_keys(self, request: Request) -> Response:
        """Which entity properties an issue has."""
        found, base = self._visible(request), _base(request)
        links = [
            {"key": key, "self": f"{base}/rest/api/3/issue/{found.id}/properties/{key}"} for key in found.properties
        ]
        return JSONResponse({"keys": links})

    async def property(self, request: Request) -> Response:
        """One entity property."""
        found, key = self._visible(request), request.path_params["key"]
        if key not in found.properties:
            raise NotVisible(f"The property with key '{key}' does not exist.")
        return JSONResponse({"key": key, "value": found.properties[key]})

    async def set_property(self, request: Request) -> Response:
        """Sets an entity property: 201 when it is new, 200 when it was replaced."""
        caller = asked.person(request)
        found, key = self._visible(request), request.path_params["key"]
        value = await asked.json_body(request)
        jira_fields.require_property(key, value)
        created = self._state.set_property(found, caller.account_id, key, value)
        return JSONResponse({}, 201 if created else 200)

    async def remove_property(self, request: Request) -> Response:
        """Removes an entity property."""
        caller = asked.person(request)
        self._state.remove_property(self._visible(request), caller.account_id, request.path_params["key"])
        return Response(status_code=204)

    async def comments(self, request: Request) -> Response:
        """A page of comments, oldest first."""
        found = self._visible(request)
        start, most = asked.number(request, "startAt", 0, 0, 10**9), asked.number(request, "maxResults", 100, 0, 5000)
        return JSONResponse(Beans(self._state, _base(request)).comments(found.comments, start, most))

    async def comment(self, request: Request) -> Response:
        """Adds a comment, whose body is a document."""
        caller = asked.person(request)
        found = self._visible(request)
        document = (await asked.json_object(request)).get("body")
        if adf.problem(document) is not None:
            raise jira_fields.FieldsRefused({"comment": "Comment body is not valid!"})
        made = self._state.comment(found, caller.account_id, document)
        return JSONResponse(Beans(self._state, _base(request)).comment(made), 201)

    def _visible(self, request: Request) -> Issue:
        return self._state.visible(request.path_params["issue"], asked.account(request))

    def _require_editor(self, request: Request, issue: Issue) -> None:
        if not self._state.can_edit(asked.account(request), self._state.projects[issue.project]):
            raise NotAllowed("You do not have permission to edit issues in this project.")


def _base(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}"


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
