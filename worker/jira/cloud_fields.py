"""Writes a draft as the fields of a Jira Cloud create request (REST v3)."""

from __future__ import annotations

from typing import Any

from worker.jira import origin
from worker.jira.adf import document, text_document
from worker.model.ticket import CreateForm, Draft, TicketEdit


def issue_update(draft: Draft, form: CreateForm) -> dict[str, Any]:
    """One entry of ``issueUpdates``: fields, and the origin as an entity property, so that both exist or neither."""
    return {
        "fields": fields(draft, form),
        "properties": [{"key": origin.PROPERTY, "value": origin.to_json(draft.origin)}],
    }


def fields(draft: Draft, form: CreateForm) -> dict[str, Any]:
    """Jira's field values; what the draft leaves open is not sent at all, so that Jira's defaults apply.

    The mapping's own fields come first and cannot replace what the draft says.
    """
    return {
        **{field_id: _value(value, _schema(form, field_id)) for field_id, value in draft.fields},
        "project": {"key": draft.project},
        "issuetype": {"id": form.type_id},
        "summary": draft.summary,
        **({"description": document(draft.description)} if draft.description else {}),
        **({"assignee": {"accountId": draft.assignee}} if draft.assignee else {}),
        **({"duedate": draft.due.isoformat()} if draft.due else {}),
        **({"priority": _named(draft.priority)} if draft.priority else {}),
        **({"labels": list(draft.labels)} if draft.labels else {}),
        **({"parent": {"key": draft.parent}} if draft.parent else {}),
    }


def changed_fields(edit: TicketEdit) -> dict[str, Any]:
    """Jira's values of the fields an edit changes, and of no others."""
    written: dict[str, Any] = {}
    for name, value in edit.values:
        match name:
            case "summary":
                written["summary"] = value
            case "owner":
                written["assignee"] = {"accountId": value} if value else None
            case "due":
                written["duedate"] = value
            case "priority":
                written["priority"] = _named(value) if value else None
            case _:
                raise ValueError(f"no field of a ticket follows the page by the name {name}")
    return written


def _schema(form: CreateForm, field_id: str) -> str:
    field = form.field(field_id)
    return field.schema if field else ""


def _value(value: Any, schema: str) -> Any:
    """A plain value of the mapping in the shape Jira wants for that kind of field; a ready-made object stays."""
    if schema.startswith("array/"):
        entries = value if isinstance(value, (list, tuple)) else [value]
        return [_value(entry, schema.removeprefix("array/")) for entry in entries]
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
            return {"accountId": str(value)}
        case "string/textarea":
            return text_document(str(value))
        case "string":
            return str(value)
        case _:
            return value


def _named(name: str) -> dict[str, str]:
    """Priorities, versions and components are named; a number is read as Jira's id, which no rename changes."""
    return {"id": name} if name.isascii() and name.isdigit() else {"name": name}
