"""Whether claims that a page got under another address of Confluence may know of tickets that its rows do not show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from worker.mapping.model import Words
from worker.model.claim import Claims
from worker.model.item import ActionItem
from worker.model.ticket import Ticket
from worker.reconcile.claims import Stored
from worker.reconcile.words import Standing, standing


def may_know_more(stored: Stored, items: Sequence[ActionItem], tickets: Mapping[str, Ticket], words: Words) -> bool:
    """Whether a row that asks for a ticket may have one already: one without a key, while the claims hold a create
    without answer or a ticket whose key stands nowhere on the page. Claims that cannot be read may hold anything.

    ``tickets`` holds what is visible of the keys on the page, by key.
    """
    asking = (item for item in items if item.action.strip() and not item.ticket.keys)
    if all(standing(item, words) is not Standing.OPEN for item in asking):
        return False
    if not isinstance(stored, Claims):
        return True
    shown = {tickets[key].id for item in items for key in item.ticket.keys if key in tickets}
    made = (claim for claim in stored.items if not claim.linked)
    return any(claim.attempts or (claim.ticket is not None and claim.ticket not in shown) for claim in made)
