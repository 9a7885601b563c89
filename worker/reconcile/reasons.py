"""Says in half a sentence why a row with its ticket is kept, or brought up to date."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from worker.model.finding import Finding
from worker.model.item import ActionItem
from worker.model.ticket import Draft, Ticket, TicketEdit
from worker.reconcile.display import Display
from worker.reconcile.sentences import subject


def keep_reason(item: ActionItem, ticket: Ticket) -> str:
    """Why nothing is to be done about a row with its ticket."""
    shown = [lozenge for cell in (item.ticket, item.status) if cell is not None for lozenge in cell.lozenges]
    if ticket.key not in item.ticket.keys:
        return f"{ticket.key} is {ticket.status.name}; its cell holds a person's words"
    if any(lozenge.title.casefold() == ticket.status.name.casefold() for lozenge in shown):
        return f"{ticket.key} is {ticket.status.name}, and the page says so"
    return f"{ticket.key} is {ticket.status.name}; a person wrote where that would stand, so it is left alone"


def create_reason(draft: Draft, why: str, names: Mapping[str, str]) -> str:
    """Why a ticket is made, and what it will be, for whoever reads the plan before the first sync.

    ``names``: display names by account, as far as they are known.
    """
    parts = [f"a {draft.type} in {draft.project}"]
    parts += [f"due {draft.due.isoformat()}"] if draft.due is not None else ["no due date"]
    parts += [f"priority {draft.priority}"] if draft.priority is not None else []
    parts += [_assigned(draft.assignee, names)]
    parts += [f"under {draft.parent}"] if draft.parent is not None else []
    return f"{why}: {', '.join(parts)}"


def _assigned(account: str | None, names: Mapping[str, str]) -> str:
    return "nobody assigned" if account is None else f"assigned to {names.get(account, 'its owner')}"


def edit_refused(item: ActionItem, ticket: Ticket, edit: TicketEdit, refused: Collection[str], said: str) -> Finding:
    """Jira did not take these fields of an edit, for what it ``said``, and took all others."""
    asked = " and ".join(_asked(field, value) for field, value in edit.values if field in refused)
    others = [_FIELD[field] for field, _ in edit.values if field not in refused]
    rest = f" and got its {' and '.join(others)} from the row" if others else ""
    message = (
        f"{subject(item)}: Jira refused the {asked} for {ticket.key} ({said}), so the ticket keeps what it has there"
        f"{rest}. Write something else into the row, or set it on the ticket in Jira."
    )
    return Finding("field-refused", message, item.action)


def _asked(field: str, value: str | None) -> str:
    return f"{_FIELD[field]} {value}" if field in ("due", "priority") else _FIELD[field]


def edit_reason(ticket: Ticket, edit: TicketEdit | None) -> str:
    """Why the ticket is to follow its row: an edit, or (None) a tick that asks for done."""
    if edit is None:
        return f"the task was ticked, so {ticket.key} is asked to be done"
    if not edit.values and ticket.origin is not None and ticket.origin.page == edit.origin.page:
        return f"nothing of {ticket.key} changes; what its row says now is noted on it, out of sight"
    if not edit.values:
        return f"{ticket.key} is to remember this page as its home"
    said = " and ".join(_asked(field, value) for field, value in edit.values)
    return f"{ticket.key} gets its {said} from the row"


_FIELD = {"summary": "text", "owner": "owner", "due": "due date", "priority": "priority"}


def update_reason(item: ActionItem, ticket: Ticket, display: Display) -> str:
    """Why the row's own cells are to be written."""
    if not item.ticket.keys:
        return f"{ticket.key} is not shown on the page yet"
    if ticket.key not in item.ticket.keys:
        return f"{item.ticket.keys[0]} was moved and is {ticket.key} now"
    if display.tick is not None:
        return f"{ticket.key} is {ticket.status.name}: the task is {'ticked' if display.tick else 'unticked'}"
    content = display.status or display.ticket
    before = item.status if display.status is not None else item.ticket
    if content is not None and before is not None and content.lozenge is not None:
        shown = [lozenge.title.casefold() for lozenge in before.lozenges]
        if content.lozenge.title.casefold() not in shown:
            return f"{ticket.key} is now {ticket.status.name}"
    if display.ticket is not None and display.ticket.note is not None:
        return f"{ticket.key} differs from the row, and the row is to say so"
    return f"{ticket.key} no longer differs from the row"
