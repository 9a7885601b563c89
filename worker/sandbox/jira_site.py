"""What both deployments' Jira does alike around issues: projects, priorities, statuses and rights."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from worker.sandbox import asked, jira_permissions
from worker.sandbox.issues import IssueType, Project
from worker.sandbox.jira_answers import answering
from worker.sandbox.jira_beans import Beans
from worker.sandbox.jira_state import Jira
from worker.sandbox.refusals import Invalid, NotAllowed


class JiraSite(ABC):
    """Routes that are not about one issue below ``api``, the path of one version of one deployment's interface."""

    def __init__(self, state: Jira, api: str) -> None:
        self._state = state
        self._api = api

    def site_routes(self) -> list[Route]:
        """The routes that both deployments have and answer alike, every word below ``project`` being a key."""
        return [
            Route(f"{self._api}/project/{{project}}", answering(self.project), methods=["GET"]),
            Route(f"{self._api}/project/{{project}}/statuses", answering(self.project_statuses), methods=["GET"]),
            Route(f"{self._api}/priority", answering(self.priorities), methods=["GET"]),
            Route(f"{self._api}/status", answering(self.statuses), methods=["GET"]),
        ]

    @abstractmethod
    def beans(self, request: Request) -> Beans:
        """What writes answers to this request."""

    async def project(self, request: Request) -> Response:
        """One project by id or key."""
        return JSONResponse(self.beans(request).project(self.project_named(request)))

    async def project_statuses(self, request: Request) -> Response:
        """The statuses each issue type of a project can have."""
        project, beans = self.project_named(request), self.beans(request)
        statuses = [beans.status(each) for each in project.statuses]
        types = [beans.issue_type(each) for each in project.types]
        shown = ("self", "id", "name", "subtask")
        return JSONResponse([{**{name: each[name] for name in shown}, "statuses": statuses} for each in types])

    async def priorities(self, request: Request) -> Response:
        """All priorities, highest first."""
        asked.person(request)
        beans = self.beans(request)
        return JSONResponse([beans.priority(each) for each in self._state.priorities])

    async def statuses(self, request: Request) -> Response:
        """All statuses of projects that the caller may browse."""
        beans, account = self.beans(request), asked.account(request)
        known = {
            status.id: beans.status(status)
            for project in self._state.projects.values()
            if self._state.can_browse(account, project)
            for status in project.statuses
        }
        return JSONResponse(list(known.values()))

    def rights(self, request: Request, named: Iterable[str]) -> Response:
        """Which of these permissions the caller has, in a project or anywhere. Raises NotVisible."""
        account = asked.account(request)
        if key := request.query_params.get("projectKey") or request.query_params.get("projectId"):
            projects = [self._state.project(key, account)]
        elif issue := request.query_params.get("issueKey") or request.query_params.get("issueId"):
            projects = [self._state.projects[self._state.visible(issue, account).project]]
        else:
            projects = list(self._state.projects.values())
        return JSONResponse({"permissions": jira_permissions.answer(self._state, named, account, projects)})

    # -- what a request names ----------------------------------------------------------------------------------------

    def project_named(self, request: Request) -> Project:
        """The project that the path names by id or key. Raises NotVisible."""
        return self._state.project(request.path_params["project"], asked.account(request))

    def type_named(self, request: Request, project: Project) -> IssueType:
        """The project's issue type that the path names by id. Raises Invalid."""
        found = next((each for each in project.types if each.id == request.path_params["type"]), None)
        if found is None:
            raise Invalid("Specify a valid issue type")
        return found

    def require_browse_users(self, request: Request) -> None:
        """Makes sure that somebody asks who may look people up. Raises Nobody and NotAllowed."""
        asked.person(request)
        if not self._state.browse_users:
            raise NotAllowed("You are not authorized to perform this operation. Administrator privileges are required.")
