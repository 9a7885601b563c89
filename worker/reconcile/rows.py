"""Reads the rows of an action table into action items."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from worker.document.cells import own_cell, people
from worker.document.document import Document
from worker.document.tables import Cell, Row, Table
from worker.document.text import normalise, visible_text
from worker.document.tree import Element
from worker.mapping.model import Words
from worker.model.item import ActionItem, DateAsWritten, Kind, OwnCell, Owner, Perhaps, Place
from worker.reconcile.headers import Header, bold, distinct
from worker.reconcile.people_and_dates import due_dates, owners
from worker.reconcile.placeholders import is_placeholder, says_nothing
from worker.reconcile.roles import DOUBTFUL_TICKET, Role, Roles

_TICKS = frozenset({"✅", "✔", "✔️", "✓", "☑", "☑️", ":tick:", ":white_check_mark:", ":heavy_check_mark:"})
_YES = frozenset({"yes", "y", "x", "true", "done"})
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
    """Grid rows that name the columns: the lowest one of the header, and its repetitions further down."""
    heading_rows: tuple[int, ...]
    """Grid rows that head others without naming columns: upper levels of the header, and subheadings."""
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
    _feet: Collection[Element] = field(init=False)
    _keyed: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        self._columns = self.roles.columns
        ticket = self._columns.get(Role.TICKET)
        if ticket is not None and self._holds_prose(ticket):
            self._columns = {role: column for role, column in self._columns.items() if role is not Role.TICKET}
        named = normalise(self.header.texts[0]) in _INDEX if self.header.texts else False
        self._index = 0 if (named or self._numbers_rows()) and 0 not in self._columns.values() else -1
        self._keyed = tuple(self._columns_with_tickets())
        self._feet = [group for group in self.table.element.elements() if group.tag == "tfoot"]

    def read(self, block: int, section: str, ids: Mapping[str, int]) -> tuple[ActionTable, tuple[ActionItem, ...]]:
        """The table and its items in order.

        ``ids`` counts the editor's ids on the page: one that stands there more than once identifies nothing.
        """
        *heading_rows, lowest = self.header.rows
        header_rows = [lowest]
        lines: list[int] = []
        items: list[ActionItem] = []
        for index, row in enumerate(self.table.rows):
            if index <= lowest:
                continue
            if self._repeats_header(row):
                header_rows.append(index)
                continue
            place = Place(Kind.ROW, block, len(lines), section)
            lines.append(index)
            if self._is_subheading(row):
                heading_rows.append(index)
            elif not self._in_foot(row) and (item := self._item(row, place, ids)) is not None:
                items.append(item)
        table = ActionTable(block, self.table, tuple(header_rows), tuple(heading_rows), self._columns, tuple(lines))
        return table, tuple(items)

    def _item(self, row: Row, place: Place, ids: Mapping[str, int]) -> ActionItem | None:
        cell = self._cell(row, Role.ACTION)
        written_here = cell is not None and row.wrote(cell)
        if not (written_here or self._says_something_itself(row)):
            return None
        action = self._text(cell)
        if is_placeholder(action):
            action = ""
        ticket = self._own(row, Role.TICKET) or OwnCell()
        people_named, due = self._people_and_dates(row, cell)
        if not action and not (people_named or due or ticket.keys):
            return None
        status = self._own(row, Role.STATUS)
        editor_id = row_id(row.element)
        priority = " ".join(self._text(self._cell(row, Role.PRIORITY)).split())
        return ActionItem(
            place=place,
            editor_id=editor_id if editor_id and ids.get(editor_id) == 1 else None,
            action=action,
            owners=people_named,
            dates=due,
            priority="" if is_placeholder(priority) else priority,
            status_word=self._status_word(row, status),
            others=tuple(self._others(row)),
            ticket=ticket,
            status=None if self._ticket_is_status else status,
            status_column=None
            if status is not None or Role.TICKET in self._columns
            else self._columns.get(Role.STATUS),
            has_ticket_column=Role.TICKET in self._columns,
            has_owner_column=Role.OWNER in self._columns,
            has_due_column=Role.DUE in self._columns,
            perhaps=tuple(self._perhaps(row, column, action) for column in self._keyed if not ticket.keys),
        )

    def _columns_with_tickets(self) -> Iterator[int]:
        """Columns without a role in which a ticket is linked: one may be the worker's, under another header by now."""
        taken = {*self._columns.values(), self._index}
        below = [row for index, row in enumerate(self.table.rows) if index > self.header.rows[-1]]
        for column in range(len(self.header.texts)):
            cells = [cell for row in below if column < len(row.cells) and (cell := row.cells[column]) is not None]
            if column not in taken and any(self._links_a_ticket(cell) for cell in cells):
                yield column

    def _links_a_ticket(self, cell: Cell) -> bool:
        markup = self.document.text_of(cell.element.inner)
        return "/browse/" in markup or 'ac:name="jira"' in markup

    def _perhaps(self, row: Row, column: int, action: str) -> Perhaps:
        cell = row.cells[column] if column < len(row.cells) else None
        free = cell is not None and not cell.shared
        own = own_cell(cell.element, self.document, free, self.nested) if cell is not None else OwnCell()
        return Perhaps(column, own, action, tuple(self._others(row, without=cell)))

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
        return own_cell(cell.element, self.document, alone and not cell.shared, self.nested)

    def _people_and_dates(self, row: Row, action: Cell | None) -> tuple[tuple[Owner, ...], tuple[DateAsWritten, ...]]:
        """Owners and due dates, each from its own cell; a cell that is the action's too says neither."""
        owner, due = self._cell(row, Role.OWNER), self._cell(row, Role.DUE)
        both = owner is due
        named = owners(owner.element, self.nested, with_date=both) if owner is not None and owner is not action else ()
        dated = due_dates(due.element, self.nested, with_owner=both) if due is not None and due is not action else ()
        return tuple(named), tuple(dated)

    @property
    def _ticket_is_status(self) -> bool:
        """One column is both (“Ticket / Status”): it is written as a ticket cell, and only read as a status."""
        return Role.TICKET in self._columns and self._columns.get(Role.STATUS) == self._columns[Role.TICKET]

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
        keys = () if self._ticket_is_status else status.keys
        return " ".join((*(lozenge.title for lozenge in status.lozenges), *keys, *status.rest.split()))

    def _box(self, cell: Cell) -> bool | None:
        """Whether the boxes in a cell are all ticked; None when it holds none."""
        if not cell.element.holds(b"<ac:task"):
            return None
        tasks = [each for each in cell.element.descendants() if each.tag == "ac:task"]
        return all(task in self.ticked for task in tasks) if tasks else None

    def _others(self, row: Row, without: Cell | None = None) -> Iterator[tuple[str, str]]:
        played = [without, *(row.cells[column] for column in self._columns.values())]
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
        """Whether the row is a heading inside the table, not an item: one cell covers all columns.

        Blank ticket and status cells may stand beside it if it looks like a heading (bold, or a header cell) or they
        do: the worker itself puts a header cell there when it gives the table a ticket column. Beside a plain cell,
        blank plain cells are those of an item whose action merely spans some columns.
        """
        wide = self._cell(row, Role.ACTION)
        if wide is None or wide.columns < 2 or None in row.cells:
            return False
        beside = [cell for cell in distinct(row) if cell is not wide and cell.column != self._index]
        own = {self._cell(row, Role.TICKET), self._cell(row, Role.STATUS)}
        if not all(cell in own and not visible_text(cell.element) for cell in beside):
            return False
        return wide.header or all(cell.header for cell in beside) or bold(wide.element) is True

    def _in_foot(self, row: Row) -> bool:
        """Whether the row sums the table up."""
        return any(foot.start <= row.element.start < foot.end for foot in self._feet)

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
    attrs = row.attrs
    return attrs.get("ac:local-id") or attrs.get("local-id") or None
