"""Mistakes that show in Jira, each with the sentence that leads out of it."""

from __future__ import annotations

from dataclasses import replace

from tests.passes.stage import person
from tests.setup.site import INES, NOOR
from tests.setup.site_mistakes import OnTheSite
from worker.sandbox.face import DATACENTER
from worker.sandbox.issues import FieldOnScreen
from worker.sandbox.server import Sandbox


def _project(sandbox: Sandbox, **changes: object) -> None:
    for name, value in changes.items():
        setattr(sandbox.jira.projects["PAY"], name, value)


def _custom(sandbox: Sandbox, *options: str, required: bool) -> None:
    field = FieldOnScreen("customfield_10020", "Cause", required=required, options=options)
    sandbox.jira.projects["PAY"].screens["10001"].append(field)


def _ticket(sandbox: Sandbox, type_id: str, project: str = "PAY") -> None:
    jira = sandbox.jira
    jira.create(jira.projects[project], person("Alice Moreau", sandbox), {"summary": "x", "type": type_id}, {})


def _parent_required(sandbox: Sandbox) -> None:
    screen = sandbox.jira.projects["PAY"].screens["10001"]
    screen[:] = [replace(each, required=True) if each.id == "parent" else each for each in screen]


PROJECT = (
    OnTheSite(
        "no such project",
        "Jira shows this account no project `PAX` (ticket.project in mappings/payments.yaml); did you mean `PAY`?",
        written="project: PAY",
        instead="project: PAX",
    ),
    OnTheSite(
        "project that we may not browse",
        "Please let the account “Post-mortem sync” (712020:0a5e0000-0000-4000-8000-000000000001) browse the project PAY, "
        "and create issues in it.",
        lambda sandbox: _project(sandbox, browsers={"nobody"}),
    ),
    OnTheSite(
        "no permission to create",
        "the permission “Create issues” in the project PAY.",
        lambda sandbox: _project(sandbox, creators=set()),
    ),
    OnTheSite(
        "no permission to edit",
        "This account lacks a permission in PAY: Edit issues (so that they follow their rows).",
        lambda sandbox: _project(sandbox, editors=set()),
    ),
    OnTheSite(
        "no permission to assign",
        "This account lacks a permission in PAY: Assign issues (so that they get their owners).",
        lambda sandbox: _project(sandbox, assigners=set()),
    ),
    OnTheSite(
        "no permission to set due dates",
        "This account lacks a permission in PAY: Schedule issues (so that they get their due dates).",
        lambda sandbox: _project(sandbox, schedulers=set()),
    ),
    OnTheSite(
        "no permission to close",
        "This account lacks a permission in PAY: Transition issues (so that a ticked task closes its ticket).",
        lambda sandbox: _project(sandbox, movers=set()),
    ),
)

