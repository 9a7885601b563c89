"""Guesses what a column holds whose header nobody knows, by what stands in its cells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from worker.document.cells import dates, own_cell, people
from worker.document.document import Document
from worker.document.tables import Cell, Table
from worker.document.text import visible_text
from worker.mapping.model import Columns
from worker.model.item import DateAsWritten, Mention, PickedDate
from worker.reconcile.headers import NoHeader, header
from worker.reconcile.roles import VAGUE, Role, assign
from worker.reconcile.written_dates import Day, read_written

_PRIORITY = re.compile(
    r"(?:p|prio|sev)[ -]?[0-9]|critical|blocker|highest|high|medium|low|lowest|minor|major|urgent", re.IGNORECASE
)
_FEWEST_WORDS = 2.5
"""Words in the average cell of a column of actions; names, dates and states have fewer."""


def unknown_columns(table: Table, document: Document, created: date) -> Iterator[tuple[Role, str]]:
    """Roles of columns by their cells, with the header as written, for headers that mean nothing by default.

    Only for a table that then has an action and an owner, a due date or a ticket, and no date in front of the action:
    anything else may be a timeline.
    """
    found = header(table)
    if isinstance(found, NoHeader):
        return
    known = assign(found.texts, Columns())
    roles = {role: column for role, column in known.columns.items() if not (known.vague and role is Role.ACTION)}
    body = table.rows[found.rows[-1] + 1 :]
    guesses: dict[Role, int] = {}
    for column, name in enumerate(found.texts):
        if name and column not in roles.values():
            cells = [row.cells[column] for row in body if column < len(row.cells)]
            role = _meaning([cell for cell in cells if cell is not None], document, created)
            if role is not None and role not in roles:
                guesses.setdefault(role, column)
    if Role.ACTION not in roles:
        free = [
            column
            for column, name in enumerate(found.texts)
            if name and column not in {*roles.values(), *guesses.values()}
        ]
        longest = max(free, key=lambda column: _words(table, found.rows[-1], column), default=None)
        if longest is not None and _words(table, found.rows[-1], longest) >= _FEWEST_WORDS:
            guesses[Role.ACTION] = longest
    together = {**roles, **guesses}
    dated = guesses.get(Role.DUE, len(found.texts)) < together.get(Role.ACTION, 0)  # as in a timeline
    if Role.ACTION in together and not dated and not {Role.OWNER, Role.DUE, Role.TICKET}.isdisjoint(together):
        yield from ((role, found.texts[column]) for role, column in guesses.items())


def with_names(role: Role, names: Sequence[str]) -> tuple[str, ...]:
    """The names a role gets: the new ones, then its default ones, without those that would become certain."""
    usual: tuple[str, ...] = getattr(Columns(), KEYS[role])
    kept = [name for name in usual if role is not Role.ACTION or name.casefold() not in VAGUE]
    return tuple(dict.fromkeys((*names, *kept)))


KEYS = {
    Role.ACTION: "action",
    Role.OWNER: "owner",
    Role.DUE: "due",
    Role.PRIORITY: "priority",
    Role.TICKET: "ticket",
    Role.STATUS: "status",
}
"""The key of each role under ``items.columns``."""


def _words(table: Table, lowest: int, column: int) -> float:
    texts = [
        text
        for row in table.rows[lowest + 1 :]
        if column < len(row.cells) and (cell := row.cells[column]) and (text := visible_text(cell.element))
    ]
    return sum(len(text.split()) for text in texts) / len(texts) if texts else 0.0


def _meaning(cells: Sequence[Cell], document: Document, created: date) -> Role | None:
    """What most of the cells that say anything hold."""
    said = [cell for cell in cells if visible_text(cell.element) or own_cell(cell.element, document).keys]
    holding = [_held(cell, document, created) for cell in cells]
    filled = max(len(said), sum(each is not None for each in holding))
    for role in (Role.TICKET, Role.OWNER, Role.DUE, Role.STATUS, Role.PRIORITY):
        if filled and holding.count(role) * 2 > filled:
            return role
    return None


def _held(cell: Cell, document: Document, created: date) -> Role | None:
    own = own_cell(cell.element, document)
    if own.keys:
        return Role.TICKET
    if any(isinstance(owner, Mention) for owner in people(cell.element)):
        return Role.OWNER
    if any(_is_day(each, created) for each in dates(cell.element)):
        return Role.DUE
    if own.lozenges:
        return Role.STATUS
    return Role.PRIORITY if _PRIORITY.fullmatch(visible_text(cell.element).strip()) else None


def _is_day(written: DateAsWritten, created: date) -> bool:
    if isinstance(written, PickedDate):
        return True
    return any(isinstance(read_written(written.text, order, created), Day) for order in (True, False))
