"""Reads the rows of an action table into action items."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from worker.document.cells import dates, own_cell, people
from worker.document.document import Document
from worker.document.tables import Cell, Row, Table
from worker.document.text import normalise, visible_text
from worker.document.tree import Element
from worker.mapping.model import Words
from worker.model.item import (
    ActionItem,
    DateAsWritten,
    Kind,
    OwnCell,
    Owner,
    PickedDate,
    Place,
    WrittenDate,
    WrittenName,
)
from worker.reconcile.headers import Header, distinct
from worker.reconcile.placeholders import is_placeholder, says_nothing
from worker.reconcile.roles import DOUBTFUL_TICKET, Role, Roles

_TICKS = frozenset({"✅", "✔", "✔️", "✓", "☑", "☑️", ":tick:", ":white_check_mark:", ":heavy_check_mark:"})
_YES = frozenset({"yes", "y", "x", "true", "done"})
_LINES = re.compile(r"\s*[\n;]\s*|\s+[/|–—-]\s+")
_NAME_IN_FRONT = re.compile(r"^[^\d,]*,\s*")
_SLACK = 20
"""How much longer a text can be than another one that it equals once case, signs and blanks do not count."""
_INDEX = frozenset({"", "id", "no", "nr", "num", "number", "n", "code", "s no", "sl no", "sr no", "seq", "finding id"})


@dataclass(frozen=True, slots=True)
class ActionTable:
    """A table of action items, with what write-back has to know of it."""

    block: int
    """Ordinal among the tables and task lists of the document."""
    table: Table
    header_rows: tuple[int, ...]
    """Grid rows that name the columns: the header, and its repetitions further down."""
    columns: Mapping[Role, int]
    """Grid column of each role."""
    lines: tuple[int, ...]
    """Grid row of each line: ``Place.line`` counts the rows below the header, without its repetitions, from 0."""

    def grid_row(self, line: int) -> int:
        """Grid row of an item's line."""
        return self.lines[line]


