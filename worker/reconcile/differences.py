"""How a ticket differs from the row it was made for, in owner and due date, as the row says it now."""

from __future__ import annotations

from datetime import date

from worker.mapping.model import TeamMapping, TicketRules
from worker.model.finding import Finding
from worker.model.item import ActionItem, Mention, Note, Owner, PickedDate, Stranger, WrittenDate, WrittenName
from worker.model.ticket import Category, Ticket
from worker.reconcile.desire import Facts, Reading, not_assignable, not_offered
from worker.reconcile.notes import differs
from worker.reconcile.owners import OwnerReading
from worker.reconcile.priorities import keeps_priority, made_without
from worker.reconcile.sentences import cell, subject

_OF_THE_DATE_TAKEN = frozenset({"date-past", "date-several"})
"""Findings about a date that was read; they stand for as long as the ticket has that date."""


def difference(item: ActionItem, reading: Reading, ticket: Ticket) -> Note | None:
    """The note of a row whose ticket says something else; a done ticket is left in peace, and so is a row that says
    nothing.
    """
    if ticket.status.category is Category.DONE:
        return None
    parts = []
    owner, due = reading.owner.assignee, reading.due
    unknown = next((said for each in item.owners if (said := _unknown(each))), "")
    if item.owners and owner and ticket.assignee is None and _had(ticket, "owner"):
        parts.append("has no assignee")
    elif item.owners and ticket.assignee is None:
        why = f"Jira did not take {reading.owner.given_by or 'the person named here'}" if owner else unknown
        parts.append(f"has no assignee ({why})")
    elif item.owners and owner is not None and ticket.assignee != owner:
        parts.append("is assigned to someone else")
    elif owner is None and unknown and _said_before(ticket, "owner"):
        parts.append(f"keeps its assignee ({unknown})")
    if due.written and due.due is None and ticket.due is None:
        parts.append(f"has no due date (“{_as_written(item)}” cannot be read for sure, write one like 2026-12-31)")
    elif due.written and due.due is not None and ticket.due is None and _had(ticket, "due"):
        parts.append("has no due date")
    elif due.written and due.due is not None and ticket.due is None:
        parts.append("has no due date (Jira did not take it)")
    elif due.written and due.due is not None and ticket.due != due.due:
        parts.append(f"is due {_day(ticket)}")
    elif due.written and due.due is None and _said_before(ticket, "due"):
        parts.append(
            f"stays due {_day(ticket)} (“{_as_written(item)}” cannot be read for sure, write one like 2026-12-31)"
        )
    return differs(*parts)


def unassigned(reading: Reading, ticket: Ticket) -> bool:
    """Whether the ticket never had the assignee it was to have, and nobody took care of it since: Jira knows why."""
    open_ = ticket.status.category is not Category.DONE and ticket.assignee is None
    return open_ and reading.owner.assignee is not None and not _had(ticket, "owner")


def lasting_findings(
    item: ActionItem, reading: Reading, ticket: Ticket, mapping: TeamMapping, facts: Facts
) -> list[Finding]:
    """What is still worth saying about an item once its ticket exists, as long as it stands."""
    if ticket.status.category is Category.DONE:
        return []
    rules = mapping.ticket
    several = any(f.code == "owner-several" for f in reading.owner.findings)
    findings = [f for f in reading.owner.findings if f.code != "owner-several"]
    findings += [f for f in reading.due.findings if f.code not in _OF_THE_DATE_TAKEN]
    if ticket.assignee is not None:
        unknown = any(f.code == "owner-unknown" for f in findings) and reading.owner.assignee is None
        findings = [f for f in findings if not f.code.startswith("owner-")]
        if unknown and _said_before(ticket, "owner"):
            findings.append(_keeps_assignee(item, ticket))
    elif unassigned(reading, ticket):
        findings.extend(_why_unassigned(item, reading.owner, ticket, rules, facts))
    if several and ticket.assignee == reading.owner.assignee:
        findings.append(_one_of_several(item, ticket))
    priority, lacked = reading.priority, _lacks_priority(reading.priority.name or reading.priority.written, ticket)
    if priority.finding is not None and lacked:
        findings.append(keeps_priority(item, priority, ticket, rules.priority))
    elif priority.name is not None and lacked and not _had(ticket, "priority"):
        findings.append(made_without(item, priority, ticket))
    if ticket.due is not None:
        unread = [f for f in findings if f.code in ("date-ambiguous", "date-unreadable")]
        findings = [f for f in findings if not f.code.startswith("date-")]
        if unread and _said_before(ticket, "due"):
            findings.append(_stays_due(item, ticket, unread[0].code))
    made_on = ticket.created_at.astimezone(mapping.due.zone).date()
    return [*findings, *_of_the_date_taken(reading, ticket, made_on)]


