"""Jira's JSON read into tickets and create forms, whatever the deployment."""

from __future__ import annotations

from datetime import date
from typing import Any

from worker.jira import origin
from worker.model.ticket import Category, FormField, Status, Ticket, Transition
from worker.remote.reading import moment, understood

FIELDS = ("summary", "status", "assignee", "duedate", "priority", "created", "project", "issuetype")
"""The fields a ticket is read from."""


def ticket(issue: Any, site: str, account: str) -> Ticket:
    """A ticket out of an issue read with ``FIELDS`` and the origin's property. RemoteError when it is not one.

    ``account`` names the part of a user that identifies it: ``accountId`` on Cloud, ``name`` on Data Center.
    """
    with understood("a ticket"):
        fields = issue["fields"]
        assignee = fields.get("assignee") or {}
        due = fields.get("duedate")
        return Ticket(
            id=str(int(issue["id"])),
            key=issue["key"],
            project=fields["project"]["key"],
            url=f"{site}/browse/{issue['key']}",
            summary=fields["summary"],
            status=_status(fields["status"]),
            assignee=assignee.get(account),
            due=date.fromisoformat(due) if due else None,
            priority=(fields.get("priority") or {}).get("name"),
            created_at=moment(fields["created"]),
            origin=origin.from_json((issue.get("properties") or {}).get(origin.PROPERTY)),
        )


def transition(entry: Any) -> Transition:
    """A way out of the present status. RemoteError when it is not one."""
    with understood("a transition"):
        return Transition(id=str(entry["id"]), name=str(entry["name"]), to=_status(entry["to"]))


def _status(status: Any) -> Status:
    """Category keys are not translated, names are; a key nobody knows counts as no category."""
    key = (status.get("statusCategory") or {}).get("key")
    return Status(status["name"], next((known for known in Category if known.value == key), Category.NONE))


def form_field(field: Any) -> FormField:
    """One field of a create form, from the paged createmeta. RemoteError when it is not one."""
    with understood("a field of the create form"):
        return FormField(
            id=field.get("fieldId") or field["key"],
            name=field["name"],
            required=bool(field["required"]),
            has_default=bool(field.get("hasDefaultValue")),
            allowed=tuple(
                dict.fromkeys(
                    str(value[part])
                    for value in field.get("allowedValues") or ()
                    if isinstance(value, dict)
                    for part in ("name", "value", "id")
                    if value.get(part) is not None
                )
            ),
            schema=_schema(field.get("schema") or {}),
        )


def _schema(schema: Any) -> str:
    kind = schema.get("type") or ""
    if kind == "array":
        return f"array/{schema.get('items', '')}"
    custom = str(schema.get("custom", ""))
    if custom.endswith(":textarea"):
        return "string/textarea"
    if custom.endswith(":gh-epic-link"):
        return "epic-link"
    return str(kind)


def number(key: str) -> int:
    """The number in a ticket key: 12 of ``PAY-12``; 0 when it has none."""
    digits = key.rpartition("-")[2]
    return int(digits) if digits.isascii() and digits.isdigit() else 0