@dataclass(slots=True)
class TableReader:
    """Reads one action table."""

    document: Document
    table: Table
    header: Header
    roles: Roles
    words: Words
    nested: Collection[Element]
    """Action tables inside its cells: their text is theirs."""
    ticked: Collection[Element]
    """All ticked tasks of the page."""
    _columns: Mapping[Role, int] = field(init=False)
    _index: int = field(init=False)

    def __post_init__(self) -> None:
        self._columns = self.roles.columns
        ticket = self._columns.get(Role.TICKET)
        if ticket is not None and self._holds_prose(ticket):
            self._columns = {role: column for role, column in self._columns.items() if role is not Role.TICKET}
        named = normalise(self.header.texts[0]) in _INDEX if self.header.texts else False
        self._index = 0 if (named or self._numbers_rows()) and 0 not in self._columns.values() else -1

    def read(self, block: int, section: str, ids: Mapping[str, int]) -> tuple[ActionTable, tuple[ActionItem, ...]]:
        """The table and its items in order.

        ``ids`` counts the editor's ids on the page: one that stands there more than once identifies nothing.
        """
        header_rows = list(self.header.rows)
        lines: list[int] = []
        items: list[ActionItem] = []
        for index, row in enumerate(self.table.rows):
            if index <= self.header.rows[-1]:
                continue
            if self._repeats_header(row):
                header_rows.append(index)
                continue
            item = self._item(row, Place(Kind.ROW, block, len(lines), section), ids)
            lines.append(index)
            if item is not None:
                items.append(item)
        return ActionTable(block, self.table, tuple(header_rows), self._columns, tuple(lines)), tuple(items)

    def _item(self, row: Row, place: Place, ids: Mapping[str, int]) -> ActionItem | None:
        cell = self._cell(row, Role.ACTION)
        written_here = cell is not None and row.wrote(cell)
        if self._is_subheading(row) or not (written_here or self._says_something_itself(row)):
            return None
        action = self._text(cell)
        if is_placeholder(action):
            action = ""
        ticket = self._own(row, Role.TICKET) or OwnCell()
        owners, due = tuple(self._owners(row)), tuple(self._dates(row))
        if not action and not (owners or due or ticket.keys):
            return None
        status = self._own(row, Role.STATUS)
        editor_id = row_id(row.element)
        priority = " ".join(self._text(self._cell(row, Role.PRIORITY)).split())
        return ActionItem(
            place=place,
            editor_id=editor_id if editor_id and ids.get(editor_id) == 1 else None,
            action=action,
            owners=owners,
            dates=due,
            priority="" if is_placeholder(priority) else priority,
            status_word=self._status_word(row, status),
            others=tuple(self._others(row)),
            ticket=ticket,
            status=status,
            has_ticket_column=Role.TICKET in self._columns,
        )

    def _cell(self, row: Row, role: Role) -> Cell | None:
        column = self._columns.get(role)
        return row.cells[column] if column is not None else None

    def _text(self, cell: Cell | None) -> str:
        return visible_text(cell.element, self.nested) if cell else ""

    def _own(self, row: Row, role: Role) -> OwnCell | None:
        """A cell that the worker may write; one that several rows share, or that plays a second role, is only read."""
        cell = self._cell(row, role)
        if cell is None:
            return None
        others = self._columns if cell.columns > 1 else ()
        alone = not any(self._cell(row, other) is cell for other in others if other is not role)
        return own_cell(cell.element, self.document, writable=alone and not cell.shared)

    def _owners(self, row: Row) -> Iterator[Owner]:
        """People in the owner cell; where it is the due cell too, what has a digit in it is no name."""
        cell = self._cell(row, Role.OWNER)
        if cell is None or cell is self._cell(row, Role.ACTION):
            return
        with_date = cell is self._cell(row, Role.DUE)
        for owner in people(cell.element):
            name = owner.text if isinstance(owner, WrittenName) else ""
            if not name or not (is_placeholder(name) or (with_date and any(map(str.isdigit, name)))):
                yield owner

    def _dates(self, row: Row) -> Iterator[DateAsWritten]:
        """Dates in the due cell; where it is the owner cell too, its lines with a digit, without a name in front."""
        cell = self._cell(row, Role.DUE)
        if cell is None or cell is self._cell(row, Role.ACTION):
            return
        with_owner = cell is self._cell(row, Role.OWNER)
        for written in dates(cell.element):
            if isinstance(written, PickedDate):
                yield written
            elif with_owner:
                parts = (_NAME_IN_FRONT.sub("", part) for part in _LINES.split(written.text))
                yield from (WrittenDate(part) for part in parts if any(map(str.isdigit, part)))
            elif not is_placeholder(written.text):
                yield written

    def _status_word(self, row: Row, status: OwnCell | None) -> str:
        """What the status cell says as a whole, or the done word when a box is ticked; a note says nothing."""
        done = self.words.done[0] if self.words.done else ""
        box = self._cell(row, Role.DONE)
        if box is not None and (self._box(box) or (said := self._text(box)) in _TICKS or normalise(said) in _YES):
            return done
        cell = self._cell(row, Role.STATUS)
        if cell is None or status is None or status.note is not None:
            return ""
        ticked = self._box(cell)
        if ticked is not None:
            return done if ticked else ""
        if status.rest in _TICKS:
            return done
        return " ".join((*(lozenge.title for lozenge in status.lozenges), *status.keys, *status.rest.split()))

    def _box(self, cell: Cell) -> bool | None:
        """Whether the boxes in a cell are all ticked; None when it holds none."""
        tasks = [each for each in cell.element.descendants() if each.tag == "ac:task"]
        return all(task in self.ticked for task in tasks) if tasks else None

    def _others(self, row: Row) -> Iterator[tuple[str, str]]:
        played = [row.cells[column] for column in self._columns.values()]
        for cell in distinct(row):
            if cell in played or cell.column == self._index:
                continue
            text = self._text(cell)
            if text:
                yield self.header.texts[cell.column], text

    def _repeats_header(self, row: Row) -> bool:
        """Whether a row of the body says again what the header says, as in long tables and pasted ones."""
        action = self._columns[Role.ACTION]
        for column in (action, *range(len(row.cells))):
            text, said = self.header.texts[column], self._text(row.cells[column])
            if len(said) > len(text) + _SLACK or normalise(said) != normalise(text):
                return False
        return True

    def _is_subheading(self, row: Row) -> bool:
        """Whether one cell covers everything: a heading inside the table, not an item.

        Only a blank ticket or status cell may stand beside it, as it does once the table was given a ticket column.
        """
        wide = self._cell(row, Role.ACTION)
        if wide is None or wide.columns < 2:
            return False
        own = {self._cell(row, Role.TICKET), self._cell(row, Role.STATUS)}
        beside = [cell for cell in distinct(row) if cell is not wide and cell.column != self._index]
        return None not in row.cells and all(cell in own and not visible_text(cell.element) for cell in beside)

    def _says_something_itself(self, row: Row) -> bool:
        """Whether anything of the row is its own, rather than reaching down from the row above."""
        return any(visible_text(cell.element) or people(cell.element) for cell in row.own if cell.column != self._index)

    def _numbers_rows(self) -> bool:
        first = [row.cells[0] for row in self.table.rows if row.cells and row.cells[0]]
        return any("numberingColumn" in cell.element.attrs.get("class", "").split() for cell in first)

    def _holds_prose(self, column: int) -> bool:
        """Whether a column called “Issue” or “Bug” describes what went wrong instead of naming tickets."""
        if normalise(self.header.texts[column]) not in DOUBTFUL_TICKET:
            return False
        cells = {id(cell): cell for row in self.table.rows if (cell := row.cells[column])}
        below = [cell for cell in cells.values() if cell.row > self.header.rows[-1]]
        said = [own_cell(cell.element, self.document) for cell in below]
        return not any(each.keys for each in said) and not all(says_nothing(each.rest) for each in said)


def row_id(row: Element) -> str | None:
    """The editor's own id of a row: ``ac:local-id`` on Cloud, unprefixed in older bodies, none on Data Center."""
    return row.attrs.get("ac:local-id") or row.attrs.get("local-id") or None
