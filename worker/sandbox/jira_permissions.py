"""Which of Jira's permissions an account has, in one project or anywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from worker.sandbox.issues import Project
from worker.sandbox.jira_state import Jira

Test = Callable[[str | None, Project], bool]


def tests(state: Jira) -> Mapping[str, Test]:
    """For each permission whether an account has it in a project."""
    return {
        "BROWSE_PROJECTS": state.can_browse,
        "CREATE_ISSUES": state.can_create,
        "EDIT_ISSUES": state.can_edit,
        "ASSIGN_ISSUES": state.can_assign,
        "SCHEDULE_ISSUES": state.can_schedule,
        "ASSIGNABLE_USER": lambda account, project: bool(account) and state.can_be_assigned(str(account), project),
        "TRANSITION_ISSUES": state.can_move,
        "ADD_COMMENTS": state.can_edit,
        "LINK_ISSUES": state.can_edit,
        "MODIFY_REPORTER": lambda _account, _project: False,
        "ADMINISTER": lambda _account, _project: False,
    }


def answer(
    state: Jira, named: Iterable[str], account: str | None, projects: Sequence[Project]
) -> dict[str, dict[str, Any]]:
    """The permissions of these names, with whether the account has each in any of the projects."""
    known = tests(state)
    return {
        name: {
            "id": str(place),
            "key": name,
            "name": name.replace("_", " ").capitalize(),
            "type": "GLOBAL" if name == "ADMINISTER" else "PROJECT",
            "description": "",
            "havePermission": any(known[name](account, project) for project in projects),
        }
        for place, name in enumerate(named, 10)
    }
