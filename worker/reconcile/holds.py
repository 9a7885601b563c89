"""Why a row waits, in words its author can act on, and what its own cell says of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from worker.mapping.model import TeamMapping
from worker.model.claim import Attempt, Claim
from worker.model.finding import Finding
from worker.model.item import ActionItem, Kind, Note, OwnCell
from worker.model.plan import Wait
from worker.model.ticket import Ticket
from worker.reconcile import notes
from worker.reconcile.demands import FROM_ROWS
from worker.reconcile.display import only_ours
from worker.reconcile.identity import Unclear
from worker.reconcile.notes import lozenge_digest
from worker.reconcile.sentences import subject


@dataclass(frozen=True, slots=True)
class Held:
    """The finding of a row that waits, the note it gets (None: none), and for what it waits."""

    code: str
    message: str
    note: Note | None = None
    wait: Wait = Wait.PEOPLE


def empty_action(item: ActionItem) -> Held:
    """The row has an owner or a date and says nothing else."""
    message = f"{subject(item)} has an owner or a date but no action: write what is to be done."
    return Held("row-empty-action", message, notes.EMPTY_ACTION)


def not_writable(item: ActionItem, shown: tuple[str, ...]) -> Held | None:
    """The place for the ticket's key cannot be written, so no ticket is made; None when it can."""
    cell = item.ticket
    if cell.span is None and item.has_ticket_column:
        message = (
            f"{subject(item)}: its ticket cell is shared with other rows or columns, or holds a comment, and is never "
            "written. Give the row a ticket cell of its own, or resolve the comment, and the ticket is made."
        )
        return Held("row-shared-cell", message)
    if only_ours(cell, shown):
        return None
    what = "ticket cell" if item.place.kind is Kind.ROW else "end of the task"
    message = (
        f"{subject(item)}: its {what} says “{_said(cell)[:80]}”. Clear it, or move the words elsewhere, and the ticket "
        "is made."
    )
    return Held("row-shared-cell", message)


def amid_its_words(item: ActionItem, claim: Claim, ticket: Ticket) -> Held | None:
    """What the worker wrote at the end of a task stands amid its words now, so the words alone cannot be told.

    None when it does not: where the end still has them, a plain key or a status amid the text is a person's, and so is
    a text that is the one that the claim knows.
    """
    if item.place.kind is not Kind.TASK or item.fingerprint == claim.fingerprint:
        return None
    plain = re.compile(rf"(?<![\w-]){re.escape(ticket.key)}(?![\w-])", re.IGNORECASE)
    named = ticket.key in item.amid.keys or (not item.ticket.keys and plain.search(item.action))
    ours = [ticket.key] if named else []
    if not item.ticket.lozenges:
        shown = (each.title for each in item.amid.lozenges if lozenge_digest(each, "ticket") in claim.shown)
        amid = dict.fromkeys(shown)
        ours += [f"the status “{title}”" for title in amid]
    if not ours:
        return None
    stand, them = ("stand", "them") if len(ours) > 1 else ("stands", "it")
    message = (
        f"{subject(item)}: {' and '.join(ours)} {stand} amid its words, so what of them the ticket is to say cannot be "
        f"told, and neither task nor ticket is changed. Delete {them}, and key and status come back at the end."
    )
    return Held("row-shared-cell", message)


def perhaps_ticketed(item: ActionItem, project: str) -> Held | None:
    """A cell under some other header holds nothing but the key of a ticket that cannot be seen; None when none does.

    It may be the row's own ticket: somebody renamed the header, and the page's claims are gone.
    """
    keys = (key for each in item.perhaps for key in each.ticket.keys if key.rpartition("-")[0] == project)
    key = next(keys, None)
    if key is None:
        return None
    message = (
        f"{subject(item)}: one of its cells holds nothing but {key}, which is deleted or hidden from the worker and "
        f"may be its ticket. Give the worker's account the right to browse {key}; or, if the row is to get a ticket "
        f"of its own, write a word beside {key}."
    )
    return Held("ticket-not-visible", message)


def under_way(item: ActionItem, last: Attempt | None) -> Held:
    """An earlier create got no answer, and may still be on its way or out of sight."""
    since = f" since {last.at:%Y-%m-%d %H:%M} UTC" if last else ""
    message = f"{subject(item)}: a create is under way{since}; the next passes look whether it happened."
    return Held("claim-waiting", message, wait=Wait.TIME)


