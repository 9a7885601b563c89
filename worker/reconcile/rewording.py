"""Whether a row without its key may be one that a ticket was made for, in other words, or says something else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from worker.model.claim import Claim
from worker.model.item import ActionItem
from worker.model.ticket import Category, Ticket
from worker.reconcile.claims import KEY_STOOD, birth_name
from worker.reconcile.likeness import REWORDED, likeness, perhaps_same_item, reworded, same_item

LIKELY_THE_SAME = 0.6
"""A row without a key that has so much in common with a ticket whose row is gone may be that row, reworded."""


def last_agreed(ticket: Ticket) -> str | None:
    """What the row said when ticket and page last agreed; None where the page's text never went to Jira."""
    bases = dict(ticket.origin.base) if ticket.origin is not None else {}
    return bases["summary"].page if "summary" in bases else ticket.summary


def says_something_else(item: ActionItem, claim: Claim, ticket: Ticket) -> bool:
    """Whether the row says something else altogether than when it last agreed with its ticket."""
    agreed = last_agreed(ticket)
    return item.fingerprint != claim.fingerprint and agreed is not None and not reworded(agreed, item.action)


def emptied_and_reused(item: ActionItem, claim: Claim, tickets: Mapping[str, Ticket], page: str) -> bool:
    """Whether somebody took the key out of a row and wrote something else into it: that is a new item.

    A row that reads as when it was first claimed is none: an old version was restored, from before its rewording. A
    key that was not written yet nobody took out, unless the ticket is done by now.
    """
    ticket = tickets.get(claim.ticket or "")
    if ticket is None or claim.item == birth_name(item, page):
        return False
    over = claim.shown or ticket.status.category is Category.DONE
    return bool(over) and says_something_else(item, claim, ticket)


def perhaps_another(item: ActionItem, claim: Claim, tickets: Mapping[str, Ticket]) -> bool:
    """Whether the editor's id proves too little for a row without its key, since the row reads otherwise now.

    A body without ``ac:task-uuid`` only numbers its tasks, and the number of a deleted one may come again. With a
    ticket that cannot be seen no text is there to compare with, and one that is done would tick a new task off.
    """
    if claim.ticket is None or item.fingerprint == claim.fingerprint:
        return False
    ticket = tickets.get(claim.ticket)
    return ticket is None or ticket.status.category is Category.DONE


def lost_tickets(gone: Sequence[Claim], tickets: Mapping[str, Ticket], page: str) -> dict[str, tuple[Claim, Ticket]]:
    """Tickets of this page that no row stands for, by id, with their claims.

    One that is done is none where its key was seen in its row: that item is through, and a new row is another one.
    Before that the row may still be waiting for the key, whatever became of the ticket.
    """
    seen = [(claim, tickets[claim.ticket]) for claim in gone if claim.ticket is not None and claim.ticket in tickets]
    return {
        ticket.id: (claim, ticket)
        for claim, ticket in seen
        if (ticket.status.category is not Category.DONE or KEY_STOOD not in claim.shown)
        and ticket.origin is not None
        and ticket.origin.page == page
    }


def reworded_from(
    item: ActionItem, lost: Mapping[str, tuple[Claim, Ticket]], standing: Sequence[ActionItem]
) -> Ticket | None:
    """The lost ticket that the row may speak of: alike, and more so than the row is like any that still stands.

    A key that was never seen in its row may be on its way to the page still, so a row that somebody reworded meanwhile
    could not keep it. There is enough in common then what is enough for a row that has its key, whatever the numbers;
    equal numbers only tell it from its neighbours in a list. The same is enough for a ticket that a task's text has a
    link to.
    """
    linked = (ticket for _, ticket in lost.values() if ticket.key in item.amid.keys)
    if (own := next((each for each in linked if reworded(last_agreed(each) or "", item.action)), None)) is not None:
        return own
    seen = [ticket for claim, ticket in lost.values() if KEY_STOOD in claim.shown]
    unseen = [ticket for claim, ticket in lost.values() if KEY_STOOD not in claim.shown]
    return (
        _nearest(item, unseen, standing, perhaps_same_item, REWORDED)
        or _nearest(item, unseen, standing, likeness, REWORDED)
        or _nearest(item, seen, standing, same_item, LIKELY_THE_SAME)
    )


def _nearest(
    item: ActionItem,
    tickets: Sequence[Ticket],
    standing: Sequence[ActionItem],
    measure: Callable[[str, str], float],
    enough: float,
) -> Ticket | None:
    likely = [(measure(last_agreed(ticket) or "", item.action), ticket) for ticket in tickets]
    best = max(likely, key=lambda pair: pair[0], default=None)
    if best is None or best[0] < enough:
        return None
    neighbour = max((measure(other.action, item.action) for other in standing), default=0.0)
    return best[1] if best[0] > neighbour else None
