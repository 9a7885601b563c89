"""Which claim and which ticket a row belongs to: the key first, then the editor's own id, then a unique equal text.

Similarity never decides whose a ticket is; it only holds a row, and explains why.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from worker.model.claim import Claim, Claims
from worker.model.item import ActionItem
from worker.model.ticket import Ticket
from worker.reconcile.claims import birth_name, editor_digest
from worker.reconcile.keys import adopted_name, at_another_jira, made_here, names_one, remembers, shown_before
from worker.reconcile.notes import lozenge_digest
from worker.reconcile.rewording import (
    emptied_and_reused,
    lost_tickets,
    perhaps_another,
    reworded_from,
    says_something_else,
)

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Tracked:
    """The item has a ticket that the worker made; ``ticket`` is None when it cannot be seen."""

    item: ActionItem
    claim: Claim
    ticket: Ticket | None


@dataclass(frozen=True, slots=True)
class Linked:
    """The item's ticket cell names tickets that people chose; ``ticket`` is set for a single visible one."""

    item: ActionItem
    claim: Claim | None
    ticket: Ticket | None
    shown: tuple[str, ...] = ()
    """Without a claim: what the worker may have written into this row for the ticket that it had before."""


@dataclass(frozen=True, slots=True)
class Open:
    """The item is claimed and nobody has seen its ticket yet."""

    item: ActionItem
    claim: Claim


@dataclass(frozen=True, slots=True)
class Fresh:
    """No ticket was made for the item and none is under way; ``claim`` is set when one was refused."""

    item: ActionItem
    claim: Claim | None = None


@dataclass(frozen=True, slots=True)
class Unclear:
    """It cannot be said which ticket the item belongs to."""

    item: ActionItem
    ticket: str | None
    code: str
    reason: str
    rightful: str | None = None
    """Key of the ticket that the row was made for, where another ticket's stands in it."""


Match = Tracked | Linked | Open | Fresh | Unclear


@dataclass(frozen=True, slots=True)
class Identities:
    """One match an item, in document order, and the claims whose row is not on the page."""

    matches: tuple[Match, ...]
    gone: tuple[Claim, ...]
    rows: int
    """How many rows stand for a ticket that was made from this page: the base of the shrink guard."""


def identify(
    items: Sequence[ActionItem],
    claims: Claims,
    tickets: Mapping[str, Ticket],
    *,
    adopting: bool = False,
    absent: frozenset[str] = frozenset(),
    idle: frozenset[int] = frozenset(),
    server_id: str | None = None,
) -> Identities:
    """Matches every item. ``tickets`` holds what is visible of the keys on the page and of the claimed ids.

    ``adopting``: keys whose tickets were made for another page are taken for this page's own from now on. ``absent``:
    items of open claims whose ticket was looked for and is not there. ``idle``: positions of items that ask for no
    ticket, so that of equal rows the others come first. ``server_id``: the id by which macros name our Jira, where the
    team has said it.
    """
    found: dict[int, Match] = {}
    taken: set[str] = set()
    _by_key(items, claims, tickets, found, taken, adopting=adopting, server_id=server_id)
    _by_editor_and_text(items, claims, tickets, found, taken, idle)
    here = taken | _named(claims, found.values(), tickets)
    missing = [claim for claim in claims.items if claim.item not in here and not claim.linked]
    missing = [claim for claim in missing if claim.item not in absent]
    _fresh_or_twin(items, found, missing, tickets, claims.page, idle)
    made = [claim for claim in claims.items if claim.ticket and not claim.linked]
    tracked = {match.claim.item for match in found.values() if isinstance(match, Tracked)}
    rows = len(tracked | {claim.item for claim in made if claim.item in here})
    matches = tuple(found[index] for index in range(len(items)))
    return Identities(matches, tuple(claim for claim in made if claim.item not in here), rows)


