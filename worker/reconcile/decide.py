"""One page's plan: for every item a change and a reason, and what its own cells should show.

Pure and level-triggered: called with what search knew to make the plan, and again with what was read by id before
anything is written. Both times it is the same decision on newer facts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from worker.mapping.model import TeamMapping
from worker.model.claim import Claim, Claims
from worker.model.finding import Finding
from worker.model.item import ActionItem
from worker.model.plan import Change, Create, Failed, Hold, Keep, Update
from worker.model.ticket import Category, Ticket, TicketEdit
from worker.reconcile import holds
from worker.reconcile.claims import KEY_STOOD, editor_digest, new_claim, recalled, with_claim, with_claims
from worker.reconcile.demands import lacking
from worker.reconcile.desire import Facts, Where, desire, read_item, wish_digest
from worker.reconcile.differences import difference, lasting_findings, unassigned
from worker.reconcile.display import (
    Display,
    category_moves,
    only_status,
    own_status,
    remembered,
    show_note,
    show_ticket,
)
from worker.reconcile.holds import Held
from worker.reconcile.identity import Fresh, Identities, Linked, Open, Tracked, Unclear, identify
from worker.reconcile.merge import Merge, merge
from worker.reconcile.own_places import recalled_beside, with_own_places
from worker.reconcile.reasons import create_reason, edit_reason, keep_reason, update_reason
from worker.reconcile.refusals import create_today, create_turned_down, edit_today, edit_turned_down
from worker.reconcile.sentences import subject
from worker.reconcile.ticks import MARKS, TICKED_DONE, marks, read_tick
from worker.reconcile.unshown import unshown, unshown_link
from worker.reconcile.words import Standing, standing

CREATES_WITHOUT_ANSWER = 2
"""After so many creates with unknown outcome an item waits for a person."""


@dataclass(frozen=True, slots=True)
class Known:
    """What was observed beside the page itself."""

    tickets: Mapping[str, Ticket]
    """By key and by numeric id: what is visible of all that the page and its claims name."""
    found: Mapping[str, Ticket]
    """By item id: tickets that looking for open claims, and for claims that the page lost, brought to light."""
    absent: frozenset[str]
    """Item ids of open claims whose ticket is not there, as two looks after the lag agree."""
    facts: Facts
    now: datetime
    mine: frozenset[str] = frozenset()
    """Nonces of attempts this very pass has written: their creates may go out."""
    approved: bool = False
    """A person let this page through: what Jira refused or turned down before is tried once more."""
    adopting: bool = False
    """A person made this page the home of the tickets that its rows name."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What one item should become, and the claim entry to be stored with it (None: none, or none yet)."""

    change: Change
    display: Display
    claim: Claim | None
    findings: tuple[Finding, ...] = ()
    edit: TicketEdit | None = None
    """What of the ticket is to follow the page first; ``display`` is what holds once that is done."""
    asks_done: bool = False
    """A person ticked the task: Jira is to be asked for done, once; ``display`` is what holds if it agrees."""
    accounts: tuple[tuple[str, str], ...] = ()
    """Project and account of whom the edit would assign, or the ticket was to have: to be asked about first."""
    asks_form: bool = False
    """The create form is to be asked: whether it takes an assignee at all, where the ticket has not the one it was to
    have; whether it knows the priority that the edit would set, where the mapping does not.
    """


@dataclass(frozen=True, slots=True)
class PageDecision:
    """All decisions of a page in document order."""

    decisions: tuple[Decision, ...]
    findings: tuple[Finding, ...]
    claims: Claims
    """The claims as they are to be stored before the page is saved: what is known of every row, and what is about to
    be shown. A create is not in it: that takes an attempt of its own."""

    @property
    def shows(self) -> bool:
        """Whether anything is to be written on the page, new tickets aside."""
        return any(not each.display.empty for each in self.decisions)

    @property
    def creates(self) -> tuple[Create, ...]:
        """The tickets to be made."""
        return tuple(each.change for each in self.decisions if isinstance(each.change, Create))


