"""Which fields of a ticket follow the page: a three-way comparison, field by field.

A side has changed only against its own base value. Two base values a field, because a defaulted date, a refused
assignee or a cut summary differ from birth and must not look like a person's change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from worker.mapping.model import Follow, Side, TeamMapping
from worker.model.finding import Finding
from worker.model.item import ActionItem
from worker.model.ticket import Base, Category, Origin, Ticket, TicketEdit
from worker.reconcile.desire import Facts, Reading, Where, not_assignable, one_line, summary_of, written_cells
from worker.reconcile.sentences import subject

FIELDS = ("due", "owner", "priority", "summary")
"""The followed fields, sorted."""


@dataclass(frozen=True, slots=True)
class Merge:
    """What is to be changed on the ticket (None: nothing), the ticket as it is then, and what people should know."""

    edit: TicketEdit | None
    ticket: Ticket
    findings: tuple[Finding, ...]


def merge(
    item: ActionItem,
    reading: Reading,
    ticket: Ticket,
    where: Where,
    name: str,
    mapping: TeamMapping,
    facts: Facts,
    *,
    adopting: bool = False,
) -> Merge:
    """Compares row, ticket and base. ``name`` is the item's id: a ticket of another home is adopted by its edit.

    What the page no longer says is no instruction: an emptied owner or date cell changes nothing, and neither does a
    row whose ticket is done. A cell that is written as before and read otherwise, because the mapping changed, is no
    change of the page: the ticket follows where nobody changed it in Jira, and else nothing is said. A ticket field
    that was left to Jira at birth (no base) counts as changed once it has a value; a priority only where the mapping
    lets Jira win, for most projects give every ticket one. A priority that neither the mapping nor the project knows is
    not asked for: ``lasting_findings`` tells of it.
    """
    origin, rules = ticket.origin, mapping.ticket
    page_now, ticket_now = page_side(item, reading, where), ticket_side(ticket)
    cells = written_cells(item, where)
    elsewhere = origin is None or (origin.page, origin.item) != (where.page, name)
    if elsewhere and not adopting:
        return Merge(None, ticket, ())
    if origin is None or elsewhere:
        base = tuple((field, Base(page_now[field], ticket_now[field], cells.get(field))) for field in FIELDS)
        attempt = origin.attempt if origin is not None else "adopted"
        edit = TicketEdit(ticket.id, Origin(where.site, where.page, name, attempt, base))
        return Merge(edit, replace(ticket, origin=edit.origin), ())
    if rules.follow == "off" or not origin.base or ticket.status.category is Category.DONE:
        return Merge(None, ticket, ())
    bases, changed, findings, learned = dict(origin.base), {}, [], False
    for field in FIELDS:
        before, mine, theirs = bases.get(field), page_now[field], ticket_now[field]
        if before is None or mine is None or _same(field, mine, before.page):
            continue
        here = ticket.project == rules.project
        if field == "priority" and here and not _same(field, mine, theirs) and facts.lacks_priority(rules, mine):
            bases[field] = Base(mine, before.ticket, cells.get(field))  # stored, so that the create form is asked once
            learned = True
            continue
        wins = _side(rules.follow, field)
        if not _same(field, theirs, mine) and _ticket_changed(before, theirs, wins, field):
            if before.written is not None and before.written == cells.get(field):
                continue
            findings.append(_conflict(item, field, mine, theirs, wins, ticket))
            if wins == "jira":
                continue
        if field == "owner" and theirs != mine and (ticket.project, mine) in facts.unassignable:
            findings.append(not_assignable(item, reading.owner, ticket))
            bases[field] = Base(mine, theirs, cells.get(field))  # stored, so that it is asked and tried only once
            learned = True
            continue
        if _same(field, theirs, mine):
            bases[field] = Base(mine, theirs, cells.get(field))  # else the next change would look like both sides'
            learned = True
        else:
            bases[field], changed[field] = Base(mine, mine, cells.get(field)), mine
    if not changed and not learned:
        return Merge(None, ticket, tuple(findings))
    edit = TicketEdit(ticket.id, replace(origin, base=tuple(sorted(bases.items()))), tuple(sorted(changed.items())))
    return Merge(edit, edited(ticket, edit), tuple(findings))


def without(edit: TicketEdit, refused: frozenset[str], ticket: Ticket) -> TicketEdit:
    """The edit without fields that Jira refused; its base remembers that they were tried."""
    theirs, values = ticket_side(ticket), dict(edit.values)
    bases = {
        field: replace(base, ticket=theirs[field]) if field in refused else base for field, base in edit.origin.base
    }
    kept = tuple((field, value) for field, value in values.items() if field not in refused)
    return replace(edit, origin=replace(edit.origin, base=tuple(sorted(bases.items()))), values=kept)


def edited(ticket: Ticket, edit: TicketEdit) -> Ticket:
    """The ticket as it is once the edit is made."""
    values = dict(edit.values)
    due = values.get("due")
    return replace(
        ticket,
        origin=edit.origin,
        summary=values.get("summary") or ticket.summary,
        assignee=values.get("owner", ticket.assignee),
        due=date.fromisoformat(due) if due else ticket.due,
        priority=values.get("priority", ticket.priority),
    )


def page_side(item: ActionItem, reading: Reading, where: Where) -> dict[str, str | None]:
    """What the row says of each followed field, as plain text; None where it says nothing that can be read."""
    due = reading.due
    return {
        "summary": None if where.title_only else one_line(summary_of(item, where)),
        "owner": reading.owner.assignee if reading.owner.named else None,
        "due": due.due.isoformat() if due.due is not None and due.written else None,
        "priority": reading.priority.name or reading.priority.written or None,
    }


def ticket_side(ticket: Ticket) -> dict[str, str | None]:
    """What the ticket says of each followed field."""
    return {
        "summary": ticket.summary,
        "owner": ticket.assignee,
        "due": ticket.due.isoformat() if ticket.due else None,
        "priority": ticket.priority,
    }


def _side(follow: Follow | Literal["off"], field: str) -> Side:
    side: Side = getattr(follow, field)
    return side


def _same(field: str, one: str | None, other: str | None) -> bool:
    """Whether two values mean the same; a priority that the mapping leaves to Jira is a name in any case."""
    if field == "priority" and one is not None and other is not None:
        return one.casefold() == other.casefold()
    return one == other


def _ticket_changed(base: Base, now: str | None, wins: Side, field: str) -> bool:
    if base.ticket is None:
        return now is not None and (field != "priority" or wins == "jira")
    return now != base.ticket


def _conflict(item: ActionItem, field: str, mine: str, theirs: str | None, wins: Side, ticket: Ticket) -> Finding:
    done = "the page's is taken" if wins == "page" else "Jira's stays"
    message = (
        f"{subject(item)}: the {_WORDS[field]} was changed on the page and on {ticket.key}, and {done} "
        f"(ticket.follow.{field}: {wins}). Page: {_shown(field, mine)}; Jira: {_shown(field, theirs)}."
    )
    return Finding("conflict-both-changed", message, item.action)


_WORDS: Mapping[str, str] = {
    "summary": "text", "owner": "owner", "due": "due date", "priority": "priority"
}  # fmt: skip


def _shown(field: str, value: str | None) -> str:
    if value is None:
        return "none"
    return "another person" if field == "owner" else f"“{value}”"
