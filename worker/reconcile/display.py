"""What a row's own cells should show, and whether they already mean that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from worker.model.item import Lozenge, Note, OwnCell
from worker.model.ticket import Category, Status, Ticket
from worker.reconcile.identity import Linked, Tracked
from worker.reconcile.notes import is_ours, lozenge_digest, note_digest

COLOUR = {
    Category.TODO: "grey",
    Category.DOING: "blue",
    Category.DONE: "green",
    Category.NONE: "grey",
}


KEPT_WITHOUT_CELL = 2
"""So many digests of what no longer stands there are remembered; a claim has room for 160 bytes an item."""


@dataclass(frozen=True, slots=True)
class Content:
    """What one own cell is to hold; all None means blank."""

    key: str | None = None
    url: str | None = None
    lozenge: Lozenge | None = None
    note: Note | None = None


@dataclass(frozen=True, slots=True)
class Display:
    """What is to be written on one row; None leaves that place as it is."""

    ticket: Content | None = None
    status: Content | None = None
    tick: bool | None = None

    @property
    def empty(self) -> bool:
        """Nothing is to be written."""
        return self.ticket is None and self.status is None and self.tick is None


def lozenge_of(status: Status) -> Lozenge:
    """A status as the page shows it: Jira's name, coloured by category."""
    return Lozenge(status.name, COLOUR[status.category])


def show_ticket(
    match: Tracked | Linked,
    ticket: Ticket,
    note: Note | None,
    tickets: Mapping[str, Ticket],
    *,
    done_before: bool = False,
) -> Display:
    """Key, status and note of a row whose ticket is visible; of a linked row only the status.

    ``done_before``: a task's tick is known to have stood for a done ticket, whatever became of the lozenge since.
    """
    item = match.item
    shown = match.claim.shown if match.claim else match.shown if isinstance(match, Linked) else ()
    lozenge = lozenge_of(ticket.status)
    comes = isinstance(match, Tracked) and item.status_column is not None and not item.has_ticket_column
    status_is_own = comes or (item.status is not None and own_status(item.status, shown))
    status = Content(lozenge=lozenge) if status_is_own else None
    content: Content | None = None
    if isinstance(match, Tracked) and _own_ticket(item.ticket, item.has_ticket_column, ticket, shown, tickets):
        fits = None if item.ticket.followed else note
        content = Content(ticket.key, ticket.url, None if status_is_own else lozenge, fits)
    tick = None
    if isinstance(match, Tracked) and item.ticked is not None and item.tick_span is not None:
        tick = _tick(item.ticked, item.ticket.lozenges, ticket.status.category, done_before=done_before)
    return Display(
        ticket=None if content is None or _means(item.ticket, content) else content,
        status=None if status is None or (item.status is not None and _means(item.status, status)) else status,
        tick=tick,
    )


def show_note(cell: OwnCell, has_column: bool, note: Note | None, shown: tuple[str, ...]) -> Display:
    """A row without ticket: its note, or nothing where a note of ours no longer holds."""
    if cell.keys or not only_ours(cell, shown) or (cell.span is None and has_column):
        return Display()
    return Display() if cell.note == note else Display(ticket=Content(note=note))


def only_status(item_cell: OwnCell, display: Display) -> bool:
    """Whether this display would change nothing but a status that is already shown."""
    if display.tick is not None:
        return False
    if display.ticket is not None:
        same_key = item_cell.keys == ((display.ticket.key,) if display.ticket.key else ())
        return same_key and item_cell.note == display.ticket.note and bool(item_cell.lozenges)
    return display.status is not None


def category_moves(cell: OwnCell | None, content: Content | None) -> bool:
    """Whether the lozenge changes colour, which is how categories are shown."""
    if content is None or content.lozenge is None:
        return False
    before = cell.lozenges[0].colour if cell is not None and cell.lozenges else None
    return before != content.lozenge.colour


def remembered(shown: tuple[str, ...], ticket: OwnCell, status: OwnCell | None, display: Display) -> tuple[str, ...]:
    """What a claim is to remember before ``display`` is written: what of ours stands there now, and what will.

    A row without a status cell, and a task, keep the oldest of what is remembered beside that: the status cell that was
    there may come back with what the worker wrote in it.
    """
    there = [lozenge_digest(lozenge, "ticket") for lozenge in ticket.lozenges]
    there += [lozenge_digest(lozenge, "status") for lozenge in (status.lozenges if status is not None else ())]
    there += [note_digest(ticket.note)] if ticket.note is not None else []
    kept = [each for each in there if each in shown]
    if display.ticket is not None and display.ticket.lozenge is not None:
        kept.append(lozenge_digest(display.ticket.lozenge, "ticket"))
    if display.status is not None and display.status.lozenge is not None:
        kept.append(lozenge_digest(display.status.lozenge, "status"))
    if display.ticket is not None and display.ticket.note is not None:
        kept.append(note_digest(display.ticket.note))
    if status is None:
        kept += [each for each in shown if each not in kept][-KEPT_WITHOUT_CELL:]
    return tuple(dict.fromkeys(kept))


def own_status(cell: OwnCell, shown: tuple[str, ...]) -> bool:
    """Whether the status cell is blank or holds only what the worker wrote, as the claim remembers it."""
    if cell.span is None or cell.keys or cell.rest or cell.note is not None or len(cell.lozenges) > 1:
        return False
    return all(lozenge_digest(each, "status") in shown for each in cell.lozenges)


def only_ours(cell: OwnCell, shown: tuple[str, ...]) -> bool:
    """Whether a ticket cell (or the end of a task) holds no words, lozenge or note of a person's."""
    if cell.rest or (cell.note is not None and not is_ours(cell.note, shown)):
        return False
    return all(lozenge_digest(each, "ticket") in shown for each in cell.lozenges)


def _own_ticket(
    cell: OwnCell,
    has_column: bool,
    ticket: Ticket,
    shown: tuple[str, ...],
    tickets: Mapping[str, Ticket],
) -> bool:
    if not has_column:
        return True
    if cell.span is None or len(cell.keys) > 1 or not only_ours(cell, shown):
        return False
    return all(key == ticket.key or (key in tickets and tickets[key].id == ticket.id) for key in cell.keys)


def _means(cell: OwnCell, content: Content) -> bool:
    """Whether the cell already says this: by meaning, for Confluence writes markup anew on every save."""
    keys = (content.key,) if content.key else ()
    lozenges = [replace(each, title=each.title.casefold()) for each in cell.lozenges]
    wanted = [replace(content.lozenge, title=content.lozenge.title.casefold())] if content.lozenge else []
    return cell.keys == keys and lozenges == wanted and cell.note == content.note and not cell.rest


def _tick(ticked: bool, shown: tuple[Lozenge, ...], category: Category, *, done_before: bool) -> bool | None:
    """Done in Jira ticks; reopened in Jira unticks, but only a tick that stood for a done ticket."""
    if category is Category.DONE:
        return None if ticked else True
    was_done = done_before or any(lozenge.colour == COLOUR[Category.DONE] for lozenge in shown)
    return False if ticked and was_done else None
