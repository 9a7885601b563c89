"""Jira Data Center's REST v2 around issues: what it has in common with Cloud, and its own people, screens and more."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from worker.sandbox import asked, jira_permissions
from worker.sandbox.issues import Project
from worker.sandbox.jira_answers import answering
from worker.sandbox.jira_beans import moment
from worker.sandbox.jira_datacenter import API, beans
from worker.sandbox.jira_datacenter_beans import DatacenterBeans
from worker.sandbox.jira_site import JiraSite
from worker.sandbox.jira_state import Jira
from worker.sandbox.people import Person
from worker.sandbox.refusals import Invalid, NotVisible
from worker.sandbox.settings import Settings
from worker.sandbox.wire import asking

_MOST_META = 200
_MOST_ASSIGNABLE = 100
_MOST_PEOPLE = 1000


class JiraDatacenterSite(JiraSite):
    """Routes below ``/jira/rest/api/2`` that are not about one issue."""

    def __init__(self, state: Jira, settings: Settings) -> None:
        super().__init__(state, API)
        self._settings = settings

    def routes(self) -> list[Route]:
        """All routes."""
        meta = f"{API}/issue/createmeta/{{project}}/issuetypes"
        return [
            Route(meta, answering(self.create_types), methods=["GET"]),
            Route(f"{meta}/{{type}}", answering(self.create_fields), methods=["GET"]),
            Route(f"{API}/project", answering(self.projects), methods=["GET"]),
            *self.site_routes(),
            Route(f"{API}/myself", answering(self.myself), methods=["GET"]),
            Route(f"{API}/mypermissions", answering(self.my_permissions), methods=["GET"]),
            Route(f"{API}/user", answering(self.user), methods=["GET"]),
            Route(f"{API}/user/search", answering(self.user_search), methods=["GET"]),
            Route(f"{API}/user/assignable/search", answering(self.assignable), methods=["GET"]),
            Route(f"{API}/serverInfo", answering(self.server_info), methods=["GET"]),
            Route(f"{API}/configuration", answering(self.configuration), methods=["GET"]),
            Route(f"{API}/readonly-mode", answering(self.read_only_mode), methods=["GET"]),
        ]

    def beans(self, request: Request) -> DatacenterBeans:
        """What writes answers to this request."""
        return beans(self._state, request)

    # -- what creating takes -----------------------------------------------------------------------------------------

    async def create_types(self, request: Request) -> Response:
        """The issue types the caller may create in a project; refused without the right."""
        project, writer = self._creatable(request), self.beans(request)
        return JSONResponse(_slice(request, [writer.issue_type(each) for each in project.types]))

    async def create_fields(self, request: Request) -> Response:
        """The fields of one type's create screen; refused without the right."""
        project, writer = self._creatable(request), self.beans(request)
        type_ = self.type_named(request, project)
        screen = self._state.screen(asked.account(request), project, type_.id)
        return JSONResponse(_slice(request, [writer.create_field(each, project, type_) for each in screen]))

    def _creatable(self, request: Request) -> Project:
        account = asked.account(request)
        try:
            project = self.project_named(request)
        except NotVisible as error:
            raise Invalid(str(error)) from error
        if not self._state.can_create(account, project):
            raise Invalid("You do not have permission to create issues in this project.")
        return project

    # -- projects ----------------------------------------------------------------------------------------------------

    async def projects(self, request: Request) -> Response:
        """The projects the caller may browse."""
        writer, account = self.beans(request), asked.account(request)
        found = sorted(self._state.projects.values(), key=lambda project: project.key)
        return JSONResponse(
            [writer.project_reference(each) for each in found if self._state.can_browse(account, each)]
        )  # fmt: skip

    # -- people ------------------------------------------------------------------------------------------------------

    async def myself(self, request: Request) -> Response:
        """Who is asking; 401 for nobody, in every mode."""
        person = asked.person(request)
        return JSONResponse({**self.beans(request).account(person), "emailAddress": person.email})

    async def my_permissions(self, request: Request) -> Response:
        """All permissions, and whether the caller has each, in a project or anywhere."""
        return self.rights(request, jira_permissions.tests(self._state))

    async def user(self, request: Request) -> Response:
        """One person by user name or key, active or not; 403 when the caller may not browse users."""
        self.require_browse_users(request)
        username, key = request.query_params.get("username"), request.query_params.get("key")
        if (username is None) == (key is None):
            raise Invalid("Either the 'username' or the 'key' query parameter must be provided.")
        people = self._state.people
        found = people.by_username(username) if username is not None else people.by_jira_key(key)
        if found is None:
            raise NotVisible(f"The user named '{username or key}' does not exist")
        return JSONResponse(self.beans(request).account(found))

    async def user_search(self, request: Request) -> Response:
        """People by the beginning of user name, name or e-mail; nothing when the caller may not browse users."""
        text = request.query_params.get("username")
        if not text:
            raise Invalid("The username query parameter was not provided")
        active = asked.flag(request, "includeActive", default=True)
        inactive = asked.flag(request, "includeInactive")
        visible = asking(request.scope) is not None and self._state.browse_users
        found = [
            person
            for person in self._state.people
            if visible and (active if person.active else inactive) and _matches(person, text)
        ]
        start = asked.number(request, "startAt", 0, 0, 10**9)
        return JSONResponse(self._people(request, found[start:], _MOST_PEOPLE))

    async def assignable(self, request: Request) -> Response:
        """Who can be assigned issues of a project, by the beginning of user name, name or e-mail."""
        caller = asked.person(request).account_id
        if issue := request.query_params.get("issueKey"):
            project = self._state.projects[self._state.visible(issue, caller).project]
        elif key := request.query_params.get("project"):
            project = self._state.project(key, caller)
        else:
            raise Invalid("A project key or an issue key must be given.")
        text = request.query_params.get("username", "")
        found = [
            person
            for person in self._state.people
            if self._state.can_be_assigned(person.account_id, project) and _matches(person, text)
        ]
        return JSONResponse(self._people(request, found, _MOST_ASSIGNABLE))

    def _people(self, request: Request, found: list[Person], most: int) -> list[dict[str, Any]]:
        wanted = min(asked.number(request, "maxResults", 50, 0, 10**9), most)
        writer = self.beans(request)
        return [writer.account(each) for each in found[:wanted]]

    # -- the site ----------------------------------------------------------------------------------------------------

    async def server_info(self, request: Request) -> Response:
        """What answers, and its clock; nobody may ask too."""
        now = moment(self._state.clock.now())
        return JSONResponse(
            {
                "baseUrl": str(request.url).partition("/rest/")[0],
                "version": "10.3.24",
                "versionNumbers": [10, 3, 24],
                "deploymentType": "Server",
                "buildNumber": 10_030_024,
                "buildDate": now,
                "databaseBuildNumber": 10_030_024,
                "serverTime": now,
                "scmInfo": "sandbox",
                "serverTitle": "Sandbox",
            }
        )

    async def configuration(self, request: Request) -> Response:
        """Which optional features are on."""
        asked.person(request)
        off = ("votingEnabled", "watchingEnabled", "timeTrackingEnabled", "attachmentsEnabled")
        on = ("unassignedIssuesAllowed", "subTasksEnabled", "issueLinkingEnabled")
        return JSONResponse({**dict.fromkeys(off, False), **dict.fromkeys(on, True)})

    async def read_only_mode(self, _request: Request) -> Response:
        """Whether Jira takes writes."""
        enabled = self._settings.jira_read_only
        message = "Jira is in read-only mode while it is maintained." if enabled else ""
        return JSONResponse({"enabled": enabled, "message": message, "endTime": None, "timeZone": "UTC"})


def _matches(person: Person, text: str) -> bool:
    wanted = text.lower()
    names = (person.username, person.name, *person.name.split(), person.email)
    return any(name.lower().startswith(wanted) for name in names)


def _slice(request: Request, results: list[Any]) -> dict[str, Any]:
    start, most = asked.number(request, "startAt", 0, 0, 10**9), asked.number(request, "maxResults", 50, 0, 10**9)
    most = min(most, _MOST_META)
    shown = results[start : start + most]
    last = start + len(shown) >= len(results)
    return {"maxResults": most, "startAt": start, "total": len(results), "isLast": last, "values": shown}
