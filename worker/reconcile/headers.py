"""Finds the header rows of a table, whichever way people made them look like headers."""

from __future__ import annotations

from dataclasses import dataclass

from worker.document.tables import Cell, Row, Table
from worker.document.text import visible_text
from worker.document.tree import Element, TextNode

_BOLD = frozenset({"strong", "b", "h1", "h2", "h3", "h4", "h5", "h6", "th"})
_LOOKED_AT = 4
"""Rows at the top in which a header is looked for: a title, and up to three levels of header."""

_LARGEST = 5_000
"""Bytes of markup: a header cell with ids, colours and styles on every element stays below 1,000."""


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a table."""

    rows: tuple[int, ...]
    """Grid rows of the header, without title rows and blank rows above it."""
    texts: tuple[str, ...]
    """One a grid column, on one line; of a header of several levels the lowest one."""
    titles: tuple[str, ...]
    """Texts of the title rows, each one cell across the whole table."""


@dataclass(frozen=True, slots=True)
class NoHeader:
    """The table has none; the reason, as the end of a sentence."""

    reason: str


_PLAIN = NoHeader("it has no header row")
_SIDEWAYS = NoHeader("its first column is a header column (page properties)")


def header(table: Table) -> Header | NoHeader:
    """The header rows of a table: in ``thead``, or all ``th``, or all bold.

    A row that begins with ``th`` and goes on with ``td`` is headed from the side, as in the page properties macro, and
    is no header. A second level counts only below merged cells, since the first row of the body may be bold as well. A
    table without any such row has its first row for a header when every cell of it is a plain short text; whether that
    reads like headers is for the caller to say (``NoHeader`` never speaks of it).
    """
    head = table.element.find("thead")
    titles: list[str] = []
    rows: list[int] = []
    levels: list[Row] = []
    for index, row in enumerate(table.rows[:_LOOKED_AT]):
        cells = distinct(row)
        if not levels and (all(map(_blank, cells)) or _across(row, cells)):
            titles.extend(text for cell in cells if (text := _line(cell)))
            continue
        in_head = head is not None and head.start <= row.element.start < head.end
        if not in_head and not ((not levels or _goes_on(levels[-1], index)) and _is_header(cells)):
            break
        rows.append(index)
        levels.append(row)
    if not levels:
        return _SIDEWAYS if _sideways(table) else _PLAIN
    texts = tuple(_lowest(levels, column) for column in range(len(levels[0].cells)))
    return Header(tuple(rows), texts, tuple(titles))


def first_row(table: Table) -> Header | None:
    """The first row as if it were the header, for a table in which nothing looks like one."""
    if len(table.rows) < 2:
        return None
    return Header((0,), tuple(_line(cell) if cell else "" for cell in table.rows[0].cells), ())


def distinct(row: Row) -> tuple[Cell, ...]:
    """The cells of a row, those from above included, each once."""
    return tuple({id(cell): cell for cell in row.cells if cell}.values())


def _across(row: Row, cells: tuple[Cell, ...]) -> bool:
    """Whether one cell says it all, over all columns but one: that may be a ticket column that was added later."""
    wide = [cell for cell in cells if cell.columns > 1 and cell.columns >= len(row.cells) - 1]
    return len(wide) > 0 and [cell for cell in cells if not _blank(cell)] == wide


def _line(cell: Cell) -> str:
    """Text of a cell; ``""`` for one that is far too large for a header, such as one with a table in it."""
    if cell.element.end - cell.element.start > _LARGEST:
        return ""
    return " ".join(visible_text(cell.element).split())


def _blank(cell: Cell) -> bool:
    return cell.element.end - cell.element.start <= _LARGEST and not _line(cell)


def _is_header(cells: tuple[Cell, ...]) -> bool:
    """Whether all cells are headers, or all that say something are bold; a blank or numbering corner does not count."""
    telling = [cell for cell in cells if not _numbering(cell)]
    if _headed_from_side(telling):
        return False
    if telling and all(cell.header for cell in telling):
        return True
    strong = 0
    for cell in telling:
        look = bold(cell.element)
        if look is False and not cell.header:
            return False
        strong += look is True
    return strong > 1


def _headed_from_side(cells: list[Cell]) -> bool:
    return len(cells) > 1 and cells[0].header and not any(cell.header for cell in cells[1:]) and bool(_line(cells[0]))


def _sideways(table: Table) -> bool:
    rows = [[cell for cell in distinct(row) if not _numbering(cell)] for row in table.rows[:_LOOKED_AT]]
    return any(map(_headed_from_side, rows))


def _numbering(cell: Cell) -> bool:
    return "numberingColumn" in cell.element.attrs.get("class", "").split()


def _goes_on(above: Row, index: int) -> bool:
    """Whether the level above has merged cells that this one divides."""
    cells = distinct(above)
    return any(cell.columns > 1 for cell in cells) or any(cell.row + cell.rows > index for cell in cells)


def _lowest(levels: list[Row], column: int) -> str:
    texts = (_line(cell) for level in reversed(levels) if (cell := level.cells[column]))
    return next((text for text in texts if text), "")


def bold(element: Element) -> bool | None:
    """Whether all text of a cell is bold; None for a cell without text."""
    found = None
    waiting: list[Element | TextNode] = list(element.children)
    while waiting:
        node = waiting.pop()
        if isinstance(node, TextNode):
            if node.text.strip():
                return False
        elif node.tag in _BOLD:
            found = found or bool(visible_text(node)) or None
        else:
            waiting.extend(node.children)
    return found
