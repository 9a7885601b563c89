"""Says what a row's own cells cannot show of its ticket, because not all that stands in them is the worker's."""

from __future__ import annotations

from collections.abc import Iterator

from worker.model.finding import Finding
from worker.model.item import ActionItem, Kind, Note, OwnCell
from worker.model.ticket import Ticket
from worker.reconcile.display import Display
from worker.reconcile.notes import is_ours, lozenge_digest
from worker.reconcile.sentences import subject

CODE = "row-shared-cell"
LONGEST_QUOTE = 80
_CLOSED = "is shared with other rows or columns, or holds a comment"


def unshown(
    item: ActionItem, ticket: Ticket, shown: tuple[str, ...], display: Display, note: Note | None
) -> tuple[Finding, ...]:
    """What a row with a ticket of its own does not say once ``display`` is written: its key, its status, its note.

    ``shown`` is what its claim remembers as the worker's; ``note`` is what is to be said of it.
    """
    in_ticket_cell = [*_key(item, ticket, display), *_note(item, shown, display, note)]
    lacks = [*_status(item, ticket, display), *in_ticket_cell]
    if not lacks:
        return ()
    status = item.status if not in_ticket_cell else None  # where only a status is lacking, either cell may take it
    kind = item.place.kind.value
    agree = f", or make {kind} and ticket agree" if note is not None and in_ticket_cell else ""
    message = f"{subject(item)} does not say that {' and that '.join(lacks)}: {_because(item, status)}{agree}."
    return (Finding(CODE, message, item.action),)


def unshown_link(item: ActionItem, ticket: Ticket, shown: tuple[str, ...], display: Display) -> tuple[Finding, ...]:
    """What a row that names another ticket than its own still shows of the worker's once ``display`` is written."""
    ours = [lozenge_digest(each, "ticket") in shown for each in item.ticket.lozenges]
    ours += [lozenge_digest(each, "status") in shown for each in (item.status.lozenges if item.status else ())]
    lacks = list(_status(item, ticket, display)) if any(ours) else []
    if not lacks:
        return ()
    message = (
        f"{subject(item)} does not say that {' '.join(lacks)}: its cells hold more than the worker wrote, so nothing "
        "is written there. Delete the old status."
    )
    return (Finding(CODE, message, item.action),)


def _key(item: ActionItem, ticket: Ticket, display: Display) -> Iterator[str]:
    if display.ticket is None and ticket.key not in item.ticket.keys:
        yield f"its ticket is {ticket.key}"


def _status(item: ActionItem, ticket: Ticket, display: Display) -> Iterator[str]:
    written = (display.ticket, display.status)
    if any(content is not None and content.lozenge is not None for content in written):
        return
    cells = [cell for cell in (item.ticket, item.status) if cell is not None]
    titles = [lozenge.title for cell in cells for lozenge in cell.lozenges]
    name = ticket.status.name
    if name.casefold() not in {words.casefold() for words in (*titles, *(cell.rest for cell in cells))}:
        instead = " and ".join(f"“{title}”" for title in titles) or "no status"
        yield f"{ticket.key} is {name} (it shows {instead})"


def _note(item: ActionItem, shown: tuple[str, ...], display: Display, note: Note | None) -> Iterator[str]:
    there = item.ticket.note
    if item.ticket.followed:
        there = None
    elif display.ticket is not None or there == note or (there is not None and not is_ours(there, shown)):
        return
    if note is not None:
        yield f"{note.sentence[:1].lower()}{note.sentence[1:].removesuffix('.')}"
    elif there is not None:
        yield f"its note “{there.sentence}” does not hold any more"


def _because(item: ActionItem, status: OwnCell | None) -> str:
    """Why it is not written, and what to do about that; ``status`` where the status cell would do as well."""
    if item.ticket.followed:
        return "a person's words stand behind its key. Move them elsewhere"
    if item.place.kind is Kind.ROW:
        name, closed, opens = "its ticket cell", _CLOSED, "resolve the comment, or give the row a cell of its own"
    else:
        name, closed, opens = "the end of the task", "holds a comment", "resolve the comment"
    cells = [(name, item.ticket), *([("its status cell", status)] if status is not None else ())]
    why = " and ".join(f"{name} {_holding(cell) or closed}" for name, cell in cells)
    free = [name for name, cell in cells if cell.span is not None]
    steps = [f"clear {' or '.join(free)}, or move the words elsewhere"] if free else []
    steps += [opens] if len(free) < len(cells) else []
    what = ", or ".join(steps)
    return f"{why}, so nothing is written there. {what[:1].upper()}{what[1:]}"


def _holding(cell: OwnCell) -> str:
    """What stands there that is not the worker's; nothing where the cell is not written whatever it holds."""
    if cell.span is None:
        return ""
    if cell.rest:
        return f"says “{cell.rest[:LONGEST_QUOTE]}”"
    if len(cell.keys) > 1:
        return f"names {' and '.join(cell.keys)}"
    return "holds a status or a note that may be a person's"
