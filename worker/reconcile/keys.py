"""What the keys that stand in a row say of whose ticket it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from worker.model.claim import Claims
from worker.model.item import ActionItem, digest
from worker.model.ticket import Ticket
from worker.reconcile.claims import KEY_STOOD, editor_digest


def at_another_jira(item: ActionItem, ticket: Ticket, server_id: str | None) -> bool:
    """Whether the row shows a ticket of that key elsewhere than in our Jira: two Jiras may have a PAY-1 each, also two
    of one host.

    A link tells by its address, and a macro by the id of an application link, as far as ``server_id`` says which of
    them is ours. Confluence tells only administrators what an id stands for, so without it a macro proves nothing.
    """
    site = ticket.url.partition("://")[2].rpartition("/browse/")[0].lower()
    named = [each == server_id.lower() for each in item.ticket.servers] if server_id else []
    ours = [*(_leads_to(site, way) for way in item.ticket.ways), *named]
    return bool(ours) and not any(ours)


def _leads_to(site: str, way: str) -> bool:
    """Jira shows a ticket at ``/browse/`` right below its address; boards and lists lie deeper."""
    return way == f"{site}/browse/" if way.endswith("/browse/") else way.startswith(f"{site}/")


def remembers(claims: Claims, item: ActionItem, ticket: Ticket) -> bool:
    """Whether this very row was given the ticket, so that the link is an address that our Jira had before."""
    editor = editor_digest(item)
    return any(
        claim.ticket == ticket.id
        and (claim.fingerprint == item.fingerprint or (claim.editor and claim.editor == editor))
        for claim in claims.items
    )


def names_one(item: ActionItem, tickets: Mapping[str, Ticket]) -> bool:
    """Whether exactly one key stands in the row, of a ticket that is visible."""
    return len(item.ticket.keys) == 1 and item.ticket.keys[0] in tickets


def made_here(keys: Sequence[str], claims: Claims, tickets: Mapping[str, Ticket]) -> list[Ticket]:
    """The tickets made from this page that a cell with several keys names; nobody's clone is among them."""
    if len(keys) < 2:
        return []
    ids = {claim.ticket for claim in claims.items if not claim.linked}
    named = {tickets[key].id: tickets[key] for key in keys if key in tickets}
    return [ticket for ticket in named.values() if ticket.id in ids]


def shown_before(item: ActionItem, claims: Claims) -> tuple[str, ...]:
    """What the worker wrote into this very row, as far as the claim of its former ticket tells."""
    editor, exact = editor_digest(item), (item.fingerprint, item.whole)
    same = [claim for claim in claims.items if editor is not None and claim.editor == editor]
    same = same or [claim for claim in claims.items if (claim.fingerprint, claim.whole) == exact]
    return tuple(each for each in same[0].shown if each != KEY_STOOD) if len(same) == 1 else ()


def adopted_name(claims: Claims, ticket: Ticket) -> str:
    """The item id under which a page takes in a ticket that has another page as its home.

    A page that had it before takes it back under the name it had here: one ticket is one item.
    """
    here = (claim.item for claim in claims.items if claim.ticket == ticket.id and not claim.linked)
    return next(here, digest(f"{claims.page}|{ticket.id}", length=10))