def _named(claims: Claims, matches: Iterable[Match], tickets: Mapping[str, Ticket]) -> set[str]:
    """Items whose ticket's key stands in a row, though it is unclear whether rightly."""
    keys = {match.ticket for match in matches if isinstance(match, Unclear)}
    seen = ((claim, tickets.get(claim.ticket or "")) for claim in claims.items)
    return {claim.item for claim, ticket in seen if ticket is not None and ticket.key in keys}


def _by_key(
    items: Sequence[ActionItem],
    claims: Claims,
    tickets: Mapping[str, Ticket],
    found: dict[int, Match],
    taken: set[str],
    *,
    adopting: bool,
    server_id: str | None,
) -> None:
    by_name = {claim.item: claim for claim in claims.items}
    by_ticket = {claim.ticket: claim for claim in claims.items if claim.ticket}
    alone = {tickets[item.ticket.keys[0]].id for item in items if names_one(item, tickets)}
    ours: dict[tuple[str, str], list[tuple[int, Ticket]]] = defaultdict(list)
    for index, item in enumerate(items):
        keys = item.ticket.keys
        if not keys:
            continue
        own = [each for each in made_here(keys, claims, tickets) if each.id not in alone]
        ticket = own[0] if len(own) == 1 else tickets.get(keys[0]) if len(keys) == 1 else None
        if len(own) > 1:
            names = " and ".join(each.key for each in own)
            found[index] = Unclear(item, own[0].key, "row-ambiguous", f"{names} stand in one row, which is one item")
            taken.update(by_ticket[each.id].item for each in own if each.id in by_ticket)
        elif ticket is None:
            found[index] = _unseen(item, claims, tickets) if len(keys) == 1 else Linked(item, None, None)
        elif at_another_jira(item, ticket, server_id) and not remembers(claims, item, ticket):
            found[index] = Linked(item, None, None)
        elif ticket.origin is None or ticket.origin.site != claims.site:
            found[index] = Linked(item, by_ticket.get(ticket.id), ticket, shown_before(item, claims))
        elif ticket.origin.page != claims.page and adopting:
            ours[ticket.id, adopted_name(claims, ticket)].append((index, ticket))
        elif ticket.origin.page != claims.page and ticket.id in by_ticket:
            found[index] = Linked(item, by_ticket[ticket.id], ticket)  # made here, and adopted by another page
        elif ticket.origin.page != claims.page:
            found[index] = Unclear(
                item, ticket.key, "page-copied",
                f"{ticket.key} was made for another page: the row, or the whole page, was copied with its key",
            )  # fmt: skip
        else:
            claim = by_name.get(ticket.origin.item)
            if claim is not None and claim.ticket not in (None, ticket.id):
                # a clone that copied the origin: the claim knows the real one
                found[index] = Linked(item, by_ticket.get(ticket.id), ticket, shown_before(item, claims))
            else:
                ours[ticket.id, ticket.origin.item].append((index, ticket))
        match = found.get(index)
        if isinstance(match, Tracked | Linked) and match.claim is not None:
            taken.add(match.claim.item)
    texts = {claim.fingerprint: claim.item for claim in claims.items if claim.ticket and not claim.linked}
    for (ticket_id, name), rows in ours.items():
        known = by_name.get(name)
        if known is None and any(of == name and int(other) < int(ticket_id) for other, of in ours):
            found.update(
                {index: Linked(items[index], None, ticket) for index, ticket in rows}
            )  # a clone has a higher id
            continue
        original = _original([items[index] for index, _ in rows], known)
        for place, (index, ticket) in enumerate(rows):
            item = items[index]
            claim = replace(known or _remade(item, name, ticket), ticket=ticket.id)
            if place != original:
                found[index] = Unclear(
                    item, ticket.key, "row-ambiguous", f"{ticket.key} stands in two rows of this page"
                )
                continue
            other = texts.get(item.fingerprint)
            if other is not None and other != claim.item and item.fingerprint != claim.fingerprint:
                rightful = tickets.get(by_name[other].ticket or "")
                whose = rightful.key if rightful is not None else "another ticket"
                reason = f"{ticket.key} stands in the row that {whose} was made for, word for word"
                found[index] = Unclear(item, ticket.key, "row-ambiguous", reason, whose)
            elif says_something_else(item, claim, ticket):
                reason = f"the row of {ticket.key} now says something else altogether"
                found[index] = Unclear(item, ticket.key, "row-reused", reason)
            else:
                taken.add(claim.item)
                found[index] = Tracked(item, claim, ticket)