def decide_page(
    items: Sequence[ActionItem], claims: Claims, where: Where, version_at: datetime, mapping: TeamMapping, known: Known
) -> PageDecision:
    """Decides every item of a page. ``version_at`` is when the newest version was saved (for daily status saves)."""
    claims = _with_news(items, claims, known)
    tickets = known.tickets
    if known.found:
        found = {name: ticket for ticket in known.found.values() for name in (ticket.id, ticket.key)}
        tickets = {**found, **tickets}  # a search may have found it as it was before people changed it
        known = replace(known, tickets=tickets)
    claims = with_claims(claims, recalled_beside(items, claims, tickets))
    items = with_own_places(items, claims, tickets)
    idle = frozenset(
        index for index, item in enumerate(items) if standing(item, mapping.items.words) is not Standing.OPEN
    )
    server_id = mapping.page.jira_server_id
    identities = identify(
        items, claims, tickets, adopting=known.adopting, absent=known.absent, idle=idle, server_id=server_id
    )
    decided = tuple(_decide(match, claims, where, mapping, known) for match in identities.matches)
    decisions = _calm(decided, version_at, mapping, known.now)
    open_rows = {match.claim.item for match in identities.matches if isinstance(match, Open)}
    stored = replace(claims, rows=identities.rows)
    over = (claim for claim in claims.items if claim.item in known.absent and claim.item not in open_rows)
    emptied = [replace(claim, attempts=()) for claim in over]  # neither a row nor a ticket is left of them
    remembered = [_remembering(each.claim, each) for each in decisions if each.claim is not None]
    stored = with_claims(stored, (*emptied, *remembered))
    return PageDecision(decisions, _gone(identities, claims.page, known), stored)


def _with_news(items: Sequence[ActionItem], claims: Claims, known: Known) -> Claims:
    """The claims with the tickets that were brought to light, whether their rows are there or not."""
    entries = {claim.item: claim for claim in claims.items}
    for name, ticket in known.found.items():
        claim = entries.get(name)
        if claim is None:
            claims = with_claim(claims, recalled(name, ticket.id, items, claims))
        elif claim.ticket is None:
            claims = with_claim(claims, replace(claim, ticket=ticket.id, attempts=()))
    return claims


def _remembering(claim: Claim, decision: Decision) -> Claim:
    """The claim as it is to be stored: the row as it reads now, and what of its cells is the worker's."""
    item = decision.change.item
    shown, lasting = claim.shown, (*MARKS, KEY_STOOD)
    if not decision.display.empty:
        written = tuple(each for each in claim.shown if each not in lasting)
        shown = remembered(written, item.ticket, item.status, decision.display)
    stands = (KEY_STOOD,) if item.ticket.keys and claim.ticket is not None else ()
    before = (*(mark for mark in lasting if mark in claim.shown), *stands)
    shown = tuple(dict.fromkeys((*shown, *before)))
    return replace(claim, editor=editor_digest(item), fingerprint=item.fingerprint, whole=item.whole, shown=shown)


def _decide(
    match: Tracked | Linked | Open | Fresh | Unclear,
    claims: Claims,
    where: Where,
    mapping: TeamMapping,
    known: Known,
) -> Decision:
    match match:
        case Tracked():
            return _tracked(match, where, mapping, known)
        case Linked():
            return _linked(match, claims, known)
        case Open():
            return _open(match, claims, where, mapping, known)
        case Fresh():
            return _fresh(match, claims, where, mapping, known)
        case Unclear() if not match.item.ticket.keys and standing(match.item, mapping.items.words) is not Standing.OPEN:
            return _fresh(
                Fresh(match.item), claims, where, mapping, known
            )  # it asks for no ticket, whosever twin it is
        case Unclear():
            return _held(match.item, holds.unclear(match), match.ticket)


