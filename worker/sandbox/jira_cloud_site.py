"""Jira Cloud's REST v3 around issues: what it has in common with Data Center, and its own people, screens and more."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from worker.sandbox import asked, jira_permissions
from worker.sandbox.jira_answers import answering
from worker.sandbox.jira_beans import Beans, moment
from worker.sandbox.jira_site import JiraSite
from worker.sandbox.jira_state import Jira
from worker.sandbox.people import Person
from worker.sandbox.refusals import Invalid, NotVisible
from worker.sandbox.wire import asking

_MOST_META = 200
_ASSIGNABLE_LOOKED_AT = 1000


class JiraCloudSite(JiraSite):
    """Routes below ``/rest/api/3`` that are not about one issue."""

    def __init__(self, state: Jira) -> None:
        super().__init__(state, "/rest/api/3")

    def routes(self) -> list[Route]:
        """All routes; the search for projects stands before the project of a key, which would take its path."""
        meta = f"{self._api}/issue/createmeta/{{project}}/issuetypes"
        return [
            Route(meta, answering(self.create_types), methods=["GET"]),
            Route(f"{meta}/{{type}}", answering(self.create_fields), methods=["GET"]),
            Route(f"{self._api}/project/search", answering(self.projects), methods=["GET"]),
            *self.site_routes(),
            Route(f"{self._api}/priority/search", answering(self.priority_search), methods=["GET"]),
            Route(f"{self._api}/myself", answering(self.myself), methods=["GET"]),
            Route(f"{self._api}/mypermissions", answering(self.my_permissions), methods=["GET"]),
            Route(f"{self._api}/user", answering(self.user), methods=["GET"]),
            Route(f"{self._api}/user/bulk", answering(self.users), methods=["GET"]),
            Route(f"{self._api}/user/search", answering(self.user_search), methods=["GET"]),
            Route(f"{self._api}/user/assignable/search", answering(self.assignable), methods=["GET"]),
            Route(f"{self._api}/serverInfo", answering(self.server_info), methods=["GET"]),
        ]

    def beans(self, request: Request) -> Beans:
        """What writes answers to this request."""
        return Beans(self._state, asked.site(request))

    # -- what creating takes -----------------------------------------------------------------------------------------

    async def create_types(self, request: Request) -> Response:
        """The issue types the caller may create in a project; an empty list without the right."""
        project, beans = self.project_named(request), self.beans(request)
        allowed = self._state.can_create(asked.account(request), project)
        types = [beans.issue_type(each) for each in project.types] if allowed else []
        return JSONResponse(_slice(request, types, "issueTypes"))

    async def create_fields(self, request: Request) -> Response:
        """The fields of one type's create screen; an empty list without the right."""
        project, beans = self.project_named(request), self.beans(request)
        type_ = self.type_named(request, project)
        account = asked.account(request)
        screen = self._state.screen(account, project, type_.id) if self._state.can_create(account, project) else []
        return JSONResponse(_slice(request, [beans.create_field(each, project, type_) for each in screen], "fields"))

    # -- projects and priorities -------------------------------------------------------------------------------------

    async def projects(self, request: Request) -> Response:
        """The projects the caller may browse."""
        keys, ids = request.query_params.getlist("keys"), request.query_params.getlist("id")
        query = request.query_params.get("query", "").lower()
        beans, account = self.beans(request), asked.account(request)
        found = [
            beans.project(each)
            for each in sorted(self._state.projects.values(), key=lambda project: project.key)
            if self._state.can_browse(account, each)
            and (not keys or each.key in keys)
            and (not ids or each.id in ids)
            and (query in each.key.lower() or query in each.name.lower())
        ]
        return JSONResponse(_page_bean(request, found))

    async def priority_search(self, request: Request) -> Response:
        """Priorities, paged, with a sign at the default one."""
        asked.person(request)
        beans = self.beans(request)
        defaults = {project.default_priority for project in self._state.projects.values()}
        found = [{**beans.priority(each), "isDefault": each.id in defaults} for each in self._state.priorities]
        return JSONResponse(_page_bean(request, found))

    # -- people ------------------------------------------------------------------------------------------------------

    async def myself(self, request: Request) -> Response:
        """Who is asking; 401 for nobody, in every mode."""
        person = asked.person(request)
        bean = self.beans(request).person(person)
        return JSONResponse({**bean, "emailAddress": person.email, "locale": "en_GB"})

    async def my_permissions(self, request: Request) -> Response:
        """Which of the permissions named the caller has, in a project or anywhere."""
        named = asked.listed(request, "permissions")
        if not named:
            raise Invalid("The 'permissions' query parameter is required.")
        unknown = [each for each in named if each not in jira_permissions.tests(self._state)]
        if unknown:
            raise Invalid(f"Unrecognized permission: {', '.join(unknown)}")
        return self.rights(request, named)

    async def user(self, request: Request) -> Response:
        """One person by account id, active or not; 403 when the caller may not browse users."""
        self.require_browse_users(request)
        account = request.query_params.get("accountId")
        if account is None:
            raise Invalid("The accountId query parameter must be provided.")
        found = self._state.people.get(account)
        if found is None:
            raise NotVisible("Specified user does not exist or you do not have required permissions")
        return JSONResponse(self.beans(request).person(found))

    async def users(self, request: Request) -> Response:
        """Several people by account id; unknown ones are left out."""
        asked.person(request)
        ids = request.query_params.getlist("accountId")
        if not ids:
            raise Invalid("The accountId query parameter must be provided.")
        beans = self.beans(request)
        found = [beans.person(each) for each in map(self._state.people.get, ids) if each is not None]
        return JSONResponse(_page_bean(request, found))

    async def user_search(self, request: Request) -> Response:
        """Active people by name or e-mail; nothing at all, with 200, when the caller may not browse users."""
        query, account = request.query_params.get("query"), request.query_params.get("accountId")
        if (query is None) == (account is None):
            raise Invalid("One of the query and accountId parameters must be given.")
        visible = asking(request.scope) is not None and self._state.browse_users
        found = [
            person
            for person in self._state.people
            if visible and person.active and _matches(person, query, account)
        ]  # fmt: skip
        return JSONResponse(self._people(request, found))

    async def assignable(self, request: Request) -> Response:
        """Who can be assigned issues of a project.

        ``query`` looks at the first 1,000 people only and filters afterwards, so an empty answer to it proves
        nothing; one to ``accountId`` does (Jira Cloud REST reference, "Find users assignable to issues").
        """
        query, account = request.query_params.get("query"), request.query_params.get("accountId")
        if query is not None and account is not None:
            raise Invalid("The query and accountId parameters exclude each other.")
        caller = asked.person(request).account_id
        if key := request.query_params.get("project"):
            project = self._state.project(key, caller)
        elif issue := request.query_params.get("issueKey") or request.query_params.get("issueId"):
            project = self._state.projects[self._state.visible(issue, caller).project]
        else:
            raise Invalid("One of the project, issueKey and issueId parameters must be given.")
        people = list(self._state.people)
        if account is None:
            people = people[:_ASSIGNABLE_LOOKED_AT]
        found = [
            person
            for person in people
            if self._state.can_be_assigned(person.account_id, project) and _matches(person, query, account)
        ]
        return JSONResponse(self._people(request, found))

    def _people(self, request: Request, found: list[Person]) -> list[dict[str, Any]]:
        start, most = asked.number(request, "startAt", 0, 0, 10**9), asked.number(request, "maxResults", 50, 1, 1000)
        beans = self.beans(request)
        return [beans.person(each) for each in found[start : start + most]]

    async def server_info(self, request: Request) -> Response:
        """What answers, and its clock."""
        now = moment(self._state.clock.now())
        return JSONResponse(
            {
                "baseUrl": asked.site(request),
                "version": "1001.0.0-SNAPSHOT",
                "versionNumbers": [1001, 0, 0],
                "deploymentType": "Cloud",
                "buildNumber": 100_000,
                "buildDate": now,
                "serverTime": now,
                "scmInfo": "sandbox",
                "serverTitle": "Sandbox",
            }
        )


def _matches(person: Person, query: str | None, account: str | None) -> bool:
    if account is not None:
        return person.account_id == account
    text = (query or "").lower()
    by_name = any(part.startswith(text) for part in (person.name.lower(), *person.name.lower().split()))
    # a hidden e-mail is found by its whole text only
    by_email = person.email.lower().startswith(text) if person.email_visible else person.email.lower() == text
    return by_name or by_email


def _slice(request: Request, results: list[Any], name: str) -> dict[str, Any]:
    start, most = asked.number(request, "startAt", 0, 0, 10**9), asked.number(request, "maxResults", 50, 0, _MOST_META)
    return {name: results[start : start + most], "startAt": start, "maxResults": most, "total": len(results)}


def _page_bean(request: Request, results: list[Any]) -> dict[str, Any]:
    start, most = asked.number(request, "startAt", 0, 0, 10**9), asked.number(request, "maxResults", 50, 1, 1000)
    shown = results[start : start + most]
    return {
        "self": str(request.url),
        "maxResults": most,
        "startAt": start,
        "total": len(results),
        "isLast": start + len(shown) >= len(results),
        "values": shown,
    }
