"""What Jira demands of a new ticket: what the mapping has to fill, and what a row has to say."""

from __future__ import annotations

from dataclasses import dataclass

from worker.mapping.model import TeamMapping
from worker.model.item import Note
from worker.model.ticket import JIRA_FIELD, CreateForm, Draft
from worker.reconcile import notes

_ALWAYS_FILLED = frozenset({"summary", "description", "project", "issuetype", "reporter"})


@dataclass(frozen=True, slots=True)
class FromRow:
    """A field of the create form that a row fills."""

    what: str
    """As its author knows it."""
    default: str
    """The key of the mapping that fills it for rows that say nothing, or what else helps."""
    note: Note


FROM_ROWS = {
    "assignee": FromRow("an owner who can be assigned", "set owners.default in the mapping", notes.NEEDS_OWNER),
    "duedate": FromRow("a due date", "set due.default_after in the mapping", notes.NEEDS_DATE),
    "priority": FromRow("a priority that Jira knows", "name it under ticket.priority", notes.NEEDS_PRIORITY),
}
"""By Jira's id of the field."""


def required_but_empty(mapping: TeamMapping, form: CreateForm) -> tuple[str, ...]:
    """Names of fields that Jira demands and that neither the worker, the mapping nor any row can fill."""
    rules = mapping.ticket
    named = {name for name, filled in {"labels": rules.labels, "parent": rules.parent}.items() if filled}
    filled = _ALWAYS_FILLED | named | set(rules.fields) | set(FROM_ROWS)
    return tuple(f"{field.name} ({field.id})" for field in form.fields if _demanded(form, field.id) - filled)


def unfit(mapping: TeamMapping, form: CreateForm) -> tuple[str, ...]:
    """Why Jira makes no ticket under this mapping whatever a row says, a sentence each; empty when it can."""
    rules = mapping.ticket
    if form.subtask and not rules.parent:
        orphan = (
            f"ticket.parent: {form.type} is a sub-task, and {form.project} makes none without a parent; write "
            f"`parent: {form.project}-…` under `ticket`, or take another ticket.type."
        )
        return (orphan,)
    return tuple(
        f"{form.project} demands {name} for a {form.type}; fill it under ticket.fields."
        for name in required_but_empty(mapping, form)
    )


def can_do_without(draft: Draft, form: CreateForm) -> frozenset[str]:
    """Fields of the draft (our names, or Jira's ids) whose refusal costs the field and not the ticket."""
    named = {name for name, field_id in JIRA_FIELD.items() if not _demanded(form, field_id)}
    if form.subtask:
        named.discard("parent")
    return frozenset(named | {name for name, _ in draft.fields if not _demanded(form, name)})


def left_to_rows(mapping: TeamMapping, form: CreateForm) -> tuple[str, ...]:
    """Ids of demanded fields that a row has to fill, for the mapping has no default for them."""
    rules = mapping.ticket
    filled = set(rules.fields)
    filled |= {"assignee"} if mapping.owners.default is not None else set()
    filled |= {"duedate"} if mapping.due.default_after is not None else set()
    return tuple(field_id for field_id in FROM_ROWS if _demanded(form, field_id) - filled)


def lacking(draft: Draft, form: CreateForm | None) -> tuple[str, ...]:
    """Ids of demanded fields that a row fills and this one does not."""
    if form is None:
        return ()
    said = {"assignee": draft.assignee, "duedate": draft.due, "priority": draft.priority, **dict(draft.fields)}
    return tuple(field_id for field_id in FROM_ROWS if _demanded(form, field_id) and said[field_id] is None)


def _demanded(form: CreateForm, field_id: str) -> set[str]:
    field = form.field(field_id)
    return {field_id} if field is not None and field.required and not field.has_default else set()
