"""How the tickets stand that the worker made: open, overdue or done, by the day it is for their team."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from worker.mapping.model import TeamMapping
from worker.model.claim import Claims
from worker.model.plan import Create, PagePlan
from worker.model.report import TicketState, TrackedTicket
from worker.model.ticket import Category, Ticket


def tracked_tickets(
    pages: Iterable[tuple[TeamMapping, Claims]], tickets: Mapping[str, Ticket], now: datetime
) -> tuple[TrackedTicket, ...]:
    """Every ticket that the worker made and one of these pages claims, each once, under the first team that claims it.

    ``tickets`` are those that are visible, by numeric id at least; what is linked by hand is nobody's to follow, and
    what cannot be seen has no state. ``now`` is server time.
    """
    found: dict[str, TrackedTicket] = {}
    for team, claims in pages:
        for claim in claims.items:
            ticket = tickets.get(claim.ticket or "")
            if ticket is None or claim.linked or ticket.id in found:
                continue
            done = ticket.status.category is Category.DONE
            found[ticket.id] = TrackedTicket(
                team.team, ticket.key, ticket.due, _state(team, ticket.due, now, done=done)
            )
    return tuple(found.values())


def new_tickets(
    plans: Iterable[PagePlan], teams: Sequence[TeamMapping], now: datetime, known: Iterable[TrackedTicket]
) -> tuple[TrackedTicket, ...]:
    """The tickets that a pass has made, which no page claimed when it looked; a new one is never done."""
    mappings, seen = {team.team: team for team in teams}, {ticket.key for ticket in known}
    return tuple(
        TrackedTicket(
            plan.team, change.ticket, change.draft.due, _state(mappings[plan.team], change.draft.due, now, done=False)
        )
        for plan in plans
        for change in plan.changes
        if isinstance(change, Create) and change.ticket is not None and change.ticket not in seen
    )


def _state(team: TeamMapping, due: date | None, now: datetime, *, done: bool) -> TicketState:
    """A ticket is overdue from the day after its due date on, in the team's ``due.timezone``."""
    if done:
        return TicketState.DONE
    late = due is not None and due < now.astimezone(team.due.zone).date()
    return TicketState.OVERDUE if late else TicketState.OPEN
