"""Finds tables and spreads their cells over a grid."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from worker.document.bounds import MAX_POSITIONS, TooLarge
from worker.document.document import Document
from worker.document.landmarks import TABLE
from worker.document.tree import Element

MAX_COLSPAN = 50

_GROUPS = frozenset({"thead", "tbody", "tfoot", "ac:inline-comment-marker"})
_ROWS = frozenset({"tr"})
_CELLS = frozenset({"td", "th"})
_NUMBER = re.compile(r"\s*\+?([0-9]{1,9})")
_TOO_LARGE = (
    f"The tables of this page cover more than {MAX_POSITIONS:,} grid positions (rows times columns, merged cells "
    "spread out). Split the largest table, or reduce its merged cells."
)


class Cell(NamedTuple):
    """One ``td`` or ``th``; the same object stands in every grid position that it covers.

    A named tuple, like ``Row``: a page has thousands, and a frozen dataclass takes five times as long to make.
    """

    element: Element
    row: int
    column: int
    rows: int
    columns: int
    header: bool

    @property
    def shared(self) -> bool:
        """Covers more than one row, so that what it says is said of each."""
        return self.rows > 1


class Row(NamedTuple):
    """One ``tr`` on the grid."""

    element: Element
    cells: tuple[Cell | None, ...]
    """As many as the table has columns; None where a ragged row has no cell."""

    @property
    def own(self) -> tuple[Cell, ...]:
        """The cells written in this ``tr``, without those that reach down from above."""
        return tuple({id(cell): cell for cell in self.cells if cell and self.wrote(cell)}.values())

    def wrote(self, cell: Cell) -> bool:
        """Whether the cell is written in this ``tr``."""
        return self.element.start <= cell.element.start < self.element.end


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """One table; the rows of a table inside one of its cells are not its own."""

    element: Element
    ancestors: tuple[Element, ...]
    """What it stands in, outermost first, without the document's root."""
    rows: tuple[Row, ...]


def tables(document: Document) -> tuple[Table, ...]:
    """All tables in document order, an outer one before those in its cells.

    Rows stand directly under the table or in any number of row groups, in source order. A span that is missing, 0 or
    not a number counts as 1; a ``colspan`` as 50 at most; a ``rowspan`` reaches to the end of the table at most.

    Raises ``TooLarge`` when spreading the cells would take more than ``MAX_POSITIONS``.
    """
    budget = MAX_POSITIONS
    found = []
    for landmark in document.landmarks:
        if landmark.element.tag == TABLE:
            rows = _grid(landmark.element, budget)
            budget -= sum(len(row.cells) for row in rows)
            found.append(Table(landmark.element, landmark.ancestors, rows))
    return tuple(found)


def _grid(table: Element, budget: int) -> tuple[Row, ...]:
    lines = _parts(table, _ROWS)
    grid: list[dict[int, Cell]] = [{} for _ in lines]
    taken = width = 0
    for index, line in enumerate(lines):
        written = _parts(line, _CELLS)
        if grid[index] or line.holds(b"colspan") or line.holds(b"rowspan"):
            taken += _spread(written, grid, index, budget - taken)
        else:  # nearly all rows: nothing reaches into them or beyond their cells
            grid[index] = {at: Cell(each, index, at, 1, 1, each.tag == "th") for at, each in enumerate(written)}
            taken += len(written)
        width = max(width, max(grid[index], default=-1) + 1)
    if max(taken, width * len(lines)) > budget:
        raise TooLarge(_TOO_LARGE)
    return tuple(Row(line, tuple(map(row.get, range(width)))) for line, row in zip(lines, grid, strict=True))


def _spread(written: Sequence[Element], grid: Sequence[dict[int, Cell]], index: int, budget: int) -> int:
    """Puts the cells of a row, and what they cover below it, where nothing stands yet; how many positions that took."""
    row = grid[index]
    taken = column = 0
    for element in written:
        while column in row:
            column += 1
        columns = _free(row, column, min(_span(element, "colspan"), MAX_COLSPAN))
        rows = min(_span(element, "rowspan"), len(grid) - index)
        taken += rows * columns
        if taken > budget:
            raise TooLarge(_TOO_LARGE)
        cell = Cell(element, index, column, rows, columns, element.tag == "th")
        for below in grid[index : index + rows]:
            below.update(dict.fromkeys(range(column, column + columns), cell))
        column += columns
    return taken


def _parts(element: Element, tags: frozenset[str]) -> list[Element]:
    """Child elements with one of the tags, looking through row groups and comment markers."""
    found: list[Element] = []
    for child in element.elements():
        if child.tag in tags:
            found.append(child)
        elif child.tag in _GROUPS:
            found += _parts(child, tags)
    return found


def _span(cell: Element, name: str) -> int:
    written = cell.attrs.get(name)
    number = _NUMBER.match(written) if written else None
    return max(1, int(number.group(1))) if number else 1


def _free(row: dict[int, Cell], column: int, wanted: int) -> int:
    """How many columns a cell can take before it meets one that reaches down from above."""
    return next((step for step in range(1, wanted) if column + step in row), wanted)
