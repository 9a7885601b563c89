"""The embedded Jira: what it stores, who may see and change it, and what people do to it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import count
from typing import Any

from worker.sandbox.clock import Clock
from worker.sandbox.index import LaggingIndex
from worker.sandbox.issues import Comment, FieldOnScreen, HistoryEntry, Issue, Priority, Project, Transition
from worker.sandbox.pages import Mail
from worker.sandbox.people import Directory
from worker.sandbox.refusals import Invalid, NotAllowed, NotVisible

_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]+-[1-9][0-9]*")
_PROPERTY_LIMIT = 255


@dataclass(slots=True)
class Jira:
    """Projects and issues. Nothing here awaits, so each method is one atomic step on the server's loop."""

    clock: Clock
    people: Directory
    priorities: list[Priority] = field(default_factory=list)
    projects: dict[str, Project] = field(default_factory=dict)
    issues: dict[int, Issue] = field(default_factory=dict)
    index: LaggingIndex[Issue] = field(default_factory=LaggingIndex)
    mails: list[Mail] = field(default_factory=list)
    browse_users: bool = True
    """Whether callers may search people; without it such a search answers 200 and nothing."""
    _keys: dict[str, int] = field(default_factory=dict)
    _ids: count[int] = field(default_factory=lambda: count(10_001))

    # -- looking -----------------------------------------------------------------------------------------------------

    def find(self, id_or_key: str) -> Issue | None:
        """The issue of that id or key, whoever asks; keys in any case, old keys of moved issues included."""
        if id_or_key.isascii() and id_or_key.isdigit():
            return self.issues.get(int(id_or_key))
        number = self._keys.get(id_or_key.upper()) if _KEY.fullmatch(id_or_key) else None
        return None if number is None else self.issues.get(number)

    def issue(self, id_or_key: str) -> Issue:
        """The issue, whoever asks. Raises NotVisible."""
        found = self.find(id_or_key)
        if found is None:
            raise NotVisible("Issue does not exist or you do not have permission to see it.")
        return found

    def visible(self, id_or_key: str, account_id: str | None) -> Issue:
        """The issue as this account sees it. Raises NotVisible."""
        found = self.issue(id_or_key)
        if not self.can_see(account_id, found):
            raise NotVisible("Issue does not exist or you do not have permission to see it.")
        return found

    def can_browse(self, account_id: str | None, project: Project) -> bool:
        """Whether the account may browse the project."""
        return account_id is not None and (project.browsers is None or account_id in project.browsers)

    def can_see(self, account_id: str | None, issue: Issue) -> bool:
        """Whether the account may see the issue: its project and its security level let it."""
        return self.can_browse(account_id, self.projects[issue.project]) and account_id not in issue.hidden_from

    def can_find(self, account_id: str | None, indexed: Issue) -> bool:
        """Whether a search shows what the index knows; one that was deleted or moved since stays there for a while.

        Rights are those of now.
        """
        return self.can_see(account_id, self.issues.get(indexed.id, indexed))

    def can_create(self, account_id: str | None, project: Project) -> bool:
        """Whether the account may create issues in the project."""
        return self.can_browse(account_id, project) and (project.creators is None or account_id in project.creators)

    def can_edit(self, account_id: str | None, project: Project) -> bool:
        """Whether the account may edit issues of the project."""
        return self.can_browse(account_id, project) and (project.editors is None or account_id in project.editors)

    def can_assign(self, account_id: str | None, project: Project) -> bool:
        """Whether the account may say whose issues of the project are; without it the field is on no screen."""
        return self.can_browse(account_id, project) and (project.assigners is None or account_id in project.assigners)

    def can_schedule(self, account_id: str | None, project: Project) -> bool:
        """Whether the account may set due dates (Jira, "Schedule issues"); without it the field is on no screen."""
        return self.can_browse(account_id, project) and (project.schedulers is None or account_id in project.schedulers)

    def can_move(self, account_id: str | None, project: Project) -> bool:
        """Whether the account may take issues of the project through their workflow."""
        return self.can_browse(account_id, project) and (project.movers is None or account_id in project.movers)

    def screen(self, account_id: str | None, project: Project, type_id: str) -> list[FieldOnScreen]:
        """The create and edit screen of a type as this account has it: a field it may not set is not there."""
        hidden = {
            field_id
            for field_id, may in (("assignee", self.can_assign), ("duedate", self.can_schedule))
            if not may(account_id, project)
        }
        return [field for field in project.screens[type_id] if field.id not in hidden]

    def can_be_assigned(self, account_id: str, project: Project) -> bool:
        """Whether the account is active and has the Assignable User permission in the project."""
        person = self.people.get(account_id)
        admitted = project.assignable is None or account_id in project.assignable
        return person is not None and person.active and person.account_type == "atlassian" and admitted

    def project(self, id_or_key: str, account_id: str | None) -> Project:
        """The project as this account sees it, by id or by key in any case. Raises NotVisible."""
        for project in self.projects.values():
            if id_or_key in {project.id, project.key} or id_or_key.upper() == project.key:
                if self.can_browse(account_id, project):
                    return project
                break
        raise NotVisible(f"No project could be found with key '{id_or_key}'.")

    def priority(self, id_or_name: str) -> Priority | None:
        """The priority of that id, or of that name in any case."""
        return next((p for p in self.priorities if p.id == id_or_name or p.name.lower() == id_or_name.lower()), None)

    def transitions(self, issue: Issue, account_id: str | None) -> list[Transition]:
        """The steps open to this account from where the issue stands; none without the right."""
        project = self.projects[issue.project]
        if not self.can_move(account_id, project):
            return []
        return [t for t in project.transitions if t.sources is None or issue.status in t.sources]

    # -- what a caller does ------------------------------------------------------------------------------------------

    def add_project(self, project: Project) -> Project:
        """Adds a project; keys are upper case."""
        self.projects[project.key] = project
        return project

    def create(self, project: Project, by: str, values: dict[str, Any], properties: dict[str, Any]) -> Issue:
        """A new issue under the next key, with the project's defaults for what ``values`` leaves out, and its mail.

        ``values`` names attributes of Issue and has been validated. Jira cannot create without telling people.
        """
        project.last_number += 1
        now = self.clock.now()
        issue = Issue(
            next(self._ids), f"{project.key}-{project.last_number}", project.key,
            status=project.statuses[0].id, reporter=by, created=now, updated=now, properties=deepcopy(properties),
            **{"priority": project.default_priority, "assignee": project.default_assignee, **values},
        )  # fmt: skip
        issue.watchers.add(by)
        self.issues[issue.id] = issue
        self._keys[issue.key] = issue.id
        self._mail(issue, by, "was created", {issue.assignee})
        self._indexed(issue)
        return issue

    def edit(self, issue: Issue, by: str, values: dict[str, Any], properties: dict[str, Any] | None = None) -> None:
        """Changes validated attributes; mails watchers, and does nothing more when nothing differs."""
        if not self.can_edit(by, self.projects[issue.project]):
            raise NotAllowed("You do not have permission to edit issues in this project.")
        changed = False
        for name, after in values.items():
            before = getattr(issue, name)
            if name == "custom":
                after = {**before, **after}  # noqa: PLW2901 — one custom field is changed, the others stay
            if before != after:
                setattr(issue, name, after)
                issue.history.append(HistoryEntry(self.clock.now(), by, name, _shown(before), _shown(after)))
                changed = True
        issue.properties.update(deepcopy(properties or {}))
        if changed:
            issue.updated = self.clock.now()
            self._mail(issue, by, "was updated", {issue.assignee})
        if changed or properties:
            self._indexed(issue)

    def do_transition(self, issue: Issue, by: str, transition_id: str) -> None:
        """Moves the issue through the workflow. Raises Invalid when the step is not open from here."""
        step = next((t for t in self.transitions(issue, by) if t.id == transition_id), None)
        if step is None:
            raise Invalid(
                "It seems that you have tried to perform an illegal workflow operation. If you are using a REST "
                f"client, check that the transition id '{transition_id}' is valid for this issue."
            )
        self._set_status(issue, by, step.target)

    def _set_status(self, issue: Issue, by: str, status_id: str) -> None:
        project = self.projects[issue.project]
        issue.history.append(
            HistoryEntry(
                self.clock.now(), by, "status", project.status(issue.status).name, project.status(status_id).name
            )
        )
        issue.status = status_id
        issue.updated = self.clock.now()
        done = project.status(status_id).category == "done"
        issue.resolved = (issue.resolved or issue.updated) if done else None
        self._mail(issue, by, "changed its status", {issue.assignee})
        self._indexed(issue)

    def set_property(self, issue: Issue, by: str, key: str, value: Any) -> bool:
        """Sets an entity property, without mail or changelog; True when it is new."""
        if not self.can_edit(by, self.projects[issue.project]):
            raise NotAllowed("You do not have permission to edit issues in this project.")
        if not key or len(key) > _PROPERTY_LIMIT:
            raise Invalid(f"The property key has to be at most {_PROPERTY_LIMIT} characters long.")
        created = key not in issue.properties
        issue.properties[key] = deepcopy(value)
        self._indexed(issue)
        return created

    def remove_property(self, issue: Issue, by: str, key: str) -> None:
        """Removes an entity property. Raises NotVisible when there is none."""
        if not self.can_edit(by, self.projects[issue.project]):
            raise NotAllowed("You do not have permission to edit issues in this project.")
        if key not in issue.properties:
            raise NotVisible(f"The property with key '{key}' does not exist.")
        del issue.properties[key]
        self._indexed(issue)

    def comment(self, issue: Issue, by: str, body: Any) -> Comment:
        """Adds a comment and mails the watchers."""
        made = Comment(str(next(self._ids)), by, self.clock.now(), deepcopy(body))
        issue.comments.append(made)
        issue.updated = made.at
        self._mail(issue, by, "was commented on", {issue.assignee})
        self._indexed(issue)
        return made

    def _mail(self, issue: Issue, by: str, what: str, also: Iterable[str | None]) -> None:
        to = {account for account in (*issue.watchers, *also) if account is not None} - {by}
        self.mails.extend(Mail(account, issue.key, f"{issue.key} {what}") for account in sorted(to))

    def _indexed(self, issue: Issue) -> None:
        self.index.record(str(issue.id), frozen_copy(issue), self.clock.now())

    # -- what people do ----------------------------------------------------------------------------------------------

    def transition(self, key: str, status: str, by: str | None = None) -> None:
        """A person brings the ticket to the status of that name, by as many steps as it takes."""
        issue = self.issue(key)
        self._set_status(issue, by or self._lead(issue), self.projects[issue.project].status(status).id)

    def assign(self, key: str, account_id: str | None, by: str | None = None) -> None:
        """A person assigns the ticket, or unassigns it with None."""
        self.person_edits(key, by, assignee=account_id)

    def person_edits(self, key: str, by: str | None = None, **values: Any) -> None:
        """A person changes attributes of the ticket, such as ``summary``, ``due`` or ``priority`` (a name or id)."""
        issue = self.issue(key)
        if isinstance(values.get("priority"), str):
            known = self.priority(values["priority"])
            if known is None:
                raise ValueError(f"no priority is called {values['priority']}")
            values["priority"] = known.id
        if isinstance(values.get("due"), str):
            values["due"] = date.fromisoformat(values["due"])
        self.edit(issue, by or self._lead(issue), values)

    def delete_issue(self, key: str) -> None:
        """A person deletes the ticket; its key is never used again."""
        issue = self.issue(key)
        del self.issues[issue.id]
        self.index.record(str(issue.id), None, self.clock.now())

    def move_issue(self, key: str, project_key: str) -> str:
        """A person moves the ticket to another project; gives the new key. The old one still leads to it."""
        issue, project = self.issue(key), self.projects[project_key]
        old_status = self.projects[issue.project].status(issue.status)
        project.last_number += 1
        issue.key, issue.project = f"{project.key}-{project.last_number}", project.key
        issue.type = issue.type if project.type(issue.type) else project.types[0].id
        same = [status for status in project.statuses if status.category == old_status.category]
        issue.status = (same or project.statuses)[0].id
        issue.updated = self.clock.now()
        self._keys[issue.key] = issue.id
        self._indexed(issue)
        return issue.key

    def clone_issue(self, key: str, by: str | None = None, *, with_properties: bool = False) -> Issue:
        """A person clones the ticket: a new issue in the first status, its summary led by ``CLONE -``."""
        source = self.issue(key)
        values = {
            name: getattr(source, name)
            for name in ("type", "description", "priority", "labels", "due", "assignee", "parent")
        }
        values |= {"summary": f"CLONE - {source.summary}", "custom": dict(source.custom)}
        properties = source.properties if with_properties else {}
        return self.create(self.projects[source.project], by or self._lead(source), values, properties)

    def hide(self, key: str, *account_ids: str) -> None:
        """A person puts the ticket on a security level that keeps these accounts out."""
        issue = self.issue(key)
        issue.hidden_from |= set(account_ids)
        self._indexed(issue)

    def rename_status(self, project_key: str, old: str, new: str) -> None:
        """An admin renames a status; its id and category stay."""
        self.projects[project_key].status(old).name = new

    def require_field(self, project_key: str, type_name: str, field_id: str) -> None:
        """An admin makes a field of the create screen required."""
        self._change_screen(project_key, type_name, field_id, required=True)

    def remove_from_screen(self, project_key: str, type_name: str, field_id: str) -> None:
        """An admin takes a field off the create and edit screens."""
        screen = self._screen(project_key, type_name)
        screen[:] = [f for f in screen if f.id != field_id]

    def _change_screen(self, project_key: str, type_name: str, field_id: str, **changes: Any) -> None:
        screen = self._screen(project_key, type_name)
        screen[:] = [replace(f, **changes) if f.id == field_id else f for f in screen]

    def _screen(self, project_key: str, type_name: str) -> list[Any]:
        project = self.projects[project_key]
        known = project.type(type_name)
        if known is None:
            raise KeyError(type_name)
        return project.screens[known.id]

    def _lead(self, issue: Issue) -> str:
        return self.projects[issue.project].lead


def frozen_copy(issue: Issue) -> Issue:
    """A copy that later changes of the issue do not reach."""
    return replace(
        issue,
        custom=deepcopy(issue.custom),
        properties=deepcopy(issue.properties),
        comments=list(issue.comments),
        watchers=set(issue.watchers),
        history=list(issue.history),
        hidden_from=set(issue.hidden_from),
    )


def _shown(value: Any) -> str | None:
    return None if value is None else str(value)
