"""How Jira Data Center writes an issue, a project, a person or a field as JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from worker.sandbox.issues import EPIC_LINK, EPIC_NAME, Comment, FieldOnScreen, Issue, IssueType, Project, Transition
from worker.sandbox.jira_beans import Beans, profile
from worker.sandbox.people import Person

_SOFTWARE = "com.pyxis.greenhopper.jira"
_SCHEMAS: dict[str, dict[str, str]] = {
    EPIC_LINK: {"type": "any", "custom": f"{_SOFTWARE}:gh-epic-link"},
    EPIC_NAME: {"type": "string", "custom": f"{_SOFTWARE}:gh-epic-label"},
}


class DatacenterBeans(Beans):
    """Writes what Data Center writes otherwise than Cloud: people by name and key, texts as strings."""

    def writers(self, issue: Issue) -> dict[str, Callable[[], Any]]:
        """What writes each field that an issue has here; only a sub-task has a parent."""
        writers = super().writers(issue)
        del writers["statusCategory"]
        type_ = self._state.projects[issue.project].type(issue.type)
        if type_ is None or type_.level >= 0:
            writers.pop("parent", None)
        return writers

    def person(self, person: Person) -> dict[str, Any]:
        """A person."""
        return {
            "self": f"{self._api}/user?username={person.username}",
            "key": person.jira_key,
            "name": person.username,
            "avatarUrls": {"48x48": f"{self._base}/secure/useravatar?avatarId=10122"},
            **profile(person),
        }

    def account(self, person: Person) -> dict[str, Any]:
        """A person as the routes about people write them."""
        return {**self.person(person), "deleted": False, "locale": "en_GB"}

    def issue_type(self, type_: IssueType) -> dict[str, Any]:
        """An issue type."""
        bean = super().issue_type(type_)
        del bean["hierarchyLevel"]
        return bean

    def transition(self, step: Transition, issue: Issue) -> dict[str, Any]:
        """A workflow step that can be taken."""
        status = self._state.projects[issue.project].status(step.target)
        return {"id": step.id, "name": step.name, "opsbarSequence": 10, "to": self.status(status)}

    def project_reference(self, project: Project) -> dict[str, Any]:
        """A project as other things name it."""
        bean = super().project_reference(project)
        del bean["simplified"]
        return bean

    def project(self, project: Project) -> dict[str, Any]:
        """A project in full."""
        shown = super().project(project)
        bean = {name: value for name, value in shown.items() if name not in {"style", "isPrivate", "properties"}}
        return {**bean, "expand": "description,lead,issueTypes,url,projectKeys", "archived": False}

    def comment(self, comment: Comment) -> dict[str, Any]:
        """A comment with its text."""
        bean = super().comment(comment)
        del bean["jsdPublic"]
        return bean

    def create_field(self, field: FieldOnScreen, project: Project, type_: IssueType) -> dict[str, Any]:
        """A field of a create screen."""
        bean = super().create_field(field, project, type_)
        del bean["key"]
        if field.id in _SCHEMAS:
            bean["schema"] |= _SCHEMAS[field.id]
        return bean