def left_to_a_person(item: ActionItem, claim: Claim) -> Held:
    """So many creates got no answer that another one would be a gamble."""
    message = (
        f"{subject(item)}: {len(claim.attempts)} creates got no answer and no ticket was found. Look in Jira; then "
        "write the ticket's key into the row, or reword the row to have it made anew."
    )
    return Held("claim-waiting", message)


def refused(item: ActionItem) -> Held:
    """An earlier pass asked for this ticket, and Jira would say no again."""
    message = (
        f"{subject(item)}: Jira refused this ticket before, and neither the row nor the mapping changed since. Run "
        "`check --live` to see what Jira demands, and change the row or the mapping; once Jira itself was changed, run "
        "`sync --approve PAGE`."
    )
    return Held("field-refused", message, notes.REFUSED)


def refused_now(item: ActionItem, said: str) -> Finding:
    """Jira has just refused this ticket; ``said`` is its reason."""
    message = (
        f"{subject(item)}: Jira refused this ticket: {said.rstrip('.')}. Change the row or the mapping, and the next "
        "pass tries again; once Jira itself was changed, run `sync --approve PAGE`."
    )
    return Finding("field-refused", message, item.action)


def demanded(item: ActionItem, fields: Sequence[str], mapping: TeamMapping) -> Held:
    """Jira demands what the row does not say; ``fields`` are ids of ``FROM_ROWS``."""
    wanted = [FROM_ROWS[each] for each in fields]
    rules = mapping.ticket
    message = (
        f"{subject(item)}: {rules.project} makes no {rules.type} without {' and '.join(each.what for each in wanted)}. "
        f"Write it into the row, or {' and '.join(each.default for each in wanted)}."
    )
    return Held("field-refused", message, wanted[0].note)


def unclear(match: Unclear) -> Held:
    """It cannot be said which ticket the row belongs to."""
    said = f"{subject(match.item)}: {match.reason}."
    keyed = bool(match.item.ticket.keys)
    match match.code:
        case "duplicate-row":
            return Held(match.code, f"{said} Delete it, or write what differs.", notes.DUPLICATE)
        case "claim-waiting":
            return Held(match.code, f"{said} The next passes look whether the create happened.", wait=Wait.TIME)
        case "page-copied":
            advice = "Delete the key to get a new ticket, or run `sync --adopt PAGE` to make this page its home."
        case "ticket-elsewhere":
            advice = f"Write {match.ticket} into its ticket cell to show its status here, or run `sync --adopt PAGE`."
        case "row-reused" if keyed:
            advice = "If it is a new item, delete the key; if it is the same, put a word of the ticket's summary back."
        case "row-reused":
            kind, name = match.item.place.kind.value, match.ticket or "the ticket's key"
            advice = (
                f"If it is the same item, write {name} into it; if not, write it as a new {kind}, and then delete this "
                "one."
            )
            return Held(match.code, f"{said} {advice}", notes.AMBIGUOUS)
        case _ if match.rightful is not None:
            advice = (
                f"If keys were swapped, clear the ticket cells of both rows, and their own keys come back. If this row "
                f"is to be {match.ticket}'s, word it differently."
            )
        case _ if len(match.item.ticket.keys) > 1:
            advice = "Leave the key of the ticket that this row is about."
        case _ if keyed:
            advice = "Delete the key in the copy to get a new ticket for it."
        case _ if match.ticket is not None:
            advice = (
                f"Write {match.ticket} into its ticket cell if it is the same item; if not, word the row differently, "
                "or make a ticket for it and write that one's key there."
            )
            return Held(match.code, f"{said} {advice}", notes.AMBIGUOUS)
        case _:
            return Held(match.code, f"{said} Write the right key into its ticket cell.", notes.AMBIGUOUS)
    return Held(match.code, f"{said} {advice}")


def _said(cell: OwnCell) -> str:
    note = f"{cell.note.kind.value} {cell.note.sentence}" if cell.note is not None else ""
    return " ".join(part for part in (*(each.title for each in cell.lozenges), note, cell.rest) if part)