def _tracked(match: Tracked, where: Where, mapping: TeamMapping, known: Known) -> Decision:
    item, ticket, claim = match.item, match.ticket, match.claim
    if ticket is None:
        named = item.ticket.keys[0] if item.ticket.keys else f"with id {claim.ticket}"
        reason = f"ticket {named} is deleted or hidden from the worker, so its last status stays"
        instead = "replace its key by another one" if item.ticket.keys else "write the key of another one into the row"
        message = (
            f"{subject(item)}: ticket {named} cannot be seen. Give the worker's account the right to browse it, or, "
            f"if it was deleted on purpose, {instead}."
        )
        finding = Finding("ticket-not-visible", message, item.action)
        key = item.ticket.keys[0] if item.ticket.keys else None
        return Decision(Keep(item, key, reason), Display(), claim, (finding,))
    if (held := holds.amid_its_words(item, claim, ticket)) is not None:
        return _held(item, held, ticket.key)
    reading = read_item(item, where, mapping, known.now)
    merged = merge(item, reading, ticket, where, claim.item, mapping, known.facts, adopting=known.adopting)
    turned_down = merged.edit is not None and _turned_down(merged.edit, claim, known)
    if turned_down:
        merged = Merge(None, ticket, merged.findings)
    note = difference(item, reading, merged.ticket)
    display = show_ticket(match, ticket, note, known.tickets, done_before=TICKED_DONE in claim.shown)
    findings = [*merged.findings, *lasting_findings(item, reading, merged.ticket, mapping, known.facts)]
    findings.extend(_word_of_a_person(item, ticket, claim, mapping))
    if ticket.key not in item.ticket.keys and item.ticket.keys:
        message = f"{subject(item)}: {item.ticket.keys[0]} was moved and is now {ticket.key}."
        findings.append(Finding("ticket-moved", message, item.action))
    claim = replace(claim, shown=marks(claim, item, ticket, display))
    tick = read_tick(item, ticket, claim, display, known.facts.ways.get(ticket.id))
    findings.extend(tick.findings)
    moved = ticket
    if tick.leads_to is not None:
        moved = replace(ticket, status=tick.leads_to)
        display = show_ticket(match, moved, note, known.tickets, done_before=TICKED_DONE in claim.shown)
    findings.extend(unshown(item, moved, claim.shown, display, note))
    change: Change
    if turned_down:
        change = Failed(item, ticket.key, edit_turned_down(item, ticket, known.now))
    elif merged.edit is not None or tick.moves:
        change = Update(item, ticket.key, edit_reason(ticket, merged.edit))
    elif not display.empty:
        change = Update(item, ticket.key, update_reason(item, ticket, display))
    else:
        change = Keep(item, ticket.key, keep_reason(item, ticket))
    values = dict(merged.edit.values) if merged.edit is not None else {}
    owner = values.get("owner")
    lacks = unassigned(reading, merged.ticket)
    if lacks and not reading.owner.named:
        owner = reading.owner.assignee
    accounts = ((ticket.project, owner),) if owner else ()
    asks_form = lacks or ("priority" in values and reading.priority.name is None)
    return Decision(change, display, claim, tuple(findings), merged.edit, tick.asks, accounts, asks_form)


def _turned_down(edit: TicketEdit, claim: Claim, known: Known) -> bool:
    """Whether Jira refused this very edit today; what a person asks for on the command line is tried all the same."""
    if not claim.refused or known.approved or known.adopting:
        return False
    return claim.refused == edit_today(edit, known.now)


def _word_of_a_person(item: ActionItem, ticket: Ticket, claim: Claim, mapping: TeamMapping) -> list[Finding]:
    """Says that a row is done or declined by a person's word while its ticket is open; a word closes nothing."""
    theirs = item.status is not None and not own_status(item.status, claim.shown)
    word = standing(item, mapping.items.words)
    if not theirs or word not in (Standing.DONE, Standing.DECLINED) or ticket.status.category is Category.DONE:
        return []
    message = (
        f"{subject(item)} says “{item.status_word}”, and {ticket.key} is still {ticket.status.name} in Jira: close it "
        "there, or clear the status cell."
    )
    return [Finding("transition-unclear", message, item.action)]


def _linked(match: Linked, claims: Claims, known: Known) -> Decision:
    item, ticket = match.item, match.ticket
    keys = ", ".join(item.ticket.keys)
    if ticket is None:
        findings: tuple[Finding, ...] = ()
        if len(item.ticket.keys) == 1 and item.ticket.keys[0] not in known.tickets:
            message = f"{subject(item)} names {keys}, which is deleted or hidden from the worker."
            findings = (Finding("ticket-not-visible", message, item.action),)
        return Decision(Keep(item, item.ticket.keys[0], f"linked to {keys} by hand"), Display(), None, findings)
    display = show_ticket(match, ticket, None, known.tickets)
    stale = unshown_link(item, ticket, match.claim.shown if match.claim is not None else match.shown, display)
    if display.empty:
        home = ticket.origin.page if ticket.origin is not None else None
        adopted = match.claim is not None and not match.claim.linked and home != claims.page
        reason = f"{ticket.key} has another page as its home" if adopted else f"linked to {ticket.key} by hand"
        return Decision(Keep(item, ticket.key, reason), display, None, stale)
    claim = match.claim or new_claim(item, claims, ticket=ticket.id, linked=True, shown=match.shown)
    return Decision(Update(item, ticket.key, f"{ticket.key} is now {ticket.status.name}"), display, claim, stale)


def _open(match: Open, claims: Claims, where: Where, mapping: TeamMapping, known: Known) -> Decision:
    item, claim = match.item, match.claim
    last = claims.last_attempt(claim)
    if last is not None and last.nonce in known.mine:
        return _create(item, claim, last.nonce, where, mapping, known, "no ticket yet")
    if claim.item in known.absent and len(claim.attempts) < CREATES_WITHOUT_ANSWER:
        return _create(item, claim, "", where, mapping, known, "an earlier create got no answer and left no ticket")
    held = holds.left_to_a_person(item, claim) if claim.item in known.absent else holds.under_way(item, last)
    return _held(item, held)


