"""Writes a draft, or an edit, as the fields of a Jira request."""

from __future__ import annotations

from typing import Any

from worker.jira import origin
from worker.jira.dialect import Dialect
from worker.jira.form import epic_link
from worker.model.ticket import CreateForm, Draft, TicketEdit


def issue_update(draft: Draft, form: CreateForm, dialect: Dialect) -> dict[str, Any]:
    """One entry of ``issueUpdates``: fields, and the origin as an entity property, so that both exist or neither."""
    return {
        "fields": fields(draft, form, dialect),
        "properties": [{"key": origin.PROPERTY, "value": origin.to_json(draft.origin)}],
    }


def fields(draft: Draft, form: CreateForm, dialect: Dialect) -> dict[str, Any]:
    """Jira's field values; what the draft leaves open is not sent at all, so that Jira's defaults apply.

    The mapping's own fields come first and cannot replace what the draft says.
    """
    return {
        **{field_id: _value(value, _schema(form, field_id), dialect) for field_id, value in draft.fields},
        "project": {"key": draft.project},
        "issuetype": {"id": form.type_id},
        "summary": draft.summary,
        **({"description": dialect.description(draft.description)} if draft.description else {}),
        **({"assignee": {dialect.account: draft.assignee}} if draft.assignee else {}),
        **({"duedate": draft.due.isoformat()} if draft.due else {}),
        **({"priority": _named(draft.priority)} if draft.priority else {}),
        **({"labels": list(draft.labels)} if draft.labels else {}),
        **(_parent(draft.parent, form) if draft.parent else {}),
    }


def changed_fields(edit: TicketEdit, dialect: Dialect) -> dict[str, Any]:
    """Jira's values of the fields an edit changes, and of no others."""
    written: dict[str, Any] = {}
    for name, value in edit.values:
        match name:
            case "summary":
                written["summary"] = value
            case "owner":
                written["assignee"] = {dialect.account: value} if value else None
            case "due":
                written["duedate"] = value
            case "priority":
                written["priority"] = _named(value) if value else None
            case _:
                raise ValueError(f"no field of a ticket follows the page by the name {name}")
    return written


def _parent(key: str, form: CreateForm) -> dict[str, Any]:
    field_id = epic_link(form)
    return {field_id: key} if field_id else {"parent": {"key": key}}


def _schema(form: CreateForm, field_id: str) -> str:
    field = form.field(field_id)
    return field.schema if field else ""


def _value(value: Any, schema: str, dialect: Dialect) -> Any:
    """A plain value of the mapping in the shape Jira wants for that kind of field; a ready-made object stays."""
    if schema.startswith("array/"):
        entries = value if isinstance(value, (list, tuple)) else [value]
        return [_value(entry, schema.removeprefix("array/"), dialect) for entry in entries]
    if not isinstance(value, (str, int, float)):
        return value
    match schema:
        case "option":
            return {"value": str(value)}
        case "priority" | "version" | "component" | "resolution":
            return _named(str(value))
        case "group":
            return {"name": str(value)}
        case "user":
            return {dialect.account: str(value)}
        case "string/textarea":
            return dialect.text(str(value))
        case "string":
            return str(value)
        case _:
            return value


def _named(name: str) -> dict[str, str]:
    """Priorities, versions and components are named; a number is read as Jira's id, which no rename changes."""
    return {"id": name} if name.isascii() and name.isdigit() else {"name": name}
