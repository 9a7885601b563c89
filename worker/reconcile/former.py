"""Whether claims that a page got under another address of Confluence may know more than can be taken over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from worker.mapping.model import Words
from worker.model.claim import Claims
from worker.model.item import ActionItem
from worker.model.ticket import Ticket
from worker.reconcile.claims import Stored
from worker.reconcile.desire import Where
from worker.reconcile.words import Standing, standing


def may_know_more(
    stored: Stored, where: Where, items: Sequence[ActionItem], tickets: Mapping[str, Ticket], words: Words
) -> bool:
    """Whether the page has to wait for a person, lest what the claims know is lost or a row gets a second ticket.

    Claims that cannot be read may hold anything. A create without answer cannot be looked for any more, since its
    ticket names the other address. And a row without a key that asks for a ticket may have one already, while the
    claims hold one whose key stands nowhere on the page; but one that was made under the present address, which came
    back, is matched as ever. ``tickets`` holds what is visible of the keys on the page and of the claimed ids.
    """
    if not isinstance(stored, Claims) or any(claim.attempts and claim.ticket is None for claim in stored.items):
        return True
    asking = (item for item in items if item.action.strip() and not item.ticket.keys)
    if all(standing(item, words) is not Standing.OPEN for item in asking):
        return False
    shown = {tickets[key].id for item in items for key in item.ticket.keys if key in tickets}
    made = (claim.ticket for claim in stored.items if claim.ticket is not None and not claim.linked)
    return any(ticket not in shown and not _is_ours(tickets.get(ticket), where) for ticket in made)


def _is_ours(ticket: Ticket | None, where: Where) -> bool:
    origin = ticket.origin if ticket is not None else None
    return origin is not None and (origin.site, origin.page) == (where.site, where.page)
