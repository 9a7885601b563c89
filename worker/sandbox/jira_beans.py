"""How Jira Cloud writes an issue, a project, a person or a field as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from worker.sandbox.issues import (
    Comment,
    FieldOnScreen,
    Issue,
    IssueType,
    Priority,
    Project,
    Transition,
    WorkflowStatus,
)
from worker.sandbox.jira_state import Jira
from worker.sandbox.people import Person

_CATEGORIES = {
    "undefined": (1, "medium-gray", "No Category"),
    "new": (2, "blue-gray", "To Do"),
    "indeterminate": (4, "yellow", "In Progress"),
    "done": (3, "green", "Done"),
}
_NOT_NAVIGABLE = frozenset({"comment"})
_SCHEMAS: dict[str, dict[str, str]] = {
    "summary": {"type": "string", "system": "summary"},
    "issuetype": {"type": "issuetype", "system": "issuetype"},
    "project": {"type": "project", "system": "project"},
    "description": {"type": "string", "system": "description"},
    "assignee": {"type": "user", "system": "assignee"},
    "duedate": {"type": "date", "system": "duedate"},
    "priority": {"type": "priority", "system": "priority"},
    "labels": {"type": "array", "items": "string", "system": "labels"},
    "parent": {"type": "issuelink", "system": "parent"},
}


def moment(at: datetime) -> str:
    """``2021-01-17T12:34:00.000+0000``: no colon in the offset, as Jira writes it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}+0000"