def _remade(item: ActionItem, name: str, ticket: Ticket) -> Claim:
    """A claim that the page lost, read off the ticket's origin; a lozenge that is right is taken for ours."""
    name_there = ticket.status.name.casefold()
    in_ticket = [lozenge_digest(each, "ticket") for each in item.ticket.lozenges if each.title.casefold() == name_there]
    status = item.status.lozenges if item.status is not None and not item.ticket.lozenges else ()
    in_status = [lozenge_digest(each, "status") for each in status if each.title.casefold() == name_there]
    return Claim(name, editor_digest(item), item.fingerprint, item.whole, shown=(*in_ticket, *in_status))


def _unseen(item: ActionItem, claims: Claims, tickets: Mapping[str, Ticket]) -> Match:
    """A key that shows no ticket: ours when a claim with the same row or text is as invisible, else a person's."""
    for claim in claims.items:
        same = claim.fingerprint == item.fingerprint or (claim.editor and claim.editor == editor_digest(item))
        if same and claim.ticket and claim.ticket not in tickets:
            return Linked(item, claim, None) if claim.linked else Tracked(item, claim, None)
    return Linked(item, None, None)


def _original(rows: Sequence[ActionItem], claim: Claim | None) -> int:
    """Which of several rows with one key is the one it was written into."""
    if claim is not None:
        tests = (
            [claim.editor is not None and editor_digest(row) == claim.editor for row in rows],
            [row.fingerprint == claim.fingerprint and row.whole == claim.whole for row in rows],
            [row.fingerprint == claim.fingerprint for row in rows],
        )
        for test in tests:
            if sum(test) == 1:
                return test.index(True)
    return 0


def _by_editor_and_text(
    items: Sequence[ActionItem],
    claims: Claims,
    tickets: Mapping[str, Ticket],
    found: dict[int, Match],
    taken: set[str],
    idle: frozenset[int],
) -> None:
    if not claims.items:
        return

    def left() -> list[int]:
        return sorted((index for index in range(len(items)) if index not in found), key=lambda each: each in idle)

    def free() -> list[Claim]:
        return [claim for claim in claims.items if claim.item not in taken and not claim.linked]

    def settle(index: int, claim: Claim) -> None:
        found[index] = _claimed(items[index], claim, tickets, claims)
        taken.add(claim.item)

    by_editor = _unique((editor_digest(items[index]), index) for index in left())
    editors = _unique((claim.editor, claim) for claim in free())
    doubtful: dict[int, Claim] = {}
    for index, claim in ((index, editors[editor]) for editor, index in by_editor.items() if editor in editors):
        if emptied_and_reused(items[index], claim, tickets, claims.page):
            continue
        if perhaps_another(items[index], claim, tickets):
            doubtful[index] = claim
        else:
            settle(index, claim)
    exact: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    for claim in reversed(free()):
        exact[claim.fingerprint, claim.whole].append(claim)
    for index in left():
        same = exact[items[index].fingerprint, items[index].whole]
        while same and index not in found:
            first = same.pop()
            if first.item not in taken:
                settle(index, first)  # truly identical rows are told apart by document order
    born = {claim.item: claim for claim in reversed(free())}
    for index in left():
        if own := born.pop(birth_name(items[index], claims.page), None):
            settle(index, own)  # an old version was restored: the row is back as it was first claimed
    by_text = _unique((items[index].fingerprint, index) for index in left())
    texts = _unique((claim.fingerprint, claim) for claim in free())
    for text, index in by_text.items():
        if text in texts:
            settle(index, texts[text])
    rivals = {claim.fingerprint for claim in free()}
    for index in left():
        if items[index].fingerprint in rivals:
            found[index] = Unclear(
                items[index], None, "row-ambiguous",
                "several rows say this, their other cells changed, and it is not clear which ticket is whose",
            )  # fmt: skip
    for index, claim in doubtful.items():
        if index not in found and claim.item not in taken:
            found[index] = _in_doubt(items[index], claim, tickets)
            taken.add(claim.item)


