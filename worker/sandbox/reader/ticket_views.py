"""Answers a browser that reads or changes a ticket, and shows the board of all of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from worker.model.ticket import Category
from worker.sandbox.issues import Issue
from worker.sandbox.reader.adf import render_adf
from worker.sandbox.reader.resolve import tone
from worker.sandbox.reader.site import Site, page_line, shown_time
from worker.sandbox.reader.templates import filled
from worker.sandbox.reader.wiki import render_wiki

_COLUMNS = (("To do", Category.TODO), ("In progress", Category.DOING), ("Done", Category.DONE))


@dataclass(frozen=True, slots=True)
class TicketLine:
    """What templates show of a ticket."""

    key: str
    url: str
    project: str
    type: str
    summary: str
    status: str
    category: Category
    assignee: str | None
    reporter: str | None
    due: date | None
    priority: str | None
    labels: tuple[str, ...]
    created: str

    @property
    def tone(self) -> str:
        """The colour of its status."""
        return tone(self.category)


@dataclass(frozen=True, slots=True)
class Step:
    """One button: a transition, and the status to which it leads."""

    id: str
    name: str
    to: str


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the board."""

    name: str
    tone: str
    tickets: tuple[TicketLine, ...]


@dataclass(frozen=True, slots=True)
class TicketViews:
    """Tickets of one sandbox, and its home."""

    site: Site

    async def home(self, _request: Request) -> Response:
        """All current pages, newest first, and all tickets by category of their status."""
        stored = sorted(self.site.confluence.pages.values(), key=lambda page: page.created_at, reverse=True)
        pages = [page_line(self.site, page) for page in stored if page.status == "current"]
        tickets = [self._line(issue) for issue in self.site.jira.issues.values()]
        columns = [
            Column(name, tone(category), tuple(t for t in tickets if t.category is category))
            for name, category in _COLUMNS
        ]
        return filled(
            "home.html", pages=pages, columns=columns, person=self.site.actor.name,
            create=f"{self.site.face.confluence}/pages/create",
        )  # fmt: skip

    async def show(self, request: Request) -> Response:
        """One ticket with its fields and its forms; the key of a moved ticket leads to its new one."""
        issue = self.site.jira.issue(request.path_params["key"])
        if issue.key != request.path_params["key"]:
            return RedirectResponse(self.site.ticket_path(issue.key), 302)
        project = self.site.jira.projects[issue.project]
        people = [
            {"account": person.account_id, "name": person.name}
            for person in self.site.people
            if self.site.jira.can_be_assigned(person.account_id, project) or person.account_id == issue.assignee
        ]
        return filled(
            "ticket.html", ticket=self._line(issue), description=self._described(issue.description), people=people,
            priorities=[priority.name for priority in self.site.jira.priorities],
            steps=self._steps(issue), person=self.site.actor.name,
        )  # fmt: skip

    async def save_fields(self, request: Request) -> Response:
        """Saves summary, assignee, due date and priority as a person."""
        form = await request.form()
        key = request.path_params["key"]
        written = {
            name: " ".join(str(form.get(name, "")).split()) for name in ("summary", "assignee", "due", "priority")
        }
        values: dict[str, str | None] = {name: text or None for name, text in written.items()}
        if values["summary"] is None:
            del values["summary"]
        self.site.jira.person_edits(key, self.site.actor.account_id, **values)
        return RedirectResponse(self.site.ticket_path(key), 303)

    async def save_status(self, request: Request) -> Response:
        """Takes the ticket one step through its workflow as a person. A step that is not open is refused."""
        form = await request.form()
        issue = self.site.jira.issue(request.path_params["key"])
        self.site.jira.do_transition(issue, self.site.actor.account_id, str(form.get("step")))
        return RedirectResponse(self.site.ticket_path(issue.key), 303)

    def _steps(self, issue: Issue) -> list[Step]:
        """What the API would offer the person from here; a step that leads back to where the ticket is, is no news."""
        project = self.site.jira.projects[issue.project]
        open_ = self.site.jira.transitions(issue, self.site.actor.account_id)
        return [
            Step(each.id, each.name, project.status(each.target).name) for each in open_ if each.target != issue.status
        ]

    def _described(self, description: Any) -> Markup:
        """A document as Cloud keeps it, or wiki markup as Data Center does."""
        return render_wiki(description, self.site.person) if isinstance(description, str) else render_adf(description)

    def _line(self, issue: Issue) -> TicketLine:
        project = self.site.jira.projects[issue.project]
        status = project.status(issue.status)
        kind = project.type(issue.type)
        priority = self.site.jira.priority(issue.priority) if issue.priority else None
        assignee = self.site.person(issue.assignee) if issue.assignee else None
        return TicketLine(
            issue.key, self.site.ticket_path(issue.key), issue.project, kind.name if kind else issue.type,
            issue.summary, status.name, Category(status.category), assignee, self.site.person(issue.reporter),
            issue.due, priority.name if priority else None, issue.labels, shown_time(issue.created),
        )  # fmt: skip
