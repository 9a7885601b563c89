"""Turns a written priority into the name that Jira has for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from worker.document.text import normalise
from worker.model.finding import Finding
from worker.model.item import ActionItem
from worker.model.ticket import CreateForm, Ticket
from worker.reconcile.placeholders import says_nothing
from worker.reconcile.sentences import subject


@dataclass(frozen=True, slots=True)
class PriorityReading:
    """What the row says of its priority, and what that is in Jira."""

    name: str | None
    """Jira's name by the mapping; None when nothing is written, or the mapping does not know it."""
    written: str
    """As written, whitespace collapsed; empty when the row says nothing. Jira's own create form may know it."""
    finding: Finding | None
    """``priority-unknown`` when the mapping does not know what is written."""


_SAYS_NOTHING = PriorityReading(None, "", None)


def read_priority(item: ActionItem, priority: Mapping[str, str]) -> PriorityReading:
    """The item's priority by the mapping (written name to Jira name), in any case and punctuation.

    A row without a priority is in order: no name, no finding.
    """
    written = " ".join(item.priority.split())
    if says_nothing(written):
        return _SAYS_NOTHING
    for compare in (str.casefold, normalise):
        for name, meant in priority.items():
            if compare(" ".join(name.split())) == compare(written):
                return PriorityReading(meant, written, None)
    return PriorityReading(None, written, _unknown(item, written, "the ticket gets Jira's default", priority))


def keeps_priority(item: ActionItem, reading: PriorityReading, ticket: Ticket, priority: Mapping[str, str]) -> Finding:
    """The ticket does not have what its row says, for neither the mapping nor Jira knows it."""
    outcome = f"{ticket.key} keeps its priority {ticket.priority}" if ticket.priority else f"{ticket.key} has none"
    return _unknown(item, reading.written, outcome, priority)


def not_of_project(item: ActionItem, reading: PriorityReading, form: CreateForm) -> Finding:
    """The mapping gives a priority that is none of those which the create form offers."""
    field = form.field("priority")
    message = (
        f"{subject(item)} has the priority “{reading.written}”, which ticket.priority in the mapping makes "
        f"{reading.name}, so the ticket gets Jira's default: {form.project} has no priority {reading.name}; it "
        f"has {', '.join(field.choices if field is not None else ())}. Correct it there."
    )
    return Finding("priority-unknown", message, item.action)


def made_without(item: ActionItem, reading: PriorityReading, ticket: Ticket) -> Finding:
    """Jira did not take what the mapping gives when the ticket was made."""
    message = (
        f"{subject(item)} has the priority “{reading.written}”, which ticket.priority in the mapping makes "
        f"{reading.name}; {ticket.key} was made without it, for Jira did not take it. Correct it there; "
        "`check --live` tells which priorities the project has."
    )
    return Finding("priority-unknown", message, item.action)


def _unknown(item: ActionItem, written: str, outcome: str, priority: Mapping[str, str]) -> Finding:
    message = (
        f"{subject(item)} has the priority “{written}”, which the mapping does not know, so {outcome}; "
        f"{_what_next(priority)}."
    )
    return Finding("priority-unknown", message, item.action)


def _what_next(priority: Mapping[str, str]) -> str:
    if not priority:
        return "say under ticket.priority in the mapping which Jira priority it is"
    return f"write one of {', '.join(priority)}, or add it under ticket.priority in the mapping"