class Beans:
    """Writes everything with addresses below one base."""

    def __init__(self, state: Jira, base: str, api: str = "/rest/api/3") -> None:
        self._state = state
        self._base = base
        self._api = f"{base}{api}"

    def created(self, issue: Issue) -> dict[str, Any]:
        """What tells of an issue that was made."""
        return {"id": str(issue.id), "key": issue.key, "self": f"{self._api}/issue/{issue.id}"}

    def issue(
        self, issue: Issue, fields: Sequence[str], properties: Sequence[str] = (), expand: Iterable[str] = ()
    ) -> dict[str, Any]:
        """An issue with the fields and properties asked for; ``fields`` knows ``*all``, ``*navigable`` and ``-x``."""
        bean: dict[str, Any] = {
            "expand": "renderedFields,names,schema,operations,editmeta,changelog",
            "id": str(issue.id),
            "self": f"{self._api}/issue/{issue.id}",
            "key": issue.key,
        }
        writers = self.writers(issue)
        wanted = _selected(fields, [*writers])
        if wanted:
            bean["fields"] = {name: writers[name]() for name in wanted}
        if properties:
            kept = issue.properties if "*all" in properties else properties
            bean["properties"] = {key: issue.properties[key] for key in kept if key in issue.properties}
        if "changelog" in expand:
            bean["changelog"] = self._changelog(issue)
        return bean

    def writers(self, issue: Issue) -> dict[str, Callable[[], Any]]:
        """What writes each field that an issue has here."""
        state = self._state
        project = state.projects[issue.project]
        writers: dict[str, Callable[[], Any]] = {
            "summary": lambda: issue.summary,
            "description": lambda: issue.description,
            "status": lambda: self.status(project.status(issue.status)),
            "statusCategory": lambda: _category(project.status(issue.status).category, self._api),
            "assignee": lambda: self.user(issue.assignee),
            "reporter": lambda: self.user(issue.reporter),
            "creator": lambda: self.user(issue.reporter),
            "duedate": lambda: issue.due.isoformat() if issue.due else None,
            "priority": lambda: self._priority(issue.priority),
            "labels": lambda: list(issue.labels),
            "created": lambda: moment(issue.created),
            "updated": lambda: moment(issue.updated),
            "issuetype": lambda: self.issue_type(project.type(issue.type) or project.types[0]),
            "project": lambda: self.project_reference(project),
            "resolution": lambda: {"id": "10000", "name": "Done"} if issue.resolved else None,
            "resolutiondate": lambda: moment(issue.resolved) if issue.resolved else None,
            "comment": lambda: self.comments(issue.comments),
        }
        if issue.parent is not None and issue.parent in state.issues:
            parent = state.issues[issue.parent]
            writers["parent"] = lambda: self.issue(parent, ["summary", "status", "priority", "issuetype"])
        for field in project.screens.get(issue.type, ()):
            if field.custom:
                writers[field.id] = partial(issue.custom.get, field.id)
        return writers

    def _changelog(self, issue: Issue) -> dict[str, Any]:
        histories = [
            {
                "id": str(number),
                "author": self.user(entry.by),
                "created": moment(entry.at),
                "items": [
                    {
                        "field": entry.field,
                        "fieldtype": "jira",
                        "fieldId": entry.field,
                        "fromString": entry.before,
                        "toString": entry.after,
                    }
                ],
            }
            for number, entry in reversed(list(enumerate(issue.history, 1)))
        ]
        return {"startAt": 0, "maxResults": len(histories), "total": len(histories), "histories": histories}

    def property_key(self, issue: Issue, key: str) -> dict[str, Any]:
        """What names an entity property."""
        return {"key": key, "self": f"{self._api}/issue/{issue.id}/properties/{key}"}

    def transition(self, step: Transition, issue: Issue) -> dict[str, Any]:
        """A workflow step that can be taken."""
        return {
            "id": step.id,
            "name": step.name,
            "to": self.status(self._state.projects[issue.project].status(step.target)),
            "hasScreen": False,
            "isGlobal": step.sources is None,
            "isInitial": False,
            "isAvailable": True,
            "isConditional": False,
            "isLooped": step.target == issue.status,
        }

    def user(self, account_id: str | None) -> dict[str, Any] | None:
        """A person; None for nobody."""
        person = self._state.people.get(account_id)
        return None if person is None else self.person(person)

    def person(self, person: Person) -> dict[str, Any]:
        """A person; the e-mail only where their profile shows it."""
        return {
            "self": f"{self._api}/user?accountId={person.account_id}",
            "accountId": person.account_id,
            "accountType": person.account_type,
            "avatarUrls": {"48x48": f"{self._base}/avatar/default"},
            **profile(person),
        }

    def status(self, status: WorkflowStatus) -> dict[str, Any]:
        """A workflow status with its category."""
        return {
            "self": f"{self._api}/status/{status.id}",
            "description": "",
            "iconUrl": f"{self._base}/images/icons/status.png",
            "name": status.name,
            "id": status.id,
            "statusCategory": _category(status.category, self._api),
        }

    def _priority(self, priority_id: str | None) -> dict[str, Any] | None:
        found = None if priority_id is None else self._state.priority(priority_id)
        return None if found is None else self.priority(found)

    def priority(self, priority: Priority) -> dict[str, Any]:
        """A priority."""
        return {
            "self": f"{self._api}/priority/{priority.id}",
            "iconUrl": f"{self._base}/images/icons/priorities/{priority.id}.svg",
            "name": priority.name,
            "id": priority.id,
            "statusColor": priority.colour,
            "description": "",
        }

    def issue_type(self, type_: IssueType) -> dict[str, Any]:
        """An issue type."""
        return {
            "self": f"{self._api}/issuetype/{type_.id}",
            "id": type_.id,
            "description": "",
            "iconUrl": f"{self._base}/images/icons/issuetypes/{type_.id}.svg",
            "name": type_.name,
            "subtask": type_.level < 0,
            "hierarchyLevel": type_.level,
        }

    def project_reference(self, project: Project) -> dict[str, Any]:
        """A project as other things name it."""
        return {
            "self": f"{self._api}/project/{project.id}",
            "id": project.id,
            "key": project.key,
            "name": project.name,
            "projectTypeKey": "software",
            "simplified": False,
            "avatarUrls": {"48x48": f"{self._base}/avatar/project"},
        }

    def project(self, project: Project) -> dict[str, Any]:
        """A project in full."""
        return {
            **self.project_reference(project),
            "description": "",
            "lead": self.user(project.lead),
            "components": [],
            "versions": [],
            "roles": {},
            "issueTypes": [self.issue_type(each) for each in project.types],
            "assigneeType": "UNASSIGNED" if project.default_assignee is None else "PROJECT_LEAD",
            "style": "classic",
            "isPrivate": False,
            "properties": {},
        }

    def comment(self, comment: Comment) -> dict[str, Any]:
        """A comment with its document."""
        return {
            "self": f"{self._api}/comment/{comment.id}",
            "id": comment.id,
            "author": self.user(comment.author),
            "updateAuthor": self.user(comment.author),
            "body": comment.body,
            "created": moment(comment.at),
            "updated": moment(comment.at),
            "jsdPublic": True,
        }

    def comments(self, comments: Sequence[Comment], start: int = 0, most: int = 5000) -> dict[str, Any]:
        """A page of comments."""
        shown = [self.comment(each) for each in comments[start : start + most]]
        return {"startAt": start, "maxResults": most, "total": len(comments), "comments": shown}

    def create_field(self, field: FieldOnScreen, project: Project, type_: IssueType) -> dict[str, Any]:
        """A field of a create screen."""
        custom = {"type": "option" if field.options else "string", "custom": "sandbox:field"}
        bean: dict[str, Any] = {
            "required": field.required,
            "schema": dict(_SCHEMAS.get(field.id, custom)),
            "name": field.name,
            "key": field.id,
            "fieldId": field.id,
            "hasDefaultValue": field.has_default,
            "operations": ["add", "set", "remove"] if field.id == "labels" else ["set"],
        }
        if field.custom:
            bean["schema"]["customId"] = int(field.id.removeprefix("customfield_"))
        allowed: dict[str, Callable[[], list[Any]]] = {
            "priority": lambda: [self.priority(each) for each in self._state.priorities],
            "issuetype": lambda: [self.issue_type(type_)],
            "project": lambda: [self.project_reference(project)],
        }
        if field.id in allowed:
            bean["allowedValues"] = allowed[field.id]()
        elif field.options:
            bean["allowedValues"] = [{"id": str(n), "value": each} for n, each in enumerate(field.options, 1)]
        return bean


def _category(key: str, api: str) -> dict[str, Any]:
    number, colour, name = _CATEGORIES[key]
    return {"self": f"{api}/statuscategory/{number}", "id": number, "key": key, "colorName": colour, "name": name}


def _selected(asked: Sequence[str], known: Sequence[str]) -> list[str]:
    if not asked:
        return []
    everything = "*all" in asked or "*navigable" in asked or all(name.startswith("-") for name in asked)
    chosen = set(known if everything else asked)
    if "*all" not in asked and everything:
        chosen -= _NOT_NAVIGABLE - set(asked)
    chosen -= {name[1:] for name in asked if name.startswith("-")}
    return [name for name in known if name in chosen]


def profile(person: Person) -> dict[str, Any]:
    """What a person's profile shows on either deployment; the e-mail only where they allow it."""
    shown = {"displayName": person.name, "active": person.active, "timeZone": person.timezone}
    return {**shown, "emailAddress": person.email} if person.email_visible else shown
