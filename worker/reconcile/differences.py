"""How a ticket differs from the row it was made for, in owner and due date, as the row says it now."""

from __future__ import annotations

from worker.model.finding import Finding
from worker.model.item import ActionItem, Note, PickedDate, WrittenDate, WrittenName
from worker.model.ticket import Category, Ticket
from worker.reconcile.desire import Reading, not_assignable
from worker.reconcile.notes import differs

_ONLY_AT_BIRTH = frozenset({"date-past", "owner-several", "date-several", "priority-unknown"})
"""Findings about how a row was read when its ticket was made; afterwards the ticket speaks for itself."""


def difference(item: ActionItem, reading: Reading, ticket: Ticket) -> Note | None:
    """The note of a row whose ticket says something else; a done ticket is left in peace, and so is a row that says
    nothing.
    """
    if ticket.status.category is Category.DONE:
        return None
    parts = []
    owner, due = reading.owner.assignee, reading.due
    unknown = next((f"“{each.text}”" for each in item.owners if isinstance(each, WrittenName)), "")
    if item.owners and ticket.assignee is None:
        why = (
            "Jira did not take the person named here" if owner else f"{unknown} is not known here, mention them with @"
        )
        parts.append(f"has no assignee ({why})")
    elif item.owners and owner is not None and ticket.assignee != owner:
        parts.append("is assigned to someone else")
    if due.written and due.due is None and ticket.due is None:
        parts.append(f"has no due date (“{_as_written(item)}” cannot be read for sure, write one like 2026-12-31)")
    elif due.written and due.due is not None and ticket.due is None:
        parts.append("has no due date (Jira did not take it)")
    elif due.written and due.due is not None and ticket.due != due.due:
        parts.append(f"is due {ticket.due.isoformat() if ticket.due else ''}")
    return differs(*parts)


def lasting_findings(item: ActionItem, reading: Reading, ticket: Ticket) -> list[Finding]:
    """What is still worth saying about an item once its ticket exists."""
    if ticket.status.category is Category.DONE:
        return []
    findings = [f for f in (*reading.owner.findings, *reading.due.findings) if f.code not in _ONLY_AT_BIRTH]
    if ticket.assignee is not None:
        findings = [f for f in findings if not f.code.startswith("owner-")]
    elif reading.owner.assignee is not None:
        findings.append(not_assignable(item))
    if ticket.due is not None:
        findings = [f for f in findings if not f.code.startswith("date-")]
    return findings


def _as_written(item: ActionItem) -> str:
    match item.dates[0]:
        case PickedDate(datetime):
            return datetime
        case WrittenDate(text):
            return text