def _fresh(match: Fresh, claims: Claims, where: Where, mapping: TeamMapping, known: Known) -> Decision:
    item = match.item
    words = standing(item, mapping.items.words)
    if words is not Standing.OPEN:
        return _without_note(item, Keep(item, None, _STANDING[words]))
    held = holds.not_writable(item, match.claim.shown if match.claim is not None else ())
    held = held or holds.perhaps_ticketed(item, mapping.ticket.project)
    if not item.action.strip():
        held = holds.empty_action(item)
    if held is not None:
        return _held(item, held)
    claim = match.claim or new_claim(item, claims)
    return _create(item, claim, "", where, mapping, known, "no ticket yet")


_STANDING = {
    Standing.DONE: "done already, so it needs no ticket",
    Standing.DECLINED: "declined by the team",
    Standing.PROPOSED: "only proposed so far",
    Standing.UNTRACKED: "the team wants no ticket for it",
}


def _create(
    item: ActionItem, claim: Claim, nonce: str, where: Where, mapping: TeamMapping, known: Known, reason: str
) -> Decision:
    wish = desire(item, claim.item, nonce, where, mapping, known.facts, known.now)
    if claim.refused and not known.approved:
        if claim.refused == wish_digest(item, mapping):
            return replace(_held(item, holds.refused(item)), claim=claim)
        if claim.refused == create_today(item, mapping, known.now):
            change = Failed(item, None, create_turned_down(item, known.now))
            return Decision(change, Display(), claim, wish.findings)
    lacks = lacking(wish.draft, known.facts.forms.get((mapping.ticket.project, mapping.ticket.type)))
    if lacks:
        return _held(item, holds.demanded(item, lacks, mapping))
    why = create_reason(wish.draft, reason, known.facts.names)
    return Decision(Create(item, claim.item, wish.draft, why, wish.accounts), Display(), None, wish.findings)


def _held(item: ActionItem, held: Held, ticket: str | None = None) -> Decision:
    """A row that waits; a note is written where the cell is ours and the note is not there yet."""
    display = Display() if held.note is None else show_note(item.ticket, item.has_ticket_column, held.note, ())
    finding = Finding(held.code, held.message, item.action)
    return Decision(Hold(item, ticket, held.message, held.wait), display, None, (finding,))


def _without_note(item: ActionItem, change: Change) -> Decision:
    return Decision(change, show_note(item.ticket, item.has_ticket_column, None, ()), None)


def _gone(identities: Identities, page: str, known: Known) -> tuple[Finding, ...]:
    """Names the tickets whose row is gone, until they are done or another page is their home."""
    findings = []
    for claim in identities.gone:
        ticket = known.tickets.get(claim.ticket or "")
        home = ticket.origin.page if ticket is not None and ticket.origin is not None else page
        if ticket is not None and (ticket.status.category is Category.DONE or home != page):
            continue
        name = ticket.key if ticket is not None else f"with id {claim.ticket}"
        message = (
            f"Ticket {name} was made from this page, and no row stands for it now. Nothing was closed: close the "
            "ticket in Jira if it is not needed, or put the row or its key back."
        )
        findings.append(Finding("ticket-not-on-page", message))
    return tuple(findings)


def _calm(
    decisions: Sequence[Decision], version_at: datetime, mapping: TeamMapping, now: datetime
) -> tuple[Decision, ...]:
    """Leaves out saves that would happen only because a status moved, as often as the mapping says."""
    worth = [
        each
        for each in decisions
        if isinstance(each.change, Create) or (not each.display.empty and _worth_a_save(each, version_at, mapping, now))
    ]
    if worth or all(each.display.empty for each in decisions):
        return tuple(decisions)
    return tuple(_kept(each) if not each.display.empty else each for each in decisions)


def _worth_a_save(decision: Decision, version_at: datetime, mapping: TeamMapping, now: datetime) -> bool:
    item, display = decision.change.item, decision.display
    if not only_status(item.ticket, display):
        return True
    match mapping.page.status_updates:
        case "each change":
            return True
        case "category":
            return category_moves(item.ticket, display.ticket) or category_moves(item.status, display.status)
        case "daily":
            return now - version_at >= timedelta(days=1)
        case "never":
            return False


def _kept(decision: Decision) -> Decision:
    change = decision.change
    if not isinstance(change, Update | Failed):
        return decision
    if isinstance(change, Failed) or decision.edit is not None or decision.asks_done:
        return replace(decision, display=Display())
    reason = f"{change.reason}; shown with the next save (page.status_updates)"
    return replace(decision, change=Keep(change.item, change.ticket, reason), display=Display())
