"""What both deployments' Jira does alike with issues: create, read, edit, assign, transition, properties, comments."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from worker.sandbox import asked, jira_fields
from worker.sandbox.issues import Issue
from worker.sandbox.jira_answers import answering, collection
from worker.sandbox.jira_beans import Beans
from worker.sandbox.jira_dialects import Dialect
from worker.sandbox.jira_state import Jira
from worker.sandbox.people import Person
from worker.sandbox.refusals import FieldsRefused, Invalid, NotAllowed, NotVisible


class JiraIssues:
    """Routes for issues below ``api``, the path of one version of one deployment's interface."""

    def __init__(self, state: Jira, api: str, dialect: Dialect, most_created: int | None) -> None:
        self._state = state
        self._api = api
        self._dialect = dialect
        self._most_created = most_created

    def issue_routes(self) -> list[Route]:
        """The routes that both deployments have."""
        issue = f"{self._api}/issue/{{issue}}"
        return [
            Route(f"{self._api}/issue", answering(self.create), methods=["POST"]),
            Route(f"{self._api}/issue/bulk", answering(self.create_many), methods=["POST"]),
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
        ]

    def beans(self, request: Request) -> Beans:
        """What writes answers to this request."""
        return Beans(self._state, asked.site(request))

    def writer(self, request: Request) -> Person:
        """Who asks for a change. Raises Nobody."""
        return asked.person(request)

    # -- creating ----------------------------------------------------------------------------------------------------

    async def create(self, request: Request) -> Response:
        """One issue with its entity properties, atomically; there is no key that makes a repeat harmless."""
        caller = self.writer(request)
        body = await asked.json_object(request)
        project, values, properties = jira_fields.new_issue(self._state, caller.account_id, body, self._dialect)
        made = self._state.create(project, caller.account_id, values, properties)
        return JSONResponse(self.beans(request).created(made), 201)

    async def create_many(self, request: Request) -> Response:
        """Many issues: 201 with the ones that were made, in order without gaps, and an error for each other one.

        400 only when none was made (Jira Cloud REST reference, "Bulk create issue").
        """
        caller = self.writer(request)
        updates = (await asked.json_object(request)).get("issueUpdates")
        if not isinstance(updates, list) or not updates:
            raise Invalid("At least one issue to create must be given.")
        if self._most_created is not None and len(updates) > self._most_created:
            raise Invalid(f"The number of issues to create must be from 1 to {self._most_created}.")
        made: list[Issue] = []
        errors: list[dict[str, Any]] = []
        for place, update in enumerate(updates):
            try:
                new = jira_fields.new_issue(self._state, caller.account_id, update, self._dialect)
            except FieldsRefused as refused:
                errors.append({"status": 400, "elementErrors": collection(refused), "failedElementNumber": place})
            else:
                project, values, properties = new
                made.append(self._state.create(project, caller.account_id, values, properties))
        beans = self.beans(request)
        created = [beans.created(each) for each in made]
        return JSONResponse({"issues": created, "errors": errors}, 201 if made else 400)

    # -- reading and changing ----------------------------------------------------------------------------------------

    async def issue(self, request: Request) -> Response:
        """One issue by id or key from the store; a moved one by its old key too, under its new one."""
        found = self.visible(request)
        fields = asked.listed(request, "fields") or ["*all"]
        expand, properties = asked.listed(request, "expand"), asked.listed(request, "properties")
        return JSONResponse(self.beans(request).issue(found, fields, properties, expand))

    async def edit(self, request: Request) -> Response:
        """Changes fields and properties."""
        caller = self.writer(request)
        found = self.visible(request)
        self._require_editor(request, found)
        body, by = await asked.json_object(request), caller.account_id
        values, properties = jira_fields.changes(self._state, by, found, body, self._dialect)
        self._state.edit(found, caller.account_id, values, properties)
        return Response(status_code=204)

    async def assign(self, request: Request) -> Response:
        """Assigns: a person, null for nobody, ``-1`` for the project's default."""
        caller = self.writer(request)
        found = self.visible(request)
        self._require_editor(request, found)
        if not self._state.can_assign(caller.account_id, self._state.projects[found.project]):
            raise NotAllowed("You do not have permission to assign issues in this project.")
        body, key = await asked.json_object(request), self._dialect.assignee_key
        if key not in body:
            raise Invalid(f"'{key}' must be given; null is nobody.")
        project = self._state.projects[found.project]
        account = jira_fields.assignee(self._state, project, {key: body[key]}, self._dialect)
        self._state.edit(found, caller.account_id, {"assignee": account})
        return Response(status_code=204)

    async def transitions(self, request: Request) -> Response:
        """The workflow steps that the caller may take from here."""
        found = self.visible(request)
        beans, only = self.beans(request), request.query_params.get("transitionId")
        steps = [step for step in self._state.transitions(found, asked.account(request)) if only in {None, step.id}]
        return JSONResponse({"expand": "transitions", "transitions": [beans.transition(each, found) for each in steps]})

    async def do_transition(self, request: Request) -> Response:
        """Takes a workflow step by its id."""
        caller = self.writer(request)
        found = self.visible(request)
        body = await asked.json_object(request)
        wanted = body.get("transition")
        if not isinstance(wanted, dict) or not isinstance(wanted.get("id"), str | int):
            raise Invalid("Missing 'transition' identifier")
        if body.get("fields") or body.get("update"):
            raise FieldsRefused(
                {name: f"Field '{name}' cannot be set. It is not on the appropriate screen, or unknown."
                 for name in (body.get("fields") or body["update"])}
            )  # fmt: skip
        self._state.do_transition(found, caller.account_id, str(wanted["id"]))
        return Response(status_code=204)

    # -- properties and comments -------------------------------------------------------------------------------------

    async def property_keys(self, request: Request) -> Response:
        """Which entity properties an issue has."""
        found, beans = self.visible(request), self.beans(request)
        return JSONResponse({"keys": [beans.property_key(found, key) for key in found.properties]})

    async def property(self, request: Request) -> Response:
        """One entity property."""
        found, key = self.visible(request), request.path_params["key"]
        if key not in found.properties:
            raise NotVisible(f"The property with key '{key}' does not exist.")
        return JSONResponse({"key": key, "value": found.properties[key]})

    async def set_property(self, request: Request) -> Response:
        """Sets an entity property: 201 when it is new, 200 when it was replaced."""
        caller = self.writer(request)
        found, key = self.visible(request), request.path_params["key"]
        value = await asked.json_body(request)
        jira_fields.require_property(key, value)
        created = self._state.set_property(found, caller.account_id, key, value)
        return JSONResponse({}, 201 if created else 200)

    async def remove_property(self, request: Request) -> Response:
        """Removes an entity property."""
        caller = self.writer(request)
        self._state.remove_property(self.visible(request), caller.account_id, request.path_params["key"])
        return Response(status_code=204)

    async def comments(self, request: Request) -> Response:
        """A page of comments, oldest first."""
        found = self.visible(request)
        start, most = asked.number(request, "startAt", 0, 0, 10**9), asked.number(request, "maxResults", 100, 0, 5000)
        return JSONResponse(self.beans(request).comments(found.comments, start, most))

    async def comment(self, request: Request) -> Response:
        """Adds a comment."""
        caller = self.writer(request)
        found = self.visible(request)
        try:
            text = self._dialect.text("comment", (await asked.json_object(request)).get("body"))
        except FieldsRefused as refused:
            raise FieldsRefused({"comment": "Comment body is not valid!"}) from refused
        if not text:
            raise FieldsRefused({"comment": "Comment body can not be empty!"})
        made = self._state.comment(found, caller.account_id, text)
        return JSONResponse(self.beans(request).comment(made), 201)

    def visible(self, request: Request) -> Issue:
        """The issue that the path names. Raises NotVisible."""
        return self._state.visible(request.path_params["issue"], asked.account(request))

    def _require_editor(self, request: Request, issue: Issue) -> None:
        if not self._state.can_edit(asked.account(request), self._state.projects[issue.project]):
            raise NotAllowed("You do not have permission to edit issues in this project.")