def _claimed(item: ActionItem, claim: Claim, tickets: Mapping[str, Ticket], claims: Claims) -> Match:
    if claim.ticket is None:
        return Open(item, claim) if claim.attempts else Fresh(item, claim)
    ticket = tickets.get(claim.ticket)
    if ticket is not None and ticket.origin is not None and ticket.origin.site != claims.site:
        reason = f"{ticket.key} was made for it under another address of Confluence"
        return Unclear(item, ticket.key, "row-ambiguous", reason)
    if ticket is not None and ticket.origin is not None and ticket.origin.page != claims.page:
        return Unclear(item, ticket.key, "ticket-elsewhere", f"{ticket.key} was made for it and has another home now")
    if ticket is not None and claim.item != birth_name(item, claims.page) and says_something_else(item, claim, ticket):
        return Unclear(item, ticket.key, "row-reused", f"the row of {ticket.key} lost its key and says something else")
    return Tracked(item, claim, ticket)


def _in_doubt(item: ActionItem, claim: Claim, tickets: Mapping[str, Ticket]) -> Unclear:
    ticket = tickets.get(claim.ticket or "")
    key = ticket.key if ticket is not None else None
    name = f"{key}, which is done" if key else f"the ticket with id {claim.ticket}, which is deleted or hidden"
    reason = (
        f"by the editor's number it is the {item.place.kind.value} of {name}, but it has no key and reads otherwise"
    )
    return Unclear(item, key, "row-reused", reason)


def _unique(pairs: Iterable[tuple[K | None, V]]) -> dict[K, V]:
    groups: dict[K, list[V]] = defaultdict(list)
    for key, value in pairs:
        if key is not None:
            groups[key].append(value)
    return {key: values[0] for key, values in groups.items() if len(values) == 1}


def _fresh_or_twin(
    items: Sequence[ActionItem],
    found: dict[int, Match],
    gone: Sequence[Claim],
    tickets: Mapping[str, Ticket],
    page: str,
    idle: frozenset[int],
) -> None:
    """What is left is new, unless it says what another row says, or may be a row that the page lost sight of.

    Rows that differ in nothing but their status or tick are named alike, and so are one item.
    """
    in_doubt = any(claim.ticket is None and claim.attempts for claim in gone)
    standing = [match.item for match in found.values() if not isinstance(match, Unclear) and match.item.action]
    kept = {(item.fingerprint, item.whole) for item in standing}
    lost = lost_tickets(gone, tickets, page)
    left = (index for index in range(len(items)) if index not in found)
    for index, item in ((index, items[index]) for index in sorted(left, key=idle.__contains__)):
        mark = (item.fingerprint, item.whole)
        if item.action and mark in kept:
            found[index] = Unclear(item, None, "duplicate-row", "another row of this page says exactly the same")
        elif item.action and in_doubt:
            reason = "a create of this page got no answer yet, and its row is gone: this may be that row, reworded"
            found[index] = Unclear(item, None, "claim-waiting", reason)
        elif item.action and (twin := reworded_from(item, lost, standing)) is not None:
            lost.pop(twin.id)
            reason = f"it may be the row of {twin.key}, which is gone, in other words"
            found[index] = Unclear(item, twin.key, "row-ambiguous", reason)
        else:
            kept.add(mark)
            found[index] = Fresh(item)
