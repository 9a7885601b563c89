"""Recognises by the claims a place of the worker's that lost its header or key, which the page alone cannot tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from worker.model.claim import Claim, Claims
from worker.model.item import ActionItem, Kind, Perhaps
from worker.model.ticket import Ticket
from worker.reconcile.claims import birth_name, editor_digest, new_claim, recalled
from worker.reconcile.likeness import reworded
from worker.reconcile.notes import lozenge_digest
from worker.reconcile.rewording import last_agreed


def with_own_places(
    items: Sequence[ActionItem], claims: Claims, tickets: Mapping[str, Ticket]
) -> tuple[ActionItem, ...]:
    """The items as they read once the worker's own places are known; the others as they are.

    What stays in ``perhaps`` cannot be known: a cell of nothing but a key whose ticket is not among ``tickets``.

    A column without a ticket column's header is the worker's when more of its keys stand in the row that they were
    made for than in another one: somebody renamed the header. A status at the end of a task is when the task's claim
    remembers it: somebody deleted the key before it.
    """
    columns = _columns(items, claims, tickets)
    return tuple(_as_own(item, columns.get(item.place.block), claims, tickets) for item in items)


def recalled_beside(items: Sequence[ActionItem], claims: Claims, tickets: Mapping[str, Ticket]) -> tuple[Claim, ...]:
    """Entries that the page lost, of tickets whose keys stand alone in a cell under some other header.

    Such a ticket says of itself that it was made for this page, and no claim knows it: it is that of the row which says
    what it was made for, or of the row it stands in if that may say it in other words. Of nobody's, it is kept in mind.
    """
    entries = {claim.item: claim for claim in claims.items}
    known = {claim.ticket for claim in claims.items if claim.ticket is not None}
    names = {birth_name(item, claims.page) for item in items}
    lost: dict[str, Claim] = {}
    for item in items:
        for each in item.perhaps if item.has_ticket_column else ():
            key = each.ticket.keys[0] if len(each.ticket.keys) == 1 and not each.ticket.rest else ""
            ticket = tickets.get(key)
            origin = ticket.origin if ticket is not None and ticket.id not in known else None
            if ticket is None or origin is None or (origin.site, origin.page) != (claims.site, claims.page):
                continue
            name = origin.item
            if (entry := entries.get(name)) is not None:
                if entry.ticket is None:
                    lost[name] = replace(entry, ticket=ticket.id, attempts=())
            elif name in names:
                lost[name] = recalled(name, ticket.id, items, claims)
            elif reworded(last_agreed(ticket) or "", item.action):
                lost[name] = replace(new_claim(item, claims, ticket=ticket.id), item=name)
            else:
                lost.setdefault(name, Claim(name, None, "", "", ticket=ticket.id))
    return tuple(lost.values())


def _columns(items: Iterable[ActionItem], claims: Claims, tickets: Mapping[str, Ticket]) -> dict[int, int]:
    """By table: the column that holds the worker's keys, where there is one; the leftmost of equals."""
    votes: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    made = {claim.ticket: claim for claim in claims.items if claim.ticket is not None and not claim.linked}
    for item in items:
        for each in item.perhaps if item.place.kind is Kind.ROW and not item.has_ticket_column else ():
            named = {tickets[key].id for key in each.ticket.keys if key in tickets}
            owners = [made[ticket] for ticket in named if ticket in made]
            if owners:
                votes[item.place.block][each.column] += (
                    1 if any(_is_row(item, each, c, claims.page) for c in owners) else -1
                )
    best = {block: max(sorted(columns), key=columns.__getitem__) for block, columns in votes.items()}
    return {block: column for block, column in best.items() if votes[block][column] > 0}


def _as_own(item: ActionItem, column: int | None, claims: Claims, tickets: Mapping[str, Ticket]) -> ActionItem:
    for each in item.perhaps:
        if item.place.kind is Kind.ROW:
            ours = each.column == column and not item.has_ticket_column
        else:
            ours = _remembered(item, each, claims)
        if ours:
            return replace(
                item, action=each.action, others=each.others, ticket=each.ticket, has_ticket_column=True, perhaps=()
            )
    unseen = tuple(each for each in item.perhaps if not each.ticket.rest and not tickets.keys() & each.ticket.keys)
    return replace(item, perhaps=tuple(each for each in unseen if each.ticket.keys))


def _remembered(item: ActionItem, perhaps: Perhaps, claims: Claims) -> bool:
    """Whether the claim of the task knows every lozenge at its end as one of the worker's."""
    marks = {lozenge_digest(each, "ticket") for each in perhaps.ticket.lozenges}
    return any(_is_row(item, perhaps, claim, claims.page) and marks <= set(claim.shown) for claim in claims.items)


def _is_row(item: ActionItem, perhaps: Perhaps, claim: Claim, page: str) -> bool:
    """Whether the claim is of this row: by the editor's id, by its text, or by its name.

    A page that lost its claims reads names off the origins of its tickets, and a name is made of the row's first text.
    """
    said = replace(item, action=perhaps.action, others=perhaps.others)
    same = said.fingerprint == claim.fingerprint or birth_name(said, page) == claim.item
    return same or (claim.editor is not None and claim.editor == editor_digest(item))
