"""Turns a written priority into the name that Jira has for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from worker.document.text import normalise
from worker.model.finding import Finding
from worker.model.item import ActionItem
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
    message = (
        f"{subject(item)} has the priority “{written}”, which the mapping does not know, so the ticket gets Jira's "
        f"default; {_what_next(priority)}."
    )
    return PriorityReading(None, written, Finding("priority-unknown", message, item.action))


def _what_next(priority: Mapping[str, str]) -> str:
    if not priority:
        return "say under ticket.priority in the mapping which Jira priority it is"
    return f"write one of {', '.join(priority)}, or add it under ticket.priority in the mapping"