def _of_the_date_taken(reading: Reading, ticket: Ticket, made_on: date) -> list[Finding]:
    """A date that the ticket has from its row; one that has passed only since is what due dates are for."""
    if reading.due.due is None or ticket.due != reading.due.due:
        return []
    late = reading.due.due < made_on
    return [f for f in reading.due.findings if f.code in _OF_THE_DATE_TAKEN and (late or f.code != "date-past")]


def _lacks_priority(wanted: str, ticket: Ticket) -> bool:
    """Whether the ticket was not given the priority that its row asks for, and nobody set another one in Jira since."""
    base = dict(ticket.origin.base).get("priority") if ticket.origin is not None else None
    if base is None or (base.page or "").casefold() != wanted.casefold():
        return False
    has = ticket.priority if base.ticket is None else base.ticket
    return has == ticket.priority and (has or "").casefold() != wanted.casefold()


def _why_unassigned(
    item: ActionItem, owner: OwnerReading, ticket: Ticket, rules: TicketRules, facts: Facts
) -> list[Finding]:
    """A default may have been set after the ticket was made: it is to blame only when Jira says so."""
    if facts.offers_no_assignee(rules):
        message = (
            f"{subject(item)}: {ticket.key} has no assignee, for {not_offered(rules, 'assignee')}; assign the ticket "
            "in Jira, and ask a Jira administrator for either."
        )
        return [Finding("field-refused", message, item.action)]
    if owner.named or (ticket.project, owner.assignee) in facts.unassignable:
        return [not_assignable(item, owner)]
    return []


def _said_before(ticket: Ticket, field: str) -> bool:
    """Whether the row said something of this field that could be read when it last agreed with the ticket."""
    base = dict(ticket.origin.base).get(field) if ticket.origin is not None else None
    return base is not None and base.page is not None


def _had(ticket: Ticket, field: str) -> bool:
    """Whether the ticket had a value of this field when it last agreed with its row: a person took it away since."""
    base = dict(ticket.origin.base).get(field) if ticket.origin is not None else None
    return base is not None and base.ticket is not None


def _one_of_several(item: ActionItem, ticket: Ticket) -> Finding:
    """Said only while nobody has chosen otherwise in Jira."""
    whose = "the first one whose account is known" if ticket.assignee is not None else "nobody"
    message = (
        f"{subject(item)} names several owners, and {ticket.key} is assigned to {whose}: leave one owner, or split the "
        "item."
    )
    return Finding("owner-several", message, item.action)


def _keeps_assignee(item: ActionItem, ticket: Ticket) -> Finding:
    message = (
        f"{subject(item)} now names an owner whose Jira account is not known, so {ticket.key} keeps its assignee: "
        f"mention the person with @ in {cell(item, 'owner')}, or add the name to owners.aliases in the mapping."
    )
    return Finding("owner-unknown", message, item.action)


def _stays_due(item: ActionItem, ticket: Ticket, code: str) -> Finding:
    message = (
        f"{subject(item)} now says “{_as_written(item)}”, which cannot be read as one day, so {ticket.key} stays due "
        f"{_day(ticket)}: pick one by typing // in {cell(item, 'due date')}, or write it like 2026-12-31."
    )
    return Finding(code, message, item.action)


def _day(ticket: Ticket) -> str:
    return ticket.due.isoformat() if ticket.due else ""


def _as_written(item: ActionItem) -> str:
    match item.dates[0]:
        case PickedDate(datetime):
            return datetime
        case WrittenDate(text):
            return text


def _unknown(owner: Owner) -> str:
    """What is to be done about an owner whom nobody knows; nothing about a person whose account is known."""
    match owner:
        case WrittenName(text):
            return f"“{text}” is not known here, mention them with @"
        case Stranger():
            return "Confluence does not know the person mentioned here, mention somebody else"
        case Mention():
            return ""