FORM = (
    OnTheSite(
        "no such type",
        "project PAY has no type Taks; did you mean Task? it has Task (id 10001), Bug (id 10002), Epic (id 10000), "
        "Sub-task (id 10003) (ticket.type in mappings/payments.yaml).",
        written="type: Task",
        instead="type: Taks",
    ),
    OnTheSite(
        "labels not on the screen",
        "labels is not on the create screen of Task in PAY, so tickets could not be found again.",
        lambda sandbox: sandbox.jira.remove_from_screen("PAY", "Task", "labels"),
    ),
    OnTheSite(
        "due date not on the screen",
        "Please add the field duedate to the create screen of Task in PAY.",
        lambda sandbox: sandbox.jira.remove_from_screen("PAY", "Task", "duedate"),
    ),
    OnTheSite(
        "required field",
        "PAY demands Cause (customfield_10020) for a Task; fill it under `ticket` in mappings/payments.yaml: `fields: "
        "{customfield_10020: Change}`, with one of Change and Capacity.",
        lambda sandbox: _custom(sandbox, "Change", "Capacity", required=True),
    ),
    OnTheSite(
        "field by its name",
        "`cause` (ticket.fields in mappings/payments.yaml) is not on the create screen of Task in PAY; did you mean "
        "`customfield_10020`?",
        lambda sandbox: _custom(sandbox, "Change", required=False),
        "type: Task",
        "type: Task\n  fields: {cause: Change}",
    ),
    OnTheSite(
        "value that a field does not take",
        "Cause (`customfield_10020`, ticket.fields in mappings/payments.yaml) takes no `Chnage`; did you mean `Change`?",
        lambda sandbox: _custom(sandbox, "Change", "Capacity", required=False),
        "type: Task",
        "type: Task\n  fields: {customfield_10020: Chnage}",
    ),
    OnTheSite(
        "priority of another site",
        "PAY has no priority `Critical` (ticket.priority: P1 in mappings/payments.yaml); write one of Highest, High, "
        "Medium, Low and Lowest.",
        written="P1: Highest",
        instead="P1: Critical",
    ),
    OnTheSite(
        "priority not on the screen",
        "Please add the field priority to the create screen of Task in PAY.",
        lambda sandbox: sandbox.jira.remove_from_screen("PAY", "Task", "priority"),
    ),
    OnTheSite(
        "no such parent",
        "Jira shows this account no ticket PAY-999 (ticket.parent in mappings/payments.yaml)",
        written="type: Task",
        instead="type: Task\n  parent: PAY-999",
    ),
    OnTheSite(
        "parent of the same level",
        "PAY-1 (ticket.parent in mappings/payments.yaml) is a Task, and only Epic can stand above a Task; write the key of such a ticket.",
        lambda sandbox: _ticket(sandbox, "10001"),
        "type: Task",
        "type: Task\n  parent: PAY-1",
    ),
    OnTheSite(
        "sub-task without parent",
        "Sub-task is a sub-task, which needs a parent; write `parent: PAY-…` under `ticket`",
        written="type: Task",
        instead="type: Sub-task",
    ),
    OnTheSite(
        "sub-task without parent on Data Center",
        "Sub-task is a sub-task, which needs a parent; write `parent: PAY-…` under `ticket` in mappings/payments.yaml "
        "(ticket.parent), or take another type.",
        written="type: Task",
        instead="type: Sub-task",
        face=DATACENTER,
    ),
    OnTheSite(
        "type that needs a parent here",
        "PAY demands a parent for a Task; write `parent: PAY-…` under `ticket` in mappings/payments.yaml",
        _parent_required,
    ),
    OnTheSite(
        "epic that demands a field",
        "PAY demands Cause (customfield_10020) for an Epic; fill it under `ticket`",
        lambda sandbox: (
            sandbox.jira.projects["PAY"]
            .screens["10000"]
            .append(FieldOnScreen("customfield_10020", "Cause", required=True, options=()))
        ),
        "type: Task",
        "type: Epic",
    ),
    OnTheSite(
        "sub-task of another project",
        "OPS-1 (ticket.parent in mappings/payments.yaml) is not in PAY, as a parent of sub-tasks must be",
        lambda sandbox: _ticket(sandbox, "10001", "OPS"),
        "type: Task",
        "type: Sub-task\n  parent: OPS-1",
    ),
)

PEOPLE = (
    OnTheSite(
        "unknown account",
        "Jira knows no account `557058:1234` (owners.default in mappings/payments.yaml); open the person's profile",
        written="owners:",
        instead='owners:\n  default: "557058:1234"',
    ),
    OnTheSite(
        "unknown user of Data Center",
        "Jira knows no account `nobody` (owners.default in mappings/payments.yaml); write the user name with which the "
        "person signs in.",
        written="owners:",
        instead="owners:\n  default: nobody",
        face=DATACENTER,
    ),
    OnTheSite(
        "account of somebody who left",
        "The account of Ines Former (owners.default in mappings/payments.yaml) is deactivated; write the account of "
        "somebody else.",
        written="owners:",
        instead=f'owners:\n  default: "{INES}"',
    ),
    OnTheSite(
        "account that may not be assigned",
        f"Please give the account Noor Visiting ({NOOR}) the permission “Assignable user” in the project PAY.",
        written="owners:",
        instead=f'owners:\n  default: "{NOOR}"',
    ),
)
